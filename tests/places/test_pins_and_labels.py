"""Is a shared position put in its area, and is a place called what the reader's language calls it?"""

from math import inf, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.places.gazetteer import find, from_pin, label
from bot.places.neighborhoods import Neighborhood, all_neighborhoods


@pytest.mark.parametrize("area", all_neighborhoods(), ids=lambda each: each.id)
def test_a_pin_at_the_centre_of_an_area_is_in_it(area: Neighborhood) -> None:
    assert area.id in from_pin(*area.centre).neighborhoods


def test_a_pin_on_a_border_belongs_to_both_sides() -> None:
    assert set(from_pin(33.9742, -118.2252).neighborhoods) == {"hp", "walnut_park"}


@pytest.mark.parametrize(
    ("lat", "lon", "outside"),
    [
        (33.8958, -118.2201, "Compton"),
        (34.0522, -118.2437, "Los Angeles"),
        (33.8121, -117.9190, "Anaheim (city)"),
        (33.6603, -117.9992, "Huntington Beach"),
        (40.7128, -74.0060, "outside Southern California"),
    ],
)
def test_a_pin_outside_is_named(lat: float, lon: float, outside: str) -> None:
    found = from_pin(lat, lon)

    assert found.outside == outside and found.neighborhoods == ()


@pytest.mark.parametrize("point", [(nan, nan), (inf, -inf), (91.0, 181.0), (0.0, 0.0)])
def test_a_pin_that_is_no_place_is_outside(point: tuple[float, float]) -> None:
    assert from_pin(*point).outside


@given(st.floats(33.74, 34.02), st.floats(-118.26, -118.06))
def test_any_pin_near_by_is_placed_or_named(lat: float, lon: float) -> None:
    found = from_pin(lat, lon)

    assert bool(found.neighborhoods) != bool(found.outside)


def test_a_pin_is_kept_to_about_a_hundred_meters_and_called_by_its_area() -> None:
    found = from_pin(33.980123, -118.217456)

    assert (found.lat, found.lon) == (33.98, -118.217)
    assert label(found, "es") == "Huntington Park"


@pytest.mark.parametrize(
    ("text", "language", "spoken"),
    [
        ("pacific y florence", "es", "Pacific y Florence"),
        ("florence and pacific", "en", "Pacific & Florence"),
        ("anaheim y cherry", "es", "Anaheim y Cherry"),
        ("6712 seville hp", "en", "6700 block of Seville"),
        ("6712 seville hp", "es", "cuadra 6700 de la Seville"),
        ("home depot hp", "es", "Home Depot (Slauson)"),
        ("downtown long beach", "es", "Centro de Long Beach"),
        ("florence ave in bell", "es", "Florence, Bell"),
        ("90255", "es", "ZIP 90255"),
        ("long beach", "es", "Long Beach"),
        ("disneyland", "es", "Anaheim (city)"),
    ],
)
def test_a_place_is_called_what_the_language_calls_it(text: str, language: str, spoken: str) -> None:
    assert label(find(text), language) == spoken


@pytest.mark.parametrize("key", ["corner:florence+pacific@hp", "landmark:plaza_mexico", "chain:costco", "zip:90255",
                                 "street:florence@hp", "street:florence", "block:6700+seville@hp", "area:hp", "area:lb",
                                 "area:hp_group", "pin:33.980,-118.217@hp"])  # fmt: skip
@pytest.mark.parametrize("language", ["en", "es", "tl", "vi", "km", "zh", "ko", "xx"])
def test_every_kind_of_key_has_a_name_in_every_language(key: str, language: str) -> None:
    assert label(key, language) not in ("", key)


@given(st.text())
def test_a_key_that_means_nothing_is_given_back(key: str) -> None:
    assert isinstance(label(key, "es"), str)

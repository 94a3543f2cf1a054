"""Does each who texts in `truth` tell of something of its own? What is one thing to us is paged for once."""

import itertools

import pytest

from benchmarks.truth_town import CORNERS
from bot.hotline.understanding import understand
from bot.incidents.opening import Spot
from bot.places.geometry import meters
from bot.reports.copies import marks, same_text
from bot.reports.crowds import ALIKE
from bot.reports.intake import read
from bot.reports.spots import SAME_CORNER_METERS, spot_of


def test_each_is_a_report_of_a_corner_of_its_own() -> None:
    spots = [spot_of(read(text).place) for text in CORNERS]
    assert {understand(text).intent for text in CORNERS} == {"report"}
    assert all(spot.key.startswith("corner:") for spot in spots)
    for one, other in itertools.combinations(spots, 2):
        assert meters(_where(one), _where(other)) > SAME_CORNER_METERS


def _where(spot: Spot) -> tuple[float, float]:
    assert spot.latitude is not None and spot.longitude is not None
    return spot.latitude, spot.longitude


@pytest.mark.usefixtures("env")
def test_none_is_one_text_passed_on() -> None:
    for one, other in itertools.combinations(CORNERS, 2):
        assert not same_text(marks(one), marks(other), ALIKE)

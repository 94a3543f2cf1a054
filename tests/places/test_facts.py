"""Do the data files agree with each other and with the map?"""

from collections import Counter

import pytest

from bot.places.data_files import read_data
from bot.places.gazetteer import find, find_area
from bot.places.geometry import meters_to_edge
from bot.places.landmarks import Landmark, chains, landmarks
from bot.places.lexicon import lexicon
from bot.places.neighborhoods import (
    Neighborhood,
    UnknownNeighborhood,
    adjoining,
    all_neighborhoods,
    name_of,
    neighborhood,
)
from bot.places.outlines import areas_at, by_box, outlines
from bot.places.streets import SIDES, corner, display_name, passes, street

AREAS = {each.id for each in all_neighborhoods()}


def test_there_are_22_areas_each_once() -> None:
    assert len(all_neighborhoods()) == 22
    assert len(AREAS) == 22


@pytest.mark.parametrize("area", all_neighborhoods(), ids=lambda each: each.id)
def test_an_area_lies_in_its_box_and_beside_areas_that_say_the_same(area: Neighborhood) -> None:
    west, south, east, north = area.box
    lat, lon = area.centre

    assert west < lon < east and south < lat < north
    assert all(area in adjoining(each.id) for each in adjoining(area.id)), "adjacency goes both ways"
    assert area.id not in area.adjoins
    assert area.city == ("lb" if area.id.startswith("lb_") or area.id == "signal_hill" else "hp_group")


@pytest.mark.parametrize("area", all_neighborhoods(), ids=lambda each: each.id)
def test_an_outline_stays_near_its_box_and_holds_its_centre(area: Neighborhood) -> None:
    slack = 0.0045  # degrees, about 450 m
    west, south, east, north = area.box

    assert all(south - slack <= lat <= north + slack for lat, _ in outlines()[area.id])
    assert all(west - slack <= lon <= east + slack for _, lon in outlines()[area.id])
    assert area.id in areas_at(area.centre, border=150)
    assert by_box(area.centre) == (area.id,)


@pytest.mark.parametrize("code", read_data("zips")["covered"])
def test_every_zip_leads_to_its_areas(code: str) -> None:
    areas = read_data("zips")["covered"][code]
    found = find_area(code)

    assert set(areas) <= AREAS
    assert found.neighborhoods == tuple(areas) if len(areas) == 1 else found.choices == tuple(areas)


def test_every_zip_of_an_area_is_covered_and_no_zip_is_on_both_lists() -> None:
    known = read_data("zips")

    assert {code for area in all_neighborhoods() for code in area.zips} <= set(known["covered"])
    assert not set(known["covered"]) & set(known["outside"])
    assert all(find(code).outside == name for code, name in known["outside"].items())


@pytest.mark.parametrize("area", all_neighborhoods(), ids=lambda each: each.id)
def test_every_name_of_an_area_leads_to_it(area: Neighborhood) -> None:
    for name in area.aliases:
        assert find_area(name).neighborhoods == (area.id,), name


def test_names_are_in_the_language_asked_for_or_as_signs_write_them() -> None:
    assert name_of("lb_downtown", "es") == "Centro de Long Beach"
    assert name_of("lb_downtown", "km") == "Downtown Long Beach"
    with pytest.raises(UnknownNeighborhood):
        neighborhood("atlantis")


def test_every_landmark_is_listed_once() -> None:
    assert max(Counter(row["id"] for row in read_data("landmarks")).values()) == 1
    assert max(Counter(row["id"] for row in read_data("chains")).values()) == 1


@pytest.mark.parametrize("place", landmarks().values(), ids=lambda each: each.id)
def test_a_landmark_lies_in_or_near_its_areas(place: Landmark) -> None:
    assert set(place.areas) <= AREAS
    near = set(areas_at(place.point, border=450))

    assert set(place.areas) & near or meters_to_edge(outlines()[place.areas[0]], place.point) < 900, near


@pytest.mark.parametrize("place", landmarks().values(), ids=lambda each: each.id)
def test_every_name_of_a_landmark_leads_to_it_or_is_asked(place: Landmark) -> None:
    for name in place.names:
        found = find(name)
        assert found.key == f"landmark:{place.id}" or place.areas[0] in (
            *found.neighborhoods,
            *found.choices,
        ), name


def test_branches_of_chains_are_landmarks_of_that_area() -> None:
    for chain in chains().values():
        for area, branch in chain.branches:
            assert landmarks()[branch].areas[0] == area


def test_every_street_has_a_line_and_a_name_and_reaches_some_area() -> None:
    drawn = {(name, side) for side in SIDES for name in read_data("streets")[side]}

    assert {name for name, _ in drawn} == set(read_data("street_names"))
    assert [each for each in drawn if street(*each) is None] == []
    assert [each for each in drawn if not passes(*each)] == []


@pytest.mark.parametrize(("side", "row"), [(side, row) for side in SIDES for row in read_data("corners")[side]])
def test_a_known_corner_is_where_its_streets_meet(side: str, row: dict[str, list[str]]) -> None:
    meeting = corner(*row["streets"], side)

    assert meeting is not None and meeting.areas == tuple(row["areas"])
    assert set(row["areas"]) & set(areas_at(meeting.point, border=400)), areas_at(meeting.point)
    assert corner(row["streets"][1], row["streets"][0], side) is not None


def test_streets_are_found_by_every_spelling_in_a_corner() -> None:
    missed = []
    for name, row in read_data("street_names").items():
        partners = [(p, side) for side in SIDES for p in ("florence", "slauson", "atlantic", "anaheim", "cherry", "willow",
                    "pacific", "firestone", "santa_fe", "imperial", "2nd", "broadway", "carson", "7th", "stearns", "gage",
                    "washington", "artesia", "hooper", "magnolia", "bellflower") if corner(name, p, side)]  # fmt: skip
        for spelling in (row["name"], *row.get("also", ())) if partners else ():
            partner, side = partners[0]
            found = find(f"ICE en la {spelling} y {display_name(partner)}", {"hp": "hp", "lb": "lb_central"}[side])
            if found.kind not in ("corner", "landmark"):
                missed.append((spelling, partner, found))
    assert missed == []


def test_every_phrase_has_a_meaning_and_areas_share_no_sure_name() -> None:
    sure = [phrase for phrase, meanings in lexicon().items()
            if len({each.id for each in meanings if each.sort == "area" and each.weight == "sure"}) > 1]  # fmt: skip
    assert sure == []

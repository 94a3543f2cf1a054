"""Does the gazetteer read what residents type: hundreds of phrasings, in the languages and spellings they use?"""

import pytest

from bot.places.gazetteer import find, find_area
from tests.places.tables import agrees, table


@pytest.mark.parametrize(("text", "expected", "hint"), [[*row, ""][:3] for row in table("phrasings")])
def test_a_phrasing_is_placed_or_asked_back_or_left_alone(text: str, expected: str, hint: str) -> None:
    found = find(text, hint or None)

    assert agrees(found, expected), found


@pytest.mark.parametrize(("text", "expected"), table("gazetteer_table"))
def test_every_corner_and_landmark_of_the_table_is_known(text: str, expected: str) -> None:
    found = find(text)

    assert agrees(found, expected), found


@pytest.mark.parametrize(("text", "expected"), table("joining"))
def test_an_answer_to_which_area_names_one_or_is_asked_back(text: str, expected: str) -> None:
    found = find_area(text)

    assert agrees(found, expected), found
    assert len(found.neighborhoods) <= 1, "nobody is subscribed to an area by a guess"


@pytest.mark.parametrize(
    "text", ["PACIFIC Y FLORENCE", "pacific y florence", "Florence y la Pacífico", "florence/pacific"]
)
def test_a_corner_has_one_key_however_it_is_typed(text: str) -> None:
    assert find(text).key == "corner:florence+pacific@hp"


def test_a_corner_of_streets_on_both_sides_is_asked_and_the_senders_side_decides() -> None:
    open_corner = find("60th and atlantic")

    assert open_corner.ask and {"maywood", "lb_north"} <= set(open_corner.choices)
    assert find("60th and atlantic", "lb_wrigley").neighborhoods == ("lb_north",)
    assert find("60th and atlantic in maywood", "lb_wrigley").neighborhoods[0] == "maywood"


def test_what_must_be_asked_offers_the_senders_own_area_first_and_places_nothing() -> None:
    found = find("en la florence", "bell")

    assert found.ask and found.choices[0] == "bell" and found.neighborhoods == ()


@pytest.mark.parametrize(
    ("text", "sensitive"),
    [
        ("afuera de la escuela en maywood", True),
        ("st francis hospital", True),
        ("church in south gate", True),
        ("ICE at poly high", True),
        ("pacific y gage", False),
        ("home depot hp", False),
    ],
)
def test_schools_clinics_and_churches_are_marked(text: str, sensitive: bool) -> None:
    assert find(text).sensitive is sensitive


@pytest.mark.parametrize(
    "text", ["they are at 6712 Seville Ave hp", "6712 seville, huntington park", "3412 e 60th st maywood"]
)
def test_a_house_number_is_never_kept(text: str) -> None:
    found = find(text)

    assert "6712" not in repr(found) and "3412" not in repr(found)
    assert found.neighborhoods


def test_a_wrong_hint_says_so() -> None:
    with pytest.raises(KeyError, match="no neighborhood has the id 'nowhere'"):
        find("pacific y gage", "nowhere")

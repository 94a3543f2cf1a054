"""Is a place read that was typed by a thumb in a hurry? And is no everyday word taken for one?"""

import pytest

from bot.places.gazetteer import find


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("los de ice hil y atlantic 3 trocas", "corner:atlantic+hill@lb"),
        ("ice at gae / santa fe", "corner:gage+santa_fe@hp"),
        ("veo hielo en 7h y redondo", "corner:7th+redondo@lb"),
        ("4tth & redondo, 2 vans", "corner:4th+redondo@lb"),
        ("hsi salt lke y florence 10", "corner:florence+salt_lake@hp"),
        ("sanat fe & imperial", "corner:imperial+santa_fe@hp"),
        ("ice ở zeo và pacific", "corner:pacific+zoe@hp"),
        ("slauson y lameda 19 6 trocas", "corner:alameda+slauson@hp"),
        ("la migra lon beach y market", "corner:long_beach+market@lb"),
        ("dell amo y long beach", "corner:del_amo+long_beach@lb"),
        ("souht & atlantic North Long Beach", "corner:atlantic+south@lb"),
    ],
)
def test_a_misspelt_street_is_the_one_that_crosses_the_other(text: str, key: str) -> None:
    found = find(text)

    assert found.key == key and not found.ask
    assert found.matched, "the words that were used, slip and all"


@pytest.mark.parametrize(
    "text",
    [
        "una suv y atlantic",
        "gracias, y atlantic",
        "a las 7h y redondo",
        "mi casa y pacific",
        "good morning y state",
        "la migra y pacific",
    ],
)
def test_a_word_or_an_hour_beside_a_street_is_no_street(text: str) -> None:
    assert find(text).kind != "corner"


def test_two_streets_that_both_may_be_meant_are_not_chosen_between() -> None:
    """Both cross Broadway."""
    assert find("ine y broadway").kind == "corner", "Pine alone is a letter away"
    assert find("lin y broadway").kind != "corner"


@pytest.mark.parametrize(
    ("text", "area"),
    [
        ("veo a la migra en Norh Long Beach", "lb_north"),
        ("en Wst Long Beach, 2 vans", "lb_westside"),
        ("ice Dontown Long Beach", "lb_downtown"),
        ("just saw ice Wlnut Park", "walnut_park"),
        ("ice agents on Huntngton Park, 1 van", "hp"),
        ("cambodia twon", "lb_cambodia"),
    ],
)
def test_a_name_of_several_words_is_read_with_a_slip_in_one(text: str, area: str) -> None:
    assert find(text).neighborhoods == (area,)


def test_a_word_that_is_right_is_no_slip() -> None:
    assert find("best long beach tacos").neighborhoods == ()
    assert find("where to eat long beach").neighborhoods == ()
    assert find("i saw the driver signal him twice").neighborhoods == ()


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("long beach 和 willow 有移民局的人", "corner:long_beach+willow@lb"),
        ("pacific 與 gage 有移民局", "corner:gage+pacific@hp"),
        ("pacific 과 gage 에 이민국", "corner:gage+pacific@hp"),
        ("មាន ice នៅ pacific និង gage", "corner:gage+pacific@hp"),
    ],
)
def test_and_is_and_in_every_script(text: str, key: str) -> None:
    assert find(text).key == key


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("inmigracion en long beach & firestone 5 camionetas", "corner:firestone+long_beach@hp"),
        ("en long beach y hill 3 pickups", "corner:hill+long_beach@lb"),
    ],
)
def test_a_count_behind_a_corner_is_no_third_street(text: str, key: str) -> None:
    assert find(text).key == key


@pytest.mark.parametrize(
    ("text", "area"),
    [
        ("cbp Bell 5 2 camionetas", "bell"),
        ("just saw ice officers Vernon 10", "vernon"),
        ("Vernon có lính di trú", "vernon"),
        ("Vernon 有移民警 1 銀色 suv", "vernon"),
        ("the bell rings at 3", ""),
        ("department of commerce", ""),
    ],
)
def test_a_city_whose_name_is_a_word_is_meant_behind_whom_they_saw(text: str, area: str) -> None:
    assert ",".join(find(text).neighborhoods) == area


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("en imperial Lynwood hay migra", "street:imperial@hp/lynwood"),
        ("veo ice en orange Bixby Knolls", "street:orange@lb/lb_bixby"),
        ("ice agents santa fe Florence-Firestone", "street:santa_fe@hp/florence"),
        ("atlantic Bell sigue la migra", "street:atlantic@hp/bell"),
        ("en florence Walnut Park 1 troca", "street:florence@hp/walnut_park"),
        ("tengo una orange, South Gate", "area:south_gate"),
    ],
)
def test_a_street_right_before_its_neighborhood_is_kept(text: str, key: str) -> None:
    assert find(text).key == key

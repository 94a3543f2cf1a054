"""Is each language's sighting read as it was said, each part to its goal?

`data/sightings.tsv`: language, kind (report, rumor_check, question), text, size, vehicles, uniform, time, first-hand and
neighborhoods.
"""

from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest

from bot.reports import counting, intake, salute
from messages.languages import COMPLETE

SIGHTINGS = Path(__file__).parent / "data" / "sightings.tsv"
LEAST = {"size": 0.85, "vehicles": 0.85, "uniform": 0.85, "time": 0.85, "first_hand": 0.85, "neighborhood": 0.9}
EVERY = pytest.mark.parametrize("language", [*COMPLETE, "mix"])


@cache
def read_right(language: str) -> dict[str, list[tuple[bool, str]]]:
    """For each part that a text of this language tells: whether it was read so."""
    right: dict[str, list[tuple[bool, str]]] = defaultdict(list)
    for line in SIGHTINGS.read_text(encoding="utf-8").splitlines():
        code, kind, text, size, vehicles, uniform, time, first_hand, areas = line.split("\t")
        if code != language or kind == "question":
            continue
        seen = intake.read(text)
        right["size"].append((str(seen.size or "") == size, text))
        right["uniform"].append((seen.uniform == uniform, text))
        right["first_hand"].append((seen.first_hand == (first_hand == "yes"), text))
        if vehicles:
            right["vehicles"].append((str(seen.vehicles) == vehicles, text))
        if time != "unspecified":
            right["time"].append((seen.time == time, text))
        if areas:
            named = set(seen.place.neighborhoods) | set(seen.place.choices)
            right["neighborhood"].append((bool(named & set(areas.split("|"))), text))
    return right


@EVERY
@pytest.mark.parametrize("part", LEAST)
def test_what_a_sighting_tells_is_read(language: str, part: str) -> None:
    told = read_right(language)[part]
    misread = [text for right, text in told if not right]
    assert len(misread) <= (1 - LEAST[part]) * len(told), misread


@pytest.mark.parametrize(
    ("text", "vehicles"),
    [
        ("white f150 and a black charger pulled over a landscaper on carson and cherry", 2),
        ("wardlow station lot, a border patrol suv and 2 motorcycles", 3),
        ("theyre in unmarked suvs, three, by the park", 3),
        ("trocas sin placas en la gage, son 3", 3),
        ("border patrol truck parked by the laundromat", 1),
        ("gray durango boxed in a pickup at gage and state", 1),
        ("dos exploradoras sin placas dando la vuelta", 2),
        ("the white vans at gage", None),
    ],
)
def test_vehicles_add_up_and_the_stopped_ones_are_not_theirs(text: str, vehicles: int | None) -> None:
    assert intake.read(text).vehicles == vehicles


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("en la orange son dos hombres y una mujer", 3),
        ("five or six of em at cherry", 5),
        ("may apat na border patrol sa pch", 4),
    ],
)
def test_men_and_a_woman_add_up_and_of_a_range_the_first_is_kept(text: str, size: int) -> None:
    assert intake.read(text).size == size


@pytest.mark.parametrize(
    ("words", "size"),
    [
        ("4, vests", 4),
        ("12. chalecos, camionetas blancas", 12),
        ("6", 6),
        ("5, ICE vests, 2 white SUVs", 5),
        ("ICE vests, about 8 agents", 8),
        ("2 white SUVs, vests", None),
        ("0, nobody", None),
        ("6:52, nobody there", None),
        ("", None),
    ],
)
def test_whoever_is_asked_how_many_begins_with_the_number(words: str, size: int | None) -> None:
    assert counting.answered(words) == size


MOVED_ON = (
    "se movieron a hill y atlantic, son 4",
    "ya van por la gage rumbo a pacific",
    "they moved to soto and vernon",
    "they are heading to pacific, two cars",
    "họ chạy qua đường anaheim rồi",
    "他们去了 pacific",
    "다들 gage 쪽으로 이동했어요",
    "lumipat sila sa cherry",
    "ពួកគេផ្លាស់ទៅ gage",
)
STAYED = (
    "hay migra en gage y pacific ahorita",
    "ya se fueron",
    "ice now at pacific and gage",
    "went to my door this morning",
    "có di trú ở anaheim",
    "在 pacific 有移民局",
    "gage 에 ice 있어요",
    "may ice sa cherry",
    "មាន ice នៅ gage",
)


@pytest.mark.parametrize(("texts", "moved"), [(MOVED_ON, True), (STAYED, False)], ids=["moved", "stayed"])
def test_a_text_that_says_where_they_went_on_to_is_told_from_one_that_says_where_they_are(
    texts: tuple[str, ...], moved: bool
) -> None:
    assert [text for text in texts if salute.moved_on(text) is not moved] == []

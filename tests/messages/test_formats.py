"""Do times, days and lists read as people here write them?"""

from datetime import UTC, datetime

import pytest

from messages import formats

MORNING = datetime(2026, 11, 22, 14, 8, tzinfo=UTC)


@pytest.mark.parametrize(("hour", "said"), [(14, "6:08am"), (8, "12:08am"), (20, "12:08pm"), (4, "8:08pm")])
def test_a_time_is_local_and_the_same_in_both_languages(hour: int, said: str) -> None:
    moment = MORNING.replace(hour=hour)
    assert formats.clock_time(moment, "es") == formats.clock_time(moment, "en") == said


def test_a_day_is_the_local_one() -> None:
    assert formats.day(MORNING, "en") == "Sun Nov 22"
    assert formats.day(MORNING, "es") == "dom 22 nov"
    assert formats.day(MORNING.replace(hour=3), "en") == "Sat Nov 21"
    assert formats.day(MORNING, "km") == formats.day(MORNING, "en")


@pytest.mark.parametrize(
    ("items", "language", "said"),
    [([], "es", ""), (["Bell"], "es", "Bell"), (["Maywood", "Bell"], "es", "Maywood y Bell"),
     (["Maywood", "Bell", "Cudahy"], "en", "Maywood, Bell and Cudahy"), (["Bell", "Inglewood"], "es", "Bell e Inglewood"),
     (["agua", "hielo"], "es", "agua y hielo"), (["madre", "hijos"], "es", "madre e hijos"), (["a", "b"], "es-MX", "a y b"),
     (["a", "b"], "vi", "a and b")],
)  # fmt: skip
def test_a_list_is_joined_as_the_language_does(items: list[str], language: str, said: str) -> None:
    assert formats.joined(items, language) == said

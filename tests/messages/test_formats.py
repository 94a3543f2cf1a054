"""Do times, days and lists read as people here write them?"""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

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
    assert formats.day(MORNING, "ko") == "11월 22일 (일)"
    assert formats.day(MORNING, "fr") == "Sun, Nov 22"


def test_a_moment_says_its_day_unless_that_is_today() -> None:
    with time_machine.travel(MORNING, tick=False):
        assert formats.moment(MORNING.replace(hour=13), "en") == "5:08am"
        assert formats.moment(MORNING.replace(hour=3), "en") == "Sat Nov 21 7:08pm"


@pytest.mark.parametrize(("minutes", "said"), [(0.5, "0 min"), (58.9, "58 min"), (119, "119 min"), (185, "3 h")])
def test_a_span_is_said_in_minutes_and_then_in_hours(minutes: float, said: str) -> None:
    assert formats.span(timedelta(minutes=minutes)) == said


@pytest.mark.parametrize(
    ("items", "language", "said"),
    [([], "es", ""), (["Bell"], "es", "Bell"), (["Maywood", "Bell"], "es", "Maywood y Bell"),
     (["Maywood", "Bell", "Cudahy"], "en", "Maywood, Bell and Cudahy"), (["Bell", "Inglewood"], "es", "Bell e Inglewood"),
     (["agua", "hielo"], "es", "agua y hielo"), (["madre", "hijos"], "es", "madre e hijos"), (["a", "b"], "es-MX", "a y b"),
     (["a", "b"], "vi", "a và b"), (["a", "b", "c"], "zh", "a、b和c"), (["a", "b"], "km", "a និងb")],
)  # fmt: skip
def test_a_list_is_joined_as_the_language_does(items: list[str], language: str, said: str) -> None:
    assert formats.joined(items, language) == said

"""The people of these tests: a town in one session, or a whole running hotline with a practice crew."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine

from bot.demo.people import CAST
from bot.store.engine import engine
from tests.alerts.stage import stage
from tests.moderation.cast import clock, town
from tests.services.carrier import Phone
from tests.services.settings import Environment
from tests.services.system import Hotline

__all__ = ["clock", "stage", "town"]

ROSA, BEN, NICO = "+13235550101", "+13235550102", "+13235550112"
ANA = "+13235550107"
CREW = {phone for *_, phone, _areas in CAST}


def joins(phone: Phone, area: str = "90255", word: str = "HOLA") -> Phone:
    """Ask for alerts, and confirm."""
    phone.answers_with(word, "ZIP")
    phone.answers_with(area, "1")
    phone.answers_with("1", "")
    return phone


@pytest.fixture(scope="module")
def practice(hotline: Hotline) -> Hotline:
    """The running hotline, marked as a demo's, with its practice crew."""
    hotline.bot("demo", "people")
    return hotline


@pytest.fixture
def alarm(practice: Hotline) -> Callable[[str], str]:
    """Release a practice alert for a neighborhood, by two people; its code."""
    return lambda area: alarm_in(practice, area)


def alarm_in(hotline: Hotline, area: str) -> str:
    """The code of an alert that two people of the practice crew have just let out."""
    return hotline.bot("demo", "alert", "--neighborhood", area).split("Released ")[1].split()[0]


def copies_of(hotline: Hotline, code: str) -> list[dict[str, Any]]:
    """What subscribers were sent of this alert; what the crew hears of the same incident is none of it."""
    return [row for row in hotline.simulator.sent() if code in row["body"] and row["to"] not in CREW]


@pytest.fixture
def books(hotline: Hotline, env: Environment) -> Engine:
    """The running hotline's own database, to count in."""
    env.set(database_url=hotline.database_url)
    return engine()

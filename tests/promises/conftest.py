"""The people of these tests: a town in one session, or a whole running hotline with a practice crew."""

import json
from collections.abc import Callable

import pytest
from sqlalchemy import Engine

from bot.store.engine import engine
from tests.alerts.stage import stage
from tests.moderation.cast import clock, town
from tests.services.carrier import Phone
from tests.services.settings import Environment
from tests.services.system import Hotline

__all__ = ["clock", "stage", "town"]

ROSA, BEN, NICO = "+13235550101", "+13235550102", "+13235550112"
ANA = "+13235550107"


def joins(phone: Phone, area: str = "90255", word: str = "HOLA") -> Phone:
    """Ask for alerts, and confirm."""
    phone.answers_with(word, "ZIP")
    phone.answers_with(area, "1")
    phone.answers_with("1", "")
    return phone


@pytest.fixture
def alarm(hotline: Hotline) -> Callable[[str], str]:
    """Release a practice alert for a neighborhood, by two people; its code."""

    def raise_alarm(area: str = "hp") -> str:
        return hotline.bot("demo", "alert", "--neighborhood", area).split("Released ")[1].split()[0]

    return raise_alarm


@pytest.fixture
def books(hotline: Hotline, env: Environment) -> Engine:
    """The running hotline's own database, to count in."""
    env.set(database_url=hotline.database_url)
    return engine()


def accounts(hotline: Hotline) -> dict[str, dict[str, str]]:
    """The practice crew's accounts, by name."""
    hotline.bot("demo", "people")
    return {one["name"]: one for one in json.loads((hotline.folder / "var/demo/accounts.json").read_text())}



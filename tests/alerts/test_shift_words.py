"""Do ON, OFF, SOS and STOP do what a volunteer meant, and does whoever counts on them hear it?"""

import pytest
import time_machine

from bot.alerts import by_text, shift_words
from bot.clock import ago, now
from bot.incidents.states import IncidentState
from bot.moderation import claims
from bot.people import shifts
from bot.people.models import Role
from messages.formats import clock_time
from tests.alerts.stage import Stage
from tests.moderation.cast import Town, later


@pytest.mark.parametrize("word", ["ON", "on shift", "de turno"])
def test_on_by_text(town: Town, word: str) -> None:
    vera = town.person("Vera", on=False)
    assert vera.contact and by_text.hear(town.session, vera, word, vera.contact)
    assert shifts.on_shift(town.session) == [vera] and town.keys(vera) == ["pages.shift_on"]


def test_off_by_text(stage: Stage) -> None:
    assert stage.says(stage.vera, "OFF") and shifts.on_shift(stage.town.session) == []
    assert stage.says(stage.vera, "off") and stage.town.keys(stage.vera) == [
        "pages.shift_off",
        "pages.shift_off_already",
    ]


@pytest.mark.parametrize("sent_at", [None, "late"])
def test_off_on_the_way_gives_the_place_to_others_at_once(sent_at: str | None, paged: Stage) -> None:
    town, vera = paged.town, paged.vera
    paged.goes()
    otto = town.person("Otto")
    assert vera.contact
    assert by_text.hear(town.session, vera, "OFF", vera.contact, ago(minutes=5) if sent_at else None)
    assert claims.holders(town.session, paged.incident) == [] and paged.incident.state is IncidentState.UNCONFIRMED
    assert town.keys(vera)[-1] == "pages.shift_off_on_the_way" and town.keys(otto) == ["pages.look"]


def test_sos_by_text_reaches_those_who_care_even_at_night(stage: Stage) -> None:
    cora = stage.town.person("Cora", Role.COORDINATOR, on=False)
    assert stage.says(stage.vera, "sos")
    assert stage.town.keys(stage.vera) == ["pages.sos"] and stage.town.keys(cora) == ["pages.sos_watch"]
    assert "911" in stage.town.read(stage.vera)[0] and "Vera" in stage.town.read(cora)[0]


def test_the_only_one_on_shift_cries_to_those_who_are_not(paged: Stage) -> None:
    town = paged.town
    dora, cora = town.person("Dora", Role.DISPATCHER), town.person("Cora", Role.COORDINATOR, on=False)
    assert paged.says(dora, "SOS")
    assert town.keys(dora)[-1] == "pages.sos" and town.keys(cora) == ["pages.sos_watch"]
    claims.claim(town.session, paged.incident, dora)
    paged.says(dora, town.last(dora)["unsafe"])
    assert "pages.unsafe" in town.keys(dora) and town.keys(cora)[-1] == "pages.unsafe_watch"


def test_who_reaches_nobody_is_told_so(paged: Stage) -> None:
    town, vera = paged.town, paged.vera
    paged.goes()
    paged.says(vera, town.last(vera)["unsafe"])
    assert "pages.unsafe_nobody" in town.keys(vera) and "pages.unsafe" not in town.keys(vera)
    assert paged.says(vera, "SOS")
    assert town.keys(vera)[-1] == "pages.sos_nobody" and "911" in town.read(vera)[-1]


def test_off_holds_however_late_it_comes(stage: Stage) -> None:
    assert stage.vera.contact and by_text.hear(stage.town.session, stage.vera, "OFF", stage.vera.contact, ago(hours=2))
    assert shifts.on_shift(stage.town.session) == []


def test_a_late_sos_is_passed_on_with_its_time(clock: time_machine.Traveller, stage: Stage) -> None:
    cora = stage.town.person("Cora", Role.COORDINATOR)
    sent_at = now()
    later(clock, minutes=50)
    assert stage.vera.contact and by_text.hear(stage.town.session, stage.vera, "SOS", stage.vera.contact, sent_at)
    assert clock_time(sent_at, "en") in stage.town.read(cora)[0]


def test_a_verifiers_stop_ends_the_shift_and_the_claim_and_is_passed_on(paged: Stage) -> None:
    cora = paged.town.person("Cora", Role.COORDINATOR)
    paged.goes()
    shift_words.stopped(paged.town.session, paged.vera)
    assert claims.holders(paged.town.session, paged.incident) == []
    assert paged.vera not in shifts.on_shift(paged.town.session)
    assert "pages.stopped_watch" in paged.town.keys(cora)

"""Is whoever went to look and fell silent asked whether they are OK, and does somebody hear when they do not answer?"""

import pytest
import time_machine

from bot.alerts import desk
from bot.clock import now
from bot.inbox.models import InboundText
from bot.incidents.models import Incident
from bot.incidents.states import IncidentState
from bot.moderation import caring, claims, closing
from bot.moderation.models import ClaimState, Saw
from bot.people.models import Role
from bot.store.session import reading, writing
from messages.formats import clock_time
from tests.moderation.cast import Town, keys, said, sweep


@pytest.fixture
def gone_silent(database_url: str, clock: time_machine.Traveller) -> int:
    """Vera said that she goes; six minutes later nothing has come from her. Cora cares, Otto is near."""
    with writing() as session:
        town = Town(session)
        vera = town.person("Vera")
        town.person("Otto")
        town.person("Cora", Role.COORDINATOR)
        incident = town.incident()
        claims.claim(session, incident, vera)
        incident_id = incident.id
    sweep(clock, minutes=6)
    return incident_id


def last(name: str) -> str:
    with reading() as session:
        return Town(session).read(Town(session).named(name))[-1]


def ok_number() -> str:
    with reading() as session:
        vera = Town(session).named("Vera")
        given = [kept.values for kept in Town(session).received(vera) if kept.key == "pages.are_you_ok"]
        assert given and given[-1] is not None
        return str(given[-1]["ok"])


def test_they_are_asked_once_and_the_incident_waits_again_at_once(gone_silent: int) -> None:
    assert keys("Vera").count("pages.are_you_ok") == 1 and "pages.silent_watch" not in keys("Cora")
    assert keys("Otto")[-1] == "pages.look"
    with reading() as session:
        assert session.get_one(Incident, gone_silent).state is IncidentState.UNCONFIRMED


def test_no_answer_in_five_minutes_and_those_who_care_hear_who_where_and_since_when(
    gone_silent: int, clock: time_machine.Traveller
) -> None:
    with writing() as session:
        vera = Town(session).named("Vera")
        kept = InboundText(sid="SM" + "7" * 32, contact_id=vera.contact_id, received_at=now())
        kept.keep("4471")
        session.add(kept)
        since = clock_time(kept.received_at, "en")
    sweep(clock, minutes=4)
    assert "pages.silent_watch" not in keys("Cora")
    sweep(clock, minutes=1, seconds=1)
    sweep(clock, minutes=5)
    assert keys("Cora").count("pages.silent_watch") == 1
    with reading() as session:
        town = Town(session)
        (told,) = [text for text in town.read(town.named("Cora")) if "does not answer" in text]
        assert "Vera" in told and "Pacific & Florence" in told and since in told and "911" in told
        (silent,) = caring.silent(session)
        assert silent.person.name == "Vera" and silent.incident_id == gone_silent and silent.told_at is not None


def test_the_number_ends_it(gone_silent: int, clock: time_machine.Traveller) -> None:
    assert said("Vera", ok_number()) and keys("Vera")[-1] == "pages.are_you_ok_thanks"
    sweep(clock, minutes=10)
    assert "pages.silent_watch" not in keys("Cora")


@pytest.mark.parametrize("text", ["sorry, no signal", "OFF", "1", "hola"])
def test_any_word_of_theirs_ends_it(gone_silent: int, clock: time_machine.Traveller, text: str) -> None:
    said("Vera", text)
    sweep(clock, minutes=10)
    assert "pages.silent_watch" not in keys("Cora")
    with reading() as session:
        assert caring.silent(session) == []


def test_what_they_do_on_the_console_ends_it(gone_silent: int, clock: time_machine.Traveller) -> None:
    with writing() as session:
        incident = session.get_one(Incident, gone_silent)
        desk.found(session, incident, Town(session).named("Vera"), Saw.NOBODY)
    sweep(clock, minutes=10)
    assert "pages.silent_watch" not in keys("Cora")


def test_the_word_of_another_phone_ends_nothing(gone_silent: int, clock: time_machine.Traveller) -> None:
    said("Otto", ok_number())
    sweep(clock, minutes=6)
    assert "pages.silent_watch" in keys("Cora")


def test_a_text_that_was_written_before_we_asked_ends_nothing(gone_silent: int, clock: time_machine.Traveller) -> None:
    with writing() as session:
        vera = Town(session).named("Vera")
        caring.heard(session, vera, at=now().replace(hour=1))
    sweep(clock, minutes=6)
    assert "pages.silent_watch" in keys("Cora")


def test_a_late_answer_is_passed_on(gone_silent: int, clock: time_machine.Traveller) -> None:
    sweep(clock, minutes=6)
    assert said("Vera", ok_number())
    said("Vera", "on my way home")
    assert keys("Cora").count("pages.silent_over") == 1 and "Vera" in last("Cora")


def test_somebody_reached_them_by_phone(gone_silent: int, clock: time_machine.Traveller) -> None:
    with writing() as session:
        caring.reached(session, Town(session).named("Vera"), Town(session).named("Cora"))
    sweep(clock, minutes=6)
    assert "pages.silent_watch" not in keys("Cora")


def test_they_are_cared_for_even_when_the_incident_is_closed_meanwhile(
    gone_silent: int, clock: time_machine.Traveller
) -> None:
    with writing() as session:
        closing.close(session, session.get_one(Incident, gone_silent), IncidentState.UNVERIFIABLE)
    number = ok_number()
    sweep(clock, minutes=6)
    assert "pages.silent_watch" in keys("Cora")
    said("Vera", number)
    assert keys("Vera")[-1] == "pages.are_you_ok_thanks"


def test_a_way_that_was_said_to_be_longer_is_waited_for(database_url: str, clock: time_machine.Traveller) -> None:
    with writing() as session:
        town = Town(session)
        vera = town.person("Vera")
        claims.claim(session, town.incident(), vera, minutes=20)
    sweep(clock, minutes=19)
    assert not [key for key in keys("Vera") if key.startswith("pages.are_you_ok")]
    sweep(clock, minutes=2)
    assert "pages.are_you_ok_alone" in keys("Vera")


def test_whoever_no_text_reaches_is_cared_for_all_the_same(database_url: str, clock: time_machine.Traveller) -> None:
    with writing() as session:
        town = Town(session)
        petra = town.person("Petra", phone=False)
        town.person("Cora", Role.COORDINATOR)
        claims.claim(session, town.incident(), petra)
    sweep(clock, minutes=6)
    sweep(clock, minutes=6)
    assert keys("Cora").count("pages.silent_watch") == 1


def test_whoever_says_what_they_saw_is_not_asked(database_url: str, clock: time_machine.Traveller) -> None:
    with writing() as session:
        town = Town(session)
        vera = town.person("Vera")
        incident = town.incident()
        held = claims.claim(session, incident, vera)
        desk.found(session, incident, vera, Saw.NOBODY)
        assert held.state is ClaimState.DONE
    sweep(clock, minutes=12)
    assert not [key for key in keys("Vera") if key.startswith("pages.are_you_ok")]


def test_nobody_cares_for_themselves_those_off_shift_hear_it(database_url: str, clock: time_machine.Traveller) -> None:
    with writing() as session:
        town = Town(session)
        dora = town.person("Dora", Role.DISPATCHER)
        town.person("Cora", Role.COORDINATOR, on=False)
        claims.claim(session, town.incident(), dora)
    sweep(clock, minutes=6)
    sweep(clock, minutes=6)
    assert keys("Cora").count("pages.silent_watch") == 1 and "pages.silent_watch" not in keys("Dora")


def test_a_silence_that_nobody_could_be_told_of_is_told_once_somebody_can_be(
    database_url: str, clock: time_machine.Traveller
) -> None:
    with writing() as session:
        town = Town(session)
        claims.claim(session, town.incident(), town.person("Vera"))
    sweep(clock, minutes=6)
    sweep(clock, minutes=6)
    with writing() as session:
        assert caring.silent(session)[0].told_at is None
        Town(session, given=50).person("Cora", Role.COORDINATOR, line="elm")
    sweep(clock, minutes=1)
    assert keys("Cora").count("pages.silent_watch") == 1


def test_that_others_are_asked_too_is_said_only_when_it_is_so(database_url: str, clock: time_machine.Traveller) -> None:
    with writing() as session:
        town = Town(session)
        claims.claim(session, town.incident(), town.person("Vera"))
    sweep(clock, minutes=6)
    assert keys("Vera").count("pages.are_you_ok_alone") == 1 and "pages.are_you_ok" not in keys("Vera")

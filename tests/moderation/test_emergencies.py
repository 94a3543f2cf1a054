"""A cry for help: who reads it, how soon, and what is never promised?"""

import pytest
import time_machine
from sqlalchemy import select

from bot.alerts import by_text
from bot.clock import ago, now
from bot.contacts.models import Contact
from bot.moderation import emergencies, given_up, sweeping
from bot.moderation.emergency_models import Emergency
from bot.moderation.refusals import Refused
from bot.people import sign_in
from bot.people.models import Person, Role
from bot.reports.models import ReportKind
from bot.settings import settings
from bot.store.session import writing
from messages import directory
from messages.formats import clock_time
from tests.moderation.cast import Town, later
from tests.services.settings import Environment

CRY = "ayuda la migra esta tocando mi puerta en 6712 seville, estoy sola con mis hijos"


def cry(town: Town, who: Contact) -> Emergency:
    return emergencies.open(town.session, town.tells(who, CRY, ReportKind.EMERGENCY))


def test_those_on_shift_are_paged_at_once_and_told_no_address(town: Town) -> None:
    cora, olga = town.person("Cora", Role.COORDINATOR), town.person("Olga", Role.ORGANIZER)
    asleep, vera = town.person("Asleep", Role.DISPATCHER, on=False), town.person("Vera")
    cry(town, town.phone())
    assert town.keys(cora) == town.keys(olga) == ["emergencies.page"]
    assert town.keys(asleep) == [] and town.keys(vera) == []
    assert "seville" not in town.read(cora)[0].lower() and "67" not in town.read(cora)[0].replace(
        town.last(cora)["taking"], ""
    )


def test_a_cry_that_missed_us_is_paged_with_its_age(town: Town) -> None:
    cora = town.person("Cora", Role.COORDINATOR)
    report = town.tells(town.phone(), CRY, ReportKind.EMERGENCY)
    report.received_at = ago(minutes=58, seconds=10)
    emergencies.open(town.session, report)
    assert town.keys(cora) == ["emergencies.page_late"] and "58 min" in town.read(cora)[0]
    assert clock_time(report.received_at, "en") in town.read(cora)[0]


def test_with_nobody_on_shift_everybody_who_could_read_it_is_woken(town: Town) -> None:
    asleep = town.person("Asleep", Role.COORDINATOR, on=False)
    emergency = cry(town, town.phone())
    assert town.keys(asleep) == ["emergencies.page"] and emergency.paged_at is not None


def test_the_first_number_takes_it_and_the_resident_hears_that_a_person_reads(town: Town) -> None:
    cora, dora = town.person("Cora", Role.COORDINATOR), town.person("Dora", Role.DISPATCHER)
    resident = town.phone()
    emergency = cry(town, resident)
    late = town.last(dora)["taking"]
    assert cora.contact and by_text.hear(town.session, cora, town.last(cora)["taking"], cora.contact)
    assert emergency.taken_by == cora.id and town.keys(resident) == ["emergencies.taken"]
    assert "No va nadie en camino" in town.read(resident)[0]
    assert town.keys(cora)[-1] == "emergencies.yours" and town.keys(dora)[-1] == "emergencies.taken_by_other"
    assert dora.contact and by_text.hear(town.session, dora, late, dora.contact)
    assert emergency.taken_by == cora.id and town.keys(dora)[-1] == "pages.number_old"


def test_taking_twice_is_taking_once(town: Town) -> None:
    cora, dora = town.person("Cora", Role.COORDINATOR), town.person("Dora", Role.DISPATCHER)
    resident = town.phone()
    emergency = cry(town, resident)
    assert emergencies.take(town.session, emergency, cora) and emergencies.take(town.session, emergency, cora)
    assert not emergencies.take(town.session, emergency, dora)
    assert town.keys(resident) == ["emergencies.taken"]


def test_the_same_cry_opens_it_once(town: Town) -> None:
    cora = town.person("Cora", Role.COORDINATOR)
    report = town.tells(town.phone(), CRY, ReportKind.EMERGENCY)
    assert emergencies.open(town.session, report) is emergencies.open(town.session, report)
    assert len(town.received(cora)) == 1


def test_somebody_who_said_stop_still_pages_a_human(town: Town) -> None:
    cora = town.person("Cora", Role.COORDINATOR)
    resident = town.phone()
    resident.stop()
    emergency = cry(town, resident)
    assert town.keys(cora) == ["emergencies.page"]
    emergencies.take(town.session, emergency, cora)
    assert town.keys(resident) == [], "their one reply was the first answer"


def test_nobody_free_is_said_honestly_and_once(
    database_url: str, env: Environment, clock: time_machine.Traveller
) -> None:
    env.set(demo=False)
    with writing() as session:
        town = Town(session)
        town.person("Cora", Role.COORDINATOR)
        resident = town.phone()
        cry(town, resident)
    sweeping.sweep()
    with writing() as session:
        assert Town(session).keys(resident) == [], "she may be about to take it"
    later(clock, minutes=2, seconds=-settings().sweep_seconds)
    sweeping.sweep()
    sweeping.sweep()
    with writing() as session:
        town.session = session
        assert town.keys(resident) == ["emergencies.nobody"]
        assert "No espere respuesta" in town.read(resident)[0]
        cora, emergency = session.scalars(select(Person)).one(), session.scalars(select(Emergency)).one()
        assert emergencies.take(session, emergency, cora), "it may still be taken"


def test_where_nobody_can_be_paged_at_all_that_is_said_at_once(town: Town) -> None:
    town.person("Unreachable", Role.COORDINATOR, phone=False)
    resident = town.phone()
    emergency = cry(town, resident)
    assert emergency.paged_at is None and town.keys(resident) == ["emergencies.nobody_legal"]


def test_a_number_to_call_instead_is_named_only_when_somebody_has_called_it(
    database_url: str, env: Environment
) -> None:
    legal_help = directory.entry(emergencies.LEGAL_HELP)
    for demo in (True, False):
        env.set(demo=demo)
        with writing() as session:
            town = Town(session, given=10 * demo)
            resident = town.phone()
            cry(town, resident)
            (said,) = town.read(resident)
        assert (str(legal_help.number) in said) is legal_help.may_be_sent(demo) and "911" in said


def test_closing_is_once(town: Town) -> None:
    cora = town.person("Cora", Role.COORDINATOR)
    emergency = cry(town, town.phone())
    assert emergencies.waiting(town.session) == [emergency]
    assert emergencies.close(town.session, emergency, cora) and not emergencies.close(town.session, emergency, cora)
    assert emergencies.waiting(town.session) == []


def test_who_took_it_may_hand_it_on_and_the_others_are_paged_again(town: Town) -> None:
    cora, dora = town.person("Cora", Role.COORDINATOR), town.person("Dora", Role.DISPATCHER)
    emergency = cry(town, town.phone())
    emergencies.take(town.session, emergency, dora)
    with pytest.raises(Refused):
        given_up.hand_on(town.session, emergency, cora)
    given_up.hand_on(town.session, emergency, dora)
    assert (emergency.taken_by, emergency.taken_at) == (None, None)
    assert town.keys(cora)[-1] == "emergencies.page" and town.keys(dora).count("emergencies.page") == 1
    assert cora.contact and by_text.hear(town.session, cora, town.last(cora)["taking"], cora.contact)
    assert emergency.taken_by == cora.id


def test_who_was_cut_off_keeps_no_cry_for_help(town: Town) -> None:
    cora, dora = town.person("Cora", Role.COORDINATOR), town.person("Dora", Role.DISPATCHER)
    emergency = cry(town, town.phone())
    emergencies.take(town.session, emergency, dora)
    assert given_up.of_those_who_left(town.session) == 0
    sign_in.revoke(town.session, dora, cora)
    town.session.flush()
    assert emergencies.can_be_taken(town.session, emergency), "at once, before any clock"
    assert given_up.of_those_who_left(town.session) == 1 and given_up.of_those_who_left(town.session) == 0
    assert emergency.taken_by is None and town.keys(cora).count("emergencies.page") == 2


def test_that_nobody_took_it_is_said_anew_once_it_was_given_up(town: Town, clock: time_machine.Traveller) -> None:
    town.person("Cora", Role.COORDINATOR)
    dora, resident = town.person("Dora", Role.DISPATCHER), town.phone()
    emergency = cry(town, resident)
    emergencies.take(town.session, emergency, dora)
    later(clock, minutes=20)
    given_up.hand_on(town.session, emergency, dora)
    assert emergencies.say_nobody(town.session) == 0, "the others have only just been paged"
    later(clock, minutes=3)
    assert emergencies.say_nobody(town.session) == 1 and emergencies.say_nobody(town.session) == 0


def test_who_fell_silent_is_relieved_and_nobody_else(town: Town, clock: time_machine.Traveller) -> None:
    cora, dora = town.person("Cora", Role.COORDINATOR), town.person("Dora", Role.DISPATCHER)
    resident = town.phone()
    emergency = cry(town, resident)
    assert emergencies.take(town.session, emergency, dora)
    later(clock, minutes=9)
    assert not emergencies.take(town.session, emergency, cora)
    dora.last_here_at = now()
    later(clock, minutes=9)
    assert not emergencies.take(town.session, emergency, cora), "they clicked since"
    later(clock, minutes=2)
    assert emergencies.take(town.session, emergency, cora) and emergency.taken_by == cora.id
    assert town.keys(dora)[-1] == "emergencies.taken_by_other"
    assert town.keys(resident).count("emergencies.taken") == 1
    assert not emergencies.take(town.session, emergency, dora)

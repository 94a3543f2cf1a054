"""A cry for help: who reads it, how soon, and what is never promised?"""

import time_machine
from sqlalchemy import select

from bot.alerts import by_text
from bot.clock import ago
from bot.contacts.models import Contact
from bot.moderation import emergencies, sweeping
from bot.moderation.models import Emergency
from bot.people.models import Role
from bot.reports.models import ReportKind
from bot.store.session import writing
from messages.formats import clock_time
from tests.moderation.cast import Town, later

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


def test_nobody_free_is_said_honestly_and_once(database_url: str, clock: time_machine.Traveller) -> None:
    with writing() as session:
        town = Town(session)
        resident = town.phone()
        cry(town, resident)
    sweeping.sweep()
    later(clock, minutes=2.1)
    sweeping.sweep()
    sweeping.sweep()
    with writing() as session:
        town.session = session
        assert town.keys(resident) == ["emergencies.nobody"]
        assert "No espere respuesta" in town.read(resident)[0]
        cora = town.person("Cora", Role.COORDINATOR)
        emergency = session.scalars(select(Emergency)).one()
        assert emergencies.take(session, emergency, cora), "it may still be taken"


def test_closing_is_once(town: Town) -> None:
    cora = town.person("Cora", Role.COORDINATOR)
    emergency = cry(town, town.phone())
    assert emergencies.waiting(town.session) == [emergency]
    assert emergencies.close(town.session, emergency, cora) and not emergencies.close(town.session, emergency, cora)
    assert emergencies.waiting(town.session) == []

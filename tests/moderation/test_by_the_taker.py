"""Only who took a cry for help reads where it is; they answer in prepared words; verifiers hear of a block after a yes."""

import itertools

import pytest
from sqlalchemy import select

from bot.clock import now
from bot.contacts.models import Contact
from bot.inbox.models import Conversation, InboundText
from bot.moderation import by_the_taker, emergencies
from bot.moderation.emergency_models import Emergency
from bot.moderation.refusals import Refused
from bot.people.models import Person, Role
from bot.privacy.audit import AuditEntry
from bot.reports.models import Report, ReportKind
from bot.stewardship.forget import forget
from messages import catalog, languages
from tests.moderation.cast import Town

_sids = itertools.count(1)

CRY = "la migra esta tocando mi puerta en 6712 Seville Ave apt 3, placas 8ABC123, llame al 323-555-0147"


def wrote(town: Town, who: Contact, text: str) -> None:
    kept = InboundText(sid=f"SM{next(_sids):032x}", contact_id=who.id, media=0, received_at=now())
    kept.keep(text)
    town.session.add(kept)
    town.session.flush()


def cried(town: Town, who: Contact, text: str = CRY) -> Emergency:
    """As it comes in: kept in the inbox, and with a report."""
    wrote(town, who, text)
    return emergencies.open(town.session, town.tells(who, text, ReportKind.EMERGENCY))


def taken(town: Town) -> tuple[Contact, Emergency, Person, Person]:
    cora, dora = town.person("Cora", Role.COORDINATOR), town.person("Dora", Role.DISPATCHER)
    rosa = town.phone()
    emergency = cried(town, rosa)
    assert emergencies.take(town.session, emergency, cora)
    return rosa, emergency, cora, dora


def test_only_the_taker_reads_the_address_and_everybody_else_the_block(town: Town) -> None:
    cora, dora = town.person("Cora", Role.COORDINATOR), town.person("Dora", Role.DISPATCHER)
    emergency = cried(town, town.phone())
    assert by_the_taker.addresses(town.session, emergency, cora) == [], "not before they took it"
    emergencies.take(town.session, emergency, cora)
    (address,) = by_the_taker.addresses(town.session, emergency, cora)
    assert "6712 Seville Ave apt 3" in address
    assert "8ABC123" not in address and "555-0147" not in address, "nobody needs these"
    assert by_the_taker.addresses(town.session, emergency, dora) == []


def test_a_piece_that_comes_later_is_read_and_what_names_no_house_is_not_repeated(town: Town) -> None:
    cora, rosa = town.person("Cora", Role.COORDINATOR), town.phone()
    emergency = cried(town, rosa, "auxilio la migra esta en mi puerta")
    emergencies.take(town.session, emergency, cora)
    assert by_the_taker.addresses(town.session, emergency, cora) == []
    wrote(town, rosa, "en la 6712 de Seville")
    assert by_the_taker.addresses(town.session, emergency, cora) == ["en la 6712 de Seville"]


def test_it_is_shown_no_more_once_it_is_closed_or_they_asked_to_be_deleted(town: Town) -> None:
    rosa, emergency, cora, _ = taken(town)
    emergencies.close(town.session, emergency, cora)
    assert by_the_taker.addresses(town.session, emergency, cora) == []
    another = cried(town, rosa)
    emergencies.take(town.session, another, cora)
    assert by_the_taker.addresses(town.session, another, cora)
    forget(town.session, rosa)
    town.session.refresh(town.session.get_one(Report, another.report_id))
    assert by_the_taker.addresses(town.session, another, cora) == []


@pytest.mark.parametrize("what", by_the_taker.SAYINGS)
def test_the_taker_answers_in_prepared_words_in_their_language(town: Town, what: str) -> None:
    rosa, emergency, cora, dora = taken(town)
    with pytest.raises(Refused):
        by_the_taker.say(town.session, emergency, dora, what)
    by_the_taker.say(town.session, emergency, cora, what)
    assert town.keys(rosa)[-1] == f"emergencies.say_{what}"
    assert town.session.scalars(select(AuditEntry.act).order_by(AuditEntry.id.desc())).first() == (
        f"emergency.said_{what}"
    )


def test_nothing_else_can_be_said_and_nothing_once_it_is_closed(town: Town) -> None:
    _, emergency, cora, _ = taken(town)
    with pytest.raises(Refused):
        by_the_taker.say(town.session, emergency, cora, "we are coming")
    emergencies.close(town.session, emergency, cora)
    with pytest.raises(Refused):
        by_the_taker.say(town.session, emergency, cora, "waiting")


def test_leave_is_asked_once_and_by_the_taker(town: Town) -> None:
    rosa, emergency, cora, dora = taken(town)
    with pytest.raises(Refused):
        by_the_taker.ask_leave(town.session, emergency, dora)
    by_the_taker.ask_leave(town.session, emergency, cora)
    assert town.keys(rosa)[-1] == "emergencies.ask_leave"
    assert town.session.get_one(Conversation, rosa.id).asked == by_the_taker.MAY_LOOK
    with pytest.raises(Refused):
        by_the_taker.ask_leave(town.session, emergency, cora)
    assert emergency.gave_leave_at is None


def test_whoever_said_stop_is_not_written_to(town: Town) -> None:
    rosa, emergency, cora, _ = taken(town)
    rosa.stop()
    before = town.keys(rosa)
    with pytest.raises(Refused):
        by_the_taker.ask_leave(town.session, emergency, cora)
    by_the_taker.say(town.session, emergency, cora, "waiting")
    assert town.keys(rosa) == before and emergency.asked_leave_at is None


def test_the_taker_hears_that_more_came_but_not_with_every_text(town: Town) -> None:
    _, emergency, cora, dora = taken(town)
    for _ in range(3):
        by_the_taker.written_again(town.session, emergency)
    assert town.keys(cora).count("emergencies.again") == 1
    assert "emergencies.again" not in town.keys(dora)


@pytest.mark.parametrize("language", languages.WRITTEN)
def test_no_prepared_answer_promises_that_somebody_comes(language: str) -> None:
    for what in by_the_taker.SAYINGS:
        assert "911" in catalog.text(f"emergencies.say_{what}", language)

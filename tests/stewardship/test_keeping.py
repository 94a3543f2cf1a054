"""DELETE takes everything that hangs on a contact; the purge keeps the promise of the retention table; nothing is unlisted."""

import datetime as dt

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.clock import ago, ahead, local, now
from bot.contacts.models import Channel, Contact, find_or_add
from bot.inbox import asking
from bot.inbox.models import InboundText
from bot.outbox.delivery_models import Delivery, Reason, State
from bot.privacy.numbers import ledger_tag
from bot.reports.models import Report, ReportKind
from bot.stewardship.forget import forget, hanging_on_contact
from bot.stewardship.purge import purge
from bot.stewardship.retention import table_of_retention
from bot.store.schema import metadata
from bot.store.session import reading, writing
from bot.subscriptions import joining
from bot.subscriptions.models import ConsentAct, ConsentEntry

ROSA = "+13235550101"


def _text(contact: Contact, sid: str, received: dt.datetime) -> InboundText:
    kept = InboundText(sid=sid, contact_id=contact.id, media=0, received_at=received)
    kept.keep("hola")
    return kept


def _answer(contact: Contact) -> Delivery:
    return Delivery(
        contact_id=contact.id, lane=3, channel=Channel.SMS, language="es", segments=1, key="hotline.menu", values={},
        reason=Reason.WROTE_TO_US, created_at=now(), expires_at=ahead(hours=1),
    )  # fmt: skip


@pytest.mark.threat("T01")
def test_every_table_says_why_it_is_kept_and_by_which_moment_it_ages() -> None:
    for kept in table_of_retention():
        assert kept.why, kept.table.name
        assert kept.days is None or kept.by in kept.table.columns, kept.table.name


def test_every_column_that_names_a_contact_says_what_delete_does() -> None:
    tables = {table.name for table, _, on_forget in hanging_on_contact() if on_forget in ("delete", "unlink")}
    assert {"subscription", "conversation", "inbound_text", "report", "delivery", "person"} <= tables
    said = {column for _, column, _ in hanging_on_contact()}
    for table in metadata().sorted_tables:
        for column in table.columns:
            points_there = any(key.column.table.name == "contact" for key in column.foreign_keys)
            assert column in said or not (points_there or column.name.endswith("contact_id")), column


def left_of(session: Session, contact_id: int) -> list[str]:
    """The tables that still name a contact."""
    return [
        table.name
        for table, column, _ in hanging_on_contact()
        if session.execute(select(column).where(column == contact_id).limit(1)).first()
    ]


def test_delete_leaves_nothing_that_names_the_contact(database_url: str) -> None:
    with writing() as session:
        rosa = find_or_add(session, ROSA, Channel.SMS)
        joining.join(session, rosa, "hp", ROSA)
        asking.conversation(session, rosa.id).ask("area")
        report = Report(kind=ReportKind.REPORT, contact_id=rosa.id, language="es", received_at=now())
        session.add_all([_text(rosa, "SM" + "1" * 32, now()), report, _answer(rosa)])
        session.flush()
        kept_id, report_id = rosa.id, report.id
        forget(session, rosa)
    with reading() as session:
        assert session.get(Contact, kept_id) is None
        assert left_of(session, kept_id) == []
        assert session.scalars(select(Delivery.state)).one() is State.DROPPED
        assert session.get_one(Report, report_id).contact_id is None


def test_the_purge_blanks_texts_after_a_day_and_forgets_the_message_after_a_week(database_url: str) -> None:
    with writing() as session:
        rosa = find_or_add(session, ROSA, Channel.SMS)
        for name, days in (("1", 0), ("2", 2), ("3", 8)):
            session.add(_text(rosa, "SM" + name * 32, ago(days=days)))
    purge()
    with reading() as session:
        texts = session.scalars(select(InboundText).order_by(InboundText.id)).all()
    assert [(text.sid[2], text.text) for text in texts] == [("1", "hola"), ("2", "")]


def test_proof_of_consent_outlives_the_person_for_as_long_as_the_law_asks(database_url: str) -> None:
    today = local(now()).date()
    with writing() as session:
        for years in (0, 3, 5):
            session.add(
                ConsentEntry(
                    mark=ledger_tag(ROSA),
                    act=ConsentAct.JOINED,
                    subject="hp",
                    wording="1",
                    language="es",
                    channel="sms",
                    day=today - dt.timedelta(days=365 * years),
                )
            )
    purge()
    with reading() as session:
        assert session.scalar(select(func.count(ConsentEntry.id))) == 2

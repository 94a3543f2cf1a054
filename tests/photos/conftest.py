"""A resident with a phone that takes pictures, and a carrier of this test's own from which they are fetched."""

import base64
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from sqlalchemy import select

from bot.channels.media import Medium
from bot.contacts.models import Channel, Contact, find_or_add
from bot.photos import keeping
from bot.photos.models import Original, Photo
from bot.reports import intake, matching
from bot.reports.models import Report, ReportKind
from bot.store.session import reading, writing
from tests.services.carrier import Simulator
from tests.services.settings import Environment

ROSA = "+13235550101"


@dataclass(frozen=True)
class Sent:
    """One message with media, as it lies at the carrier."""

    sid: str
    media: tuple[Medium, ...]


Sender = Callable[..., Sent]


@pytest.fixture
def rosa_sends(simulator: Simulator, database_url: str, redis_url: str, env: Environment) -> Sender:
    """Sends files (kind, bytes) from Rosa's phone, and keeps them with a report of hers as the hotline would."""
    env.set(sender_segments_per_second=500)

    def send(*files: tuple[str, bytes]) -> Sent:
        given = [{"content_type": kind, "data": base64.b64encode(raw).decode()} for kind, raw in files]
        sid = simulator.phone(ROSA).texts("mire", media=given)["sid"]
        rows = simulator.ask("GET", "phones/%2B13235550101")["texts"]
        (row,) = [row for row in rows if row["sid"] == sid]
        sent = Sent(sid, tuple(Medium(one["content_type"], one["sid"]) for one in row["media"]))
        with writing() as session:
            report = reported(session)
            contact = session.get_one(Contact, report.contact_id)
            keeping.keep(session, sent.sid, sent.media, contact=contact, report=report, at=report.received_at)
        return sent

    return send


def reported(session: object) -> Report:
    text = "la migra esta en la pacific y florence ahorita son como 8"
    contact = find_or_add(session, ROSA, Channel.SMS)  # type: ignore[arg-type]
    contact.language = "es"
    return matching.file(
        session, contact=contact, text=text, language="es", kind=ReportKind.REPORT, sighting=intake.read(text, "es")  # type: ignore[arg-type]
    )  # fmt: skip


def photos() -> list[Photo]:
    with reading() as session:
        return list(session.scalars(select(Photo).order_by(Photo.id)))


def originals() -> list[Original]:
    with reading() as session:
        return list(session.scalars(select(Original).order_by(Original.id)))

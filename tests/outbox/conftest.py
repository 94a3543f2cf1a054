"""Who lives in these tests? People of two lines, and neighbors who asked to hear about Huntington Park."""

import datetime as dt
import socket
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from bot.channels.twilio import Twilio
from bot.clock import ahead, local, now
from bot.contacts.models import Channel, Contact, find_or_add
from bot.outbox import drafting, fuse
from bot.outbox import link as links
from bot.outbox.delivery_models import Delivery
from bot.outbox.models import Broadcast, Kind, Lane
from bot.outbox.sending import LANES, Sender
from bot.people.models import InvitationLine, Person, Role
from bot.privacy import numbers
from bot.store.session import writing
from bot.subscriptions.models import Subscription
from tests.alerts.stage import stage
from tests.moderation.cast import clock, town
from tests.services.settings import Environment

__all__ = ["clock", "stage", "town"]

TEXTS = {
    ("es", Channel.SMS): "HP: Migra en Pacific y Florence. Visto por voluntarios. K7Q",
    ("en", Channel.SMS): "HP: ICE at Pacific and Florence. Seen by volunteers. K7Q",
    ("es", Channel.WHATSAPP): "HP: *Migra* en Pacific y Florence. Visto por voluntarios. K7Q",
    ("en", Channel.WHATSAPP): "HP: *ICE* at Pacific and Florence. Seen by volunteers. K7Q",
}
NOTICE = {key: text.replace("K7Q", "Comida") for key, text in TEXTS.items()}


def number(n: int) -> str:
    """The n-th number of the fictional range: +1 NXX 555 01xx."""
    area, line = divmod(n, 100)
    return f"+1{213 + area}55501{line:02d}"


@dataclass
class Staff:
    """Two people of two lines, and a third of the first one's line."""

    ana: Person
    berta: Person
    carla: Person


def hire(session: Session) -> Staff:
    lines = [InvitationLine(name=name, created_at=now()) for name in ("ash", "birch")]
    session.add_all(lines)
    session.flush()
    people = [
        Person(name=name, role=Role.ORGANIZER, line_id=line.id, created_at=now())
        for name, line in (("Ana", lines[0]), ("Berta", lines[1]), ("Carla", lines[0]))
    ]
    session.add_all(people)
    session.flush()
    return Staff(*people)


def neighbor(
    session: Session,
    n: int,
    *,
    language: str | None = "es",
    channel: Channel = Channel.SMS,
    subjects: tuple[str, ...] = ("hp",),
) -> Contact:
    contact = find_or_add(session, number(n), channel)
    contact.language = language
    contact.heard_on(channel)
    today = local(now()).date()
    session.add_all(Subscription(subject=subject, contact_id=contact.id, joined_on=today) for subject in subjects)
    session.flush()
    return contact


def neighbors(session: Session, count: int, first: int = 100, subject: str = "hp") -> None:
    """Many at once, alternating in language."""
    today = local(now()).date()
    rows = []
    for n in range(first, first + count):
        address = number(n)
        rows.append(
            {"tag": numbers.tag(address), "sealed": numbers.seal(address), "has_number": True, "channel": Channel.SMS,
             "language": ("es", "en")[n % 2], "joined_on": today, "strikes": 0}
        )  # fmt: skip
    last = session.scalar(select(func.max(Contact.id))) or 0
    session.execute(insert(Contact), rows)
    ids = session.scalars(select(Contact.id).where(Contact.id > last)).all()
    session.execute(insert(Subscription), [{"subject": subject, "contact_id": id_, "joined_on": today} for id_ in ids])


def notice(
    session: Session, staff: Staff, *, aid: str | None = None, expires_at: dt.datetime | None = None
) -> Broadcast:
    """A released aid notice: a broadcast that needs two people but no incident."""
    made = drafting.draft(
        session, Kind.NOTICE, Lane.NOTICE, NOTICE, neighborhoods=["hp"], aid=aid,
        expires_at=expires_at or ahead(hours=1),
    )  # fmt: skip
    fuse.release(session, made, first=staff.ana, second=staff.berta, words=fuse.words_of(made))
    return made


@pytest.fixture
def staff(database_url: str) -> Staff:
    with writing() as session:
        return hire(session)


@pytest.fixture
def sender(database_url: str, redis_url: str, simulator: object, env: Environment) -> Iterator[Sender]:
    """A worker's sender that takes every lane, against this test's own carrier, database and Redis."""
    env.set(sender_segments_per_second=500, twilio_timeout_seconds=2)
    carrier = Twilio()
    yield Sender("test", LANES["bulk"], carrier)
    carrier.close()


def states(session: Session) -> dict[str, int]:
    """How many copies are in each state."""
    found: dict[str, int] = {}
    for (state,) in session.query(Delivery.state):
        found[state.value] = found.get(state.value, 0) + 1
    return found


@pytest.fixture
def silent(env: Environment, monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    """A port that takes connections and never says a word, set as `REDIS_URL`, and left alone for a minute once it was asked."""
    monkeypatch.setattr(links, "REST_FACTOR", 60)
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        door.listen()
        door.setblocking(False)
        env.set(redis_url=f"redis://127.0.0.1:{door.getsockname()[1]}/0")
        yield door

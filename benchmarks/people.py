"""Who is told in a measurement? Subscribers by the hundred thousand, written in bulk, and a notice that two people released."""

import datetime as dt
import hashlib
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Table, func, insert, select, text
from sqlalchemy.orm import Session

from bot.clock import ahead, local, now
from bot.contacts.models import Channel, Contact
from bot.outbox import drafting, fuse
from bot.outbox.delivery_models import Delivery
from bot.outbox.models import Broadcast, Kind, Lane
from bot.people.models import InvitationLine, Person, Role
from bot.privacy import numbers
from bot.store.engine import engine
from bot.store.session import reading, writing
from bot.subscriptions.models import Subscription

TOLD, OTHERS = "hp", ("lb_cambodia", "lb_downtown", "maywood", "bell")
"""The neighborhood that is told, and where the other subscribers are."""
LANGUAGES = ("es", "es", "es", "en")
FICTION_NUMBERS = 78_000
"""+1 NXX 555 01xx holds no more; whoever comes after shares a number (to the carrier's stub it is all the same)."""
AT_ONCE = 20_000
TEXTS = {
    ("es", Channel.SMS): "HP: Comida en Pacific y Florence, hoy de 4 a 7. Traiga bolsa. Sin papeles, sin preguntas.",
    ("en", Channel.SMS): "HP: Food at Pacific and Florence, today 4 to 7. Bring a bag. No papers, no questions.",
}


def number(n: int) -> str:
    """The n-th number of the range kept for fiction."""
    area, line = divmod(n % FICTION_NUMBERS, 100)
    return f"+1{213 + area}55501{line:02d}"


def subscribers(count: int, of: int = 0) -> None:
    """`count` people of Huntington Park, and as many elsewhere as make `of`: mixed, as they would come in life."""
    total = max(count, of)
    today = local(now()).date()
    with writing() as session:
        first = 1 + (session.scalar(select(func.max(Contact.id))) or 0)
    for start in range(first, first + total, AT_ONCE):
        ids = range(start, min(start + AT_ONCE, first + total))
        with writing() as session:
            _write(session, Contact.__table__, [_contact(id_, today) for id_ in ids])  # type: ignore[arg-type]
            asked = sorted((_subject(id_ - first, count, total), id_, today) for id_ in ids)
            rows = [{"subject": subject, "contact_id": id_, "joined_on": day} for subject, id_, day in asked]
            _write(session, Subscription.__table__, rows)  # type: ignore[arg-type]
    _tidy()


def _subject(nth: int, count: int, total: int) -> str:
    told = (nth + 1) * count // total > nth * count // total
    return TOLD if told else OTHERS[nth % len(OTHERS)]


def _contact(id_: int, today: dt.date) -> dict[str, Any]:
    """Locked, as a worker leaves a number within seconds of its coming."""
    mark = hashlib.sha256(b"%d" % id_).digest()
    return {
        "id": id_, "tag": mark, "locked": numbers.lock(number(id_), id_, mark), "has_number": True,
        "channel": Channel.SMS.value, "language": LANGUAGES[id_ % len(LANGUAGES)], "joined_on": today, "strikes": 0,
    }  # fmt: skip


def _write(session: Session, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """COPY where there is one, else one prepared statement: seeding a million must not take the measurement's time."""
    if session.get_bind().dialect.name == "postgresql":
        columns = list(rows[0])
        raw: Any = session.connection().connection.driver_connection
        with raw.cursor() as cursor, cursor.copy(f"COPY {table.name} ({', '.join(columns)}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(list(row.values()))
    else:
        session.connection().execute(insert(table), list(rows))


def _tidy() -> None:
    """What autovacuum does within a minute in life; and PostgreSQL's counter goes on behind the ids we gave."""
    if engine().dialect.name != "postgresql":
        return
    with engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(
            text("SELECT setval(pg_get_serial_sequence('contact', 'id'), (SELECT max(id) FROM contact))")
        )
        connection.execute(text("VACUUM ANALYZE contact, subscription"))


def released_notice(lane: Lane = Lane.NOTICE, neighborhoods: Sequence[str] = (TOLD,)) -> int:
    """A notice to everybody of Huntington Park, released as this returns; its id. Workers hear of it at once."""
    return release(drafted_notice(lane, neighborhoods))


def drafted_notice(lane: Lane = Lane.NOTICE, neighborhoods: Sequence[str] = (TOLD,)) -> int:
    """The same, waiting for its second person."""
    with writing() as session:
        made = drafting.draft(session, Kind.NOTICE, lane, TEXTS, neighborhoods=neighborhoods, expires_at=ahead(hours=2))
        _two_hands(session)
        return made.id


def release(drafted: int) -> int:
    """Let it out."""
    with writing() as session:
        ana, berta = _two_hands(session)
        made = session.get_one(Broadcast, drafted)
        fuse.release(session, made, first=ana, second=berta, words=fuse.words_of(made))
    return drafted


def handed(broadcast_id: int) -> int:
    """How many of its copies the carrier has taken."""
    with reading() as session:
        count = select(func.count()).where(Delivery.broadcast_id == broadcast_id, Delivery.handed_at.is_not(None))
        return session.scalar(count) or 0


def _two_hands(session: Session) -> Iterator[Person]:
    """Two people of two lines, made once."""
    known = session.scalars(select(Person).order_by(Person.id)).all()
    if not known:
        lines = [InvitationLine(name=name, created_at=now()) for name in ("ash", "birch")]
        session.add_all(lines)
        session.flush()
        known = [
            Person(name=name, role=Role.ORGANIZER, line_id=line.id, created_at=now())
            for name, line in zip(("Ana", "Berta"), lines, strict=True)
        ]
        session.add_all(known)
        session.flush()
    return iter(known[:2])

"""What does each job of the other side do? Reads its message, opens the number, sends by the SDK, records, commits.

Its tables are the small ones such a program would have; numbers are in AES-GCM, as ours are by then. Between reading and
recording no transaction is open: on SQLite a second process would else wait for the carrier. What was sent is not sent again.
"""

import base64
import datetime as dt
import os
import secrets
from functools import lru_cache
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Engine, ForeignKey, create_engine, event, func, insert, select, update
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, joinedload, mapped_column, relationship

from benchmarks.baselines import sdk

NONCE_BYTES = 12
BODY = "HP: Comida en Pacific y Florence, hoy de 4 a 7. Traiga bolsa. Sin papeles, sin preguntas."


class Base(DeclarativeBase):
    pass


class Person(Base):
    __tablename__ = "baseline_person"

    id: Mapped[int] = mapped_column(primary_key=True)
    sealed: Mapped[bytes]


class Message(Base):
    __tablename__ = "baseline_message"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("baseline_person.id"))
    body: Mapped[str]
    state: Mapped[str] = mapped_column(default="queued")
    sid: Mapped[str | None]
    sent_at: Mapped[dt.datetime | None]

    person: Mapped[Person] = relationship()


def send_one(message_id: int) -> None:
    """The job."""
    with Session(engine()) as session:
        message = session.get_one(Message, message_id, options=[joinedload(Message.person)])
        if message.state != "queued":
            return
        body, to = message.body, _opened(message.person.sealed)
    sid = sdk.send(client(), to, body, message_id)
    with Session(engine()) as session, session.begin():
        session.execute(
            update(Message)
            .where(Message.id == message_id, Message.state == "queued")
            .values(state="sent", sid=sid, sent_at=dt.datetime.now(dt.UTC).replace(tzinfo=None))
        )


def prepare(count: int) -> None:
    """Tables, people and their messages, before the clock starts. Numbers of the range kept for fiction."""
    Base.metadata.create_all(engine())
    rows = [{"id": id_, "sealed": _sealed(f"+132355501{id_ % 100:02d}")} for id_ in range(1, count + 1)]
    with Session(engine()) as session, session.begin():
        for table in (Message, Person):
            session.query(table).delete()
        session.execute(insert(Person), rows)
        session.execute(insert(Message), [{"id": row["id"], "person_id": row["id"], "body": BODY} for row in rows])


def sent() -> int:
    """How many are recorded as sent."""
    with Session(engine()) as session:
        return session.scalar(select(func.count()).where(Message.state == "sent")) or 0


@lru_cache(maxsize=1)
def client() -> Any:
    """One per process, its connection kept."""
    return sdk.client()


@lru_cache(maxsize=1)
def engine() -> Engine:
    """One per process, its connection kept; SQLite as it should be used by several processes."""
    url = os.environ["DATABASE_URL"]
    if url.startswith("sqlite"):
        made = create_engine(url)
        event.listen(made, "connect", _prepare_sqlite)
        return made
    return create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1))


def _prepare_sqlite(connection: Any, _record: object) -> None:
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=15000"):
        connection.execute(f"PRAGMA {pragma}")


def _sealed(number: str) -> bytes:
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + _cipher().encrypt(nonce, number.encode(), None)


def _opened(sealed: bytes) -> str:
    return _cipher().decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], None).decode()


@lru_cache(maxsize=1)
def _cipher() -> AESGCM:
    return AESGCM(base64.b64decode(os.environ["TEXT_KEY"]))

"""How are receipts usually taken? A Flask view: the SDK's validator, one UPDATE by the ORM, a commit, and a job for what follows.

Its UPDATE asks for the rank, so that it loses no receipt (the row read, changed and committed lost 7 of 50 of two at once).
`gunicorn benchmarks.baselines.receipts:app`. The job's work is left out, and nobody works it off while it is measured.
"""

import os
from functools import lru_cache

from flask import Flask, Response, request
from redis import Redis
from rq import Queue
from sqlalchemy import String, func, insert, select, update
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from twilio.request_validator import RequestValidator

from benchmarks.baselines.one_by_one import engine

RANK = {"queued": 0, "sending": 1, "sent": 2, "delivered": 3, "undelivered": 3, "failed": 3, "read": 4}

app = Flask(__name__)


class Base(DeclarativeBase):
    pass


class Text(Base):
    __tablename__ = "baseline_text"

    id: Mapped[int] = mapped_column(primary_key=True)
    sid: Mapped[str] = mapped_column(String(34), unique=True)
    status: Mapped[str] = mapped_column(String(12), default="queued")
    error: Mapped[str | None] = mapped_column(String(8))


@app.post("/twilio/receipts")
def receipt() -> Response:
    """What became of one message."""
    address = os.environ["PUBLIC_BASE_URL"] + request.full_path.removesuffix("?")
    if not validator().validate(address, request.form, request.headers.get("X-Twilio-Signature", "")):
        return Response(status=403)
    sid, status = request.form["MessageSid"], request.form["MessageStatus"]
    with Session(engine()) as session, session.begin():
        lower = [known for known, rank in RANK.items() if rank < RANK.get(status, -1)]
        session.execute(
            update(Text)
            .where(Text.sid == sid, Text.status.in_(lower))
            .values(status=status, error=request.form.get("ErrorCode"))
        )
    queue().enqueue(after_receipt, sid, status, result_ttl=0)
    return Response(status=204)


def after_receipt(sid: str, status: str) -> None:
    """What follows from it: another try, a stop, a line on somebody's screen."""


def prepare(sids: list[str]) -> None:
    """The messages that were sent."""
    Base.metadata.create_all(engine())
    with Session(engine()) as session, session.begin():
        session.execute(insert(Text), [{"sid": sid} for sid in sids])


def arrived() -> int:
    """How many are written down as delivered."""
    with Session(engine()) as session:
        return session.scalar(select(func.count()).where(Text.status == "delivered")) or 0


@lru_cache(maxsize=1)
def validator() -> RequestValidator:
    return RequestValidator(os.environ["TWILIO_AUTH_TOKEN"])


@lru_cache(maxsize=1)
def queue() -> Queue:
    return Queue("baseline_receipts", connection=Redis.from_url(os.environ["REDIS_URL"]))

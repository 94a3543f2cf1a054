"""Is this a demo's database? Said by the database itself, so that no setting can turn a real one into a playground."""

import datetime as dt

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.clock import now
from bot.store.types import Base, Moment, kept


class Deployment(Base):
    """One row: what this database is for. Without it, it is real."""

    __tablename__ = "deployment"
    __table_args__ = (
        CheckConstraint("id = 1", name="only_one"),
        {"info": kept("to tell practice from the real thing")},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    demo: Mapped[bool]
    created_at: Mapped[dt.datetime] = mapped_column(Moment)


def is_demo(session: Session) -> bool:
    row = session.get(Deployment, 1)
    return row is not None and row.demo


def make_demo(session: Session) -> None:
    """Mark an empty database as a demo's. The caller has seen that it is empty."""
    if session.get(Deployment, 1) is None:
        session.add(Deployment(id=1, demo=True, created_at=now()))
        session.flush()

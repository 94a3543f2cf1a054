"""Which process said when that it lives, and since when do we have which key?"""

import datetime as dt

from sqlalchemy import Float, String
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.types import Base, Moment, kept


class Pulse(Base):
    """One process, or one task of the clock, was alive and did its work at this moment."""

    __tablename__ = "pulse"
    __table_args__ = ({"info": kept("to see at once when a process has died", days=1, by="at")},)

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    """A line of the Procfile (`urgent`, `bulk`, `clock`), or `task:` and a name of `workers.schedule`."""
    who: Mapped[str] = mapped_column(String(80), primary_key=True)
    """Host and process."""
    at: Mapped[dt.datetime] = mapped_column(Moment)
    every_seconds: Mapped[float] = mapped_column(Float)
    """How often it means to say so."""


class KeySeen(Base):
    """Since when a key is in use: keys themselves carry no date."""

    __tablename__ = "key_seen"
    __table_args__ = ({"info": kept("to know how old our keys are")},)

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    mark: Mapped[str] = mapped_column(String(16), primary_key=True)
    """Tells one key from another, and nothing of either."""
    first_at: Mapped[dt.datetime] = mapped_column(Moment)

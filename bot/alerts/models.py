"""What was a neighborhood told of an incident? The alert ties an incident to the broadcast that carries the words."""

import datetime as dt
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.incidents.models import Incident
from bot.outbox.models import Broadcast, Kind
from bot.people.models import by_person
from bot.store.types import Base, BigId, Moment, Word, kept, one_of


class Certainty(StrEnum):
    """CAP 1.2 certainty."""

    OBSERVED = "observed"
    LIKELY = "likely"
    POSSIBLE = "possible"
    UNLIKELY = "unlikely"


class Alert(Base):
    """One thing said of one incident: `alert, update, over, doubt, correction`."""

    __tablename__ = "alert"
    __table_args__ = (
        one_of("kind", Kind),
        one_of("certainty", Certainty),
        UniqueConstraint("broadcast_id", "incident_id"),
        ForeignKeyConstraint(["broadcast_id", "kind"], ["broadcast.id", "broadcast.kind"]),
        *by_person("proposed_by"),
        Index(
            "uq_alert_pending",
            "incident_id",
            "kind",
            unique=True,
            sqlite_where=text("pending"),
            postgresql_where=text("pending"),
        ),
        {"info": kept("what the neighborhood was told", days=730)},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    incident_id: Mapped[int] = mapped_column(BigId, ForeignKey("incident.id"))
    broadcast_id: Mapped[int] = mapped_column(BigId, unique=True)
    kind: Mapped[Kind] = mapped_column(Word(Kind))
    certainty: Mapped[Certainty] = mapped_column(Word(Certainty), default=Certainty.OBSERVED)
    slots: Mapped[dict[str, Any]] = mapped_column(JSON)
    """What fills the prewritten sentences: place key, uniform, moments. Never report text."""
    pending: Mapped[bool] = mapped_column(default=True)
    """Waits for its second person. One of a kind at a time."""
    proposed_by_id: Mapped[int | None] = mapped_column(BigId)
    proposed_by_line: Mapped[int | None] = mapped_column(BigId)
    """The first of the two: who confirmed, found it over, or asked for the correction."""
    created_at: Mapped[dt.datetime] = mapped_column(Moment)
    expires_at: Mapped[dt.datetime] = mapped_column(Moment)

    incident: Mapped[Incident] = relationship()
    broadcast: Mapped[Broadcast] = relationship(
        primaryjoin="Alert.broadcast_id == Broadcast.id", foreign_keys=[broadcast_id]
    )

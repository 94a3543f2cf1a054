"""What was a neighborhood told of an incident? The alert ties an incident to the broadcast that carries the words."""

import datetime as dt
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, text
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
        Index("uq_alert_of_incident", "id", "incident_id", unique=True),
        ForeignKeyConstraint(
            ["refers_to", "incident_id"], ["alert.id", "alert.incident_id"], name="fk_alert_refers_to"
        ),
        CheckConstraint("(kind = 'alert') = (refers_to IS NULL)", name="refers_to_the_first"),
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
    refers_to: Mapped[int | None] = mapped_column(BigId)
    """CAP references: the first alert of this incident that was let out. What follows it goes to the people it reached."""
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


class ReleaseTurn(Base):
    """Somebody who could release it was asked to, by text."""

    __tablename__ = "release_turn"
    __table_args__ = (
        Index("ix_release_turn_alert", "alert_id", "paged_at"),
        {"info": kept("whom we asked to be the second hand", days=90, by="paged_at")},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    alert_id: Mapped[int] = mapped_column(BigId, ForeignKey("alert.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("person.id", ondelete="CASCADE"))
    paged_at: Mapped[dt.datetime] = mapped_column(Moment)
    declined_at: Mapped[dt.datetime | None] = mapped_column(Moment)
    """They texted that they cannot."""

"""What lets one hand release, at night and within bounds? A row of its own, whose keys hold every bound.

Each thing it says of the incident, the finding, the person and the broadcast is a key into that very row: the database
refuses a night release of what was not identified, by somebody who is not senior, of a school, to two neighborhoods, for
longer than twenty minutes. The bounds hold until somebody of another line has reviewed it: that is the second hand.
"""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.people.models import by_person
from bot.store.types import Base, BigId, Moment, kept

LONGEST_MINUTES = 20
"""What the CHECK below says too: no setting makes it longer."""


class NightRelease(Base):
    """One senior verifier, on the spot, told one neighborhood for some minutes. It waits for its review."""

    __tablename__ = "night_release"
    __table_args__ = (
        UniqueConstraint(
            "broadcast_id",
            "incident_id",
            "confirmation_id",
            "person_id",
            "person_line",
            name="uq_night_release_hand",
        ),
        ForeignKeyConstraint(
            ["broadcast_id", "incident_id"],
            ["alert.broadcast_id", "alert.incident_id"],
            name="fk_night_release_alert",
        ),
        ForeignKeyConstraint(
            ["broadcast_id", "neighborhood"],
            ["broadcast.id", "broadcast.only_area"],
            name="fk_night_release_one_area",
        ),
        ForeignKeyConstraint(
            ["broadcast_id", "expires_at"],
            ["broadcast.id", "broadcast.expires_at"],
            name="fk_night_release_end",
            onupdate="CASCADE",
        ),
        ForeignKeyConstraint(
            ["incident_id", "sensitive"],
            ["incident.id", "incident.sensitive"],
            name="fk_night_release_incident",
            onupdate="CASCADE",
        ),
        ForeignKeyConstraint(
            ["confirmation_id", "incident_id", "person_id", "person_line", "finding_id"],
            [
                "confirmation.id",
                "confirmation.incident_id",
                "confirmation.person_id",
                "confirmation.person_line",
                "confirmation.finding_id",
            ],
            name="fk_night_release_confirmation",
        ),
        ForeignKeyConstraint(
            ["finding_id", "incident_id", "person_id", "person_line", "saw", "uniform"],
            [
                "finding.id",
                "finding.incident_id",
                "finding.person_id",
                "finding.person_line",
                "finding.saw",
                "finding.uniform",
            ],
            name="fk_night_release_finding",
        ),
        ForeignKeyConstraint(
            ["person_id", "person_line", "senior"],
            ["person.id", "person.line_id", "person.senior"],
            name="fk_night_release_senior",
            onupdate="CASCADE",
        ),
        *by_person("reviewed_by"),
        CheckConstraint("saw = 'immigration'", name="saw_immigration"),
        CheckConstraint("uniform IN ('ICE', 'HSI', 'CBP', 'immigration')", name="identified"),
        CheckConstraint("reviewed_at IS NOT NULL OR (senior AND NOT sensitive)", name="senior_and_never_sensitive"),
        CheckConstraint("expires_at > released_at", name="ends_after_it_began"),
        CheckConstraint(
            "(julianday(expires_at) - julianday(released_at)) * 1440 <= 20.0001", name="twenty_minutes_at_most"
        ).ddl_if(dialect="sqlite"),
        CheckConstraint("expires_at <= released_at + interval '20 minutes'", name="twenty_minutes_at_most").ddl_if(
            dialect="postgresql"
        ),
        CheckConstraint(
            "(reviewed_at IS NULL) = (reviewed_by_id IS NULL) AND (reviewed_at IS NULL) = (reviewed_by_line IS NULL)"
            " AND (reviewed_at IS NULL) = (stands IS NULL)",
            name="reviewed_whole",
        ),
        CheckConstraint("reviewed_by_id <> person_id", name="not_reviewed_by_the_same_person"),
        CheckConstraint("reviewed_by_line <> person_line", name="not_reviewed_by_the_same_line"),
        Index("ix_night_release_reviewed_at", "reviewed_at"),
        {"info": kept("what one hand let out at night, and who looked at it since", days=730, by="released_at")},
    )

    broadcast_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    incident_id: Mapped[int] = mapped_column(BigId)
    sensitive: Mapped[bool]
    confirmation_id: Mapped[int] = mapped_column(BigId)
    finding_id: Mapped[int] = mapped_column(BigId)
    saw: Mapped[str] = mapped_column(String(24))
    uniform: Mapped[str] = mapped_column(String(16))
    person_id: Mapped[int] = mapped_column(BigId)
    person_line: Mapped[int] = mapped_column(BigId)
    senior: Mapped[bool]
    neighborhood: Mapped[str] = mapped_column(String(32))
    released_at: Mapped[dt.datetime] = mapped_column(Moment)
    expires_at: Mapped[dt.datetime] = mapped_column(Moment)
    reviewed_by_id: Mapped[int | None] = mapped_column(BigId)
    reviewed_by_line: Mapped[int | None] = mapped_column(BigId)
    reviewed_at: Mapped[dt.datetime | None] = mapped_column(Moment)
    stands: Mapped[bool | None]
    """Whether the reviewer found that it was right."""

"""Is it true? The incident alone carries that, in states that change only along a table the database holds too."""

import datetime as dt

from sqlalchemy import (
    CheckConstraint,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    SmallInteger,
    String,
    UniqueConstraint,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from bot.clock import ago, now
from bot.incidents.states import OPEN, STEPS, IncidentState, StepRefused, WordOf
from bot.store.types import Base, BigId, Moment, Word, kept, one_of, step_allowed


class Incident(Base):
    """Reports about one place and time. Only this is ever confirmed, and only this is ever told of."""

    __tablename__ = "incident"
    __table_args__ = (
        one_of("state", IncidentState),
        one_of("word_of", WordOf),
        CheckConstraint("(state = 'merged') = (merged_into IS NOT NULL)", name="merged_into_another"),
        CheckConstraint("merged_into <> id", name="not_into_itself"),
        CheckConstraint("state <> 'debunked' OR was IS NOT NULL", name="debunked_says_what"),
        Index("ix_incident_place", "place_key", "last_report_at"),
        Index("ix_incident_state", "state", "last_report_at"),
        Index("uq_incident_sensitive", "id", "sensitive", unique=True),
        {"info": kept("what happened where, without who told us", days=800, by="opened_at")},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    code: Mapped[str] = mapped_column(String(4), unique=True)
    """Said in the alert, so that anyone can ask `CHECK K7Q` whether it is ours."""
    state: Mapped[IncidentState] = mapped_column(Word(IncidentState), default=IncidentState.UNCONFIRMED)
    step: Mapped[int] = mapped_column(default=0)
    """How often the state changed: who steps names the step they saw (no check-then-act)."""
    place_key: Mapped[str] = mapped_column(String(80))
    place: Mapped[str] = mapped_column(String(80))
    """The corner or landmark as `gazetteer.label` says it; never a home address."""
    latitude: Mapped[float | None] = mapped_column(Float)
    longitude: Mapped[float | None] = mapped_column(Float)
    sensitive: Mapped[bool] = mapped_column(default=False)
    """A school, clinic, shelter or church: the normal quorum always."""
    uniform: Mapped[str] = mapped_column(String(16), default="unknown")
    """What was positively identified: `ICE, CBP, HSI, police, immigration, unknown`."""
    was: Mapped[str | None] = mapped_column(String(32))
    """When debunked: what it was instead (a catalog key's last part)."""
    word_of: Mapped[WordOf | None] = mapped_column(Word(WordOf))
    """When debunked without a look of ours: by whose word."""
    asked_only: Mapped[bool] = mapped_column(default=False)
    """Opened because several asked about a rumor; nobody reported it."""
    opened_at: Mapped[dt.datetime] = mapped_column(Moment)
    last_report_at: Mapped[dt.datetime] = mapped_column(Moment)
    seen_at: Mapped[dt.datetime | None] = mapped_column(Moment)
    """When a verifier last saw it with their own eyes."""
    looked_at: Mapped[dt.datetime | None] = mapped_column(Moment)
    """When somebody last looked, whatever they saw."""
    quiet_since: Mapped[dt.datetime | None] = mapped_column(Moment)
    """Asked twice whether it is still so, nobody answered: since then it is only "last seen". A later look ends that."""
    closed_at: Mapped[dt.datetime | None] = mapped_column(Moment)
    merged_into: Mapped[int | None] = mapped_column(BigId, ForeignKey("incident.id"))

    areas: Mapped[list["IncidentArea"]] = relationship(cascade="all, delete-orphan")
    steps: Mapped[list["IncidentStep"]] = relationship(order_by="IncidentStep.seq")

    @property
    def neighborhoods(self) -> tuple[str, ...]:
        return tuple(sorted(area.neighborhood for area in self.areas))

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def was_gone_at_last_look(self) -> bool:
        """Somebody looked after it was last seen, and it was not there any more."""
        return self.looked_at is not None and (self.seen_at is None or self.looked_at > self.seen_at)

    @property
    def is_quiet(self) -> bool:
        """Nobody could say whether it is still there, and nobody has looked since."""
        return self.quiet_since is not None and (self.looked_at is None or self.looked_at < self.quiet_since)

    def was_seen_within(self, minutes: float) -> bool:
        """Whether somebody of ours saw them there that lately."""
        return self.seen_at is not None and self.seen_at >= ago(minutes=minutes)

    def becomes(
        self,
        session: Session,
        state: IncidentState,
        person_id: int | None = None,
        why: str = "",
        *,
        into: "Incident | None" = None,
    ) -> None:
        """Step to `state`, once, from the state and step this object was loaded with. Raises `StepRefused`.

        `into`: the incident it is merged into, and only then.
        """
        if state not in STEPS.get(self.state, ()):
            raise StepRefused(f"{self.state} does not become {state}")
        at = now()
        if not self._moved(session, state, at, into):
            raise StepRefused("somebody else was first")
        session.add(
            IncidentStep(
                incident_id=self.id,
                seq=self.step + 1,
                before=self.state,
                after=state,
                person_id=person_id,
                why=why,
                at=at,
            )
        )
        session.flush()
        session.refresh(self)

    def _moved(self, session: Session, state: IncidentState, at: dt.datetime, into: "Incident | None") -> bool:
        """Whether nobody stepped since this object was loaded: the row is changed only where it is as we saw it."""
        stepped = session.execute(
            update(Incident)
            .where(Incident.id == self.id, Incident.step == self.step, Incident.state == self.state)
            .values(
                state=state,
                step=self.step + 1,
                closed_at=None if state in OPEN else at,
                merged_into=into.id if into else None,
            )
            .execution_options(synchronize_session=False)
        )
        return stepped.rowcount == 1  # type: ignore[attr-defined, no-any-return]


class IncidentArea(Base):
    """A neighborhood the incident touches; a corner on a border touches two."""

    __tablename__ = "incident_area"
    __table_args__ = (
        Index("ix_incident_area_neighborhood", "neighborhood"),
        {"info": kept("which neighborhoods it touches")},
    )

    incident_id: Mapped[int] = mapped_column(BigId, ForeignKey("incident.id", ondelete="CASCADE"), primary_key=True)
    neighborhood: Mapped[str] = mapped_column(String(32), primary_key=True)


class IncidentStep(Base):
    """One change of state: the chain of steps is the timeline, and no step exists that the table above does not allow."""

    __tablename__ = "incident_step"
    __table_args__ = (
        step_allowed("before", "after", STEPS),
        CheckConstraint("seq > 0", name="counts_from_one"),
        CheckConstraint("(seq = 1) = (previous IS NULL)", name="follows_the_last"),
        UniqueConstraint("incident_id", "seq", "after"),
        ForeignKeyConstraint(
            ["incident_id", "previous", "before"],
            ["incident_step.incident_id", "incident_step.seq", "incident_step.after"],
            name="fk_incident_step_previous",
        ),
        {"info": kept("how it came to be known")},
    )

    incident_id: Mapped[int] = mapped_column(BigId, ForeignKey("incident.id", ondelete="CASCADE"), primary_key=True)
    seq: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    previous: Mapped[int | None] = mapped_column(
        SmallInteger, default=lambda context: (context.get_current_parameters()["seq"] - 1) or None
    )
    before: Mapped[IncidentState] = mapped_column(Word(IncidentState))
    after: Mapped[IncidentState] = mapped_column(Word(IncidentState))
    person_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("person.id", ondelete="SET NULL"))
    why: Mapped[str] = mapped_column(String(80), default="")
    at: Mapped[dt.datetime] = mapped_column(Moment)

"""What was learned from an incident? Written down by those who were there, for the next time; never about a person."""

import datetime as dt
import secrets

from sqlalchemy import ForeignKey, Index, LargeBinary, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.clock import now
from bot.incidents.models import Incident
from bot.moderation.refusals import Refused
from bot.people.models import Person
from bot.privacy import audit, texts
from bot.reports import redaction
from bot.store.types import Base, BigId, Moment, kept

LONGEST = 600


class LessonRefused(Refused):
    """There is nothing in it."""


class Lesson(Base):
    """One thing to do better, or to do again."""

    __tablename__ = "lesson"
    __table_args__ = (
        Index("ix_lesson_incident", "incident_id"),
        {"info": kept("what was learned, for the next time", days=730)},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    incident_id: Mapped[int] = mapped_column(BigId, ForeignKey("incident.id", ondelete="CASCADE"))
    person_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("person.id", ondelete="SET NULL"))
    mark: Mapped[str] = mapped_column(String(16))
    locked: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[dt.datetime] = mapped_column(Moment)

    @property
    def text(self) -> str:
        return texts.unlock(self.locked, f"lesson:{self.mark}")


def write(session: Session, incident: Incident, person: Person, words: str) -> Lesson:
    """Keep it, with numbers and plates struck out. Raises `LessonRefused` where nothing was said."""
    said = redaction.redact(words.strip()[:LONGEST])
    if not said:
        raise LessonRefused("console.after.nothing_said")
    mark = secrets.token_hex(8)
    locked = texts.lock(said, f"lesson:{mark}")
    lesson = Lesson(incident_id=incident.id, person_id=person.id, mark=mark, locked=locked, created_at=now())
    session.add(lesson)
    session.flush()
    audit.record(session, "lesson.written", f"incident:{incident.id}", person.id)
    return lesson


def of(session: Session, incident: Incident) -> list[Lesson]:
    """The oldest first."""
    return list(session.scalars(select(Lesson).where(Lesson.incident_id == incident.id).order_by(Lesson.id)))

"""Who cries for help, for how long, and who took it? Above the queue, each with its clock."""

from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.clock import now
from bot.moderation import by_the_taker, emergencies
from bot.moderation.emergency_models import Emergency
from bot.people.models import Person
from bot.reports.models import Report


class Cry(NamedTuple):
    """A cry for help as the page shows it."""

    emergency: Emergency
    report: Report
    taker: Person | None
    can_be_taken: bool
    """By this reader: nobody has it, or whoever took it is gone or silent."""
    addresses: list[str]
    """Of those this reader took; of others none."""

    @property
    def seconds(self) -> int:
        """Since it was opened: the clock on the page goes on from here."""
        return max(0, int((now() - self.emergency.opened_at).total_seconds()))

    @property
    def clock(self) -> str:
        """`1:23`, or `1:02:03`."""
        minutes, seconds = divmod(self.seconds, 60)
        hours, minutes = divmod(minutes, 60)
        return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def open_ones(session: Session, reader: Person) -> list[Cry]:
    """With their report and who took them: those nobody took first, of equals the one that waits longest."""
    found = session.execute(
        select(Emergency, Report, Person)
        .join(Report, Report.id == Emergency.report_id)
        .outerjoin(Person, Person.id == Emergency.taken_by)
        .where(Emergency.closed_at.is_(None))
        .order_by(Emergency.taken_at.is_not(None), Emergency.opened_at)
    )
    return [Cry(*row, _can_be_taken(session, row[0], reader), _addresses(session, row[0], reader)) for row in found]


def _can_be_taken(session: Session, emergency: Emergency, reader: Person) -> bool:
    return emergency.taken_by != reader.id and emergencies.can_be_taken(session, emergency)


def _addresses(session: Session, emergency: Emergency, reader: Person) -> list[str]:
    return by_the_taker.addresses(session, emergency, reader) if emergency.taken_by == reader.id else []

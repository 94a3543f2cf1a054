"""Does a release by one hand, at night, keep its bounds? Written as the row whose keys hold them, and asked again at each claim.

The keys and CHECKs of `night_models` say it all; they are asked once more here, because SQLite checks no key for a hand that
writes by its shell. And a look that was taken back since, or a review that found it wrong, lets nothing more out.
"""

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.clock import now
from bot.outbox.models import Broadcast, Kind, Release
from bot.outbox.night_models import LONGEST_MINUTES, NightRelease
from bot.people.models import Person, Role
from bot.store.types import Base

IDENTIFIED = ("ICE", "HSI", "CBP", "immigration")


def keeps_its_bounds(session: Session, broadcast: Broadcast, allowed: Release) -> bool:
    """Whether this one hand may let this out, in words, place, person and time."""
    row = session.get(NightRelease, broadcast.id, populate_existing=True)
    if row is None or allowed.night != broadcast.id or allowed.second_id is not None or allowed.kind is not Kind.ALERT:
        return False
    return (
        row.stands is not False
        and _is_of(row, allowed)
        and _is_narrow_and_short(row, broadcast)
        and _is_of_a_senior(session, row)
        and _stands_on_a_look(session, row)
    )


def _is_of(row: NightRelease, allowed: Release) -> bool:
    named = (row.incident_id, row.confirmation_id, row.person_id, row.person_line, row.released_at)
    return named == (
        allowed.incident_id,
        allowed.confirmation_id,
        allowed.first_id,
        allowed.first_line,
        allowed.released_at,
    )


def _is_narrow_and_short(row: NightRelease, broadcast: Broadcast) -> bool:
    longest = row.released_at + dt.timedelta(minutes=LONGEST_MINUTES)
    narrow = broadcast.neighborhoods == [row.neighborhood] == [broadcast.only_area]
    return narrow and broadcast.aid is None and broadcast.expires_at == row.expires_at <= longest and not _ahead(row)


def _ahead(row: NightRelease) -> bool:
    """A release of the future would last longer than it says."""
    return row.released_at > now() + dt.timedelta(minutes=1)


def _is_of_a_senior(session: Session, row: NightRelease) -> bool:
    """And a verifier still: other powers and this one are never in one hand. A review is the second."""
    theirs = (Person.id == row.person_id, Person.line_id == row.person_line)
    known = select(Person.senior).where(*theirs, Person.role == Role.VERIFIER)
    return session.scalar(known) is True or row.reviewed_at is not None


def _stands_on_a_look(session: Session, row: NightRelease) -> bool:
    """Their own look, conclusive, which nobody has contradicted since; of a place where one hand may ever release."""
    tables = Base.metadata.tables
    sure, found, incident = (tables[name].c for name in ("confirmation", "finding", "incident"))
    standing = (
        select(sure.id)
        .join(tables["finding"], found.id == sure.finding_id)
        .join(tables["incident"], incident.id == sure.incident_id)
        .where(
            sure.id == row.confirmation_id,
            sure.person_id == row.person_id,
            sure.incident_id == row.incident_id,
            sure.void_at.is_(None),
            found.id == row.finding_id,
            found.person_id == row.person_id,
            found.saw == "immigration",
            found.uniform.in_(IDENTIFIED),
            found.shadow.is_(False),
            incident.sensitive.is_(False),
        )
    )
    return session.scalar(standing) is not None

"""How does a photo come in? Fetched from the carrier, cleaned, sealed; then the original is deleted there.

Each original is tried by one process at a time and again later, more and more seldom. What the other end does wrong ends at its
own photo. Nothing is held in the database meanwhile.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

import structlog
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.channels import media
from bot.channels.media import Fetched, Later, Never, Outcome
from bot.clock import ago, now
from bot.contacts.models import Contact
from bot.outbox import answers
from bot.outbox.delivery_models import Reason
from bot.outbox.models import Lane
from bot.photos import cleaning
from bot.photos.models import Original, Photo
from bot.store.session import reading, writing

MOST_AT_ONCE = 50
LEASE_SECONDS = 120
"""Longer than fetching, cleaning and deleting take together, at their slowest."""
FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS = 5.0, 3600.0
MOST_TRIES = 9
"""After a good twenty minutes it is not waited for any more."""
NOT_THERE_YET_SECONDS = 60
"""The carrier may tell of a picture before it can show it."""
NOT_A_PICTURE = "not_a_picture"
SAID = "photos.unopened"
LATE_MINUTES = 60

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Errand:
    """One original in our hands."""

    id: int
    message_sid: str
    media_sid: str
    tries: int
    received_at: dt.datetime
    photo_id: int | None
    """The photo that waits for it; none where there is nothing to do but to delete."""

    def __repr__(self) -> str:
        return f"Errand({self.id})"


def sweep() -> int:
    """Try all whose time it is; how many are done with."""
    return sum(_run(errand) for errand in _due())


def _due() -> Iterator[Errand]:
    """One after the other: each is taken when its turn comes."""
    with reading() as session:
        due = select(Original.id).where(Original.due_at <= now()).order_by(Original.due_at).limit(MOST_AT_ONCE)
        ids = session.scalars(due).all()
    for id_ in ids:
        if (errand := _take(id_)) is not None:
            yield errand


def _take(id_: int) -> Errand | None:
    """Ours for a while, unless somebody else was quicker."""
    taken = update(Original).where(Original.id == id_, Original.due_at <= now())
    with writing() as session:
        done = session.execute(
            taken.values(due_at=now() + dt.timedelta(seconds=LEASE_SECONDS), tries=Original.tries + 1)
        )
        if not done.rowcount:  # type: ignore[attr-defined]
            return None
        row = session.get_one(Original, id_)
        photo = session.get(Photo, row.photo_id) if row.photo_id else None
        waiting = photo is not None and photo.settled_at is None
        return Errand(
            row.id,
            row.message_sid,
            row.media_sid,
            row.tries,
            row.received_at,
            row.photo_id if waiting else None,
        )


def _run(errand: Errand) -> bool:
    """Whether the original is no more."""
    if errand.photo_id is not None and not _settle(errand, errand.photo_id):
        _put_off(errand)
        return False
    if not media.delete(errand.message_sid, errand.media_sid):
        _put_off(errand)
        return False
    with writing() as session:
        if (row := session.get(Original, errand.id)) is not None:
            session.delete(row)
    return True


def _settle(errand: Errand, photo_id: int) -> bool:
    """Whether the photo is here, or will never be."""
    outcome: Outcome
    try:
        outcome = media.fetch(errand.message_sid, errand.media_sid)
        picture = cleaning.cleaned(outcome.content) if isinstance(outcome, Fetched) else None
    except cleaning.CannotStart:
        outcome, picture = Later("cannot_start"), None
    if not isinstance(outcome, Fetched) and errand.tries < MOST_TRIES and _may_still_come(outcome, errand):
        log.info("photo_later", why=outcome.why)
        return False
    _write_down(photo_id, picture, NOT_A_PICTURE if isinstance(outcome, Fetched) else outcome.why)
    return True


def _may_still_come(outcome: Later | Never, errand: Errand) -> bool:
    young = errand.received_at > ago(seconds=NOT_THERE_YET_SECONDS)
    return isinstance(outcome, Later) or (outcome.why == media.GONE and young)


def _write_down(photo_id: int, picture: bytes | None, why: str) -> None:
    """If whoever sent it was forgotten meanwhile, nothing of it is."""
    with writing() as session:
        photo = session.get(Photo, photo_id)
        if photo is None:
            return
        if picture is not None:
            photo.keep(picture)
            return
        log.warning("no_photo", why=why)
        _say_so(session, photo)
        photo.give_up(why)


def _say_so(session: Session, photo: Photo) -> None:
    """They think that we have it. Told once a report, and never after a STOP or hours later."""
    told = select(Photo.id).where(Photo.report_id == photo.report_id, Photo.failure.is_not(None)).limit(1)
    contact = session.get(Contact, photo.contact_id)
    if contact is None or contact.is_stopped or session.scalar(told) is not None:
        return
    if photo.received_at > ago(minutes=LATE_MINUTES):
        answers.answer(session, contact, SAID, reason=Reason.WROTE_TO_US, lane=Lane.REPLY)


def _put_off(errand: Errand) -> None:
    wait = min(FIRST_WAIT_SECONDS * 2 ** (errand.tries - 1), LONGEST_WAIT_SECONDS)
    with writing() as session:
        session.execute(
            update(Original).where(Original.id == errand.id).values(due_at=now() + dt.timedelta(seconds=wait))
        )

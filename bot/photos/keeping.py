"""Which of what came with a text do we keep? Pictures of a report, a few of each person; the carrier keeps none of it."""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.channels.media import Medium
from bot.clock import now
from bot.contacts.models import Contact
from bot.photos.models import Original, Photo
from bot.reports.models import Report
from bot.settings import settings

PICTURES = ("image/jpeg", "image/jpg", "image/png", "image/webp")
"""What `photos.cleaner` opens, by the carrier's word for it. Whether it is true shows when it is opened."""


def pictures(media: Sequence[Medium]) -> list[Medium]:
    """Those we can open."""
    return [medium for medium in media if medium.sid and medium.kind.lower() in PICTURES]


def keep(
    session: Session,
    message_sid: str,
    media: Sequence[Medium],
    *,
    contact: Contact,
    report: Report | None,
    at: dt.datetime,
) -> int:
    """Note what is to be fetched, and what is to be deleted at the carrier; how many photos will be looked at."""
    wanted = pictures(media)[: room(session, contact)] if report is not None else []
    photos = {medium.sid: _photo(report, contact, at) for medium in wanted if report is not None}
    session.add_all(photos.values())
    session.flush()
    originals = {
        medium.sid: Original(
            message_sid=message_sid,
            media_sid=medium.sid,
            photo_id=photos[medium.sid].id if medium.sid in photos else None,
            received_at=at,
            due_at=now(),
        )
        for medium in media
        if medium.sid
    }
    session.add_all(originals.values())
    session.flush()
    return len(photos)


def _photo(report: Report, contact: Contact, at: dt.datetime) -> Photo:
    return Photo(report_id=report.id, contact_id=contact.id, received_at=at)


def room(session: Session, contact: Contact) -> int:
    """For how many more: nobody fills the disk with pictures. One that could not be had takes no room."""
    held = select(func.count(Photo.id)).where(Photo.contact_id == contact.id, Photo.failure.is_(None))
    return max(0, settings().photos_per_person - (session.scalar(held) or 0))

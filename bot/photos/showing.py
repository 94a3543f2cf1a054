"""Which photos does a member of staff see? Those of an incident all who see the incident; those of a cry for help its readers."""

from collections import defaultdict
from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.clock import ago
from bot.photos.models import KEPT_DAYS, Photo
from bot.reports.models import Report


def of_reports(session: Session, report_ids: Iterable[int]) -> defaultdict[int, list[Photo]]:
    """By report, in the order they came, without the pictures themselves."""
    found: defaultdict[int, list[Photo]] = defaultdict(list)
    wanted = select(Photo).where(Photo.report_id.in_(list(report_ids)), Photo.received_at > ago(days=KEPT_DAYS))
    for photo in session.scalars(wanted.order_by(Photo.id)):
        found[photo.report_id].append(photo)
    return found


def asked_for(session: Session, mark: str) -> tuple[Photo, Report] | None:
    """The photo of this mark and its report, while it is kept."""
    wanted = (
        select(Photo, Report)
        .join(Report, Report.id == Photo.report_id)
        .where(Photo.mark == mark, Photo.received_at > ago(days=KEPT_DAYS))
    )
    row = session.execute(wanted).first()
    return (row.Photo, row.Report) if row else None

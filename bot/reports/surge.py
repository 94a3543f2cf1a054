"""Is more told right now than usual, and does it look like many people or like few who write a lot?

It informs: a banner, words on rows, a fold in the queue. Nobody is banned, and every report is answered.
"""

from dataclasses import dataclass

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from bot.clock import ago
from bot.reports.models import Aside, Band, Report
from bot.settings import settings

MINUTES_A_DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class Surge:
    """More reports than usual in the last minutes."""

    reports: int
    minutes: int
    usual: float
    """How many it is in so many minutes otherwise."""
    numbers: int
    signs: tuple[str, ...]
    """What looks like a brigade: the last parts of catalog keys (`console.queue.sign_...`)."""


def now(session: Session) -> Surge | None:
    """The surge of this moment; nothing when it is as always."""
    reports = lately(session)
    if reports < settings().surge_reports:
        return None
    usual = _usual(session)
    if reports < settings().surge_factor * usual:
        return None
    numbers, signs = _signs(session, reports)
    return Surge(reports, settings().surge_minutes, usual, numbers, signs)


def is_on(session: Session) -> bool:
    """The same as a yes or no, without its signs."""
    reports = lately(session)
    return reports >= settings().surge_reports and reports >= settings().surge_factor * _usual(session)


def lately(session: Session) -> int:
    since = ago(minutes=settings().surge_minutes)
    return session.scalar(select(func.count()).select_from(Report).where(Report.received_at > since)) or 0


def _usual(session: Session) -> float:
    """In as many minutes, on average: counted without the last ones, or a surge would be its own measure."""
    minutes, days = settings().surge_minutes, settings().surge_usual_days
    before = select(func.count()).select_from(Report)
    before = before.where(Report.received_at > ago(days=days), Report.received_at <= ago(minutes=minutes))
    return (session.scalar(before) or 0) * minutes / (days * MINUTES_A_DAY)


def _signs(session: Session, reports: int) -> tuple[int, tuple[str, ...]]:
    since = ago(minutes=settings().surge_minutes)
    numbers = func.count(func.distinct(Report.contact_id))
    known = func.count(func.distinct(case((Report.band == Band.KNOWN, Report.contact_id))))
    aside = {why: func.sum(case((Report.set_aside == why, 1), else_=0)) for why in Aside}
    of_all, of_known, *counts = session.execute(
        select(numbers, known, *aside.values()).where(Report.received_at > since)
    ).one()
    many = settings().brigade_numbers
    put = dict(zip(aside, (count or 0 for count in counts), strict=True))
    signs = {
        "first_timers": of_all >= many and of_all - of_known >= settings().brigade_share * of_all,
        "copied": put[Aside.COPIED] + put[Aside.SAME_WORDS] >= many,
        "many_places": put[Aside.MANY_PLACES] >= many,
        "few_numbers": put[Aside.BURST] + put[Aside.SAME_NUMBER] >= reports / 2,
        "one_exchange": _largest_exchange(session) >= max(many, settings().brigade_share * of_all),
    }
    return of_all, tuple(name for name, holds in signs.items() if holds)


def _largest_exchange(session: Session) -> int:
    """How many of the numbers begin alike."""
    alike = (
        select(func.count(func.distinct(Report.contact_id)).label("numbers"))
        .where(Report.received_at > ago(minutes=settings().surge_minutes), Report.exchange.is_not(None))
        .group_by(Report.exchange)
        .order_by(func.count(func.distinct(Report.contact_id)).desc())
        .limit(1)
    )
    return session.scalar(alike) or 0

"""What time is it? The one place that asks."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.settings import settings


def now() -> datetime:
    """The time, aware, in UTC."""
    return datetime.now(UTC)


def local(moment: datetime) -> datetime:
    """The same moment as people here read it (`TIME_ZONE`)."""
    return moment.astimezone(ZoneInfo(settings().time_zone))


def ago(**span: float) -> datetime:
    """The moment that lies this far back: `ago(minutes=5)`."""
    return now() - timedelta(**span)


def ahead(**span: float) -> datetime:
    """The moment that lies this far ahead: `ahead(minutes=5)`."""
    return now() + timedelta(**span)

"""What has been kept long enough? Removed here, oldest first, children before parents."""

from datetime import date

import structlog
from sqlalchemy import Date, delete, null, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.clock import ago
from bot.stewardship.retention import Kept, table_of_retention
from bot.store.session import writing

log = structlog.get_logger()


def purge() -> None:
    """Blank and remove what is past its days. One short transaction a table, so that nothing waits behind it."""
    for kept in reversed(table_of_retention()):
        try:
            with writing() as session:
                _purge_table(session, kept)
        except IntegrityError:
            # A row that something younger still needs goes with the next run.
            log.info("purge_later", table=kept.table.name)


def _purge_table(session: Session, kept: Kept) -> None:
    age = kept.table.columns.get(kept.by)
    if age is None:
        return
    for column, days in kept.blanked:
        session.execute(
            update(kept.table).where(age < _limit(kept, days), column.is_not(None)).values({column.name: null()})
        )
    if kept.days is not None:
        session.execute(delete(kept.table).where(age < _limit(kept, kept.days)))


def _limit(kept: Kept, days: float) -> object:
    moment = ago(days=days)
    return (
        date.fromisoformat(moment.date().isoformat()) if isinstance(kept.table.columns[kept.by].type, Date) else moment
    )

"""The chain of staff acts shows every alteration."""

import pytest
from sqlalchemy import delete, update

from bot.privacy.audit import AuditEntry, broken_at, record
from bot.store.session import reading, writing


def _write_ten() -> list[int]:
    with writing() as session:
        return [record(session, "incident.claimed", f"incident:{n}", person_id=None, detail="x").id for n in range(10)]


def test_an_untouched_chain_holds(database_url: str) -> None:
    _write_ten()
    with reading() as session:
        assert broken_at(session) is None


def test_what_the_purge_took_from_its_beginning_does_not_break_it_and_what_follows_still_shows(
    database_url: str,
) -> None:
    ids = _write_ten()
    with writing() as session:
        session.execute(delete(AuditEntry).where(AuditEntry.id < ids[3]))
    with writing() as session:
        assert broken_at(session) == ids[3]
        assert broken_at(session, purged=True) is None
        session.execute(update(AuditEntry).where(AuditEntry.id == ids[6]).values(detail="y"))
        assert broken_at(session, purged=True) == ids[6]


@pytest.mark.threat("T28")
@pytest.mark.parametrize("change", ["altered", "removed"])
def test_altering_or_removing_an_entry_shows(database_url: str, change: str) -> None:
    ids = _write_ten()
    with writing() as session:
        if change == "altered":
            session.execute(update(AuditEntry).where(AuditEntry.id == ids[4]).values(subject="incident:99"))
        else:
            session.execute(delete(AuditEntry).where(AuditEntry.id == ids[4]))
    with reading() as session:
        assert broken_at(session) == ids[4 if change == "altered" else 5]

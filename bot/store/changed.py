"""Has anything changed that an open page shows? One counter that every commit to such a table moves, kept by the database.

Pages ask each second, fifty of them at once: one number must say it, whatever is open and whoever wrote it. So triggers count,
not code that could forget to. A page reads the number *before* what it shows: then a commit in between is seen at the next look.

PostgreSQL keeps one row a transaction (a single row that all update would let them wait for each other, and a sequence moves
before its commit is seen); `fold` adds up what is a minute old. SQLite has one writer, so there it is one row.
"""

import datetime as dt

from sqlalchemy import BigInteger, Connection, func, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.clock import ago
from bot.store.session import reading, writing
from bot.store.types import Base, Moment, kept

SHOWN: dict[str, str] = {
    "incident": "", "incident_area": "", "incident_step": "", "regrouped": "", "report": "", "photo": "", "page": "", "claim": "",
    "question": "", "release_turn": "", "finding": "", "regrouping": "", "ruling": "", "relayed": "",
    "confirmation": "", "emergency": "", "alert": "", "broadcast": "", "release": "", "night_release": "", "freeze": "",
    "shift": "",
    "person": "name, role, line_id, contact_id, revoked_at",
    "person_area": "",
    "signed_in": "ended_at, expires_at",
}  # fmt: skip
"""The tables, and which of their columns where not any: a console that is looked at is no news to fifty others."""
ALL_ADDED_UP = 0
FOLDED_AFTER_MINUTES = 1.0


class Change(Base):
    """How often something was committed. `n` of all rows together is the counter."""

    __tablename__ = "change"
    __table_args__ = ({"info": kept("to tell open pages that something changed, not what")},)

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    """PostgreSQL's number of the transaction; 0 for all that is added up."""
    n: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[dt.datetime] = mapped_column(Moment)


def count(session: Session) -> int:
    """It never goes back, and no two commits leave it the same."""
    return int(session.scalar(select(func.sum(Change.n))) or 0)


def fold() -> int:
    """Add up what is a minute old, in one statement, so that nobody sees it half done; how many rows went into one."""
    with reading() as session:
        if session.get_bind().dialect.name != "postgresql":
            return 0
        old = (Change.id != ALL_ADDED_UP, Change.at < ago(minutes=FOLDED_AFTER_MINUTES))
        if session.scalar(select(Change.id).where(*old).limit(1)) is None:
            return 0
    with writing() as session:
        done = session.execute(text(FOLD), {"limit": ago(minutes=FOLDED_AFTER_MINUTES), "sum": ALL_ADDED_UP})
        return int(done.scalar() or 0)


FOLD = """
WITH gone AS (DELETE FROM change WHERE id <> :sum AND at < :limit RETURNING n),
     added AS (UPDATE change SET n = n + (SELECT coalesce(sum(n), 0) FROM gone) WHERE id = :sum RETURNING n)
SELECT count(*) FROM gone, added
"""
FUNCTION = """
CREATE OR REPLACE FUNCTION count_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO change (id, n, at) VALUES (txid_current(), 1, clock_timestamp()) ON CONFLICT (id) DO NOTHING;
    RETURN NULL;
END $$
"""


def hang(connection: Connection) -> None:
    """Hang the triggers that are missing: a migration that makes a table anew takes its triggers away (SQLite)."""
    found = hanging(connection)
    if connection.dialect.name == "postgresql":
        connection.execute(text(FUNCTION))
    for table, columns in SHOWN.items():
        for act in ("INSERT", "UPDATE", "DELETE"):
            if (name := f"counts_{act.lower()}_{table}") not in found:
                when = f"UPDATE OF {columns}" if act == "UPDATE" and columns else act
                connection.execute(text(_trigger(connection.dialect.name, name, when, table)))


def hanging(connection: Connection) -> set[str]:
    """Which of them the database has."""
    listed = {
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    }
    names = connection.execute(text(listed[connection.dialect.name])).scalars()
    return {name for name in names if name.startswith("counts_")}


def _trigger(dialect: str, name: str, when: str, table: str) -> str:
    does = {
        "postgresql": "EXECUTE FUNCTION count_change()",
        "sqlite": f"BEGIN UPDATE change SET n = n + 1 WHERE id = {ALL_ADDED_UP}; END",  # noqa: S608  a number of ours
    }
    return f'CREATE TRIGGER {name} AFTER {when} ON "{table}" FOR EACH ROW {does[dialect]}'

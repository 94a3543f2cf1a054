"""Can what ends be made to last? An end that was once written moves only nearer, whoever writes it, kept by the database.

What says that it is so ends at a moment that two people let out with it. To say it longer is another alert, with a release of
its own: nothing of ours ever moves an end away, so no hand may. Not a draft's either, or a released one would be called a draft
first. Triggers hold it: no CHECK sees what stood there before.
"""

from sqlalchemy import Connection, text

TABLES = ("alert", "broadcast", "delivery")
"""What was said, the words that carry it, and each copy of them. Their column is `expires_at`."""

FUNCTION = """
CREATE OR REPLACE FUNCTION end_no_later() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'ends no later than it was said to' USING ERRCODE = 'check_violation';
END $$
"""
IS_LATER = {
    "postgresql": "NEW.expires_at > OLD.expires_at",
    "sqlite": "NEW.expires_at > OLD.expires_at OR coalesce(julianday(NEW.expires_at) <= julianday(OLD.expires_at), 0) = 0",
}
"""SQLite keeps text and compares it as text: what is spelled otherwise must be earlier as a moment too, and be one."""
REFUSES = {
    "postgresql": "EXECUTE FUNCTION end_no_later()",
    "sqlite": "BEGIN SELECT RAISE(ABORT, 'ends no later than it was said to'); END",
}
LISTED = {
    "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
}


def hang(connection: Connection) -> None:
    """Hang the triggers that are missing, after every migration: one that makes a table anew may take them away (SQLite)."""
    found, dialect = hanging(connection), connection.dialect.name
    if dialect == "postgresql":
        connection.execute(text(FUNCTION))
    for table in TABLES:
        if (name := f"no_later_{table}") not in found:
            on = f"BEFORE UPDATE OF expires_at ON {table} FOR EACH ROW WHEN ({IS_LATER[dialect]})"
            connection.execute(text(f"CREATE TRIGGER {name} {on} {REFUSES[dialect]}"))


def hanging(connection: Connection) -> set[str]:
    """Which of them the database has."""
    names = connection.execute(text(LISTED[connection.dialect.name])).scalars()
    return {name for name in names if name.startswith("no_later_")}

"""How does a table get another CHECK or key? PostgreSQL is told; SQLite can only add columns, so its table is made anew.

Alembic's own way there (`batch_alter_table`) forgets every CHECK of the old table, and the CHECKs are what holds our promises.
So the table's own words are taken, changed where the migration says, and everything else stays as it stands.
"""

import re
from collections.abc import Iterable, Sequence

from alembic import op
from sqlalchemy import Connection, text

Edit = tuple[str, str]
"""What stands in the table's definition, and what shall stand there instead. It must stand there exactly once."""

FIRST_RULE = ", \n\tCONSTRAINT "
"""Where a table's columns end: SQLite takes none behind its constraints."""


def on_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def reshape(table: str, edits: Iterable[Edit], add: Sequence[str] = ()) -> None:
    """SQLite's table with these changes; `add`: columns and constraints (`CONSTRAINT name ...`). Its rows stay."""
    connection = op.get_bind()
    known = _definition(connection, table)
    shape = known
    for old, new in edits:
        if shape.count(old) != 1:
            raise RuntimeError(f"{table}: {old!r} stands there {shape.count(old)} times")
        shape = shape.replace(old, new)
    body = shape[: shape.rindex(")")].rstrip()
    fresh = f"{table}__anew"
    columns, rules = body.split(FIRST_RULE, 1)
    fresh_columns = [one for one in add if not one.startswith("CONSTRAINT ")]
    fresh_rules = [one for one in add if one.startswith("CONSTRAINT ")]
    made = "".join([_ends(columns, fresh_columns), FIRST_RULE, _ends(rules, fresh_rules), "\n)"])
    _make_anew(connection, table, re.sub(rf'CREATE TABLE "?{table}"?', f"CREATE TABLE {fresh}", made, count=1), fresh)


def _ends(part: str, more: Iterable[str]) -> str:
    return "".join([part, *(f",\n\t{one}" for one in more)])


def _make_anew(connection: Connection, table: str, definition: str, fresh: str) -> None:
    hanging = connection.scalars(
        text(
            "SELECT sql FROM sqlite_master WHERE type IN ('index', 'trigger') AND tbl_name = :table AND sql IS NOT NULL"
        ),
        {"table": table},
    ).all()
    connection.exec_driver_sql(definition)
    kept = [name for name in _columns(connection, table) if name in set(_columns(connection, fresh))]
    columns = ", ".join(f'"{name}"' for name in kept)
    connection.exec_driver_sql(f"INSERT INTO {fresh} ({columns}) SELECT {columns} FROM {table}")  # noqa: S608
    connection.exec_driver_sql(f"DROP TABLE {table}")
    connection.exec_driver_sql(f"ALTER TABLE {fresh} RENAME TO {table}")
    for one in hanging:
        connection.exec_driver_sql(one)


def _definition(connection: Connection, table: str) -> str:
    made = text("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = :table")
    return str(connection.scalar(made, {"table": table}))


def _columns(connection: Connection, table: str) -> list[str]:
    return [str(row[1]) for row in connection.exec_driver_sql(f"PRAGMA table_info({table})")]

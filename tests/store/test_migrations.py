"""A new database, an old one, and the models agree, on both kinds of database."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import CheckConstraint, Connection, inspect, text

from bot.store.engine import engine
from bot.store.migrate import behind, migrate
from bot.store.schema import metadata


def drift() -> list[object]:
    """How the migrated database differs from the models; empty when it does not."""
    with engine().connect() as connection:
        return list(compare_metadata(MigrationContext.configure(connection), metadata()))


def test_migrating_twice_does_no_harm_and_leaves_nothing_behind(empty_database_url: str) -> None:
    assert behind()
    migrate()
    migrate()
    assert not behind()


def test_the_migrated_tables_are_the_models(database_url: str) -> None:
    assert drift() == []


def test_down_and_up_again(database_url: str) -> None:
    migrate(revision="base")
    assert inspect(engine()).get_table_names() == ["alembic_version"]
    migrate()
    assert drift() == []


def test_every_check_of_the_models_stands_in_the_migrated_tables(database_url: str) -> None:
    """The comparison above does not see them, and SQLite loses them easily when a table is made anew."""
    with engine().connect() as connection:
        dialect = connection.dialect
        wanted = {
            str(check.name)
            for table in metadata().sorted_tables
            for check in table.constraints
            if isinstance(check, CheckConstraint) and (check._ddl_if is None or _is_for(check, dialect.name))
        }
        known = _checks(connection)
    assert wanted - known == set()


def _is_for(check: CheckConstraint, dialect: str) -> bool:
    assert check._ddl_if is not None
    return check._ddl_if.dialect == dialect


def _checks(connection: Connection) -> set[str]:
    if connection.dialect.name == "postgresql":
        return set(connection.scalars(text("SELECT conname FROM pg_constraint WHERE contype = 'c'")))
    made = " ".join(connection.scalars(text("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")))
    return {word.strip('"') for word in made.split() if word.strip('"').startswith("ck_")}

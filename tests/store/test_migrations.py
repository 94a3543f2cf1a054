"""A new database, an old one, and the models agree, on both kinds of database."""

from sqlalchemy import inspect

from bot.store.engine import engine
from bot.store.migrate import behind, drift, migrate


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

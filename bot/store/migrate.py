"""How does a database get today's tables? Alembic, from code: no ini file, one head."""

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from bot.store.engine import engine
from bot.store.schema import metadata


def migrate(url: str | None = None, revision: str = "head") -> None:
    """Bring the database at `url` (or `DATABASE_URL`) to `revision`. Safe to repeat."""
    with engine(url).connect() as connection:
        config = configuration()
        config.attributes["connection"] = connection
        if revision == "base":
            command.downgrade(config, revision)
        else:
            command.upgrade(config, revision)
        connection.commit()


def configuration() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    return config


def behind(url: str | None = None) -> bool:
    """Whether the database lacks a migration this code has."""
    with engine(url).connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() != head()


def head() -> str | None:
    return ScriptDirectory.from_config(configuration()).get_current_head()


def drift(url: str | None = None) -> list[object]:
    """How the migrated database differs from the models; empty when it does not."""
    with engine(url).connect() as connection:
        return list(compare_metadata(MigrationContext.configure(connection), metadata()))

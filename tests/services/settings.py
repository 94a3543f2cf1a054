"""Which settings does a test run with? None of this machine's: keys made for the run, and what the test itself sets."""

from collections.abc import Iterator
from weakref import WeakSet

import pytest
from sqlalchemy import Connection, Engine, event

from bot.privacy import keys as made_keys
from bot.settings import Settings, settings
from bot.store.engine import engine

OPERATOR = "Vecinos de Prueba"


class Environment:
    """Sets settings by name, and forgets what was made from the old ones."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch

    def set(self, **values: object) -> None:
        """`env.set(lease_minutes=1)`. A name that is no setting is a mistake of the test."""
        for name, value in values.items():
            if name not in Settings.model_fields:
                raise KeyError(f"{name} is no setting")
            self._monkeypatch.setenv(name.upper(), str(value))
        forget()

    def unset(self, *names: str) -> None:
        """As if the operator had left these out."""
        for name in names:
            self._monkeypatch.delenv(name.upper(), raising=False)
        forget()


_used: WeakSet[Engine] = WeakSet()


@event.listens_for(Engine, "engine_connect")
def _remember(connection: Connection) -> None:
    _used.add(connection.engine)


def forget() -> None:
    """Drop the settings and close every engine used so far: the next one to ask reads the environment again."""
    settings.cache_clear()
    for engine_used in list(_used):
        engine_used.dispose()
    engine.cache_clear()


@pytest.fixture(scope="session")
def keys() -> dict[str, str]:
    """A fresh set of keys for this run, as environment lines."""
    return made_keys.fresh()


@pytest.fixture
def env(monkeypatch: pytest.MonkeyPatch, keys: dict[str, str]) -> Iterator[Environment]:
    """Settings of this test: keys and an operator's name to begin with. Gone when the test ends."""
    environment = Environment(monkeypatch)
    environment.set(operator_name=OPERATOR, demo=True, **{name.lower(): value for name, value in keys.items()})
    yield environment
    monkeypatch.undo()
    forget()

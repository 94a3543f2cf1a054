"""What kinds of columns do we use? Aware times, words held by CHECK, keys that grow, and what each column is kept for."""

import datetime as dt
from collections.abc import Callable
from enum import StrEnum
from functools import lru_cache
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, DateTime, Dialect, Integer, MetaData, String
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

BigId = BigInteger().with_variant(Integer, "sqlite")
"""A key that can outgrow 32 bits; SQLite wants the plain word to make it the row id."""


class Base(DeclarativeBase):
    """Every table. Constraint names follow one pattern, so that migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class Moment(TypeDecorator[dt.datetime]):
    """A moment: aware UTC in Python, on every database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        return None if value is None else _in_utc(value)

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        return None if value is None else value.astimezone(dt.UTC)

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any] | None:
        """SQLite keeps text. The same few moments stand in thousands of copies, so each is written, and read, once."""
        return _as_text if dialect.name == "sqlite" else super().bind_processor(dialect)

    def result_processor(self, dialect: Dialect, coltype: Any) -> Callable[[Any], Any] | None:
        return _from_text if dialect.name == "sqlite" else super().result_processor(dialect, coltype)


def _in_utc(value: dt.datetime) -> dt.datetime:
    if value.tzinfo is None:
        raise ValueError("a moment without a time zone")
    return value.astimezone(dt.UTC)


@lru_cache(maxsize=1024)
def _as_text(value: dt.datetime | None) -> str | None:
    """As SQLAlchemy's own type writes it, so that SQLite compares and sorts it right."""
    return None if value is None else _in_utc(value).replace(tzinfo=None).isoformat(" ", "microseconds")


@lru_cache(maxsize=1024)
def _from_text(text: str | None) -> dt.datetime | None:
    return None if text is None else dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


class Word(TypeDecorator[StrEnum]):
    """One word of an enum, stored as itself. `one_of` makes the CHECK that goes with it."""

    impl = String(24)
    cache_ok = True

    def __init__(self, kind: type[StrEnum]) -> None:
        super().__init__()
        self.kind = kind
        self._read: dict[str | None, StrEnum | None] = {None: None, **{member.value: member for member in kind}}

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else self.kind(value).value

    def result_processor(self, dialect: Dialect, coltype: Any) -> Callable[[Any], Any]:
        """By a table alone: each copy that is claimed comes through here. What is no word of ours raises `KeyError`."""
        return self._read.__getitem__


def one_of(column: str, kind: type[StrEnum]) -> CheckConstraint:
    """The database refuses any other word in this column.

    Said as a chain: of a list SQLite would build an index for each row it writes (half the time that an audience's copies took).
    """
    words = " OR ".join(f"{column} = '{word.value}'" for word in kind)
    return CheckConstraint(words, name=f"{column}_known")


def step_allowed(before: str, after: str, allowed: dict[Any, tuple[Any, ...]]) -> CheckConstraint:
    """The database refuses a step (`before` -> `after`) that the table of transitions does not allow."""
    pairs = ", ".join(f"'{old}>{new}'" for old, news in allowed.items() for new in news)
    return CheckConstraint(f"{before} || '>' || {after} IN ({pairs})", name="step_allowed")


def kept(why: str, *, days: float | None = None, by: str = "created_at") -> dict[str, Any]:
    """A table's `info`: why it is kept and for how many days after the moment in column `by`.

    `days=None` means as long as what it belongs to. `bot.stewardship` purges and reports from this alone, so that the
    privacy page, the purge and the tests cannot disagree.
    """
    return {"kept": why, "days": days, "by": by}


def of_contact(on_forget: str) -> dict[str, Any]:
    """A contact column's `info`: on DELETE the row goes too (`delete`) or stays without the person (`unlink`)."""
    if on_forget not in ("delete", "unlink"):
        raise ValueError(on_forget)
    return {"on_forget": on_forget}

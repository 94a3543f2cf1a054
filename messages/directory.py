"""Whom may we tell people to call, look up or ask, and has anybody checked that it still holds?

`directory.yml` holds every number once. A phone number that nobody has called, or not for a year, is not sent outside a demo: a
dead or reassigned line at such a moment is worse than none. Official web addresses, and programmes by their name, are sent
and listed until verified.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from bot.clock import local, now
from messages import yaml_files

FILE = Path(__file__).with_name("directory.yml")
_PLACEHOLDER = re.compile(r"%\{((?:phone|web)_\w+)\}")
KINDS = ("phone", "web", "programme")


@dataclass(frozen=True)
class Entry:
    """One line, page or programme. Texts name the first two by their id: `phone_oia`, `web_locator`."""

    id: str
    name: str
    number: str | None
    what_for: str
    languages: tuple[str, ...]
    source: str
    source_date: str | None
    verified_on: date | None
    note: str | None
    called: tuple[str, ...] = ()
    """How our texts name a programme."""

    @property
    def is_phone(self) -> bool:
        return self.id.startswith("phone_")

    @property
    def verify_by(self) -> date | None:
        """When it is to be verified again; nothing where it never was."""
        return None if self.verified_on is None else self.verified_on + _days("verify_every_days")

    def is_fresh(self, today: date) -> bool:
        """Verified, and not to be verified again yet. A date to come is a slip of the pen, and verifies nothing."""
        return self._within("verify_every_days", today)

    def may_be_sent(self, demo: bool, today: date | None = None) -> bool:
        """A page and a programme always; a number only where somebody has called it in the last year."""
        return demo or not self.is_phone or self._within("withhold_after_days", today or local(now()).date())

    def _within(self, days: str, today: date) -> bool:
        return self.verified_on is not None and today - _days(days) < self.verified_on <= today


def entries() -> tuple[Entry, ...]:
    return tuple(_entries().values())


def entry(entry_id: str) -> Entry:
    return _entries()[entry_id]


def named_in(text: str) -> tuple[str, ...]:
    """The ids a text refers to."""
    return tuple(_PLACEHOLDER.findall(text))


def may_say(text: str, demo: bool) -> bool:
    """Whether every number that this text names may be sent."""
    return all(entry(named).may_be_sent(demo) for named in named_in(text))


def filled(text: str) -> str:
    """The text with its numbers written out."""
    return _PLACEHOLDER.sub(lambda match: str(entry(match[1]).number), text)


def overdue(today: date) -> tuple[Entry, ...]:
    """What nobody has verified yet, or not lately."""
    return tuple(each for each in entries() if not each.is_fresh(today))


def _days(name: str) -> timedelta:
    return timedelta(days=int(_content()["_meta"][name]))


@cache
def _content() -> dict[str, Any]:
    return yaml_files.read(FILE)


@cache
def _entries() -> dict[str, Entry]:
    listed = {kind: _content()[kind] for kind in KINDS}
    return {
        f"{kind}_{name}": _entry(f"{kind}_{name}", fields)
        for kind, group in listed.items()
        for name, fields in group.items()
    }


def _entry(entry_id: str, fields: dict[str, Any]) -> Entry:
    if not isinstance(fields["verified_on"], date | None):
        raise TypeError(f"{FILE.name}: verified_on of {entry_id} is no date (2026-12-31, without quotes)")
    return Entry(
        id=entry_id,
        name=fields["name"],
        number=_text(fields["number"]),
        what_for=fields["what_for"],
        languages=tuple(fields["languages"]),
        source=fields["source"],
        source_date=_text(fields["source_date"]),
        verified_on=fields["verified_on"],
        note=fields["note"],
        called=tuple(fields.get("called") or ()),
    )


def _text(value: object) -> str | None:
    return None if value is None else str(value)

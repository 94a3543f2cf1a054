"""Whom may we tell people to call or look up, and has anybody checked that it still answers?

`directory.yml` holds every number once. A phone number that nobody has called is not sent outside a demo: a dead or
reassigned line at such a moment is worse than none. Official web addresses are sent, and listed until verified.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from messages import yaml_files

FILE = Path(__file__).with_name("directory.yml")
_PLACEHOLDER = re.compile(r"%\{((?:phone|web)_\w+)\}")


@dataclass(frozen=True)
class Entry:
    """One line or page. Texts name it by its id: `phone_oia`, `web_locator`."""

    id: str
    name: str
    number: str
    what_for: str
    languages: tuple[str, ...]
    source: str
    source_date: str | None
    verified_on: date | None
    note: str | None

    def may_be_sent(self, demo: bool) -> bool:
        return demo or self.verified_on is not None or self.id.startswith("web_")


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
    return _PLACEHOLDER.sub(lambda match: entry(match[1]).number, text)


def overdue(today: date) -> tuple[Entry, ...]:
    """What nobody has verified yet, or not lately."""
    oldest = today - timedelta(days=int(_content()["_meta"]["verify_every_days"]))
    return tuple(each for each in entries() if each.verified_on is None or each.verified_on < oldest)


@cache
def _content() -> dict[str, Any]:
    return yaml_files.read(FILE)


@cache
def _entries() -> dict[str, Entry]:
    listed = {kind: _content()[kind] for kind in ("phone", "web")}
    return {
        f"{kind}_{name}": Entry(
            id=f"{kind}_{name}",
            name=fields["name"],
            number=str(fields["number"]),
            what_for=fields["what_for"],
            languages=tuple(fields["languages"]),
            source=fields["source"],
            source_date=None if fields["source_date"] is None else str(fields["source_date"]),
            verified_on=fields["verified_on"],
            note=fields["note"],
        )
        for kind, group in listed.items()
        for name, fields in group.items()
    }

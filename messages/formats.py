"""How do a time, a day and a list read to a person? As `6:08am`, `Sun Nov 22`, `Maywood y Bell`."""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from babel.dates import format_date, format_skeleton
from babel.lists import format_list

from bot import clock
from messages import languages

LONGEST_IN_MINUTES = 120
ZERO_WIDTH_SPACE = "\u200b"
_AND = {"en": "and", "es": "y"}
_DAY = {"en": "EEE MMM d", "es": "EEE d MMM"}
"""Shorter than CLDR's way, which the other languages have."""
# "y" becomes "e" before the sound i: Maywood e Inglewood, but not before hie- or hia- (y hielo).
_SOUNDS_LIKE_I = re.compile(r"h?i(?!\w?[ea])|h?í", re.IGNORECASE)


def clock_time(moment: datetime, language: str) -> str:
    """The local time, the same in every language: people here read `6:08am` on every clock and door."""
    local = clock.local(moment)
    return f"{local.hour % 12 or 12}:{local.minute:02d}{'am' if local.hour < 12 else 'pm'}"


def day(moment: datetime, language: str) -> str:
    """The local day, short: `Sun Nov 22`, `dom 22 nov`."""
    local, code = clock.local(moment).date(), languages.base(language)
    if code in _DAY:
        return format_date(local, _DAY[code], locale=code)
    return format_skeleton("MMMEd", local, locale=languages.cldr(code))


def month(first: date, language: str) -> str:
    """A month with its year, short: `Nov 2026`, `nov 2026`."""
    return format_skeleton("yMMM", first, locale=languages.cldr(languages.base(language)))


def moment(when: datetime, language: str) -> str:
    """The local time, with its day unless that is today: `6:08am`, `Sun Nov 22 6:08am`."""
    today = clock.local(when).date() == clock.local(clock.now()).date()
    return clock_time(when, language) if today else f"{day(when, language)} {clock_time(when, language)}"


def span(of: timedelta) -> str:
    """How long, about: `58 min`, `3 h`; read alike in both languages."""
    minutes = int(of.total_seconds() // 60)
    return f"{minutes} min" if minutes < LONGEST_IN_MINUTES else f"{round(minutes / 60)} h"


def joined(items: Sequence[str], language: str) -> str:
    """`Maywood`, `Maywood y Bell`, `Maywood, Bell y Cudahy`."""
    code = languages.base(language)
    if len(items) < 2:
        return "".join(items)
    if code not in _AND:
        return format_list(list(items), locale=languages.cldr(code)).replace(
            ZERO_WIDTH_SPACE, ""
        )  # it would cost a unit
    return f"{', '.join(items[:-1])} {_and(items[-1], code)} {items[-1]}"


def warm() -> None:
    """Reads what CLDR says of every language now (Babel reads each on first use: 20 to 80 ms that a first text would wait)."""
    for code in languages.COMPLETE:
        languages.plural_form(1, code)
        joined([day(clock.now(), code)] * 3, code)


def numbered(names: Sequence[str]) -> str:
    """`1) Bell, 2) Cudahy`: to choose from by number. A name may hold a comma and a number itself."""
    return ", ".join(f"{number}) {name}" for number, name in enumerate(names, start=1))


def _and(following: str, code: str) -> str:
    return "e" if code == "es" and _SOUNDS_LIKE_I.match(following) else _AND[code]

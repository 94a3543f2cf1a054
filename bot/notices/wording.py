"""What may an organizer's notice say, how will each phone show it, and what does it cost?

Public aid only: no links but to hosts on the list, no short links, nobody's name or number, no promise of safety. Two
segments at most. The frame says who speaks and how to leave.
"""

import datetime as dt
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from bot.channels.segments import Measure, for_sms, measure
from bot.clock import local, now
from bot.contacts.models import Channel
from bot.settings import settings
from messages import catalog, formats, languages

MOST_SEGMENTS = 2
CANCELLED = "cancelled"
SHORTENERS = ("bit.ly", "tinyurl.com", "t.co", "goo.gl", "is.gd", "ow.ly", "buff.ly", "cutt.ly", "rb.gy")
"""Carriers block them, and nobody sees where they lead."""
PROMISES = re.compile(
    r"\ball[ -]clear\b|\btodo despejado\b|\bis safe\b|\bes seguro\b|\bno hay (?:migra|ice)\b|\bno ice\b", re.IGNORECASE
)
PLATE_OR_STATUS = re.compile(
    r"\b(?:license plate|placas?:|plates?:|undocumented|indocumentad[oa]s?|sin papeles)\b", re.IGNORECASE
)
_LINK = re.compile(
    r"(?:https?://|www\.)\S+|\b[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:com|org|net|gov|edu|us|info|io|ly|co|app|gd|gy)\b(?:/\S*)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Trouble:
    """What must be mended: a catalog key and its values."""

    key: str
    values: dict[str, object]


@dataclass(frozen=True, slots=True)
class Preview:
    """One language's SMS exactly as a phone will show it."""

    language: str
    text: str
    cost: Measure


def framed(kind: str, text: str, until: dt.datetime, language: str, channel: Channel) -> str:
    """The organizer's words inside the frame `notice`, `change` or `cancelled`."""
    said = _said(kind, text.strip(), until, language, channel)
    words = text.split()
    while kind == CANCELLED and len(words) > 1 and measure(said).segments > MOST_SEGMENTS:
        words = words[:-1]  # what it was is known to whoever got it; that it is off must fit
        said = _said(kind, f"{' '.join(words)}...", until, language, channel)
    return said


def _said(kind: str, text: str, until: dt.datetime, language: str, channel: Channel) -> str:
    said = catalog.text(f"notices.{kind}", language, text=text, until=end(until, language))
    return for_sms(said, language) if channel is Channel.SMS else said


def preview(texts: dict[str, str], until: dt.datetime, kind: str = "notice") -> list[Preview]:
    """Each language's SMS and what it costs."""
    shown = {
        language: framed(kind, text, until, language, Channel.SMS) for language, text in texts.items() if text.strip()
    }
    return [Preview(language, text, measure(text)) for language, text in shown.items()]


def trouble(texts: dict[str, str], until: dt.datetime, kind: str = "notice") -> list[Trouble]:
    """Everything that keeps these words from being approved; empty when nothing does."""
    wrong = [
        Trouble("notices.wrong_no_text", {"spoken": languages.language(code).own_name})
        for code in languages.STAFF
        if not texts.get(code, "").strip()
    ]
    wrong += [
        Trouble("notices.wrong_too_long", {"segments": shown.cost.segments})
        for shown in preview(texts, until, kind)
        if shown.cost.segments > MOST_SEGMENTS
    ]
    for text in texts.values():
        wrong += _links(text)
        wrong += [Trouble("notices.wrong_promise", {})] if PROMISES.search(text) else []
        wrong += [Trouble("notices.wrong_names", {})] if PLATE_OR_STATUS.search(text) else []
    return wrong


def end(moment: dt.datetime, language: str) -> str:
    """`6:00pm` today, else with the day."""
    clock = formats.clock_time(moment, language)
    return clock if local(moment).date() == local(now()).date() else f"{formats.day(moment, language)} {clock}"


def _links(text: str) -> list[Trouble]:
    wrong = []
    for link in _LINK.findall(text):
        host = (urlsplit(link if "//" in link else f"//{link}").hostname or "").removeprefix("www.")
        if host in SHORTENERS:
            wrong.append(Trouble("notices.wrong_link_short", {}))
        elif not any(host == known or host.endswith(f".{known}") for known in settings().notice_link_hosts):
            wrong.append(Trouble("notices.wrong_link", {"host": host}))
    return wrong

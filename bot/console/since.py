"""What has changed since this was proposed? Its words against the words before, and what happened at the incident meanwhile."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.alerts.models import Alert
from bot.console import carried
from bot.console.entries import Entry
from bot.console.words import say
from bot.contacts.models import Channel
from bot.moderation import findings
from bot.reports.models import Report
from messages import languages

Texts = dict[tuple[str, Channel], str]
REMEMBERED_MINUTES = 60
_WORD = re.compile(r"\s+|[^\s]+")


class Piece(NamedTuple):
    """Some words: `same`, `gone` or `new`."""

    how: str
    words: str


@dataclass(frozen=True)
class Rewording:
    """One text, before and now, piece by piece."""

    language: str
    channel: Channel
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Since:
    """What is different now, and from what."""

    before: Alert | None
    """The draft that nobody released, and that this one took the place of."""
    after: Alert | None
    """A newer draft of the same kind took this one's place."""
    rewordings: tuple[Rewording, ...]
    news: tuple[Entry, ...]


def proposed(session: Session, alert: Alert) -> Since:
    """Everything that is different now."""
    before, after = _before(session, alert), _after(session, alert)
    older, newer = (alert, after) if after is not None else (before, alert)
    rewordings = _between(_texts(older), _texts(newer)) if older is not None else ()
    waits = alert.broadcast.release is None
    news = sorted(_news(session, alert), key=lambda entry: entry.at) if waits else ()
    return Since(before, after, rewordings, tuple(news))


def _news(session: Session, alert: Alert) -> Iterator[Entry]:
    """What came in, what was seen and how it stands, since. Reports are counted: a brigade's are no list to read."""
    counted = select(func.count(), func.max(Report.received_at)).where(
        Report.incident_id == alert.incident_id, Report.received_at > alert.created_at
    )
    number, latest = session.execute(counted).one()
    if number:
        yield Entry(latest, "report", say("since.reports", count=number))
    for finding in findings.of(session, alert.incident, alert.created_at):
        if finding.found_at > alert.created_at:
            words = say("timeline.found", name=finding.person.name, saw=say(f"saw.{finding.saw}"))
            yield Entry(finding.found_at, "finding", words, finding.text)
    for step in alert.incident.steps:
        if step.at > alert.created_at:
            yield Entry(step.at, "step", say("timeline.stepped", after=say(f"state.{step.after}")))


def to_remember(alert: Alert, reader: int) -> str:
    """The words that are on the page now, sealed for its form: whoever sends it can be told what is different since."""
    read = {language: words for (language, channel), words in _texts(alert).items() if channel is Channel.SMS}
    return carried.sealed(read, f"read:{alert.id}:{reader}", minutes=REMEMBERED_MINUTES)


def read(alert: Alert, reader: int, remembered: str) -> tuple[Rewording, ...]:
    """What stands here now against what this person read; nothing where that is not known any more."""
    opened = carried.opened(remembered, f"read:{alert.id}:{reader}") or {}
    return _between({(language, Channel.SMS): words for language, words in opened.items()}, _texts(alert), every=True)


def pieces(before: str, after: str) -> tuple[Piece, ...]:
    """Word by word. Languages without spaces between words are compared sign by sign."""
    spaced = " " in before.strip() and " " in after.strip()
    old, new = (_WORD.findall(before), _WORD.findall(after)) if spaced else (list(before), list(after))
    found: list[Piece] = []
    for how, a, b, c, d in SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        if how == "equal":
            found.append(Piece("same", "".join(old[a:b])))
            continue
        found += [
            Piece(how, words) for how, words in (("gone", "".join(old[a:b])), ("new", "".join(new[c:d]))) if words
        ]
    return tuple(found)


def _before(session: Session, alert: Alert) -> Alert | None:
    """The draft of this kind that nobody released, and that this one took the place of."""
    older = (
        select(Alert)
        .where(Alert.incident_id == alert.incident_id, Alert.kind == alert.kind, Alert.id < alert.id)
        .order_by(Alert.id.desc())
        .limit(1)
    )
    found = session.scalars(older).first()
    return found if found is not None and found.broadcast.release is None else None


def _after(session: Session, alert: Alert) -> Alert | None:
    newer = (
        select(Alert)
        .where(Alert.incident_id == alert.incident_id, Alert.kind == alert.kind, Alert.id > alert.id)
        .order_by(Alert.id.desc())
        .limit(1)
    )
    return session.scalars(newer).first() if alert.broadcast.release is None and not alert.pending else None


def _between(was: Texts, is_now: Texts, *, every: bool = False) -> tuple[Rewording, ...]:
    """In the staff's own languages (what a new draft changes in them it changes in all), or in `every` one."""
    both = [key for key in sorted(was.keys() & is_now.keys()) if key[1] is Channel.SMS and was[key] != is_now[key]]
    shown = [key for key in both if every or key[0] in languages.STAFF]
    return tuple(Rewording(*key, pieces(was[key], is_now[key])) for key in shown)


def _texts(alert: Alert) -> Texts:
    return {(one.language, one.channel): one.text for one in alert.broadcast.renditions}

"""What do we say to people, in each language, and has anybody read it? Each text as it stands, and a sample on your own phone."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select

from bot.channels import segments
from bot.clock import ago, local, now
from bot.console.doors import Visit, act, look
from bot.console.refusals import Refused, done
from bot.contacts.models import Channel, Contact
from bot.outbox import answers, released_only, samples
from bot.outbox.delivery_models import Delivery, Reason
from bot.outbox.models import Lane
from bot.rights import library, sayings
from bot.rights.topic import Review
from bot.settings import settings
from messages import catalog, directory, languages

pages = Blueprint("texts", __name__, url_prefix="/texts")

FOR_STAFF = ("console",)
"""Read on pages, and sent to nobody."""
RIGHTS = "rights/words"
SAMPLES_AN_HOUR = 20
"""A sample takes its turn in the pace with everybody's answers."""


class Line(NamedTuple):
    """One text."""

    key: str
    text: str
    cost: segments.Measure
    may_go_alone: bool
    """It is no sentence that two people have to let out."""


class Signature(NamedTuple):
    """Whether somebody has read exactly these words: `missing`, `changed` since, or `good`."""

    state: str
    by: str = ""
    on: str = ""


class File(NamedTuple):
    """One file of texts in one language."""

    name: str
    signature: Signature
    lines: tuple[Line, ...]


class Overdue(NamedTuple):
    """So much waits for somebody to read, sign or call it: where on the page, and which."""

    where: str
    number: int
    names: tuple[str, ...]


@look(pages, "")
def show(visit: Visit) -> ResponseReturnValue:
    today = local(now()).date()
    spoken = [(languages.language(code), _unread(code)) for code in languages.COMPLETE]
    topics = [(topic, topic.review(today)) for topic in library.topics()]
    entries = [
        (entry, entry.is_fresh(today), entry.may_be_sent(settings().demo, today)) for entry in directory.entries()
    ]
    due = [topic.id for topic, review in topics if review is not Review.GOOD]
    stale = [entry.name for entry, fresh, _ in entries if not fresh]
    unread = [language.own_name for language, names in spoken if names]
    found = [("languages", unread), ("topics", due), ("directory", stale)]
    overdue = [Overdue(where, len(names), tuple(names)) for where, names in found if names]
    return render_template("texts.html", overdue=overdue, spoken=spoken, topics=topics, entries=entries)


@look(pages, "/<code>")
def read(visit: Visit, code: str) -> ResponseReturnValue:
    if code not in languages.COMPLETE:
        abort(404)
    files = [_texts(name, code) for name in _names(code)]
    return render_template("texts_of.html", code=code, files=files, topics=[_rights(topic, code) for topic in _ids()])


@act(pages, "/<code>/sample")
def sample(visit: Visit, code: str) -> ResponseReturnValue:
    """On one's own phone, as a resident would get it, after the words that say it is a sample."""
    key = request.form.get("key", "")
    if code not in languages.COMPLETE or not _may_go_alone(key, code):
        abort(404)
    page = url_for("texts.read", code=code)
    if visit.person.contact_id is None:
        raise Refused(page, "console.texts.no_phone")
    if _sent_lately(visit) >= SAMPLES_AN_HOUR:
        raise Refused(page, "console.texts.enough")
    mine = visit.session.get_one(Contact, visit.person.contact_id)
    answers.answer(visit.session, mine, samples.key(key), reason=Reason.ON_SHIFT, lane=Lane.REPLY, language=code)
    done("texts.sent")
    return redirect(page, 303)


def _sent_lately(visit: Visit) -> int:
    mine = (Delivery.of_contact(visit.person.contact_id or 0)[0], Delivery.created_at > ago(hours=1))
    return visit.session.scalar(select(func.count()).select_from(Delivery).where(*mine)) or 0


def _names(code: str) -> Iterator[str]:
    for name in catalog.namespaces():
        if name not in FOR_STAFF and any(catalog.has(key, code) for key in catalog.keys(name)):
            yield name


def _texts(name: str, code: str) -> File:
    lines = tuple(_line(key, code) for key in catalog.keys(name) if catalog.has(key, code))
    return File(name, _signature(name, code), lines)


def _line(key: str, code: str) -> Line:
    text = catalog.raw(key, code)
    return Line(key, text, segments.measure(segments.for_sms(text, code)), _may_go_alone(key, code))


def _rights(topic: str, code: str) -> File:
    """What a person gets, part by part: as it is sent today, numbers that nobody has called left out."""
    lines = []
    for part in range(1 + len(library.topic(topic).in_language(code).more)):
        key = sayings.key(topic, part)
        text = answers.words(key, code, Channel.SMS, {})
        lines.append(Line(key, text, segments.measure(text), may_go_alone=True))
    return File(library.title(topic, code), _rights_signature(topic, code), tuple(lines))


def _rights_signature(topic: str, code: str) -> Signature:
    """A lawyer's, topic by topic, of the two languages that topics are written in; a speaker's of a whole translation."""
    if code in library.translations():
        return _signed(library.note(code), good=library.is_signed(code))
    known = library.topic(topic)
    return Signature(known.review(local(now()).date()), known.reviewed_by or "", str(known.reviewed_on or ""))


def _may_go_alone(key: str, code: str) -> bool:
    if key.startswith(sayings.TOPIC):
        topic, _, part = key.removeprefix(sayings.TOPIC).rpartition(".")
        return topic in _ids() and part.isdecimal() and int(part) <= len(library.topic(topic).in_language(code).more)
    return key not in released_only.KEYS and key.partition(".")[0] not in FOR_STAFF and catalog.has(key, code)


def _unread(code: str) -> list[str]:
    """Files of this language that nobody has signed as they stand; the topics' own two languages are signed topic by topic."""
    unread = [name for name in _names(code) if not catalog.is_signed(name, code)]
    return unread + ([RIGHTS] if code in library.translations() and not library.is_signed(code) else [])


def _signature(name: str, code: str) -> Signature:
    return _signed(catalog.note(name, code), good=catalog.is_signed(name, code))


def _signed(note: Mapping[str, object], *, good: bool) -> Signature:
    if not note.get("reviewed_by"):
        return Signature("missing")
    return Signature("good" if good else "changed", str(note["reviewed_by"]), str(note.get("reviewed_on") or ""))


def _ids() -> tuple[str, ...]:
    return tuple(topic.id for topic in library.topics())

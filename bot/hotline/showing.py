"""Somebody shows us something: a picture is kept with what they tell, and without words we ask where; of the rest we say so.

What is kept and for how long is `bot.photos`; here it is only noted, and fetched by a worker.
"""

import datetime as dt

from sqlalchemy import select

from bot.hotline import reporting
from bot.hotline.talk import Talk
from bot.photos import keeping
from bot.reports import intake, matching
from bot.reports.models import Report, ReportKind
from bot.settings import settings

WHERE = "report_place"
"""The question of `reporting` that a picture alone asks."""


def only_shows(talk: Talk) -> bool:
    """Something came, and no word with it."""
    message = talk.heard.message
    return bool(message.media) and not message.text.strip() and message.pin is None


def has_pictures(talk: Talk) -> bool:
    """Whether there is something in it that we can open, and room for it."""
    pictures = keeping.pictures(talk.heard.message.media)
    return bool(pictures) and keeping.room(talk.session, talk.contact) > 0


def shown(talk: Talk) -> None:
    """A picture belongs to what they told a moment ago; else it begins a report, and we ask where it is."""
    media = talk.heard.message.media
    if not keeping.pictures(media):
        return talk.say("hotline.audio" if any(one.kind.startswith("audio/") for one in media) else "photos.unopened")
    if not has_pictures(talk):
        return talk.say("photos.unseen")
    kept = _asked_about(talk) or _told_before(talk)
    if kept is None:
        return _begin(talk)
    talk.report = kept
    talk.say("photos.where" if _still_asked_where(talk) else "photos.added")


def keep(talk: Talk) -> None:
    """At the end of every turn. Who sent words as well hears if nobody saw what came with them."""
    message = talk.heard.message
    if not message.media:
        return
    report = None if talk.erases else talk.report
    kept = keeping.keep(talk.session, message.sid, message.media, contact=talk.contact, report=report, at=message.at)
    if not kept and message.text.strip() and _is_worth_saying(talk):
        talk.say("photos.unseen")


def _is_worth_saying(talk: Talk) -> bool:
    """Not to somebody in danger or on their way out."""
    leaves = talk.erases or talk.contact.is_stopped
    return bool(talk.said) and not leaves and talk.heard.understood.intent != "emergency"


def _begin(talk: Talk) -> None:
    kept = reporting.file(talk, intake.read("", talk.language), ReportKind.REPORT)
    if matching.too_late(kept):
        return reporting.too_late(talk, kept)
    talk.say("photos.where")
    talk.ask(WHERE, report=kept.id, tries=1)


def _asked_about(talk: Talk) -> Report | None:
    """The report that our open question is about."""
    question = talk.open_question()
    report_id = question[1].get("report") if question else None
    return talk.session.get(Report, report_id) if report_id is not None else None


def _still_asked_where(talk: Talk) -> bool:
    question = talk.open_question()
    return question is not None and question[0] == WHERE


def _told_before(talk: Talk) -> Report | None:
    """What they told last, if that was not long ago."""
    since = talk.at - dt.timedelta(minutes=settings().conversation_minutes)
    told = select(Report).where(
        Report.contact_id == talk.contact.id, Report.received_at > since, Report.received_at <= talk.at
    )
    return talk.session.scalars(told.order_by(Report.received_at.desc(), Report.id.desc()).limit(1)).first()

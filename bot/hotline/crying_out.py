"""Somebody needs help now: a short answer that promises no rescue, and a human paged on a clock of their own."""

from sqlalchemy import select

from bot.clock import ago, now
from bot.hotline.reporting import file
from bot.hotline.talk import Talk
from bot.moderation import emergencies
from bot.moderation.models import Emergency
from bot.reports import adding, intake
from bot.reports.models import Report, ReportKind

KINDS = {"door": "door", "detained": "taken"}
"""The first answer by what is happening; for everything else, 911 first."""

SAME_CRY_MINUTES = 30
"""Further texts within this belong to the same emergency."""


def emergency(talk: Talk) -> None:
    """Answer first; page a human in the same transaction. The same person's further texts add to the same emergency."""
    kind = KINDS.get(talk.heard.understood.topic or "", "other")
    open_one = _open_emergency(talk)
    if open_one is not None:
        return _add(talk, open_one, kind)
    _answer(talk, kind)
    sighting = talk.heard.understood.sighting or intake.read(talk.heard.text, talk.language)
    emergencies.open(talk.session, file(talk, sighting, ReportKind.EMERGENCY))
    talk.place.emergency_at = now()


def _answer(talk: Talk, kind: str) -> None:
    talk.say(f"emergencies.first_{kind}")


def goes_on(talk: Talk) -> bool:
    """A text that is nothing else, soon after a cry for help, belongs to it."""
    open_one = _open_emergency(talk)
    if open_one is None or talk.heard.understood.intent not in ("other", "report", "rumor_check"):
        return False
    _add(talk, open_one, None)
    return True


def _add(talk: Talk, emergency_: Emergency, kind: str | None) -> None:
    report = talk.session.get(Report, emergency_.report_id)
    if report is not None:
        adding.add(report, talk.heard.message.text)
    if kind and kind != "other":
        _answer(talk, kind)
    else:
        talk.say("hotline.emergency_noted")


def _open_emergency(talk: Talk) -> Emergency | None:
    since = ago(minutes=SAME_CRY_MINUTES)
    cried_at = talk.conversation.emergency_at if talk.conversation is not None else None
    if cried_at is None or cried_at < since:  # nearly every text: nothing to look for
        return None
    return talk.session.scalars(
        select(Emergency)
        .join(Report, Report.id == Emergency.report_id)
        .where(
            Report.contact_id == talk.contact.id,
            Emergency.closed_at.is_(None),
            Emergency.opened_at > since,
        )
        .order_by(Emergency.id.desc())
    ).first()

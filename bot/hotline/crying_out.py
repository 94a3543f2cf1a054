"""Somebody needs help now: a short answer that promises no rescue, and a human paged on a clock of their own."""

from sqlalchemy import select

from bot.clock import ago, now
from bot.hotline import asking, reporting, sense
from bot.hotline.emergency import own_life
from bot.hotline.reporting import file
from bot.hotline.talk import Talk
from bot.hotline.understanding import DESPAIR
from bot.moderation import by_the_taker, emergencies
from bot.moderation.emergency_models import Emergency
from bot.places import gazetteer
from bot.privacy import audit
from bot.reports import adding, intake
from bot.reports.models import Report, ReportKind
from messages.wording import plain

KINDS = {"door": "door", "detained": "taken"}
"""The first answer by what is happening; for everything else, 911 first."""

SAME_CRY_MINUTES = 30
"""Further texts within this belong to the same emergency."""

BLOCK_NOT_SAID = "..."
"""What a report says that somebody gave leave to, before they say where."""

NO_ORDER = ("CODE", "NUMBER", "AFFIRM", "DENY", "NEVER_MIND")
"""Commands only by their looks: "6712 Seville apt 3" is an address, "no" an answer to whoever reads along."""


def emergency(talk: Talk) -> None:
    """Answer first; page a human in the same transaction. The same person's further texts add to the same emergency.

    Whatever we had asked them before matters no longer: what comes next is about this.
    """
    topic = talk.heard.understood.topic or ""
    open_one = _open_emergency(talk)
    if open_one is not None:
        return _add(talk, open_one, topic)
    talk.answered()
    _answer(talk, topic)
    sighting = talk.heard.understood.sighting or intake.read(talk.heard.text, talk.language)
    emergencies.open(talk.session, file(talk, sighting, ReportKind.EMERGENCY))
    talk.place.emergency_at = now()


def in_despair(talk: Talk) -> bool:
    """Who thinks of ending a life is told at once who listens, whatever we had asked. Whoever reads a cry of theirs reads it."""
    if talk.heard.understood.topic != DESPAIR or not own_life(talk.heard.text):
        return False
    goes_on(talk)
    asking.answer(talk, DESPAIR)
    return True


def goes_on(talk: Talk) -> bool:
    """A text that is nothing else, soon after a cry for help, belongs to it.

    A question is kept for the human too, and answered; so is a sighting when no human was free.
    """
    command = talk.heard.understood.command
    if command is not None and command.name not in NO_ORDER:
        return False
    open_one = _open_emergency(talk)
    if open_one is None:
        return False
    if _asks(talk) or _is_told_in_vain(talk, open_one):
        _keep(talk, open_one)
        return False
    _add(talk, open_one, "")
    return True


def may_look(talk: Talk, emergency_id: int) -> bool:
    """The answer to "may volunteers know your block?". A yes makes a report of that place, without a word of theirs."""
    emergency_, chosen = talk.session.get(Emergency, emergency_id), talk.chosen(["yes", "no"])
    if emergency_ is None or emergency_.closed_at is not None:
        talk.answered()
        return False
    if talk.is_command("AFFIRM") or chosen == "yes":
        emergency_.gave_leave_at = now()
        audit.record(talk.session, "emergency.gave_leave", f"emergency:{emergency_.id}", None)
        talk.answered()
        _told_to_verifiers(talk, emergency_)
    elif talk.is_command("DENY") or chosen == "no":
        talk.answered()
        talk.say("emergencies.no_leave")
    else:
        return False
    return True


def _told_to_verifiers(talk: Talk, emergency_: Emergency) -> None:
    cry = talk.session.get_one(Report, emergency_.report_id)
    place = gazetteer.find(cry.text)
    where = gazetteer.label(place, "en") or BLOCK_NOT_SAID
    reporting.take_in(talk, where, intake.read(cry.text, talk.language, place=place), place)


def _answer(talk: Talk, topic: str) -> None:
    """What to do now; MORE goes on with the know-your-rights answer of the same matter."""
    if topic in KINDS:
        talk.place.last_topic, talk.place.more = topic, 0
    talk.say(f"emergencies.first_{KINDS.get(topic, 'other')}")


def _add(talk: Talk, emergency_: Emergency, topic: str) -> None:
    """It is told what to do once; the rest is noted for whoever reads it."""
    _keep(talk, emergency_)
    if topic in KINDS and talk.place.last_topic != topic:
        _answer(talk, topic)
    else:
        talk.say("hotline.emergency_unread" if _is_unread(emergency_) else "hotline.emergency_noted")


def _keep(talk: Talk, emergency_: Emergency) -> None:
    talk.report = talk.session.get(Report, emergency_.report_id)
    if talk.report is not None:
        adding.add(talk.report, talk.heard.message.text)
    by_the_taker.written_again(talk.session, emergency_)


def _asks(talk: Talk) -> bool:
    """ "Que digo?" wants an answer at once; "they left" only resembles a question."""
    understood, text = talk.heard.understood, talk.heard.text
    if understood.intent != "question":
        return False
    return understood.topic is not None or "?" in text or sense.question_at(plain(text)) is not None


def _is_told_in_vain(talk: Talk, emergency_: Emergency) -> bool:
    return _is_unread(emergency_) and talk.heard.understood.intent in ("report", "rumor_check")


def _is_unread(emergency_: Emergency) -> bool:
    """They were told that nobody is free, and nobody has come since."""
    return emergency_.nobody_said_at is not None and emergency_.taken_at is None


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

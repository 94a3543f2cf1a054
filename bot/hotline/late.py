"""A text missed us and is read an hour later: what of it still holds, and do we say that it was late?

It is taken as of the time it was written (`Inbound.at`): it answers the question that was open then, goes with what was written
just before it, and its answers are older than a STOP that came since. What the person has said meanwhile goes before it.
"""

import datetime as dt
from collections.abc import Callable

from sqlalchemy import select

from bot.clock import now
from bot.hotline import commands
from bot.hotline.talk import Talk
from bot.inbox.models import Conversation, InboundText
from bot.outbox.delivery_models import Delivery
from messages.formats import moment

GIVES, TAKES_BACK = ("START", "JOIN"), ("STOP", "DELETE", "FORGET", "LEAVE")
SAYS_SO_AFTER = dt.timedelta(minutes=5)
SAYS_SO = "hotline.late"
SPEAKS_FOR_ITSELF = ("hotline.stopped", "hotline.report_too_late")


def turn(talk: Talk, take: Callable[[], None]) -> None:
    """Take the turn (`take`) as far as it still holds."""
    if talk.is_command(*TAKES_BACK) and _came_back(talk):
        return
    stopped = talk.contact.stopped_at is not None and talk.contact.stopped_at > talk.at
    if stopped and talk.is_command(*GIVES):
        return
    younger = _asked_since(talk.conversation, talk.at)
    take()
    if younger is not None and talk.conversation is not None:
        talk.conversation.asked, talk.conversation.about, talk.conversation.asked_at = younger
    if talk.erases:
        return
    if stopped:  # what they tell us counts; no answer leaves after a STOP that is younger than the question
        talk.said.clear()
    elif _says_so(talk):
        talk.say(SAYS_SO, time=moment(talk.at, talk.language))


def _came_back(talk: Talk) -> bool:
    """They have asked to hear from us since: the later word holds."""
    since = select(InboundText).where(InboundText.contact_id == talk.contact.id, InboundText.received_at > talk.at)
    said = (commands.read(kept.text) for kept in talk.session.scalars(since))
    return any(command is not None and command.name in GIVES for command in said)


def _asked_since(
    conversation: Conversation | None, at: dt.datetime
) -> tuple[str | None, dict[str, object], dt.datetime] | None:
    """A question that this text can be no answer to, and must not put aside."""
    if conversation is None or not conversation.asked_after(at):
        return None
    return conversation.asked, conversation.about, conversation.asked_at


def _says_so(talk: Talk) -> bool:
    """Once, however many of their texts missed us."""
    if not talk.said or now() - talk.at < SAYS_SO_AFTER or any(said.key in SPEAKS_FOR_ITSELF for said in talk.said):
        return False
    told = select(Delivery.id).where(
        Delivery.of_contact(talk.contact.id)[0], Delivery.key == SAYS_SO, Delivery.expires_at > now()
    )
    return talk.session.scalar(told.limit(1)) is None

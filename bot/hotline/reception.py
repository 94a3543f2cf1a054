"""Was this text seen before, who wrote it, and what do we answer? One transaction keeps the text and its whole effect."""

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.clock import ago, now
from bot.contacts.models import Channel, Contact, find, find_or_add
from bot.hotline import conversation, listening, twiml
from bot.hotline.inbound import Inbound
from bot.hotline.talk import Talk
from bot.inbox.models import InboundText
from bot.outbox import answers
from bot.privacy.numbers import country_code
from bot.settings import settings
from bot.stewardship.forget import forget
from bot.store.session import reading, writing

RACES = 4
"""How often a text may lose against another of the same moment before it is an error."""
FLOOD_TEXTS, FLOOD_MINUTES = 30, 10
"""More texts than this from one number, in this time, and only what must be answered is (facts/security.md T11)."""


def receive(message: Inbound) -> str:
    """Take one message in and give the TwiML to answer with. A repeated sid gets the same answer and has no effect.

    The text is understood before the write begins: a writer holds SQLite's only lock.
    """
    with reading() as session:
        if (seen := _seen(session, message.sid)) is not None:
            return seen
        heard = listening.listen(session, find(session, message.address), message)
    for _ in range(RACES):
        try:
            return _take_in(message, heard)
        except IntegrityError:
            # The same text, or another text of the same new person, was quicker: look again.
            continue
    return _take_in(message, heard)


def _take_in(message: Inbound, heard: listening.Heard) -> str:
    with writing() as session:
        if (seen := _seen(session, message.sid)) is not None:
            return seen
        kept = InboundText(sid=message.sid, media=len(message.media), received_at=now())
        kept.keep(message.text)
        session.add(kept)
        session.flush()
        contact = find_or_add(session, message.address, message.channel, message.whatsapp_id)
        kept.contact_id = contact.id
        contact.heard_on(message.channel)
        talk = conversation.hear(session, contact, heard, flooding=_flooding(session, contact))
        xml = twiml.messages(_erased(talk) if talk.erases else _now(talk))
        kept.keep_answer(xml)
    return xml


def _now(talk: Talk) -> list[str]:
    """Texts that leave in this response; the others follow in their lane."""
    if _may_answer(talk.heard.message):
        return answers.leave_as_twiml(talk.session, talk.said)
    for delivery in talk.said:
        talk.session.delete(delivery)
    return []


def _erased(talk: Talk) -> list[str]:
    """The last words leave now, whatever the pace: after this nobody can open the number any more."""
    words = [answers.rendered(delivery) for delivery in talk.said]
    for delivery in talk.said:
        talk.session.delete(delivery)
    talk.session.flush()
    forget(talk.session, talk.contact)
    return words if _may_answer(talk.heard.message) else []


def _may_answer(message: Inbound) -> bool:
    """We answer people here; a premium or far-away number could be somebody earning on our replies (T11)."""
    code = country_code(message.address)
    return code is None or code in settings().reply_country_codes or message.channel is Channel.WHATSAPP


def _seen(session: Session, sid: str) -> str | None:
    known = session.scalars(select(InboundText).where(InboundText.sid == sid)).first()
    return None if known is None else known.answer or twiml.messages([])


def _flooding(session: Session, contact: Contact) -> bool:
    recent = select(func.count()).where(
        InboundText.contact_id == contact.id, InboundText.received_at > ago(minutes=FLOOD_MINUTES)
    )
    return (session.scalar(recent) or 0) > FLOOD_TEXTS

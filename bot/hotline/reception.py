"""Was this text seen before, who wrote it, and what do we answer? One transaction keeps the text and its whole effect."""

from dataclasses import dataclass

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.contacts.models import Channel, Contact, find_or_add, newcomer
from bot.hotline import conversation, listening, twiml
from bot.hotline.inbound import Inbound
from bot.hotline.listening import Heard
from bot.hotline.talk import Talk
from bot.hotline.who import Who, who
from bot.inbox import keeping
from bot.inbox.keeping import Incoming
from bot.outbox import answers
from bot.privacy.numbers import country_code
from bot.settings import settings
from bot.stewardship.forget import forget
from bot.store.at_once import follow, insert_at_once
from bot.store.session import reading, writing

RACES = 4
"""How often a text may lose against another of the same moment before it is an error."""
FLOOD_TEXTS, FLOOD_MINUTES = 30, 10
"""More texts than this from one number, in this time, and only what must be answered is (facts/security.md T11)."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """Everything about a text that can be done before anything is written: on SQLite a writer holds the only lock."""

    heard: Heard
    incoming: Incoming
    stranger: Contact | None
    """Whoever writes to us for the first time, sealed and ready to be written down."""
    flooding: bool
    may_answer: bool
    room: bool
    """Whether the pace lets an answer leave in the response."""


def receive(message: Inbound) -> str:
    """Take one message in and give the TwiML to answer with. A repeated sid gets the same answer and has no effect."""
    tries = 0
    while True:
        prepared = _prepare(message)
        if isinstance(prepared, str):
            return prepared
        try:
            return _take_in(prepared)
        except IntegrityError:
            # The same text, or another text of the same new person, was quicker: look again.
            tries += 1
            if tries > RACES:
                raise


def _prepare(message: Inbound) -> Prepared | str:
    """Read and understand; or the answer that this text had before."""
    with reading() as session:
        if (before := keeping.answer_to(session, message.sid)) is not None:
            return before or twiml.messages([])
        known = who(session, message.address)
        heard = listening.listen(session, known, message)
        flooding = known is not None and _flooding(session, known.contact, message)
    incoming = keeping.locked(message.sid, message.text, len(message.media), message.at)
    unheard_of = known is None and message.whatsapp_id is None
    may_answer = _may_answer(message)
    room = may_answer and message.sent_at is None and answers.room_now(message.channel)
    return Prepared(heard, incoming, _stranger(heard) if unheard_of else None, flooding, may_answer, room)


def _stranger(heard: Heard) -> Contact:
    """Their row says at once what this text tells of them: written once, not written and changed."""
    made = newcomer(heard.message.address, heard.message.channel)
    made.heard_on(heard.message.channel, heard.message.sent_at)
    conversation.note_language(made, heard)
    return made


def _take_in(prepared: Prepared) -> str:
    heard, incoming = prepared.heard, prepared.incoming
    with writing() as session:
        writer = _writer(session, prepared)
        keeping.keep(session, incoming, writer.contact.id)
        talk = conversation.hear(session, writer, heard, prepared.flooding)
        xml = twiml.messages(_erased(talk, prepared) if talk.erases else _now(talk, prepared))
        keeping.keep_answer(session, incoming, xml)
    return xml


def _writer(session: Session, prepared: Prepared) -> Who:
    """Who writes, as they stand at this moment, which is ours alone on SQLite."""
    message = prepared.heard.message
    if prepared.stranger is not None:
        insert_at_once(session, prepared.stranger)
        follow(session, prepared.stranger)
        return Who(prepared.stranger)
    known = None if message.whatsapp_id else who(session, message.address)
    if known is None:
        contact = find_or_add(session, message.address, message.channel, message.whatsapp_id)
        known = who(session, message.address) or Who(contact)
    known.contact.heard_on(message.channel, message.sent_at)
    return known


def _now(talk: Talk, prepared: Prepared) -> list[str]:
    """Texts that leave in this response; the others follow in their lane, and so do all where no response waits for them."""
    if not prepared.may_answer:
        return []
    leaving = [] if talk.is_late else answers.leave_as_twiml(talk.session, talk.said, prepared.room)
    answers.write_down(talk.session, talk.said)
    return leaving


def _erased(talk: Talk, prepared: Prepared) -> list[str]:
    """The last words leave now, whatever the pace: after this nobody can open the number any more."""
    forget(talk.session, talk.contact)
    return [answers.rendered(delivery) for delivery in talk.said] if prepared.may_answer else []


def _may_answer(message: Inbound) -> bool:
    """We answer people here; a premium or far-away number could be somebody earning on our replies (T11)."""
    code = country_code(message.address)
    return code is None or code in settings().reply_country_codes or message.channel is Channel.WHATSAPP


def _flooding(session: Session, contact: Contact, message: Inbound) -> bool:
    return keeping.how_many(session, contact.id, FLOOD_MINUTES, message.at, FLOOD_TEXTS) >= FLOOD_TEXTS

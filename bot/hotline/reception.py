"""Was this text seen before, who wrote it, and what do we answer? One transaction keeps the text and its whole effect."""

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import structlog
from psycopg.errors import DeadlockDetected
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
from bot.store.engine import DOES_NOT_ANSWER
from bot.store.session import reading, writing

RACES = 4
"""How often a text may lose against another of the same moment before it is an error."""
FLOOD_TEXTS, FLOOD_MINUTES = 30, 10
"""More texts than this from one number, in this time, and only what must be answered is (docs/threat-model.md T11)."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Answer:
    """The response to a webhook."""

    xml: str
    leaves_at: float = 0.0
    """When its slot of the pace comes, by `time.monotonic`."""

    def when_due(self) -> str:
        """Its XML; returns as its slot comes, a few hundredths of a second from now."""
        time.sleep(max(0.0, self.leaves_at - time.monotonic()))
        return self.xml


@dataclass(slots=True)
class Prepared:
    """Everything about a text that can be done before anything is written: on SQLite a writer holds the only lock."""

    heard: Heard
    incoming: Incoming
    stranger: Contact | None
    """Whoever writes to us for the first time, sealed and ready to be written down."""
    flooding: bool
    may_answer: bool
    leaves_at: float | None = None
    """When the pace lets an answer leave in the response (`time.monotonic`), if soon."""


def receive(message: Inbound) -> str:
    """Take one message in and give the TwiML to answer with. A repeated sid gets the same answer and has no effect."""
    (outcome,) = receive_together([message])
    if isinstance(outcome, Exception):
        raise outcome
    return outcome.when_due()


def receive_together(messages: Sequence[Inbound]) -> list[Answer | Exception]:
    """The same for several: what was asked and written is shared, and committed once. What fails fails alone."""
    outcomes: dict[int, Answer | Exception] = {}
    for several in _one_of_each(messages):
        outcomes |= dict(zip(several, _received([messages[at] for at in several]), strict=True))
    return [outcomes[at] for at in range(len(messages))]


def _one_of_each(messages: Sequence[Inbound]) -> list[list[int]]:
    """Whose text follows on another of theirs is heard after it."""
    rounds: list[list[int]] = []
    of_each: Counter[str] = Counter()
    for at, message in enumerate(messages):
        if of_each[message.address] == len(rounds):
            rounds.append([])
        rounds[of_each[message.address]].append(at)
        of_each[message.address] += 1
    return rounds


def _received(messages: Sequence[Inbound]) -> Sequence[Answer | Exception]:
    if len(messages) > 1:
        try:
            return _take_in(messages)
        except Exception as error:  # noqa: BLE001  it is raised again, by whichever text it comes from
            if _is_down(error):
                return [error] * len(messages)
            log.info("texts_taken_alone", count=len(messages), error_type=type(error).__name__)
    return [_received_alone(message) for message in messages]


def _is_down(error: Exception) -> bool:
    """The database does not answer: each alone would only wait for it again. Not so two that locked each other out."""
    return isinstance(error, DOES_NOT_ANSWER) and not isinstance(error.__cause__, DeadlockDetected)


def _received_alone(message: Inbound) -> Answer | Exception:
    tries = 0
    while True:
        try:
            return _take_in([message])[0]
        except IntegrityError as error:
            # The same text, or another text of the same new person, was quicker: look again.
            tries += 1
            if tries > RACES:
                return error
        except Exception as error:  # noqa: BLE001  raised again where the text was brought
            return error


def _take_in(messages: Sequence[Inbound]) -> list[Answer]:
    """All of them, with their whole effect, or none. No two of one person."""
    with reading() as session:
        before = keeping.answers_to(session, [message.sid for message in messages])
        new = [message for message in messages if message.sid not in before]
        known = who(session, [message.address for message in new])
        prepared = [_prepare(session, message, known.get(message.address)) for message in new]
    _make_room([one for one in prepared if one.may_answer and one.heard.message.sent_at is None])
    answered = {sid: Answer(xml or twiml.messages([])) for sid, xml in before.items()} | _write_down(prepared)
    return [answered[message.sid] for message in messages]


def _prepare(session: Session, message: Inbound, known: Who | None) -> Prepared:
    """Read and understand."""
    heard = listening.listen(session, known, message)
    flooding = known is not None and _flooding(session, known.contact, message)
    incoming = keeping.locked(message.sid, message.text, len(message.media), message.at)
    unheard_of = known is None and message.whatsapp_id is None
    return Prepared(heard, incoming, _stranger(heard) if unheard_of else None, flooding, _may_answer(message))


def _make_room(prepared: Sequence[Prepared]) -> None:
    """Asked before anything is locked: while Redis hangs, or takes its time, nobody else should wait for it."""
    for channel in {one.heard.message.channel for one in prepared}:
        theirs = [one for one in prepared if one.heard.message.channel is channel]
        for one, leaves_at in zip(theirs, answers.room_for(channel, len(theirs)), strict=False):
            one.leaves_at = leaves_at


def _stranger(heard: Heard) -> Contact:
    """Their row says at once what this text tells of them: written once, not written and changed."""
    made = newcomer(heard.message.address, heard.message.channel)
    made.heard_on(heard.message.channel, heard.message.sent_at)
    conversation.note_language(made, heard)
    return made


def _write_down(prepared: Sequence[Prepared]) -> dict[str, Answer]:
    """What we answer to each in the response, by its sid."""
    if not prepared:
        return {}
    with writing() as session:
        writers = _writers(session, prepared)
        keeping.keep(session, [(one.incoming, its.contact.id) for one, its in zip(prepared, writers, strict=True)])
        talks = [
            conversation.hear(session, its, one.heard, one.flooding) for one, its in zip(prepared, writers, strict=True)
        ]
        said = {one.incoming.sid: _answer(_leaving(talk, one), one) for talk, one in zip(talks, prepared, strict=True)}
        answers.write_down(session, [made for talk in talks for made in talk.said])
        keeping.keep_answers(session, {sid: answer.xml for sid, answer in said.items()})
    return said


def _answer(leaving: list[str], prepared: Prepared) -> Answer:
    return Answer(twiml.messages(leaving), prepared.leaves_at if leaving and prepared.leaves_at else 0.0)


def _writers(session: Session, prepared: Sequence[Prepared]) -> list[Who]:
    """Who writes each, as they stand at this moment, which is ours alone on SQLite."""
    messages = [one.heard.message for one in prepared if one.stranger is None]
    known = who(session, [message.address for message in messages if not message.whatsapp_id])
    return [_writer(session, one, known.get(one.heard.message.address)) for one in prepared]


def _writer(session: Session, prepared: Prepared, known: Who | None) -> Who:
    message = prepared.heard.message
    if prepared.stranger is not None:
        insert_at_once(session, prepared.stranger)
        follow(session, prepared.stranger)
        return Who(prepared.stranger)
    if known is None:
        contact = find_or_add(session, message.address, message.channel, message.whatsapp_id)
        known = who(session, [message.address]).get(message.address) or Who(contact)
    known.contact.heard_on(message.channel, message.sent_at)
    return known


def _leaving(talk: Talk, prepared: Prepared) -> list[str]:
    """Texts that leave in this response; the others follow in their lane, and so do all where no response waits for them."""
    if talk.erases:
        return _erased(talk, prepared)
    if not prepared.may_answer:
        talk.said.clear()
    return [] if talk.is_late else answers.leave_as_twiml(talk.session, talk.said, prepared.leaves_at is not None)


def _erased(talk: Talk, prepared: Prepared) -> list[str]:
    """The last words leave now, whatever the pace: after this nobody can open the number any more."""
    forget(talk.session, talk.contact)
    said = [answers.rendered(delivery) for delivery in talk.said if not delivery.is_clip_alone]
    leaving = said if prepared.may_answer else []
    talk.said.clear()
    return leaving


def _may_answer(message: Inbound) -> bool:
    """We answer people here; a premium or far-away number could be somebody earning on our replies (T11)."""
    code = country_code(message.address)
    return code is None or code in settings().reply_country_codes or message.channel is Channel.WHATSAPP


def _flooding(session: Session, contact: Contact, message: Inbound) -> bool:
    return keeping.how_many(session, contact.id, FLOOD_MINUTES, message.at, FLOOD_TEXTS) >= FLOOD_TEXTS

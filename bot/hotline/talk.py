"""One turn of a conversation: who writes, what was heard, what we say back and what we ask."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from bot.contacts.models import Contact
from bot.hotline.listening import Heard
from bot.inbox import asking
from bot.inbox.models import SINCE, Conversation
from bot.outbox import answers
from bot.outbox.delivery_models import Delivery, Reason
from bot.outbox.models import Lane
from bot.people.models import Person
from bot.reports.models import Report
from messages import catalog, languages, tongue

MOST_TRIES = 2
"""The same thing is asked so often; then the person is left in peace, with a way on."""

FIRST_LANGUAGE = "es"
"""Nine in ten people in Huntington Park read Spanish first (content/languages.md)."""


@dataclass
class Talk:
    """Collects what is said in one turn, in one language, to one contact."""

    session: Session
    contact: Contact
    heard: Heard
    conversation: Conversation | None = None
    """Where it stands; empty until there is something to remember."""
    volunteer: Person | None = None
    said: list[Delivery] = field(default_factory=list)
    """Our answers, written down at the end of the turn."""
    report: Report | None = None
    """What this text told of, or added to; what was sent with it belongs there."""
    erases: bool = False
    """They asked to be deleted: the answer leaves in the response, and nothing stays."""

    @property
    def address(self) -> str:
        return self.heard.message.address

    @property
    def at(self) -> dt.datetime:
        """When they wrote it."""
        return self.heard.message.at

    @property
    def is_late(self) -> bool:
        """It missed us, and was found on the carrier's list."""
        return self.heard.message.sent_at is not None

    @property
    def heard_language(self) -> str | None:
        """The language of this text, where that is clear, in the letters they read."""
        code = self.heard.language
        return tongue.script(code, self.heard.message.text, self.contact.language) if code else None

    @property
    def language(self) -> str:
        """Answers follow the text's language when it is clear, else the person's own; always one we speak."""
        for code in (self.heard_language, self.contact.language, self.heard.understood.language):
            if code and languages.is_complete(code):
                return languages.base(code)
        return FIRST_LANGUAGE if self.contact.language is None else languages.chain(self.contact.language)[-1]

    def words(self, key: str, **values: object) -> str:
        """A piece of an answer, in this talk's language."""
        return catalog.text(key, self.language, **values)

    def say(self, key: str, *, language: str | None = None, values: Mapping[str, Any] = {}, **more: Any) -> None:
        """Answer with one catalog text."""
        spoken, filled = language or self.language, {**values, **more}
        how = {"reason": Reason.WROTE_TO_US, "lane": Lane.REPLY, "language": spoken}
        for said in answers.in_full(self.contact, key, **how, **filled):
            if self.is_late:
                said.created_at = self.at  # it answers what they wrote then: a STOP since is younger (`outbox.fitness`)
            self.said.append(said)

    @property
    def place(self) -> Conversation:
        """Where it stands, to write something down there."""
        if self.conversation is None:
            self.conversation = asking.begin(self.session, self.contact.id)
        return self.conversation

    def ask(self, question: str, **about: Any) -> None:
        self.place.ask(question, **about, **({SINCE: self.at.isoformat()} if self.is_late else {}))

    def open_question(self) -> tuple[str, dict[str, Any]] | None:
        return self.conversation.open_question(self.heard.message.sent_at) if self.conversation is not None else None

    def answered(self) -> None:
        if self.conversation is not None:
            self.conversation.answered()

    def lets_go(self) -> None:
        """They will not answer, or changed their mind: the question is gone, and every way on is open."""
        self.answered()
        self.say("hotline.never_mind")

    def chosen(self, choices: list[str]) -> str | None:
        """The choice whose number this text is, if it is one."""
        command = self.heard.understood.command
        if command is None or command.name != "NUMBER" or not command.argument.isdecimal():
            return None
        number = int(command.argument)
        return choices[number - 1] if 1 <= number <= len(choices) else None

    def is_command(self, *names: str) -> bool:
        command = self.heard.understood.command
        return command is not None and command.name in names

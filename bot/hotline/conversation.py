"""What does this text mean, given who wrote it and what we asked last? First what cannot wait, then answers, then the rest."""

from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.alerts import by_text, shift_words
from bot.clock import now
from bot.contacts.models import Contact
from bot.hotline import (
    about_us,
    aid,
    answering,
    asking,
    at_home,
    check_word,
    checking,
    crying_out,
    joining,
    late,
    leaving,
    reporting,
    said_in_words,
    showing,
)
from bot.hotline.command import Command
from bot.hotline.listening import Heard
from bot.hotline.talk import Talk
from bot.hotline.who import Who
from bot.outbox.delivery_models import Delivery
from bot.reports import intake
from bot.reports.models import ReportKind
from messages import languages, tongue

TOO_MANY = "hotline.too_many"


WHILE_STOPPED = ("START", "JOIN", "DELETE", "FORGET", "DATA", "HELP", "WHO", "LANG")
"""What somebody who said STOP may still ask for by its word."""


def hear(session: Session, who: Who, heard: Heard, flooding: bool = False) -> Talk:
    """Take one turn. Emergencies, STOP and answers to our own questions come before everything, whatever the load."""
    talk = Talk(session, who.contact, heard, who.conversation, who.volunteer)
    note_language(who.contact, heard)
    if talk.is_late:
        late.turn(talk, lambda: _turn(talk, flooding))
    else:
        _turn(talk, flooding)
    showing.keep(talk)
    return talk


def _turn(talk: Talk, flooding: bool) -> None:
    if _volunteer_answered(talk):
        return
    if talk.heard.understood.intent == "emergency":
        crying_out.emergency(talk)
    elif talk.is_command("STOP"):
        _stop(talk)
    elif crying_out.in_despair(talk) or _goes_on_from_before(talk, flooding):
        return
    elif flooding:
        _too_many(talk)
    elif talk.contact.is_stopped and not talk.is_command(*WHILE_STOPPED):
        _after_stop(talk)
    elif (command := talk.heard.understood.command) is not None:
        _command(talk, command)
    else:
        said_in_words.tell_or_ask(talk)


def note_language(contact: Contact, heard: Heard) -> None:
    """The first clear text sets the language; after that only LANG or a join word does."""
    if contact.language is None and heard.language and languages.is_complete(heard.language):
        contact.language = tongue.script(languages.base(heard.language), heard.message.text)


def _stop(talk: Talk) -> None:
    if talk.volunteer is not None:
        shift_words.stopped(talk.session, talk.volunteer)
    leaving.stop(talk)


def _volunteer_answered(talk: Talk) -> bool:
    person = talk.volunteer
    said, at = talk.heard.message.text, talk.heard.message.sent_at
    if person is None:
        return False
    if not talk.contact.is_stopped:
        return by_text.hear(talk.session, person, said, talk.contact, at)
    answer = by_text.after_stop(talk.session, person, said, at)
    if answer is not None:
        talk.say(answer, language=person.language)
    return answer is not None


def _goes_on_from_before(talk: Talk, flooding: bool) -> bool:
    """An answer to us, more about a cry for help; a picture without words is about what was told, and no answer to anything."""
    if showing.only_shows(talk):
        _shows(talk, flooding)
        return True
    return answering.answered(talk) or crying_out.goes_on(talk)


def _shows(talk: Talk, flooding: bool) -> None:
    """A picture, a voice or a film, and no words."""
    if showing.has_pictures(talk) and crying_out.goes_on(talk):
        return
    if flooding:
        _too_many(talk)
    elif talk.contact.is_stopped:
        _after_stop(talk)
    else:
        showing.shown(talk)


def _too_many(talk: Talk) -> None:
    """Said once, so that silence is no riddle; what must be answered always is (`_turn`)."""
    told = select(Delivery.id).where(
        Delivery.of_contact(talk.contact.id)[0], Delivery.key == TOO_MANY, Delivery.expires_at > now()
    )
    if talk.session.scalar(told.limit(1)) is None:
        talk.say(TOO_MANY)


def _after_stop(talk: Talk) -> None:
    """STOP ends what we start. What they tell us still counts; each text of theirs gets its one reply."""
    if talk.heard.understood.intent == "report":
        sighting = talk.heard.understood.sighting or intake.read(talk.heard.text, talk.language)
        reporting.file(talk, sighting, ReportKind.REPORT)
    talk.say("hotline.after_stop")


COMMANDS: dict[str, Callable[[Talk, str], None]] = {
    "JOIN": joining.start,
    "START": lambda talk, said: joining.start(talk, said) if said else leaving.start_again(talk),
    "LEAVE": joining.leave,
    "DELETE": lambda talk, said: leaving.erase(talk),
    "FORGET": lambda talk, said: leaving.erase_marks(talk),
    "LANG": about_us.language,
    "CHECK": checking.check,
    "CHECK_WORD": check_word.word,
    "AID": aid.aid,
    "HOME": at_home.home,
    "REPORT": lambda talk, said: talk.say("hotline.report_how"),
    "RIGHTS": lambda talk, said: asking.rights(talk),
    "MORE": lambda talk, said: asking.more(talk),
    "HELP": lambda talk, said: about_us.help_(talk),
    "WHO": lambda talk, said: about_us.who(talk),
    "DATA": lambda talk, said: about_us.data(talk),
    "SOS": lambda talk, said: crying_out.emergency(talk),
    "AFFIRM": lambda talk, said: talk.say("hotline.here"),
    "DENY": lambda talk, said: talk.say("hotline.here"),
    "NEVER_MIND": lambda talk, said: talk.lets_go(),
    "NUMBER": lambda talk, said: talk.say("hotline.number_unasked"),
    "CODE": lambda talk, said: talk.say("hotline.number_unasked"),
}
"""What each command does; one that is not here gets the menu."""


def _command(talk: Talk, command: Command) -> None:
    if command.joins and command.language and languages.is_complete(command.language):
        said, theirs = talk.heard.message.text, talk.contact.language
        talk.contact.language = tongue.script(languages.base(command.language), said, theirs, enough=1)
    if command.name in COMMANDS:
        COMMANDS[command.name](talk, command.argument)
    else:
        about_us.menu(talk)

"""What does this text mean, given who wrote it and what we asked last? First what cannot wait, then answers, then the rest."""

from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

from bot.alerts import by_text
from bot.contacts.models import Contact
from bot.hotline import about_us, aid, asking, checking, crying_out, joining, late, leaving, reporting
from bot.hotline.command import Command
from bot.hotline.listening import Heard
from bot.hotline.talk import Talk
from bot.hotline.who import Who
from bot.places import gazetteer
from bot.reports import intake
from bot.reports.models import ReportKind
from messages import languages
from messages.vocabulary import words
from messages.wording import plain

RUMOR = "rumor"
"""The topic of how we check; asked with a place, what is known there is the better answer."""

AREA_WORDS = 4
"""The longest neighborhood names have so many words."""

WHILE_STOPPED = ("START", "JOIN", "DELETE", "FORGET", "DATA", "HELP", "WHO")
"""What somebody who said STOP may still ask for by its word."""


def hear(session: Session, who: Who, heard: Heard, flooding: bool = False) -> Talk:
    """Take one turn. Emergencies, STOP and answers to our own questions come before everything, whatever the load."""
    talk = Talk(session, who.contact, heard, who.conversation, who.volunteer)
    note_language(who.contact, heard)
    if talk.is_late:
        late.turn(talk, lambda: _turn(talk, flooding))
    else:
        _turn(talk, flooding)
    return talk


def _turn(talk: Talk, flooding: bool) -> None:
    if _volunteer_answered(talk):
        return
    if talk.heard.understood.intent == "emergency":
        crying_out.emergency(talk)
    elif talk.is_command("STOP"):
        _stop(talk)
    elif talk.contact.is_stopped and not talk.is_command(*WHILE_STOPPED):
        _after_stop(talk)
    elif _answered_our_question(talk) or flooding:
        return
    elif (command := talk.heard.understood.command) is not None:
        _command(talk, command)
    elif not crying_out.goes_on(talk):
        _tell_or_ask(talk)


def note_language(contact: Contact, heard: Heard) -> None:
    """The first clear text sets the language; after that only LANG or a join word does."""
    if contact.language is None and heard.language and languages.is_complete(heard.language):
        contact.language = languages.base(heard.language)


def _stop(talk: Talk) -> None:
    if talk.volunteer is not None:
        by_text.stopped(talk.session, talk.volunteer)
    leaving.stop(talk)


def _volunteer_answered(talk: Talk) -> bool:
    person = talk.volunteer
    said, at = talk.heard.message.text, talk.heard.message.sent_at
    return person is not None and by_text.hear(talk.session, person, said, talk.contact, at)


def _after_stop(talk: Talk) -> None:
    """STOP ends what we start. What they tell us still counts; each text of theirs gets its one reply."""
    if talk.heard.understood.intent == "report":
        sighting = talk.heard.understood.sighting or intake.read(talk.heard.text, talk.language)
        reporting.file(talk, sighting, ReportKind.REPORT)
    talk.say("hotline.after_stop")


def _answered_our_question(talk: Talk) -> bool:
    """Whether this text answers what we asked. A command, or a new story, goes its own way and the question lapses."""
    question = talk.open_question()
    command = talk.heard.understood.command
    if question is None or (command is not None and command.name not in ("NUMBER", "AFFIRM", "DENY")):
        return False
    name, about = question
    if name in ABOUT_AREAS and _tells_or_asks_something_else(talk):
        return False
    return ANSWERS[name](talk, about) is not False


def _tells_or_asks_something_else(talk: Talk) -> bool:
    intent = talk.heard.understood.intent
    return intent in ("report", "rumor_check") or (intent == "question" and not _names_an_area(talk))


def _names_an_area(talk: Talk) -> bool:
    found = gazetteer.find_area(talk.heard.text)
    return bool(found.neighborhoods or found.choices or found.outside)


def _another_place(talk: Talk) -> bool:
    """A report that names a place of its own is a new report, not an answer about the last one."""
    found = talk.heard.found
    return talk.heard.understood.intent == "report" and found is not None and bool(found.key)


def _told_more(talk: Talk, report_id: int) -> bool:
    if _another_place(talk):
        return False
    reporting.told_more(talk, report_id)
    return True


ABOUT_AREAS = ("area", "which_area", "confirm_area", "check_where")
"""Questions that a sighting does not answer, though it names a place."""

ANSWERS: dict[str, Callable[[Talk, dict[str, Any]], bool | None]] = {
    "area": lambda talk, about: joining.offer(talk, talk.heard.text),
    "which_area": lambda talk, about: joining.chose(talk, about["choices"]),
    "confirm_area": lambda talk, about: joining.confirmed(talk, about["area"]),
    "language": lambda talk, about: about_us.chose_language(talk),
    "topics": lambda talk, about: asking.chose(talk, about["choices"]),
    "report_place": lambda talk, about: reporting.placed(talk, about["report"], about["tries"]),
    "report_which": lambda talk, about: reporting.chose_place(talk, about["report"], about["choices"]),
    "report_more": lambda talk, about: _told_more(talk, about["report"]),
    "check_where": lambda talk, about: checking.check(talk, talk.heard.text),
    "check_which": lambda talk, about: checking.chose_place(talk, about["choices"], about["place"]),
}
"""What an answer to each of our questions means. `False`: it was no answer to that."""

COMMANDS: dict[str, Callable[[Talk, str], None]] = {
    "JOIN": joining.start,
    "START": lambda talk, said: joining.start(talk, said) if said else leaving.start_again(talk),
    "LEAVE": joining.leave,
    "DELETE": lambda talk, said: leaving.erase(talk),
    "FORGET": lambda talk, said: leaving.erase_marks(talk),
    "LANG": about_us.language,
    "CHECK": checking.check,
    "AID": aid.aid,
    "REPORT": lambda talk, said: talk.say("hotline.report_how"),
    "RIGHTS": lambda talk, said: asking.rights(talk),
    "MORE": lambda talk, said: asking.more(talk),
    "HELP": lambda talk, said: about_us.help_(talk),
    "WHO": lambda talk, said: about_us.who(talk),
    "DATA": lambda talk, said: about_us.data(talk),
    "SOS": lambda talk, said: crying_out.emergency(talk),
    "AFFIRM": lambda talk, said: talk.say("hotline.here"),
    "DENY": lambda talk, said: talk.say("hotline.here"),
    "NUMBER": lambda talk, said: talk.say("hotline.number_unasked"),
    "CODE": lambda talk, said: talk.say("hotline.number_unasked"),
}
"""What each command does; one that is not here gets the menu."""


def _command(talk: Talk, command: Command) -> None:
    if command.joins and command.language and languages.is_complete(command.language):
        talk.contact.language = languages.base(command.language)
    if command.name in COMMANDS:
        COMMANDS[command.name](talk, command.argument)
    else:
        about_us.menu(talk)


def _tell_or_ask(talk: Talk) -> None:
    understood = talk.heard.understood
    match understood.intent:
        case "report":
            reporting.report(talk)
        case "rumor_check":
            checking.rumor(talk)
        case _ if _is_an_area(talk):
            joining.offer(talk, talk.heard.text)
        case "question":
            _question(talk)
        case _:
            _not_understood(talk)


def _question(talk: Talk) -> None:
    """About a place it is answered with what is known there; else with a topic, or two or three to choose from."""
    understood = talk.heard.understood
    if understood.topic == RUMOR and understood.found is not None and understood.found.key:
        checking.rumor(talk)
    elif understood.topic:
        asking.answer(talk, understood.topic)
    elif understood.choices:
        asking.offer(talk, understood.choices)
    else:
        _not_understood(talk)


def _is_an_area(talk: Talk) -> bool:
    """A ZIP or a neighborhood's name and nothing else, or a pin: they want to hear about it."""
    short = len(talk.heard.text.split()) <= AREA_WORDS
    return talk.heard.pin is not None or (short and gazetteer.find_area(talk.heard.text).kind in ("zip", "area"))


def _only_thanks(text: str) -> bool:
    courtesies = {word for courtesy in words("commands", "polite") for word in courtesy.split()}
    return set(plain(text).split()) <= courtesies


def _not_understood(talk: Talk) -> None:
    """No dead end: a sound or a picture asks for words, the rest gets the ways on."""
    message = talk.heard.message
    if not message.text.strip() and any(kind.startswith("audio/") for kind in message.media):
        talk.say("hotline.audio")
    elif not message.text.strip() and message.media:
        talk.say("hotline.photo_only")
    elif not message.text.strip():
        talk.say("hotline.empty")
    elif _only_thanks(message.text):
        talk.say("hotline.here")
    else:
        talk.say("hotline.not_understood")

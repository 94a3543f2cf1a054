"""What does a volunteer's text mean? A number they were given, ON, OFF, SOS; anything else is a resident's text.

A sender's number proves nothing by itself (docs/threat-model.md T12): only a number we just gave to that very person acts, it
acts once, wrong ones are limited, and no text releases anything. A bare `1` does nothing.
"""

import datetime as dt
import re

from sqlalchemy.orm import Session

from bot.alerts import calling, desk, shift_words
from bot.clock import ago
from bot.contacts.models import Contact
from bot.exercises import by_text as exercise
from bot.inbox.models import Conversation
from bot.incidents.holding import hold
from bot.incidents.models import Incident
from bot.moderation import asking, caring, choices, claims, emergencies, escalating
from bot.moderation.asking_models import Choice
from bot.moderation.choices import Answer
from bot.moderation.emergency_models import Emergency
from bot.moderation.models import Saw
from bot.moderation.refusals import Refused
from bot.moderation.texting import text
from bot.outbox.delivery_models import Reason
from bot.people.models import Person
from bot.places import gazetteer
from messages.formats import moment
from messages.vocabulary import words
from messages.wording import folded, plain

LONGEST_SALUTE = 300
HELD_BY_NOTHING = (choices.OK, Saw.UNSAFE.value)
"""However many wrong numbers came before: whoever forges these makes nobody less safe."""
_MINUTES = re.compile(r"\D{0,8}(\d{1,2})(?!\d)\s*(?:m(?:in\w*)?\b|'|phut|នាទី|分|분|$)")
LATE_MINUTES = 2
"""A volunteer's text that reaches us later than this is about another moment: a finding must be fresh."""


def hear(session: Session, person: Person, said: str, contact: Contact, sent_at: dt.datetime | None = None) -> bool:
    """Act on a volunteer's text and answer it. False when it is not one: then it is read like anybody's.

    `sent_at`: it missed us then, and is heard now.
    """
    if person.revoked_at is not None or person.contact_id != contact.id:
        return False
    caring.heard(session, person, sent_at)
    if sent_at is not None and sent_at < ago(minutes=LATE_MINUTES):
        return _late(session, person, said, sent_at)
    answer = choices.read(session, person, said)
    if answer is not None:
        if answer.choice.act in HELD_BY_NOTHING or choices.wrong_lately(session, person) < choices.WRONG_AT_MOST:
            _number(session, person, answer)
        else:
            _held_up(session, person)
        return True
    if choices.is_wrong(session, person, said) and _wrong(session, person, said):
        return True
    if (choices.is_bare(said) or _lacks_the_number(said)) and _is_asked(session, person):
        text(session, person, "pages.one_is_not_enough")
        return True
    command = shift_words.ACTS.get(shift_words.meant(said) or "")
    if command is None:
        return False
    command(session, person)
    return True


def after_stop(session: Session, person: Person, said: str, sent_at: dt.datetime | None = None) -> str | None:
    """STOP ended their pages and their part, not our care: an SOS is passed on. The key of its one answer."""
    if person.revoked_at is not None:
        return None
    caring.heard(session, person, sent_at)
    return shift_words.passed_on(session, person, sent_at) if shift_words.meant(said) == "volunteer_sos" else None


def _late(session: Session, person: Person, said: str, sent_at: dt.datetime) -> bool:
    """What they saw or took on then is no longer so: it does not count, and they are told. OFF and SOS hold at any age."""
    command = shift_words.meant(said)
    if command == "volunteer_off":
        shift_words.off(session, person)
    elif command == "volunteer_sos":
        shift_words.sos(session, person, sent_at)
    else:
        answer = None if command else choices.read(session, person, said)
        return bool(command or answer) and _too_late(session, person, answer, sent_at)
    return True


def _too_late(session: Session, person: Person, answer: Answer | None, sent_at: dt.datetime) -> bool:
    """A rehearsal says what it is, and that they are OK is good to hear at any time."""
    if answer is not None and answer.choice.exercise_id is not None:
        exercise.late(session, person, answer.choice)
    elif answer is not None and answer.choice.act == choices.OK:
        text(session, person, "pages.are_you_ok_thanks", reason=Reason.ALARM)
    else:
        text(session, person, "pages.late", reason=Reason.ALARM, time=moment(sent_at, person.language))
    return True


def _number(session: Session, person: Person, answer: Answer) -> None:
    """What it is about is held before the number is taken: whoever closes numbers holds it too, and nobody waits in a ring."""
    choice = answer.choice
    if choice.emergency_id is not None:
        emergency = session.get_one(Emergency, choice.emergency_id, with_for_update=True)
        if _usable(session, person, choice) and not emergencies.take(session, emergency, person):
            text(session, person, "emergencies.taken_already")
        return
    if choice.exercise_id is not None:
        exercise.hear(session, person, choice)
        return
    if choice.incident_id is None:
        if _usable(session, person, choice):
            text(session, person, "pages.are_you_ok_thanks")  # that they wrote has ended the question (`caring.heard`)
        return
    incident = hold(session, session.get_one(Incident, choice.incident_id))
    if not _usable(session, person, choice):
        return
    try:
        _act(session, person, incident, choice.act, answer.words[:LONGEST_SALUTE])
    except Refused as refused:
        text(session, person, refused.key, values=refused.values)


def _usable(session: Session, person: Person, choice: Choice) -> bool:
    """Take the number, or say that it is spent."""
    if choices.use(session, choice):
        return True
    text(session, person, "pages.number_old")
    return False


def _act(session: Session, person: Person, incident: Incident, act: str, said: str) -> None:
    if act == choices.GOING:
        _goes(session, incident, person, said)
    elif act == choices.CANNOT:
        asked = claims.decline(session, incident, person)
        text(session, person, "pages.declined" if asked else "pages.declined_thanks")
    elif act in choices.WHEN_NOBODY_GOES:
        escalating.decide(session, incident, person, act)
    elif act == choices.CANNOT_RELEASE:
        calling.decline(session, incident, person)
    elif act == choices.STILL_THERE:
        desk.found(session, incident, person, Saw.IMMIGRATION, said, uniform=incident.uniform)
    elif act in asking.IDENTIFIED:
        desk.found(session, incident, person, Saw.IMMIGRATION, said, uniform=asking.IDENTIFIED[act])
    elif act in asking.WAS:
        saw = Saw.OTHER_POLICE if act == "was_police" else Saw.SOMETHING_ELSE
        desk.found(session, incident, person, saw, said, was=asking.WAS[act])
    else:
        desk.found(session, incident, person, Saw(act), said)


def _goes(session: Session, incident: Incident, person: Person, said: str) -> None:
    """ "4471 15 min": they hear until when, and so does whoever asks for more time."""
    way = _MINUTES.match(folded(said))
    more = claims.held_by(session, incident, person) is not None
    held = claims.claim(session, incident, person, minutes=int(way[1]) if way else None)
    if more or way:
        asking.lease(session, incident, person, held.lease_until)


def _wrong(session: Session, person: Person, said: str) -> bool:
    """A number that they were never given: said so, a few times. With words behind it, it may be a report (of a house number),
    or a cry for help: false, and it is read like a resident's as well.
    """
    wrong, alone = choices.wrong_lately(session, person), choices.is_only_a_number(said)
    if wrong == choices.WRONG_AT_MOST:
        _held_up(session, person)  # once; then wrong ones are met with silence
    elif wrong < choices.WRONG_AT_MOST and (alone or not gazetteer.find(said).key):
        text(session, person, "pages.number_wrong")
    return alone


def _held_up(session: Session, person: Person) -> None:
    text(session, person, "pages.numbers_held", values={"wait": choices.WRONG_MINUTES})


def _is_asked(session: Session, person: Person) -> bool:
    """Whether we wait for a number of theirs, and for nothing that `1` would answer as a resident's."""
    talk = session.get(Conversation, person.contact_id)
    if talk is not None and talk.open_question() is not None:
        return False
    return bool(choices.open_choices(session, person)) or bool(claims.all_of(session, person))


def _lacks_the_number(said: str) -> bool:
    """ "going", "no puedo": an answer to a page, without saying to which."""
    return plain(said) in words("commands", "volunteer_without_number")

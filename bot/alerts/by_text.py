"""What does a volunteer's text mean? A number they were given, a bare `1`, ON, OFF, SOS; anything else is a resident's text.

A sender's number proves nothing by itself (facts/security.md T12): only a number we just gave to that very person acts, it
acts once, wrong ones are limited, and no text releases anything.
"""

import datetime as dt
from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.alerts import desk
from bot.clock import ago, now
from bot.contacts.models import Contact
from bot.incidents.holding import hold
from bot.incidents.models import Incident
from bot.moderation import asking, choices, claims, emergencies, paging
from bot.moderation.choices import Answer
from bot.moderation.models import Choice, Claim, ClaimState, Emergency, Saw
from bot.moderation.refusals import Refused
from bot.moderation.texting import at, text
from bot.outbox.models import Reason
from bot.people import shifts
from bot.people.models import Person, Role
from messages.formats import moment
from messages.vocabulary import words
from messages.wording import plain

CARERS = (Role.COORDINATOR, Role.DISPATCHER)
LONGEST_SALUTE = 300
LATE_MINUTES = 2
"""A volunteer's text that reaches us later than this is about another moment: a finding must be fresh."""


def hear(session: Session, person: Person, said: str, contact: Contact, sent_at: dt.datetime | None = None) -> bool:
    """Act on a volunteer's text and answer it. False when it is not one: then it is read like anybody's.

    `sent_at`: it missed us then, and is heard now.
    """
    if person.revoked_at is not None or person.contact_id != contact.id:
        return False
    if sent_at is not None and sent_at < ago(minutes=LATE_MINUTES):
        return _late(session, person, said, sent_at)
    answer = choices.read(session, person, said)
    if answer is not None:
        if choices.wrong_lately(session, person) < choices.WRONG_AT_MOST:
            _number(session, person, answer)
        return True
    if choices.is_wrong(session, person, said) and choices.wrong_lately(session, person) == choices.WRONG_AT_MOST:
        text(session, person, "pages.numbers_held", values={"wait": choices.WRONG_MINUTES})  # once; then we are silent
    if said.strip() == choices.BARE:
        return _bare(session, person)
    command = COMMANDS.get(_command(said) or "")
    if command is None:
        return False
    command(session, person)
    return True


def _late(session: Session, person: Person, said: str, sent_at: dt.datetime) -> bool:
    """What they saw or took on then is no longer so: it does not count, and they are told. OFF and SOS hold at any age."""
    command = _command(said)
    if command == "volunteer_off":
        _off(session, person)
    elif command == "volunteer_sos":
        _sos(session, person, sent_at)
    elif command or said.strip() == choices.BARE or choices.read(session, person, said) is not None:
        text(session, person, "pages.late", reason=Reason.ALARM, time=moment(sent_at, person.language))
    else:
        return False
    return True


def stopped(session: Session, person: Person) -> None:
    """A volunteer said STOP: their shift and their claims end, and those who count on them hear it."""
    claimed = [hold(session, session.get_one(Incident, held.incident_id)) for held in _held(session, person)]
    for incident in claimed:
        claims.give_up(session, incident, person)
    shifts.off(session, person)
    _tell_carers(session, person, "pages.stopped_watch")


def _number(session: Session, person: Person, answer: Answer) -> None:
    """What it is about is held before the number is taken: whoever closes numbers holds it too, and nobody waits in a ring."""
    choice = answer.choice
    if choice.emergency_id is not None:
        emergency = session.get_one(Emergency, choice.emergency_id, with_for_update=True)
        if _usable(session, person, choice) and not emergencies.take(session, emergency, person):
            text(session, person, "emergencies.taken_already")
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
        claims.claim(session, incident, person, minutes=int(said) if said.isdecimal() and len(said) < 3 else None)
    elif act == choices.CANNOT:
        claims.decline(session, incident, person)
        text(session, person, "pages.declined")
    elif act in asking.IDENTIFIED:
        desk.found(session, incident, person, Saw.IMMIGRATION, said, uniform=asking.IDENTIFIED[act])
    elif act in asking.WAS:
        saw = Saw.OTHER_POLICE if act == "was_police" else Saw.SOMETHING_ELSE
        desk.found(session, incident, person, saw, said, was=asking.WAS[act])
    else:
        desk.found(session, incident, person, Saw(act), said)


def _bare(session: Session, person: Person) -> bool:
    """`1` says yes to the one page that is open. With several, or on the spot, the whole number is asked for; else it is an
    answer to something else.
    """
    choice = choices.bare(session, person)
    if choice is not None:
        _number(session, person, Answer(choice, ""))
        return True
    if choices.open_choices(session, person, choices.GOING) or _held(session, person):
        text(session, person, "pages.one_is_not_enough")
        return True
    return False


def _on(session: Session, person: Person) -> None:
    shift = shifts.on(session, person)
    text(session, person, "pages.shift_on", until=at(shift.ends_at, person.language))


def _off(session: Session, person: Person) -> None:
    ended = shifts.off(session, person)
    text(session, person, "pages.shift_off" if ended else "pages.shift_off_already")


def _sos(session: Session, person: Person, sent_at: dt.datetime | None = None) -> None:
    """Always answered, always passed on, on shift or not."""
    text(session, person, "pages.sos")
    _tell_carers(session, person, "pages.sos_watch", sent_at)


COMMANDS: dict[str, Callable[[Session, Person], None]] = {
    "volunteer_on": _on,
    "volunteer_off": _off,
    "volunteer_sos": _sos,
}


def _command(said: str) -> str | None:
    """Which of the volunteers' words this whole text is, in any language."""
    return next((name for name in COMMANDS if plain(said) in words("commands", name)), None)


def _tell_carers(session: Session, person: Person, key: str, when: dt.datetime | None = None) -> None:
    for other in paging.watchers(session, CARERS):
        if other.id != person.id:
            text(
                session, other, key, reason=Reason.ALARM, person=person.name, time=moment(when or now(), other.language)
            )


def _held(session: Session, person: Person) -> list[Claim]:
    return list(
        session.scalars(
            select(Claim)
            .where(Claim.person_id == person.id, Claim.state == ClaimState.HELD)
            .order_by(Claim.incident_id)
        )
    )

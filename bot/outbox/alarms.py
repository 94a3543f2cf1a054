"""Who is told that a sender stands still until somebody mends it? Organizers on shift, by text, where the other channel works.

Nobody on shift: the coordinators. By the sender that stands still nothing can be told: the console says it on every page.
"""

from sqlalchemy.orm import Session

from bot.clock import now
from bot.contacts.models import Channel
from bot.outbox import answers, diverting, pausing
from bot.outbox.models import Lane, Reason
from bot.people import shifts
from bot.people.models import Person, Role
from bot.settings import settings
from messages import formats

MINUTES = 30
"""Told later than that it is news no more."""


def sender_stands_still(session: Session, channel: Channel, why: str) -> int:
    """Text those who can mend it, by the other channel; how many."""
    other = diverting.OTHER[channel]
    if any(pause.channel is other for pause in pausing.standing(session)):
        return 0
    told = [person for person in watchers(session) if _is_reached(person, other)]
    for person in told:
        _text(session, person, channel, why)
    return len(told)


def watchers(session: Session) -> list[Person]:
    """Who can release can see to this too."""
    here = [person for person in shifts.on_shift(session) if person.role in shifts.RELEASERS]
    return here or shifts.with_phone(session, Role.COORDINATOR)


def _is_reached(person: Person, channel: Channel) -> bool:
    return shifts.can_be_texted(person) and person.contact is not None and diverting.reaches(person.contact, channel)


def _text(session: Session, person: Person, standing: Channel, why: str) -> None:
    if person.contact is None:
        return
    made = answers.answer(
        session,
        person.contact,
        f"pages.stands_still_{standing.value}",
        reason=Reason.ALARM,
        lane=Lane.PAGE,
        language=person.language,
        minutes=MINUTES,
        time=formats.clock_time(now(), person.language),
        host=settings().public_host,
    )
    diverting.divert(session, made, person.contact, diverting.OTHER[standing], why)

"""Who is told of what somebody has to mend now? Organizers on shift, by text; nobody on shift: the coordinators.

That a sender stands still is told by the other channel, where that works: the console says it on every page anyway.
"""

from sqlalchemy.orm import Session

from bot.clock import now
from bot.contacts.models import Channel
from bot.outbox import answers, diverting, pausing
from bot.outbox.delivery_models import Reason
from bot.outbox.models import Lane
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


def not_sent_by_us(session: Session, count: int) -> int:
    """Messages left our account that none of us sent: text those who can change its keys; how many."""
    told = [person for person in watchers(session) if shifts.can_be_texted(person) and person.contact is not None]
    for person in told:
        if person.contact is not None:
            answers.answer(
                session,
                person.contact,
                "pages.rogue_send",
                reason=Reason.ALARM,
                lane=Lane.PAGE,
                language=person.language,
                minutes=MINUTES,
                count=count,
                time=formats.clock_time(now(), person.language),
                host=settings().public_host,
            )
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

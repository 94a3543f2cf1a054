"""What do ON, OFF, SOS and STOP do, texted by a volunteer? Who counts on them hears it."""

import datetime as dt
from collections.abc import Callable

from sqlalchemy.orm import Session

from bot.incidents.holding import hold
from bot.incidents.models import Incident
from bot.moderation import caring, claims
from bot.moderation.texting import at, text
from bot.people import shifts
from bot.people.models import Person
from messages.vocabulary import words
from messages.wording import plain


def stopped(session: Session, person: Person) -> None:
    """A volunteer said STOP: their shift and their claims end, and those who count on them hear it."""
    _turns_back(session, person)
    shifts.off(session, person)
    caring.tell(session, person, "pages.stopped_watch")


def _on(session: Session, person: Person) -> None:
    shift = shifts.on(session, person)
    text(session, person, "pages.shift_on", until=at(shift.ends_at, person.language))


def off(session: Session, person: Person) -> None:
    on_the_way = _turns_back(session, person)
    ended = shifts.off(session, person)
    if on_the_way:
        text(session, person, "pages.shift_off_on_the_way")
    else:
        text(session, person, "pages.shift_off" if ended else "pages.shift_off_already")


def _turns_back(session: Session, person: Person) -> bool:
    """Whether they were on the way: their places wait for others at once, not when their leases run out."""
    claimed = [hold(session, session.get_one(Incident, held.incident_id)) for held in claims.all_of(session, person)]
    for incident in claimed:
        claims.give_up(session, incident, person)
    return bool(claimed)


def sos(session: Session, person: Person, sent_at: dt.datetime | None = None) -> None:
    """Always answered, always passed on, on shift or not."""
    text(session, person, passed_on(session, person, sent_at))


def passed_on(session: Session, person: Person, sent_at: dt.datetime | None) -> str:
    """What they hear: where no text reaches anybody, they must know that."""
    return "pages.sos" if caring.tell(session, person, "pages.sos_watch", sent_at) else "pages.sos_nobody"


ACTS: dict[str, Callable[[Session, Person], None]] = {
    "volunteer_on": _on,
    "volunteer_off": off,
    "volunteer_sos": sos,
}


def meant(said: str) -> str | None:
    """Which of the volunteers' words this whole text is, in any language."""
    return next((name for name in ACTS if plain(said) in words("commands", name)), None)

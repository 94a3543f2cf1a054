"""Somebody asks verifiers to look where no clock does: a dispatcher, at what only a crowd of copies told of; whoever is on call,
where nobody went. Never where it is unsafe.
"""

from sqlalchemy.orm import Session

from bot.incidents.holding import hold
from bot.incidents.models import Incident
from bot.moderation import paging
from bot.moderation.asking_models import Page
from bot.moderation.nearness import nearest
from bot.moderation.refusals import Refused
from bot.moderation.texting import at
from bot.people.models import Person
from bot.privacy import audit


class NobodyAsked(Refused):
    """It is decided, or unsafe there, or everybody near was asked. `key` is a text of the console; `why` its last part."""

    def __init__(self, why: str, **values: object) -> None:
        super().__init__(f"console.send.{why}", **values)
        self.why = why


def ask(session: Session, incident: Incident, by: Person) -> list[Page]:
    """Page the nearest who were not asked in this round. Raises `NobodyAsked`."""
    _must_want_eyes(session, incident)
    before = paging.pages_of(session, incident)
    asked = _fresh(session, incident)
    if before and not asked:
        waiting = [page for page in before if page.answered_at is None]
        last = at(max(page.paged_at for page in before), by.language)
        raise NobodyAsked("nobody_else", time=last, count=len(waiting))
    return _asked(session, incident, by, asked)


def ask_again(session: Session, incident: Incident, by: Person) -> list[Page]:
    """The nearest who were not asked yet, and those near on shift who were and said nothing. Raises `NobodyAsked`."""
    _must_want_eyes(session, incident)
    here = {person.id for person in nearest(session, incident, but=set())}
    return _asked(session, incident, by, paging.page_again(session, incident, only=here) + _fresh(session, incident))


def _must_want_eyes(session: Session, incident: Incident) -> None:
    hold(session, incident)
    if incident.state not in paging.WANTS_EYES:
        raise NobodyAsked("decided")
    if paging.is_unsafe(session, incident):
        raise NobodyAsked("unsafe")


def _fresh(session: Session, incident: Incident) -> list[Page]:
    """The next ring, where there is one: those who watch know already that there is nobody."""
    left = nearest(session, incident, but={page.person_id for page in paging.pages_of(session, incident)})
    return paging.widen(session, incident) if left else []


def _asked(session: Session, incident: Incident, by: Person, asked: list[Page]) -> list[Page]:
    if not asked:
        raise NobodyAsked("nobody")
    audit.record(session, "verifiers.asked", f"incident:{incident.id}", by.id, detail=str(len(asked)))
    return asked

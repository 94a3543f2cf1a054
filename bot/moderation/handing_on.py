"""Two incidents are one: what do those hear who were asked to look at the one that is no more?"""

from sqlalchemy.orm import Session

from bot.incidents.models import Incident
from bot.incidents.places import spoken
from bot.moderation import choices, claims, paging
from bot.moderation.models import ClaimState
from bot.moderation.texting import text
from bot.people.models import Person


def to(session: Session, away: Incident, into: Incident) -> None:
    """Their numbers and leases of the one end. Each may take on the other, if somebody is still wanted there."""
    asked = [page.person for page in paging.pages_of(session, away) if not page.declined]
    going = [held.person for held in claims.holders(session, away)]
    for held in claims.holders(session, away):
        held.state = ClaimState.DONE
    choices.close(session, incident=away)
    session.flush()
    wanted = into.state in claims.CLAIMABLE and not claims.holders(session, into)
    known = {page.person_id for page in paging.pages_of(session, into)}
    for person in _each_once([*going, *asked]):
        _tell(session, away, into, person)
        if wanted and person.id not in known:
            paging.ask_too(session, into, person)


def _tell(session: Session, away: Incident, into: Incident, person: Person) -> None:
    text(
        session,
        person,
        "pages.one_with_another",
        place=spoken(away, person.language),
        other=spoken(into, person.language),
    )


def _each_once(people: list[Person]) -> list[Person]:
    return list({person.id: person for person in people if person.revoked_at is None}.values())

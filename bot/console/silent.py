"""Which volunteer went to look and does not answer? Above the queue: who, where, since when; whoever reached them says so."""

import datetime as dt
from typing import NamedTuple

from flask import Blueprint, abort, redirect, url_for
from flask.typing import ResponseReturnValue

from bot.clock import ago
from bot.console.doors import DISPATCHERS, Visit, act
from bot.console.refusals import done
from bot.console.words import language
from bot.incidents.models import Incident
from bot.incidents.places import spoken
from bot.moderation import caring
from bot.people.models import Person
from bot.settings import settings

pages = Blueprint("silent", __name__)


class Silent(NamedTuple):
    """One of them, as the page shows it."""

    person: Person
    place: str
    incident_id: int
    since: dt.datetime
    """When their last word came."""
    late: bool
    """No answer in time."""


def rows(visit: Visit) -> list[Silent]:
    """For those who dispatch; to others it is nobody's business who is where."""
    if not visit.person.may_dispatch:
        return []
    session = visit.session
    return [
        Silent(
            question.person,
            spoken(session.get_one(Incident, question.incident_id), language()),
            question.incident_id,
            caring.last_heard(session, question),
            question.asked_at <= ago(minutes=settings().are_you_ok_minutes),
        )
        for question in caring.silent(session)
    ]


@act(pages, "/people/<int:person_id>/reached", who=DISPATCHERS)
def reached(visit: Visit, person_id: int) -> ResponseReturnValue:
    """Somebody spoke with them, by a phone list of their own."""
    person = visit.session.get(Person, person_id) or abort(404)
    caring.reached(visit.session, person, visit.person)
    done("silent.reached", name=person.name)
    return redirect(url_for("queue.show"), 303)

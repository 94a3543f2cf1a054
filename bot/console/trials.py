"""Who is new, how often did what they saw agree with what it came to be, and may their looks count now?"""

from flask import Blueprint, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from bot.console.doors import ORGANIZERS, Visit, act, look
from bot.console.refusals import done, or_back_to
from bot.moderation import trial
from bot.people import sessions
from bot.people.models import Person, Role
from bot.settings import settings

pages = Blueprint("trials", __name__, url_prefix="/people/trials")


@look(pages, "", who=ORGANIZERS)
def show(visit: Visit) -> ResponseReturnValue:
    return render_template(
        "trials.html",
        trials=trial.running(visit.session),
        least=settings().trial_findings,
        ends=visit.person.role is Role.COORDINATOR,
        proved=sessions.is_proved(visit.sitting),
    )


@act(pages, "/<int:person_id>/end", who=(Role.COORDINATOR,), proved="trials.show")
def end(visit: Visit, person_id: int) -> ResponseReturnValue:
    """A coordinator has looked at how it went."""
    person = visit.session.get(Person, person_id) or abort(404)
    with or_back_to(url_for("trials.show")):
        trial.end(visit.session, person, visit.person)
    done("trial.ended")
    return redirect(url_for("trials.show"), 303)

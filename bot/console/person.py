"""What do two people decide about a third? Their role, and new keys if they lost theirs: asked by one, agreed by another."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from bot.console.doors import ORGANIZERS, Visit, act, look
from bot.console.refusals import Refused, done, or_back_to
from bot.people import hands, recovery, roles, sessions
from bot.people.agreed_models import Recovery
from bot.people.models import Person, Role
from bot.settings import settings

SENIOR = "senior"
"""A verifier of experience: stands in the list of roles."""

pages = Blueprint("person", __name__, url_prefix="/people")


@look(pages, "/<int:person_id>", who=ORGANIZERS)
def show(visit: Visit, person_id: int) -> ResponseReturnValue:
    person = _person(visit.session, person_id)
    return render_template(
        "person.html",
        person=person,
        cannot=hands.first_trouble(visit.person, person),
        roles=[role for role in Role if role is not person.role],
        could_be_senior=not person.senior,
        proved=sessions.is_proved(visit.sitting),
    )


@act(pages, "/<int:person_id>/recovery", who=ORGANIZERS, proved="person.show")
def ask_recovery(visit: Visit, person_id: int) -> ResponseReturnValue:
    """The link is shown once, to the first of the two, and kept nowhere."""
    person = _person(visit.session, person_id)
    with or_back_to(url_for("people.show")):
        half = recovery.ask(visit.session, person, visit.person)
    # Our own address as it is configured: what the request calls us is whatever its sender, or a proxy, wrote there.
    link = settings().public_base_url.rstrip("/") + url_for("returning.ask", token=half.secret)
    return render_template("recovery_half.html", person=person, link=link)


@act(pages, "/recoveries/<int:asked_id>/agree", who=ORGANIZERS, proved="person.back_from_recovery")
def agree_recovery(visit: Visit, asked_id: int) -> ResponseReturnValue:
    """The code is shown once, to the second of the two."""
    with or_back_to(url_for("people.show")):
        asked = hands.running(visit.session, Recovery, asked_id)
        half = recovery.agree(visit.session, asked_id, visit.person)
    return render_template("recovery_half.html", person=_person(visit.session, asked.person_id), code=half.secret)


@act(pages, "/recoveries/<int:asked_id>/take-back", who=ORGANIZERS)
def take_back_recovery(visit: Visit, asked_id: int) -> ResponseReturnValue:
    """At once, by one person: stopping must be easy."""
    with or_back_to(url_for("people.show")):
        recovery.take_back(visit.session, asked_id, visit.person)
    return _done("people.taken_back")


@look(pages, "/recoveries/<int:asked_id>/agree", who=ORGANIZERS)
def back_from_recovery(_visit: Visit, asked_id: int) -> ResponseReturnValue:
    return redirect(url_for("people.show"), 303)


@act(pages, "/<int:person_id>/role", who=ORGANIZERS, proved="person.show")
def ask_role(visit: Visit, person_id: int) -> ResponseReturnValue:
    role, senior = request.form.get("role", ""), False
    if role == SENIOR:
        role, senior = Role.VERIFIER, True
    if role not in set(Role):
        raise Refused(url_for("person.show", person_id=person_id), "console.refused.choose")
    with or_back_to(url_for("people.show")):
        roles.ask(visit.session, _person(visit.session, person_id), Role(role), visit.person, senior=senior)
    return _done("people.role_asked")


@act(pages, "/roles/<int:asked_id>/agree", who=ORGANIZERS, proved="person.back_from_role")
def agree_role(visit: Visit, asked_id: int) -> ResponseReturnValue:
    with or_back_to(url_for("people.show")):
        person = roles.agree(visit.session, asked_id, visit.person)
    return _done("people.role_changed", name=person.name)


@act(pages, "/roles/<int:asked_id>/take-back", who=ORGANIZERS)
def take_back_role(visit: Visit, asked_id: int) -> ResponseReturnValue:
    with or_back_to(url_for("people.show")):
        roles.take_back(visit.session, asked_id, visit.person)
    return _done("people.taken_back")


@look(pages, "/roles/<int:asked_id>/agree", who=ORGANIZERS)
def back_from_role(_visit: Visit, asked_id: int) -> ResponseReturnValue:
    return redirect(url_for("people.show"), 303)


def _person(session: Session, person_id: int) -> Person:
    """Whoever works here, or would again if two say so."""
    person = session.get(Person, person_id)
    if person is None or (person.revoked_at is not None and person.suspended_at is None):
        abort(404)
    return person


def _done(key: str, **values: object) -> ResponseReturnValue:
    done(key, **values)
    return redirect(url_for("people.show"), 303)

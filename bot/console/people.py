"""Who works here, who is on shift, who was invited, and who may come in no more?"""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from bot.console import pending
from bot.console.doors import ORGANIZERS, Visit, act, look
from bot.console.refusals import Refused, done, or_back_to
from bot.people import invitations, review, sessions, shifts, sign_in, vouching
from bot.people.models import Invitation, InvitationLine, Person, Role
from bot.settings import settings

pages = Blueprint("people", __name__, url_prefix="/people")

COORDINATORS = (Role.COORDINATOR,)


@look(pages, "")
def show(visit: Visit) -> ResponseReturnValue:
    session = visit.session
    return render_template(
        "people.html",
        people=list(session.scalars(select(Person).where(Person.revoked_at.is_(None)).order_by(Person.name))),
        lines={line.id: line.name for line in session.scalars(select(InvitationLine))},
        on_shift={person.id for person in shifts.on_shift(session)},
        nobody_releases=not shifts.who_can_release(session),
        invitable=invitations.may_invite(visit.person),
        proved=sessions.is_proved(visit.sitting),
        revokes=visit.person.role in COORDINATORS,
        pending=pending.of(session, visit.person) if visit.person.role in ORGANIZERS else [],
        idle={person.id for person in review.idle(session, settings().idle_shown_days)},
        suspended=review.suspended(session),
        ends_on=review.ends_on,
        ended_days=settings().idle_ended_days,
    )


@act(pages, "/invitations", who=ORGANIZERS, proved="people.show_invitation")
def invite(visit: Visit) -> ResponseReturnValue:
    """The link and its code are shown once, here, and kept nowhere."""
    role = request.form.get("role", "")
    if role not in set(Role):
        raise Refused(url_for("people.show"), "console.refused.choose")
    with or_back_to(url_for("people.show")):
        invited = invitations.invite(visit.session, visit.person, Role(role))
    # Our own address as it is configured: what the request calls us is whatever its sender, or a proxy, wrote there.
    link = settings().public_base_url.rstrip("/") + url_for("acceptance.ask", token=invited.token)
    waits = visit.session.get_one(Invitation, invited.invitation_id).waits_for_a_second
    return render_template("invited.html", link=link, code=invited.code, role=role, waits=waits)


@act(pages, "/invitations/<int:invitation_id>/vouch", who=ORGANIZERS, proved="people.back")
def vouch(visit: Visit, invitation_id: int) -> ResponseReturnValue:
    """The second yes, by somebody of another line."""
    with or_back_to(url_for("people.show")):
        vouching.vouch(visit.session, invitation_id, visit.person)
    done("people.vouched")
    return redirect(url_for("people.show"), 303)


@look(pages, "/invitations/<int:invitation_id>/vouch", who=ORGANIZERS)
def back(_visit: Visit, invitation_id: int) -> ResponseReturnValue:
    return redirect(url_for("people.show"), 303)


@act(pages, "/invitations/<int:invitation_id>/take-back", who=ORGANIZERS)
def take_back(visit: Visit, invitation_id: int) -> ResponseReturnValue:
    with or_back_to(url_for("people.show")):
        vouching.take_back(visit.session, invitation_id, visit.person)
    done("people.taken_back")
    return redirect(url_for("people.show"), 303)


@look(pages, "/invitations", who=ORGANIZERS)
def show_invitation(visit: Visit) -> ResponseReturnValue:
    return redirect(url_for("people.show"), 303)


@act(pages, "/<int:person_id>/revoke", who=COORDINATORS, proved="people.ask_revoke")
def revoke(visit: Visit, person_id: int) -> ResponseReturnValue:
    """At once: their next request, on any device, is refused."""
    person = visit.session.get(Person, person_id) or abort(404)
    if person.id == visit.person.id:
        raise Refused(url_for("people.show"), "console.people.not_yourself")
    sign_in.revoke(visit.session, person, visit.person)
    done("people.revoked", name=person.name)
    return redirect(url_for("people.show"), 303)


@look(pages, "/<int:person_id>/revoke", who=COORDINATORS)
def ask_revoke(visit: Visit, person_id: int) -> ResponseReturnValue:
    """Asked once more, with a code, before it is done."""
    person = visit.session.get(Person, person_id) or abort(404)
    return render_template("revoke.html", person=person, proved=sessions.is_proved(visit.sitting))

"""Is sending frozen, by whom, and who thaws it? Anybody signed in freezes; two people of two lines thaw."""

from flask import Blueprint, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from bot.console.doors import ORGANIZERS, Visit, act, look
from bot.console.refusals import done, or_back_to
from bot.outbox import freezing
from bot.outbox.models import Freeze
from bot.people import sessions

pages = Blueprint("freezing", __name__, url_prefix="/freeze")


@look(pages, "")
def show(visit: Visit) -> ResponseReturnValue:
    freeze = freezing.frozen(visit.session)
    first = freezing.first_hand(visit.session, freeze) if freeze else None
    return render_template("freeze.html", freeze=freeze, first=first, proved=sessions.is_proved(visit.sitting))


@act(pages, "")
def freeze(visit: Visit) -> ResponseReturnValue:
    """At once, by one person, without a code: stopping must be easy."""
    with or_back_to(url_for("freezing.show")):
        freezing.freeze(visit.session, visit.person)
    done("freeze.done")
    return redirect(url_for("freezing.show"), 303)


@act(pages, "/<int:freeze_id>/thaw", who=ORGANIZERS, proved="freezing.again")
def thaw(visit: Visit, freeze_id: int) -> ResponseReturnValue:
    """Starting again takes two."""
    with or_back_to(url_for("freezing.show")):
        freezing.thaw(visit.session, freeze_id, visit.person)
    done("freeze.thawed" if visit.session.get_one(Freeze, freeze_id).thawed_at else "freeze.half_thawed")
    return redirect(url_for("freezing.show"), 303)


@look(pages, "/<int:freeze_id>/thaw")
def again(visit: Visit, freeze_id: int) -> ResponseReturnValue:
    return redirect(url_for("freezing.show"), 303) if visit.session.get(Freeze, freeze_id) else abort(404)

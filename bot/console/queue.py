"""What waits? Emergencies above, with their clock; then incidents, the most urgent first, with the reasons in words."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bot.alerts import night_review
from bot.console import changes, cries, filters, silent
from bot.console import rows as rows_of
from bot.console.doors import Visit, act, look, watch
from bot.console.refusals import Refused, done, or_back_to
from bot.console.words import language
from bot.moderation import by_the_taker, emergencies, given_up
from bot.moderation.emergency_models import Emergency
from bot.people import shifts
from bot.people.models import Role
from bot.photos import showing
from bot.places.neighborhoods import all_neighborhoods, name_of
from bot.reports import unplaced
from messages import catalog

pages = Blueprint("queue", __name__)


@look(pages, "/")
def show(visit: Visit) -> ResponseReturnValue:
    return render_template("queue.html", **_desk(visit))


@watch(pages, "/queue/rows")
def rows(visit: Visit) -> ResponseReturnValue:
    same = changes.unchanged(changes.of_the_desk(visit.session))
    return same or render_template("queue_rows.html", **_desk(visit))


@act(pages, "/emergencies/<int:emergency_id>/take", who=emergencies.READERS)
def take(visit: Visit, emergency_id: int) -> ResponseReturnValue:
    emergency = visit.session.get(Emergency, emergency_id) or abort(404)
    if not emergencies.take(visit.session, emergency, visit.person):
        raise Refused(url_for("queue.show"), "console.emergency.other")
    done("emergency.yours")
    return redirect(url_for("queue.show"), 303)


@act(pages, "/emergencies/<int:emergency_id>/close", who=emergencies.READERS)
def close(visit: Visit, emergency_id: int) -> ResponseReturnValue:
    """It is seen to; who took it says so, or a coordinator."""
    emergency = visit.session.get(Emergency, emergency_id) or abort(404)
    if emergency.taken_by != visit.person.id and visit.person.role is not Role.COORDINATOR:
        raise Refused(url_for("queue.show"), "console.emergency.not_yours")
    emergencies.close(visit.session, emergency, visit.person)
    done("emergency.closed")
    return redirect(url_for("queue.show"), 303)


@act(pages, "/emergencies/<int:emergency_id>/hand-on", who=emergencies.READERS)
def hand_on(visit: Visit, emergency_id: int) -> ResponseReturnValue:
    """Who took it cannot go on: the others are paged again."""
    emergency = visit.session.get(Emergency, emergency_id) or abort(404)
    with or_back_to(url_for("queue.show")):
        given_up.hand_on(visit.session, emergency, visit.person)
    done("emergency.handed_on")
    return redirect(url_for("queue.show"), 303)


@act(pages, "/emergencies/<int:emergency_id>/say", who=emergencies.READERS)
def say(visit: Visit, emergency_id: int) -> ResponseReturnValue:
    """One of the prepared answers, in the language of whoever cried for help."""
    emergency = visit.session.get(Emergency, emergency_id) or abort(404)
    with or_back_to(url_for("queue.show")):
        by_the_taker.say(visit.session, emergency, visit.person, request.form.get("what", ""))
    done("emergency.said")
    return redirect(url_for("queue.show"), 303)


@act(pages, "/emergencies/<int:emergency_id>/leave", who=emergencies.READERS)
def ask_leave(visit: Visit, emergency_id: int) -> ResponseReturnValue:
    """May volunteers know their block? Only they can say."""
    emergency = visit.session.get(Emergency, emergency_id) or abort(404)
    with or_back_to(url_for("queue.show")):
        by_the_taker.ask_leave(visit.session, emergency, visit.person)
    done("emergency.asked_leave")
    return redirect(url_for("queue.show"), 303)


def _desk(visit: Visit) -> dict[str, object]:
    session, asked = visit.session, filters.read(request.args)
    mark = changes.of_the_desk(session)  # before anything else is read
    found, reads = cries.open_ones(session, visit.person), visit.person.role in emergencies.READERS
    return {
        "mark": mark,
        "asked": asked,
        "incidents": rows_of.shown(visit, asked, mark),
        "emergencies": found,
        "photos": showing.of_reports(session, [cry.report.id for cry in found] if reads else []),
        "reads_emergencies": reads,
        "sayings": [(what, catalog.text(f"emergencies.say_{what}", language())) for what in by_the_taker.SAYINGS],
        "silent": silent.rows(visit),
        "unplaced": unplaced.count(session),
        "nobody_releases": not shifts.who_can_release(session),
        "night_reviews": len(night_review.waiting(session)),
        "areas": sorted((name_of(area.id, language()), area.id) for area in all_neighborhoods()),
        "states": filters.STATES,
        "kinds": tuple(filters.KINDS),
    }

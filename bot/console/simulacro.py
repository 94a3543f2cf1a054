"""Rehearsals: who takes part, what is supposed to be there, how far it is, and how it went. No resident is in any of it."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.console.doors import ORGANIZERS, Visit, act, look
from bot.console.refusals import Refused, done, or_back_to
from bot.exercises import releasing, running, scoring
from bot.exercises.models import Exercise
from bot.exercises.script import SCENES, name_of
from bot.people.models import Role

MOST_SHOWN = 30
pages = Blueprint("simulacro", __name__, url_prefix="/simulacro")


@look(pages, "", who=ORGANIZERS)
def show(visit: Visit) -> ResponseReturnValue:
    lately = select(Exercise).order_by(Exercise.started_at.desc()).limit(MOST_SHOWN)
    return render_template(
        "simulacro.html",
        exercises=list(visit.session.scalars(lately)),
        running=running.open_now(visit.session),
        people=[one for one in running.who_may_take_part(visit.session) if one.id != visit.person.id],
        scenes=tuple(SCENES),
        starts=visit.person.role is Role.COORDINATOR,
    )


@act(pages, "", who=(Role.COORDINATOR,))
def start(visit: Visit) -> ResponseReturnValue:
    chosen = request.form.getlist("people")
    if not all(one.isdecimal() for one in chosen):
        raise Refused(url_for("simulacro.show"), "console.refused.choose")
    with or_back_to(url_for("simulacro.show")):
        made = running.start(
            visit.session,
            visit.person,
            request.form.get("scene", ""),
            request.form.get("place", "")[:120],
            [int(one) for one in chosen],
        )
    done("simulacro.started")
    return redirect(url_for("simulacro.one", number=-made.id), 303)


@look(pages, "/<int:number>", who=ORGANIZERS)
def one(visit: Visit, number: int) -> ResponseReturnValue:
    """Who takes part in it reads here, too, what they are to release; the script is shown when it is over."""
    exercise = _exercise(visit.session, number)
    return render_template(
        "simulacro_one.html",
        exercise=exercise,
        outcome=scoring.of(exercise),
        scene=name_of(exercise.truth, exercise.was),
        knows=exercise.ended_at is not None or visit.person.id == exercise.started_by_id,
        ends=visit.person.role is Role.COORDINATOR,
        texts=releasing.texts(exercise),
        words=releasing.mark(exercise).hex(),
        refusals=releasing.refusals(visit.session, exercise, visit.person),
    )


@act(pages, "/<int:number>/release", who=ORGANIZERS)
def let_out(visit: Visit, number: int) -> ResponseReturnValue:
    """The second hand, rehearsed."""
    back = url_for("simulacro.one", number=number)
    try:
        words = bytes.fromhex(request.form.get("words", ""))
    except ValueError:
        raise Refused(back, "alerts.refused_words_changed") from None
    with or_back_to(back):
        releasing.release(visit.session, _exercise(visit.session, number), visit.person, words)
    done("simulacro.released")
    return redirect(back, 303)


@act(pages, "/<int:number>/end", who=(Role.COORDINATOR,))
def end(visit: Visit, number: int) -> ResponseReturnValue:
    running.end(visit.session, _exercise(visit.session, number), visit.person)
    done("simulacro.ended")
    return redirect(url_for("simulacro.one", number=number), 303)


def _exercise(session: Session, number: int) -> Exercise:
    return session.get(Exercise, -number) or abort(404)

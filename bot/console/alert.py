"""What exactly would leave, to how many, and may this person let it out? And once it left: what became of it?"""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from bot.alerts import calling, desk, reachability, release
from bot.alerts.models import Alert
from bot.clock import ago, now
from bot.console import changes, reach, since
from bot.console.doors import DISPATCHERS, ORGANIZERS, Visit, act, look, watch
from bot.console.incident import WAS
from bot.console.refusals import Refused, done, or_back_to
from bot.moderation import questions
from bot.moderation.asking_models import Asked
from bot.moderation.refusals import Refused as RuleRefused
from bot.outbox import fuse
from bot.outbox.models import Kind
from bot.people import sessions
from bot.people.models import Person
from bot.settings import settings

WORDS_CHANGED = "alerts.refused_words_changed"
SAID_ANEW_SECONDS = 20
SAYS_SO = (Kind.ALERT, Kind.UPDATE)

pages = Blueprint("alert", __name__, url_prefix="/alerts/<int:alert_id>")


@look(pages, "")
def show(visit: Visit, alert_id: int) -> ResponseReturnValue:
    alert = _alert(visit.session, alert_id)
    return render_template("alert.html", **_page(visit, alert))


@watch(pages, "/waiting")
def waiting(visit: Visit, alert_id: int) -> ResponseReturnValue:
    """The part of a release page that lives: whom it would reach, who can release it.

    Not the form that somebody types into: of it only what it says, as text, into the button and the sentence that stand there.
    """
    alert = _alert(visit.session, alert_id)
    if alert.broadcast.release is not None:
        return _whole_page_anew(alert)
    page = _waiting(visit, alert)
    if request.args.get("may", page["may"]) != page["may"]:
        return _whole_page_anew(alert)
    return changes.unchanged(str(page["mark"])) or render_template("alert_waiting_again.html", **page)


@watch(pages, "/progress")
def progress(visit: Visit, alert_id: int) -> ResponseReturnValue:
    """What became of the copies, as it happens."""
    alert = _alert(visit.session, alert_id)
    if alert.broadcast.release is None:
        abort(404)
    page = _going(visit, alert)
    return changes.unchanged(str(page["mark"])) or render_template("alert_progress.html", **page)


@act(pages, "/release", who=ORGANIZERS, proved="alert.show")
def let_out(visit: Visit, alert_id: int) -> ResponseReturnValue:
    """The second hand. The form carries the mark of the words that were read: others do not leave."""
    alert = _alert(visit.session, alert_id)
    with or_back_to(_address(alert)):
        try:
            release.release(visit.session, alert, visit.person, reach.words_read(request))
        except RuleRefused as refused:
            different = since.read(alert, visit.person.id, request.form.get("read", ""))
            if refused.key != WORDS_CHANGED or not different:
                raise
            return render_template("alert.html", **_page(visit, alert), different=different), 409
    done("alert.released")
    return redirect(_address(alert), 303)


@act(pages, "/look-again", who=DISPATCHERS)
def look_again(visit: Visit, alert_id: int) -> ResponseReturnValue:
    """What was seen grew old while it waited: whoever confirmed it is asked whether it is still so."""
    alert = _alert(visit.session, alert_id)
    lately = ago(minutes=settings().release_turn_minutes)
    if questions.of(visit.session, alert.incident, Asked.LOOK_AGAIN, since=lately):
        raise Refused(_address(alert), "console.alert.asked_lately")
    asked = desk.ask_again(visit.session, alert.incident)
    if not asked:
        raise Refused(_address(alert), "console.alert.not_asked")
    done("alert.asked")
    return redirect(_address(alert), 303)


@act(pages, "/call", who=DISPATCHERS)
def call(visit: Visit, alert_id: int) -> ResponseReturnValue:
    """Page one of those who could release it, out of turn."""
    alert = _alert(visit.session, alert_id)
    able = {person.id: person for person in reachability.could_release(visit.session, alert)}
    person = able.get(request.form.get("person", 0, type=int))
    if person is None or not calling.can_be_released(alert):
        raise Refused(_address(alert), "console.turns.not_called")
    if calling.was_called_lately(visit.session, alert, person):
        raise Refused(_address(alert), "console.turns.called_lately", name=person.name)
    if calling.page(visit.session, alert, person) is None:
        raise Refused(_address(alert), "console.turns.no_phone", name=person.name)
    done("turns.called", name=person.name)
    return redirect(_address(alert), 303)


def _page(visit: Visit, alert: Alert) -> dict[str, object]:
    session, release_ = visit.session, alert.broadcast.release
    page: dict[str, object] = {
        "dispatches": visit.person.may_dispatch,
        "says_so": alert.kind in SAYS_SO,
        "wases": WAS,
        "since": since.proposed(session, alert),
    }
    if release_ is not None:
        page["released_by"] = session.get(Person, release_.second_id or release_.first_id)
        return page | _going(visit, alert)
    return page | _waiting(visit, alert) | {
        "remembered": since.to_remember(alert, visit.person.id),
        "proved": sessions.is_proved(visit.sitting),
    }  # fmt: skip


def _waiting(visit: Visit, alert: Alert) -> dict[str, object]:
    """Before the release: what may change while somebody reads."""
    session, broadcast = visit.session, alert.broadcast
    refusals = release.refusals(session, alert, visit.person)
    turns = reachability.turns(session, alert) if alert.pending else []
    counted, words = reach.of(session, broadcast), fuse.words_of(broadcast).hex()
    facts = [(turn.person.id, turn.on_shift, turn.last_seen_at, turn.paged_at, turn.next_at) for turn in turns]
    return {
        **_what(alert),
        **counted,
        "words": words,
        "refusals": refusals,
        "may": changes.mark([alert.pending, refusals]),
        "stale_finding": "alerts.refused_stale" in refusals,
        "turns": turns,
        "dispatches": visit.person.may_dispatch,
        "mark": changes.mark([counted["mark"], words, refusals, facts, _minute()]),
    }


def _going(visit: Visit, alert: Alert) -> dict[str, object]:
    """After it: where the copies are."""
    told_at = alert.incident.opened_at if alert.kind in SAYS_SO else None
    return _what(alert) | reach.of(visit.session, alert.broadcast, told_at)


def _what(alert: Alert) -> dict[str, object]:
    out = alert.broadcast.release is not None
    return {"alert": alert, "incident": alert.incident, "broadcast": alert.broadcast, "out": out}


def _minute() -> int:
    """What is said in minutes is said anew as they pass."""
    return int(now().timestamp()) // SAID_ANEW_SECONDS


def _whole_page_anew(alert: Alert) -> ResponseReturnValue:
    """Somebody released it, or this person may no longer, or may now: the page becomes another one."""
    return "", 204, {"HX-Redirect": _address(alert)}


def _alert(session: Session, alert_id: int) -> Alert:
    return session.get(Alert, alert_id) or abort(404)


def _address(alert: Alert) -> str:
    return url_for("alert.show", alert_id=alert.id)

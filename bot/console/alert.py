"""What exactly would leave, to how many, and may this person let it out? And once it left: what became of it?"""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from bot.alerts import desk, release
from bot.alerts.models import Alert
from bot.clock import now
from bot.console import changes, reach
from bot.console.doors import DISPATCHERS, ORGANIZERS, Visit, act, look, watch
from bot.console.refusals import Refused, done, or_back_to
from bot.outbox import fuse
from bot.people import sessions

pages = Blueprint("alert", __name__, url_prefix="/alerts/<int:alert_id>")


@look(pages, "")
def show(visit: Visit, alert_id: int) -> ResponseReturnValue:
    alert = _alert(visit.session, alert_id)
    return render_template("alert.html", **_page(visit, alert))


@watch(pages, "/progress")
def progress(visit: Visit, alert_id: int) -> ResponseReturnValue:
    """What became of the copies, as it happens."""
    alert = _alert(visit.session, alert_id)
    page = _page(visit, alert)
    if not page["out"]:
        abort(404)
    same = changes.unchanged(str(page["mark"]))
    return same or render_template("alert_progress.html", **page)


@act(pages, "/release", who=ORGANIZERS, proved="alert.show")
def let_out(visit: Visit, alert_id: int) -> ResponseReturnValue:
    """The second hand. The form carries the mark of the words that were read: others do not leave."""
    alert = _alert(visit.session, alert_id)
    with or_back_to(_address(alert)):
        release.release(visit.session, alert, visit.person, reach.words_read(request))
    done("alert.released")
    return redirect(_address(alert), 303)


@act(pages, "/look-again", who=DISPATCHERS)
def look_again(visit: Visit, alert_id: int) -> ResponseReturnValue:
    """What was seen grew old while it waited: whoever confirmed it is asked whether it is still so."""
    alert = _alert(visit.session, alert_id)
    asked = desk.ask_again(visit.session, alert.incident)
    if not asked:
        raise Refused(_address(alert), "console.alert.not_asked")
    done("alert.asked")
    return redirect(_address(alert), 303)


def _page(visit: Visit, alert: Alert) -> dict[str, object]:
    session, broadcast = visit.session, alert.broadcast
    out = broadcast.release is not None
    refusals = [] if out else release.refusals(session, alert, visit.person)
    return {
        "alert": alert,
        "incident": alert.incident,
        "broadcast": broadcast,
        "words": fuse.words_of(broadcast).hex(),
        "out": out,
        "expired": alert.expires_at <= now(),
        "refusals": refusals,
        "stale": "alerts.refused_stale" in refusals,
        "proved": sessions.is_proved(visit.sitting),
        **reach.of(session, broadcast),
    }


def _alert(session: Session, alert_id: int) -> Alert:
    return session.get(Alert, alert_id) or abort(404)


def _address(alert: Alert) -> str:
    return url_for("alert.show", alert_id=alert.id)

"""Does what we release leave? Which sender stands still, what people have to mend, who sees to it, and what was lately."""

from collections.abc import Iterable
from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from bot.clock import ahead, now
from bot.console import changes, named
from bot.console.doors import ORGANIZERS, Visit, act, look, watch
from bot.console.refusals import Refused, done
from bot.console.words import at, say
from bot.outbox import diverting, freezing, pausing, progress, troubles
from bot.outbox.carrier_models import Pause

pages = Blueprint("sending", __name__, url_prefix="/sending")

SOON_SECONDS = 60


@look(pages, "")
def show(visit: Visit) -> ResponseReturnValue:
    return render_template(
        "sending.html",
        backlog=progress.backlog(visit.session),
        lately=pausing.lately(visit.session),
        seen=troubles.seen_lately(visit.session),
        lasted=_lasted,
        **standing(visit),
    )


@watch(pages, "/standing")
def stands(visit: Visit) -> ResponseReturnValue:
    """The part of every page that says it, as it happens."""
    known = standing(visit)
    return changes.unchanged(known["standing_mark"]) or render_template("standing.html", **known)


@act(pages, "/<int:pause_id>/try", who=ORGANIZERS)
def try_now(visit: Visit, pause_id: int) -> ResponseReturnValue:
    """It is mended, somebody says: one message is tried at once, and the others follow if it goes through."""
    if not pausing.try_now(visit.session, pause_id, visit.person):
        raise Refused(url_for("sending.show"), "console.sending.goes_on_already")
    done("sending.tried")
    return redirect(url_for("sending.show"), 303)


@act(pages, "/troubles/<int:trouble_id>/see", who=ORGANIZERS)
def see(visit: Visit, trouble_id: int) -> ResponseReturnValue:
    """One person says that they see to it, and nobody else is asked any more."""
    if not troubles.see(visit.session, trouble_id, visit.person):
        raise Refused(url_for("sending.show"), "console.sending.seen_already")
    done("sending.yours")
    return redirect(url_for("sending.show"), 303)


def standing(visit: Visit) -> dict[str, Any]:
    """What every page shows of it: a freeze and senders that stand still to everybody, what has to be mended to those who can."""
    found = pausing.standing(visit.session)
    pauses = [_shown(pause, alone=len(found) == 1) for pause in found]
    to_mend = troubles.unseen(visit.session) if visit.person.role in ORGANIZERS else []
    shown = [[pause["id"], pause["why"], pause["again"]] for pause in pauses]
    held = freezing.frozen(visit.session)
    return {
        "frozen": held,
        "pauses": pauses,
        "to_mend": to_mend,
        "names_to_mend": _names(trouble.what for trouble in to_mend if trouble.what not in {one.why for one in found}),
        "standing_mark": changes.mark([shown, sorted({trouble.what for trouble in to_mend}), held.id if held else 0]),
    }


def _names(failures: Iterable[str]) -> list[str]:
    return [named.word("failure", name) for name in dict.fromkeys(failures)]


def _shown(pause: Pause, *, alone: bool) -> dict[str, Any]:
    return {
        "id": pause.id,
        "channel": pause.channel,
        "way_round": diverting.OTHER[pause.channel] if alone else None,
        "why": pause.why,
        "began_at": pause.began_at,
        "again": _again(pause),
    }


def _lasted(pause: Pause) -> str:
    seconds = round(pausing.lasted_seconds(pause))
    return say("time.seconds", count=seconds) if seconds < 90 else say("time.minutes", count=round(seconds / 60))


def _again(pause: Pause) -> str:
    """When it tries again. To the minute: a page that is read aloud says it once, not every second."""
    if pause.until <= now():
        return say("sending.again_next")
    if pause.until <= ahead(seconds=SOON_SECONDS):
        return say("sending.again_soon")
    return say("sending.again_at", at=at(pause.until))

"""Does the hotline work? One sentence for everybody, what to do where it does not, and the figures for those who keep it."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from bot.console import changes
from bot.console.doors import Visit, look, watch
from bot.console.named import word
from bot.console.words import ago, at, listed, say
from bot.health import keyring, pulse, signs, stores
from bot.health.sign import Sign, Weight
from bot.outbox import listed as carriers_list
from bot.outbox import progress
from bot.people.models import Role
from bot.settings import settings

pages = Blueprint("health", __name__, url_prefix="/health")

KEEPERS = (Role.COORDINATOR,)
"""Who reads the figures: they can mend what they say, or know who can."""
SHAPES = {Weight.WELL: "●", Weight.LOOK: "◔", Weight.PARTLY: "▲", Weight.STOPPED: "■"}


@look(pages, "")
def show(visit: Visit) -> ResponseReturnValue:
    return render_template("health.html", **_page(visit))


@watch(pages, "/now")
def now_it_is(visit: Visit) -> ResponseReturnValue:
    """The part that lives."""
    page = _page(visit)
    return changes.unchanged(page["mark"]) or render_template("health_now.html", **page)


def _page(visit: Visit) -> dict[str, Any]:
    found = signs.signs(visit.session)
    keeps = visit.person.role in KEEPERS
    shown = {
        "headline": headline(found),
        "weight": _weight(found),
        "wrong": [_shown(sign, keeps=keeps) for sign in found if sign.weight],
        "well": [say(f"health.{sign.key}") for sign in found if not sign.weight],
        "shapes_of_health": SHAPES,
        "figures": _figures(visit.session) if keeps else [],
    }
    return {**shown, "mark": changes.mark([shown])}


def headline(found: list[Sign]) -> str:
    """One sentence: it works, it works and somebody should look at something, or what does not happen."""
    gravest = signs.gravest(found)
    if gravest:
        return _said(gravest)
    return say("health.works_but" if any(sign.weight for sign in found) else "health.works")


def _weight(found: list[Sign]) -> Weight:
    return max((sign.weight for sign in found), default=Weight.WELL)


def _shown(sign: Sign, *, keeps: bool) -> dict[str, Any]:
    """What to do, in the words of whoever can do it; everybody else tells a coordinator."""
    own = ("freeze", "releasers", "rogue", "to_mend")
    mend = say(f"health.{sign.key}_mend") if keeps or sign.of in own else say("health.tell")
    return {"key": sign.key, "weight": sign.weight, "said": _said(sign), "mend": mend}


def _said(sign: Sign) -> str:
    return say(f"health.{sign.key}", **{name: _worded(name, value) for name, value in sign.values.items()})


def _worded(name: str, value: object) -> object:
    if name == "since":
        return ago(value) if isinstance(value, dt.datetime) else say("health.ever")
    if name == "tasks" and isinstance(value, Iterable):
        return listed([word("task", str(task)) for task in value])
    return value


def _figures(session: Session) -> list[tuple[str, list[tuple[str, str]]]]:
    """By heading: what is measured, and how it is. Names and counts only."""
    return [
        (say("health.figures_processes"), _processes(session)),
        (say("health.figures_senders"), _senders(session)),
        (say("health.figures_carrier"), _lists(session)),
        (say("health.figures_stores"), _stores()),
        (say("health.figures_keys"), _keys(session)),
    ]


def _processes(session: Session) -> list[tuple[str, str]]:
    heard = pulse.heard(session)
    ordered = sorted(heard.values(), key=lambda one: (one.name.startswith(pulse.TASK), one.name))
    return [
        (_name(one.name), say("health.heard", ago=_ago(one.at), count=one.count) if one.at else say("health.ever"))
        for one in ordered
    ]


def _name(name: str) -> str:
    return word("task", name.removeprefix(pulse.TASK)) if name.startswith(pulse.TASK) else name


def _senders(session: Session) -> list[tuple[str, str]]:
    pace = say("health.pace", count=f"{settings().sender_segments_per_second:g}")
    waiting = [
        (say(f"channel.{channel}"), ", ".join(f"{say(f'copies.{state}')} {count}" for state, count in held.items()))
        for channel, held in progress.backlog(session).items()
    ]
    return [(say("health.pace_name"), pace), *waiting]


def _lists(session: Session) -> list[tuple[str, str]]:
    looks = carriers_list.last_looks(session)
    return [(word("list", what), _ago(moment)) for what, moment in sorted(looks.items())] or [
        (say("health.list"), say("health.ever"))
    ]


def _stores() -> list[tuple[str, str]]:
    left = stores.room()
    kind = settings().database_url.partition(":")[0].partition("+")[0]
    return [
        (say("health.database"), f"{kind}, {say('health.' + stores.database())}"),
        ("Redis", say("health.ready" if stores.redis() else "health.gone")),
        (say("health.disk"), say("health.free", percent=round(left.percent), megabytes=left.megabytes)),
    ]


def _keys(session: Session) -> list[tuple[str, str]]:
    return [
        (aged.name.upper(), say("health.since", at=at(aged.since)) if aged.since else say("health.unknown"))
        for aged in keyring.ages(session)
    ]


def _ago(moment: dt.datetime | None) -> str:
    """To the minute: a page that is read aloud does not change each second."""
    return ago(moment) if moment else say("health.ever")

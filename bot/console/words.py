"""In which language is this page, and how do a text, a time and a state read on it? Templates know no other words."""

import datetime as dt

from flask import Flask, g, request

from bot.clock import local, now
from bot.people.models import Person
from messages import catalog, formats, languages

CHOICES = languages.STAFF


def language() -> str:
    """The person's own; before they sign in, what they picked or what their browser asks for."""
    if "language" in g:
        return str(g.language)
    picked = request.args.get("lang", "")
    return picked if picked in CHOICES else request.accept_languages.best_match(CHOICES, "en")


def speak_as(person: Person) -> None:
    """From here on this request speaks this person's language."""
    g.language = spoken if (spoken := languages.base(person.language)) in CHOICES else "en"


def say(key: str, **values: object) -> str:
    """A text of the console in this page's language."""
    return catalog.text(f"console.{key}", language(), **values)


def ago(moment: dt.datetime) -> str:
    """`3 min`, `2 h`, or the day."""
    minutes = max(0, int((now() - moment).total_seconds() // 60))
    if minutes < 1:
        return say("time.now")
    if minutes < 60:
        return say("time.minutes", count=minutes)
    if minutes < 24 * 60:
        return say("time.hours", count=minutes // 60)
    return formats.day(moment, language())


def left(moment: dt.datetime) -> str:
    """How long until then: `4 min`; `over` once it is past."""
    seconds = int((moment - now()).total_seconds())
    if seconds <= 0:
        return say("time.over")
    if seconds < 60:
        return say("time.seconds", count=seconds)
    return say("time.minutes", count=seconds // 60) if seconds < 3600 else say("time.hours", count=seconds // 3600)


def lasting(seconds: float) -> str:
    """How long something took: `48 s`, `11 min 20 s`, `1 h 5 min`."""
    whole = max(0, round(seconds))
    if whole < 60:
        return say("time.seconds", count=whole)
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        few = say("time.minutes", count=minutes)
        return f"{few} {say('time.seconds', count=rest)}" if rest and minutes < 20 else few
    hours, minutes = divmod(minutes, 60)
    return (
        f"{say('time.hours', count=hours)} {say('time.minutes', count=minutes)}"
        if minutes
        else say("time.hours", count=hours)
    )


def money(dollars: float) -> str:
    """`$3`, `$0.06`: about, and never to look more exact than it is."""
    return f"${dollars:,.2f}" if dollars < 10 else f"${dollars:,.0f}"


def at(moment: dt.datetime) -> str:
    """`6:08am`, with the day when it is not today."""
    clock = formats.clock_time(moment, language())
    today = local(now()).date() == local(moment).date()
    return clock if today else f"{formats.day(moment, language())} {clock}"


def month(first: dt.date) -> str:
    return formats.month(first, language())


def listed(items: list[str]) -> str:
    return formats.joined(items, language())


def teach(app: Flask) -> None:
    """Give the templates their words."""
    app.jinja_env.globals.update(
        t=say,
        language=language,
        ago=ago,
        left=left,
        lasting=lasting,
        money=money,
        at=at,
        month=month,
        listed=listed,
        now=now,
    )

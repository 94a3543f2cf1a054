"""Who is on when, and when is nobody? A week of shifts; each plans their own, coordinators anybody's."""

import datetime as dt
from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.clock import now
from bot.console import gap_words
from bot.console.doors import Visit, act, look
from bot.console.me import on_or_off
from bot.console.refusals import Refused, done
from bot.console.words import language
from bot.people import calendar, gaps, shifts
from bot.people.calendar import PlanRefused
from bot.people.models import Person, Role, Shift
from bot.settings import settings
from messages import formats

pages = Blueprint("calendar", __name__, url_prefix="/shifts")

DAYS = 7
HOURS = range(24)
USUAL_START, USUAL_END = 18, 22


@dataclass(frozen=True)
class Day:
    """One day of the page."""

    date: dt.date
    start: dt.datetime
    shifts: list[tuple[Shift, Person]]
    gaps: list[str]


@look(pages, "")
def show(visit: Visit) -> ResponseReturnValue:
    first = _first_day()
    running = [person.id for person in shifts.on_shift(visit.session)]
    return render_template(
        "calendar.html",
        days=_days(visit.session, first),
        earlier=first - calendar.WEEK if first > calendar.today() else None,
        later=first + calendar.WEEK if first + calendar.WEEK <= _last_day() else None,
        tonight=gap_words.soon(visit.session),
        on_now=[
            (shift, person) for shift, person in calendar.between(visit.session, now(), now() + dt.timedelta(seconds=1))
        ],
        on=visit.person.id in running,
        choices=[(day, start) for day, start, _ in calendar.days_from(calendar.today(), _ahead() + 1)],
        hours=[(hour, calendar.moment(calendar.today(), hour)) for hour in HOURS],
        usual=(USUAL_START, USUAL_END),
        people=_others(visit),
        longest=settings().shift_longest_hours,
        day_of=lambda moment: formats.day(moment, language()),
        hour_of=gap_words.hour,
    )


@act(pages, "")
def plan(visit: Visit) -> ResponseReturnValue:
    day, first, last = _day("day"), _hour("start"), _hour("end")
    if day is None or first is None or last is None:
        raise Refused(url_for("calendar.show"), "console.refused.choose")
    person = _whose(visit)
    start, end = calendar.span(day, first, last)
    try:
        calendar.plan(visit.session, person, start, end, visit.person)
    except PlanRefused as refused:
        raise _no(day, refused) from None
    done("shifts.planned" if person.id == visit.person.id else "shifts.planned_for", name=person.name)
    return redirect(_week_of(day), 303)


@act(pages, "/<int:shift_id>/cancel")
def cancel(visit: Visit, shift_id: int) -> ResponseReturnValue:
    day = _day("week") or calendar.today()
    try:
        person = calendar.cancel(visit.session, shift_id, visit.person)
    except PlanRefused as refused:
        raise _no(day, refused) from None
    done("shifts.cancelled" if person.id == visit.person.id else "shifts.cancelled_for", name=person.name)
    return redirect(_week_of(day), 303)


@act(pages, "/now")
def switch(visit: Visit) -> ResponseReturnValue:
    on_or_off(visit)
    return redirect(url_for("calendar.show"), 303)


def _days(session: Session, first: dt.date) -> list[Day]:
    spans = list(calendar.days_from(first, DAYS))
    known = calendar.between(session, spans[0][1], spans[-1][2])
    empty = gaps.gaps(session, max(now(), spans[0][1]), spans[-1][2])
    return [
        Day(
            date,
            start,
            [(shift, person) for shift, person in known if shift.starts_at < end and shift.ends_at > start],
            gap_words.of_a_day(empty, start, end),
        )
        for date, start, end in spans
    ]


def _others(visit: Visit) -> list[Person]:
    """For whom they may plan, beside themselves."""
    if visit.person.role is not Role.COORDINATOR:
        return []
    others = select(Person).where(Person.revoked_at.is_(None), Person.id != visit.person.id)
    return list(visit.session.scalars(others.order_by(Person.name)))


def _whose(visit: Visit) -> Person:
    person = visit.session.get(Person, _number(request.form.get("person", "")) or visit.person.id)
    if person is None or not calendar.may_plan_for(visit.person, person):
        raise Refused(url_for("calendar.show"), "console.plan_refused.not_yours")
    return person


def _first_day() -> dt.date:
    asked = _read_day(request.args.get("week", "")) or calendar.today()
    return min(max(asked, calendar.today() - calendar.WEEK), _last_day())


def _last_day() -> dt.date:
    return calendar.today() + dt.timedelta(days=_ahead())


def _ahead() -> int:
    return settings().shift_plan_days


def _week_of(day: dt.date) -> str:
    """The page on which that day stands."""
    weeks = max(0, (day - calendar.today()).days // DAYS)
    return url_for("calendar.show", week=(calendar.today() + weeks * calendar.WEEK).isoformat())


def _no(day: dt.date, refused: PlanRefused) -> Refused:
    return Refused(_week_of(day), f"console.plan_refused.{refused.args[0]}", hours=f"{settings().shift_longest_hours:g}",
                   days=settings().shift_plan_days)  # fmt: skip


def _day(field: str) -> dt.date | None:
    return _read_day(request.form.get(field, ""))


def _read_day(typed: str) -> dt.date | None:
    try:
        day = dt.date.fromisoformat(typed)
    except ValueError:
        return None
    return day if abs((day - calendar.today()).days) <= 2 * _ahead() + DAYS else None


def _hour(field: str) -> int | None:
    hour = _number(request.form.get(field, ""))
    return hour if hour in HOURS else None


def _number(typed: str) -> int | None:
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= 18 else None

"""Who may open this page? Every route of the console hangs in a door; the few open ones say so themselves.

A page that looks gets a reading session, a form a writing one: committed when it answers, undone when it raises. What
needs a fresh proof (`proved`) takes the code in a transaction of its own first: a code is used up whatever comes after.
"""

import functools
from collections.abc import Callable, Collection
from dataclasses import dataclass

from flask import Blueprint, Response, abort, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from bot.console import cookies
from bot.console.words import say, speak_as
from bot.people import sessions, sign_in, throttle
from bot.people.models import Person, Role, SignedIn
from bot.store.session import reading, writing

ANYBODY_HERE = tuple(Role)
DISPATCHERS = (Role.DISPATCHER, Role.ORGANIZER, Role.COORDINATOR)
ORGANIZERS = (Role.ORGANIZER, Role.COORDINATOR)

View = Callable[..., ResponseReturnValue]


@dataclass(frozen=True)
class Visit:
    """One request of one signed-in person."""

    session: Session
    sitting: SignedIn

    @property
    def person(self) -> Person:
        return self.sitting.person


def look(pages: Blueprint, path: str, who: Collection[Role] = ANYBODY_HERE) -> Callable[[View], View]:
    """A page: it changes nothing."""
    return _door(pages, "GET", path, who)


def watch(pages: Blueprint, path: str, who: Collection[Role] = ANYBODY_HERE) -> Callable[[View], View]:
    """A part of a page that asks for itself again: it keeps nobody signed in."""
    return _door(pages, "GET", path, who, by_itself=True)


def act(
    pages: Blueprint, path: str, who: Collection[Role] = ANYBODY_HERE, *, proved: str = ""
) -> Callable[[View], View]:
    """A form that was sent. `proved` names the page to return to when the code it needs is wrong."""
    return _door(pages, "POST", path, who, proved=proved)


def weigh(pages: Blueprint, path: str, who: Collection[Role] = ANYBODY_HERE) -> Callable[[View], View]:
    """Something is sent to be looked at (a draft to be counted): nothing is kept, and no write is held up."""
    return _door(pages, "POST", path, who, by_itself=True, keeps=False)


def open_door(pages: Blueprint, path: str, methods: tuple[str, ...] = ("GET",)) -> Callable[[View], View]:
    """For people who are not signed in yet. Such routes are named in the tests, one by one."""
    return pages.route(path, methods=list(methods))


def _door(
    pages: Blueprint,
    method: str,
    path: str,
    who: Collection[Role],
    *,
    by_itself: bool = False,
    keeps: bool = True,
    proved: str = "",
) -> Callable[[View], View]:
    def hang(view: View) -> View:
        @functools.wraps(view)
        def opened(**values: object) -> ResponseReturnValue:
            if proved and not _prove():
                return redirect(url_for(proved, **values), 303)  # type: ignore[arg-type]
            with writing() if method == "POST" and keeps else reading() as session:
                sitting = sessions.find(session, _token())
                if sitting is None:
                    return _to_sign_in()
                if not by_itself:
                    _hand_on(sitting)
                g.visit = Visit(session, sitting)
                speak_as(sitting.person)
                if sitting.person.role not in who:
                    abort(403)
                noted = by_itself or not sessions.is_worth_noting(sitting)
                answer = view(g.visit, **values)
            if not noted:
                _note(sitting.id)
            return answer

        pages.add_url_rule(path, view_func=opened, methods=[method])
        return opened

    return hang


def _prove() -> bool:
    """A second factor younger than `STEP_UP_MINUTES`, or one shown in this form. Not signed in: the door itself says so."""
    with writing() as session:
        sitting = sessions.find(session, _token())
        if sitting is None or _is_proved(session, sitting):
            return True
        token = _shown(session, sitting)
        if token is None:
            flash(say("step_up.wrong"), "refused")
            return False
        g.new_token = token
        return True


def _is_proved(session: Session, sitting: SignedIn) -> bool:
    """Also by the same form, sent twice: the second one waits for the first."""
    if sessions.is_proved(sitting):
        return True
    throttle.one_at_a_time(session, sitting.person)
    session.refresh(sitting)
    return sessions.is_proved(sitting)


def _shown(session: Session, sitting: SignedIn) -> str | None:
    """One of their passkeys, if the page asked for it; else a code."""
    if key := request.form.get("key", ""):
        return sign_in.step_up_by_key(session, sitting, _token(), key)
    return sign_in.step_up(session, sitting, _token(), request.form.get("code", ""))


def _token() -> str:
    return str(g.get("new_token") or cookies.token(request))


def _hand_on(sitting: SignedIn) -> None:
    """This browser missed the answer that carried its new token."""
    if token := sessions.handed_on(sitting, _token()):
        g.new_token = token


def hand_out_token(response: Response) -> Response:
    """A session renewed in this request goes on under its new token, whatever the answer was."""
    if "new_token" in g:
        cookies.keep_token(response, g.new_token)
    return response


def _note(sitting_id: int) -> None:
    with writing() as session:
        sitting = session.get(SignedIn, sitting_id)
        if sitting is not None and sitting.ended_at is None:
            sessions.seen(session, sitting)


def _to_sign_in() -> ResponseReturnValue:
    """The session was ended, or never was. A part that asks for itself takes the whole page along."""
    home = url_for("sign_in.ask")
    if request.headers.get("HX-Request"):
        return Response(status=401, headers={"HX-Redirect": home})
    return redirect(home, 303)

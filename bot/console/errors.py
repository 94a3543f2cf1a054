"""What does a person read when something does not work? What happened, what it means, what to do; never how we are built."""

import traceback
from pathlib import Path

import structlog
from flask import Flask, g, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError  # type: ignore[import-untyped]
from werkzeug.exceptions import HTTPException

from bot.console.refusals import Refused, say_why
from bot.people.passphrases import Busy
from bot.store.engine import DOES_NOT_ANSWER

EXPLAINED = (403, 404, 405, 413)
RETRY_AFTER_SECONDS = 3
"""Long enough for four passphrases to be looked at, many times over."""
log = structlog.get_logger(__name__)


def explain(app: Flask) -> None:
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(Busy, _busy)
    app.register_error_handler(CSRFError, _stale_form)
    for gone in DOES_NOT_ANSWER:
        app.register_error_handler(gone, _no_database)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unforeseen)


def _refused(refused: Refused) -> ResponseReturnValue:
    """A rule said no: back to where they were, with the reason."""
    say_why(refused)
    return redirect(refused.back, 303)


def _stale_form(_error: CSRFError) -> ResponseReturnValue:
    return _page("stale_form"), 400


def _busy(_error: Busy) -> ResponseReturnValue:
    """The same for names we know and names we do not."""
    return _page("busy"), 503, {"Retry-After": str(RETRY_AFTER_SECONDS)}


def _no_database(error: Exception) -> ResponseReturnValue:
    """The one thing that the page of health cannot say itself: without it nobody can be signed in."""
    log.error("console_without_database", kind=type(error).__name__)
    return _page("database"), 503, {"Retry-After": str(RETRY_AFTER_SECONDS)}


def _http(error: HTTPException) -> ResponseReturnValue:
    code = error.code or 500
    if code < 400:
        return error
    return _page(str(code) if code in EXPLAINED else "other"), code


def _unforeseen(error: Exception) -> ResponseReturnValue:
    # The kind of error and where it arose only: its message may hold what a person wrote.
    log.error("console_error", kind=type(error).__name__, route=request.endpoint, where=_where(error))
    return _page("500"), 500


def _where(error: Exception) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""


def _page(which: str) -> str:
    g.pop("visit", None)  # its database session is gone
    return render_template("error.html", which=which)

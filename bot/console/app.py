"""What is the console made of? Its pages, each behind a door, and the few rules that hold for all of them."""

import hashlib
import hmac
from functools import cache
from pathlib import Path

from flask import Flask, url_for

from bot.console import (
    acceptance,
    addressed,
    after_action,
    alert,
    calendar,
    calls,
    dispatching,
    errors,
    forms,
    freezing,
    headers,
    health,
    incident,
    keys,
    me,
    night,
    notice,
    notices,
    parting,
    people,
    person,
    phone,
    photo,
    places,
    queue,
    relay,
    returning,
    sending,
    shell,
    sign_in,
    silent,
    simulacro,
    texts,
    trials,
    unplaced,
    words,
)
from bot.console.doors import hand_out_token
from bot.privacy.keys import key

LARGEST_FORM_BYTES = 64 * 1024
PAGES = (
    sign_in,
    acceptance,
    queue,
    silent,
    incident,
    dispatching,
    parting,
    relay,
    calls,
    unplaced,
    after_action,
    alert,
    night,
    places,
    notices,
    notice,
    freezing,
    sending,
    health,
    people,
    person,
    returning,
    calendar,
    me,
    keys,
    phone,
    photo,
    texts,
    trials,
    simulacro,
)


def make_app() -> Flask:
    """The console as a WSGI application; `bot.wsgi` mounts it at /console."""
    app = Flask(__name__)
    app.config.update(
        SECRET_KEY=hmac.digest(key("console_secret_key"), b"forms|v1", "sha256"),
        MAX_CONTENT_LENGTH=LARGEST_FORM_BYTES,
        MAX_FORM_PARTS=200,
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals["vendored"] = _vendored
    addressed.check(app)
    forms.protect(app)
    words.teach(app)
    shell.teach(app)
    places.teach(app)
    errors.explain(app)
    for page in PAGES:
        app.register_blueprint(page.pages)
    app.after_request(hand_out_token)
    app.after_request(headers.guard)
    return app


def _vendored(name: str) -> str:
    """The address of a file under static/, which changes when the file does."""
    return url_for("static", filename=name, v=_mark(name))


@cache
def _mark(name: str) -> str:
    return hashlib.sha256((Path(__file__).parent / "static" / name).read_bytes()).hexdigest()[:12]

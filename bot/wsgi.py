"""Where the web parts are put together: hotline, public page and console in one server, or each alone.

    gunicorn bot.wsgi:app        everything (the console under /console)
    gunicorn bot.wsgi:door       residents only: hotline and public page
    gunicorn bot.wsgi:console    staff pages only

The public door and the console are two applications: they share no route, session or template (after SecureDrop).
"""

from flask import Flask, Response
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from bot.console.app import make_app as make_console
from bot.hotline.receiving import MAX_BYTES, Door
from bot.hotline.understanding import warm
from bot.hotline.webhook import TAKERS, hotline
from bot.logging import set_up
from bot.public.clips import pages as clips
from bot.public.pages import public
from bot.settings import settings

YEAR_SECONDS = 31_536_000
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
HTTPS_ONLY = {"Strict-Transport-Security": f"max-age={YEAR_SECONDS}; includeSubDomains"}


def make_door() -> Flask:
    """The public door: Twilio's routes and the page anybody may read."""
    door = Flask("contigo", static_folder=None)
    door.config["MAX_CONTENT_LENGTH"] = MAX_BYTES
    warm()
    door.register_blueprint(hotline)
    door.register_blueprint(public)
    door.register_blueprint(clips)
    door.after_request(_with_headers)
    door.wsgi_app = Door(door.wsgi_app, TAKERS, _headers)  # type: ignore[method-assign]
    return door


def _with_headers(response: Response) -> Response:
    for name, value in _headers().items():
        response.headers.setdefault(name, value)
    return response


def _headers() -> dict[str, str]:
    return HEADERS | HTTPS_ONLY if settings().public_base_url.startswith("https://") else HEADERS


set_up("web")
door = make_door()
console = make_console()
app = DispatcherMiddleware(door, {"/console": console})

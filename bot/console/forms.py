"""Does this form come from our own page? A token in each, and the browser's own word for where it was sent from."""

from urllib.parse import urlsplit

from flask import Flask, Request, abort, request
from flask_wtf.csrf import CSRFProtect  # type: ignore[import-untyped]

from bot.console.cookies import is_https, name
from bot.settings import settings

CHANGING = ("POST", "PUT", "PATCH", "DELETE")


def protect(app: Flask) -> None:
    """Check every request that could change something, before anything else sees it."""
    app.config.update(
        SESSION_COOKIE_NAME=name("form"),  # holds the token's other half, and what to say after a redirect
        SESSION_COOKIE_SECURE=is_https(),
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Strict",
        SESSION_COOKIE_PATH="/",
        WTF_CSRF_TIME_LIMIT=int(settings().session_hours * 3600),
        WTF_CSRF_SSL_STRICT=False,  # it asks for a Referer, which we tell browsers not to send
    )
    app.before_request(refuse_foreign)
    CSRFProtect(app)


def refuse_foreign() -> None:
    if request.method in CHANGING and not is_ours(request):
        abort(403)


def is_ours(asked: Request) -> bool:
    """`Sec-Fetch-Site` and `Origin` say where it was sent from; older browsers send neither, or `null` (no-referrer)."""
    if asked.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = asked.headers.get("Origin", "null")
    if origin == "null":
        return True
    sent_from = urlsplit(origin)
    return sent_from.netloc == asked.host and (sent_from.scheme == "https" or not is_https())

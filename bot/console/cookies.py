"""Which cookies do we set? The session's, and the mark of a browser somebody has used before. Both tell scripts nothing."""

import hashlib

from flask import Request, current_app
from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug.wrappers import Response

from bot.people.models import Person
from bot.settings import settings

KNOWN_BROWSER_DAYS = 90


def is_https() -> bool:
    return settings().public_base_url.startswith("https://")


def name(word: str) -> str:
    """`__Host-` binds a cookie to this host and to TLS; a browser refuses it on a plain loopback demo."""
    return f"__Host-contigo-{word}" if is_https() else f"contigo-{word}"


def token(request: Request) -> str:
    """The session token this browser shows, or nothing."""
    return request.cookies.get(name("session"), "")


def keep_token(response: Response, value: str) -> None:
    """Kept until the browser closes; the server ends it before (`people.sessions`)."""
    _set(response, "session", value, None)


def drop_token(response: Response) -> None:
    response.delete_cookie(name("session"), path="/", secure=is_https(), httponly=True, samesite="Strict")


def remember_browser(response: Response, person: Person) -> None:
    """Wrong guesses made elsewhere will not hold this person up here (`people.throttle`)."""
    _set(response, "known", _signer().dumps([person.id, _factors(person)]), KNOWN_BROWSER_DAYS * 86_400)


def is_known_browser(request: Request, person: Person | None) -> bool:
    if person is None:
        return False
    try:
        mark = _signer().loads(request.cookies.get(name("known"), ""), max_age=KNOWN_BROWSER_DAYS * 86_400)
    except BadSignature:
        return False
    return bool(mark == [person.id, _factors(person)])


def _factors(person: Person) -> str:
    """Changes with the passphrase: a new one forgets every browser."""
    return hashlib.sha256((person.passphrase_hash or "").encode()).hexdigest()[:16]


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="known browser")


def _set(response: Response, word: str, value: str, seconds: int | None) -> None:
    response.set_cookie(
        name(word), value, max_age=seconds, path="/", secure=is_https(), httponly=True, samesite="Strict"
    )

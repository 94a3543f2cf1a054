"""Where do texts and receipts come in? By one door ahead of Flask: receipts are most of all requests, two or three for each
copy that leaves, and texts must be answered at once however many come.

As strict as the routes behind it (`webhook`): genuine and well-formed or 403, kept or 503, never a 500. It parses once and asks
for the signature: under a third of the CPU that a receipt takes through Flask (140 us and 490 us).
"""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import parse_qsl

import structlog
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.http import HTTP_STATUS_CODES

from bot.channels.signature import SIGNED_BY, Headers, has_signed
from bot.hotline.inbound import KNOWN, Refused
from bot.outbox import receipts
from bot.settings import settings

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PATH = "/twilio/receipts"
MAX_BYTES = 64 * 1024
MOST_FIELDS = 200
FORM_TYPE = "application/x-www-form-urlencoded"
REQUIRED = ("AccountSid", "MessageSid", "MessageStatus")
SHAPES = {
    "AccountSid": KNOWN["AccountSid"],
    "MessageSid": KNOWN["MessageSid"],
    "MessageStatus": re.compile(r"[a-z_]{2,24}"),
    "ErrorCode": re.compile(r"[0-9]{0,6}"),
}
HEADERS = {name: "HTTP_" + name.upper().replace("-", "_") for name in SIGNED_BY}
OWN_ID = re.compile(r"[0-9]{1,18}")

Pairs = list[tuple[str, str]]
log = structlog.get_logger(__name__)


class Reply(NamedTuple):
    """What Twilio hears: a status, and TwiML where there is anything to say."""

    status: int
    twiml: str = ""


Taker = Callable[[str, Pairs, Headers], Reply]
"""Takes what was posted: the query, the form's names and values, the headers it may be signed by."""


class Door:
    """What is posted to these paths is taken here; everything else is somebody else's (`behind`)."""

    def __init__(
        self, behind: "WSGIApplication", takers: Mapping[str, Taker], headers: Callable[[], Mapping[str, str]]
    ) -> None:
        self._behind = behind
        self._takers = takers
        self._headers = headers

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        taker = self._takers.get(environ.get("PATH_INFO", "")) if environ["REQUEST_METHOD"] == "POST" else None
        if taker is None:
            return self._behind(environ, start_response)
        status, twiml = _reply(environ, taker)
        body = twiml.encode()
        headers = [*self._headers().items(), *_of_the_body(status, body)]
        start_response(f"{status} {HTTP_STATUS_CODES[status].upper()}", headers)
        return (body,) if body else ()


def signed(path: str, query: str, pairs: Pairs, headers: Headers) -> None:
    """Raises `Refused` where Twilio has not signed this for our address."""
    if not has_signed(f"{path}?{query}" if query else path, pairs, headers, settings()):
        raise Refused("signature")


def receive(query: str, pairs: Pairs, headers: Headers) -> Reply:
    """One receipt, signed for our address with this query: 204 once it is kept, else 403 or 503."""
    try:
        signed(PATH, query, pairs, headers)
        receipts.note(_read(query, pairs))
    except Refused as refused:
        log.warning("webhook_refused", route=PATH, reason=str(refused))
        return Reply(403)
    except SQLAlchemyError as error:
        log.error("cannot_keep", kind="receipt", error_type=type(error).__name__)
        return Reply(503)
    return Reply(204)


def _reply(environ: "WSGIEnvironment", taker: Taker) -> Reply:
    length = environ.get("CONTENT_LENGTH") or ""
    if length.isdecimal() and int(length) > MAX_BYTES:
        return Reply(413)
    query = environ.get("QUERY_STRING", "").encode("latin-1").decode(errors="replace")
    headers = {name: environ.get(key) for name, key in HEADERS.items()}
    try:
        return taker(query, _pairs(environ, length), headers)
    except Exception as fault:  # nothing of ours to be shown, and worth trying again
        log.exception("door_failed", route=environ["PATH_INFO"], error_type=type(fault).__name__)
        return Reply(500)


def _pairs(environ: "WSGIEnvironment", length: str) -> Pairs:
    """What was posted; nothing where it is no form, or in no encoding: then nobody has signed it."""
    if environ.get("CONTENT_TYPE", "").partition(";")[0].strip().lower() != FORM_TYPE:
        return []
    in_chunks = MAX_BYTES if environ.get("wsgi.input_terminated") else 0
    body = environ["wsgi.input"].read(int(length) if length.isdecimal() else in_chunks)
    try:
        return parse_qsl(body.decode(), keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS)
    except ValueError:
        return []


def _read(query: str, pairs: Pairs) -> dict[str, str | int | None]:
    """What it says. A known parameter that is misshapen, or there twice, was forged from a genuine signature (`inbound`)."""
    said: dict[str, str] = {}
    for name, value in pairs:
        if name in SHAPES:
            if name in said or not SHAPES[name].fullmatch(value):
                raise Refused(name)
            said[name] = value
    for name in REQUIRED:
        if name not in said:
            raise Refused(name)
    if said["AccountSid"] != settings().twilio_account_sid:
        raise Refused("AccountSid")
    own = dict(reversed(parse_qsl(query, keep_blank_values=True))).get("d", "")
    return {
        "delivery_id": int(own) if OWN_ID.fullmatch(own) else None,
        "sid": said["MessageSid"],
        "status": said["MessageStatus"],
        "error": said.get("ErrorCode"),
    }


def _of_the_body(status: int, body: bytes) -> list[tuple[str, str]]:
    """Where the protocol allows a body its length is said, none or some, or the server would send it in chunks."""
    if status == 204:
        return []
    return [*([("Content-Type", "text/xml; charset=utf-8")] if body else []), ("Content-Length", str(len(body)))]

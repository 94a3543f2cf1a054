"""Where do receipts come in? One door ahead of Flask: they are most of all requests, two or three for each copy that leaves.

As strict as the routes behind it (`webhook`): genuine and well-formed or 403, kept or 503, never a 500. It parses once, asks for
the signature, appends, and is done: a quarter of what the same costs through Flask (`benchmarks/receipts.py`).
"""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

import structlog
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.datastructures import EnvironHeaders, MultiDict
from werkzeug.exceptions import HTTPException
from werkzeug.http import HTTP_STATUS_CODES
from werkzeug.wsgi import get_input_stream

from bot.channels.signature import Headers, is_genuine
from bot.hotline.inbound import KNOWN, Refused
from bot.outbox import receipts
from bot.settings import settings

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PATH = "/twilio/receipts"
MAX_BYTES = 64 * 1024
MOST_FIELDS = 200
FORM_TYPE = "application/x-www-form-urlencoded"
SHAPES = {
    "AccountSid": KNOWN["AccountSid"],
    "MessageSid": KNOWN["MessageSid"],
    "MessageStatus": re.compile(r"[a-z_]{2,24}"),
}
ERROR_CODE = re.compile(r"[0-9]{0,6}")
OWN_ID = re.compile(r"[0-9]{1,18}")

log = structlog.get_logger(__name__)


class Door:
    """Receipts are taken here; everything else is somebody else's (`behind`)."""

    def __init__(self, behind: "WSGIApplication", headers: Callable[[], Mapping[str, str]]) -> None:
        self._behind = behind
        self._headers = headers

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if environ.get("PATH_INFO") != PATH or environ["REQUEST_METHOD"] != "POST":
            return self._behind(environ, start_response)
        status = _answer(environ)
        headers = list(self._headers().items())
        start_response(f"{status} {HTTP_STATUS_CODES[status].upper()}", [*headers, *_length(status)])
        return ()


def receive(query: str, form: "MultiDict[str, str]", headers: Headers) -> int:
    """One receipt, signed for our address with this query: 204 once it is kept, else 403 or 503."""
    try:
        if not is_genuine(f"{PATH}?{query}" if query else PATH, form, headers, settings()):
            raise Refused("signature")
        receipts.note(_read(query, form))
    except Refused as refused:
        log.warning("webhook_refused", route=PATH, reason=str(refused))
        return 403
    except SQLAlchemyError as error:
        log.error("cannot_keep", kind="receipt", error_type=type(error).__name__)
        return 503
    return 204


def _answer(environ: "WSGIEnvironment") -> int:
    try:
        body = get_input_stream(environ, max_content_length=MAX_BYTES).read()
    except HTTPException as too_much:
        return too_much.code or 400
    query = environ.get("QUERY_STRING", "").encode("latin-1").decode(errors="replace")
    return receive(query, _form(environ, body), EnvironHeaders(environ))


def _form(environ: "WSGIEnvironment", body: bytes) -> "MultiDict[str, str]":
    """What was posted; nothing where it is no form, or in no encoding: then nobody has signed it."""
    if environ.get("CONTENT_TYPE", "").partition(";")[0].strip().lower() != FORM_TYPE:
        return MultiDict()
    try:
        return MultiDict(parse_qsl(body.decode(), keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS))
    except ValueError:
        return MultiDict()


def _read(query: str, form: "MultiDict[str, str]") -> dict[str, str | int | None]:
    if _one(form, "AccountSid", SHAPES["AccountSid"]) != settings().twilio_account_sid:
        raise Refused("AccountSid")
    own = dict(reversed(parse_qsl(query, keep_blank_values=True))).get("d", "")
    error = _one(form, "ErrorCode", ERROR_CODE) if "ErrorCode" in form else ""
    return {
        "delivery_id": int(own) if OWN_ID.fullmatch(own) else None,
        "sid": _one(form, "MessageSid", SHAPES["MessageSid"]),
        "status": _one(form, "MessageStatus", SHAPES["MessageStatus"]),
        "error": error or None,
    }


def _one(form: "MultiDict[str, str]", name: str, shape: re.Pattern[str]) -> str:
    values = form.getlist(name)
    if len(values) != 1 or not shape.fullmatch(values[0]):
        raise Refused(name)
    return values[0]


def _length(status: int) -> list[tuple[str, str]]:
    """No body; where the protocol allows one, that is said, or the server would send it in chunks."""
    return [] if status == 204 else [("Content-Length", "0")]

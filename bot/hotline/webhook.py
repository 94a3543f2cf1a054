"""Twilio's doors: texts, receipts and calls. Genuine or 403; kept or 503, so that Twilio tries again; never a 500."""

from functools import cache

import structlog
from flask import Blueprint, Response, request
from werkzeug.datastructures import MultiDict

from bot.channels.signature import Headers, is_genuine
from bot.hotline import inbound, reception, twiml
from bot.hotline.inbound import Inbound
from bot.hotline.receiving import PATH as RECEIPTS
from bot.hotline.receiving import Pairs, Reply, receive, signed
from bot.hotline.reception import Answer
from bot.hotline.turnstile import NoTurn, Turnstile
from bot.hotline.understanding import cannot_wait
from bot.settings import settings
from bot.store.engine import DOES_NOT_ANSWER, engine

TEXTS = "/twilio/inbound"
SIDE_BY_SIDE = 2
"""Turns at once in a process on PostgreSQL, where one waits for the server while the other thinks; on SQLite one."""

hotline = Blueprint("hotline", __name__)
log = structlog.get_logger()


@cache
def turnstile() -> Turnstile[Inbound, Answer]:
    """This process's."""
    return Turnstile(reception.receive_together, 1 if engine().dialect.name == "sqlite" else SIDE_BY_SIDE)


@hotline.before_request
def only_twilio() -> Response | None:
    """A forged request learns nothing: no body, no reason."""
    try:
        genuine = is_genuine(request.full_path.removesuffix("?"), request.form, request.headers, settings())
    except UnicodeError:  # an address in no encoding at all
        genuine = False
    return None if genuine else _refused("signature")


def take_text(query: str, pairs: Pairs, headers: Headers) -> Reply:
    """One text in; the answer, if there is room for it now, in the response."""
    try:
        signed(TEXTS, query, pairs, headers)
        message = inbound.read(MultiDict(pairs), settings().twilio_account_sid)
        return Reply(200, turnstile().bring(message, lambda: cannot_wait(message.text)).when_due())
    except inbound.Refused as refused:
        log.warning("webhook_refused", route=TEXTS, reason=str(refused))
        return Reply(403)
    except (*DOES_NOT_ANSWER, NoTurn) as error:
        log.error("cannot_keep", kind="text", error_type=type(error).__name__)
        return Reply(503)


TAKERS = {TEXTS: take_text, RECEIPTS: receive}
"""What `receiving.Door` takes ahead of these routes; they take it where no such door stands."""


@hotline.post(TEXTS, endpoint="text")
@hotline.post(RECEIPTS, endpoint="receipt")
def behind_the_door() -> Response:
    pairs = list(request.form.items(multi=True))
    status, said = TAKERS[request.path](request.query_string.decode(errors="replace"), pairs, request.headers)
    return Response(said or None, status=status, mimetype="text/xml" if said else None)


@hotline.post("/twilio/voice")
def call() -> Response:
    """Nobody answers calls: say so, and what to do in danger."""
    return Response(twiml.spoken("voice.text_line"), mimetype="text/xml")


def _refused(what: str) -> Response:
    log.warning("webhook_refused", route=request.path, reason=what)
    return Response(status=403)

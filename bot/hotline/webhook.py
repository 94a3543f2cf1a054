"""Twilio's doors: texts, receipts and calls. Genuine or 403; kept or 503, so that Twilio tries again; never a 500."""

from functools import cache

import structlog
from flask import Blueprint, Response, current_app, request

from bot.channels.signature import is_genuine
from bot.hotline import inbound, reception, twiml
from bot.hotline.receiving import PATH as RECEIPTS
from bot.hotline.receiving import receive
from bot.hotline.turnstile import NoTurn, Turnstile
from bot.hotline.understanding import cannot_wait
from bot.settings import settings
from bot.store.engine import DOES_NOT_ANSWER, engine

SIDE_BY_SIDE = 2
"""Texts a process takes at once on PostgreSQL, where one waits for the server while the other thinks; on SQLite one."""

hotline = Blueprint("hotline", __name__)
log = structlog.get_logger()


@cache
def turnstile() -> Turnstile:
    """This process's."""
    return Turnstile(1 if engine().dialect.name == "sqlite" else SIDE_BY_SIDE)


@hotline.before_request
def only_twilio() -> Response | None:
    """A forged request learns nothing: no body, no reason."""
    try:
        genuine = is_genuine(request.full_path.removesuffix("?"), request.form, request.headers, settings())
    except UnicodeError:  # an address in no encoding at all
        genuine = False
    return None if genuine else _refused("signature")


@hotline.post("/twilio/inbound")
def text() -> Response:
    """One text in; the answer, if there is room for it now, in the response."""
    try:
        message = inbound.read(request.form, settings().twilio_account_sid)
        with turnstile().turn(lambda: cannot_wait(message.text)):
            return Response(reception.receive(message), mimetype="text/xml")
    except inbound.Refused as refused:
        return _refused(str(refused))
    except (*DOES_NOT_ANSWER, NoTurn):
        return _cannot_keep("inbound")


@hotline.post(RECEIPTS)
def receipt() -> Response:
    """What became of one copy. `receiving.Door` stands ahead of this route and takes them; so do we, where it does not."""
    query, pairs = request.query_string.decode(errors="replace"), list(request.form.items(multi=True))
    return Response(status=receive(query, pairs, request.headers))


@hotline.post("/twilio/voice")
def call() -> Response:
    """Nobody answers calls: say so, and what to do in danger."""
    return Response(twiml.spoken("voice.text_line"), mimetype="text/xml")


def _refused(what: str) -> Response:
    log.warning("webhook_refused", route=request.path, reason=what)
    return Response(status=403)


def _cannot_keep(what: str) -> Response:
    current_app.logger.error("cannot keep %s: the database does not answer", what)
    return Response(status=503)

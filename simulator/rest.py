"""How does Twilio's REST API answer for messages?"""

import json
import time
from urllib.parse import parse_qsl

from aiohttp import web

from simulator import creating, paging
from simulator.entrance import door
from simulator.exchange import Exchange
from simulator.messages import FINAL, Message, rfc2822
from simulator.refusals import Refusal

BASE = "/2010-04-01/Accounts/{account}/Messages"


def answer(data: object, status: int = 200) -> web.Response:
    return web.Response(body=json.dumps(data).encode(), status=status, content_type="application/json", charset="utf-8")


async def create(request: web.Request, exchange: Exchange) -> web.Response:
    text = (await request.read()).decode("utf-8", "replace")
    message = creating.create(exchange, parse_qsl(text, keep_blank_values=True))
    shown = answer(message.resource(exchange.config.account_sid), 201)  # before a sender is chosen
    exchange.accept(message)
    return shown


async def list_(request: web.Request, exchange: Exchange) -> web.Response:
    return answer(paging.page(exchange, dict(request.query)))


def find(request: web.Request, exchange: Exchange) -> Message:
    message = exchange.ledger.get(request.match_info["sid"])
    if message is None:
        raise Refusal(20404, request.path)
    return message


async def fetch(request: web.Request, exchange: Exchange) -> web.Response:
    return answer(find(request, exchange).resource(exchange.config.account_sid))


async def update(request: web.Request, exchange: Exchange) -> web.Response:
    """Two changes are possible: Body="" redacts, Status=canceled takes back what is scheduled."""
    message = find(request, exchange)
    form = dict(parse_qsl((await request.read()).decode("utf-8", "replace"), keep_blank_values=True))
    if form.get("Status"):
        if form["Status"] != "canceled":
            raise Refusal(20001, "Status")
        if message.status != "scheduled":
            raise Refusal(30409)
        exchange.delivery.advance(message, "canceled")
    elif "Body" in form:
        if form["Body"]:
            raise Refusal(20001, "Body may only be set to an empty string")
        _check_final(message)
        message.redacted = True
        message.updated = time.time()
        exchange.ledger.touch(message)
    return answer(message.resource(exchange.config.account_sid))


async def delete(request: web.Request, exchange: Exchange) -> web.Response:
    message = find(request, exchange)
    _check_final(message)
    message.deleted = True
    message.media = ()
    exchange.ledger.touch(message)
    return web.Response(status=204)


def _check_final(message: Message) -> None:
    if message.status not in FINAL and message.status != "sent":
        raise Refusal(20009)


async def feedback(request: web.Request, exchange: Exchange) -> web.Response:
    message = find(request, exchange)
    form = dict(parse_qsl((await request.read()).decode("utf-8", "replace")))
    account = exchange.config.account_sid
    now = rfc2822(time.time())
    return answer(
        {
            "account_sid": account,
            "message_sid": message.sid,
            "outcome": form.get("Outcome", "confirmed"),
            "date_created": now,
            "date_updated": now,
            "uri": f"/2010-04-01/Accounts/{account}/Messages/{message.sid}/Feedback.json",
        },
        201,
    )


def routes() -> list[web.RouteDef]:
    one = BASE + "/{sid}.json"
    return [
        web.post(BASE + ".json", door("create", create)),
        web.get(BASE + ".json", door("list", list_)),
        web.get(one, door("fetch", fetch)),
        web.post(one, door("change", update)),
        web.delete(one, door("change", delete)),
        web.post(BASE + "/{sid}/Feedback.json", door("change", feedback)),
    ]

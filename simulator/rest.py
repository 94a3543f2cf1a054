"""How does Twilio's REST API answer for messages?"""

import asyncio
import json
import socket
import struct
import time
from collections.abc import Awaitable, Callable
from urllib.parse import parse_qsl

from aiohttp import web

from simulator import creating, paging
from simulator.exchange import Exchange
from simulator.messages import FINAL, Message, rfc2822
from simulator.refusals import Refusal

EXCHANGE = web.AppKey("exchange", Exchange)
BASE = "/2010-04-01/Accounts/{account}/Messages"
Handler = Callable[[web.Request, Exchange], Awaitable[web.StreamResponse]]


def answer(data: object, status: int = 200) -> web.Response:
    return web.Response(
        body=json.dumps(data).encode(), status=status, content_type="application/json", charset="utf-8"
    )


def door(on: str, handler: Handler) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """What stands before every request: who is it, how many at once, and shall something go wrong?"""

    async def enter(request: web.Request) -> web.StreamResponse:
        exchange = request.app[EXCHANGE]
        began = time.perf_counter()
        exchange.in_flight += 1
        concurrent = exchange.in_flight
        exchange.requests += 1
        exchange.most_in_flight = max(exchange.most_in_flight, concurrent)
        try:
            exchange.door.check(request.headers.get("Authorization", ""), request.match_info["account"])
            if concurrent > exchange.live.max_concurrent:
                raise Refusal(20429)
            if exchange.faults.rules:
                await _fault_before(request, exchange, on)
            response = await handler(request, exchange)
            if exchange.faults.rules:
                await _fault_after(request, exchange, on)
        except Refusal as refusal:
            response = web.Response(
                body=refusal.body(), status=refusal.status, content_type="application/json"
            )
            if refusal.status == 401:
                response.headers["WWW-Authenticate"] = 'Basic realm="Twilio API"'
        finally:
            exchange.in_flight -= 1
        exchange.answers[response.status] = exchange.answers.get(response.status, 0) + 1
        response.headers["Twilio-Concurrent-Requests"] = str(concurrent)
        response.headers["Twilio-Request-Duration"] = f"{time.perf_counter() - began:.3f}"
        response.headers["Twilio-Request-Id"] = f"RQ{exchange.rng.getrandbits(128):032x}"
        return response

    return enter


async def _phone(request: web.Request) -> str:
    """Whom a create request is for, so that a fault can concern one number."""
    if request.method != "POST":
        return ""
    form = dict(parse_qsl((await request.read()).decode("utf-8", "replace")))
    return form.get("To", "").removeprefix("whatsapp:")


async def _fault_before(request: web.Request, exchange: Exchange, on: str) -> None:
    faults, phone = exchange.faults, await _phone(request)
    if (fault := faults.strike("latency", on, phone)) and fault.seconds:
        await asyncio.sleep(fault.seconds)
    if faults.strike("too_many", on, phone):
        raise Refusal(20429)
    if fault := faults.strike("server_error", on, phone):
        raise _server_error(fault.status)
    if faults.strike("reset", on, phone):
        _reset(request)
    if faults.strike("hang", on, phone):
        await _hang(request, exchange)


async def _fault_after(request: web.Request, exchange: Exchange, on: str) -> None:
    faults, phone = exchange.faults, await _phone(request)
    if fault := faults.strike("server_error_accepted", on, phone):
        raise _server_error(fault.status)
    if faults.strike("reset_accepted", on, phone):
        _reset(request)
    if faults.strike("hang_accepted", on, phone):
        await _hang(request, exchange)


def _server_error(status: int | str | None) -> Refusal:
    return Refusal(20503) if str(status) == "503" else Refusal(20500)


def _reset(request: web.Request) -> None:
    """Close with RST, so that the client sees a reset rather than an end."""
    if request.transport:
        sock = request.transport.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        request.transport.abort()
    raise Refusal(20500)  # nobody hears it


async def _hang(request: web.Request, exchange: Exchange) -> None:
    """Say nothing until the client gives up, or for `hold_seconds`."""
    ends = time.monotonic() + exchange.live.hold_seconds
    while request.transport and not request.transport.is_closing() and time.monotonic() < ends:
        await asyncio.sleep(0.02)
    if request.transport:
        request.transport.abort()
    raise Refusal(20500)


async def create(request: web.Request, exchange: Exchange) -> web.Response:
    text = (await request.read()).decode("utf-8", "replace")
    message = creating.create(exchange, parse_qsl(text, keep_blank_values=True))
    shown = answer(message.resource(exchange.config.account_sid), 201)  # before a sender is chosen
    exchange.accept(message)
    return shown


async def list_(request: web.Request, exchange: Exchange) -> web.Response:
    return answer(paging.page(exchange, dict(request.query)))


def _find(request: web.Request, exchange: Exchange) -> Message:
    message = exchange.ledger.get(request.match_info["sid"])
    if message is None:
        raise Refusal(20404, request.path)
    return message


async def fetch(request: web.Request, exchange: Exchange) -> web.Response:
    return answer(_find(request, exchange).resource(exchange.config.account_sid))


async def update(request: web.Request, exchange: Exchange) -> web.Response:
    """Two changes are possible: Body="" redacts, Status=canceled takes back what is scheduled."""
    message = _find(request, exchange)
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
    message = _find(request, exchange)
    _check_final(message)
    message.deleted = True
    message.media = ()
    exchange.ledger.touch(message)
    return web.Response(status=204)


def _check_final(message: Message) -> None:
    if message.status not in FINAL and message.status != "sent":
        raise Refusal(20009)


async def feedback(request: web.Request, exchange: Exchange) -> web.Response:
    message = _find(request, exchange)
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


async def list_media(request: web.Request, exchange: Exchange) -> web.Response:
    message = _find(request, exchange)
    account = exchange.config.account_sid
    uri = f"/2010-04-01/Accounts/{account}/Messages/{message.sid}/Media.json?PageSize=50&Page=0"
    rows = [medium.resource(account, message) for medium in message.media]
    return answer(
        {
            "media_list": rows,
            "page": 0,
            "page_size": 50,
            "start": 0,
            "end": max(len(rows) - 1, 0),
            "uri": uri,
            "first_page_uri": uri,
            "previous_page_uri": None,
            "next_page_uri": None,
        }  # fmt: skip
    )


async def fetch_medium(request: web.Request, exchange: Exchange) -> web.Response:
    """With .json the record; without it a redirect to the bytes, as Twilio redirects to its file store."""
    message = _find(request, exchange)
    name = request.match_info["medium"]
    medium = next((m for m in message.media if m.sid == name.removesuffix(".json")), None)
    if medium is None:
        raise Refusal(20404, request.path)
    if name.endswith(".json"):
        return answer(medium.resource(exchange.config.account_sid, message))
    raise web.HTTPTemporaryRedirect(medium.url or f"/simulator/media/{medium.sid}?message={message.sid}")


async def delete_medium(request: web.Request, exchange: Exchange) -> web.Response:
    message = _find(request, exchange)
    name = request.match_info["medium"].removesuffix(".json")
    if all(medium.sid != name for medium in message.media):
        raise Refusal(20404, request.path)
    message.media = tuple(medium for medium in message.media if medium.sid != name)
    return web.Response(status=204)


def routes() -> list[web.RouteDef]:
    one, media = BASE + "/{sid}.json", BASE + "/{sid}/Media"
    return [
        web.post(BASE + ".json", door("create", create)),
        web.get(BASE + ".json", door("list", list_)),
        web.get(one, door("fetch", fetch)),
        web.post(one, door("change", update)),
        web.delete(one, door("change", delete)),
        web.post(BASE + "/{sid}/Feedback.json", door("change", feedback)),
        web.get(media + ".json", door("fetch", list_media)),
        web.get(media + "/{medium}", door("fetch", fetch_medium)),
        web.delete(media + "/{medium}", door("change", delete_medium)),
    ]

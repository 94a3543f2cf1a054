"""What stands before every request? Who it is, how many at once, and whether something shall go wrong."""

import asyncio
import socket
import struct
import time
from collections.abc import Awaitable, Callable
from urllib.parse import parse_qsl

from aiohttp import web

from simulator.exchange import Exchange
from simulator.refusals import Refusal

EXCHANGE = web.AppKey("exchange", Exchange)
Handler = Callable[[web.Request, Exchange], Awaitable[web.StreamResponse]]


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
            response = web.Response(body=refusal.body(), status=refusal.status, content_type="application/json")
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
    if (fault := faults.strike("refuse", on, phone)) and fault.code:
        raise Refusal(fault.code, status=int(fault.status) if fault.status else None)
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
    while request.transport and not request.transport.is_closing() and time.monotonic() < ends:  # noqa: ASYNC110  no event for it
        await asyncio.sleep(0.02)
    if request.transport:
        request.transport.abort()
    raise Refusal(20500)

"""What may tests and the page ask of the simulator itself? Routes under /simulator/, JSON in and out."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import fields
from typing import Any

from aiohttp import web

from simulator.config import LIVE
from simulator.exchange import Exchange
from simulator.faults import KINDS, BadFault
from simulator.inbound import NotSent, Texting
from simulator.media import BadMedium, read_media
from simulator.messages import LONGEST_BODY, Message, new_sid
from simulator.phones import Phone
from simulator.rest import EXCHANGE, answer
from simulator.segments import measure
from simulator.webhook import gather_limited

LONGEST_WAIT_SECONDS = 30.0
MOST_CHANGES = 300
MOST_TEXTS_AT_ONCE = 500
TEXTING_FIELDS = {f.name for f in fields(Texting)}

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Wrong(Exception):
    """A control request that cannot be done; its text says why."""

    def __init__(self, why: str, status: int = 400) -> None:
        self.status = status
        super().__init__(why)


@web.middleware
async def say_what_is_wrong(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except Wrong as wrong:
        return answer({"error": str(wrong)}, wrong.status)
    except (BadFault, BadMedium, NotSent) as wrong:
        return answer({"error": str(wrong)}, 400)


async def _json(request: web.Request) -> Any:
    """Only JSON, so that a page elsewhere cannot post here from somebody's browser."""
    if not request.can_read_body:
        return {}
    if request.content_type != "application/json":
        raise Wrong("send JSON with Content-Type: application/json", 415)
    try:
        return await request.json()
    except ValueError as error:
        raise Wrong(f"not JSON: {error}") from error


async def _object(request: web.Request) -> dict[str, Any]:
    given = await _json(request)
    if not isinstance(given, dict):
        raise Wrong("send a JSON object")
    return given


def _number(request: web.Request, name: str, default: float, most: float) -> float:
    try:
        return min(max(float(request.query.get(name, default)), 0), most)
    except ValueError as error:
        raise Wrong(f"{name} must be a number") from error


def _texting(exchange: Exchange, number: str, given: dict[str, Any]) -> Texting:
    phone = exchange.directory.phones.get(number)
    media = read_media(given.get("media") or [], exchange.rng)
    known = {name: value for name, value in given.items() if name in TEXTING_FIELDS}
    if unknown := set(given) - TEXTING_FIELDS - {"from"}:
        raise Wrong(f"unknown fields {sorted(unknown)}; known are {sorted(TEXTING_FIELDS)}")
    channel = given.get("channel") or (phone.channel if phone else "sms")
    name = given.get("name") or (phone.name if phone else "")
    return Texting(**{**known, "number": number, "media": media, "channel": channel, "name": name})


async def send_text(request: web.Request) -> web.Response:
    """POST phones/{number}/texts: text as this phone; answers when the hotline has answered."""
    exchange = request.app[EXCHANGE]
    texting = _texting(exchange, request.match_info["number"], await _object(request))
    return answer(await exchange.inbound.text(texting))


async def send_texts(request: web.Request) -> web.Response:
    """POST texts: `{"texts": [{number, body, ...}], "at_once": 20}`, many phones; results in order."""
    exchange = request.app[EXCHANGE]
    given = await _object(request)
    texts = [_texting(exchange, str(row.get("number", "")), row) for row in given.get("texts", [])]
    at_once = min(max(int(given.get("at_once", 20)), 1), MOST_TEXTS_AT_ONCE)
    results = await gather_limited(at_once, [exchange.inbound.text(texting) for texting in texts])
    return answer({"results": results})


async def call(request: web.Request) -> web.Response:
    """POST phones/{number}/calls: call the hotline; what is said comes back."""
    given = await _object(request)
    return answer(await request.app[EXCHANGE].inbound.call(request.match_info["number"], given.get("to", "")))


async def show_phone(request: web.Request) -> web.Response:
    """GET phones/{number}?channel=&since=: its texts both ways, oldest first; what reached it has `arrived`."""
    exchange, number = request.app[EXCHANGE], request.match_info["number"]
    channel, since = request.query.get("channel", ""), _number(request, "since", 0, 1e12)
    rows = exchange.ledger.by_phone.get(number, [])
    texts = [row.view() for row in rows if row.seq > since and channel in ("", row.channel)]
    received = sum(1 for row in texts if row["direction"] != "inbound" and row["arrived"])
    return answer({"number": number, "received": received, "texts": texts})


async def list_phones(request: web.Request) -> web.Response:
    directory = request.app[EXCHANGE].directory
    return answer({"phones": directory.view(), "suggested": directory.suggest()})


async def add_phone(request: web.Request) -> web.Response:
    directory, given = request.app[EXCHANGE].directory, await _object(request)
    number, channel = str(given.get("number", "")).strip(), given.get("channel", "sms")
    if not number or channel not in ("sms", "whatsapp"):
        raise Wrong("a phone needs a number, and channel sms or whatsapp")
    directory.add(Phone(number, str(given.get("name", "")), str(given.get("language", "")), channel))
    return await list_phones(request)


async def remove_phone(request: web.Request) -> web.Response:
    if not request.app[EXCHANGE].directory.remove(request.match_info["number"]):
        raise Wrong("no such phone", 404)
    return web.Response(status=204)


async def close_window(request: web.Request) -> web.Response:
    """POST phones/{number}/window/close: 24 hours pass since this person's last WhatsApp message."""
    request.app[EXCHANGE].close_window(request.match_info["number"])
    return web.Response(status=204)


async def state(request: web.Request) -> web.Response:
    """GET state: counts, queues, requests at once, copies."""
    exchange = request.app[EXCHANGE]
    ledger = exchange.ledger
    by_status: dict[str, int] = {}
    for row in ledger.rows:
        by_status[row.status] = by_status.get(row.status, 0) + 1
    repeated = [
        {"phone": phone, "hash": digest, "accepted": counted[0], "arrived": counted[1]}
        for (phone, digest), counted in ledger.copies.items()
        if counted[0] > 1
    ]
    return answer(
        {
            "accepted": ledger.accepted,
            "received": ledger.received,
            "remembered": len(ledger.rows),
            "forgotten": ledger.forgotten,
            "by_status": by_status,
            "requests": exchange.requests,
            "answers": exchange.answers,
            "in_flight": exchange.in_flight,
            "most_in_flight": exchange.most_in_flight,
            "senders": [sender.view() for sender in exchange.pool.senders],
            "callbacks": exchange.callbacks.view(),
            "quiet": exchange.is_quiet(),
            "copies": {
                "different": len(ledger.copies),
                "repeated": len(repeated),
                "rows": repeated[:1000],
                "most": max((counted[0] for counted in ledger.copies.values()), default=0),
            },
            "opted_out": exchange.optouts.phones(),
            "faults": exchange.faults.view(),
            "live": vars(exchange.live),
            "change": ledger.changed,
            "seq": ledger.next_seq - 1,
            "errors": list(exchange.errors)[-20:],
        }  # fmt: skip
    )


async def ledger(request: web.Request) -> web.Response:
    """GET ledger?since=SEQ&limit=&direction=: what was accepted, oldest first; go on from `next`."""
    exchange = request.app[EXCHANGE]
    since, limit = int(_number(request, "since", 0, 1e15)), int(_number(request, "limit", 1000, 10_000))
    rows = exchange.ledger.since(since, limit)
    last = rows[-1].seq if rows else since
    direction = request.query.get("direction", "")
    shown = [row.view() for row in rows if row.direction.startswith(direction)]
    return answer({"messages": shown, "next": last, "more": last < exchange.ledger.next_seq - 1})


async def changes(request: web.Request) -> web.Response:
    """GET changes?since=&wait=: a long poll. `again` means: too long ago, read the phones anew."""
    exchange = request.app[EXCHANGE]
    since = int(_number(request, "since", 0, 1e15))
    wait = _number(request, "wait", 0, LONGEST_WAIT_SECONDS)
    if wait:
        await exchange.ledger.wait_for_change(since, wait)
        await asyncio.sleep(0.05)  # let a burst gather: one answer for many changes
    found = exchange.ledger.changed_since(since)
    rows = [] if found is None else found
    return answer(
        {
            "change": exchange.ledger.changed,
            "again": found is None,
            "skipped": max(0, len(rows) - MOST_CHANGES),
            "messages": [row.view() for row in rows[-MOST_CHANGES:]],
        }  # fmt: skip
    )


async def list_faults(request: web.Request) -> web.Response:
    return answer({"faults": request.app[EXCHANGE].faults.view(), "kinds": KINDS})


async def add_faults(request: web.Request) -> web.Response:
    """POST faults: one rule or a list of them."""
    given = await _json(request)
    faults = request.app[EXCHANGE].faults
    rows = given if isinstance(given, list) else [given]
    if not all(isinstance(row, dict) for row in rows):
        raise Wrong("a fault is a JSON object")
    return answer({"faults": [faults.add(row).view() for row in rows]}, 201)


async def remove_faults(request: web.Request) -> web.Response:
    """DELETE faults, or faults/{id}."""
    faults, fault_id = request.app[EXCHANGE].faults, request.match_info.get("id")
    if fault_id is None:
        faults.clear()
    elif not (fault_id.isdigit() and faults.remove(int(fault_id))):
        raise Wrong("no such fault", 404)
    return web.Response(status=204)


async def rogue(request: web.Request) -> web.Response:
    """POST rogue {to, body, from?}: a message appears in the account that no client of ours asked for."""
    exchange, given = request.app[EXCHANGE], await _object(request)
    to, body = str(given.get("to", "")), str(given.get("body", ""))
    channel = "whatsapp" if to.startswith("whatsapp:") else "sms"
    sender = exchange.pool.find(given["from"]) if given.get("from") else exchange.pool.first(channel)
    if not to or not body or len(body) > LONGEST_BODY or sender is None:
        raise Wrong("a rogue message needs to, body, and from one of our numbers")
    sid = new_sid("SM", exchange.rng)
    message = Message(sid, "outbound-api", "rogue", to, sender.address, measure(body), time.time())
    message.sender = sender
    message.deadline = message.created + 36_000
    exchange.accept(message)
    return answer({"sid": sid}, 201)


async def change_live(request: web.Request) -> web.Response:
    """POST live: times and limits that may change while it runs, and `rates` per number."""
    exchange, given = request.app[EXCHANGE], await _object(request)
    rates = given.pop("rates", {})
    if unknown := set(given) - set(LIVE):
        raise Wrong(f"unknown {sorted(unknown)}; known are {sorted(LIVE)} and rates")
    if not all(isinstance(value, int | float) and value >= 0 for value in [*given.values(), *rates.values()]):
        raise Wrong("every value must be a number, zero or more")
    for address, rate in rates.items():
        sender = exchange.pool.find(address)
        if sender is None or rate <= 0:
            raise Wrong(f"{address} is not a number of ours, or its rate is not above zero")
        sender.rate = rate
    for name, value in given.items():
        setattr(exchange.live, name, value)
    return answer(vars(exchange.live) | {"rates": {s.address: s.rate for s in exchange.pool.senders}})


async def reset(request: web.Request) -> web.Response:
    """POST reset {keep_faults?}: as just started."""
    given = await _object(request)
    request.app[EXCHANGE].reset(bool(given.get("keep_faults")))
    return web.Response(status=204)


async def settle(request: web.Request) -> web.Response:
    """GET settle?wait=: answers when nothing is on its way any more, or the time is up (`quiet` false)."""
    quiet = await request.app[EXCHANGE].settle(_number(request, "wait", 10, 120))
    return answer({"quiet": quiet})


async def errors(request: web.Request) -> web.Response:
    """GET errors: what Twilio's debugger would list."""
    return answer({"errors": list(request.app[EXCHANGE].errors)})


async def medium(request: web.Request) -> web.Response:
    """The bytes of a picture, for the page and for who followed a media address."""
    exchange = request.app[EXCHANGE]
    wanted = request.match_info["medium"]
    message = exchange.ledger.by_sid.get(request.query.get("message", ""))
    for found in message.media if message else ():
        if found.sid == wanted:
            return web.Response(body=found.data, content_type=found.content_type)
    raise Wrong("no such medium", 404)


async def health(request: web.Request) -> web.Response:
    return answer({"ready": True})


def routes() -> list[web.RouteDef]:
    return [
        web.get("/simulator/health", health),
        web.get("/simulator/state", state),
        web.get("/simulator/ledger", ledger),
        web.get("/simulator/changes", changes),
        web.get("/simulator/settle", settle),
        web.get("/simulator/errors", errors),
        web.post("/simulator/reset", reset),
        web.post("/simulator/live", change_live),
        web.post("/simulator/rogue", rogue),
        web.post("/simulator/texts", send_texts),
        web.get("/simulator/phones", list_phones),
        web.post("/simulator/phones", add_phone),
        web.get("/simulator/phones/{number}", show_phone),
        web.delete("/simulator/phones/{number}", remove_phone),
        web.post("/simulator/phones/{number}/texts", send_text),
        web.post("/simulator/phones/{number}/calls", call),
        web.post("/simulator/phones/{number}/window/close", close_window),
        web.get("/simulator/faults", list_faults),
        web.post("/simulator/faults", add_faults),
        web.delete("/simulator/faults", remove_faults),
        web.delete("/simulator/faults/{id}", remove_faults),
        web.get("/simulator/media/{medium}", medium),
    ]

"""What may tests and the page do with phones? Text, call, read what arrived: /simulator/phones/..."""

from dataclasses import fields
from typing import Any

from aiohttp import web

from simulator.asking import Wrong, read_number, read_object
from simulator.entrance import EXCHANGE
from simulator.media import read_media
from simulator.parameters import Texting
from simulator.phones import Phone
from simulator.rest import answer
from simulator.webhook import gather_limited

MOST_TEXTS_AT_ONCE = 500
INERT = {"Content-Security-Policy": "sandbox; default-src 'none'", "X-Content-Type-Options": "nosniff"}
"""A file of somebody else's is shown, never run."""
TEXTING_FIELDS = {f.name for f in fields(Texting)}


def _texting(request: web.Request, number: str, given: dict[str, Any]) -> Texting:
    exchange = request.app[EXCHANGE]
    exchange.public_url = exchange.public_url or f"http://{request.host}"  # where media can be fetched
    phone = exchange.directory.phones.get(number)
    media = read_media(given.get("media") or [], exchange.rng)
    known = {name: value for name, value in given.items() if name in TEXTING_FIELDS}
    if unknown := set(given) - TEXTING_FIELDS - {"from"}:
        raise Wrong(f"unknown fields {sorted(unknown)}; known are {sorted(TEXTING_FIELDS)}")
    if not isinstance(given.get("body", ""), str) or not isinstance(given.get("params") or {}, dict):
        raise Wrong("body must be text, and params an object")
    channel = given.get("channel") or (phone.channel if phone else "sms")
    name = given.get("name") or (phone.name if phone else "")
    return Texting(**{**known, "number": number, "media": media, "channel": channel, "name": name})


async def send_text(request: web.Request) -> web.Response:
    """POST phones/{number}/texts: text as this phone; answers when the hotline has answered."""
    exchange = request.app[EXCHANGE]
    texting = _texting(request, request.match_info["number"], await read_object(request))
    return answer(await exchange.inbound.text(texting))


async def send_texts(request: web.Request) -> web.Response:
    """POST texts: `{"texts": [{number, body, ...}], "at_once": 20}`, many phones; results in order."""
    exchange = request.app[EXCHANGE]
    given = await read_object(request)
    texts = [_texting(request, str(row.get("number", "")), row) for row in given.get("texts", [])]
    at_once = given.get("at_once", 20)
    if not isinstance(at_once, int) or not 1 <= at_once <= MOST_TEXTS_AT_ONCE:
        raise Wrong(f"at_once must be between 1 and {MOST_TEXTS_AT_ONCE}")
    results = await gather_limited(at_once, [exchange.inbound.text(texting) for texting in texts])
    return answer({"results": results})


async def call(request: web.Request) -> web.Response:
    """POST phones/{number}/calls: call the hotline; what is said comes back."""
    given = await read_object(request)
    return answer(await request.app[EXCHANGE].inbound.call(request.match_info["number"], given.get("to", "")))


async def show_phone(request: web.Request) -> web.Response:
    """GET phones/{number}?channel=&since=&last=: texts both ways, oldest first; what reached it has `arrived`."""
    exchange, number = request.app[EXCHANGE], request.match_info["number"]
    channel, since = request.query.get("channel", ""), read_number(request, "since", 0, 1e12)
    rows = exchange.ledger.by_phone.get(number, [])[-int(read_number(request, "last", 1e9, 1e9)) :]
    texts = [row.view() for row in rows if row.seq > since and channel in ("", row.channel)]
    received = sum(1 for row in texts if row["direction"] != "inbound" and row["arrived"])
    return answer({"number": number, "received": received, "texts": texts})


async def list_phones(request: web.Request) -> web.Response:
    exchange = request.app[EXCHANGE]
    directory = exchange.directory
    numbers = list(dict.fromkeys(sender.number for sender in exchange.pool.senders))
    return answer({"phones": directory.view(), "suggested": directory.suggest(), "numbers": numbers})


async def add_phone(request: web.Request) -> web.Response:
    directory, given = request.app[EXCHANGE].directory, await read_object(request)
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


async def read_texts(request: web.Request) -> web.Response:
    """POST phones/{number}/read: the person opens WhatsApp; what was delivered is `read`, with its receipt."""
    exchange = request.app[EXCHANGE]
    rows = exchange.ledger.by_phone.get(request.match_info["number"], [])
    unread = [row for row in rows if row.channel == "whatsapp" and row.status == "delivered"]
    for row in unread:
        exchange.delivery.read(row)
    return answer({"read": len(unread)})


async def medium(request: web.Request) -> web.Response:
    """The bytes of a picture, for the page and for who followed a media address."""
    if "Authorization" in request.headers:
        raise Wrong("the file store takes one kind of authorization: the address itself")
    exchange = request.app[EXCHANGE]
    wanted = request.match_info["medium"]
    message = exchange.ledger.by_sid.get(request.query.get("message", ""))
    for found in message.media if message else ():
        if found.sid == wanted:
            return web.Response(body=found.data, content_type=found.content_type, headers=INERT)
    raise Wrong("no such medium", 404)


def routes() -> list[web.RouteDef]:
    phone = "/simulator/phones/{number}"
    return [
        web.post("/simulator/texts", send_texts),
        web.get("/simulator/phones", list_phones),
        web.post("/simulator/phones", add_phone),
        web.get(phone, show_phone),
        web.delete(phone, remove_phone),
        web.post(phone + "/texts", send_text),
        web.post(phone + "/calls", call),
        web.post(phone + "/read", read_texts),
        web.post(phone + "/window/close", close_window),
        web.get("/simulator/media/{medium}", medium),
    ]

"""What may tests and the page ask of the simulator itself? Routes under /simulator/, JSON in and out."""

import asyncio
import time

from aiohttp import web

from simulator.asking import Wrong, read_json, read_number, read_object
from simulator.config import LIVE
from simulator.entrance import EXCHANGE
from simulator.faults import KINDS
from simulator.messages import LONGEST_BODY, Message, new_sid
from simulator.rest import answer
from simulator.segments import measure

LONGEST_WAIT_SECONDS = 30.0
MOST_CHANGES = 300
MOST_OTHERS = 40  # messages of people whose phone is not on the page, for the log


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
        }
    )


async def ledger(request: web.Request) -> web.Response:
    """GET ledger?since=SEQ&limit=&direction=: what was accepted, oldest first; go on from `next`."""
    exchange = request.app[EXCHANGE]
    since, limit = (
        int(read_number(request, "since", 0, 1e15)),
        int(read_number(request, "limit", 1000, 10_000)),
    )
    rows = exchange.ledger.since(since, limit)
    last = rows[-1].seq if rows else since
    direction = request.query.get("direction", "")
    shown = [row.view() for row in rows if row.direction.startswith(direction)]
    return answer({"messages": shown, "next": last, "more": last < exchange.ledger.next_seq - 1})


async def changes(request: web.Request) -> web.Response:
    """GET changes?since=&wait=: a long poll for the page. `again` means: too long ago, read the phones anew."""
    exchange = request.app[EXCHANGE]
    since = int(read_number(request, "since", 0, 1e15))
    wait = read_number(request, "wait", 0, LONGEST_WAIT_SECONDS)
    if wait:
        await exchange.ledger.wait_for_change(since, wait)
        await asyncio.sleep(0.05)  # let a burst gather: one answer for many changes
    found = exchange.ledger.changed_since(since)
    rows = [] if found is None else found
    phones = exchange.directory.phones
    shown = [row for row in rows if row.phone in phones]
    others = [row for row in rows if row.phone not in phones][-MOST_OTHERS:]
    kept = sorted(shown[-MOST_CHANGES:] + others, key=lambda row: row.seq)
    return answer(
        {
            "change": exchange.ledger.changed,
            "seq": exchange.ledger.next_seq - 1,
            "again": found is None,
            "skipped": max(0, len(shown) - MOST_CHANGES),
            "messages": [row.view() for row in kept],
        }
    )


async def rogue(request: web.Request) -> web.Response:
    """POST rogue {to, body, from?}: a message appears in the account that no client of ours asked for."""
    exchange, given = request.app[EXCHANGE], await read_object(request)
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
    exchange, given = request.app[EXCHANGE], await read_object(request)
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
    given = await read_object(request)
    request.app[EXCHANGE].reset(bool(given.get("keep_faults")))
    return web.Response(status=204)


async def settle(request: web.Request) -> web.Response:
    """GET settle?wait=: answers when nothing is on its way any more, or the time is up (`quiet` false)."""
    quiet = await request.app[EXCHANGE].settle(read_number(request, "wait", 10, 120))
    return answer({"quiet": quiet})


async def errors(request: web.Request) -> web.Response:
    """GET errors: what Twilio's debugger would list."""
    return answer({"errors": list(request.app[EXCHANGE].errors)})


async def health(request: web.Request) -> web.Response:
    return answer({"ready": True})


async def list_faults(request: web.Request) -> web.Response:
    return answer({"faults": request.app[EXCHANGE].faults.view(), "kinds": KINDS})


async def add_faults(request: web.Request) -> web.Response:
    """POST faults: one rule or a list of them."""
    given = await read_json(request)
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
        web.get("/simulator/faults", list_faults),
        web.post("/simulator/faults", add_faults),
        web.delete("/simulator/faults", remove_faults),
        web.delete("/simulator/faults/{id}", remove_faults),
    ]

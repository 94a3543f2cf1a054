"""Who plays the hotline while the simulator is tested? A tiny web server that writes down every call it gets."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

import pytest
import requests
from aiohttp import web
from twilio.http import HttpClient
from twilio.http.response import Response
from twilio.request_validator import RequestValidator
from twilio.rest import Client

from simulator import process
from tests.services.carrier import Simulator
from tests.services.waiting import eventually

ACCOUNT = "AC" + "0" * 30 + "77"
TOKENS = ("first-token", "second-token")
KEY = ("SK" + "0" * 32, "key-secret")
SERVICE = "MG" + "0" * 30 + "77"
NUMBER = "+15625550100"
ROSA, BEN = "+13235550101", "+13235550102"
QUICK = {"accept_seconds": 0.01, "send_seconds": 0.01, "deliver_seconds": 0.02, "list_lag_seconds": 0.0}
LIVE = {**QUICK, "max_concurrent": 100, "hold_seconds": 5}
RATES = {"rates": {NUMBER: 1000, f"whatsapp:{NUMBER}": 1000}}


@dataclass
class Call:
    """One request the simulator made."""

    path: str
    url: str
    form: dict[str, str]
    headers: dict[str, str]
    genuine: bool


@dataclass
class Hotline:
    """Answers what a test wants, and remembers who called."""

    address: str = ""
    calls: list[Call] = field(default_factory=list)
    reply: Callable[[Call], web.Response] = lambda call: twiml("<Response/>")
    on_receipt: Callable[[Call], web.Response] = lambda call: web.Response(status=204)
    files: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    """What lies at which path, with its kind: for who comes to fetch a medium."""

    def to(self, path: str) -> list[Call]:
        return [call for call in self.calls if call.path == path]

    def receipts(self, sid: str) -> list[str]:
        return [c.form["MessageStatus"] for c in self.to("/twilio/receipts") if c.form["MessageSid"] == sid]


def twiml(text: str) -> web.Response:
    return web.Response(text=text, content_type="text/xml")


def _serve(hotline: Hotline, ready: threading.Event, ending: list[Callable[[], object]]) -> None:
    async def take(request: web.Request) -> web.Response:
        pairs = parse_qsl((await request.read()).decode(), keep_blank_values=True)
        url = f"{hotline.address}{request.raw_path}"
        signature = request.headers.get("X-Twilio-Signature", "")
        genuine = bool(RequestValidator(TOKENS[0]).validate(url, dict(pairs), signature))
        call = Call(request.path, url, dict(pairs), dict(request.headers), genuine)
        hotline.calls.append(call)
        return hotline.on_receipt(call) if request.path == "/twilio/receipts" else hotline.reply(call)

    async def give(request: web.Request) -> web.Response:
        kind, body = hotline.files.get(request.path, ("", b""))
        return web.Response(body=body, content_type=kind) if kind else web.Response(status=404)

    async def run() -> None:
        app = web.Application()
        app.router.add_post("/{path:.*}", take)
        app.router.add_get("/{path:.*}", give)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        hotline.address = f"http://127.0.0.1:{runner.addresses[0][1]}"
        stop, loop = asyncio.Event(), asyncio.get_running_loop()
        ending.append(lambda: loop.call_soon_threadsafe(stop.set))
        ready.set()
        await stop.wait()
        await runner.cleanup()

    asyncio.run(run())


@pytest.fixture(scope="session")
def _hotline() -> Iterator[Hotline]:
    hotline, ready = Hotline(), threading.Event()
    ending: list[Callable[[], object]] = []
    thread = threading.Thread(target=_serve, args=(hotline, ready, ending), daemon=True)
    thread.start()
    assert ready.wait(10)
    yield hotline
    ending[0]()
    thread.join(10)


@pytest.fixture(scope="session")
def _carrier(_hotline: Hotline) -> Iterator[Simulator]:
    flags = [
        "--hotline", _hotline.address, "--account-sid", ACCOUNT, "--auth-token", ",".join(TOKENS),
        "--api-key-sid", KEY[0], "--api-key-secret", KEY[1], "--messaging-service", SERVICE,
        "--numbers", NUMBER, "--whatsapp", NUMBER, "--rate", "1000", "--whatsapp-rate", "1000", "--seed", "7",
        "--queue-hours", "0.001",
    ]  # fmt: skip
    with process.running(*flags) as address:
        yield Simulator(address)


@pytest.fixture
def hotline(_hotline: Hotline) -> Hotline:
    fresh = Hotline()
    _hotline.calls, _hotline.reply, _hotline.on_receipt = fresh.calls, fresh.reply, fresh.on_receipt
    _hotline.files = fresh.files
    return _hotline


@pytest.fixture
def carrier(_carrier: Simulator, hotline: Hotline) -> Simulator:
    """A simulator in which nothing has happened yet."""
    _carrier.live(**LIVE, **RATES)
    _carrier.reset()
    return _carrier


class LocalHttpClient(HttpClient):  # type: ignore[misc]  # twilio has no types
    """The SDK's way to the simulator instead of Twilio."""

    def __init__(self, address: str) -> None:
        super().__init__(None, True, None)
        self.address = address

    def request(
        self,
        method: str,
        url: str,
        params: Any = None,
        data: Any = None,
        headers: Any = None,
        auth: Any = None,
        timeout: float | None = None,
        allow_redirects: bool = False,
        **_: object,
    ) -> Response:
        local = url.replace("https://api.twilio.com", self.address)
        answer = requests.request(
            method, local, params=params, data=data, headers=headers, auth=auth, timeout=timeout or 10,
            allow_redirects=allow_redirects,
        )  # fmt: skip
        return Response(answer.status_code, answer.text, dict(answer.headers))


@pytest.fixture
def twilio(carrier: Simulator) -> Client:
    """The SDK as our users have it, pointed at the simulator."""
    return Client(ACCOUNT, TOKENS[0], http_client=LocalHttpClient(carrier.address))


def post(carrier: Simulator, **form: object) -> requests.Response:
    """A bare POST of a message, for what the SDK would hide."""
    return post_within(10, carrier, **form)


def post_within(_seconds: float, _carrier: Simulator, /, **form: Any) -> requests.Response:
    """The same, by a client that waits no longer than this."""
    url = f"{_carrier.address}/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
    return requests.post(url, data=form, auth=(ACCOUNT, TOKENS[0]), timeout=_seconds)


def ends_as(carrier: Simulator, sid: str) -> dict[str, Any]:
    """What became of a message, once it is final."""
    carrier.settle(10)

    def found() -> dict[str, Any]:
        rows = carrier.ask("GET", "ledger?limit=10000")["messages"]
        return next(row for row in rows if row["sid"] == sid)

    return eventually(found)

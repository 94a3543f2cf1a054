"""Is every page of the console there at once, and does what changes show soon, with a city's people and a year's incidents?

10,000 incidents (a fifth of them open, more than any night has had), their reports, and 1,000,000 subscribers. Each page is
asked for as a coordinator, who sees the most, and after a change each time, so that nothing is answered from memory; its time
is the server's, from the request to the last byte of the answer. Then fifty consoles are open at once, each asking as its page
does, and incidents are opened one after the other: how long until each console shows each of them?
"""

import http.client
import random
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import IntegerConverter, Rule

from benchmarks import desks
from benchmarks.ground import Ground
from benchmarks.row import Row
from benchmarks.serving import at_a_free_port, serve
from bot.console.app import make_app

INCIDENTS, OPEN_SHARE, SUBSCRIBERS = 10_000, 5, 1_000_000
CEILING_SECONDS, LIVE_SECONDS = 0.150, 2.0
ASKED, WARM = 24, 3
CONSOLES, CHANGES, EVERY_SECONDS = 50, 12, 1.5
POLL_SECONDS, BANNER_SECONDS, HERE_SECONDS = 1.0, 5.0, 0.6
"""As the pages do: the queue, what stands above every page, and whether one may still be here (`static/here.js`)."""


def measure(ground: Ground, quick: bool) -> list[Row]:
    """Pages first, in this process; then the whole web process with the consoles in front of it."""
    incidents, subscribers = (60, 1000) if quick else (INCIDENTS, SUBSCRIBERS)
    ground.stand_on(
        f"desk_{incidents}_{subscribers}", lambda: desks.town(incidents, incidents // OPEN_SHARE, subscribers)
    )
    rows = _pages(2 if quick else ASKED)
    return rows + _live(ground, *((3, 2) if quick else (CONSOLES, CHANGES)))


def _pages(asked: int) -> list[Row]:
    app = make_app()
    client = _signed_in(app, desks.coordinator())
    rows = [
        _row(f"page {endpoint}", taken) for endpoint, path in _routes(app) if (taken := _times(client, path, asked))
    ]
    return sorted(rows, key=lambda row: -row.ours)


def _times(client: FlaskClient, path: str, asked: int) -> list[float]:
    """Nothing where there is no page to be had (an address that stands for a photo, a redirect)."""
    if client.get(path, buffered=True).status_code != 200:
        return []
    taken = []
    for n in range(asked + WARM):
        desks.change(n)
        began = time.perf_counter()
        client.get(path, buffered=True)
        taken.append(time.perf_counter() - began)
    return sorted(taken[WARM:])


def _row(what: str, taken: Sequence[float], ceiling: float = CEILING_SECONDS) -> Row:
    p95 = taken[min(len(taken) - 1, int(len(taken) * 0.95))]
    return Row(what, p95, "the ceiling", ceiling, "s", p95 / ceiling, 1.0, at_most=True)


def _routes(app: Flask) -> Iterator[tuple[str, str]]:
    adapter = app.url_map.bind("localhost")
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.endpoint):
        if "GET" in (rule.methods or ()) and rule.endpoint != "static":
            yield rule.endpoint, adapter.build(rule.endpoint, _values(rule), "GET")


def _values(rule: Rule) -> dict[str, object]:
    """The first of each kind."""
    return {name: 1 if isinstance(how, IntegerConverter) else "es" for name, how in rule._converters.items()}


def _signed_in(app: Flask, token: str) -> FlaskClient:
    client = app.test_client()
    client.set_cookie("contigo-session", token)
    return client


@dataclass
class Console:
    """One browser's polling, without the browser."""

    port: int
    token: str
    seen: dict[str, float] = field(default_factory=dict)
    """When it first showed each code."""
    failed: int = 0
    mark: str = ""

    def live(self, done: threading.Event) -> None:
        due = {path: time.monotonic() + random.random() for path in ("/queue/rows", "/sending/standing", "/me/here")}
        every = {"/queue/rows": POLL_SECONDS, "/sending/standing": BANNER_SECONDS, "/me/here": HERE_SECONDS}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        while not done.is_set():
            path = min(due, key=lambda each: due[each])
            if done.wait(max(0.0, due[path] - time.monotonic())):
                break
            due[path] = time.monotonic() + every[path]
            self._ask(connection, path)
        connection.close()

    def _ask(self, connection: http.client.HTTPConnection, path: str) -> None:
        cookies = {"Cookie": f"contigo-session={self.token}", "HX-Request": "true"}
        if path == "/queue/rows" and self.mark:
            cookies["If-None-Match"] = f'"{self.mark}"'
        connection.request("GET", f"/console{path}", headers=cookies)
        answer = connection.getresponse()
        page = answer.read().decode()
        self.failed += answer.status >= 400 and path != "/me/here"
        if path == "/queue/rows" and answer.status == 200:
            self.mark = desks.mark(page)
            for code in desks.codes(page):
                self.seen.setdefault(code, time.monotonic())


def _live(ground: Ground, consoles: int, changes: int) -> list[Row]:
    at_a_free_port(ground)
    web = serve(ground, "bot.wsgi:app")
    done = threading.Event()
    open_ones = [Console(int(ground.settings["PORT"]), token) for token in desks.tokens(consoles)]
    threads = [threading.Thread(target=each.live, args=(done,)) for each in open_ones]
    for thread in threads:
        thread.start()
    opened = _open_some(changes, open_ones)
    done.set()
    for thread in threads:
        thread.join()
    web.stop()
    waited = sorted(each.seen.get(code, at + 60) - at for each in open_ones for code, at in opened.items())
    return [
        _row(f"live: {consoles} consoles, until a new incident shows", waited, LIVE_SECONDS),
        Row(
            "live: answers that failed",
            (lost := sum(each.failed for each in open_ones)),
            "none",
            0,
            "",
            lost,
            0,
            at_most=True,
        ),
    ]


def _open_some(changes: int, open_ones: Sequence[Console]) -> dict[str, float]:
    """One after the other; each is waited for at every console, for as long as it may ever take."""
    opened: dict[str, float] = {}
    settled = time.monotonic() + 30
    while not all(each.mark for each in open_ones) and time.monotonic() < settled:
        time.sleep(0.1)
    for _ in range(changes):
        code = desks.urgent()
        opened[code] = time.monotonic()
        limit = time.monotonic() + 10
        while not all(code in each.seen for each in open_ones) and time.monotonic() < limit:
            time.sleep(0.05)
        time.sleep(EVERY_SECONDS * random.random())
    return opened

"""How does Twilio call the hotline? One signed request, with its connection overrides and retries."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl, quote_plus

import aiohttp
from yarl import URL

from simulator.auth import signature_headers
from simulator.config import Config
from simulator.faults import Faults

LARGEST_ANSWER = 64 * 1024
BROKEN = "broken"  # the connection ended before an answer; no override names it but `all`
STALE_SECONDS = 0.05
"""A kept connection that breaks this soon had been closed by the other side while it was idle: not an attempt."""
DEFAULT_REASONS = frozenset({"ct"})
BOUNDS = {"ct": (100, 10_000), "rt": (100, 15_000), "tt": (100, 15_000), "rc": (0, 5)}


@dataclass(frozen=True, slots=True)
class Overrides:
    """Twilio's connection overrides, read from the address's fragment. Defaults: one retry, connect failures only."""

    ct: int = 5000
    rt: int = 15000
    tt: int = 15000
    rc: int = 1
    rp: frozenset[str] = DEFAULT_REASONS

    def retries(self, reason: str) -> bool:
        return reason in self.rp or "all" in self.rp


@dataclass(frozen=True, slots=True)
class Target:
    signed: str
    url: URL
    overrides: Overrides


@lru_cache(maxsize=4096)
def _overrides(fragment: str) -> Overrides:
    given = dict(parse_qsl(fragment))
    numbers = {
        key: min(max(int(given[key]), least), most)
        for key, (least, most) in BOUNDS.items()
        if given.get(key, "").isdigit()
    }
    reasons = frozenset(given["rp"].split(",")) if "rp" in given else DEFAULT_REASONS
    return Overrides(**numbers, rp=reasons)


def target_of(address: str) -> Target:
    signed, _, fragment = address.partition("#")
    return Target(signed, URL(signed, encoded=True), _overrides(fragment))


@dataclass(frozen=True, slots=True)
class Answer:
    """What the hotline said, or why nothing was heard (`error`, a code of Twilio's debugger)."""

    status: int = 0
    content_type: str = ""
    body: str = ""
    attempts: int = 1
    error: int | None = None
    reason: str = ""


Heard = tuple[str, Answer]


class Webhook:
    """The client side. Texts and calls come on a new connection each, receipts over connections kept open."""

    def __init__(self, config: Config, faults: Faults) -> None:
        self._config = config
        self._faults = faults
        self._sessions: dict[bool, aiohttp.ClientSession] = {}

    def _session(self, kept: bool) -> aiohttp.ClientSession:
        if kept not in self._sessions:
            # Shorter than the two seconds after which common servers close an idle connection.
            connector = (
                aiohttp.TCPConnector(limit=0, keepalive_timeout=1.0)
                if kept
                else aiohttp.TCPConnector(limit=0, force_close=True)
            )
            self._sessions[kept] = aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())
        return self._sessions[kept]

    async def close(self) -> None:
        for session in self._sessions.values():
            await session.close()

    async def post(self, address: str, params: Mapping[str, str], token: str, on: str, phone: str = "") -> Answer:
        """Call once, and again as the overrides allow; never raises for what the other side does."""
        target = target_of(address)
        headers = {
            "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
            "User-Agent": "TwilioProxy/1.1",
            "Accept": "*/*",
            "I-Twilio-Idempotency-Token": token,
            **signature_headers(self._config, target.signed, params.items()),
        }
        data = "&".join([f"{_quoted(name)}={_quoted(value)}" for name, value in params.items()]).encode()
        ends = time.monotonic() + target.overrides.tt / 1000
        attempts = 0
        while True:
            attempts += 1
            why, answer = await self._attempt(target, headers, data, on, phone, ends)
            if not why or attempts > target.overrides.rc or not target.overrides.retries(why):
                break
            if time.monotonic() >= ends:
                break
        return answer if attempts == 1 else replace(answer, attempts=attempts)

    async def _attempt(
        self, target: Target, headers: Mapping[str, str], data: bytes, on: str, phone: str, ends: float
    ) -> Heard:
        lost = self._faults.strike("webhook_lost", on, phone) if self._faults.rules else None
        if lost and lost.when == "before":
            return "ct", Answer(error=11205, reason="connection failed (fault)")
        kept, began = on == "receipt", time.monotonic()
        heard = await self._once(target, headers, data, kept, ends)
        if kept and heard[0] == BROKEN and time.monotonic() - began < STALE_SECONDS:
            heard = await self._once(target, headers, data, False, ends)
        if lost:
            return "rt", Answer(error=11205, reason="answer lost (fault)")
        return heard

    async def _once(self, target: Target, headers: Mapping[str, str], data: bytes, kept: bool, ends: float) -> Heard:
        """Why it might be tried again (ct, rt, 4xx, 5xx or nothing), and what was heard."""
        over = target.overrides
        left = max(ends - time.monotonic(), 0.1)
        limits = aiohttp.ClientTimeout(total=left, sock_connect=over.ct / 1000, sock_read=over.rt / 1000)
        try:
            session = self._session(kept)
            async with session.post(target.url, data=data, headers=headers, timeout=limits) as response:
                body = b"" if response.status == 204 else (await response.read())[:LARGEST_ANSWER]
                return _judge(response.status, response.headers.get("Content-Type", ""), body)
        except (aiohttp.ConnectionTimeoutError, aiohttp.ClientConnectorError) as error:
            return "ct", Answer(error=11205, reason=type(error).__name__)
        except TimeoutError:
            return "rt", Answer(error=11205, reason="no answer in time")
        except (aiohttp.ClientError, OSError, ValueError) as error:
            return BROKEN, Answer(error=11200, reason=type(error).__name__)


@lru_cache(maxsize=65_536)
def _quoted(text: str) -> str:
    return quote_plus(text)


def _judge(status: int, kind: str, body: bytes) -> Heard:
    text = body.decode("utf-8", "replace")
    if status >= 400:
        why = "5xx" if status >= 500 else "4xx"
        return why, Answer(status, kind, text, error=11200, reason=f"HTTP {status}")
    return "", Answer(status, kind, text)


async def gather_limited(limit: int, jobs: list[Any]) -> list[Any]:
    """Run coroutines with at most `limit` at once, results in order."""
    gate = asyncio.Semaphore(limit)

    async def run(job: Any) -> Any:
        async with gate:
            return await job

    return list(await asyncio.gather(*(run(job) for job in jobs)))

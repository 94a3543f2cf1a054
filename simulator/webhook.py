"""How does Twilio call the hotline? One signed request, with its connection overrides and retries."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qsl, urlencode

import aiohttp
from yarl import URL

from simulator.auth import signature_headers
from simulator.config import Config
from simulator.faults import Faults

LARGEST_ANSWER = 64 * 1024
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


class Webhook:
    """The client side, with one pool of connections."""

    def __init__(self, config: Config, faults: Faults) -> None:
        self._config = config
        self._faults = faults
        self._session: aiohttp.ClientSession | None = None

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            trace = aiohttp.TraceConfig()
            trace.on_connection_reuseconn.append(_note_reuse)
            # Shorter than the two seconds after which common servers close an idle connection.
            connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=1.0)
            self._session = aiohttp.ClientSession(
                connector=connector,
                trace_configs=[trace],
                auto_decompress=True,
                cookie_jar=aiohttp.DummyCookieJar(),
            )
        return self._session

    async def close(self) -> None:
        if self._session:
            await self._session.close()

    async def post(
        self, address: str, params: Mapping[str, str], token: str, on: str, phone: str = ""
    ) -> Answer:
        """Call once, and again as the overrides allow; never raises for what the other side does."""
        target = target_of(address)
        headers = {
            "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
            "User-Agent": "TwilioProxy/1.1",
            "Accept": "*/*",
            "I-Twilio-Idempotency-Token": token,
            **signature_headers(self._config, target.signed, params.items()),
        }
        data = urlencode(params).encode()
        ends = time.monotonic() + target.overrides.tt / 1000
        answer = Answer()
        for attempt in range(1, target.overrides.rc + 2):
            why, answer = await self._once(target, headers, data, on, phone, ends)
            answer = replace(answer, attempts=attempt)
            if not why or not target.overrides.retries(why) or time.monotonic() >= ends:
                break
        return answer

    async def _once(
        self, target: Target, headers: Mapping[str, str], data: bytes, on: str, phone: str, ends: float
    ) -> tuple[str, Answer]:
        """One attempt: why it might be tried again (ct, rt, 4xx, 5xx or nothing), and what was heard."""
        lost = self._faults.strike("webhook_lost", on, phone)
        if lost and lost.when == "before":
            return "ct", Answer(error=11205, reason="connection failed (fault)")
        over = target.overrides
        left = max(ends - time.monotonic(), 0.1)
        timeout = aiohttp.ClientTimeout(total=left, sock_connect=over.ct / 1000, sock_read=over.rt / 1000)
        noted = SimpleNamespace(reused=False)
        try:
            async with self._open().post(
                target.url, data=data, headers=headers, timeout=timeout, trace_request_ctx=noted
            ) as response:
                body = await response.content.read(LARGEST_ANSWER)
                status, kind = response.status, response.headers.get("Content-Type", "")
        except (aiohttp.ConnectionTimeoutError, aiohttp.ClientConnectorError) as error:
            return "ct", Answer(error=11205, reason=type(error).__name__)
        except (TimeoutError, aiohttp.ServerTimeoutError):
            return "rt", Answer(error=11205, reason="no answer in time")
        except (aiohttp.ClientError, OSError) as error:
            if noted.reused:  # an idle connection the server had closed: not an attempt
                return await self._fresh(target, headers, data, timeout)
            return "rt", Answer(error=11200, reason=type(error).__name__)
        if lost:
            return "rt", Answer(error=11205, reason="answer lost (fault)")
        return _judge(status, kind, body)

    async def _fresh(
        self, target: Target, headers: Mapping[str, str], data: bytes, limits: aiohttp.ClientTimeout
    ) -> tuple[str, Answer]:
        try:
            async with (
                aiohttp.ClientSession(timeout=limits) as session,
                session.post(target.url, data=data, headers=headers) as response,
            ):
                body = await response.content.read(LARGEST_ANSWER)
                return _judge(response.status, response.headers.get("Content-Type", ""), body)
        except (aiohttp.ConnectionTimeoutError, aiohttp.ClientConnectorError) as error:
            return "ct", Answer(error=11205, reason=type(error).__name__)
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            return "rt", Answer(error=11200, reason=type(error).__name__)


def _judge(status: int, kind: str, body: bytes) -> tuple[str, Answer]:
    text = body.decode("utf-8", "replace")
    if status >= 400:
        why = "5xx" if status >= 500 else "4xx"
        return why, Answer(status, kind, text, error=11200, reason=f"HTTP {status}")
    return "", Answer(status, kind, text)


async def _note_reuse(_session: aiohttp.ClientSession, context: Any, _params: object) -> None:
    if context.trace_request_ctx is not None:
        context.trace_request_ctx.reused = True


async def gather_limited(limit: int, jobs: list[Any]) -> list[Any]:
    """Run coroutines with at most `limit` at once, results in order."""
    gate = asyncio.Semaphore(limit)

    async def run(job: Any) -> Any:
        async with gate:
            return await job

    return list(await asyncio.gather(*(run(job) for job in jobs)))

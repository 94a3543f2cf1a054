"""Who texts, what and when? A crowd that writes at its own times, whether or not the texts before were answered.

A process of its own, as the carrier is: `python -m benchmarks.crowd --rate 200 --seconds 30` reads where the hotline is and how
its carrier signs from the environment (`PUBLIC_BASE_URL`, `TWILIO_ACCOUNT_SID`, `TWILIO_AUTH_TOKEN`), sends each text over a
connection of its own, as Twilio does, and prints what came back as JSON. A text's time counts from when it was due.
"""

import argparse
import asyncio
import csv
import json
import os
import random
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import uvloop

from simulator.auth import signature_headers
from simulator.config import Config

EXAMPLES = Path(__file__).parent.parent / "tests/hotline/data/intents.tsv"
"""What people write, by what they want: language, text, intent."""
CORNERS = ("Pacific y Florence", "Gage & Pacific", "Anaheim and Cherry", "Atlantic y Slauson", "Willow & Santa Fe")
ZIPS = ("90255", "90201", "90270", "90280", "90805", "90806", "90813", "90804")
STORIES: tuple[tuple[int, tuple[tuple[str, ...], ...]], ...] = (
    (30, (("HOLA", "HELLO", "Hola!", "JOIN"), ZIPS, ("1", "SI", "YES"))),
    (6, (("JOIN maywood", "ALTA bell", "JOIN huntington park"), ("1",))),
    (12, (tuple(f"CHECK {corner}" for corner in CORNERS),)),
    (14, (("question",),)),
    (5, (("DERECHOS", "RIGHTS", "PUERTA", "CARRO"), ("MAS", "MORE"))),
    (6, (("AID", "APOYO"), ("AID FOOD", "APOYO COMIDA"))),
    (5, (("HELP", "AYUDA", "WHO", "quienes son?", "DATA"),)),
    (8, (("rumor_check",),)),
    (8, (("report",), ("6", "like 6 of them", "hace 5 minutos"))),
    (10, (("other",), ("gracias", "ok thanks"))),
    (4, (("STOP", "ALTO", "stop please", "ya no me manden mensajes"),)),
    (2, (("STOP",), ("START",))),
    (1, (("emergency",),)),
)
"""(weight, one person's texts in order; each is one of several wordings, or of the examples of that intent)."""
AREAS, PEOPLE_PER_SEED = 780, 13_000
NEXT_SECONDS = (3.0, 8.0)
"""How long somebody takes to write the next text of their story."""
URGENT = ("STOP", "ALTO", "stop please", "ya no me manden mensajes")
MOST_SECONDS = 20.0
"""Twilio hangs up after 15."""


@dataclass(slots=True)
class Sent:
    """One text, and what became of it."""

    sid: str
    kind: str
    due: float
    seconds: float = 0.0
    """From when it was due until its answer was here, whole."""
    status: int = 0
    answered: bool = False
    """200, and a TwiML document."""


def number(person: int) -> str:
    """A number nobody has: 555-01xx of some area code."""
    return f"+1{210 + person // 100 % AREAS}555{100 + person % 100:04d}"


def stories(dice: random.Random, rate: float, seconds: float) -> Iterator[tuple[float, int, str, str]]:
    """(when, who, kind, text) in order of time: Poisson arrivals, each a new person or the next text of somebody's story."""
    examples: dict[str, list[str]] = {}
    with EXAMPLES.open(newline="") as file:
        for _language, text, intent in csv.reader(file, delimiter="\t"):
            examples.setdefault(intent, []).append(text)
    weights = [weight for weight, _ in STORIES]
    waiting: deque[tuple[float, int, tuple[tuple[str, ...], ...]]] = deque()
    at, people = 0.0, 0
    while (at := at + dice.expovariate(rate)) < seconds:
        if waiting and waiting[0][0] <= at:
            _, who, (said, *rest) = waiting.popleft()
        else:
            who, (said, *rest) = people, dice.choices(STORIES, weights)[0][1]
            people += 1
        if rest:
            waiting.append((at + dice.uniform(*NEXT_SECONDS), who, tuple(rest)))
        kind = said[0] if said[0] in examples else "stop" if said[0] in URGENT else "command"
        yield at, who, kind, dice.choice(examples.get(said[0], said))


class Hotline:
    """Where it is, and how its carrier signs."""

    def __init__(self, address: str, account: str, token: str, to: str) -> None:
        self._account, self._to, self._config = account, to, Config(auth_tokens=(token,))
        parts = urlsplit(address)
        self.host, self.port = parts.hostname or "", parts.port or 80
        self._url = f"{address}/twilio/inbound"
        self._head = (
            f"POST {parts.path}/twilio/inbound HTTP/1.1\r\nHost: {parts.netloc}\r\nConnection: close\r\n"
            "User-Agent: TwilioProxy/1.1\r\nAccept: */*\r\nContent-Type: application/x-www-form-urlencoded; charset=UTF-8\r\n"
        )

    def request(self, sid: str, who: int, text: str) -> bytes:
        """One signed webhook, whole."""
        params = {
            "MessageSid": sid, "SmsSid": sid, "SmsMessageSid": sid, "AccountSid": self._account, "From": number(who),
            "To": self._to, "Body": text, "NumMedia": "0", "NumSegments": "1", "SmsStatus": "received",
            "ApiVersion": "2010-04-01", "ToCountry": "US", "FromCountry": "US", "FromState": "CA", "ToState": "CA",
            "FromCity": "", "FromZip": "", "ToCity": "", "ToZip": "",
        }  # fmt: skip
        body = urlencode(params).encode()
        signed = signature_headers(self._config, self._url, params.items())
        lines = "".join(f"{name}: {value}\r\n" for name, value in signed.items())
        return f"{self._head}{lines}Content-Length: {len(body)}\r\n\r\n".encode() + body


class _Call(asyncio.Protocol):
    """One connection with one request, and the whole answer."""

    def __init__(self, request: bytes, done: asyncio.Future[bytes]) -> None:
        self._request, self._done, self._read = request, done, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        transport.write(self._request)  # type: ignore[attr-defined]

    def data_received(self, data: bytes) -> None:
        self._read += data

    def connection_lost(self, gone: Exception | None) -> None:
        if not self._done.done():
            self._done.set_result(self._read)


async def _send(hotline: Hotline, sent: Sent, request: bytes, began: float) -> None:
    loop = asyncio.get_running_loop()
    await asyncio.sleep(began + sent.due - loop.time())
    heard: asyncio.Future[bytes] = loop.create_future()
    transport: asyncio.BaseTransport | None = None
    try:
        async with asyncio.timeout(MOST_SECONDS):
            transport, _ = await loop.create_connection(lambda: _Call(request, heard), hotline.host, hotline.port)
            answer = await heard
    except (TimeoutError, OSError):
        answer = b""
    finally:
        if transport is not None:
            transport.close()
    sent.seconds = loop.time() - began - sent.due
    sent.status = int(answer[9:12] or 0)
    sent.answered = sent.status == 200 and b"<Response" in answer


async def crowd(hotline: Hotline, rate: float, seconds: float, seed: int) -> list[Sent]:
    """Everybody writes; returns when the last answer is here."""
    dice = random.Random(seed)
    texts = [
        (Sent(f"SM{seed:08x}{index:024x}", kind, at), who + seed * PEOPLE_PER_SEED, text)
        for index, (at, who, kind, text) in enumerate(stories(dice, rate, seconds))
    ]
    ready = [(sent, hotline.request(sent.sid, who, text)) for sent, who, text in texts]
    began = asyncio.get_running_loop().time() + 0.2
    await asyncio.gather(*(_send(hotline, sent, request, began) for sent, request in ready))
    return [sent for sent, _ in ready]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.crowd", description=__doc__)
    parser.add_argument("--rate", type=float, default=200.0, help="texts a second")
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--seed", type=int, default=1, help="other people, other words, other carrier ids")
    given = parser.parse_args()
    hotline = Hotline(
        os.environ["PUBLIC_BASE_URL"],
        os.environ["TWILIO_ACCOUNT_SID"],
        os.environ["TWILIO_AUTH_TOKEN"].partition(",")[0],
        os.environ["TWILIO_FROM_NUMBER"],
    )
    sent = uvloop.run(crowd(hotline, given.rate, given.seconds, given.seed))
    print(json.dumps({"sent": [asdict(one) for one in sent], "cpu_seconds": time.process_time()}))


if __name__ == "__main__":
    main()

"""How soon is a text understood on one core, and what does the web process hold in memory once it has heard thousands?

No other program to compare with: both are held against a ceiling. Texts are what people write, in seven languages, each read to
the words we would answer with (`reader`). Memory is that of gunicorn as the Procfile has it, after a crowd of residents.
"""

import json

from benchmarks.ground import Ground
from benchmarks.processes import Failed, Process
from benchmarks.receipts import ACCOUNT, TOKEN
from benchmarks.row import Row
from benchmarks.serving import at_a_free_port, serve

KINDS = ("sqlite",)
TEXTS, TEXTS_PER_SECOND = 2_000, 20
MOST_MILLISECONDS, MOST_MEGABYTES = 5.0, 300.0
PACE = 1000
"""Segments a second: every answer leaves in its response, and no worker is needed."""
LONGEST_SECONDS = 300.0


def measure(ground: Ground, quick: bool) -> list[Row]:
    """First the time, with nothing else running; then the memory."""
    count = 40 if quick else TEXTS
    return [*_time(ground, count), *_memory(ground, count)]


def _time(ground: Ground, count: int) -> list[Row]:
    told = ground.process("reader", "-m", "benchmarks.reader", "--texts", str(count)).wait(LONGEST_SECONDS)
    taken = sorted(json.loads(told.splitlines()[-1]))
    half, most = taken[len(taken) // 2], taken[int(len(taken) * 0.95)]
    return [
        Row("a text, p50", half, "the ceiling", MOST_MILLISECONDS, "ms", half / MOST_MILLISECONDS),
        Row("a text, p95", most, "the ceiling", MOST_MILLISECONDS, "ms", most / MOST_MILLISECONDS, 1.0, at_most=True),
    ]


def _memory(ground: Ground, count: int) -> list[Row]:
    ground.set(twilio_account_sid=ACCOUNT, twilio_auth_token=TOKEN, sender_segments_per_second=PACE)
    at_a_free_port(ground)
    web = serve(ground, "bot.wsgi:app")
    _hear(ground, count)
    held = [bytes_ / 1e6 for bytes_ in web.family_memory_bytes()]
    whole = web.whole_memory_bytes() / 1e6
    web.stop()
    return [
        _megabytes("the largest web process (RSS)", max(held)),
        _megabytes("all of them, what they share counted once (PSS)", whole),
    ]


def _megabytes(what: str, held: float) -> Row:
    return Row(what, held, "the ceiling", MOST_MEGABYTES, "MB", held / MOST_MEGABYTES, 1.0, at_most=True)


def _hear(ground: Ground, count: int) -> Process:
    """So many texts, each answered."""
    seconds = count / TEXTS_PER_SECOND
    options = ("--rate", str(TEXTS_PER_SECOND), "--seconds", str(seconds))
    texting = ground.process("crowd", "-m", "benchmarks.crowd", *options)
    sent = json.loads(texting.wait(LONGEST_SECONDS))["sent"]
    if not sent or not all(one["answered"] for one in sent):
        raise Failed(f"{sum(not one['answered'] for one in sent)} of {len(sent)} texts were not answered")
    return texting

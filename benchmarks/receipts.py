"""How many receipts does the web process take, and what does one cost until it is merged?

Both sides behind the same gunicorn with the same settings, called over as many open connections, no receipt twice. Ours takes it
with one append to Redis, and merges all of them into the database afterwards: that is in its CPU. The other side is a Flask view
with the SDK's validator, an UPDATE by the ORM, a commit and an RQ job, whose work is left out.
"""

import json
import time
from dataclasses import dataclass

from sqlalchemy import bindparam, func, select, update

from benchmarks import fan_out, people
from benchmarks.baselines import one_by_one
from benchmarks.baselines import receipts as straightforward
from benchmarks.calling_back import STATUSES, sid
from benchmarks.ground import Ground
from benchmarks.processes import Failed
from benchmarks.row import Row
from benchmarks.serving import at_a_free_port, serve
from bot.clock import now
from bot.outbox import planning, receipts
from bot.outbox.delivery_models import Delivery, State
from bot.store.session import reading, writing

OURS, THEIRS = 8_000, 1_500
"""Copies, with two receipts each: about as many seconds on both sides."""
ACCOUNT, TOKEN = "AC" + "0" * 31 + "9", "a-token-of-this-measurement"
AGAINST = "Flask, SDK validator, ORM commit, RQ enqueue"
GOAL = 3.0


@dataclass(frozen=True, slots=True)
class Taken:
    """What one side did with its receipts."""

    count: int
    seconds: float
    p99_seconds: float
    cpu_seconds: float

    @property
    def rate(self) -> float:
        return self.count / self.seconds


def measure(ground: Ground, quick: bool) -> list[Row]:
    """One server after the other, at one address."""
    ours, theirs = (100, 50) if quick else (OURS, THEIRS)
    ground.set(twilio_account_sid=ACCOUNT, twilio_auth_token=TOKEN)
    at_a_free_port(ground)
    other = _theirs(ground, theirs)
    mine, merging = _ours(ground, ours)
    us, them = ((taken.cpu_seconds / taken.count * 1e6) for taken in (mine, other))
    merged = merging / mine.count * 1e6
    return [
        Row("receipts taken", mine.rate, AGAINST, other.rate, "/s", mine.rate / other.rate, GOAL),
        Row("p99 answer, 32 at once", mine.p99_seconds * 1e3, AGAINST, other.p99_seconds * 1e3, "ms",
            other.p99_seconds / mine.p99_seconds),
        Row("CPU per receipt, taken and merged", us + merged, AGAINST, them, "us", them / (us + merged)),
        Row("of it: CPU to merge one", merged, AGAINST, them, "us", them / merged),
    ]  # fmt: skip


def _theirs(ground: Ground, copies: int) -> Taken:
    one_by_one.engine.cache_clear()
    straightforward.prepare([sid(copy) for copy in range(1, copies + 1)])
    taken = _call(ground, "benchmarks.baselines.receipts:app", 1, copies)
    if straightforward.arrived() != copies:
        raise Failed(f"{straightforward.arrived()} of {copies} are written down as delivered, on the other side")
    one_by_one.engine().dispose()
    return taken


def _ours(ground: Ground, copies: int) -> tuple[Taken, float]:
    """What was taken, and the CPU seconds of merging it."""
    fan_out.subscribers(ground, copies)
    first = _handed_copies(copies)
    taken = _call(ground, "bot.wsgi:app", first, copies)
    began = time.process_time()
    merged = receipts.merge(taken.count)
    merging = time.process_time() - began
    if merged != taken.count or _arrived() != copies:
        raise Failed(f"{merged} of {taken.count} merged; {_arrived()} of {copies} copies delivered")
    return taken, merging


def _handed_copies(copies: int) -> int:
    """So many copies that the carrier took, by its names for them; the first one's id."""
    planning.plan(people.released_notice())
    with writing() as session:
        ids = sorted(session.scalars(select(Delivery.id)))
        if ids != list(range(ids[0], ids[0] + copies)):
            raise Failed(f"not {copies} copies in a row")
        session.connection().execute(
            update(Delivery.__table__)  # type: ignore[arg-type]
            .where(Delivery.id == bindparam("of"))
            .values(state=State.HANDED, sid=bindparam("carriers"), handed_at=now()),
            [{"of": id_, "carriers": sid(id_)} for id_ in ids],
        )
    return ids[0]


def _arrived() -> int:
    with reading() as session:
        return session.scalar(select(func.count()).where(Delivery.state == State.DELIVERED)) or 0


def _call(ground: Ground, app: str, first: int, copies: int) -> Taken:
    web = serve(ground, app)
    caller = ("-m", "benchmarks.calling_back", "--first", str(first), "--copies")
    cpu = web.cpu_seconds()
    told = json.loads(ground.process("caller", *caller, str(copies)).wait(400.0))
    cpu = web.cpu_seconds() - cpu
    web.stop()
    count = copies * len(STATUSES)
    if told["answers"] != {"204": count}:
        raise Failed(f"{app}: {told['answers']} instead of {count} times 204\n{web.last_words()}")
    return Taken(count, told["seconds"], told["times"][int(count * 0.99)], cpu)

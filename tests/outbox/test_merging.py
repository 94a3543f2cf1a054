"""Do receipts that are merged together end as if each had come by itself? And does one bad one hold up no other?"""

import datetime as dt
import random
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest
from sqlalchemy import select, update

from bot.channels.channel import Handed
from bot.clock import ahead, now
from bot.contacts.models import Channel
from bot.outbox import planning, receipts, recording
from bot.outbox.claiming import Copy, claim
from bot.outbox.delivery_models import Delivery, State
from bot.outbox.link import key, link
from bot.outbox.merging import MEANS, RANK, merge_all
from bot.outbox.models import Lane
from bot.outbox.receipt_stream import STREAM, Receipt
from bot.store.session import reading, writing
from tests.outbox.conftest import Staff, neighbors, notice, states

FAILURES = ("30003", "30005", "21610", "99999")


@dataclass(frozen=True)
class Story:
    """What is known of a copy, and what is said of it then."""

    state: State
    sid: str | None
    said: tuple[Receipt, ...]


@pytest.fixture
def copies(staff: Staff, redis_url: str) -> list[Copy]:
    """Forty claimed copies."""
    with writing() as session:
        neighbors(session, 40)
        notice(session, staff)
    planning.plan(1)
    return claim(Channel.SMS, range(Lane.NOTICE + 1), 40).copies


def sid(n: int) -> str:
    return f"SM{n:032x}"


def receipt(copy: int | None, its_sid: str, status: str, error: str = "", at: dt.datetime | None = None) -> Receipt:
    return Receipt(copy, its_sid, status, error, at or now())


def know(stories: dict[int, Story]) -> None:
    """As if each copy had come so far."""
    with writing() as session:
        for id_, story in stories.items():
            session.execute(
                update(Delivery)
                .where(Delivery.id == id_)
                .values(
                    state=story.state,
                    sid=story.sid,
                    handed_at=now() if story.sid else None,
                    lease_until=ahead(seconds=30) if story.state is State.CLAIMED else None,
                    not_before=None, retries=0, failure=None, final_at=None,
                )
            )  # fmt: skip


def ends() -> dict[int, tuple[object, ...]]:
    with reading() as session:
        return {
            row.id: (
                row.state,
                row.sid,
                row.failure,
                row.lease_until is None,
                row.handed_at is None,
                row.final_at is None,
            )
            for row in session.scalars(select(Delivery))
        }


def stories(dice: random.Random, ids: list[int]) -> dict[int, Story]:
    """Copies in any state, with the receipts of up to three messages each: ours, known only by sid, repeated, failed."""
    found = {}
    for n, id_ in enumerate(ids):
        state = dice.choice(list(State))
        own = sid(n) if state not in (State.CLAIMED, State.UNKNOWN) or dice.random() < 0.5 else None
        if state is State.DROPPED:
            own = None
        said = tuple(
            receipt(
                dice.choice((id_, id_, None)), sid(dice.choice((n, n, n + 100, n + 200))), status,
                dice.choice(FAILURES) if MEANS.get(status) is State.FAILED else "",
            )
            for status in dice.choices([*MEANS, "pondering"], k=dice.randint(0, 6))
        )  # fmt: skip
        found[id_] = Story(state, own, said)
    return found


@pytest.mark.parametrize("seed", range(8))
def test_all_at_once_ends_as_one_by_one_with_the_best_news_first(copies: list[Copy], seed: int) -> None:
    dice = random.Random(seed)
    told = stories(dice, [copy.id for copy in copies])
    everything = [one for story in told.values() for one in story.said]
    dice.shuffle(everything)

    know(told)
    for one in sorted(everything, key=lambda one: RANK[MEANS.get(one.status, State.WAITING)], reverse=True):
        with writing() as session:
            merge_all(session, [one])
    singly = ends()
    know(told)
    with writing() as session:
        merge_all(session, everything)
    assert ends() == singly


def test_a_failure_among_good_news_is_carried_out(copies: list[Copy]) -> None:
    recording.record([recording.Result(copy, Handed(sid(copy.id)), now()) for copy in copies])
    with writing() as session:
        merge_all(
            session,
            [receipt(copy.id, sid(copy.id), "delivered") for copy in copies[1:]]
            + [receipt(copies[0].id, sid(copies[0].id), "undelivered", "30005")],
        )
    with reading() as session:
        assert states(session) == {"delivered": 39, "failed": 1}


def test_what_came_before_the_answer_was_written_down_keeps_its_first_moment(copies: list[Copy]) -> None:
    at = now()
    with writing() as session:
        merge_all(session, [receipt(copies[0].id, sid(1), "sent", at=at)])
        merge_all(session, [receipt(copies[0].id, sid(1), "delivered", at=at + dt.timedelta(seconds=3))])
    with reading() as session:
        found = session.get_one(Delivery, copies[0].id)
        assert (found.handed_at, found.final_at) == (at, at + dt.timedelta(seconds=3))


def test_what_cannot_be_read_is_removed_and_the_rest_is_merged(copies: list[Copy]) -> None:
    redis = link()
    for fields in ({"r": "words"}, {"r": b"\xff\xfe"}, {"x": "1"}, {"r": f"x {sid(1)} sent  2026-11-22T00:00:00"}):
        redis.xadd(key(STREAM), fields)  # type: ignore[arg-type]
    receipts.note({"delivery_id": copies[0].id, "sid": sid(1), "status": "delivered", "error": None})
    assert receipts.merge() == 5
    assert redis.xlen(key(STREAM)) == 0
    with reading() as session:
        assert states(session)["delivered"] == 1


def test_one_that_no_database_can_take_holds_up_no_other(copies: list[Copy]) -> None:
    receipts.note({"delivery_id": 10**30, "sid": sid(2), "status": "sent", "error": None})
    receipts.note({"delivery_id": copies[0].id, "sid": sid(1), "status": "delivered", "error": None})
    receipts.note({"delivery_id": copies[1].id, "sid": sid(3), "status": "undelivered", "error": "30005"})
    assert receipts.merge() == 3
    assert receipts.merge() == 0
    with reading() as session:
        assert states(session) == {"delivered": 1, "failed": 1, "claimed": 38}


def test_mergers_and_a_sender_at_the_same_moment_keep_each_other_from_nothing(copies: list[Copy]) -> None:
    """All take the rows in order of id: nobody waits for somebody who waits for them."""
    said = [(copy, status) for copy in copies for status in ("sending", "sent", "delivered")]
    random.Random(1).shuffle(said)
    for copy, status in said:
        receipts.note({"delivery_id": copy.id, "sid": sid(copy.id), "status": status, "error": None})
    start = threading.Barrier(4)

    def merge() -> None:
        start.wait(20)
        while receipts.merge(17):
            pass

    def record() -> None:
        start.wait(20)
        for first in range(0, 40, 10):
            results = [recording.Result(copy, Handed(sid(copy.id)), now()) for copy in copies[first : first + 10]]
            recording.record(results[::-1])

    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(act) for act in (merge, merge, merge, record)]:
            done.result(60)
    assert link().xlen(key(STREAM)) == 0
    with reading() as session:
        assert states(session) == {"delivered": 40}

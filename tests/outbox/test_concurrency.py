"""Is the allowance never exceeded, never wasted, and given to the more urgent first? By workers against a real Redis."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.channels.twilio import Twilio
from bot.outbox import allowance, concurrency, trip
from bot.outbox.concurrency import SPARE, Concurrency
from bot.outbox.link import key, link
from bot.outbox.models import Lane
from bot.outbox.sending import LANES, Sender
from bot.store.session import writing
from tests.outbox.clocks import Clock
from tests.outbox.conftest import Staff, neighbors, notice
from tests.services.carrier import Simulator
from tests.services.settings import Environment

NOBODY = "redis://127.0.0.1:9/0"


LEASE = 3600.0
"""So long that no machine is slow enough for one to end by itself."""


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(concurrency, "time", made)
    monkeypatch.setattr(trip, "time", made)
    monkeypatch.setattr(allowance, "LEASE_SECONDS", LEASE)
    return made


class Worker:
    """A worker that begins all it may: what it has in flight is what it was given."""

    def __init__(self, name: str, clock: Clock, lane: int = Lane.ALERT) -> None:
        self.shared, self.clock, self.lane = Concurrency(name), clock, lane
        self.flying = 0

    def wants(self, wanted: int) -> int:
        """One turn, a moment later: how many it began."""
        self.clock.now += 1.1 * concurrency.ASK_SECONDS
        begun = min(wanted, self.shared.room(self.flying, wanted, self.lane))
        self.flying += begun
        return begun

    def lands(self, count: int) -> None:
        self.flying -= count
        for _ in range(count):
            self.shared.went_well()

    def is_refused(self, count: int = 1) -> None:
        self.flying -= count
        for _ in range(count):
            self.shared.refused()


@pytest.fixture
def one(redis_url: str, env: Environment, clock: Clock) -> Worker:
    env.set(twilio_max_concurrent_requests=100)
    return Worker("one", clock)


@pytest.fixture
def two(one: Worker, clock: Clock) -> Worker:
    return Worker("two", clock)


def test_who_works_alone_has_all_of_it(one: Worker, two: Worker) -> None:
    assert two.wants(0) == 0
    assert one.wants(500) == 100
    assert one.wants(500) == 0


def test_two_with_the_same_urgency_share_alike_and_never_exceed(one: Worker, two: Worker) -> None:
    one.wants(500)
    assert two.wants(500) == 0
    for _ in range(50):
        one.lands(4)
        one.wants(500)
        two.wants(500)
        assert one.flying + two.flying <= 100
    assert abs(one.flying - two.flying) <= 2
    assert one.flying + two.flying >= 98


def test_who_needs_less_leaves_the_rest_to_the_other(one: Worker, two: Worker) -> None:
    two.wants(10)
    assert one.wants(500) == 90
    assert two.wants(0) == 0


def test_the_more_urgent_goes_first_and_nobody_is_shut_out(one: Worker, clock: Clock) -> None:
    bulk = Worker("bulk", clock, Lane.REPLY)
    bulk.wants(500)
    one.wants(500)
    for _ in range(30):
        bulk.lands(min(bulk.flying, 20))
        bulk.wants(500)
        one.wants(500)
        assert one.flying + bulk.flying <= 100
    assert (one.flying, bulk.flying) == (99, 1)


def test_a_notice_alone_leaves_one_for_what_is_urgent_where_few_fly(
    redis_url: str, env: Environment, clock: Clock
) -> None:
    env.set(twilio_max_concurrent_requests=40)
    bulk, one = Worker("bulk", clock, Lane.NOTICE), Worker("one", clock)
    assert bulk.wants(500) == 39
    assert one.wants(500) == 1


def test_where_many_fly_a_notice_takes_all_and_begins_no_more_until_the_urgent_has_its_own(
    one: Worker, clock: Clock
) -> None:
    bulk = Worker("bulk", clock, Lane.NOTICE)
    assert bulk.wants(500) == 100
    assert one.wants(500) == 0
    bulk.lands(30)
    assert bulk.wants(500) == 0
    assert one.wants(500) == 30


def test_what_a_dead_worker_had_comes_back_when_its_lease_ends(one: Worker, two: Worker) -> None:
    one.wants(500)
    assert two.wants(500) == 0
    _let_the_leases_end()
    assert two.wants(500) == 100


def test_a_worker_held_up_beyond_its_lease_begins_nothing_on_it(one: Worker, two: Worker) -> None:
    one.wants(10)
    _let_the_leases_end()
    two.wants(500)
    assert two.flying == 100
    one.clock.now += LEASE
    one.lands(10)
    assert one.wants(10) == 0


def test_a_refusal_halves_what_all_may_have_once_in_a_round_trip(one: Worker, two: Worker) -> None:
    one.wants(500)
    one.is_refused(5)
    assert one.wants(500) == 0
    assert _allowed() == 50
    one.is_refused(20)
    one.wants(500)
    assert _allowed() == 50, "the same round trip"
    assert two.wants(500) == 0
    assert one.flying + two.flying <= 100


def test_after_the_storm_it_grows_again_to_the_whole(one: Worker) -> None:
    link().hset(key("flights:allowed"), "limit", "10")
    one.wants(500)
    for _ in range(60):
        one.lands(one.flying)
        one.wants(500)
    assert one.flying == 100


def test_at_its_least_a_refusal_rests_for_a_moment_and_never_for_seconds(one: Worker) -> None:
    link().hset(key("flights:allowed"), "limit", "2")
    one.wants(500)
    assert one.flying == 2
    one.is_refused()
    assert one.wants(500) == 0
    one.clock.now += concurrency.REST_SECONDS
    assert one.wants(500) == 1


def test_what_others_of_the_account_have_is_left_to_them_before_a_429(one: Worker) -> None:
    one.wants(500)
    for _ in range(40):
        one.lands(5)
        one.shared.heard(one.flying + 35)
        one.wants(500)
    assert one.flying <= 70
    for _ in range(100):
        one.lands(5)
        one.shared.heard(one.flying)
        one.wants(500)
    assert one.flying >= 95, "they are done"


def test_our_own_count_by_the_carrier_lowers_nothing(one: Worker) -> None:
    """An answer may tell of a moment ago, when more of ours were in flight than now."""
    one.wants(500)
    one.lands(60)
    one.shared.heard(100)
    one.wants(500)
    assert one.flying == 100


def test_a_trickle_asks_no_oftener_than_a_flood(one: Worker) -> None:
    one.wants(1)
    before = _calls()
    for _ in range(100):
        one.lands(one.flying)
        one.clock.now += concurrency.ASK_SECONDS / 100
        one.flying += one.shared.room(one.flying, 1, Lane.REPLY) > 0
        assert one.flying == 1
    assert _calls() - before <= 2


def test_an_idle_worker_hardly_asks(one: Worker) -> None:
    one.wants(0)
    before = _calls()
    for _ in range(60):
        one.wants(0)
    assert _calls() - before <= 1


def test_without_redis_an_equal_share_of_the_last_allowance(one: Worker, two: Worker, env: Environment) -> None:
    two.wants(0)
    one.wants(10)
    two.wants(10)
    assert (one.flying, two.flying) == (10, 10)
    env.set(redis_url=NOBODY)
    for _ in range(2):
        one.wants(500)
        two.wants(500)
    assert one.flying <= 10 + SPARE, "what the other was leased may still be in use"
    one.clock.now += LEASE
    one.wants(500)
    two.wants(500)
    assert (one.flying, two.flying) == (50, 50)
    one.is_refused(1)
    one.wants(0)
    assert one.wants(500) == 0


def test_a_worker_that_never_saw_redis_takes_a_quarter(env: Environment, clock: Clock) -> None:
    env.set(redis_url=NOBODY, twilio_max_concurrent_requests=100)
    worker = Worker("one", clock)
    worker.wants(500)
    assert worker.flying == 25


def test_a_flushed_redis_gives_nobody_what_another_has(one: Worker, two: Worker) -> None:
    two.wants(60)
    one.wants(30)
    link().flushall()
    assert one.wants(500) <= SPARE
    assert two.wants(500) <= SPARE
    assert one.flying + two.flying <= 100
    two.lands(60)
    two.wants(0)
    assert one.wants(500) <= SPARE, "somebody else may have what Redis forgot, as long as a lease lasts"
    assert 0 < link().pttl(key("flights:forgot")) <= LEASE * 1000
    link().delete(key("flights:forgot"))
    one.wants(500)
    assert one.flying == 100


def test_two_workers_sending_at_once_never_have_more_in_flight_than_the_account_may(
    staff: Staff, redis_url: str, simulator: Simulator, env: Environment
) -> None:
    env.set(sender_segments_per_second=400, twilio_max_concurrent_requests=8)
    simulator.fault("latency", seconds=0.05)
    with writing() as session:
        neighbors(session, 160)
        notice(session, staff)
    carriers = [Twilio(), Twilio()]
    senders = [Sender(f"worker {i}", LANES["bulk"], carrier) for i, carrier in enumerate(carriers)]
    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(lambda sender: sender.work(60), senders)) == [False, False]
    for carrier in carriers:
        carrier.close()
    assert len(simulator.sent()) == 160
    assert simulator.state()["most_in_flight"] <= 8
    assert set(simulator.state()["answers"]) == {"201"}


def test_a_carrier_that_takes_fewer_at_once_than_we_were_told_is_found_out(
    staff: Staff, sender: Sender, simulator: Simulator
) -> None:
    simulator.live(max_concurrent=6)
    simulator.fault("latency", seconds=0.05)
    with writing() as session:
        neighbors(session, 160)
        notice(session, staff)
    assert sender.work(60) is False
    state = simulator.state()
    assert len(simulator.sent()) == 160
    assert state["copies"]["repeated"] == 0
    assert state["answers"].get("429", 0) < 160


def _allowed() -> int:
    return int(float(link().hget(key("flights:allowed"), "limit") or 0))


def _calls() -> int:
    return int(link().info("commandstats").get("cmdstat_evalsha", {}).get("calls", 0))


def _let_the_leases_end() -> None:
    """In Redis, whose clock nobody moves."""
    for name, row in link().hgetall(key("flights")).items():
        assert isinstance(row, bytes)
        *told, _ends = row.split()
        link().hset(key("flights"), name, b" ".join([*told, b"0"]))

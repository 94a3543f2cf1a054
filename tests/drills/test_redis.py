"""Redis is flushed, hangs, is away for half a minute, or for good: alerts still leave, no faster than allowed, each once."""

import itertools
import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis

from bot.outbox.models import Lane
from runner import servers
from tests.drills.breakable import Breakable
from tests.drills.conftest import DrillStarter
from tests.drills.drill import Drill, everyone_has_one
from tests.drills.fan_out import FanOut
from tests.drills.sizes import Sizes
from tests.services.waiting import eventually

pytestmark = pytest.mark.slow

CREW = ("clock", "urgent", "bulk-1", "bulk-2")
LONGER = 1.5
"""The fan-out must outlast the outage."""
HANGS_SECONDS = 6.0
CLAIM_SECONDS = 0.5
"""What a worker had claimed, and may begin, when the rate came from somewhere else."""


@pytest.fixture
def redis_of_ours(tmp_path: Path) -> Iterator[tuple[Breakable, str]]:
    """A Redis that keeps its files, as the embedded one does, and its address."""
    server, url = servers.redis(tmp_path / "redis")
    running = Breakable(server)
    yield running, url
    running.close()


def test_flushed_again_and_again(drill: Drill, size: Sizes, chance: random.Random) -> None:
    told = drill.tell(size.neighbors)
    drill.crew.start(*CREW)
    for point in sorted(chance.sample(range(size.neighbors), size.flushes)):
        drill.reaches(told, point)
        with Redis.from_url(drill.hotline.redis_url) as redis:
            redis.flushall()
    drill.settles(told)
    everyone_has_one(told)


def test_away_for_half_a_minute_and_back_with_what_it_knew(
    start_drill: DrillStarter, redis_of_ours: tuple[Breakable, str], size: Sizes
) -> None:
    redis, url = redis_of_ours
    drill = start_drill(redis_url=url, sender_segments_per_second=size.neighbors / (size.outage_seconds * LONGER))
    told = drill.tell(size.neighbors)
    drill.crew.start(*CREW)
    drill.reaches(told, size.neighbors // 20)
    redis.end()
    _goes_on_without(drill, told, size.outage_seconds)
    drill.crew.kill("bulk-1")
    drill.crew.start("bulk-1")
    redis.start()
    drill.settles(told)
    everyone_has_one(told)


def test_hanging_it_takes_connections_and_answers_nobody(
    start_drill: DrillStarter, redis_of_ours: tuple[Breakable, str], size: Sizes
) -> None:
    redis, url = redis_of_ours
    drill = start_drill(redis_url=url)
    told = drill.tell(size.neighbors)
    drill.crew.start(*CREW)
    drill.reaches(told, size.neighbors // 10)
    redis.hold()
    drill.reaches(told, size.neighbors // 5)
    redis.go_on()
    drill.settles(told)
    everyone_has_one(told)


def test_gone_for_good_an_alert_still_leaves_and_so_does_the_rest(
    start_drill: DrillStarter, redis_of_ours: tuple[Breakable, str], size: Sizes
) -> None:
    redis, url = redis_of_ours
    drill = start_drill(redis_url=url, sender_segments_per_second=size.pace / 2)
    notice = drill.tell(size.neighbors, lane=Lane.NOTICE)
    drill.opens_its_doors()
    drill.crew.start(*CREW)
    drill.reaches(notice, size.neighbors // 10)
    redis.end()
    alert = drill.tell(size.neighbors // 4)
    began = time.time()
    drill.reaches(alert, size.neighbors // 8)
    drill.crew.kill("urgent")
    drill.crew.start("urgent")
    assert drill.hotline.phone("+13235550101").answers_with("HOLA", "Contigo", within=60)
    drill.settles(notice, alert)
    everyone_has_one(notice)
    everyone_has_one(alert)
    _no_faster_than_allowed(drill, [notice, alert], began)


def _goes_on_without(drill: Drill, told: FanOut, seconds: float) -> None:
    """For as long as it lasts, copies go on leaving, within the pace."""
    began, before = time.time(), told.phones.look()
    eventually(lambda: time.time() - began > seconds, within=seconds + 60)
    assert told.phones.look() > before
    _no_faster_than_allowed(drill, [told], began)


def _no_faster_than_allowed(drill: Drill, fan_outs: list[FanOut], since: float) -> None:
    """Over the whole time, and over each part of it of ten seconds, whatever the machine held up in between."""
    arrivals = sorted(a.at for told in fan_outs for a in told.phones.arrivals if a.at > since)
    for first, last in itertools.combinations(arrivals[:: max(1, len(arrivals) // 50)], 2):
        began = sum(first <= at <= last for at in arrivals)
        assert began <= drill.pace * (last - first + CLAIM_SECONDS) + 1, f"{began} in {last - first:.1f} s"

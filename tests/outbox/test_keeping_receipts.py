"""Where does a receipt wait, and is one lost when Redis stops, hangs, is full, or goes between two steps?"""

import signal
import subprocess
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy.exc import SQLAlchemyError

from bot.outbox import receipt_stream, receipts
from bot.outbox.carrier_models import ReceiptEntry
from bot.outbox.link import key, link
from bot.outbox.receipt_stream import STREAM
from bot.store.engine import engine
from bot.store.session import reading
from runner import servers
from tests.services.settings import Environment
from tests.services.waiting import eventually


class Redis:
    """A server that nobody starts again but the test."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self._server, self.url = servers.redis(folder)
        self._log = (folder / "log").open("wb")
        self.start()

    def start(self) -> None:
        self._running = subprocess.Popen(self._server.command, stdout=self._log, stderr=self._log)
        eventually(self._server.answers, 30, "Redis does not start")

    def stop(self) -> None:
        self._running.kill()
        self._running.wait()

    def hang(self) -> None:
        self._running.send_signal(signal.SIGSTOP)

    def close(self) -> None:
        self.stop()
        self._log.close()


@pytest.fixture
def redis(tmp_path: Path, database_url: str, env: Environment, monkeypatch: pytest.MonkeyPatch) -> Iterator[Redis]:
    """One of this test's own, asked anew for each receipt."""
    monkeypatch.setattr(receipt_stream, "LOOK_SECONDS", 0.0)
    made = Redis(tmp_path / "redis")
    env.set(redis_url=made.url)
    yield made
    made.close()


def hear(n: int) -> None:
    receipts.note({"delivery_id": n, "sid": f"SM{n:032x}", "status": "sent", "error": None})


def in_redis() -> int:
    return int(link().xlen(key(STREAM)))


def in_the_database() -> int:
    with reading() as session:
        return session.query(ReceiptEntry).count()


def test_what_comes_at_the_same_moment_leaves_together_and_each_is_kept_once(redis: Redis) -> None:
    start = threading.Barrier(24)

    def hear_some(first: int) -> None:
        start.wait(20)
        for n in range(first, first + 20):
            hear(n)

    with ThreadPoolExecutor(24) as pool:
        for done in [pool.submit(hear_some, 1 + 20 * n) for n in range(24)]:
            done.result(60)
    kept = [one.delivery_id for entry in receipt_stream.waiting(1000) for one in entry.receipts if one]
    assert sorted(kept) == list(range(1, 481))  # type: ignore[type-var]
    assert in_redis() < 480
    assert receipts.merge() == 480
    assert (in_redis(), in_the_database()) == (0, 0)


def test_while_redis_is_stopped_the_database_keeps_them_and_afterwards_redis_again(redis: Redis) -> None:
    hear(1)
    redis.stop()
    hear(2)
    hear(3)
    assert in_the_database() == 2
    assert receipts.merge() == 2
    assert in_the_database() == 0
    redis.start()

    def to_redis_again() -> bool:
        before = in_the_database()
        hear(4)
        return in_the_database() == before

    eventually(to_redis_again, 20)
    assert eventually(in_redis, 20) == 2  # the first had been written to its file
    receipts.merge()
    assert (in_redis(), in_the_database()) == (0, 0)


def test_a_redis_that_hangs_loses_none(redis: Redis) -> None:
    hear(1)
    redis.hang()
    hear(2)
    assert in_the_database() == 1


def test_a_full_stream_takes_no_more_until_it_is_merged(redis: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receipt_stream, "MOST", 3)
    for n in range(5):
        hear(n)
    assert (in_redis(), in_the_database()) == (3, 2)
    assert receipts.merge() == 5
    hear(6)
    assert (in_redis(), in_the_database()) == (1, 0)


def test_a_redis_without_memory_is_no_loss_either(redis: Redis) -> None:
    hear(1)
    link().config_set("maxmemory", 1)
    hear(2)
    assert (in_redis(), in_the_database()) == (1, 1)


def test_what_could_not_be_removed_is_merged_again_and_changes_nothing(
    redis: Redis, caplog: pytest.LogCaptureFixture
) -> None:
    hear(1)
    link().acl_setuser("default", commands=["-xdel"])
    assert receipts.merge() == 1
    assert in_redis() == 1
    link().acl_setuser("default", commands=["+xdel"])
    assert receipts.merge() == 1
    assert in_redis() == 0


def test_only_where_neither_keeps_it_is_that_an_error(redis: Redis, env: Environment) -> None:
    redis.stop()
    url = "postgresql://nobody@127.0.0.1:9/nothing?connect_timeout=2"
    env.set(database_url=url)
    with pytest.raises(SQLAlchemyError):
        hear(1)
    engine(url).dispose()
    redis.start()

    def kept() -> bool:
        try:
            hear(1)
        except SQLAlchemyError:
            return False
        return True

    eventually(kept, 20)
    assert in_redis() >= 1

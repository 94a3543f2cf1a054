"""Does a server live exactly as long as somebody uses it, whoever crashes?"""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from runner import keeper, servers
from tests.services.waiting import eventually


@pytest.fixture
def redis(tmp_path: Path) -> keeper.Server:
    return servers.redis(tmp_path / "redis")[0]


def test_it_runs_until_the_last_user_has_gone(redis: keeper.Server) -> None:
    first, second = keeper.use(redis), keeper.use(redis)
    os.close(first)
    with pytest.raises(AssertionError):
        eventually(lambda: not redis.answers(), within=0.5, patience=1)
    os.close(second)
    eventually(lambda: not redis.answers(), saying="stopped")


def test_a_server_whose_folder_is_removed_is_stopped_too(redis: keeper.Server) -> None:
    """As a benchmark does at its end, before the keeper has looked again: nobody would find the server any more."""
    held = keeper.use(redis)
    pid = int((redis.folder / "server.pid").read_text())
    shutil.rmtree(redis.folder)
    os.close(held)
    eventually(lambda: _is_gone(pid), saying="left behind")


def test_a_user_who_is_killed_is_a_user_who_has_gone(redis: keeper.Server) -> None:
    program = f"import sys, time; from pathlib import Path; from runner import keeper, servers; \
keeper.use(servers.redis(Path({str(redis.folder)!r}))[0]); print('up', flush=True); time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, cwd=keeper.ROOT) as user:
        assert user.stdout
        assert user.stdout.readline() == b"up\n"
        assert redis.answers()
        user.kill()
    eventually(lambda: not redis.answers(), saying="stopped")


def test_a_user_who_becomes_another_program_goes_on_using_it(redis: keeper.Server) -> None:
    program = f"import os; from pathlib import Path; from runner import keeper, servers; \
keeper.use(servers.redis(Path({str(redis.folder)!r}))[0]); os.execvp('cat', ['cat'])"
    with subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE, cwd=keeper.ROOT) as user:
        eventually(redis.answers)
        with pytest.raises(AssertionError):
            eventually(lambda: not redis.answers(), within=0.5, patience=1)
        assert user.poll() is None
        user.communicate()
    eventually(lambda: not redis.answers(), saying="stopped")


def test_a_server_that_falls_is_started_again(redis: keeper.Server) -> None:
    held = keeper.use(redis)
    before = (redis.folder / "server.pid").read_text()
    os.kill(int(before), signal.SIGKILL)
    eventually(lambda: (redis.folder / "server.pid").read_text() != before and redis.answers())
    os.close(held)


def test_a_server_whose_keeper_was_killed_is_replaced_by_the_next_user(redis: keeper.Server) -> None:
    held = keeper.use(redis)
    pid = int((redis.folder / "server.pid").read_text())
    os.kill(int((redis.folder / "kept").read_text()), signal.SIGKILL)
    os.close(held)
    eventually(lambda: not keeper.is_kept(redis.folder))
    assert redis.answers(), "left behind"
    held = keeper.use(redis)
    eventually(lambda: redis.answers() and int((redis.folder / "server.pid").read_text()) != pid)
    os.close(held)
    eventually(lambda: not redis.answers(), saying="stopped")


def test_what_was_written_is_there_after_the_last_user_and_the_next(redis: keeper.Server, tmp_path: Path) -> None:
    from redis import Redis

    url = servers.redis(tmp_path / "redis")[1]
    for written in (b"1", b"2"):
        held = keeper.use(redis)
        with Redis.from_url(url) as client:
            assert client.incr("visits") == int(written)
        os.close(held)
        eventually(lambda: not redis.answers(), saying="stopped")


def test_a_server_that_cannot_start_says_why(tmp_path: Path) -> None:
    broken = keeper.Server(tmp_path / "broken", ("sh", "-c", "echo no room here; exit 1"), answers=lambda: False)
    with pytest.raises(keeper.ServerMissing, match="no room here"):
        keeper.use(broken)


def test_a_folder_with_a_long_name_gets_a_short_socket(tmp_path: Path) -> None:
    deep = tmp_path / ("deep" * 30)
    server, url = servers.redis(deep)
    held = keeper.use(server)
    assert server.answers()
    assert str(deep) not in url
    os.close(held)


def _is_gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False

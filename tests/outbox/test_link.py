"""Does a Redis that hangs hold up only the first who asks?"""

import socket

import pytest

from bot.outbox import link as links
from bot.outbox.link import GONE, link
from tests.services.settings import Environment


def visits(door: socket.socket) -> int:
    count = 0
    while True:
        try:
            door.accept()[0].close()
        except BlockingIOError:
            return count
        count += 1


def test_where_one_has_waited_in_vain_the_others_do_not_even_knock(silent: socket.socket) -> None:
    with pytest.raises(GONE):
        link().ping()
    assert visits(silent) == 1
    for _ in range(3):
        with pytest.raises(GONE):
            link().ping()
        with pytest.raises(GONE):
            link().pipeline().execute_command("PING").execute()
    assert visits(silent) == 0


def test_a_redis_that_says_no_is_still_there(redis_url: str) -> None:
    with pytest.raises(GONE):
        link().execute_command("NO_SUCH_COMMAND")
    assert link().ping()


def test_after_its_rest_it_is_asked_again(env: Environment, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(links, "REST_FACTOR", 0)
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        env.set(redis_url=f"redis://127.0.0.1:{door.getsockname()[1]}/0")
        with pytest.raises(GONE):
            link().ping()
        door.listen()
        door.setblocking(False)
        with pytest.raises(GONE):
            link().ping()
        assert visits(door) == 1

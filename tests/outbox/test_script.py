"""Does a question over a kept connection get its own answer, whatever became of the connection meanwhile?"""

import socket
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.outbox import script as scripts
from bot.outbox.link import GONE, link
from bot.outbox.script import Script
from tests.outbox.test_link import visits
from tests.services.settings import Environment
from tests.services.waiting import eventually

ECHO = "return {KEYS[1], ARGV[1]}"
WRONG = "return redis.call('NO_SUCH_COMMAND')"


def _connected() -> int:
    return len(link().client_list(_type="normal"))


def _kill_all() -> None:
    """As a Redis that restarts closes them."""
    for client in link().client_list():
        link().client_kill_filter(client["id"], skipme=True)


def _answered(echo: Script, said: str) -> object:
    try:
        return echo(["k"], [said])
    except GONE:  # everybody rests for as long as the failure took, a few times over
        return None


def test_what_was_asked_is_what_is_answered(redis_url: str) -> None:
    echo = Script(ECHO)
    assert [echo(["k"], [n]) for n in range(3)] == [[b"k", b"%d" % n] for n in range(3)]


def test_all_questions_of_one_thread_go_over_one_connection(redis_url: str) -> None:
    echo = Script(ECHO)
    echo(["k"], [0])
    before = _connected()
    for n in range(20):
        echo(["k"], [n])
    assert _connected() == before


def test_threads_do_not_read_each_others_answers(redis_url: str) -> None:
    echo, together = Script(ECHO), threading.Barrier(6)

    def ask(name: int) -> bool:
        together.wait()
        return all(echo(["k"], [f"{name} {n}"])[1] == b"%d %d" % (name, n) for n in range(100))

    with ThreadPoolExecutor(6) as threads:
        assert all(threads.map(ask, range(6)))


def test_a_redis_that_lost_its_memory_is_told_the_script_again(redis_url: str) -> None:
    echo = Script(ECHO)
    for flushed in (False, True, True):
        if flushed:
            link().script_flush()
        assert echo(["k"], [1]) == [b"k", b"1"]


def test_a_connection_that_was_closed_while_it_lay_idle_is_made_anew(
    redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    echo = Script(ECHO)
    echo(["k"], [0])
    _kill_all()
    monkeypatch.setattr(scripts, "IDLE_SECONDS", -1.0)
    assert echo(["k"], [1]) == [b"k", b"1"]


def test_one_that_was_closed_under_our_hands_costs_one_question(
    redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scripts, "IDLE_SECONDS", 60.0)
    echo = Script(ECHO)
    echo(["k"], [0])
    _kill_all()
    with pytest.raises(GONE):
        echo(["k"], [1])
    assert eventually(lambda: _answered(echo, "2")) == [b"k", b"2"]


def test_an_error_of_the_script_leaves_the_connection_as_it_was(redis_url: str) -> None:
    wrong, echo = Script(WRONG), Script(ECHO)
    for _ in range(3):
        with pytest.raises(GONE):
            wrong(["k"], [])
    assert echo(["k"], [1]) == [b"k", b"1"]
    assert len(wrong._spare) == 1


def test_who_is_interrupted_before_the_answer_leaves_it_to_nobody_else(
    redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """RQ ends a job that takes too long by an exception out of nowhere."""
    echo = Script(ECHO)
    echo(["k"], [0])
    read = type(echo._spare[0][0]).read_response

    def interrupted(*_: object, **__: object) -> object:
        raise KeyboardInterrupt

    monkeypatch.setattr(type(echo._spare[0][0]), "read_response", interrupted)
    with pytest.raises(KeyboardInterrupt):
        echo(["k"], ["before"])
    monkeypatch.setattr(type(echo._spare[0][0]), "read_response", read)
    assert echo(["k"], ["after"]) == [b"k", b"after"]


def test_a_redis_that_hangs_is_not_waited_for_twice(silent: socket.socket) -> None:
    echo = Script(ECHO)
    for _ in range(3):
        with pytest.raises(GONE):
            echo(["k"], [1])
    assert visits(silent) == 1


def test_it_goes_where_the_settings_say(redis_url: str, env: Environment) -> None:
    echo = Script(ECHO)
    echo(["k"], [0])
    env.set(redis_url="redis://127.0.0.1:9/0")
    with pytest.raises(GONE):
        echo(["k"], [1])
    env.set(redis_url=redis_url)
    assert echo(["k"], [2]) == [b"k", b"2"]

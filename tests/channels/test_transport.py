"""Is anything ever sent twice by the library itself, and do we know whether a byte left?"""

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest

from bot.channels import readiness
from bot.channels.transport import Reply, Transport
from bot.clock import ahead, now
from tests.services.waiting import eventually

Behave = Callable[[int], str]


class Carrier:
    """A carrier on a socket that counts whole requests. What it does with the n-th on a connection is up to the test."""

    def __init__(self, behave: Behave) -> None:
        self._behave = behave
        self.posts = self.connections = 0
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port = self._door.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self._door.close()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                caller, _ = self._door.accept()
                self.connections += 1
                threading.Thread(target=self._answer, args=(caller,), daemon=True).start()

    def _answer(self, caller: socket.socket) -> None:
        heard = b""
        with suppress(OSError), caller:
            for turn in range(1, 1000):
                while not _whole(heard):
                    heard += caller.recv(65536) or _end()
                heard = heard[_whole(heard) :]
                self.posts += 1
                what = self._behave(turn)
                if what == "reset":
                    caller.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                if what in ("reset", "close"):
                    return
                if what == "silence":
                    caller.recv(1)
                body = b'{"sid": "SM1"}'
                caller.sendall(b"HTTP/1.1 201 Created\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))


def _end() -> bytes:
    raise ConnectionError


def _whole(heard: bytes) -> int:
    """Where the first request ends; 0 while it is not all there."""
    head, found, rest = heard.partition(b"\r\n\r\n")
    lines = head.lower().split(b"\r\n")
    length = next((int(line.split(b":")[1]) for line in lines if line.startswith(b"content-length")), 0)
    return len(head) + 4 + length if found and len(rest) >= length else 0


@contextmanager
def carrier(behave: Behave) -> Iterator[tuple[Carrier, Transport]]:
    made = Carrier(behave)
    transport = Transport(f"http://127.0.0.1:{made.port}/x", "u", "p", timeout_seconds=1.0, most_connections=10)
    try:
        yield made, transport
    finally:
        transport.close()
        made.close()


def ask(transport: Transport) -> Reply:
    transport.begin(1, b"a=b")
    return hear(transport)


def hear(transport: Transport) -> Reply:
    replies: list[tuple[int, Reply]] = []
    while not replies:
        replies = transport.wait(1)
    return replies[0][1]


@pytest.mark.parametrize("how", ["reset", "close"])
def test_a_kept_connection_that_dies_is_not_tried_again_in_secret(how: str) -> None:
    with carrier(lambda turn: "answer" if turn == 1 else how) as (made, transport):
        assert ask(transport).status == 201
        lost = ask(transport)
        assert lost.status == 0 and lost.may_have_left
        assert made.posts == 2


def test_silence_ends_and_may_have_been_heard() -> None:
    with carrier(lambda turn: "silence") as (made, transport):
        lost = ask(transport)
        assert lost.status == 0 and lost.may_have_left
        assert made.posts == 1


def test_nobody_there_means_that_nothing_left() -> None:
    transport = Transport("http://127.0.0.1:9/x", "u", "p", timeout_seconds=1.0, most_connections=10)
    lost = ask(transport)
    transport.close()
    assert lost.status == 0 and not lost.may_have_left


def test_a_door_that_opens_and_never_speaks_tls_heard_nothing() -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        transport = Transport(f"https://127.0.0.1:{door.getsockname()[1]}/x", "u", "p", 1.0, 10)
        lost = ask(transport)
        transport.close()
    assert lost.status == 0 and not lost.may_have_left


@pytest.mark.parametrize("connected", [False, True])
def test_whoever_was_held_up_after_beginning_sends_nothing_of_it(connected: bool) -> None:
    """Paused between beginning and writing, until somebody else had the lease and sent it."""
    with carrier(lambda turn: "answer") as (made, transport):
        if connected:
            assert ask(transport).status == 201
        latest = ahead(seconds=0.05)
        transport.begin(1, b"a=b", latest)
        eventually(lambda: now() > latest)
        held_up = hear(transport)
        assert held_up.status == 0 and not held_up.may_have_left
        assert ask(transport).status == 201
        assert made.posts == 1 + connected


def test_connections_are_kept_and_many_are_in_flight() -> None:
    with carrier(lambda turn: "answer") as (made, transport):
        for token in range(10):
            transport.begin(token, b"a=b")
        assert transport.in_flight == 10
        heard: list[int] = []
        while len(heard) < 10:
            heard += [token for token, _ in transport.wait(1)]
        assert sorted(heard) == list(range(10))
        for _ in range(20):
            ask(transport)
        assert made.posts == 30 and made.connections <= 10


def test_an_endless_answer_is_cut_off() -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:

        def talk() -> None:
            with suppress(OSError):
                caller, _ = door.accept()
                with caller:
                    caller.recv(65536)
                    caller.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
                    while True:
                        caller.sendall(b"x" * 65536)

        threading.Thread(target=talk, daemon=True).start()
        transport = Transport(f"http://127.0.0.1:{door.getsockname()[1]}/x", "u", "p", 2.0, 10)
        assert ask(transport).status == 0
        transport.close()


def test_where_the_system_has_no_epoll_it_is_done_by_poll(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readiness, "_BY_EPOLL", False)
    with carrier(lambda turn: "answer" if turn < 3 else "silence") as (made, transport):
        assert [ask(transport).status for _ in range(2)] == [201, 201]
        silent = ask(transport)
        assert silent.status == 0 and silent.may_have_left
        assert made.posts == 3 and made.connections == 1


def test_of_many_open_connections_each_is_heard_though_others_stay_silent() -> None:
    """Nine that never answer, and one that does: it is not kept waiting, and each of the nine ends by itself."""
    with carrier(lambda turn: "answer") as (_, answering), carrier(lambda turn: "silence") as (silent, transport):
        for token in range(9):
            transport.begin(token, b"a=b")
        ended: dict[int, Reply] = {}
        while len(ended) < 9:
            assert ask(answering).status == 201
            ended.update(transport.wait(0.05))
        assert all(reply.status == 0 and reply.may_have_left for reply in ended.values())
        assert silent.posts == 9 and transport.in_flight == 0

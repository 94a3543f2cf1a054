"""One text at a time, in the order they came, STOP and cries first; whoever waits too long is told, and keeps nobody waiting."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from bot.hotline.turnstile import NoTurn, Turnstile
from bot.hotline.understanding import cannot_wait
from tests.services.waiting import eventually


def calm() -> bool:
    return False


def urgent() -> bool:
    return True


class Crowd:
    """People before one turnstile, each in a thread; `served` are those who had their turn."""

    def __init__(self, turnstile: Turnstile) -> None:
        self.turnstile = turnstile
        self.served: list[str] = []
        self.turned_away: list[str] = []
        self._threads: list[threading.Thread] = []

    def comes(self, name: str, *, cannot_wait: bool = False, patience_seconds: float = 30) -> None:
        """Somebody comes, and stands in the queue when this returns."""
        before = self.turnstile.waiting
        someone = threading.Thread(target=self._goes, args=(name, cannot_wait, patience_seconds))
        someone.start()
        self._threads.append(someone)
        eventually(lambda: self.turnstile.waiting > before or not someone.is_alive())

    def all_gone(self) -> None:
        for thread in self._threads:
            thread.join(30)

    @contextmanager
    def someone_inside(self) -> Iterator[None]:
        with self.turnstile.turn(calm):
            yield
        self.all_gone()

    def _goes(self, name: str, cannot_wait: bool, patience_seconds: float) -> None:
        try:
            with self.turnstile.turn(urgent if cannot_wait else calm, patience_seconds):
                self.served.append(name)
        except NoTurn:
            self.turned_away.append(name)


@pytest.fixture
def crowd() -> Crowd:
    return Crowd(Turnstile())


def test_in_the_order_they_came(crowd: Crowd) -> None:
    with crowd.someone_inside():
        for name in ("first", "second", "third"):
            crowd.comes(name)
        assert crowd.served == []
    assert crowd.served == ["first", "second", "third"]


def test_who_cannot_wait_goes_first(crowd: Crowd) -> None:
    with crowd.someone_inside():
        crowd.comes("chatter")
        crowd.comes("more chatter")
        crowd.comes("STOP", cannot_wait=True)
        crowd.comes("a cry", cannot_wait=True)
    assert crowd.served == ["STOP", "a cry", "chatter", "more chatter"]


def test_nobody_is_asked_how_urgent_it_is_while_there_is_room() -> None:
    def never() -> bool:
        raise AssertionError("asked")

    with Turnstile(2).turn(never):
        pass


def test_as_many_abreast_as_it_lets_in() -> None:
    crowd = Crowd(Turnstile(2))
    with crowd.turnstile.turn(calm):
        crowd.comes("beside")
        crowd.all_gone()
        assert crowd.served == ["beside"]


def test_an_error_inside_lets_the_next_in(crowd: Crowd) -> None:
    with pytest.raises(ValueError, match="inside"), crowd.turnstile.turn(calm):
        crowd.comes("next")
        raise ValueError("inside")
    crowd.all_gone()
    assert crowd.served == ["next"]


def test_who_waited_too_long_is_turned_away_and_the_others_are_served(crowd: Crowd) -> None:
    with crowd.someone_inside():
        crowd.comes("patient")
        crowd.comes("hurried", patience_seconds=0.01)
        crowd.comes("last")
        eventually(lambda: crowd.turned_away == ["hurried"])
    assert crowd.served == ["patient", "last"]
    with crowd.turnstile.turn(urgent, wait_seconds=0.01):
        assert crowd.turnstile.waiting == 0


@pytest.mark.parametrize(
    "text", ["STOP", "alto!!", "ya no me manden mensajes", "\N{OCTAGONAL SIGN}", "ICE is at my door"]
)
def test_stop_and_cries_cannot_wait(text: str) -> None:
    assert cannot_wait(text)


@pytest.mark.parametrize(
    "text", ["HOLA", "gracias", "hay migra en la Pacific y Florence", "Blue Line stop, 2 vans", ""]
)
def test_the_rest_can(text: str) -> None:
    assert not cannot_wait(text)

"""A few texts at a time, in the order they came, STOP and cries first; who waits too long is told, and keeps nobody waiting."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pytest

from bot.hotline.turnstile import NoTurn, Turnstile
from bot.hotline.understanding import cannot_wait
from tests.services.waiting import eventually

SOMEONE = "someone"
"""Stays inside until told to go on."""


def calm() -> bool:
    return False


def urgent() -> bool:
    return True


class Crowd:
    """People before one turnstile, each in a thread; `taken` are those who had their turn, with whom they had it."""

    def __init__(self, abreast: int = 1, most: int = 1) -> None:
        self.turnstile: Turnstile[str, str] = Turnstile(self._take, abreast, most)
        self.taken: list[list[str]] = []
        self.turned_away: list[str] = []
        self.told: dict[str, str | Exception] = {}
        self._goes_on = threading.Event()
        self._threads: list[threading.Thread] = []

    @property
    def served(self) -> list[str]:
        return [name for together in self.taken for name in together if name != SOMEONE]

    def comes(self, name: str, *, cannot_wait: bool = False, patience_seconds: float = 30) -> None:
        """Somebody comes, and stands in the queue when this returns."""
        before = self.turnstile.waiting
        someone = threading.Thread(target=self._goes, args=(name, cannot_wait, patience_seconds))
        someone.start()
        self._threads.append(someone)
        eventually(lambda: self.turnstile.waiting > before or not someone.is_alive())

    @contextmanager
    def someone_inside(self) -> Iterator[None]:
        self._goes_on.clear()
        someone = threading.Thread(target=self._goes, args=(SOMEONE, False, 30))
        someone.start()
        self._threads.append(someone)
        eventually(lambda: [SOMEONE] in self.taken)
        yield
        self._goes_on.set()
        self.all_gone()

    def all_gone(self) -> None:
        for thread in self._threads:
            thread.join(30)

    def _take(self, names: Sequence[str]) -> list[str | Exception]:
        self.taken.append(list(names))
        if SOMEONE in names:
            self._goes_on.wait(30)
        if "breaks" in names:
            raise ZeroDivisionError
        return [ValueError(name) if name == "fails" else f"to {name}" for name in names]

    def _goes(self, name: str, cannot_wait: bool, patience_seconds: float) -> None:
        try:
            self.told[name] = self.turnstile.bring(name, urgent if cannot_wait else calm, patience_seconds)
        except NoTurn:
            self.turned_away.append(name)
        except (ValueError, ZeroDivisionError) as error:
            self.told[name] = error


@pytest.fixture
def crowd() -> Crowd:
    return Crowd()


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


def test_those_who_wait_are_taken_together_and_each_is_told_its_own() -> None:
    crowd = Crowd(most=3)
    with crowd.someone_inside():
        for name in ("one", "two", "three", "four"):
            crowd.comes(name)
        crowd.comes("a cry", cannot_wait=True)
    assert crowd.taken[1:] == [["a cry", "one", "two"], ["three", "four"]]
    assert all(crowd.told[name] == f"to {name}" for name in crowd.served)


def test_what_fails_fails_for_itself() -> None:
    crowd = Crowd(most=3)
    with crowd.someone_inside():
        for name in ("one", "fails", "three"):
            crowd.comes(name)
    assert crowd.told["one"] == "to one" and crowd.told["three"] == "to three"
    assert isinstance(crowd.told["fails"], ValueError)


def test_whoever_is_taken_along_by_one_that_breaks_is_turned_away_and_the_next_are_let_in() -> None:
    crowd = Crowd(most=2)
    with crowd.someone_inside():
        for name in ("breaks", "taken along", "next", "last"):
            crowd.comes(name)
    assert crowd.turned_away == ["taken along"] and isinstance(crowd.told["breaks"], ZeroDivisionError)
    assert crowd.taken[-1] == ["next", "last"] and crowd.told["last"] == "to last"


def test_nobody_is_asked_how_urgent_it_is_while_there_is_room(crowd: Crowd) -> None:
    def never() -> bool:
        raise AssertionError("asked")

    assert crowd.turnstile.bring("alone", never) == "to alone"


def test_as_many_abreast_as_it_lets_in() -> None:
    crowd = Crowd(abreast=2)
    with crowd.someone_inside():
        crowd.comes("beside")
        eventually(lambda: crowd.served == ["beside"])


def test_who_waited_too_long_is_turned_away_and_the_others_are_served(crowd: Crowd) -> None:
    with crowd.someone_inside():
        crowd.comes("patient")
        crowd.comes("hurried", patience_seconds=0.01)
        crowd.comes("last")
        eventually(lambda: crowd.turned_away == ["hurried"])
    assert crowd.served == ["patient", "last"]
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

"""Is each thing kept once, by whoever has the turn, and does everybody hear whether theirs was?"""

import threading
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from bot.outbox.together import Together
from tests.services.waiting import eventually


class Keeper:
    """Keeps in a list, when it is let."""

    def __init__(self) -> None:
        self.kept: list[list[int]] = []
        self.let, self.begun = threading.Event(), threading.Event()

    def keep(self, things: Sequence[int]) -> None:
        self.begun.set()
        assert self.let.wait(20)
        if 13 in things:
            raise ValueError("13")
        self.kept.append(sorted(things))


def _brought(keeper: Keeper, pool: ThreadPoolExecutor, *things: int) -> list["Future[None]"]:
    """The first is being kept when the others come."""
    together = Together(keeper.keep)
    done = [pool.submit(together.bring, things[0])]
    assert keeper.begun.wait(20)
    done += [pool.submit(together.bring, thing) for thing in things[1:]]
    eventually(lambda: len(together._next.things) == len(things) - 1, 20)
    keeper.let.set()
    return done


def test_alone_it_is_kept_alone() -> None:
    keeper = Keeper()
    keeper.let.set()
    together = Together(keeper.keep)
    together.bring(1)
    together.bring(2)
    assert keeper.kept == [[1], [2]]


def test_those_that_come_meanwhile_are_kept_together() -> None:
    keeper = Keeper()
    with ThreadPoolExecutor(8) as pool:
        for done in _brought(keeper, pool, 1, 2, 3, 4):
            done.result(20)
    assert keeper.kept == [[1], [2, 3, 4]]


def test_each_hears_that_theirs_was_not_kept_and_the_next_ones_are() -> None:
    keeper = Keeper()
    with ThreadPoolExecutor(8) as pool:
        first, *others = _brought(keeper, pool, 1, 2, 13)
        first.result(20)
        for done in others:
            with pytest.raises(ValueError, match="13"):
                done.result(20)
    assert keeper.kept == [[1]]

"""How does a test wait without sleeping? It names a condition and how long it may take."""

import time
from collections.abc import Callable
from typing import TypeVar

Value = TypeVar("Value")


def eventually(check: Callable[[], Value], within: float = 10.0, saying: str = "") -> Value:
    """The first true value of `check`. An `AssertionError` in it means *not yet*; the last one is shown when time is up."""
    deadline = time.monotonic() + within
    pause = 0.005
    while True:
        doubt: object = None
        try:
            if value := check():
                return value
            doubt = value
        except AssertionError as not_yet:
            doubt = not_yet
        if time.monotonic() > deadline:
            raise AssertionError(f"{saying or 'not true'} within {within:g} s; last seen: {doubt!r}")
        time.sleep(pause)
        pause = min(pause * 1.5, 0.2)

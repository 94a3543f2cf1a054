"""How does a test wait without sleeping? It names a condition and how long it may take."""

import time
from collections.abc import Callable
from typing import TypeVar

Value = TypeVar("Value")

PATIENCE = 4
"""A shared machine stalls for seconds. A wait ends when what it waits for is there, so more patience costs only what fails."""


def patient(seconds: float) -> float:
    """So long a browser waits on this machine, in milliseconds."""
    return seconds * PATIENCE * 1000


def eventually(check: Callable[[], Value], within: float = 10.0, saying: str = "", patience: float = PATIENCE) -> Value:
    """The first true value of `check`. An `AssertionError` in it means *not yet*; the last one is shown when time is up."""
    deadline = time.monotonic() + within * patience
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
            raise AssertionError(f"{saying or 'not true'} within {within * patience:g} s; last seen: {doubt!r}")
        time.sleep(pause)
        pause = min(pause * 1.5, 0.2)

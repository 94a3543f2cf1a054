"""Which rule said no, and in which words? Errors of the rooms below become a sentence on the page they came from."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import flash

from bot.console.words import say
from bot.incidents.models import StepRefused


class Refused(Exception):
    """Say this text and go back there. What the form did is undone."""

    def __init__(self, back: str, key: str, **values: object) -> None:
        super().__init__(key)
        self.back, self.key, self.values = back, key, values


@contextmanager
def or_back_to(page: str) -> Iterator[None]:
    """Rules that refuse inside lead back to this page, with the reason."""
    try:
        yield
    except StepRefused:
        raise Refused(page, "refused.step") from None


def say_why(refused: Refused) -> None:
    flash(say(refused.key, **refused.values), "refused")


def done(key: str, **values: object) -> None:
    """Say on the next page what was done."""
    flash(say(key, **values), "done")

"""Which rule said no, and in which words? Errors of the rooms below become a sentence on the page they came from."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import flash

from bot.console.words import language, say
from bot.incidents.states import StepRefused
from bot.moderation import refusals
from bot.outbox.freezing import ThawRefused
from bot.people.hands import Refusal
from bot.people.invitations import InvitationRefused
from messages import catalog


class Refused(Exception):
    """Say this text of the catalog and go back there. What the form did is undone."""

    def __init__(self, back: str, key: str, **values: object) -> None:
        super().__init__(key)
        self.back, self.key, self.values = back, key, values


@contextmanager
def or_back_to(page: str) -> Iterator[None]:
    """Rules that refuse inside lead back to this page, with the reason."""
    try:
        yield
    except refusals.Refused as refused:
        raise Refused(page, refused.key, **refused.values) from None
    except ThawRefused as refused:
        raise Refused(page, f"console.thaw_refused.{refused.reason}") from None
    except InvitationRefused as refused:
        raise Refused(page, f"console.invitation_refused.{refused.args[0]}") from None
    except Refusal as refused:
        raise Refused(page, f"console.hands_refused.{refused.args[0]}") from None
    except StepRefused:
        raise Refused(page, "console.refused.step") from None


def say_why(refused: Refused) -> None:
    flash(catalog.text(refused.key, language(), **refused.values), "refused")


def say_here(refused: refusals.Refused) -> None:
    """On this very page, because the form comes back as it was sent. A rule that says no has changed nothing yet."""
    flash(catalog.text(refused.key, language(), **refused.values), "refused")


def done(key: str, **values: object) -> None:
    """Say on the next page what was done."""
    flash(say(key, **values), "done")

"""How does a new authenticator show that it has the secret? The second step of whoever comes in by a link, or comes back by one.

Between the two steps nothing is kept here: what was given travels in the form, encrypted for this link, so that who breaks off
is nowhere half-made and the link still works.
"""

from dataclasses import asdict, dataclass
from typing import TypeVar

from flask import render_template, request

from bot.console import carried
from bot.people import totp

STEP_MINUTES = 60
"""How long somebody may take to find an authenticator."""


@dataclass(frozen=True)
class Given:
    """What the first step was told and checked."""

    code: str
    name: str
    passphrase_hash: str
    secret: str


Told = TypeVar("Told", bound=Given)


def ask(action: str, given: Given, bound_to: str, *, wrong: bool = False) -> str:
    return render_template(
        "authenticator.html",
        action=action,
        given=carried.sealed(asdict(given), bound_to, minutes=STEP_MINUTES),
        secret=given.secret,
        picture=totp.picture(given.secret, given.name),
        address=totp.address(given.secret, given.name),
        wrong=wrong,
    )


def read(kind: type[Told], bound_to: str) -> Told | None:
    """What the form brought along, if it is for this link and not too old."""
    facts = carried.opened(request.form.get("given", ""), bound_to)
    return None if facts is None else kind(**facts)


def shows(given: Given) -> bool:
    """Whether the code they typed comes of the secret."""
    return totp.step(given.secret, request.form.get("totp", "")) is not None

"""Named people for the tests of this room."""

import datetime as dt

import pytest
from sqlalchemy.orm import Session

from bot.clock import now
from bot.people import invitations, totp
from bot.people.models import Person, Role
from bot.store.session import writing

PASSPHRASE = "tres gatos cruzan el puente"
SECRET = totp.fresh()


def admitted(session: Session, name: str, line: str, role: Role = Role.ORGANIZER) -> Person:
    invited = invitations.found(session, line, role)
    return invitations.accept(session, invited.token, invited.code, name, PASSPHRASE, secret=SECRET)


@pytest.fixture
def ana(database_url: str) -> Person:
    """A founder, with an authenticator."""
    with writing() as session:
        return admitted(session, "Ana", "north")


def code(steps: int = 0) -> str:
    """What her authenticator shows, so many steps from now."""
    return totp.code_at(SECRET, now() + dt.timedelta(seconds=30 * steps))

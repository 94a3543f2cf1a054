"""Access that nobody uses ends by itself, is given back by two, and never ends for the last two lines."""

import datetime as dt

import pytest
from sqlalchemy import update
from time_machine import travel

from bot.clock import ago, ahead, now
from bot.people import passphrases, recovery, review, sessions, shifts, sign_in, totp
from bot.people.models import Person, Role
from bot.store.session import reading, writing
from tests.people.conftest import admitted
from tests.services.settings import Environment


@pytest.fixture
def people(database_url: str) -> dict[str, int]:
    """Two coordinators of two lines, an organizer and a verifier of a third."""
    with writing() as session:
        made = [
            admitted(session, "Carmen", "norte", Role.COORDINATOR),
            admitted(session, "Teo", "sur", Role.COORDINATOR),
            admitted(session, "Luz", "este", Role.ORGANIZER),
            admitted(session, "Vera", "oeste", Role.VERIFIER),
        ]
        return {person.name: person.id for person in made}


def _away(person: int, days: float) -> None:
    with writing() as session:
        session.execute(update(Person).where(Person.id == person).values(last_here_at=ago(days=days)))


def _here(person: int) -> bool:
    with reading() as session:
        return session.get_one(Person, person).revoked_at is None


def test_a_month_away_is_shown_and_45_days_end_access(people: dict[str, int]) -> None:
    _away(people["Vera"], 31)
    with reading() as session:
        assert [person.name for person in review.idle(session, 30)] == ["Vera"]
    assert review.suspend_idle() == 0
    _away(people["Vera"], 45.1)
    with writing() as session:
        token = sessions.open_session(session, session.get_one(Person, people["Luz"]))
    _away(people["Luz"], 44.9)
    assert review.suspend_idle() == 1
    assert not _here(people["Vera"])
    assert _here(people["Luz"])
    with reading() as session:
        assert sessions.find(session, token)
        assert [person.name for person in review.suspended(session)] == ["Vera"]


def test_the_days_are_settings(people: dict[str, int], env: Environment) -> None:
    env.set(idle_ended_days=10)
    _away(people["Vera"], 11)
    assert review.suspend_idle() == 1


def test_whoever_signs_in_clicks_or_has_a_shift_is_here(people: dict[str, int]) -> None:
    for name in ("Vera", "Luz", "Carmen"):
        _away(people[name], 60)
    with writing() as session:
        sitting = sessions.find(session, sessions.open_session(session, session.get_one(Person, people["Luz"])))
        assert sitting
        shifts.on(session, session.get_one(Person, people["Vera"]))
    with writing() as session:
        session.execute(update(Person).values(last_here_at=ago(days=60)))
        sitting = sessions.find(session, sessions.open_session(session, session.get_one(Person, people["Carmen"])))
        assert sitting
        sessions.seen(session, sitting)
    with reading() as session:
        assert {person.name for person in review.idle(session, 45)} == {"Teo", "Luz"}


def test_a_session_ends_with_the_access(people: dict[str, int]) -> None:
    with writing() as session:
        token = sessions.open_session(session, session.get_one(Person, people["Vera"]))
    _away(people["Vera"], 46)
    review.suspend_idle()
    with reading() as session:
        assert sessions.find(session, token) is None


def test_the_last_two_lines_that_can_release_keep_theirs(people: dict[str, int]) -> None:
    with writing() as session:
        session.execute(update(Person).values(last_here_at=ago(days=400)))
    assert review.suspend_idle() == 2
    assert not _here(people["Vera"])
    assert sum(_here(people[name]) for name in ("Carmen", "Teo", "Luz")) == 2
    assert review.suspend_idle() == 0


def test_two_people_give_it_back_and_ending_it_by_hand_is_for_good(people: dict[str, int]) -> None:
    _away(people["Vera"], 46)
    review.suspend_idle()
    with writing() as session:
        vera, luz, teo = (session.get_one(Person, people[name]) for name in ("Vera", "Luz", "Teo"))
        link = recovery.ask(session, vera, luz)
        told = recovery.agree(session, link.recovery_id, teo)
        asked = recovery.check(session, link.secret, told.secret)
        assert asked
        recovery.come_back(session, asked, passphrases.hashed("nueve lunas sobre el tejado"), totp.fresh())
    assert _here(people["Vera"])
    assert review.suspend_idle() == 0
    _away(people["Vera"], 46)
    review.suspend_idle()
    with writing() as session:
        sign_in.revoke(session, session.get_one(Person, people["Vera"]))
    with reading() as session:
        assert review.suspended(session) == []


def test_when_it_ends_is_said_before(people: dict[str, int]) -> None:
    _away(people["Vera"], 31)
    with reading() as session:
        ends = review.ends_on(session.get_one(Person, people["Vera"]))
    assert ends - now() == pytest.approx(dt.timedelta(days=14), abs=dt.timedelta(minutes=1))
    with travel(ahead(days=13), tick=True):
        assert review.suspend_idle() == 0
    with travel(ahead(days=14, minutes=1), tick=True):
        assert review.suspend_idle() == 1

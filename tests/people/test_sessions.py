"""A session ends when it should, and at once when somebody ends it."""

import pytest
from time_machine import travel

from bot.clock import ahead
from bot.people import sessions, sign_in
from bot.people.models import Person, Role, SignedIn
from bot.store.session import reading, writing
from tests.people.conftest import admitted, code


@pytest.fixture
def token(ana: Person) -> str:
    with writing() as session:
        return sessions.open_session(session, session.get_one(Person, ana.id))


def _open(token: str) -> bool:
    with reading() as session:
        return sessions.person_of(session, token) is not None


def test_a_token_finds_its_person(token: str, ana: Person) -> None:
    with reading() as session:
        found = sessions.person_of(session, token)
        assert found is not None
        assert found.id == ana.id


def test_the_token_itself_is_not_kept(token: str) -> None:
    with reading() as session:
        row = session.query(SignedIn).one()
    assert token.encode() not in row.token_hash
    assert len(row.token_hash) == 32


@pytest.mark.parametrize("other", ["", "x", "a" * 43, "\udcff"])
@pytest.mark.usefixtures("token")
def test_another_token_finds_nobody(other: str) -> None:
    assert not _open(other)


def test_an_organizers_session_is_over_after_half_an_hour_without_a_click(token: str) -> None:
    with travel(ahead(minutes=29), tick=True):
        assert _open(token)
    with travel(ahead(minutes=31), tick=True):
        assert not _open(token)


def test_a_verifiers_lasts_an_hour_without_a_click_and_a_shift_at_most(database_url: str) -> None:
    with writing() as session:
        token = sessions.open_session(session, admitted(session, "Vera", "west", Role.VERIFIER))
    with travel(ahead(minutes=59), tick=True):
        assert _open(token)
    for hours in range(1, 12):
        with travel(ahead(minutes=59 * hours), tick=True), writing() as session:
            sitting = sessions.find(session, token)
            assert sitting is not None
            sessions.seen(session, sitting)
    with travel(ahead(hours=12, minutes=1), tick=True):
        assert not _open(token)


def test_a_revoked_person_is_out_at_once_everywhere(token: str, ana: Person) -> None:
    with writing() as session:
        person = session.get_one(Person, ana.id)
        other = sessions.open_session(session, person)
        sign_in.revoke(session, person)
    assert not _open(token)
    assert not _open(other)


def test_ending_all_others_keeps_this_one(token: str, ana: Person) -> None:
    with writing() as session:
        other = sessions.open_session(session, session.get_one(Person, ana.id))
        sessions.end_all(session, session.get_one(Person, ana.id), but=sessions.find(session, token))
    assert _open(token)
    assert not _open(other)


def test_a_fresh_code_renews_the_proof_and_changes_the_token(token: str) -> None:
    with travel(ahead(minutes=6), tick=True):
        with writing() as session:
            sitting = sessions.find(session, token)
            assert sitting is not None
            assert not sessions.is_proved(sitting)
            assert sign_in.step_up(session, sitting, token, "000000") is None
            renewed = sign_in.step_up(session, sitting, token, code())
            assert renewed
            assert sessions.is_proved(sitting)
        assert _open(renewed)
        with travel(ahead(seconds=sessions.BEFORE_SECONDS + 1), tick=True):
            assert not _open(token)
            assert _open(renewed)


def test_the_token_of_before_is_heard_a_moment_longer_and_leads_to_the_same_new_one(token: str) -> None:
    """What was on its way when the proof was shown: another click, another tab, a question that a page asks by itself."""
    with travel(ahead(minutes=6), tick=True):
        with writing() as session:
            sitting = sessions.find(session, token)
            assert sitting is not None
            assert sessions.handed_on(sitting, token) is None
            renewed = sign_in.step_up(session, sitting, token, code())
        with reading() as session:
            sitting = sessions.find(session, token)
            assert sitting is not None
            assert sessions.handed_on(sitting, token) == renewed
            assert sessions.handed_on(sitting, str(renewed)) is None
        with writing() as session:
            sign_in.revoke(session, session.get_one(Person, sitting.person_id))
        assert not _open(token), "ended is ended, under both"


def test_wrong_codes_in_a_session_end_it_and_lock_its_owner_out_of_nothing(token: str, ana: Person) -> None:
    """Somebody who took the session guesses: the owner's own codes go on working."""
    for _ in range(sign_in.WRONG_PROOFS):
        assert _open(token)
        with writing() as session:
            sitting = sessions.find(session, token)
            assert sitting is not None
            assert sign_in.step_up(session, sitting, token, "000000") is None
    assert not _open(token)
    with writing() as session:
        person = session.get_one(Person, ana.id)
        assert (person.failed_codes, person.codes_held_until) == (0, None)
        assert sign_in.enter(session, person.name, True, code()) is not None

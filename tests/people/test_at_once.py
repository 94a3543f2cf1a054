"""Who guesses with many hands at once gets no more tries than who guesses with one."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from sqlalchemy import select, update
from time_machine import travel

from bot.clock import now
from bot.people import invitations, sessions, sign_in, throttle
from bot.people.models import WRONG_CODES, Invitation, Person
from bot.privacy.audit import AuditEntry
from bot.store.session import reading, writing

HANDS = 8
T = TypeVar("T")


def at_once(act: Callable[[int], T]) -> list[T]:
    together = Barrier(HANDS)

    def begins(hand: int) -> T:
        together.wait()
        return act(hand)

    with ThreadPoolExecutor(HANDS) as threads, travel(now(), tick=False):  # holds of two seconds must not run out
        return list(threads.map(begins, range(HANDS)))


def _refused(person: Person, what: str) -> int:
    """So many tries were looked at; those that came too soon leave no entry."""
    with reading() as session:
        refused = select(AuditEntry).where(AuditEntry.act == "sign_in.refused", AuditEntry.detail == what)
        return len(session.scalars(refused.where(AuditEntry.subject == f"person:{person.id}")).all())


def _one_try_left(person: Person) -> None:
    with writing() as session:
        last = throttle.FREE_TRIES - 1
        session.execute(update(Person).where(Person.id == person.id).values(failed_sign_ins=last, failed_codes=last))


def test_codes(ana: Person) -> None:
    _one_try_left(ana)

    def tries(hand: int) -> None:
        with writing() as session:
            assert sign_in.enter(session, "Ana", True, f"{hand}") is None

    at_once(tries)
    assert _refused(ana, "code") == 1


def test_passphrases(ana: Person) -> None:
    _one_try_left(ana)

    def tries(_: int) -> None:
        with writing() as session:
            assert sign_in.enter(session, "Ana", False, "000000") is None

    at_once(tries)
    assert _refused(ana, "passphrase") == 1


def test_codes_of_a_running_session(ana: Person) -> None:
    """Each counts, one by one, and in this session only."""
    with writing() as session:
        token = sessions.open_session(session, session.get_one(Person, ana.id))
        sitting = sessions.find(session, token)
        assert sitting is not None
        sitting.wrong_proofs = sign_in.WRONG_PROOFS - 1

    def tries(hand: int) -> None:
        with writing() as session:
            sitting = sessions.find(session, token)
            if sitting is not None:
                assert sign_in.step_up(session, sitting, token, f"{hand}") is None

    at_once(tries)
    assert _refused(ana, "step_up") == 1
    assert _refused(ana, "code") == 0
    with reading() as session:
        assert sessions.find(session, token) is None


def test_the_code_of_an_invitation(ana: Person) -> None:
    with writing() as session:
        told = invitations.found(session, "south")
    with writing() as session:
        session.execute(update(Invitation).values(wrong_codes=WRONG_CODES - 1))

    def tries(hand: int) -> None:
        with writing() as session:
            assert invitations.check(session, told.token, f"{hand}") is None

    at_once(tries)
    with reading() as session:
        counted = session.scalars(select(Invitation.wrong_codes).order_by(Invitation.id.desc())).first()
    assert counted == WRONG_CODES


def test_a_right_code_after_the_last_wrong_one_opens_nothing(ana: Person) -> None:
    """The count is read again under the lock, also where this session has seen the invitation before."""
    with writing() as session:
        told = invitations.found(session, "south")
    with writing() as session:
        seen = invitations.find(session, told.token)
        assert seen is not None
        session.execute(
            update(Invitation).values(wrong_codes=WRONG_CODES),
            execution_options={"synchronize_session": False},
        )
        assert invitations.check(session, told.token, told.code) is None

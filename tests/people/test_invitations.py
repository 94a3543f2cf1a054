"""One link, one code told by voice, one person, one line."""

import pytest
from time_machine import travel

from bot.clock import ahead
from bot.people import invitations
from bot.people.invitations import InvitationRefused, Invited
from bot.people.models import WRONG_CODES, Invitation, Person, Role
from bot.store.session import reading, writing
from tests.people.conftest import PASSPHRASE, admitted


@pytest.fixture
def invited(ana: Person) -> Invited:
    """Ana invites a verifier."""
    with writing() as session:
        return invitations.invite(session, session.get_one(Person, ana.id), Role.VERIFIER)


def _accept(invited: Invited, name: str = "Vera", code: str = "") -> Person:
    with writing() as session:
        return invitations.accept(session, invited.token, code or invited.code, name, PASSPHRASE)


def _guess(invited: Invited) -> None:
    with writing() as session:
        assert invitations.check(session, invited.token, _not(invited.code)) is None


def _not(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


def test_who_is_invited_belongs_to_the_inviters_line(invited: Invited, ana: Person) -> None:
    vera = _accept(invited)
    assert (vera.line_id, vera.invited_by, vera.role) == (ana.line_id, ana.id, Role.VERIFIER)


def test_each_founder_begins_a_line(ana: Person) -> None:
    with writing() as session:
        ben = admitted(session, "Ben", "south")
    assert ben.line_id != ana.line_id


def test_a_link_works_once(invited: Invited) -> None:
    _accept(invited)
    with pytest.raises(InvitationRefused):
        _accept(invited, name="Second")


def test_a_link_is_dead_after_two_days(invited: Invited) -> None:
    with travel(ahead(hours=47), tick=True), reading() as session:
        assert invitations.find(session, invited.token)
    with travel(ahead(hours=49), tick=True), pytest.raises(InvitationRefused):
        _accept(invited)


def test_five_wrong_codes_kill_the_link_for_the_right_one_too(invited: Invited) -> None:
    for _ in range(WRONG_CODES):
        _guess(invited)
    with pytest.raises(InvitationRefused):
        _accept(invited)


def test_four_wrong_codes_do_not(invited: Invited) -> None:
    for _ in range(WRONG_CODES - 1):
        _guess(invited)
    assert _accept(invited).name == "Vera"


@pytest.mark.usefixtures("ana")
def test_neither_link_nor_code_is_kept(invited: Invited) -> None:
    with reading() as session:
        kept = session.query(Invitation).order_by(Invitation.id.desc()).first()
    assert kept is not None
    for secret in (invited.token, invited.code):
        assert secret.encode() not in kept.token_hash + kept.code_hash


@pytest.mark.parametrize("name", ["A", "x" * 41, "Ana", "ANA", "Call 555", "a\nb", ""])
def test_a_name_that_is_taken_or_unfit_is_refused(invited: Invited, name: str) -> None:
    with pytest.raises(InvitationRefused):
        _accept(invited, name=name)


def test_a_refused_name_does_not_use_the_link_up(invited: Invited) -> None:
    with pytest.raises(InvitationRefused):
        _accept(invited, name="Ana")
    assert _accept(invited).name == "Vera"


@pytest.mark.parametrize(
    ("inviter", "invitable"),
    [
        (Role.VERIFIER, ()),
        (Role.DISPATCHER, ()),
        (Role.ORGANIZER, (Role.VERIFIER, Role.DISPATCHER)),
        (Role.COORDINATOR, tuple(Role)),
    ],
)
def test_nobody_invites_above_their_reach(database_url: str, inviter: Role, invitable: tuple[Role, ...]) -> None:
    with writing() as session:
        person = admitted(session, "Iris", "east", inviter)
        for role in Role:
            if role in invitable:
                assert invitations.invite(session, person, role).token
            else:
                with pytest.raises(InvitationRefused):
                    invitations.invite(session, person, role)

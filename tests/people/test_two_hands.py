"""New keys, other roles and invitations above verifier: two people of two lines, never one's own, held by the database too."""

from dataclasses import dataclass

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from time_machine import travel

from bot.clock import ahead, now
from bot.people import hands, invitations, passkeys, passphrases, recovery, roles, sessions, sign_in, totp, vouching
from bot.people.agreed_models import Recovery, RoleChange
from bot.people.hands import Refusal
from bot.people.invitations import InvitationRefused
from bot.people.key_models import Passkey
from bot.people.models import WRONG_CODES, Invitation, Person, Role
from bot.privacy.audit import AuditEntry
from bot.store.session import reading, writing
from tests.people.conftest import PASSPHRASE, SECRET, admitted, code

NEW = "nueve lunas sobre el tejado"
NEW_SECRET = totp.fresh()


@dataclass(frozen=True)
class Cast:
    """Carmen and Teo coordinate, Luz and Paul organize, Vera looks; Vera and Paul are of Luz's line."""

    carmen: int
    teo: int
    luz: int
    paul: int
    vera: int


@pytest.fixture
def cast(database_url: str) -> Cast:
    with writing() as session:
        carmen = admitted(session, "Carmen", "norte", Role.COORDINATOR)
        teo = admitted(session, "Teo", "sur", Role.COORDINATOR)
        luz = admitted(session, "Luz", "este", Role.ORGANIZER)
        paul = _invited(session, "Paul", Role.ORGANIZER, luz, carmen)
        vera = _invited(session, "Vera", Role.VERIFIER, luz)
        return Cast(carmen.id, teo.id, luz.id, paul.id, vera.id)


def _invited(session, name: str, role: Role, by: Person, second: Person | None = None) -> Person:  # type: ignore[no-untyped-def]
    told = invitations._invite(session, by.line_id, role, False, by.id)
    if second is not None:
        vouching.vouch(session, told.invitation_id, second)
    return invitations.accept(session, told.token, told.code, name, PASSPHRASE, secret=SECRET)


def _asked(whom: int, by: int) -> recovery.Half:
    with writing() as session:
        return recovery.ask(session, session.get_one(Person, whom), session.get_one(Person, by))


def _agreed(asked: recovery.Half, by: int) -> recovery.Half:
    with writing() as session:
        return recovery.agree(session, asked.recovery_id, session.get_one(Person, by))


def _comes_back(link: str, told: str, passphrase: str = NEW) -> Person | None:
    with writing() as session:
        found = recovery.check(session, link, told)
        return recovery.come_back(session, found, passphrases.hashed(passphrase), NEW_SECRET) if found else None


# --- new keys


def test_two_of_two_lines_let_somebody_back_in_and_id_and_line_stay(cast: Cast) -> None:
    with writing() as session:
        vera = session.get_one(Person, cast.vera)
        line, token = vera.line_id, sessions.open_session(session, vera)
        session.add(Passkey(person_id=vera.id, credential_id=b"old", public_key=b"old", name="old", created_at=now()))
    link = _asked(cast.vera, cast.luz)
    told = _agreed(link, cast.carmen)
    with reading() as session:
        assert sessions.find(session, token) is None
        assert passkeys.of(session, session.get_one(Person, cast.vera)) == []
    back = _comes_back(link.secret, told.secret)
    assert back is not None
    assert (back.id, back.line_id) == (cast.vera, line)
    with writing() as session:
        assert sign_in.prove(session, "Vera", PASSPHRASE, code()) is None
    with writing() as session:
        assert sign_in.prove(session, "Vera", NEW, totp.code_at(NEW_SECRET, now())) is not None


def test_old_keys_open_nothing_from_the_moment_the_second_agrees(cast: Cast) -> None:
    link = _asked(cast.vera, cast.luz)
    with writing() as session:
        assert sign_in.prove(session, "Vera", PASSPHRASE, code()) is not None
    _agreed(link, cast.carmen)
    with writing() as session:
        assert sign_in.prove(session, "Vera", PASSPHRASE, code(1)) is None


@pytest.mark.threat("T24")
def test_neither_half_alone_lets_anybody_in(cast: Cast) -> None:
    link = _asked(cast.vera, cast.luz)
    with reading() as session:
        found = recovery.find(session, link.secret)
        assert found is not None
        assert found.agreed_at is None
    assert _comes_back(link.secret, "") is None
    told = _agreed(link, cast.carmen)
    for wrong in ("", told.secret[:5], f"{(int(told.secret) + 1) % 10**6:06d}"):
        assert _comes_back(link.secret, wrong) is None
    assert _comes_back("another link", told.secret) is None
    assert _comes_back(link.secret, f" {told.secret[:3]} {told.secret[3:]} ") is not None


def test_five_wrong_codes_close_the_link(cast: Cast) -> None:
    link = _asked(cast.vera, cast.luz)
    told = _agreed(link, cast.carmen)
    for _ in range(WRONG_CODES):
        assert _comes_back(link.secret, "x") is None
    assert _comes_back(link.secret, told.secret) is None


def test_the_link_works_once_and_for_two_days(cast: Cast) -> None:
    link = _asked(cast.vera, cast.luz)
    told = _agreed(link, cast.carmen)
    with travel(ahead(hours=48, minutes=1), tick=True):
        assert _comes_back(link.secret, told.secret) is None
    assert _comes_back(link.secret, told.secret) is not None
    assert _comes_back(link.secret, told.secret) is None


def test_one_person_stops_it_and_another_that_is_asked_for_replaces_it(cast: Cast) -> None:
    first = _asked(cast.vera, cast.luz)
    with writing() as session:
        recovery.take_back(session, first.recovery_id, session.get_one(Person, cast.paul))
    with pytest.raises(Refusal, match="over"):
        _agreed(first, cast.carmen)
    second, third = _asked(cast.vera, cast.luz), _asked(cast.vera, cast.teo)
    with pytest.raises(Refusal, match="over"):
        _agreed(second, cast.carmen)
    told = _agreed(third, cast.carmen)
    assert _comes_back(second.secret, told.secret) is None
    assert _comes_back(third.secret, told.secret) is not None


def test_who_cannot_be_the_first(cast: Cast) -> None:
    for whom, by, reason in (
        (cast.luz, cast.luz, "not_yourself"),
        (cast.luz, cast.vera, "not_your_role"),
    ):
        with pytest.raises(Refusal, match=reason):
            _asked(whom, by)
    with writing() as session:
        sign_in.revoke(session, session.get_one(Person, cast.vera))
    with pytest.raises(Refusal, match="revoked"):
        _asked(cast.vera, cast.luz)


def test_who_cannot_be_the_second(cast: Cast) -> None:
    link = _asked(cast.teo, cast.luz)
    for by, reason in (
        (cast.luz, "same_line"),
        (cast.paul, "same_line"),
        (cast.teo, "not_yourself"),
        (cast.vera, "not_your_role"),
    ):
        with pytest.raises(Refusal, match=reason):
            _agreed(link, by)
    _agreed(link, cast.carmen)
    with pytest.raises(Refusal, match="over"):
        _agreed(link, cast.paul)


def test_who_agreed_twice_has_the_code_of_the_second_time_and_nobody_after_its_use(cast: Cast) -> None:
    """A double click would else take the old keys and show the new half to nobody."""
    link = _asked(cast.vera, cast.luz)
    first, again = _agreed(link, cast.carmen), _agreed(link, cast.carmen)
    with writing() as session:
        assert recovery.check(session, link.secret, again.secret) is not None
        assert first.secret == again.secret or recovery.check(session, link.secret, first.secret) is None
    with writing() as session:
        session.get_one(Recovery, link.recovery_id).used_at = session.get_one(Recovery, link.recovery_id).ended_at = (
            now()
        )
    with pytest.raises(Refusal):
        _agreed(link, cast.carmen)


def test_two_organizers_without_a_coordinator_do_not_become_a_coordinator(cast: Cast) -> None:
    with writing() as session:
        ines = admitted(session, "Ines", "oeste", Role.ORGANIZER)
    link = _asked(cast.teo, cast.luz)
    with pytest.raises(Refusal, match="a_coordinator"):
        _agreed(link, ines.id)
    _agreed(_asked(cast.vera, cast.luz), ines.id)


def test_the_first_counts_only_while_they_work_here(cast: Cast) -> None:
    link = _asked(cast.vera, cast.luz)
    with writing() as session:
        sign_in.revoke(session, session.get_one(Person, cast.luz))
    with pytest.raises(Refusal, match="first_gone"):
        _agreed(link, cast.carmen)


def test_nobody_comes_back_whose_access_was_ended_meanwhile(cast: Cast) -> None:
    link = _asked(cast.vera, cast.luz)
    told = _agreed(link, cast.carmen)
    with writing() as session:
        sign_in.revoke(session, session.get_one(Person, cast.vera))
    with pytest.raises(Refusal, match="revoked"):
        _comes_back(link.secret, told.secret)


def test_neither_half_is_kept_and_each_step_is_in_the_record(cast: Cast) -> None:
    link = _asked(cast.vera, cast.luz)
    told = _agreed(link, cast.carmen)
    _comes_back(link.secret, told.secret)
    with reading() as session:
        kept = session.scalars(select(Recovery)).one()
        assert kept.code_hash is not None
        assert link.secret.encode() not in kept.token_hash
        acts = (
            select(AuditEntry.act, AuditEntry.person_id)
            .where(AuditEntry.act.like("recovery.%"))
            .order_by(AuditEntry.id)
        )
        assert [tuple(row) for row in session.execute(acts)] == [
            ("recovery.asked", cast.luz),
            ("recovery.agreed", cast.carmen),
            ("recovery.done", cast.vera),
        ]


# --- roles


def _role(whom: int, role: Role, by: int) -> int:
    with writing() as session:
        return roles.ask(session, session.get_one(Person, whom), role, session.get_one(Person, by)).id


def _agree_role(change: int, by: int) -> None:
    with writing() as session:
        roles.agree(session, change, session.get_one(Person, by))


def _role_of(person: int) -> Role:
    with reading() as session:
        return session.get_one(Person, person).role


def test_a_role_changes_when_two_of_two_lines_say_so(cast: Cast) -> None:
    change = _role(cast.vera, Role.DISPATCHER, cast.luz)
    assert _role_of(cast.vera) is Role.VERIFIER
    for by in (cast.luz, cast.paul):
        with pytest.raises(Refusal, match="same_line"):
            _agree_role(change, by)
    _agree_role(change, cast.carmen)
    assert _role_of(cast.vera) is Role.DISPATCHER
    with pytest.raises(Refusal, match="over"):
        _agree_role(change, cast.carmen)


@pytest.mark.parametrize("role", [Role.ORGANIZER, Role.COORDINATOR])
def test_a_role_that_lets_alerts_out_takes_a_coordinator(cast: Cast, role: Role) -> None:
    with writing() as session:
        ines = admitted(session, "Ines", "oeste", Role.ORGANIZER)
    change = _role(cast.vera, role, ines.id)
    with pytest.raises(Refusal, match="a_coordinator"):
        _agree_role(change, cast.luz)
    _agree_role(change, cast.carmen)
    assert _role_of(cast.vera) is role


def test_a_verifier_becomes_a_senior_one_by_two_lines_and_a_coordinator(cast: Cast) -> None:
    with writing() as session:
        vera, luz = session.get_one(Person, cast.vera), session.get_one(Person, cast.luz)
        with pytest.raises(Refusal, match="on_trial"):
            roles.ask(session, vera, Role.VERIFIER, luz, senior=True)
        vera.trial_began_at = None
        asked = roles.ask(session, vera, Role.VERIFIER, luz, senior=True)
        assert not vera.senior and asked.senior
        with pytest.raises(Refusal, match="same_line"):
            roles.agree(session, asked.id, session.get_one(Person, cast.paul))
        roles.agree(session, asked.id, session.get_one(Person, cast.carmen))
        assert vera.senior and vera.role is Role.VERIFIER
        with pytest.raises(Refusal, match="has_it"):
            roles.ask(session, vera, Role.VERIFIER, luz, senior=True)
        done = session.scalars(select(AuditEntry).where(AuditEntry.act == "role.changed")).one()
        assert done.detail == "verifier>senior verifier"


def test_two_organizers_without_a_coordinator_make_nobody_senior(cast: Cast) -> None:
    with writing() as session:
        nora = admitted(session, "Nora", "oeste", Role.ORGANIZER)
        vera, luz = session.get_one(Person, cast.vera), session.get_one(Person, cast.luz)
        vera.trial_began_at = None
        asked = roles.ask(session, vera, Role.VERIFIER, luz, senior=True)
        with pytest.raises(Refusal, match="a_coordinator"):
            roles.agree(session, asked.id, nora)
        assert not vera.senior


def test_who_is_senior_stays_so_in_whatever_role_comes_next(cast: Cast) -> None:
    with writing() as session:
        vera, luz, carmen = (session.get_one(Person, one) for one in (cast.vera, cast.luz, cast.carmen))
        vera.trial_began_at = None
        for role, senior in ((Role.VERIFIER, True), (Role.DISPATCHER, False), (Role.VERIFIER, False)):
            roles.agree(session, roles.ask(session, vera, role, luz, senior=senior).id, carmen)
        assert vera.senior


def test_nobody_decides_about_themselves_nor_the_same_role_again(cast: Cast) -> None:
    for whom, by, reason in (
        (cast.luz, cast.luz, "not_yourself"),
        (cast.vera, cast.vera, "not_your_role"),
        (cast.vera, cast.luz, "has_it"),
    ):
        with pytest.raises(Refusal, match=reason):
            _role(whom, Role.VERIFIER, by)
    change = _role(cast.luz, Role.COORDINATOR, cast.carmen)
    with pytest.raises(Refusal, match="not_yourself"):
        _agree_role(change, cast.luz)


def test_a_change_nobody_agreed_to_is_over_after_two_days_or_when_taken_back(cast: Cast) -> None:
    change = _role(cast.vera, Role.DISPATCHER, cast.luz)
    with travel(ahead(hours=48, minutes=1), tick=True), pytest.raises(Refusal, match="over"):
        _agree_role(change, cast.carmen)
    with writing() as session:
        roles.take_back(session, change, session.get_one(Person, cast.luz))
    with pytest.raises(Refusal, match="over"):
        _agree_role(change, cast.carmen)


def test_a_greater_role_shortens_the_session_that_runs(cast: Cast) -> None:
    with writing() as session:
        token = sessions.open_session(session, session.get_one(Person, cast.vera))
    _agree_role(_role(cast.vera, Role.ORGANIZER, cast.luz), cast.carmen)
    with travel(ahead(minutes=31), tick=True), reading() as session:
        assert sessions.find(session, token) is None
    for minutes in (25, 50):
        with travel(ahead(minutes=minutes), tick=True), writing() as session:
            sitting = sessions.find(session, token)
            assert sitting
            sessions.seen(session, sitting)
    with writing() as session:
        session.execute(text("UPDATE signed_in SET last_seen_at = :then"), {"then": "2999-01-01 00:00:00+00"})
    with travel(ahead(hours=6, minutes=1), tick=True), reading() as session:
        assert sessions.find(session, token) is None


# --- invitations


@pytest.mark.threat("T05")
def test_whoever_shall_do_more_than_look_is_let_in_by_two_lines(cast: Cast) -> None:
    with writing() as session:
        luz = session.get_one(Person, cast.luz)
        told = invitations.invite(session, luz, Role.DISPATCHER)
        with pytest.raises(InvitationRefused, match="waits"):
            invitations.accept(session, told.token, told.code, "Dora", PASSPHRASE, secret=SECRET)
        for by in (luz, session.get_one(Person, cast.paul)):
            with pytest.raises(InvitationRefused, match="same_line"):
                vouching.vouch(session, told.invitation_id, by)
        with pytest.raises(InvitationRefused, match="not_your_role"):
            vouching.vouch(session, told.invitation_id, session.get_one(Person, cast.vera))
        vouching.vouch(session, told.invitation_id, session.get_one(Person, cast.carmen))
        dora = invitations.accept(session, told.token, told.code, "Dora", PASSPHRASE, secret=SECRET)
        assert dora.line_id == luz.line_id


def test_a_verifier_needs_no_second_and_a_founder_neither(cast: Cast) -> None:
    with writing() as session:
        told = invitations.invite(session, session.get_one(Person, cast.luz), Role.VERIFIER)
        assert invitations.accept(session, told.token, told.code, "Omar", PASSPHRASE, secret=SECRET).id
        founded = invitations.found(session, "centro")
        assert invitations.accept(session, founded.token, founded.code, "Ada", PASSPHRASE, secret=SECRET).id


def test_an_invitation_taken_back_lets_nobody_in(cast: Cast) -> None:
    with writing() as session:
        told = invitations.invite(session, session.get_one(Person, cast.luz), Role.VERIFIER)
        vouching.take_back(session, told.invitation_id, session.get_one(Person, cast.carmen))
        assert invitations.find(session, told.token) is None
        assert told.invitation_id not in [invitation.id for invitation in vouching.open_ones(session)]
        with pytest.raises(InvitationRefused, match="over"):
            vouching.vouch(session, told.invitation_id, session.get_one(Person, cast.carmen))
        with pytest.raises(InvitationRefused, match="wrong"):
            invitations.accept(session, told.token, told.code, "Omar", PASSPHRASE, secret=SECRET)


# --- and the database, whoever writes to it


def _breaks(session, statement: str, **values: object) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(text(statement), values)


def test_the_database_refuses_one_hand_one_line_and_ones_own(cast: Cast) -> None:
    link, change = _asked(cast.vera, cast.luz), _role(cast.vera, Role.ORGANIZER, cast.luz)
    with writing() as session:
        people = {person.id: person.line_id for person in session.scalars(select(Person))}
        moment = session.get_one(Recovery, link.recovery_id).created_at.isoformat(" ")
        for table, one in (("recovery", link.recovery_id), ("role_change", change)):
            for by in (cast.luz, cast.paul, cast.vera):
                _breaks(
                    session,
                    f"UPDATE {table} SET agreed_by_id = :by, agreed_by_line = :line, agreed_at = :at WHERE id = :one",  # noqa: S608
                    by=by, line=people[by], at=moment, one=one,
                )  # fmt: skip
            _breaks(
                session,
                f"UPDATE {table} SET agreed_by_id = :by, agreed_by_line = :line, agreed_at = :at WHERE id = :one",  # noqa: S608
                by=cast.paul, line=people[cast.carmen], at=moment, one=one,
            )  # fmt: skip
        _breaks(session, "UPDATE recovery SET used_at = :at WHERE id = :one", at=moment, one=link.recovery_id)


def test_the_database_lets_nobody_use_an_invitation_without_its_second(cast: Cast) -> None:
    with writing() as session:
        told = invitations.invite(session, session.get_one(Person, cast.luz), Role.DISPATCHER)
        invitation = session.get_one(Invitation, told.invitation_id)
        moment = invitation.created_at.isoformat(" ")
        _breaks(session, "UPDATE invitation SET used_at = :at WHERE id = :one", at=moment, one=invitation.id)
        _breaks(
            session,
            "UPDATE invitation SET confirmed_by_id = :by, confirmed_by_line = :line WHERE id = :one",
            by=cast.paul, line=invitation.line_id, one=invitation.id,
        )  # fmt: skip


def test_one_change_of_a_person_runs_at_a_time(cast: Cast) -> None:
    _role(cast.vera, Role.ORGANIZER, cast.luz)
    second = _role(cast.vera, Role.DISPATCHER, cast.teo)
    with reading() as session:
        assert [change.id for change in hands.open_ones(session, RoleChange)] == [second]
        assert len(session.scalars(select(RoleChange)).all()) == 2


def test_whoever_is_new_begins_on_trial_whatever_their_role(cast: Cast) -> None:
    with reading() as session:
        for new, begins in ((cast.vera, True), (cast.paul, True), (cast.carmen, False)):
            assert session.get_one(Person, new).is_on_trial is begins


def test_another_role_is_no_way_round_the_trial(cast: Cast) -> None:
    with writing() as session:
        session.get_one(Person, cast.vera).trial_began_at = None
    _agree_role(_role(cast.vera, Role.DISPATCHER, cast.luz), cast.carmen)
    with reading() as session:
        assert session.get_one(Person, cast.vera).is_on_trial

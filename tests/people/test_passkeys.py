"""A passkey lets its owner in, once for each question, at our address only; whatever else is shown lets nobody in."""

import json

import pytest
from sqlalchemy import func, select, update
from time_machine import travel

from bot.clock import ahead
from bot.people import challenges, key_address, key_proofs, open_questions, passkeys, sessions, sign_in
from bot.people.key_models import Answered, Challenge, Passkey, Purpose
from bot.people.models import Person, Role, SignedIn
from bot.privacy import audit
from bot.store.session import reading, writing
from tests.people.conftest import admitted
from tests.people.device import MAY_SYNC, OWNER_KNOWN, PRESENT, SYNCED, Device
from tests.people.test_at_once import HANDS, at_once
from tests.services.settings import Environment

BROWSER = challenges.of_browser("this browser")
OTHER_BROWSER = challenges.of_browser("another one")


@pytest.fixture(autouse=True)
def _at_a_name(env: Environment) -> None:
    env.set(public_base_url="https://contigo.example")


@pytest.fixture
def phone(ana: Person) -> Device:
    """Ana's phone, with a passkey of hers."""
    return added(ana, Device())


def added(owner: Person, device: Device, name: str = "Phone") -> Device:
    assert _add(owner, device, name)
    return device


def _add(owner: Person, device: Device, name: str = "Phone", **other: object) -> bool:
    with writing() as session:
        person = session.get_one(Person, owner.id)
        answer = device.makes(passkeys.ask_to_add(session, BROWSER, person), **other)
        return passkeys.add(session, BROWSER, person, answer, name) is not None


def _asked(holder: bytes = BROWSER) -> str:
    return passkeys.ask_to_enter(holder)


def _enters(answer: str, holder: bytes = BROWSER) -> str | None:
    with writing() as session:
        person = key_proofs.enter(session, holder, answer)
        return person.name if person else None


def test_a_passkey_says_who_it_is_without_a_name(phone: Device) -> None:
    assert json.loads(_asked())["allowCredentials"] == []
    assert _enters(phone.signs(_asked())) == "Ana"


def test_the_device_is_asked_to_know_its_owner_and_to_keep_the_name_itself(ana: Person, phone: Device) -> None:
    assert json.loads(_asked())["userVerification"] == "required"
    with writing() as session:
        person = session.get_one(Person, ana.id)
        asked = json.loads(passkeys.ask_to_add(session, BROWSER, person))
        assert person.key_handle
    assert asked["authenticatorSelection"]["residentKey"] == "required"
    assert asked["authenticatorSelection"]["userVerification"] == "required"
    assert asked["rp"]["id"] == "contigo.example"
    assert asked["attestation"] == "none"
    assert "Ana" not in asked["user"]["id"]
    assert len(asked["excludeCredentials"]) == 1


def test_an_answer_played_again_lets_nobody_in(phone: Device) -> None:
    answer = phone.signs(_asked())
    assert _enters(answer) == "Ana"
    assert _enters(answer) is None


def test_a_wrong_answer_uses_the_question_up(phone: Device) -> None:
    question = _asked()
    assert _enters(Device(host="contigo.example").signs(question)) is None
    assert _enters(phone.signs(question)) is None


def test_a_question_is_for_the_browser_it_was_put_to(phone: Device) -> None:
    question = _asked()
    assert _enters(phone.signs(question), OTHER_BROWSER) is None
    assert _enters(phone.signs(question)) == "Ana"


def test_a_question_that_was_never_ours_is_answered_in_vain(phone: Device) -> None:
    assert _enters(phone.signs(json.dumps({"challenge": "A" * 43}))) is None


def test_a_question_is_open_for_five_minutes(phone: Device) -> None:
    question = _asked()
    with travel(ahead(minutes=challenges.MINUTES, seconds=1), tick=True):
        assert _enters(phone.signs(question)) is None
    question = _asked()
    with travel(ahead(minutes=challenges.MINUTES, seconds=-5), tick=True):
        assert _enters(phone.signs(question)) == "Ana"


def test_a_newer_question_voids_the_older_and_clears_away_what_nobody_answered(ana: Person, phone: Device) -> None:
    """Of those that lie in the database: put to somebody who is signed in."""

    def asked(holder: bytes = BROWSER) -> str:
        with writing() as session:
            return passkeys.ask_to_prove(session, holder, session.get_one(Person, ana.id))

    def proves(question: str) -> bool:
        with writing() as session:
            return key_proofs.proves(session, BROWSER, session.get_one(Person, ana.id), phone.signs(question))

    first = asked()
    with travel(ahead(hours=1), tick=True):
        asked(OTHER_BROWSER)
        with reading() as session:
            assert session.scalar(select(func.count()).select_from(Challenge)) == 1
    second, third = asked(), asked()
    assert [proves(question) for question in (first, second, third)] == [False, False, True]


def test_strangers_ask_without_a_row_and_each_question_is_answered_once(phone: Device) -> None:
    questions = [_asked() for _ in range(20)]
    with reading() as session:
        assert session.scalar(select(func.count()).select_from(Challenge)) == 0
        assert session.scalar(select(func.count()).select_from(Answered)) == 0
    for question in questions[:2]:
        answer = phone.signs(question)
        assert _enters(answer, OTHER_BROWSER) is None
        assert _enters(answer) == "Ana"
        assert _enters(answer) is None
    with reading() as session:
        assert session.scalar(select(func.count()).select_from(Answered)) == 2


@pytest.mark.parametrize("part", [0, 20, -1], ids=["drawn", "until", "seal"])
def test_a_question_changed_anywhere_is_not_ours(part: int) -> None:
    question = bytearray(open_questions.make(BROWSER))
    assert open_questions.is_ours(BROWSER, bytes(question))
    question[part] ^= 1
    assert not open_questions.is_ours(BROWSER, bytes(question))
    assert not open_questions.is_ours(BROWSER, b"")


@pytest.mark.threat("T24")
@pytest.mark.parametrize(
    "wrong",
    [
        {"origin": "https://contigo.example.evil.example"},
        {"origin": "http://contigo.example"},
        {"origin": "https://contigo.example:8443"},
        {"host": "evil.example"},
        {"flags": PRESENT},
        {"flags": 0},
    ],
    ids=str,
)
def test_another_address_or_an_owner_it_did_not_know_lets_nobody_in(phone: Device, wrong: dict[str, object]) -> None:
    for name, value in wrong.items():
        setattr(phone, name, value)
    assert _enters(phone.signs(_asked())) is None


@pytest.mark.parametrize(
    "wrong", [{"origin": "https://evil.example"}, {"host": "evil.example"}, {"flags": PRESENT}], ids=str
)
def test_nor_is_such_a_key_added(ana: Person, wrong: dict[str, object]) -> None:
    assert not _add(ana, Device(**wrong))  # type: ignore[arg-type]


def test_an_answer_to_one_thing_is_none_to_another(ana: Person, phone: Device) -> None:
    with writing() as session:
        person = session.get_one(Person, ana.id)
        to_prove = passkeys.ask_to_prove(session, BROWSER, person)
    assert _enters(phone.signs(to_prove)) is None
    assert _enters(phone.signs(_asked(), type="webauthn.create")) is None
    assert not _add(ana, Device(), type="webauthn.get")


def test_a_key_nobody_knows_and_a_signature_of_another_key_let_nobody_in(phone: Device) -> None:
    assert _enters(Device().signs(_asked())) is None
    forged = Device(credential_id=phone.credential_id, handle=phone.handle, count=phone.count)
    assert _enters(forged.signs(_asked())) is None


NO_ANSWERS = ["", "{}", "[]", "null", '{"response": 3}', '{"rawId": {}, "response": {}}', "[" * 9000, "é" * 99_999]


@pytest.mark.parametrize("sent", NO_ANSWERS, ids=range(len(NO_ANSWERS)))
def test_what_is_no_answer_is_none(phone: Device, sent: str) -> None:
    _asked()
    assert _enters(sent) is None


def test_nobody_enters_whose_access_was_ended(ana: Person, phone: Device) -> None:
    question = _asked()
    with writing() as session:
        sign_in.revoke(session, session.get_one(Person, ana.id))
    assert _enters(phone.signs(question)) is None


def test_anothers_key_proves_nothing_in_my_session(ana: Person, phone: Device) -> None:
    with writing() as session:
        luz = admitted(session, "Luz", "south", Role.ORGANIZER)
        token = sessions.open_session(session, luz)
    hers = added(luz, Device())
    for device, renewed in ((phone, False), (hers, True)):
        with writing() as session:
            sitting = sessions.find(session, token)
            assert sitting
            question = passkeys.ask_to_prove(session, challenges.of_sitting(sitting), sitting.person)
        with writing() as session:
            sitting = sessions.find(session, token)
            assert sitting
            assert bool(sign_in.step_up_by_key(session, sitting, token, device.signs(question))) is renewed


def test_a_proof_renews_the_session_under_a_new_token(ana: Person, phone: Device) -> None:
    with writing() as session:
        token = sessions.open_session(session, session.get_one(Person, ana.id))
    with travel(ahead(minutes=6), tick=True), writing() as session:
        sitting = sessions.find(session, token)
        assert sitting
        assert not sessions.is_proved(sitting)
        question = passkeys.ask_to_prove(session, challenges.of_sitting(sitting), sitting.person)
        renewed = sign_in.step_up_by_key(session, sitting, token, phone.signs(question))
        assert renewed
        assert renewed != token
        assert sessions.is_proved(sitting)
    with travel(ahead(minutes=7), tick=True), reading() as session:
        assert sessions.find(session, token) is None


def test_a_question_to_one_session_is_none_to_another_of_the_same_person(ana: Person, phone: Device) -> None:
    with writing() as session:
        person = session.get_one(Person, ana.id)
        token = sessions.open_session(session, person)
        first, second = (sessions.find(session, each) for each in (sessions.open_session(session, person), token))
        assert first
        assert second
        question = passkeys.ask_to_prove(session, challenges.of_sitting(first), person)
        assert sign_in.step_up_by_key(session, second, token, phone.signs(question)) is None


def test_a_key_that_counts_less_than_before_is_a_copy(phone: Device) -> None:
    assert _enters(phone.signs(_asked())) == "Ana"
    assert _enters(phone.signs(_asked())) == "Ana"
    phone.count -= 1
    assert _enters(phone.signs(_asked())) is None
    with reading() as session:
        refused = session.scalars(select(audit.AuditEntry).where(audit.AuditEntry.act == "sign_in.refused")).all()
        assert [entry.detail for entry in refused] == ["passkey:1"]
    phone.count += 5
    assert _enters(phone.signs(_asked())) == "Ana"


def test_a_key_that_counted_does_not_stop_counting(phone: Device) -> None:
    assert _enters(phone.signs(_asked())) == "Ana"
    phone.counts, phone.count = False, 0
    assert _enters(phone.signs(_asked())) is None


def test_a_key_that_never_counts_may_be_used_again_and_again(ana: Person) -> None:
    phone = added(ana, Device(counts=False))
    assert [_enters(phone.signs(_asked())) for _ in range(3)] == ["Ana"] * 3


def test_a_synced_key_is_shown_as_such_and_one_of_a_single_device_never_learns_to_sync(ana: Person) -> None:
    synced = added(ana, Device(flags=OWNER_KNOWN | MAY_SYNC))
    with reading() as session:
        assert [(key.may_sync, key.is_synced) for key in passkeys.of(session, ana)] == [(True, False)]
    synced.flags |= SYNCED
    assert _enters(synced.signs(_asked())) == "Ana"
    with reading() as session:
        assert [(key.may_sync, key.is_synced) for key in passkeys.of(session, ana)] == [(True, True)]
    alone = added(ana, Device())
    alone.flags |= MAY_SYNC
    assert _enters(alone.signs(_asked())) is None


def test_who_the_device_says_it_knows_must_be_its_owner(phone: Device) -> None:
    assert _enters(phone.signs(_asked(), handle="A" * 43)) is None
    assert _enters(phone.signs(_asked(), handle="")) == "Ana"


def test_two_keys_and_more_each_with_its_name_and_one_is_removed(ana: Person, phone: Device) -> None:
    laptop = added(ana, Device(), "  My\n laptop  ")
    with writing() as session:
        person = session.get_one(Person, ana.id)
        names = {key.name: key.id for key in passkeys.of(session, person)}
        assert set(names) == {"Phone", "My laptop"}
        assert passkeys.remove(session, person, names["Phone"])
    assert _enters(phone.signs(_asked())) is None
    assert _enters(laptop.signs(_asked())) == "Ana"


def test_nobody_removes_anothers_key_and_nobody_adds_a_known_one(ana: Person, phone: Device) -> None:
    with writing() as session:
        luz = admitted(session, "Luz", "south")
        assert not passkeys.remove(session, luz, passkeys.of(session, session.get_one(Person, ana.id))[0].id)
    assert not _add(luz, Device(credential_id=phone.credential_id))
    assert _enters(phone.signs(_asked())) == "Ana"


def test_there_is_an_end_to_keys(ana: Person) -> None:
    assert [_add(ana, Device()) for _ in range(passkeys.KEYS_EACH + 1)] == [True] * passkeys.KEYS_EACH + [False]


def test_of_many_answers_at_once_one_is_taken(phone: Device) -> None:
    answer = phone.signs(_asked())
    entered = at_once(lambda _: _enters(answer))
    assert sorted(map(str, entered)) == ["Ana", *["None"] * (HANDS - 1)]


@pytest.mark.parametrize(
    ("address", "possible"),
    [
        ("https://contigo.example", True),
        ("https://contigo.example:8443", True),
        ("http://localhost:8000", True),
        ("http://contigo.example", False),
        ("http://127.0.0.1:8000", False),
        ("https://192.0.2.7", False),
        ("https://[2001:db8::1]", False),
    ],
)
def test_keys_need_a_name_and_tls(env: Environment, address: str, possible: bool) -> None:
    env.set(public_base_url=address)
    assert key_address.possible() is possible
    assert not possible or key_address.origin() == address


def test_the_port_that_goes_without_saying_is_not_said(env: Environment) -> None:
    env.set(public_base_url="https://contigo.example:443/")
    assert key_address.origin() == "https://contigo.example"


def test_nothing_of_a_key_but_what_the_rules_need_is_kept() -> None:
    assert {column.name for column in Passkey.__table__.columns} == {
        "id", "person_id", "credential_id", "public_key", "sign_count", "may_sync", "is_synced", "name", "created_at",
        "last_used_at",
    }  # fmt: skip


def test_a_question_whose_session_ended_is_answered_in_vain(ana: Person, phone: Device) -> None:
    with writing() as session:
        token = sessions.open_session(session, session.get_one(Person, ana.id))
        sitting = sessions.find(session, token)
        assert sitting
        question = passkeys.ask_to_prove(session, challenges.of_sitting(sitting), sitting.person)
        session.execute(update(SignedIn).values(ended_at=ahead()))
    with reading() as session:
        assert sessions.find(session, token) is None
    assert _enters(phone.signs(question)) is None


def test_a_purpose_is_one_of_three(ana: Person) -> None:
    assert {purpose.value for purpose in Purpose} == {"enter", "prove", "add"}

"""Who wished for a language that is mostly spoken hears the answer too, where somebody recorded it; and nothing but ours."""

import math
from pathlib import Path

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError

from bot.channels.channel import Handed, Refused, Unknown
from bot.channels.failures import failure
from bot.clock import now
from bot.contacts.models import Channel, Contact, find_or_add
from bot.doctor import examine
from bot.outbox import answers, claiming, clips, diverting, lost, pacing, recording, settling
from bot.outbox.delivery_models import Delivery, Reason, State
from bot.outbox.models import Lane
from bot.outbox.recording import Result
from bot.outbox.sending import Sender
from bot.store.session import reading, writing
from messages import catalog
from tests.outbox.conftest import Staff
from tests.services.carrier import Simulator
from tests.services.recordings import MP3, opus, record
from tests.services.settings import Environment

ROSA = "+13235550101"
MENU = "hotline.menu"
ALL = range(Lane.NOTICE + 1)


@pytest.fixture
def folder(tmp_path: Path, env: Environment) -> Path:
    """Where this test's recordings are."""
    env.set(clips_folder=tmp_path, public_base_url="https://contigo.example")
    return tmp_path


def rosa(session: object, channel: Channel = Channel.SMS, wish: str | None = "mixtec") -> Contact:
    contact = find_or_add(session, ROSA, channel)  # type: ignore[arg-type]
    contact.heard_on(channel)
    contact.language, contact.wished_language = "es", wish
    return contact


def answered(key: str = MENU, channel: Channel = Channel.SMS, wish: str | None = "mixtec") -> list[Delivery]:
    """Rosa is answered; what is waiting for her."""
    with writing() as session:
        answers.answer(session, rosa(session, channel, wish), key, reason=Reason.WROTE_TO_US)
    return waiting()


def waiting() -> list[Delivery]:
    with reading() as session:
        return list(session.scalars(select(Delivery).order_by(Delivery.id)))


def claims(channel: Channel = Channel.SMS) -> list[claiming.Copy]:
    return claiming.claim(channel, ALL, 100).copies


def told() -> str:
    return catalog.text(MENU, "es")


@pytest.mark.usefixtures("database_url", "redis_url")
def test_by_mms_it_goes_with_the_words(folder: Path) -> None:
    record(folder, "mixtec", MENU)
    (made,) = answered()
    assert made.clip == f"mixtec/{MENU}.mp3"
    (copy,) = claims()
    assert copy.text and copy.clip.startswith(f"https://contigo.example/clips/mixtec/{MENU}.mp3?v=")


@pytest.mark.usefixtures("database_url", "redis_url")
def test_by_whatsapp_it_follows_them_because_a_voice_has_no_words_beside_it(folder: Path) -> None:
    record(folder, "mixtec", MENU, "ogg")
    record(folder, "mixtec", MENU, "mp3")
    words, voice = answered(channel=Channel.WHATSAPP)
    assert (words.clip, voice.clip) == (None, f"mixtec/{MENU}.ogg")
    first, second = claims(Channel.WHATSAPP)
    assert (first.text, first.clip, second.text) == (told(), "", "")
    assert second.clip.endswith(".ogg?v=" + second.clip[-12:])


def test_what_leaves_is_one_mms_or_a_text_and_a_voice(
    folder: Path, staff: Staff, sender: Sender, simulator: Simulator
) -> None:
    record(folder, "mixtec", MENU)
    answered()
    answered(channel=Channel.WHATSAPP)
    sender.work(10)
    sent = [(row["channel"], bool(row["body"]), len(row["media"])) for row in simulator.sent()]
    assert sorted(sent) == [("sms", True, 1), ("whatsapp", False, 1), ("whatsapp", True, 0)]
    assert {row["sid"][:2] for row in simulator.sent() if row["media"]} == {"MM"}
    assert {delivery.state for delivery in waiting()} == {State.HANDED}


@pytest.mark.usefixtures("database_url", "redis_url")
@pytest.mark.parametrize("wish", [None, "zap", "es", "vi", "klingon"])
def test_whoever_wished_for_nothing_or_another_language_gets_the_words_alone(folder: Path, wish: str | None) -> None:
    record(folder, "mixtec", MENU)
    assert [made.clip for made in answered(wish=wish)] == [None]
    assert [made.clip for made in answered("hotline.here")] == [None, None], "and so do other answers"


@pytest.mark.usefixtures("database_url", "redis_url")
def test_a_rights_answer_can_be_heard_too(folder: Path) -> None:
    record(folder, "mixtec", "topic.door.0")
    record(folder, "mixtec", "topic.door.1")
    assert [made.clip for made in answered("topic.door.0")] == ["mixtec/topic.door.0.mp3"]
    assert answered("topic.door.1")[1].clip == "mixtec/topic.door.1.mp3"


@pytest.mark.usefixtures("database_url", "redis_url")
def test_where_the_sender_has_no_mms_the_words_leave_alone(folder: Path, env: Environment) -> None:
    record(folder, "mixtec", MENU)
    env.set(clips_by_mms=False)
    assert [made.clip for made in answered()] == [None]
    assert [made.clip for made in answered(channel=Channel.WHATSAPP)][-1] == f"mixtec/{MENU}.mp3"


@pytest.mark.usefixtures("database_url", "redis_url")
@pytest.mark.parametrize(
    ("why", "key", "kind", "raw", "note"),
    [
        ("unheard", MENU, "mp3", None, {"heard_by": None}),
        ("another_file", MENU, "mp3", None, {"files": {"mp3": "0" * 64}}),
        ("another_file", MENU, "mp3", None, {"files": {}}),
        ("other_words", MENU, "mp3", None, {"says": "Otra cosa."}),
        ("unknown_text", "hotline.no_such_text", "mp3", None, None),
        ("unknown_text", "topic.no_such_topic.0", "mp3", None, None),
        ("unknown_text", "topic.door.99", "mp3", None, None),
        ("too_large", MENU, "mp3", MP3 + b"\x00" * 600_000, None),
        ("not_this_kind", MENU, "mp3", b"<html>", None),
        ("not_this_kind", MENU, "amr", MP3, None),
        ("not_this_kind", MENU, "ogg", b"OggS\x00vorbis", None),
        ("names_somebody", MENU, "mp3", b"ID3\x04" + b"\x00" * 20 + MP3, None),
        ("names_somebody", MENU, "mp3", MP3 + b"TAGMaria" + b"\x00" * 120, None),
        ("names_somebody", MENU, "ogg", opus(b"ARTIST=Maria"), None),
        ("names_somebody", MENU, "ogg", opus().replace(b"OpusTags", b"OpusTogs"), None),
    ],
)
def test_a_recording_that_something_speaks_against_is_never_sent_and_the_doctor_says_so(
    folder: Path, why: str, key: str, kind: str, raw: bytes | None, note: dict[str, object] | None
) -> None:
    record(folder, "mixtec", key, kind, raw=raw, note=note)
    assert [fault.why for fault in clips.faults()] == [why]
    assert clips.may_leave(f"mixtec/{key}.{kind}") is None
    assert [made.clip for made in answered()] == [None]
    assert any(f"mixtec/{key}.{kind} is not sent ({why})" in str(ailment) for ailment in examine())


@pytest.mark.parametrize(
    "name",
    ["", ".", "../clips.yml", "mixtec/clips.yml", "mixtec/../../../etc/passwd", "/etc/passwd", "http://evil.example/x.mp3",
     "mixtec/hotline.menu.MP3", "Mixtec/hotline.menu.mp3", "mixtec/hotline.menu.mp3\x00", "es/hotline.menu.mp3"],
)  # fmt: skip
def test_no_other_name_leads_to_a_file(folder: Path, name: str) -> None:
    record(folder, "mixtec", MENU)
    (folder / "es").mkdir()
    (folder / "es" / f"{MENU}.mp3").write_bytes(MP3)
    assert clips.may_leave(name) is None
    with pytest.raises(LookupError):
        clips.address(name)


@pytest.mark.threat("T26")
@pytest.mark.usefixtures("database_url", "redis_url")
@pytest.mark.parametrize("written", ["http://evil.example/voice.mp3", "mixtec/another.mp3", "../../etc/passwd"])
def test_a_hand_in_the_database_sends_no_recording_of_its_own(folder: Path, written: str) -> None:
    record(folder, "mixtec", MENU)
    answered()
    answered(channel=Channel.WHATSAPP)
    with writing() as session:
        session.execute(update(Delivery).where(Delivery.clip.is_not(None)).values(clip=written))
    assert [(bool(copy.text), copy.clip) for copy in claims()] == [(True, "")], "the words leave"
    assert [(bool(copy.text), copy.clip) for copy in claims(Channel.WHATSAPP)] == [(True, "")]
    assert [made.failure for made in waiting() if made.state is State.DROPPED] == ["no_words"]


@pytest.mark.threat("T26")
@pytest.mark.usefixtures("database_url")
def test_no_copy_of_a_broadcast_can_carry_one(staff: Staff) -> None:
    with writing() as session:
        contact_id = rosa(session).id
    with pytest.raises(IntegrityError), writing() as session:
        session.execute(
            text(
                "INSERT INTO delivery (broadcast_id, contact_id, lane, channel, language, segments, state, created_at,"
                " expires_at, attempts, retries, looks, clip)"
                " VALUES (1, :who, 2, 'sms', 'es', 1, 'waiting', :now, :now, 0, 0, 0, 'x')"
            ),
            {"who": contact_id, "now": now()},
        )


@pytest.mark.usefixtures("database_url", "redis_url")
def test_one_that_was_taken_back_meanwhile_does_not_leave(folder: Path, env: Environment) -> None:
    record(folder, "mixtec", MENU)
    answered()
    answered(channel=Channel.WHATSAPP)
    env.set(clips_folder=folder / "empty")
    assert [copy.clip for copy in claims()] == [""]
    assert [copy.clip for copy in claims(Channel.WHATSAPP)] == [""]


@pytest.mark.parametrize(("rate", "segments"), [(1, 1), (3, 1), (12, 1), (25, 1), (100, 4), (225, 9), (100_000, 32)])
def test_an_mms_takes_as_much_of_the_pace_as_the_slowest_senders_limit(
    env: Environment, rate: int, segments: int
) -> None:
    env.set(sender_segments_per_second=rate)
    assert pacing.segments_of_mms() == segments
    assert segments >= min(32, math.ceil(rate / 25))


@pytest.mark.usefixtures("database_url", "redis_url")
def test_an_mms_is_counted_as_one_however_long_its_words(folder: Path, env: Environment) -> None:
    env.set(sender_segments_per_second=100)
    record(folder, "mixtec", MENU)
    assert [made.segments for made in answered()] == [4]
    assert [made.segments for made in answered("hotline.language_ask")][1:] != [4]


@pytest.mark.usefixtures("database_url", "redis_url")
def test_it_never_leaves_in_a_response_which_has_no_sid(folder: Path, env: Environment) -> None:
    env.set(sender_segments_per_second=10_000)
    record(folder, "mixtec", MENU)
    with writing() as session:
        made = answers.in_full(rosa(session), MENU, reason=Reason.WROTE_TO_US)
        assert answers.leave_as_twiml(session, made, room=True) == []
        both = answers.in_full(rosa(session, Channel.WHATSAPP), MENU, reason=Reason.WROTE_TO_US)
        assert answers.leave_as_twiml(session, both, room=True) == [told()]
        assert [one.state for one in both] == [State.HANDED, State.WAITING]


@pytest.mark.usefixtures("database_url", "redis_url")
@pytest.mark.parametrize("code", [11200, 11751, 12300, 21620, 30019, 63034])
def test_where_the_carrier_cannot_take_it_the_words_leave_once_more_without(folder: Path, code: int) -> None:
    record(folder, "mixtec", MENU)
    answered()
    (copy,) = claims()
    recording.record([Result(copy, Refused(failure(code)), now())])
    (made,) = waiting()
    assert (made.state, made.clip, made.segments) == (
        State.WAITING,
        None,
        answers.cost(answers.rendered(made), Channel.SMS),
    )
    assert [(bool(again.text), again.clip) for again in claims()] == [(True, "")]


@pytest.mark.usefixtures("database_url", "redis_url")
@pytest.mark.parametrize("code", [63019, 63021])
def test_a_voice_that_whatsapp_does_not_take_is_not_sent_again(folder: Path, code: int) -> None:
    record(folder, "mixtec", MENU)
    answered(channel=Channel.WHATSAPP)
    words, voice = claims(Channel.WHATSAPP)
    recording.record([Result(words, Handed("SM" + "1" * 32), now()), Result(voice, Refused(failure(code)), now())])
    assert [made.state for made in waiting()] == [State.HANDED, State.FAILED]


@pytest.mark.usefixtures("database_url", "redis_url")
def test_another_refusal_means_what_it_always_means(folder: Path) -> None:
    record(folder, "mixtec", MENU)
    answered()
    (copy,) = claims()
    recording.record([Result(copy, Refused(failure(30007)), now())])
    assert [made.state for made in waiting()] == [State.FAILED]


@pytest.mark.usefixtures("database_url", "redis_url")
def test_by_the_other_channel_the_words_go_alone_and_a_voice_not_at_all(folder: Path) -> None:
    record(folder, "mixtec", MENU)
    answered(channel=Channel.WHATSAPP)
    with writing() as session:
        for made in session.scalars(select(Delivery).order_by(Delivery.id)).all():
            settling.by_sms_instead(session, made, "outside_window")
    words, voice = waiting()
    assert (words.channel, words.state, words.clip) == (Channel.SMS, State.WAITING, None)
    assert voice.state is State.FAILED
    with writing() as session:
        contact = rosa(session)
        mms = answers.answer(session, contact, MENU, reason=Reason.WROTE_TO_US)
        contact.heard_on(Channel.WHATSAPP)
        session.flush()
        assert mms.clip and diverting.divert(session, mms, contact, Channel.WHATSAPP, "test")
        assert mms.clip is None


def test_a_voice_whose_answer_was_lost_is_looked_for_and_not_sent_twice(
    folder: Path, staff: Staff, sender: Sender, simulator: Simulator, env: Environment
) -> None:
    record(folder, "mixtec", MENU)
    answered(channel=Channel.WHATSAPP)
    for copy in claims(Channel.WHATSAPP):
        recording.record([Result(copy, Unknown("test"), now())])
    sought = {one.text for one in lost.take().lost}
    assert sought == {told(), ""}

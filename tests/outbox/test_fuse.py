"""Does anything leave that two people did not release, word for word? No: neither by our code nor by a hand in the database."""

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import IntegrityError

from bot.alerts import correction
from bot.channels.segments import for_sms
from bot.clock import ago, ahead, now
from bot.contacts.models import Channel
from bot.incidents.places import spoken
from bot.outbox import answers, drafting, freezing, fuse, halting, released_only
from bot.outbox.delivery_models import Delivery, Reason
from bot.outbox.fixed_words import is_fixed
from bot.outbox.models import Broadcast, BroadcastState, Kind, Lane, Rendition
from bot.outbox.sending import Sender
from bot.store.engine import engine
from bot.store.session import reading, writing
from messages import catalog, languages
from tests.alerts.stage import Stage
from tests.outbox.conftest import NOTICE, Staff, neighbor, notice, states
from tests.services.carrier import Simulator
from tests.services.settings import Environment


def _draft() -> Broadcast:
    with writing() as session:
        made = drafting.draft(
            session, Kind.NOTICE, Lane.NOTICE, NOTICE, neighborhoods=["hp"], expires_at=ahead(hours=1)
        )
        assert made.renditions
    return made


@pytest.mark.threat("T26")
def test_an_edited_text_does_not_leave(staff: Staff, sender: Sender, simulator: Simulator) -> None:
    with writing() as session:
        neighbor(session, 1)
        made = notice(session, staff)
    with writing() as session:
        session.execute(
            update(Rendition).where(Rendition.broadcast_id == made.id).values(text="La migra esta en todas partes")
        )
    sender.work(5)
    assert simulator.sent() == []
    with reading() as session:
        assert states(session) == {"dropped": 1}


@pytest.mark.threat("T26")
def test_a_wider_audience_than_was_released_does_not_leave(staff: Staff, sender: Sender, simulator: Simulator) -> None:
    with writing() as session:
        neighbor(session, 1, subjects=("lb_cambodia",))
        made = notice(session, staff)
        session.execute(update(Broadcast).where(Broadcast.id == made.id).values(neighborhoods=["hp", "lb_cambodia"]))
    sender.work(5)
    assert simulator.sent() == []


def test_a_broadcast_without_a_release_does_not_leave(staff: Staff, sender: Sender, simulator: Simulator) -> None:
    made = _draft()
    with writing() as session:
        neighbor(session, 1)
        session.execute(update(Broadcast).where(Broadcast.id == made.id).values(state=BroadcastState.RELEASED))
    sender.work(5)
    assert simulator.sent() == []


def test_words_that_changed_since_they_were_read_are_not_released(staff: Staff) -> None:
    made = _draft()
    with writing() as session:
        session.execute(
            update(Rendition).where(Rendition.broadcast_id == made.id, Rendition.language == "es").values(text="x")
        )
    with pytest.raises(fuse.ReleaseRefused, match="words_changed"), writing() as session:
        again = session.get_one(Broadcast, made.id)
        fuse.release(session, again, first=staff.ana, second=staff.berta, words=fuse.words_of(made))


def test_it_is_released_once(staff: Staff, redis_url: str) -> None:
    made = _draft()
    for attempt in range(2):
        with writing() as session:
            again = session.get_one(Broadcast, made.id)
            if attempt == 0:
                fuse.release(session, again, first=staff.ana, second=staff.berta, words=fuse.words_of(again))
            else:
                with pytest.raises(fuse.ReleaseRefused, match="not_a_draft"):
                    fuse.release(session, again, first=staff.ana, second=staff.berta, words=fuse.words_of(again))


def test_an_expired_draft_is_not_released(staff: Staff) -> None:
    with writing() as session:
        made = drafting.draft(
            session, Kind.NOTICE, Lane.NOTICE, NOTICE, neighborhoods=["hp"], expires_at=ago(minutes=1)
        )
        with pytest.raises(fuse.ReleaseRefused, match="expired"):
            fuse.release(session, made, first=staff.ana, second=staff.berta, words=fuse.words_of(made))


@pytest.mark.threat("T26")
@pytest.mark.parametrize(
    ("first", "second"),
    [("ana", "ana"), ("ana", "carla"), ("ana", None)],
    ids=["herself", "somebody of her line", "nobody"],
)
def test_no_hand_in_the_database_releases_alone(staff: Staff, first: str, second: str | None) -> None:
    made = _draft()
    one = getattr(staff, first)
    other = getattr(staff, second) if second else None
    with pytest.raises(IntegrityError), writing() as session:
        session.execute(
            text(
                "INSERT INTO release (broadcast_id, kind, first_id, first_line, second_id, second_line, words, released_at)"
                " VALUES (:of, 'notice', :one, :one_line, :other, :other_line, :words, :at)"
            ),
            {
                "of": made.id, "one": one.id, "one_line": one.line_id, "other": other and other.id,
                "other_line": other and other.line_id, "words": fuse.words_of(made), "at": now(),
            },
        )  # fmt: skip


def test_no_hand_in_the_database_lies_about_a_line(staff: Staff) -> None:
    made = _draft()
    with pytest.raises(IntegrityError), writing() as session:
        session.execute(
            text(
                "INSERT INTO release (broadcast_id, kind, first_id, first_line, second_id, second_line, words, released_at)"
                " VALUES (:of, 'notice', :one, :line, :other, :wrong, :words, :at)"
            ),
            {
                "of": made.id, "one": staff.ana.id, "line": staff.ana.line_id, "other": staff.carla.id,
                "wrong": staff.berta.line_id, "words": fuse.words_of(made), "at": now(),
            },
        )  # fmt: skip


def test_no_hand_in_the_database_calls_an_alert_a_notice(staff: Staff) -> None:
    with writing() as session:
        made = drafting.draft(session, Kind.ALERT, Lane.ALERT, NOTICE, neighborhoods=["hp"], expires_at=ahead(hours=1))
    for kind in ("notice", "alert"):
        with pytest.raises(IntegrityError), writing() as session:
            session.execute(
                text(
                    "INSERT INTO release (broadcast_id, kind, first_id, first_line, second_id, second_line, words, released_at)"
                    " VALUES (:of, :kind, :one, :line, :other, :other_line, :words, :at)"
                ),
                {
                    "of": made.id, "kind": kind, "one": staff.ana.id, "line": staff.ana.line_id, "other": staff.berta.id,
                    "other_line": staff.berta.line_id, "words": fuse.words_of(made), "at": now(),
                },
            )  # fmt: skip


def test_a_halted_broadcast_does_not_leave(staff: Staff, sender: Sender, simulator: Simulator) -> None:
    with writing() as session:
        neighbor(session, 1)
        made = notice(session, staff)
    with writing() as session:
        halting.halt(session, made.id, "doubt")
    sender.work(3)
    assert simulator.sent() == []


def test_one_hand_stops_what_waits_and_counts_it(
    staff: Staff, sender: Sender, env: Environment, simulator: Simulator
) -> None:
    env.set(sender_segments_per_second=5)
    with writing() as session:
        for n in range(30):
            neighbor(session, n)
        made = notice(session, staff)
    sender.work(1)
    with writing() as session:
        dropped = halting.halt(session, made.id, "doubt")
    sender.work(5)
    assert 0 < len(simulator.sent()) < 15
    with reading() as session:
        found = states(session)
    assert found["dropped"] >= dropped > 0
    assert found["dropped"] + len(simulator.sent()) == 30


def test_a_freeze_holds_notices_until_two_people_of_two_lines_thaw(
    staff: Staff, sender: Sender, simulator: Simulator
) -> None:
    with writing() as session:
        neighbor(session, 1)
        notice(session, staff)
        held = freezing.freeze(session, staff.carla)
    sender.work(2)
    assert simulator.sent() == []
    with writing() as session:
        assert freezing.thaw(session, held.id, staff.ana) is False
    with pytest.raises(freezing.ThawRefused, match="same_line"), writing() as session:
        freezing.thaw(session, held.id, staff.carla)
    sender.work(1)
    assert simulator.sent() == []
    with writing() as session:
        assert freezing.thaw(session, held.id, staff.berta) is True
    sender.work(5)
    assert len(simulator.sent()) == 1


def test_a_row_without_words_is_dropped_and_holds_up_nobody(staff: Staff, sender: Sender, simulator: Simulator) -> None:
    with writing() as session:
        lost = answers.answer(session, neighbor(session, 1), "hotline.menu", reason=Reason.WROTE_TO_US)
        session.flush()
        session.execute(update(Delivery).where(Delivery.id == lost.id).values(key="hotline.a_text_that_was_renamed"))
        answers.answer(session, neighbor(session, 2), "hotline.menu", reason=Reason.WROTE_TO_US)
    sender.work(5)
    assert [row["to"] for row in simulator.sent()] == ["+12135550102"]
    with reading() as session:
        assert states(session) == {"dropped": 1, "handed": 1}


TOLD = "CONTIGO K7Q CONFIRMADO: agentes de migración en Olimpic y Pacífic, HP. Visto 6:08am, puede cambiar."
DOUBT = "CONTIGO {}: dudamos del aviso de {}. Lo revisamos otra vez. No lo reenvíe."


@pytest.mark.parametrize(
    ("words", "may"),
    [
        (DOUBT.format("K7Q", "Olimpic y Pacífic, HP"), True),
        (DOUBT.format("K7Q", "Olimpic y Pacific"), True),
        (DOUBT.format("K7Q", "Olimpic y P..."), True),
        (DOUBT.format("K7Q", "Olimpic y P"), False),
        (DOUBT.format("K7Q", "Pico y Pacífic"), False),
        (DOUBT.format("M4T", "Olimpic y Pacífic, HP"), False),
        (DOUBT.format("K7Q", "Olimpic. LA MIGRA VIENE A TODAS LAS CASAS, salgan ya"), False),
        (DOUBT.format("K7Q", "Olimpic! Vayan todos a la plaza a ayudar ahora"), False),
        (DOUBT.format("K7Q", "Olimpic y Pacífic") + " Salgan todos a la calle.", False),
        ("CONTIGO K7Q: la migra ya se fue de Olimpic y Pacífic.", False),
    ],
)
def test_a_doubt_says_its_one_sentence_about_what_was_told_and_nothing_else(words: str, may: bool) -> None:
    told = Rendition(language="es", channel=Channel.WHATSAPP, text=TOLD)
    assert is_fixed(Rendition(language="es", channel=Channel.SMS, text=words), [told]) is may
    elsewhere = Rendition(language="en", channel=Channel.WHATSAPP, text=TOLD)
    assert not is_fixed(Rendition(language="es", channel=Channel.SMS, text=words), [elsewhere])


@pytest.mark.parametrize("language", languages.COMPLETE)
@pytest.mark.parametrize("channel", Channel)
def test_the_fixed_doubt_passes_in_every_language_and_channel(language: str, channel: Channel) -> None:
    said = catalog.text("alerts.doubt", language, code="K7Q", place="Olimpic y Pacífic")
    text = for_sms(said, language) if channel is Channel.SMS else said
    told = Rendition(language=language, channel=Channel.SMS, text=TOLD)
    assert is_fixed(Rendition(language=language, channel=channel, text=text), [told])


def _doubt(stage: Stage, place: str, about: int | None) -> Broadcast:
    """One hand's draft."""
    said = {
        (language, channel): catalog.text("alerts.doubt", language, code=stage.incident.code, place=place)
        for language in languages.COMPLETE
        for channel in Channel
    }
    return drafting.draft(
        stage.town.session, Kind.DOUBT, Lane.CORRECTION, said, neighborhoods=["hp"], same_people_as=about,
        expires_at=ahead(hours=1),
    )  # fmt: skip


@pytest.mark.threat("T26")
@pytest.mark.parametrize("about", ["nothing", "a draft", "a notice", "the alert, elsewhere"])
def test_a_doubt_about_what_nobody_released_does_not_leave(stage: Stage, about: str) -> None:
    stage.found()
    session, place = stage.town.session, spoken(stage.incident, "es")
    root: int | None = None
    if about == "a draft":
        draft = stage.pending()
        root = draft.broadcast_id if draft else None
    elif about == "a notice":
        root = notice(session, Staff(stage.vera, stage.olga, stage.omar)).id
    elif about == "the alert, elsewhere":
        root, place = stage.release().broadcast_id, "Soto y Slauson"
    made = _doubt(stage, place, root)
    with pytest.raises(fuse.ReleaseRefused, match="not_the_fixed_words"):
        fuse.release(
            session, made, first=stage.olga, second=None, words=fuse.words_of(made), incident_id=stage.incident.id
        )


def test_a_doubt_whose_place_was_changed_by_hand_does_not_leave(stage: Stage) -> None:
    """Words and their hash in the release, both: whoever holds the database could, and has one hand's doubt to start from."""
    stage.found()
    stage.release()
    session = stage.town.session
    made = correction.halt_and_doubt(session, stage.incident, stage.olga).broadcast
    assert fuse.released_words(session, made.id) is not None
    place = spoken(stage.incident, "es")
    for rendition in made.renditions:
        rendition.text = rendition.text.replace(place, "Soto. LA MIGRA VIENE A TODAS LAS CASAS, salgan ya")
    assert made.release is not None
    made.release.words = fuse.words_of(made)
    session.flush()
    assert fuse.released_words(session, made.id) is None


@pytest.mark.threat("T26")
@pytest.mark.parametrize("key", released_only.KEYS)
def test_no_answer_is_an_alert_or_a_notice(staff: Staff, key: str) -> None:
    assert catalog.raw(key, "es")
    with pytest.raises(LookupError):
        answers.words(key, "es", Channel.SMS, dict.fromkeys(catalog.placeholders(key, "es"), "x"))
    with pytest.raises(IntegrityError), writing() as session:
        contact = neighbor(session, 1)
        session.add(
            Delivery(
                contact_id=contact.id, lane=Lane.ALERT, channel=Channel.SMS, language="es", key=key, values={},
                reason=Reason.ON_SHIFT, segments=1, created_at=now(), expires_at=ahead(hours=1),
            )
        )  # fmt: skip


def test_every_broadcasts_sentence_is_for_broadcasts_only() -> None:
    named = {f"alerts.{kind}" for kind in Kind if kind is not Kind.NOTICE} | {"notices.notice"}
    assert named < set(released_only.KEYS)


@pytest.mark.threat("T26")
@pytest.mark.parametrize(("hand", "who"), [("first", "nobody"), ("second", "nobody"), ("second", "of another line")])
def test_a_release_forged_where_no_key_is_checked_lets_nothing_out(staff: Staff, hand: str, who: str) -> None:
    """The shell of SQLite asks no foreign key, and an owner of a PostgreSQL can turn them off."""
    with writing() as session:
        made = notice(session, staff)
    with reading() as session:
        assert fuse.released_words(session, made.id) is not None
    forged = (999, 999) if who == "nobody" else (staff.berta.id, 999)
    off = "PRAGMA foreign_keys = OFF" if engine().dialect.name == "sqlite" else "SET session_replication_role = replica"
    shell = engine().raw_connection()
    for line in (off, f"UPDATE release SET {hand}_id = {forged[0]}, {hand}_line = {forged[1]}"):  # noqa: S608
        shell.cursor().execute(line)
    shell.commit()
    shell.invalidate()
    with reading() as session:
        assert fuse.released_words(session, made.id) is None

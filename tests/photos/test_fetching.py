"""A photo comes in from the carrier, clean and sealed, once; the original is deleted there; what goes wrong ends at its own."""

import datetime as dt
import threading

import pytest
import time_machine
from sqlalchemy import select, update

from bot.channels import media
from bot.clock import ago, now
from bot.contacts.models import Contact
from bot.outbox.delivery_models import Delivery
from bot.photos import cleaning, fetching, keeping
from bot.photos.fetching import sweep
from bot.photos.models import Original, Photo
from bot.stewardship.forget import forget
from bot.store.session import reading, writing
from tests.photos import files
from tests.photos.conftest import Sender, Sent, originals, photos
from tests.services.carrier import Simulator

JPEG = ("image/jpeg", files.saved(files.painted(), "JPEG", exif=files.exif(6), comment=files.MARIA + files.NUMBER))
NOT_ONE = ("image/jpeg", b"%PDF-1.7 not a picture")
FILM = ("video/mp4", b"\x00\x00\x00\x18ftypmp42")


def at_the_carrier(simulator: Simulator) -> int:
    """How many media it still has of what was sent to us."""
    rows = simulator.ask("GET", "ledger?limit=100&direction=inbound")["messages"]
    return sum(len(row["media"]) for row in rows)


def said() -> list[str]:
    with reading() as session:
        return [key or "" for key in session.scalars(select(Delivery.key).order_by(Delivery.id))]


def due_now() -> None:
    with writing() as session:
        session.execute(update(Original).values(due_at=now()))


def test_a_photo_comes_in_clean_and_the_original_is_deleted_there(rosa_sends: Sender, simulator: Simulator) -> None:
    rosa_sends(JPEG, JPEG)
    assert sweep() == 2
    with reading() as session:
        kept = session.scalars(select(Photo).order_by(Photo.id)).all()
        pictures = [photo.picture or b"" for photo in kept]
        sealed = [photo.locked or b"" for photo in kept]
    assert all(picture.startswith(cleaning.JPEG) for picture in pictures)
    for held in (*pictures, *sealed):
        assert files.MARIA not in held and files.NUMBER not in held and b"Exif" not in held
    assert all(cleaning.JPEG not in locked[:100] for locked in sealed), "encrypted where it lies"
    assert (originals(), at_the_carrier(simulator)) == ([], 0)
    assert sweep() == 0


def test_a_sealed_picture_opens_in_its_own_row_only(rosa_sends: Sender) -> None:
    rosa_sends(JPEG, JPEG)
    sweep()
    with writing() as session:
        one, other = session.scalars(select(Photo).order_by(Photo.id)).all()
        one.locked = other.locked
    with reading() as session, pytest.raises(Exception, match="wrong row"):
        _ = session.scalars(select(Photo).order_by(Photo.id)).first().picture  # type: ignore[union-attr]


def test_what_is_no_picture_is_given_up_deleted_there_and_said_once(rosa_sends: Sender, simulator: Simulator) -> None:
    rosa_sends(NOT_ONE, NOT_ONE)
    assert sweep() == 2
    assert {photo.failure for photo in photos()} == {fetching.NOT_A_PICTURE}
    assert at_the_carrier(simulator) == 0
    assert said() == [fetching.SAID]


def test_what_is_no_picture_is_not_said_after_a_stop(rosa_sends: Sender) -> None:
    rosa_sends(NOT_ONE)
    with writing() as session:
        session.scalars(select(Contact)).one().stop()
    sweep()
    assert said() == []


def test_films_and_voices_are_deleted_there_unseen(
    rosa_sends: Sender, simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    rosa_sends(FILM, ("audio/ogg", b"OggS"))
    monkeypatch.setattr(media, "fetch", None)
    assert sweep() == 2
    assert (photos(), originals(), at_the_carrier(simulator)) == ([], [], 0)


def test_a_carrier_that_stumbles_is_asked_again_later_and_later(rosa_sends: Sender, simulator: Simulator) -> None:
    rosa_sends(JPEG)
    simulator.fault("server_error", on="fetch", next=2)
    waits = []
    for _ in range(2):
        assert sweep() == 0
        waits.append((originals()[0].due_at - now()).total_seconds())
        due_now()
    assert waits[1] > waits[0] > 0
    assert sweep() == 1 and photos()[0].failure is None and photos()[0].settled_at is not None


def test_what_does_not_come_in_twenty_minutes_is_not_waited_for(rosa_sends: Sender, simulator: Simulator) -> None:
    rosa_sends(JPEG)
    simulator.fault("server_error", on="fetch")
    with time_machine.travel(now(), tick=False) as clock:
        for _ in range(fetching.MOST_TRIES):
            sweep()
            clock.move_to(max(originals()[0].due_at, now()) if originals() else now())
        assert photos()[0].failure == "http_500"
    assert said() == [fetching.SAID]


def test_one_that_is_gone_is_not_waited_for_unless_it_has_just_come(rosa_sends: Sender, simulator: Simulator) -> None:
    sent = rosa_sends(JPEG)
    assert media.delete(sent.sid, sent.media[0].sid)
    assert sweep() == 0, "the carrier may tell of it before it has it"
    with writing() as session:
        session.execute(update(Original).values(due_at=now(), received_at=ago(minutes=5)))
    assert sweep() == 1 and photos()[0].failure == media.GONE


def test_what_cannot_be_deleted_there_is_tried_again_and_not_fetched_twice(
    rosa_sends: Sender, simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    rosa_sends(JPEG)
    simulator.fault("server_error", on="change", next=1)
    assert sweep() == 0 and photos()[0].settled_at is not None
    due_now()
    monkeypatch.setattr(media, "fetch", None)
    assert sweep() == 1 and at_the_carrier(simulator) == 0


def test_a_process_that_cannot_be_started_leaves_the_photo_for_later(
    rosa_sends: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    rosa_sends(JPEG)

    def full(_raw: bytes) -> bytes:
        raise cleaning.CannotStart

    with monkeypatch.context() as crowded:
        crowded.setattr(cleaning, "cleaned", full)
        assert sweep() == 0 and photos()[0].settled_at is None
    due_now()
    assert sweep() == 1 and photos()[0].failure is None


def test_whoever_is_forgotten_meanwhile_leaves_nothing_behind_and_nothing_at_the_carrier(
    rosa_sends: Sender, simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    rosa_sends(JPEG)
    whole = media.fetch

    def forgotten_while_it_comes(message: str, medium: str) -> media.Outcome:
        found = whole(message, medium)
        with writing() as session:
            forget(session, session.scalars(select(Contact)).one())
        return found

    monkeypatch.setattr(media, "fetch", forgotten_while_it_comes)
    assert sweep() == 1
    assert (photos(), originals(), at_the_carrier(simulator)) == ([], [], 0)


def test_two_clocks_fetch_each_photo_once(rosa_sends: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(3):
        rosa_sends(JPEG, JPEG)
    asked: list[str] = []
    whole = media.fetch

    def counted(message: str, medium: str) -> media.Outcome:
        asked.append(medium)
        return whole(message, medium)

    monkeypatch.setattr(media, "fetch", counted)
    clocks = [threading.Thread(target=sweep) for _ in range(3)]
    for clock in clocks:
        clock.start()
    for clock in clocks:
        clock.join()
    assert len(asked) == len(set(asked)) == 6
    assert all(photo.settled_at is not None for photo in photos())


def test_whoever_dies_in_the_middle_leaves_it_to_the_next(rosa_sends: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    rosa_sends(JPEG)

    def killed(*_: str) -> media.Outcome:
        raise KeyboardInterrupt

    with monkeypatch.context() as dying:
        dying.setattr(media, "fetch", killed)
        with pytest.raises(KeyboardInterrupt):
            sweep()
    assert sweep() == 0, "it is still somebody's"
    with time_machine.travel(now() + dt.timedelta(seconds=fetching.LEASE_SECONDS + 1)):
        assert sweep() == 1
    assert photos()[0].failure is None


@pytest.mark.threat("T19")
def test_no_log_says_what_was_sent_or_by_whom(rosa_sends: Sender, capfd: pytest.CaptureFixture[str]) -> None:
    sent: Sent = rosa_sends(NOT_ONE, JPEG)
    sweep()
    heard = "".join(capfd.readouterr())
    for secret in ("3235550101", sent.sid, *(medium.sid for medium in sent.media)):
        assert secret not in heard


def test_only_what_cleaning_opens_is_counted_as_a_picture() -> None:
    kinds = [media.Medium(kind, "ME" + "1" * 32) for kind in ("image/JPEG", "image/gif", "video/mp4", "image/heic")]
    assert [one.kind for one in keeping.pictures(kinds)] == ["image/JPEG"]
    assert keeping.pictures([media.Medium("image/jpeg")]) == [], "the carrier gave no name for it"

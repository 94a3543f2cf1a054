"""Somebody sends a picture, a voice, a film: what is kept belongs to what they tell; of the rest they hear that nobody saw it."""

import itertools

import pytest
from sqlalchemy import func, select

from bot.channels.media import Medium
from bot.channels.segments import for_sms
from bot.clock import ago
from bot.contacts.models import Contact
from bot.hotline.inbound import Inbound
from bot.hotline.reception import receive
from bot.incidents.models import Incident
from bot.moderation.emergency_models import Emergency
from bot.photos.models import Original, Photo
from bot.reports.models import Report, ReportKind
from bot.stewardship.purge import purge
from bot.store.session import reading, writing
from messages import catalog, languages
from tests.hotline.conftest import Resident
from tests.services.settings import Environment

_sids = itertools.count(1)
CORNER, SAW = "Pacific y Florence, Huntington Park", "la migra esta en la pacific y florence ahorita son como 8"
WITHOUT_PLACE = "vi agentes de ICE, 3 camionetas blancas"


def said(key: str, code: str = "es") -> str:
    """As a phone shows it."""
    return for_sms(catalog.text(key, code), code)


def medium(kind: str = "image/jpeg") -> Medium:
    return Medium(kind, f"ME{next(_sids):032x}")


def shows(resident: Resident, words: str = "", *kinds: str) -> list[str]:
    return resident.texts(words, media=tuple(medium(kind) for kind in kinds or ("image/jpeg",)))


def photos() -> list[tuple[int, ReportKind]]:
    """Each photo's report, and its kind."""
    with reading() as session:
        rows = session.execute(
            select(Report.id, Report.kind).join(Photo, Photo.report_id == Report.id).order_by(Photo.id)
        )
        return [(id_, kind) for id_, kind in rows]


def count(what: type) -> int:
    with reading() as session:
        return session.scalar(select(func.count()).select_from(what)) or 0


def test_a_photo_alone_is_kept_says_what_becomes_of_it_and_asks_where(rosa: Resident) -> None:
    assert shows(rosa) == [said("photos.where")]
    assert photos() == [(1, ReportKind.REPORT)]
    assert count(Incident) == 0, "without a place nobody can go and look"


def test_it_becomes_a_report_once_it_has_a_place_and_says_what_they_then_say(rosa: Resident) -> None:
    shows(rosa)
    assert "Recibido" in rosa.asks(f"{CORNER}, son 8 agentes de ICE")
    with reading() as session:
        report = session.scalars(select(Report)).one()
        assert report.incident is not None and "florence" in report.incident.place.lower()
        assert (report.size, report.uniform, "8 agentes" in report.text) == (8, "ICE", True)
    assert photos() == [(1, ReportKind.REPORT)]


def test_a_pin_says_where_too(rosa: Resident) -> None:
    shows(rosa)
    rosa.texts("", pin=(33.9747, -118.2251))
    assert count(Incident) == 1


def test_one_that_never_gets_a_place_is_not_asked_about_for_ever(rosa: Resident) -> None:
    shows(rosa)
    rosa.texts("no se")
    assert rosa.texts("no se la calle") == [said("hotline.report_no_place_later")]
    assert count(Incident) == 0


def test_a_photo_with_words_goes_with_the_report_and_costs_no_text_of_its_own(rosa: Resident) -> None:
    assert len(shows(rosa, SAW, "image/jpeg", "image/png")) == 1
    assert photos() == [(1, ReportKind.REPORT)] * 2


def test_one_that_follows_the_words_is_added_to_them(rosa: Resident) -> None:
    rosa.texts(SAW)
    assert shows(rosa) == [said("photos.added")]
    assert photos() == [(1, ReportKind.REPORT)] and count(Report) == 1


def test_one_that_comes_while_we_ask_where_leaves_the_question_open(rosa: Resident) -> None:
    assert "calles" in rosa.asks(WITHOUT_PLACE)
    assert shows(rosa) == [said("photos.where")]
    rosa.texts(CORNER)
    assert count(Incident) == 1 and photos() == [(1, ReportKind.REPORT)] and count(Report) == 1


def test_one_that_comes_with_the_answer_belongs_to_the_report_too(rosa: Resident) -> None:
    rosa.texts(WITHOUT_PLACE)
    shows(rosa, CORNER)
    assert photos() == [(1, ReportKind.REPORT)] and count(Report) == 1


def test_a_cry_for_help_keeps_its_photos_for_whoever_takes_it(rosa: Resident) -> None:
    rosa.texts("la migra esta tocando mi puerta")
    assert shows(rosa) == [said("hotline.emergency_unread")]
    shows(rosa, "auxilio estan rompiendo la puerta")
    assert {kind for _, kind in photos()} == {ReportKind.EMERGENCY} and len(photos()) == 2
    with reading() as session:
        report = session.get_one(Report, session.scalars(select(Emergency.report_id)).one())
        assert not report.text.endswith("\n")


@pytest.mark.parametrize(
    "kind", ["video/mp4", "text/x-vcard", "application/pdf", "image/gif", "image/heic", "image/svg+xml"]
)
def test_what_we_cannot_open_is_asked_for_in_words(rosa: Resident, kind: str) -> None:
    assert shows(rosa, "", kind) == [said("photos.unopened")]
    assert count(Photo) == 0 and count(Original) == 1, "and is deleted at the carrier"


def test_a_voice_is_answered_as_a_voice_even_in_an_emergency(rosa: Resident) -> None:
    assert shows(rosa, "", "audio/ogg") == [said("hotline.audio")]
    rosa.texts("la migra esta tocando mi puerta")
    assert shows(rosa, "", "audio/ogg") == [said("hotline.audio")]


@pytest.mark.parametrize("code", languages.COMPLETE)
def test_in_every_language(rosa: Resident, code: str) -> None:
    rosa.texts(f"LANG {languages.language(code).own_name}")
    for kind, key in (("video/mp4", "photos.unopened"), ("audio/amr", "hotline.audio"), ("image/webp", "photos.where")):
        assert shows(rosa, "", kind) == [said(key, code)]


def test_who_asks_something_and_sends_a_picture_hears_that_nobody_saw_it(rosa: Resident) -> None:
    """A warrant, say. We cannot read it, and keep nothing that names them."""
    answers = shows(rosa, "que hago si tocan a mi puerta")
    assert len(answers) == 2 and answers[1] == said("photos.unseen")
    assert count(Photo) == 0 and count(Original) == 1


def test_a_film_of_what_they_report_is_not_kept_and_they_hear_it(rosa: Resident) -> None:
    answers = shows(rosa, SAW, "video/mp4")
    assert "Recibido" in answers[0] and answers[1:] == [said("photos.unseen")]
    assert count(Report) == 1 and count(Photo) == 0


def test_somebody_in_danger_hears_only_what_to_do(rosa: Resident) -> None:
    assert len(shows(rosa, "la migra esta tocando mi puerta", "video/mp4")) == 1


def test_after_stop_nothing_of_theirs_is_looked_at(rosa: Resident) -> None:
    rosa.texts("HOLA")
    rosa.texts("ya no me manden mensajes")
    assert shows(rosa) == [said("hotline.after_stop")]
    assert count(Photo) == 0 and count(Original) == 1


def test_whoever_is_erased_leaves_no_photo_and_what_lies_at_the_carrier_is_still_deleted(rosa: Resident) -> None:
    shows(rosa, SAW)
    shows(rosa, "BORRAR")
    assert (count(Contact), count(Photo), count(Original)) == (0, 0, 2)
    with reading() as session:
        assert set(session.scalars(select(Original.photo_id))) == {None}


def test_nobody_fills_the_disk(rosa: Resident, env: Environment) -> None:
    env.set(photos_per_person=3)
    shows(rosa, SAW, *["image/jpeg"] * 5)
    assert count(Photo) == 3 and count(Original) == 5
    assert shows(rosa) == [said("photos.unseen")]
    assert count(Photo) == 3


@pytest.mark.threat("T11")
def test_in_a_flood_pictures_are_not_kept(rosa: Resident) -> None:
    for _ in range(31):
        rosa.texts("gracias")
    shows(rosa)
    assert count(Photo) == 0 and count(Original) == 1


@pytest.mark.threat("T09")
def test_the_same_text_brought_twice_keeps_its_photo_once(rosa: Resident) -> None:
    picture = medium()
    sid = "MM" + "7" * 32
    message = Inbound(sid, rosa.address, rosa.channel, SAW, media=(picture,))
    assert receive(message) == receive(message)
    assert count(Photo) == count(Original) == 1


def test_the_purge_takes_photos_within_three_days(rosa: Resident) -> None:
    shows(rosa, SAW)
    for hours, left in ((70, 1), (72, 0)):
        with writing() as session:
            session.scalars(select(Photo)).one().received_at = ago(hours=hours)
        purge()
        assert count(Photo) == left
    assert count(Report) == 1 and count(Original) == 1

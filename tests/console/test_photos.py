"""Who sees what residents photographed, and what a browser is told about it."""

import io

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy.orm import Session

from bot.clock import ago, now
from bot.contacts.models import Contact
from bot.people.models import Role
from bot.photos.models import Photo
from bot.reports.models import Report, ReportKind
from bot.store.session import writing
from tests.console.conftest import NUMBERS, Corner, People, reported
from tests.console.desk import Browser, browser_of
from tests.photos import files

PICTURE = files.saved(files.painted(), "JPEG")


def photo(session: Session, report: Report, **more: object) -> Photo:
    made = Photo(report_id=report.id, contact_id=report.contact_id, received_at=now(), **more)
    session.add(made)
    session.flush()
    if "failure" not in more:
        made.keep(PICTURE)
    return made


@pytest.fixture
def shown(corner: Corner) -> str:
    """The address of a photo of the corner."""
    with writing() as session:
        return f"/photos/{photo(session, corner.report).mark}.jpg"


def test_an_incident_shows_its_photos_to_whoever_sees_the_incident(vera: Browser, corner: Corner, shown: str) -> None:
    page = vera.reads(f"/incidents/{corner.incident.id}")
    assert page.count(f'src="{shown}"') == 1
    assert "Do not copy it" in page
    answer = vera.opens(shown)
    assert (answer.status_code, answer.data) == (200, PICTURE)


@pytest.mark.threat("T15")
def test_a_photo_is_a_picture_to_every_browser_and_kept_by_none(vera: Browser, shown: str) -> None:
    headers = vera.opens(shown).headers
    assert headers["Content-Type"] == "image/jpeg"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"
    assert headers["Content-Disposition"] == 'inline; filename="photo.jpg"'
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "ETag" not in headers and "Last-Modified" not in headers


def test_it_is_not_shown_to_who_is_not_signed_in(nobody: Browser, shown: str) -> None:
    assert nobody.opens(shown).status_code == 303


@pytest.mark.parametrize("role", list(Role))
def test_a_cry_for_help_shows_its_photos_to_the_one_who_took_it_and_nobody_else(
    app: Flask, people: People, corner: Corner, dora: Browser, role: Role
) -> None:
    with writing() as session:
        mark = photo(session, session.get_one(Report, corner.emergency.report_id)).mark
    address = f"/photos/{mark}.jpg"
    page = dora.reads("/")
    assert "Whoever takes this sees it" in page and address not in page and dora.opens(address).status_code == 404
    dora.does(f"/emergencies/{corner.emergency.id}/take")
    browser = browser_of(app, people.of(role))
    took_it = role is Role.DISPATCHER
    assert (address in browser.reads("/")) is took_it
    assert browser.opens(address).status_code == (200 if took_it else 404)


def test_a_photo_without_a_place_is_nobodys_to_see_yet(ana: Browser, corner: Corner) -> None:
    with writing() as session:
        report = reported(session, NUMBERS[6], "vi algo")
        assert report.incident_id is None
        mark = photo(session, report).mark
    assert ana.opens(f"/photos/{mark}.jpg").status_code == 404


@pytest.mark.parametrize("mark", ["nonsense", "1", "../1", "' OR 1=1", "a" * 24, "%00"])
def test_no_photo_is_guessed(ana: Browser, corner: Corner, shown: str, mark: str) -> None:
    assert ana.opens(f"/photos/{mark}.jpg").status_code in (400, 404)


def test_one_that_is_on_its_way_or_could_not_be_opened_is_said(vera: Browser, corner: Corner) -> None:
    path = f"/incidents/{corner.incident.id}"
    with writing() as session:
        coming = Photo(report_id=corner.report.id, contact_id=corner.report.contact_id, received_at=now())
        session.add(coming)
        session.flush()
        mark = coming.mark
    assert "A photo is on its way" in vera.reads(path)
    assert vera.opens(f"/photos/{mark}.jpg").status_code == 404
    with writing() as session:
        session.get_one(Photo, coming.id).give_up("not_a_picture")
    page = vera.reads(path)
    assert "could not be opened" in page and mark not in page


def test_the_page_asks_again_and_finds_the_photo_that_came_meanwhile(vera: Browser, corner: Corner) -> None:
    path = f"/incidents/{corner.incident.id}/known"
    with writing() as session:
        coming = Photo(report_id=corner.report.id, contact_id=corner.report.contact_id, received_at=now())
        session.add(coming)
    mark = vera.reads(path).split('\\"')[1]
    with writing() as session:
        session.get_one(Photo, coming.id).keep(PICTURE)
    answer = vera.opens(path, **{"If-None-Match": f'"{mark}"'})
    assert answer.status_code == 200 and coming.mark in answer.text


def test_after_three_days_it_is_not_shown_even_before_the_purge(vera: Browser, corner: Corner, shown: str) -> None:
    with writing() as session:
        session.query(Photo).one().received_at = ago(days=3)
    assert vera.opens(shown).status_code == 404
    assert "/photos/" not in vera.reads(f"/incidents/{corner.incident.id}")


def test_a_photo_alone_says_so_where_its_words_would_be(vera: Browser, corner: Corner) -> None:
    with writing() as session:
        contact_id = session.query(Contact).first().id  # type: ignore[union-attr]
        alone = Report(
            kind=ReportKind.REPORT, contact_id=contact_id, incident_id=corner.incident.id, language="es", received_at=now()
        )  # fmt: skip
        session.add(alone)
        session.flush()
        photo(session, alone)
    assert "A photo, no words" in vera.reads(f"/incidents/{corner.incident.id}")


def test_the_picture_of_these_tests_is_one() -> None:
    assert Image.open(io.BytesIO(PICTURE)).format == "JPEG"

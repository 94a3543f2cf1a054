"""Promise 1. No alert leaves, and nobody is told "confirmed", without two different people of different invitation lines.

Held by the database itself and bound to the exact text. One person alone may only stop.
"""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from bot.alerts import correction, known
from bot.alerts.release import AlertRefused
from bot.incidents.models import IncidentState
from bot.outbox import fuse
from bot.outbox.models import Kind, Release
from bot.people.models import Role
from tests.alerts.stage import Stage


def test_one_persons_eyes_confirm_and_still_nothing_leaves_and_nobody_is_told(stage: Stage) -> None:
    stage.found()
    assert stage.incident.state is IncidentState.CONFIRMED
    assert stage.town.session.query(Release).count() == 0
    assert known.of_incident(stage.town.session, stage.incident).kind == "checking"
    assert not any("confirm" in words.lower() for words in stage.town.read(stage.luis))


def test_who_confirmed_cannot_release_nor_anybody_of_their_line(stage: Stage) -> None:
    stage.found()
    stage.vera.role = Role.ORGANIZER
    for person in (stage.vera, stage.omar):
        with pytest.raises(AlertRefused):
            stage.release(by=person)
    assert stage.town.session.query(Release).count() == 0


def test_two_people_of_two_lines_let_it_out(stage: Stage) -> None:
    stage.found()
    released = stage.release()
    assert released.first_id != released.second_id
    assert released.first_line != released.second_line
    assert known.of_incident(stage.town.session, stage.incident).kind == "confirmed"


@pytest.mark.parametrize(
    "forged",
    [
        {"second_id": None, "second_line": None},
        {"second_id": "vera", "second_line": "ash"},
        {"second_id": "omar", "second_line": "ash"},
        {"second_id": "omar", "second_line": "birch"},
        {"confirmation_id": None},
        {"kind": "doubt"},
        {"kind": "notice"},
    ],
    ids=["alone", "same person", "same line", "a line that is not theirs", "unconfirmed", "as a doubt", "as a notice"],
)
def test_a_hand_in_the_database_cannot_forge_a_release(stage: Stage, forged: dict[str, str | None]) -> None:
    stage.found()
    alert = stage.pending()
    assert alert is not None
    session = stage.town.session
    known_as = {"vera": stage.vera.id, "omar": stage.omar.id, "ash": stage.vera.line_id, "birch": stage.olga.line_id}
    row = {
        "broadcast_id": alert.broadcast_id, "kind": "alert", "incident_id": stage.incident.id, "confirmation_id": 1,
        "first_id": stage.vera.id, "first_line": stage.vera.line_id, "second_id": stage.olga.id,
        "second_line": stage.olga.line_id, "words": fuse.words_of(alert.broadcast), "at": alert.created_at,
    } | {name: known_as.get(value, value) for name, value in forged.items()}  # type: ignore[arg-type]  # fmt: skip
    insert = text(
        "INSERT INTO release (broadcast_id, kind, incident_id, confirmation_id, first_id, first_line, second_id, second_line,"
        " words, released_at) VALUES (:broadcast_id, :kind, :incident_id, :confirmation_id, :first_id, :first_line,"
        " :second_id, :second_line, :words, :at)"
    )
    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(insert, row)
        session.execute(text("SET CONSTRAINTS ALL IMMEDIATE")) if session.bind.dialect.name == "postgresql" else None  # type: ignore[union-attr]


def test_one_person_alone_may_halt_and_say_the_one_fixed_doubt(stage: Stage) -> None:
    stage.found()
    stage.release()
    correction.halt_and_doubt(stage.town.session, stage.incident, stage.omar)
    doubts = stage.town.session.query(Release).filter(Release.kind == Kind.DOUBT).all()
    assert [(doubt.first_id, doubt.second_id) for doubt in doubts] == [(stage.omar.id, None)]


def test_a_correction_and_an_over_take_two_as_well(stage: Stage) -> None:
    stage.found()
    stage.release()
    correction.propose_correction(stage.town.session, stage.incident, stage.omar, "police")
    for person in (stage.omar, stage.vera):
        with pytest.raises(AlertRefused):
            stage.release(Kind.CORRECTION, by=person)
    assert stage.release(Kind.CORRECTION, by=stage.olga).second_id == stage.olga.id


def test_no_route_of_the_console_approves_several_at_once(stage: Stage) -> None:
    from bot.console.app import make_app

    letting_out = [
        rule for rule in make_app().url_map.iter_rules() if rule.endpoint in ("alert.let_out", "notice.approve")
    ]
    assert len(letting_out) == 2
    assert all(len(rule.arguments) == 1 for rule in letting_out)

"""Promise 1. No alert leaves, and nobody is told "confirmed", without two different people of different invitation lines.

Held by the database itself and bound to the exact text. One person alone may only stop.
"""

from datetime import timedelta

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import IntegrityError
from time_machine import travel

from bot.alerts import correction, known, night, night_review
from bot.alerts.release import AlertRefused
from bot.clock import now
from bot.incidents.states import IncidentState
from bot.outbox import fuse
from bot.outbox.models import Broadcast, Kind, Release
from bot.outbox.night_models import NightRelease
from bot.people import sign_in
from bot.people.models import Role
from bot.settings import settings
from tests.alerts.stage import Stage


def test_one_persons_eyes_confirm_and_still_nothing_leaves_and_nobody_is_told(stage: Stage) -> None:
    stage.found()
    assert stage.incident.state is IncidentState.CONFIRMED
    assert stage.town.session.query(Release).count() == 0
    assert known.of_incident(stage.town.session, stage.incident).kind == "checking"
    assert not any("confirm" in words.lower() for words in stage.town.read(stage.luis))


@pytest.mark.threat("T05")
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


@pytest.mark.threat("T27")
def test_no_route_of_the_console_approves_several_at_once(stage: Stage) -> None:
    from bot.console.app import make_app

    letting_out = [
        rule for rule in make_app().url_map.iter_rules() if rule.endpoint in ("alert.let_out", "notice.approve")
    ]
    assert len(letting_out) == 2
    assert all(len(rule.arguments) == 1 for rule in letting_out)


def test_at_night_one_hand_only_where_a_setting_says_so_and_only_within_its_bounds(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What may vary is a case of its own in tests/alerts/test_night.py, SQL tried directly included."""
    session = stage.town.session
    with travel(now(), tick=False) as clock:
        stage.vera.senior = True
        stage.found()
        clock.shift(timedelta(minutes=3, seconds=1))
        offer = night.offer(stage.incident)
        read = {"neighborhood": offer.neighborhood, "until": offer.until, "mark": offer.mark}
        with pytest.raises(night.NightRefused):
            night.release(session, stage.incident, stage.vera, **read)  # type: ignore[arg-type]
        monkeypatch.setenv("NIGHT_RULE", "true")
        settings.cache_clear()  # alone: `env.set` would close the connection that the stage stands on
        for person in (stage.omar, stage.olga):
            with pytest.raises(night.NightRefused):
                night.release(session, stage.incident, person, **read)  # type: ignore[arg-type]
        made = night.release(session, stage.incident, stage.vera, **read)  # type: ignore[arg-type]
        row = session.get_one(NightRelease, made.broadcast_id)
        assert fuse.released_words(session, made.broadcast_id) is not None
    assert row.expires_at - row.released_at <= timedelta(minutes=20) and not row.sensitive and row.reviewed_at is None
    assert [one for one, _ in night_review.waiting(session)] == [row]


def test_who_ends_everybody_elses_access_is_not_alone_by_that(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor with a seniority of their own: whoever can end access never lets an alert out alone."""
    session = stage.town.session
    monkeypatch.setenv("NIGHT_RULE", "true")
    settings.cache_clear()
    with travel(now(), tick=False) as clock:
        ana = stage.town.person("Ana", Role.COORDINATOR, line="cedar", senior=True)
        stage.vera.senior = True
        stage.found(ana)
        clock.shift(timedelta(minutes=3, seconds=1))
        for other in (stage.olga, stage.omar, stage.vera):
            sign_in.revoke(session, other, ana)
        offer = night.offer(stage.incident)
        read = {"neighborhood": offer.neighborhood, "until": offer.until, "mark": offer.mark}
        assert set(night.refusals(session, stage.incident, ana)) == {
            "console.night.why_not_senior",
            "console.night.why_somebody_was_cut_off",
        }
        with pytest.raises(night.NightRefused):
            night.release(session, stage.incident, ana, **read)  # type: ignore[arg-type]


def test_what_is_said_again_and_again_by_two_still_ends(stage: Stage) -> None:
    """Four hours after it first went out, whoever renews it: the fuse lets no longer one out."""
    stage.found()
    first = stage.release()
    session = stage.town.session
    broadcast = session.get_one(Broadcast, first.broadcast_id)
    earliest = broadcast.expires_at - timedelta(hours=settings().alert_longest_hours)
    with session.no_autoflush:
        for began, leaves in ((earliest, True), (earliest - timedelta(seconds=1), False)):
            session.execute(update(Release).where(Release.broadcast_id == broadcast.id).values(released_at=began))
            assert (fuse.released_words(session, broadcast.id) is not None) is leaves

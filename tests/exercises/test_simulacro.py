"""A SIMULACRO trains volunteers on the very answers of the street, and reaches nobody else; nothing real can find it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

import bot
from bot.alerts import by_text, known, live, night_review
from bot.alerts import sweeping as alerts_sweeping
from bot.clock import ago, now
from bot.exercises import releasing, running, scoring, texting
from bot.exercises.models import Exercise
from bot.exercises.releasing import RehearsalRefused
from bot.exercises.running import ExerciseRefused
from bot.incidents.models import Incident
from bot.moderation import choices, claims, paging, queue
from bot.moderation import sweeping as moderation_sweeping
from bot.outbox import answers
from bot.outbox.delivery_models import Delivery
from bot.outbox.models import Broadcast, Lane, Release
from bot.people.models import Person, Role
from bot.places.gazetteer import find
from bot.store.schema import metadata
from bot.store.session import writing
from messages import catalog, languages
from tests.moderation.cast import LUIS, Town, later

PLACE = "Pacific y Florence"
BOT = Path(bot.__file__).parent


@dataclass
class Rehearsal:
    town: Town
    cora: Person
    vera: Person
    otto: Person
    olga: Person
    omar: Person
    exercise: Exercise

    def says(self, person: Person, act: str) -> None:
        """Text the number that stands for it."""
        assert person.contact is not None
        given = choices.open_choices(self.town.session, person, act)[-1]
        assert by_text.hear(self.town.session, person, given.number, person.contact)

    def sees_ice(self, person: Person) -> None:
        for act in ("going", "immigration", "is_ice"):
            self.says(person, act)


@pytest.fixture
def rehearsal(town: Town) -> Iterator[Rehearsal]:
    cora = town.person("Cora", Role.COORDINATOR, line="cedar")
    vera, otto = town.person("Vera"), town.person("Otto", on=False)
    olga = town.person("Olga", Role.ORGANIZER, line="birch")
    omar = town.person("Omar", Role.ORGANIZER, line="ash")
    chosen = [one.id for one in (vera, otto, olga, omar)]
    exercise = running.start(town.session, cora, "ice", PLACE, chosen)
    yield Rehearsal(town, cora, vera, otto, olga, omar, exercise)


def test_those_chosen_are_asked_and_every_text_says_what_it_is(rehearsal: Rehearsal) -> None:
    rehearsal.sees_ice(rehearsal.vera)
    running.end(rehearsal.town.session, rehearsal.exercise, rehearsal.cora)
    for person in (rehearsal.vera, rehearsal.otto, rehearsal.olga):
        assert rehearsal.town.received(person)
        for said in rehearsal.town.read(person):
            assert "DRILL" in said[:12], said


@pytest.mark.parametrize("language", languages.COMPLETE)
def test_each_of_its_texts_names_itself_in_every_language(language: str) -> None:
    for key in catalog.keys("drills"):
        if not key.startswith("drills.scene_"):
            said = catalog.raw(key, language)
            assert "DRILL" in said or "SIMULACRO" in said, key


def test_the_same_answers_as_on_the_street_and_a_feeling_is_no_finding(rehearsal: Rehearsal) -> None:
    rehearsal.says(rehearsal.vera, "going")
    rehearsal.says(rehearsal.vera, "immigration")
    assert rehearsal.exercise.confirmed_by_id is None
    assert rehearsal.town.keys(rehearsal.vera)[-1] == "drills.what_says_so"
    rehearsal.says(rehearsal.vera, "is_ice")
    assert rehearsal.exercise.confirmed_by_id == rehearsal.vera.id
    assert rehearsal.town.keys(rehearsal.olga) == ["drills.release"]


def test_a_number_of_it_works_once_and_not_after_the_end(rehearsal: Rehearsal) -> None:
    contact = rehearsal.otto.contact
    assert contact is not None
    number = choices.open_choices(rehearsal.town.session, rehearsal.otto, "going")[0].number
    running.end(rehearsal.town.session, rehearsal.exercise, rehearsal.cora)
    assert by_text.hear(rehearsal.town.session, rehearsal.otto, number, contact)
    assert rehearsal.town.keys(rehearsal.otto)[-1] == "drills.old"
    assert scoring.of(rehearsal.exercise).answered == 0


def test_each_hears_that_it_is_over_except_who_works_here_no_more(rehearsal: Rehearsal) -> None:
    rehearsal.otto.revoked_at = now()
    running.end(rehearsal.town.session, rehearsal.exercise, rehearsal.cora)
    assert rehearsal.town.keys(rehearsal.vera)[-1] == "drills.over_ice"
    assert rehearsal.town.keys(rehearsal.olga) == rehearsal.town.keys(rehearsal.omar) == ["drills.over_release"]
    assert "drills.over_ice" not in rehearsal.town.keys(rehearsal.otto)


def test_a_number_of_it_that_reaches_us_late_says_what_it_is(rehearsal: Rehearsal) -> None:
    number = choices.open_choices(rehearsal.town.session, rehearsal.vera, "going")[0].number
    assert rehearsal.vera.contact is not None
    assert by_text.hear(rehearsal.town.session, rehearsal.vera, number, rehearsal.vera.contact, ago(minutes=9))
    assert rehearsal.town.keys(rehearsal.vera)[-1] == "drills.old" and scoring.of(rehearsal.exercise).answered == 0


def test_the_rehearsed_release_takes_two_people_of_two_lines_and_the_words_that_were_read(rehearsal: Rehearsal) -> None:
    session, exercise = rehearsal.town.session, rehearsal.exercise
    words = releasing.mark(exercise)
    with pytest.raises(RehearsalRefused):
        releasing.release(session, exercise, rehearsal.olga, words)
    rehearsal.sees_ice(rehearsal.vera)
    for person in (rehearsal.omar, rehearsal.vera, rehearsal.cora):
        with pytest.raises(RehearsalRefused):
            releasing.release(session, exercise, person, words)
    with pytest.raises(RehearsalRefused):
        releasing.release(session, exercise, rehearsal.olga, b"other words")
    releasing.release(session, exercise, rehearsal.olga, words)
    with pytest.raises(RehearsalRefused):
        releasing.release(session, exercise, rehearsal.olga, words)


@pytest.mark.parametrize("column", ["released_by_id = :vera, released_by_line = :ash", "confirmed_by_id = NULL"])
def test_the_database_holds_its_two_hands_too(rehearsal: Rehearsal, column: str) -> None:
    rehearsal.sees_ice(rehearsal.vera)
    releasing.release(rehearsal.town.session, rehearsal.exercise, rehearsal.olga, releasing.mark(rehearsal.exercise))
    named = {"vera": rehearsal.vera.id, "ash": rehearsal.vera.line_id} if ":vera" in column else {}
    with pytest.raises(IntegrityError), rehearsal.town.session.begin_nested():
        rehearsal.town.session.execute(text(f"UPDATE exercise SET {column}"), named)  # noqa: S608


def test_the_rehearsed_alert_reaches_those_who_take_part_and_no_resident(rehearsal: Rehearsal) -> None:
    town = rehearsal.town
    neighbors = [town.neighbor("hp", language=language) for language in ("es", "en", "ko")]
    outsider = town.person("Ulla")
    rehearsal.sees_ice(rehearsal.vera)
    releasing.release(town.session, rehearsal.exercise, rehearsal.olga, releasing.mark(rehearsal.exercise))
    running.end(town.session, rehearsal.exercise, rehearsal.cora)
    for neighbor in neighbors:
        assert town.received(neighbor) == []
    assert town.received(outsider) == []
    assert "drills.alert" in town.keys(rehearsal.otto) and "drills.alert" in town.keys(rehearsal.olga)
    for table in (Broadcast, Release, Incident):
        assert town.session.scalar(select(func.count()).select_from(table)) == 0, table


def test_no_text_of_it_goes_to_anybody_without_a_part(rehearsal: Rehearsal) -> None:
    outsider = rehearsal.town.person("Ulla")
    with pytest.raises(texting.NoPart):
        texting.text(rehearsal.town.session, rehearsal.exercise, outsider, "alert")
    assert rehearsal.town.received(outsider) == []


def test_it_never_goes_ahead_of_what_is_real(rehearsal: Rehearsal) -> None:
    lanes = set(rehearsal.town.session.scalars(select(Delivery.lane)))
    assert lanes == {Lane.REPLY}


def test_the_database_knows_no_incident_of_it(rehearsal: Rehearsal) -> None:
    """Whatever names an incident cannot name an exercise: its id is none, and no id of an incident can be an exercise's."""
    session = rehearsal.town.session
    pointing = {
        (table.name, key.column.table.name)
        for table in metadata().sorted_tables
        for key in table.foreign_keys
        if key.column.table.name in ("exercise", "exercise_part")
    }
    assert pointing == {("choice", "exercise"), ("exercise_part", "exercise")}, "nothing that is sent hangs on one"
    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(text("UPDATE exercise SET id = 7"))
    broadcast = session.execute(
        text(
            "INSERT INTO broadcast (id, kind, lane, state, neighborhoods, created_at, expires_at, planned_through)"
            " VALUES (1, 'alert', 2, 'draft', '[\"hp\"]', :now, :now, 0)"
        ),
        {"now": now().replace(tzinfo=None).isoformat(" ") if session.get_bind().dialect.name == "sqlite" else now()},
    )
    assert broadcast.rowcount == 1  # type: ignore[attr-defined]
    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(
            text(
                "INSERT INTO alert (incident_id, broadcast_id, kind, certainty, slots, pending, created_at, expires_at)"
                " SELECT exercise.id, 1, 'alert', 'observed', '{}', true, started_at, ends_at FROM exercise"
            )
        )


def test_no_other_room_looks_at_its_tables() -> None:
    """Who would have to leave it out can do so only where it can be found: here, and nowhere else."""
    who_looks = {
        path.relative_to(BOT).parts[0] + "/" + path.name
        for path in BOT.rglob("*.py")
        if "migrations" not in path.parts and path.parent.name != "exercises" and "bot.exercises" in path.read_text()
    }
    assert who_looks == {"alerts/by_text.py", "console/simulacro.py", "store/schema.py"}


def test_nothing_real_finds_it(rehearsal: Rehearsal) -> None:
    """Every place that selects incidents, asked while a rehearsed one is confirmed and released at the same corner."""
    session = rehearsal.town.session
    rehearsal.sees_ice(rehearsal.vera)
    releasing.release(session, rehearsal.exercise, rehearsal.olga, releasing.mark(rehearsal.exercise))
    found = find(PLACE)
    assert queue.waiting(session) == [] and live.live(session) == [] and night_review.waiting(session) == []
    assert known.of_place(session, found).kind == "nothing"
    assert known.of_place(session, find("huntington park")).kind == "nothing"
    assert known.of_code(session, rehearsal.exercise.code).kind == "unknown_code"
    assert not known.is_code(session, rehearsal.exercise.code)
    assert session.scalars(select(Incident)).all() == []


def test_a_residents_report_of_that_corner_never_joins_it(rehearsal: Rehearsal) -> None:
    town = rehearsal.town
    before = scoring.of(rehearsal.exercise)
    report = town.tells(town.phone(), LUIS)
    assert report.incident is not None and report.incident.id > 0
    assert [row.incident.id for row in queue.waiting(town.session)] == [report.incident.id]
    paging.page(town.session, report.incident)
    assert "pages.look" in town.keys(rehearsal.vera), "who rehearses is still paged for what is real"
    assert scoring.of(rehearsal.exercise) == before


def test_it_is_scored_against_its_script(clock: time_machine.Traveller, rehearsal: Rehearsal) -> None:
    later(clock, seconds=20)
    rehearsal.says(rehearsal.vera, "going")
    later(clock, seconds=40)
    rehearsal.says(rehearsal.vera, "immigration")
    rehearsal.says(rehearsal.vera, "is_ice")
    rehearsal.says(rehearsal.otto, "going")
    rehearsal.says(rehearsal.otto, "nobody")
    later(clock, seconds=30)
    releasing.release(rehearsal.town.session, rehearsal.exercise, rehearsal.olga, releasing.mark(rehearsal.exercise))
    outcome = scoring.of(rehearsal.exercise)
    vera, otto = (
        next(one for one in outcome.scores if one.part.person is who) for who in (rehearsal.vera, rehearsal.otto)
    )
    assert (vera.to_claim_seconds, vera.to_look_seconds, vera.right) == (20, 60, True)
    assert otto.right is False
    assert (outcome.right, outcome.answered, outcome.to_release_seconds, outcome.released_wrongly) == (1, 2, 30, False)


def test_only_a_coordinator_begins_one_with_somebody_who_looks_at_a_known_place(town: Town) -> None:
    cora = town.person("Cora", Role.COORDINATOR)
    vera = town.person("Vera")
    for by, scene, place, who in (
        (vera, "ice", PLACE, [vera.id]),
        (cora, "ice", PLACE, [cora.id]),
        (cora, "ice", "xyzzy", [vera.id]),
        (cora, "dragons", PLACE, [vera.id]),
    ):
        with pytest.raises(ExerciseRefused):
            running.start(town.session, by, scene, place, who)
    running.start(town.session, cora, "nobody", PLACE, [vera.id])
    with pytest.raises(ExerciseRefused):
        running.start(town.session, cora, "ice", PLACE, [vera.id])


def test_whoever_is_on_the_way_to_something_real_is_left_alone(town: Town) -> None:
    cora, vera = town.person("Cora", Role.COORDINATOR), town.person("Vera")
    claims.claim(town.session, town.incident(), vera)
    assert vera not in running.who_may_take_part(town.session)
    with pytest.raises(ExerciseRefused):
        running.start(town.session, cora, "ice", PLACE, [vera.id])


def test_the_clock_ends_what_nobody_ended_and_the_sweeps_of_what_is_real_leave_it_be(
    clock: time_machine.Traveller, database_url: str, env: object
) -> None:
    with writing() as session:
        town = Town(session)
        cora, vera = town.person("Cora", Role.COORDINATOR), town.person("Vera")
        made = running.start(session, cora, "ice", PLACE, [vera.id])
    moderation_sweeping.sweep()
    alerts_sweeping.sweep()
    running.sweep()
    with writing() as session:
        assert session.get_one(Exercise, made.id).ended_at is None
    later(clock, minutes=46)
    for sweep in (moderation_sweeping.sweep, alerts_sweeping.sweep, running.sweep, running.sweep):
        sweep()
    with writing() as session:
        assert session.get_one(Exercise, made.id).ended_at == now()
        said = [
            answers.rendered(one) for one in session.scalars(select(Delivery).where(Delivery.key == "drills.over_ice"))
        ]
        assert len(said) == 1 and said[0].startswith("DRILL over")

"""Is who could release called in turn, shown as they are, and never called for what they could not let out?"""

import datetime as dt

import time_machine
from sqlalchemy import select

from bot.alerts import calling, correction
from bot.alerts.models import Alert, ReleaseTurn
from bot.alerts.reachability import Turn, turns
from bot.clock import ago, ahead, now
from bot.incidents.states import IncidentState
from bot.moderation import choices
from bot.moderation.models import Saw
from bot.outbox.models import Kind
from bot.people import sessions, shifts
from bot.people.models import Person, Role, SignedIn
from bot.settings import settings
from tests.alerts.stage import Stage
from tests.moderation.cast import later


def draft(stage: Stage, kind: Kind = Kind.ALERT) -> Alert:
    alert = stage.pending(kind)
    assert alert is not None
    return alert


def names(stage: Stage) -> list[str]:
    return [turn.person.name for turn in turns(stage.town.session, draft(stage))]


def turn_of(stage: Stage, person: Person) -> Turn:
    (mine,) = [turn for turn in turns(stage.town.session, draft(stage)) if turn.person is person]
    return mine


def called(stage: Stage) -> list[str]:
    """Whom we called, in order."""
    asked = select(Person.name).join(ReleaseTurn, ReleaseTurn.person_id == Person.id).order_by(ReleaseTurn.id)
    return list(stage.town.session.scalars(asked))


def sat_down(stage: Stage, person: Person, at: dt.datetime) -> None:
    """They are signed in, and did something then."""
    stage.town.session.add(
        SignedIn(
            token_hash=person.name.encode().ljust(32), person_id=person.id, created_at=at, last_seen_at=at,
            expires_at=ahead(hours=6), proved_at=at,
        )
    )  # fmt: skip
    stage.town.session.flush()


def call_again(stage: Stage, clock: time_machine.Traveller, **span: float) -> list[str]:
    later(clock, **span)
    calling.call(stage.town.session, stage.incident)
    calling.call(stage.town.session, stage.incident)
    return called(stage)


def test_a_finding_calls_the_second_hand_at_once_in_their_language(stage: Stage) -> None:
    stage.olga.language = "es"
    stage.found()
    assert called(stage) == ["Olga"]
    (said,) = stage.town.read(stage.olga)
    assert "confirmado por una persona" in said.lower() and "/console" in said and stage.incident.code in said


def test_whoever_could_not_release_it_is_not_in_the_line(stage: Stage) -> None:
    stage.town.person("Dora", Role.DISPATCHER, line="birch")
    stage.town.person("Gone", Role.ORGANIZER, line="birch").revoked_at = now()
    stage.found()
    assert names(stage) == ["Olga"], "Omar is of Vera's own line"


def test_on_shift_and_with_a_phone_come_first_then_who_was_here_lately(stage: Stage) -> None:
    town = stage.town
    town.person("Phoneless", Role.ORGANIZER, line="birch", phone=False)
    lately = town.person("Lately", Role.COORDINATOR, line="birch", on=False)
    town.person("Awake", Role.ORGANIZER, line="birch")
    sat_down(stage, lately, ago(minutes=5))
    stage.found()
    assert names(stage) == ["Awake", "Lately", "Olga", "Phoneless"]
    assert turn_of(stage, lately).last_seen_at == turn_of(stage, lately).last_seen_at is not None
    assert [turn.next_at for turn in turns(town.session, draft(stage)) if turn.person.name == "Phoneless"] == [None]


def test_the_next_is_called_two_minutes_later_and_nobody_twice(clock: time_machine.Traveller, stage: Stage) -> None:
    stage.town.person("Awake", Role.ORGANIZER, line="birch")
    stage.found()
    assert called(stage) == ["Awake"]
    assert call_again(stage, clock, minutes=1) == ["Awake"]
    assert turn_of(stage, stage.olga).next_at == ahead(minutes=1)
    assert call_again(stage, clock, minutes=1) == ["Awake", "Olga"]
    assert call_again(stage, clock, minutes=3) == ["Awake", "Olga"], "everybody was called"


def test_when_everybody_was_called_and_it_is_still_fresh_it_goes_round_again(
    clock: time_machine.Traveller, stage: Stage
) -> None:
    stage.found()
    later(clock, minutes=9)
    stage.found()
    assert call_again(stage, clock, minutes=2) == ["Olga", "Olga"]


def test_whoever_cannot_says_so_by_number_and_the_next_is_called_at_once(
    clock: time_machine.Traveller, stage: Stage
) -> None:
    awake = stage.town.person("Awake", Role.ORGANIZER, line="birch")
    stage.found()
    assert stage.says(awake, stage.town.last(awake)["cannot"])
    assert called(stage) == ["Awake", "Olga"] and turn_of(stage, awake).declined
    assert stage.town.keys(awake) == ["pages.release_alert", "pages.declined"]
    assert call_again(stage, clock, minutes=9) == ["Awake", "Olga"], "whoever said no is not called again"


def test_no_text_releases(stage: Stage) -> None:
    stage.found()
    for text in (str(stage.town.last(stage.olga)["cannot"]), "release", "1", "yes", "si"):
        stage.says(stage.olga, text)
    assert draft(stage).pending and draft(stage).broadcast.release is None


def test_that_they_came_to_the_console_is_shown(clock: time_machine.Traveller, stage: Stage) -> None:
    stage.found()
    paged = now()
    later(clock, minutes=1)
    sat_down(stage, stage.olga, now())
    mine = turn_of(stage, stage.olga)
    assert (mine.paged_at, mine.answered_at, mine.last_seen_at) == (paged, now(), now()) and not mine.declined


def test_an_organizer_is_here_half_as_long_as_a_dispatcher(clock: time_machine.Traveller, stage: Stage) -> None:
    """Their session ends after half the idle time: whoever left forty minutes ago can release nothing now."""
    sessions.open_session(stage.town.session, stage.olga)
    assert stage.olga in shifts.who_can_release(stage.town.session)
    later(clock, minutes=settings().session_idle_minutes / 2 - 1)
    assert stage.olga in shifts.who_can_release(stage.town.session)
    later(clock, minutes=2)
    assert stage.olga not in shifts.who_can_release(stage.town.session)


def test_nobody_is_called_for_what_was_seen_too_long_ago(clock: time_machine.Traveller, stage: Stage) -> None:
    stage.town.person("Awake", Role.ORGANIZER, line="birch")
    stage.found()
    assert call_again(stage, clock, minutes=11) == ["Awake"]
    stage.found()
    assert called(stage) == ["Awake", "Olga"], "seen again: the next one's turn"


def test_nobody_is_called_for_what_is_in_dispute(clock: time_machine.Traveller, stage: Stage) -> None:
    otto = stage.town.person("Otto")
    stage.town.person("Awake", Role.ORGANIZER, line="birch")
    stage.found()
    stage.found(otto, Saw.NOBODY)
    assert stage.incident.state is IncidentState.DISPUTED
    assert call_again(stage, clock, minutes=3) == ["Awake"]


def test_what_is_over_and_what_was_wrong_call_the_second_hand_too(stage: Stage) -> None:
    stage.found()
    stage.release()
    stage.found(saw=Saw.GONE)
    assert stage.town.keys(stage.olga)[-1] == "pages.release_over"
    correction.propose_correction(stage.town.session, stage.incident, stage.vera, "police")
    calling.call(stage.town.session, stage.incident)
    assert stage.town.keys(stage.olga)[-1] == "pages.release_correction"


def test_nobody_can_be_reached_and_those_who_watch_hear_it_once(clock: time_machine.Traveller, stage: Stage) -> None:
    dora = stage.town.person("Dora", Role.DISPATCHER)
    assert stage.olga.contact is not None
    stage.olga.contact.stop()
    stage.found()
    call_again(stage, clock, minutes=3)
    assert called(stage) == [] and stage.town.keys(dora).count("pages.nobody_releases") == 1


def test_somebody_can_be_called_out_of_turn(stage: Stage) -> None:
    awake = stage.town.person("Awake", Role.ORGANIZER, line="birch")
    stage.found()
    assert called(stage) == ["Awake"]
    assert calling.page(stage.town.session, draft(stage), stage.olga) is stage.olga
    assert called(stage) == ["Awake", "Olga"] and turn_of(stage, awake).paged_at is not None


def test_a_call_leaves_no_second_number_behind(clock: time_machine.Traveller, stage: Stage) -> None:
    stage.found()
    calling.page(stage.town.session, draft(stage), stage.olga)
    assert len(choices.open_choices(stage.town.session, stage.olga, choices.CANNOT_RELEASE)) == 1

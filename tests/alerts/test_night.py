"""The night rule: one senior verifier on the spot, when nobody else is there, within bounds; and nothing beyond them."""

import datetime as dt

import pytest
import time_machine
from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.attributes import set_committed_value

from bot.alerts import compose, known, night, night_review
from bot.alerts.night import NightRefused
from bot.alerts.release import AlertRefused
from bot.clock import ago, ahead, now
from bot.incidents.states import IncidentState
from bot.moderation import one_hand, outcomes, regrouping, verdicts
from bot.moderation.models import Saw
from bot.outbox import freezing, fuse
from bot.outbox import night as at_night
from bot.outbox.delivery_models import Delivery
from bot.outbox.models import Broadcast, BroadcastState, Kind, Release
from bot.outbox.night_models import NightRelease
from bot.people import sign_in
from bot.people.models import Person, Role, SignedIn
from bot.settings import settings
from tests.alerts.stage import Stage
from tests.moderation.cast import ELSEWHERE, ROSA, later
from tests.services.settings import Environment

Clock = time_machine.Traveller


@pytest.fixture
def allowed(env: Environment) -> None:
    """Before anybody is connected: what changes a setting closes every connection."""
    env.set(night_rule="true")


@pytest.fixture
def dark(clock: Clock, allowed: None, stage: Stage) -> Stage:
    """Five in the morning: Vera, senior, stands there and has seen it; nobody has been on the console for hours."""
    stage.vera.senior = True
    stage.town.session.flush()
    stage.found()
    later(clock, minutes=3, seconds=1)
    return stage


def why_not(stage: Stage, person: Person | None = None) -> list[str]:
    found = night.refusals(stage.town.session, stage.incident, person or stage.vera)
    return [key.removeprefix("console.night.why_") for key in found]


def let_out(stage: Stage, person: Person | None = None) -> Release:
    offer = night.offer(stage.incident)
    return night.release(
        stage.town.session,
        stage.incident,
        person or stage.vera,
        neighborhood=offer.neighborhood,
        until=offer.until,
        mark=offer.mark,
    )


def may_leave(stage: Stage, broadcast_id: int) -> bool:
    stage.town.session.flush()
    return fuse.released_words(stage.town.session, broadcast_id) is not None


def test_one_senior_verifier_tells_one_neighborhood_for_twenty_minutes(dark: Stage) -> None:
    made = let_out(dark)
    broadcast = dark.town.session.get_one(Broadcast, made.broadcast_id)
    assert (made.second_id, made.night) == (None, made.broadcast_id)
    assert broadcast.neighborhoods == ["hp"] and broadcast.expires_at <= ahead(minutes=20)
    assert may_leave(dark, made.broadcast_id)
    assert known.of_incident(dark.town.session, dark.incident).kind == "confirmed"
    assert dark.pending() is None, "the draft for two hands is gone: nothing is said twice"


def test_everybody_reads_that_it_was_one_person_and_never_that_it_is_confirmed(dark: Stage) -> None:
    session, rosa = dark.town.session, dark.town.phone("en")
    made = let_out(dark)
    texts = {(one.language, one.text) for one in session.get_one(Broadcast, made.broadcast_id).renditions}
    assert all("one volunteer" in said and "CONFIRMED" not in said for language, said in texts if language == "en")
    assert all("una persona nuestra" in said for language, said in texts if language == "es")
    assert known.of_incident(session, dark.incident).key == "alerts.known_night"
    assert dark.town.keys(dark.luis)[-1] == "outcomes.told_by_one"
    compose.propose(session, dark.incident, Kind.UPDATE, dark.vera)
    dark.release(Kind.UPDATE)
    assert known.of_incident(session, dark.incident).key == "alerts.known_confirmed", "two have said so now"
    dark.town.tells(rosa, ROSA)
    outcomes.tell(session, dark.incident)
    assert dark.town.keys(rosa)[-1] == "outcomes.told"


def test_it_is_off_unless_a_setting_turns_it_on(dark: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NIGHT_RULE")
    settings.cache_clear()
    assert why_not(dark) == ["off"]
    with pytest.raises(NightRefused):
        let_out(dark)


def test_only_somebody_senior_on_their_own_look(dark: Stage) -> None:
    sena = dark.town.person("Sena", senior=True)
    assert why_not(dark, sena) == ["not_yours"]
    dark.vera.senior = False
    assert why_not(dark) == ["not_senior"]


@pytest.mark.parametrize("role", [Role.DISPATCHER, Role.ORGANIZER, Role.COORDINATOR])
def test_only_a_verifier_whoever_has_more_power_is_never_alone(dark: Stage, role: Role) -> None:
    dark.vera.role = role
    assert why_not(dark) == ["not_senior"]
    with pytest.raises(NightRefused):
        let_out(dark)


def test_whoever_is_given_more_power_afterwards_waits_for_the_review(dark: Stage) -> None:
    made = let_out(dark)
    dark.vera.role = Role.ORGANIZER
    assert not may_leave(dark, made.broadcast_id)


@pytest.mark.parametrize(("line", "hours_ago", "closed"), [("birch", 1, True), ("birch", 25, False), ("ash", 1, False)])
def test_whose_access_was_ended_today_is_no_empty_chair(dark: Stage, line: str, hours_ago: int, closed: bool) -> None:
    """Else somebody makes the second hands go away, and is alone."""
    person = dark.olga if line == "birch" else dark.omar
    sign_in.revoke(dark.town.session, person)
    person.revoked_at = ago(hours=hours_ago)
    dark.town.session.flush()
    assert why_not(dark) == (["somebody_was_cut_off"] if closed else [])


def test_whoever_was_away_for_months_was_not_cut_off(dark: Stage) -> None:
    dark.olga.revoked_at = dark.olga.suspended_at = ago(hours=1)
    assert why_not(dark) == []


def test_a_school_a_clinic_a_shelter_or_a_church_takes_two_always(dark: Stage) -> None:
    dark.incident.sensitive = True
    assert why_not(dark) == ["sensitive"]
    with pytest.raises(NightRefused):
        let_out(dark)


def test_somebody_is_waited_for_first(clock: Clock, dark: Stage) -> None:
    later(clock, minutes=-2)
    assert why_not(dark) == ["too_soon"]


@pytest.mark.parametrize(
    ("line", "seen_minutes_ago", "there"), [("birch", 1, True), ("birch", 4, False), ("ash", 1, False)]
)
def test_whoever_could_be_the_second_hand_and_is_there_does_it(
    dark: Stage, line: str, seen_minutes_ago: int, there: bool
) -> None:
    person = dark.olga if line == "birch" else dark.omar
    moment = ago(minutes=seen_minutes_ago)
    dark.town.session.add(
        SignedIn(
            token_hash=line.encode(), person_id=person.id, created_at=moment, last_seen_at=moment, proved_at=moment,
            expires_at=ahead(hours=8),
        )
    )  # fmt: skip
    dark.town.session.flush()
    assert why_not(dark) == (["somebody_is_there"] if there else [])


def test_not_while_frozen_and_what_was_let_out_waits_for_the_thaw(dark: Stage) -> None:
    made = let_out(dark)
    assert made.night
    freezing.freeze(dark.town.session, dark.omar)
    assert "frozen" in why_not(dark)


def test_not_while_disputed_and_a_contradiction_ends_what_has_not_left(dark: Stage) -> None:
    otto = dark.town.person("Otto")
    made = let_out(dark)
    assert may_leave(dark, made.broadcast_id)
    dark.found(otto, Saw.NOBODY)
    assert dark.incident.state is IncidentState.DISPUTED
    assert "disputed" in why_not(dark)
    assert not may_leave(dark, made.broadcast_id), "one hand's word, contradicted: its copies stay here"


def test_not_on_an_old_look(clock: Clock, dark: Stage) -> None:
    later(clock, minutes=11)
    assert why_not(dark) == ["stale"]


def test_not_of_a_whole_neighborhood_without_a_corner(dark: Stage) -> None:
    dark.incident.place_key = "area:hp"
    assert why_not(dark) == ["no_corner"]


def test_not_twice_and_what_follows_takes_two(dark: Stage) -> None:
    let_out(dark)
    assert "said_already" in why_not(dark)
    update = compose.propose(dark.town.session, dark.incident, Kind.UPDATE, dark.vera)
    assert update.refers_to is not None
    with pytest.raises(AlertRefused):
        dark.release(Kind.UPDATE, by=dark.omar)
    assert dark.release(Kind.UPDATE, by=dark.olga).second_id == dark.olga.id


def test_of_two_neighborhoods_one_is_told(dark: Stage) -> None:
    from bot.incidents.models import IncidentArea

    dark.incident.areas.append(IncidentArea(neighborhood="lb_north"))
    dark.town.session.flush()
    north = dark.town.neighbor("lb_north")
    here = dark.town.neighbor("hp")
    made = let_out(dark)
    assert dark.plan(made.broadcast_id) == {here.id} and north.id != here.id


def test_other_words_or_another_end_than_were_read_do_not_leave(dark: Stage) -> None:
    offer = night.offer(dark.incident)
    session = dark.town.session
    for until, mark in ((offer.until, b"other words"), (offer.until + dt.timedelta(minutes=1), offer.mark)):
        with pytest.raises(NightRefused):
            night.release(
                session, dark.incident, dark.vera, neighborhood=offer.neighborhood, until=until, mark=mark
            )  # fmt: skip
    longer = night.offer(dark.incident, until=ahead(minutes=25))
    with pytest.raises(NightRefused):
        night.release(
            session, dark.incident, dark.vera, neighborhood=longer.neighborhood, until=longer.until, mark=longer.mark
        )  # fmt: skip


def test_an_edit_voids_it(dark: Stage) -> None:
    made = let_out(dark)
    broadcast = dark.town.session.get_one(Broadcast, made.broadcast_id)
    broadcast.renditions[0].text += "!"
    assert not may_leave(dark, made.broadcast_id)


def test_no_school_is_merged_into_what_one_hand_let_out_until_it_is_reviewed(dark: Stage) -> None:
    session = dark.town.session
    dora, cora = dark.town.person("Dora", Role.DISPATCHER), dark.town.person("Cora", Role.COORDINATOR, line="birch")
    school = dark.town.incident(ELSEWHERE)
    school.sensitive = True
    made = let_out(dark)
    assert not one_hand.would_cover_a_school(session, dark.incident, school)
    with pytest.raises(regrouping.RegroupRefused) as refused:
        regrouping.merge(session, school, dark.incident, dora)
    assert refused.value.key == "console.merge.review_first"
    one_hand.stop(session, dark.incident, dora)
    assert not may_leave(dark, made.broadcast_id)
    night_review.review(session, made.broadcast_id, cora, stands=True)
    regrouping.merge(session, school, dark.incident, dora)
    assert dark.incident.sensitive


# What the database holds by itself.


def _row(stage: Stage) -> dict[str, object]:
    """A night release as it would be written, for a draft that two hands were to release."""
    session = stage.town.session
    offer = night.offer(stage.incident)
    compose.withdraw_all(session, stage.incident, "test", (Kind.ALERT,))
    alert = night._draft(session, stage.incident, stage.vera, offer)
    standing = verdicts.live_confirmation(session, stage.incident)
    assert standing is not None
    alert.broadcast.state = BroadcastState.RELEASED
    session.flush()
    return {
        "broadcast_id": alert.broadcast_id, "incident_id": stage.incident.id, "sensitive": False,
        "confirmation_id": standing.id, "finding_id": standing.finding_id, "saw": "immigration", "uniform": "ICE",
        "person_id": stage.vera.id, "person_line": stage.vera.line_id, "senior": True, "neighborhood": "hp",
        "released_at": now(), "expires_at": offer.until,
    }  # fmt: skip


def _written(stage: Stage, values: dict[str, object]) -> dict[str, object]:
    """Moments as this database keeps them: no type of ours stands between this hand and its tables."""
    if stage.town.session.get_bind().dialect.name != "sqlite":
        return values
    return {
        name: value.replace(tzinfo=None).isoformat(" ", "microseconds") if isinstance(value, dt.datetime) else value
        for name, value in values.items()
    }


def _insert(stage: Stage, table: str, row: dict[str, object]) -> None:
    session = stage.town.session
    columns = ", ".join(row)
    values = ", ".join(f":{name}" for name in row)
    with session.begin_nested():
        session.execute(text(f"INSERT INTO {table} ({columns}) VALUES ({values})"), _written(stage, row))  # noqa: S608


def _release_row(stage: Stage, row: dict[str, object]) -> dict[str, object]:
    broadcast = stage.town.session.get_one(Broadcast, row["broadcast_id"])
    return {
        "broadcast_id": row["broadcast_id"], "kind": "alert", "incident_id": row["incident_id"],
        "confirmation_id": row["confirmation_id"], "first_id": row["person_id"], "first_line": row["person_line"],
        "night": row["broadcast_id"], "words": fuse.words_of(broadcast), "released_at": row["released_at"],
    }  # fmt: skip


def test_written_by_hand_within_all_bounds_it_stands_so_the_others_fail_for_their_own_reason(dark: Stage) -> None:
    row = _row(dark)
    _insert(dark, "night_release", row)
    _insert(dark, "release", _release_row(dark, row))
    assert may_leave(dark, int(str(row["broadcast_id"])))


@pytest.mark.parametrize(
    "forged",
    [
        {"senior": False},
        {"person_id": "omar"},
        {"person_id": "omar", "person_line": "omar"},
        {"sensitive": True},
        {"saw": "nobody"},
        {"uniform": "unknown"},
        {"uniform": "HSI"},
        {"neighborhood": "lb_north"},
        {"expires_at": 21},
        {"released_at": 30},
        {"confirmation_id": 99},
        {"finding_id": 99},
        {"incident_id": 99},
        {"reviewed_at": 0},
        {"reviewed_at": 0, "reviewed_by_id": "vera", "reviewed_by_line": "vera", "stands": True},
        {"reviewed_at": 0, "reviewed_by_id": "omar", "reviewed_by_line": "omar", "stands": True},
    ],
    ids=str,
)
def test_sql_tried_directly_gets_no_night_release_beyond_its_bounds(dark: Stage, forged: dict[str, object]) -> None:
    row = _row(dark)
    people = {"omar": dark.omar, "vera": dark.vera}
    for name, value in forged.items():
        if name.endswith("_at"):
            row[name] = ahead(minutes=float(str(value)))
        elif isinstance(value, str) and value in people:
            row[name] = people[value].line_id if name.endswith("line") else people[value].id
        else:
            row[name] = value
    with pytest.raises(IntegrityError):
        _insert(dark, "night_release", row)


def test_sql_tried_directly_gets_none_of_a_school_by_calling_it_something_else(dark: Stage) -> None:
    dark.incident.sensitive = True
    row = _row(dark)
    with pytest.raises(IntegrityError):
        _insert(dark, "night_release", row)


def test_nor_on_a_shadow_look_nor_on_anothers(dark: Stage) -> None:
    """A confirmation is its own person's own look, and no new verifier's."""
    session = dark.town.session
    session.execute(text("DELETE FROM confirmation"))
    finding = session.execute(text("SELECT id, person_id, person_line FROM finding")).one()
    row = {"incident_id": dark.incident.id, "finding_id": finding.id, "confirmed_at": now(), "shadow": False}
    for person in (dark.olga, dark.omar):
        with pytest.raises(IntegrityError):
            _insert(dark, "confirmation", {**row, "person_id": person.id, "person_line": person.line_id})
    session.execute(text("UPDATE finding SET shadow = true"))
    for shadow in (False, True):
        with pytest.raises(IntegrityError):
            theirs = {"person_id": finding.person_id, "person_line": finding.person_line}
            _insert(dark, "confirmation", {**row, **theirs, "shadow": shadow})


@pytest.mark.parametrize(
    "forged",
    [
        {"night": None},
        {"kind": "update"},
        {"kind": "over"},
        {"first": "omar"},
        {"second": "omar"},
        {"second": "olga"},
        {"night": 98},
    ],
    ids=str,
)
def test_sql_tried_directly_gets_no_other_release_by_one_hand(dark: Stage, forged: dict[str, object]) -> None:
    row = _row(dark)
    _insert(dark, "night_release", row)
    made = _release_row(dark, row)
    people = {"omar": dark.omar, "olga": dark.olga}
    for name, value in forged.items():
        if name in ("first", "second"):
            made |= {f"{name}_id": people[str(value)].id, f"{name}_line": people[str(value)].line_id}
        else:
            made[name] = value
    with pytest.raises(IntegrityError):
        _insert(dark, "release", made)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE broadcast SET expires_at = :later WHERE only_area IS NOT NULL",
        'UPDATE broadcast SET neighborhoods = \'["hp", "lb_north"]\' WHERE only_area IS NOT NULL',
        "UPDATE broadcast SET only_area = NULL WHERE only_area IS NOT NULL",
        "UPDATE incident SET sensitive = true",
        "UPDATE person SET senior = false",
        "UPDATE night_release SET expires_at = :later",
        "UPDATE night_release SET released_at = :early",
        "UPDATE finding SET saw = 'nobody'",
        "DELETE FROM night_release",
    ],
)
def test_sql_tried_directly_moves_no_bound_afterwards(dark: Stage, change: str) -> None:
    let_out(dark)
    session = dark.town.session
    session.flush()
    moments = {"later": ahead(minutes=90), "early": ago(minutes=5)}
    asked: dict[str, object] = {name: moment for name, moment in moments.items() if f":{name}" in change}
    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(text(change), _written(dark, asked))


def test_it_may_end_sooner_and_never_again_later_nor_elsewhere(dark: Stage) -> None:
    """The night's own row ends with it; where it was said stays."""
    made = let_out(dark)
    session = dark.town.session
    session.flush()
    sooner = {"at": ahead(minutes=5), "later": ahead(minutes=5, seconds=1)}
    elsewhere = (
        """UPDATE broadcast SET only_area = 'lb_north', neighborhoods = '["lb_north"]' WHERE only_area IS NOT NULL"""
    )
    session.execute(update(Broadcast).where(Broadcast.id == made.broadcast_id).values(expires_at=sooner["at"]))
    assert session.get_one(NightRelease, made.broadcast_id, populate_existing=True).expires_at == sooner["at"]
    assert may_leave(dark, made.broadcast_id)
    for refused in (
        update(Broadcast).where(Broadcast.id == made.broadcast_id).values(expires_at=sooner["later"]),
        update(NightRelease).values(expires_at=sooner["later"]),
        text(elsewhere),
    ):
        with pytest.raises(IntegrityError), session.begin_nested():
            session.execute(refused)


def test_the_fuse_asks_for_the_bounds_at_each_claim(dark: Stage) -> None:
    """What keys cannot hold, and what SQLite's own shell gets round: it checks no key there."""
    session = dark.town.session
    made = let_out(dark)
    session.flush()
    there, back = "UPDATE confirmation SET void_at = confirmed_at", "UPDATE confirmation SET void_at = NULL"
    for change, leaves in ((there, False), (back, True)):
        session.execute(text(change))
        assert may_leave(dark, made.broadcast_id) is leaves
    row, broadcast = session.get_one(NightRelease, made.broadcast_id), session.get_one(Broadcast, made.broadcast_id)
    with session.no_autoflush:
        for name, forged in (("neighborhoods", ["hp", "lb_north"]), ("expires_at", ahead(minutes=21)), ("aid", "food")):
            kept = getattr(broadcast, name)
            set_committed_value(broadcast, name, forged)
            assert not at_night._is_narrow_and_short(row, broadcast), name
            set_committed_value(broadcast, name, kept)
    assert at_night._is_narrow_and_short(row, broadcast)


# The review.


@pytest.fixture
def cora(dark: Stage) -> Person:
    return dark.town.person("Cora", Role.COORDINATOR, line="birch", on=False)


def test_it_waits_for_a_coordinator_of_another_line_the_same_day(dark: Stage, cora: Person) -> None:
    made = let_out(dark)
    session = dark.town.session
    assert [row.broadcast_id for row, _ in night_review.waiting(session)] == [made.broadcast_id]
    assert [row.broadcast_id for row, _ in night_review.waiting(session, ["lb_north"])] == []
    row = session.get_one(NightRelease, made.broadcast_id)
    assert night_review.due_at(row) <= made.released_at + dt.timedelta(hours=24)
    for person in (dark.vera, dark.omar, dark.olga):
        with pytest.raises(night_review.ReviewRefused):
            night_review.review(session, made.broadcast_id, person, stands=True)
    night_review.review(session, made.broadcast_id, cora, stands=True)
    assert night_review.waiting(session) == [] and may_leave(dark, made.broadcast_id)
    with pytest.raises(night_review.ReviewRefused):
        night_review.review(session, made.broadcast_id, cora, stands=False)


def test_reviewed_a_person_may_cease_to_be_senior(dark: Stage, cora: Person) -> None:
    """The bounds held while one hand was alone; a review is the second hand."""
    made = let_out(dark)
    night_review.review(dark.town.session, made.broadcast_id, cora, stands=True)
    dark.vera.senior = False
    dark.town.session.flush()


def test_a_review_that_finds_it_wrong_stops_what_has_not_left(dark: Stage, cora: Person) -> None:
    here = dark.town.neighbor("hp")
    made = let_out(dark)
    assert dark.plan(made.broadcast_id) == {here.id}
    night_review.review(dark.town.session, made.broadcast_id, cora, stands=False)
    assert not may_leave(dark, made.broadcast_id)
    states = dark.town.session.scalars(select(Delivery.state).where(Delivery.broadcast_id == made.broadcast_id)).all()
    assert states == ["dropped"]


def test_not_when_they_said_since_that_they_cannot_tell(dark: Stage) -> None:
    dark.found(saw=Saw.UNSURE)
    assert "stale" in why_not(dark)

"""Can anything false go out by one hand?"""

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from bot.alerts import compose, desk, release
from bot.alerts.models import Alert
from bot.clock import now
from bot.incidents.states import IncidentState
from bot.moderation import verdicts
from bot.moderation.models import Saw
from bot.outbox import freezing, fuse
from bot.outbox.models import BroadcastState, Kind, Release
from bot.people.models import Role
from bot.privacy import audit
from bot.settings import settings
from tests.alerts.stage import Stage
from tests.moderation.cast import later

S = IncidentState


def test_a_confirmation_proposes_the_alert_to_everybody_it_touches(stage: Stage) -> None:
    stage.found()
    alert = stage.pending()
    assert alert is not None and alert.proposed_by_id == stage.vera.id
    assert alert.broadcast.neighborhoods == list(stage.incident.neighborhoods) == ["hp", "walnut_park"]
    assert alert.broadcast.state is BroadcastState.DRAFT and stage.refusals() == []


def test_the_second_person_lets_it_out_and_only_then_is_it_said(stage: Stage) -> None:
    stage.found()
    assert stage.town.keys(stage.luis) == ["outcomes.checking"]
    made = stage.release()
    assert (made.first_id, made.second_id) == (stage.vera.id, stage.olga.id) and made.confirmation_id is not None
    assert stage.pending() is None and stage.town.keys(stage.luis)[-1] == "outcomes.told"


@pytest.mark.parametrize(("who", "reason"), [("vera", "same_person"), ("omar", "same_line"), ("dora", "wrong_role")])
def test_who_may_not(stage: Stage, who: str, reason: str) -> None:
    """Pitfall 2 (`tests/truth/test_pitfalls.py`): an alert path that does not check the caller."""
    dora = stage.town.person("Dora", Role.DISPATCHER, line="birch")
    stage.vera.role = Role.ORGANIZER
    stage.found()
    person = {"vera": stage.vera, "omar": stage.omar, "dora": dora}[who]
    assert reason in stage.refusals(person)
    with pytest.raises(release.AlertRefused):
        stage.release(by=person)
    assert stage.town.session.scalars(select(Release)).all() == []


def test_not_after_an_edit(stage: Stage) -> None:
    stage.found()
    alert = stage.pending()
    assert alert is not None
    read = fuse.words_of(alert.broadcast)
    alert.broadcast.renditions[0].text += " Vayan todos."
    stage.town.session.flush()
    with pytest.raises(release.AlertRefused) as refused:
        release.release(stage.town.session, alert, stage.olga, read)
    assert refused.value.key == "alerts.refused_words_changed"


def test_not_what_was_read_before_a_later_look(clock: time_machine.Traveller, stage: Stage) -> None:
    stage.found()
    first = stage.pending()
    assert first is not None
    read = fuse.words_of(first.broadcast)
    later(clock, minutes=4)
    stage.found(words="HSI vests now")
    fresh = stage.pending()
    assert fresh is not None and fresh is not first and not first.pending
    assert stage.refusals() == []
    with pytest.raises(release.AlertRefused) as refused:
        release.release(stage.town.session, fresh, stage.olga, read)
    assert refused.value.key == "alerts.refused_words_changed"
    with pytest.raises(release.AlertRefused) as refused:
        release.release(stage.town.session, first, stage.olga, read)
    assert refused.value.key == "alerts.refused_not_pending"


def test_not_while_frozen(stage: Stage) -> None:
    stage.found()
    freezing.freeze(stage.town.session, stage.omar)
    assert stage.refusals() == ["frozen"]


def test_not_while_disputed(stage: Stage) -> None:
    otto = stage.town.person("Otto")
    stage.found()
    alert = stage.pending()
    stage.found(otto, Saw.NOBODY)
    assert stage.incident.state is S.DISPUTED and stage.pending() is None and alert is not None
    assert "alerts.refused_disputed" in release.refusals(stage.town.session, alert, stage.olga)
    with pytest.raises(compose.ProposalRefused):
        compose.propose(stage.town.session, stage.incident, Kind.ALERT, stage.vera)


def test_not_what_was_seen_too_long_ago_until_it_is_asked_again(clock: time_machine.Traveller, stage: Stage) -> None:
    stage.found()
    later(clock, minutes=settings().finding_fresh_minutes + 1)
    assert stage.refusals() == ["stale"]
    assert desk.ask_again(stage.town.session, stage.incident)
    assert stage.says(stage.vera, f"{stage.town.last(stage.vera)['immigration']} ICE vests")
    assert stage.refusals() == []
    stage.release()


def test_not_after_it_expired(clock: time_machine.Traveller, stage: Stage) -> None:
    stage.found()
    later(clock, minutes=settings().alert_minutes + 1)
    assert "expired" in stage.refusals()


def test_the_expiry_is_asked_of_the_clock_each_time(clock: time_machine.Traveller, stage: Stage) -> None:
    """Pitfall 1 (`tests/truth/test_pitfalls.py`): a default expiry evaluated when the program starts."""
    later(clock, hours=30)
    stage.found()
    alert = stage.pending()
    assert alert is not None and 59 < (alert.expires_at - now()).total_seconds() / 60 <= 60


def test_not_twice(stage: Stage) -> None:
    stage.found()
    alert = stage.pending()
    assert alert is not None
    words = fuse.words_of(alert.broadcast)
    release.release(stage.town.session, alert, stage.olga, words)
    with pytest.raises(release.AlertRefused):
        release.release(stage.town.session, alert, stage.olga, words)
    assert len(stage.town.session.scalars(select(Release)).all()) == 1


def test_nothing_to_propose_without_a_confirmation(stage: Stage) -> None:
    for kind in (Kind.ALERT, Kind.UPDATE, Kind.OVER):
        with pytest.raises(compose.ProposalRefused):
            compose.propose(stage.town.session, stage.incident, kind, stage.olga)


def test_proposing_the_same_twice_is_one_draft(stage: Stage) -> None:
    stage.found()
    first = stage.pending()
    assert compose.propose(stage.town.session, stage.incident, Kind.ALERT, stage.olga) is first


def test_the_database_itself_refuses_a_release_by_the_one_who_confirmed(stage: Stage) -> None:
    stage.found()
    alert, standing = stage.pending(), verdicts.live_confirmation(stage.town.session, stage.incident)
    assert alert is not None and standing is not None
    for person in (stage.vera, stage.omar):
        with pytest.raises(IntegrityError), stage.town.session.begin_nested():
            stage.town.session.add(
                Release(
                    broadcast_id=alert.broadcast_id, kind=Kind.ALERT, incident_id=stage.incident.id,
                    confirmation_id=standing.id, first_id=stage.vera.id, first_line=stage.vera.line_id,
                    second_id=person.id, second_line=person.line_id, words=b"0" * 32, released_at=now(),
                )
            )  # fmt: skip
            stage.town.session.flush()


def test_the_audience_at_send_is_the_audience_that_was_approved(stage: Stage) -> None:
    """Pitfall 12 (`tests/truth/test_pitfalls.py`): the area was not carried through to the sender."""
    here, next_door = stage.town.neighbor("hp"), stage.town.neighbor("walnut_park")
    both, elsewhere = stage.town.neighbor("hp", "walnut_park"), stage.town.neighbor("maywood")
    stage.found()
    alert = stage.pending()
    assert alert is not None
    stage.release()
    assert stage.plan(alert.broadcast_id) == {here.id, next_door.id, both.id} and elsewhere.id not in stage.plan(
        alert.broadcast_id
    )


def test_over_takes_its_own_two_people(stage: Stage) -> None:
    stage.found()
    stage.release()
    stage.found(saw=Saw.GONE)
    assert stage.incident.state is S.CONFIRMED, "one person's word ends nothing"
    assert stage.refusals(stage.omar, Kind.OVER) == ["same_line"]
    stage.release(Kind.OVER)
    assert stage.incident.state.value == "ended" and stage.town.keys(stage.luis)[-1] == "outcomes.over"


def test_over_stops_the_copies_that_say_they_are_there(stage: Stage) -> None:
    told, late = stage.town.neighbor("hp"), stage.town.neighbor("hp")
    stage.found()
    alert = stage.pending()
    assert alert is not None
    stage.release()
    stage.plan(alert.broadcast_id)
    stage.hand(alert.broadcast_id, told)
    stage.found(saw=Saw.GONE)
    over = stage.release(Kind.OVER)
    assert stage.plan(over.broadcast_id) == {told.id}
    assert stage.town.session.get_one(Alert, alert.id).broadcast.state is BroadcastState.HALTED
    assert late.id not in stage.plan(over.broadcast_id)


def test_still_there_after_all_takes_over_away(stage: Stage) -> None:
    stage.found()
    stage.release()
    stage.found(saw=Saw.GONE)
    assert stage.pending(Kind.OVER) is not None
    stage.found()
    assert stage.pending(Kind.OVER) is None


def test_gone_before_it_was_told_ends_it_and_nobody_hears_confirmed(stage: Stage) -> None:
    stage.found()
    stage.found(saw=Saw.GONE)
    assert stage.incident.state is S.ENDED and stage.pending() is None
    assert stage.town.keys(stage.luis) == ["outcomes.checking", "outcomes.not_seen"]
    assert stage.town.keys(stage.vera)[-1] == "pages.closed_unreleased"


def test_who_did_what_is_in_the_audit_chain(stage: Stage) -> None:
    stage.found()
    stage.release()
    acts = list(stage.town.session.scalars(select(audit.AuditEntry.act)))
    assert {"confirmed", "alert.proposed.alert", "alert.released.alert"} <= set(acts)

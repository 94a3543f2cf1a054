"""Is an old look asked again before it lets anything out, and of an alert that is out until nobody can say any more?"""

import pytest
import time_machine
from sqlalchemy import select

from bot.alerts import by_text, desk, known, release, sweeping
from bot.alerts.compose import ProposalRefused, propose
from bot.alerts.models import Alert
from bot.clock import ahead, now
from bot.incidents.models import Incident
from bot.incidents.states import IncidentState
from bot.moderation.asking_models import Asked, Question
from bot.moderation.models import Saw
from bot.outbox import fuse
from bot.outbox.models import Kind, Release
from bot.people import shifts
from bot.people.models import Role
from bot.store.session import reading, writing
from messages import catalog
from messages.formats import clock_time
from tests.moderation.cast import Town, keys, later

S = IncidentState


@pytest.fixture
def confirmed(database_url: str, clock: time_machine.Traveller) -> int:
    """Vera saw them; the draft waits. Otto is near and on shift, Olga could release."""
    with writing() as session:
        town = Town(session)
        vera = town.person("Vera")
        town.person("Otto", areas=("walnut_park",))
        town.person("Olga", Role.ORGANIZER, line="birch")
        incident = town.tells(town.phone()).incident
        assert incident is not None
        desk.found(session, incident, vera, Saw.IMMIGRATION, "ICE on vests")
        return incident.id


@pytest.fixture
def out(confirmed: int) -> int:
    let_out()
    return confirmed


def let_out() -> None:
    with writing() as session:
        alert = session.scalars(select(Alert).where(Alert.pending)).one()
        release.release(session, alert, Town(session).named("Olga"), fuse.words_of(alert.broadcast))


def sweep(clock: time_machine.Traveller, **span: float) -> None:
    """Time passes, and two clocks look."""
    later(clock, **span)
    sweeping.sweep()
    sweeping.sweep()


def asked(name: str) -> int:
    return keys(name).count("pages.look_again")


def answers(name: str, what: str) -> None:
    """With the number that stands in the last question they got."""
    with writing() as session:
        person = Town(session).named(name)
        given = [kept.values or {} for kept in Town(session).received(person) if kept.key == "pages.look_again"]
        assert person.contact is not None
        by_text.hear(session, person, str(given[-1][what]), person.contact)


def checked(incident_id: int) -> str:
    """What whoever asks is told."""
    with reading() as session:
        answer = known.of_incident(session, session.get_one(Incident, incident_id))
        return catalog.text(answer.key, "en", **answer.words("en"))


def drafts() -> list[Alert]:
    with reading() as session:
        return list(session.scalars(select(Alert).where(Alert.pending)))


def test_what_grew_old_while_it_waited_is_asked_again_by_the_clock_once(
    confirmed: int, clock: time_machine.Traveller
) -> None:
    sweep(clock, minutes=9)
    assert asked("Vera") == 0
    sweep(clock, minutes=1, seconds=5)
    sweep(clock, minutes=1)
    assert asked("Vera") == 1 and asked("Otto") == 0


def test_still_there_makes_it_fresh_without_saying_again_what_says_so(
    confirmed: int, clock: time_machine.Traveller
) -> None:
    sweep(clock, minutes=11)
    before = [draft.id for draft in drafts()]
    answers("Vera", "immigration")
    assert "pages.what_says_so" not in keys("Vera")
    assert [draft.id for draft in drafts()] != before
    let_out()


def test_no_answer_and_the_next_near_is_asked_who_must_say_what_says_so(
    confirmed: int, clock: time_machine.Traveller
) -> None:
    sweep(clock, minutes=11)
    sweep(clock, minutes=5, seconds=1)
    assert asked("Vera") == 1 and asked("Otto") == 1
    answers("Otto", "immigration")
    assert keys("Otto")[-1] == "pages.what_says_so"


def test_whoever_cannot_tell_is_not_waited_for(confirmed: int, clock: time_machine.Traveller) -> None:
    sweep(clock, minutes=11)
    answers("Vera", "unsure")
    sweep(clock, seconds=5)
    assert asked("Otto") == 1


def test_gone_before_it_was_told_ends_it(confirmed: int, clock: time_machine.Traveller) -> None:
    sweep(clock, minutes=11)
    answers("Vera", "gone")
    with reading() as session:
        assert session.get_one(Incident, confirmed).state is S.ENDED
    assert drafts() == []


def test_twenty_minutes_after_it_was_let_out_whoever_saw_it_is_asked_once(
    out: int, clock: time_machine.Traveller
) -> None:
    sweep(clock, minutes=19)
    assert asked("Vera") == 0
    sweep(clock, minutes=1)
    sweep(clock, minutes=2)
    assert asked("Vera") == 1 and asked("Otto") == 0


def test_still_there_drafts_an_update_that_waits_for_its_second_person(out: int, clock: time_machine.Traveller) -> None:
    sweep(clock, minutes=20)
    answers("Vera", "immigration")
    (update,) = drafts()
    assert update.kind is Kind.UPDATE and update.expires_at == ahead(minutes=60)
    assert keys("Olga")[-1] == "pages.release_alert" and keys("Vera")[-1] == "pages.when_over"
    let_out()
    with reading() as session:
        assert len(session.scalars(select(Release)).all()) == 2
    assert "Ends " + clock_time(update.expires_at, "en") in checked(out)
    sweep(clock, minutes=19)
    assert asked("Vera") == 1
    sweep(clock, minutes=1)
    assert asked("Vera") == 2


def test_gone_drafts_over(out: int, clock: time_machine.Traveller) -> None:
    sweep(clock, minutes=20)
    answers("Vera", "gone")
    assert [draft.kind for draft in drafts()] == [Kind.OVER]


def test_no_answer_twice_and_it_is_only_last_seen_until_somebody_looks(out: int, clock: time_machine.Traveller) -> None:
    seen = clock_time(now(), "en")
    sweep(clock, minutes=20)
    sweep(clock, minutes=5, seconds=1)
    assert asked("Otto") == 1 and "last seen" not in checked(out)
    sweep(clock, minutes=5)
    assert f"last seen {seen}" in checked(out)
    answers("Vera", "immigration")
    assert "last seen" not in checked(out)


def test_it_goes_on_being_asked_after_that(out: int, clock: time_machine.Traveller) -> None:
    for minutes in (20, 5.1, 5.1, 20):
        sweep(clock, minutes=minutes)
    assert asked("Vera") == 2


def test_where_nobody_is_on_shift_it_is_last_seen_at_once(out: int, clock: time_machine.Traveller) -> None:
    with writing() as session:
        for name in ("Vera", "Otto"):
            shifts.off(session, Town(session).named(name))
    sweep(clock, minutes=20)
    assert "last seen" in checked(out) and asked("Vera") == asked("Otto") == 0


def test_the_only_one_on_shift_is_asked_twice(out: int, clock: time_machine.Traveller) -> None:
    with writing() as session:
        shifts.off(session, Town(session).named("Otto"))
    sweep(clock, minutes=20)
    sweep(clock, minutes=5.1)
    assert asked("Vera") == 2
    sweep(clock, minutes=5.1)
    assert "last seen" in checked(out)


@pytest.mark.parametrize("language", ["es", "km", "ko", "tl", "vi", "zh", "zh-Hant"])
def test_last_seen_is_said_in_every_language(out: int, language: str) -> None:
    with writing() as session:
        session.get_one(Incident, out).quiet_since = ahead(seconds=1)
    with reading() as session:
        answer = known.of_incident(session, session.get_one(Incident, out))
        assert answer.key == "alerts.known_last_seen"
        assert catalog.has(answer.key, language) and catalog.text(answer.key, language, **answer.words(language))


def test_however_often_it_is_renewed_it_ends_four_hours_after_it_first_went_out(
    out: int, clock: time_machine.Traveller
) -> None:
    ends = ahead(hours=4)
    for _ in range(7):
        later(clock, minutes=30)
        with writing() as session:
            incident = session.get_one(Incident, out)
            desk.found(session, incident, Town(session).named("Vera"), Saw.IMMIGRATION, "ICE on vests")
        (update,) = drafts()
        assert update.expires_at <= ends
        let_out()
    assert update.expires_at == ends
    later(clock, minutes=27)
    with writing() as session:
        incident, vera = session.get_one(Incident, out), Town(session).named("Vera")
        desk.found(session, incident, vera, Saw.IMMIGRATION, "ICE on vests")
        with pytest.raises(ProposalRefused) as refused:
            propose(session, incident, Kind.UPDATE, vera)
    assert refused.value.key == "alerts.refused_longest" and drafts() == []
    assert keys("Vera")[-1] == "pages.when_gone", "nobody has to decide anything now"
    later(clock, minutes=4)
    sweeping.sweep()
    with reading() as session:
        assert session.get_one(Incident, out).state is S.ENDED


def test_an_update_that_nobody_released_does_not_say_again_that_it_is_confirmed(
    out: int, clock: time_machine.Traveller
) -> None:
    first = checked(out)
    sweep(clock, minutes=20)
    answers("Vera", "immigration")
    assert checked(out) == first


def test_what_ended_is_asked_about_no_more(out: int, clock: time_machine.Traveller) -> None:
    sweep(clock, minutes=61)
    sweep(clock, minutes=20)
    with reading() as session:
        assert session.scalars(select(Question).where(Question.kind == Asked.STILL_THERE)).all() == []

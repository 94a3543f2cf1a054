"""Nobody goes: who hears it, who must choose, and what follows from the choice?"""

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.alerts import desk
from bot.contacts.models import Contact
from bot.incidents.models import Incident
from bot.incidents.states import IncidentState
from bot.moderation import choices, claims, escalating, paging
from bot.moderation.asking_models import Asked, Question
from bot.moderation.models import Saw
from bot.people.models import InvitationLine, Person, Role
from bot.reports.models import Report
from bot.store.session import reading, writing
from tests.moderation.cast import ELSEWHERE, LUIS, ROSA, Town, keys, later, said, sweep
from tests.services.settings import Environment

S = IncidentState


@pytest.fixture
def waiting(database_url: str, clock: time_machine.Traveller) -> int:
    """Luis told of it, Vera was paged, and nobody says a word. Cora is on call, Dora watches the queue."""
    with writing() as session:
        town = Town(session)
        town.person("Vera")
        town.person("Cora", Role.COORDINATOR, line="birch")
        town.person("Dora", Role.DISPATCHER)
        return town.incident().id


def number(name: str, act: str) -> str:
    """The last number this person was given for it."""
    with reading() as session:
        return str(Town(session).last(Town(session).named(name))[act])


def grown(session: Session) -> Town:
    """The same town later, to which more people come."""
    return Town(session, {line.name: line for line in session.scalars(select(InvitationLine))}, given=50)


def state(incident_id: int) -> IncidentState:
    with reading() as session:
        return session.get_one(Incident, incident_id).state


def test_after_five_minutes_the_coordinator_on_call_hears_it_once(waiting: int, clock: time_machine.Traveller) -> None:
    sweep(clock, minutes=4)
    assert "pages.unclaimed_watch" not in keys("Cora")
    sweep(clock, minutes=1)
    sweep(clock, minutes=1)
    assert keys("Cora").count("pages.unclaimed_watch") == 1
    assert "pages.unclaimed_watch" not in keys("Dora"), "whoever is on call hears it first"


def test_somebody_goes_and_nobody_on_call_is_disturbed(waiting: int, clock: time_machine.Traveller) -> None:
    said("Vera", f"{number('Vera', 'going')} 30")
    sweep(clock, minutes=11)
    assert keys("Cora") == []


def test_what_was_only_asked_about_disturbs_nobody(waiting: int, clock: time_machine.Traveller) -> None:
    with writing() as session:
        session.get_one(Incident, waiting).asked_only = True
    sweep(clock, minutes=12)
    assert keys("Cora") == []


def test_after_ten_minutes_somebody_must_choose_and_only_those_on_call_have_numbers(
    waiting: int, clock: time_machine.Traveller
) -> None:
    sweep(clock, minutes=10)
    assert keys("Cora")[-1] == "pages.decide" and "pages.decide" not in keys("Vera") + keys("Dora")
    given = {number("Cora", act) for act in ("wait", "send", "second_way", "close")}
    assert len(given) == 4
    said("Vera", min(given))
    assert state(waiting) is S.UNCONFIRMED and keys("Vera")[-1] == "pages.number_wrong"


def test_unanswered_it_is_said_again_and_to_dispatchers_too(waiting: int, clock: time_machine.Traveller) -> None:
    sweep(clock, minutes=10)
    sweep(clock, minutes=4)
    assert keys("Cora").count("pages.decide") == 1
    old = number("Cora", "close")
    sweep(clock, minutes=1, seconds=1)
    assert keys("Cora").count("pages.decide") == 2 and keys("Dora").count("pages.decide") == 1
    said("Cora", old)
    assert state(waiting) is S.UNCONFIRMED and keys("Cora")[-1] == "pages.number_old"


def test_wait_is_asked_again_later(waiting: int, clock: time_machine.Traveller) -> None:
    sweep(clock, minutes=10)
    later(clock, minutes=2)
    said("Cora", number("Cora", "wait"))
    assert keys("Cora")[-1] == "pages.decided_wait" and state(waiting) is S.UNCONFIRMED
    sweep(clock, minutes=4)
    assert keys("Cora").count("pages.decide") == 1
    sweep(clock, minutes=1, seconds=1)
    assert keys("Cora").count("pages.decide") == 2


def test_volunteers_are_asked_again_who_said_nothing_and_whoever_came_on_since(
    waiting: int, clock: time_machine.Traveller
) -> None:
    sweep(clock, minutes=10)
    with writing() as session:
        town = grown(session)
        town.person("Nina")
        town.person("Far", areas=("lb_cambodia",))
    old, before = number("Vera", "going"), keys("Vera").count("pages.look")
    said("Cora", number("Cora", "send"))
    assert keys("Cora")[-1] == "pages.decided_send" and keys("Vera").count("pages.look") == before + 1
    assert keys("Nina") == ["pages.look"] and keys("Far") == []
    with reading() as session:
        assert Town(session).last(Town(session).named("Cora"))["count"] == 2
        chosen = session.scalars(select(Question.answer).where(Question.kind == Asked.DECIDE)).all()
        assert chosen == [choices.SEND]
    said("Vera", old)
    assert state(waiting) is S.UNCONFIRMED and keys("Vera")[-1] == "pages.number_old"
    said("Nina", number("Nina", "going"))
    assert state(waiting) is S.VERIFYING


def test_the_number_that_sends_volunteers_does_so_once(waiting: int, clock: time_machine.Traveller) -> None:
    sweep(clock, minutes=10)
    send, close = number("Cora", "send"), number("Cora", "close")
    said("Cora", send)
    asked = keys("Vera").count("pages.look")
    said("Cora", send)
    assert keys("Cora")[-1] == "pages.number_old" and keys("Vera").count("pages.look") == asked
    said("Cora", close)
    assert state(waiting) is S.UNCONFIRMED, "the choice was made: its other numbers do nothing now"


def test_after_asking_volunteers_again_the_choice_comes_back(waiting: int, clock: time_machine.Traveller) -> None:
    sweep(clock, minutes=10)
    later(clock, minutes=2)
    said("Cora", number("Cora", "send"))
    sweep(clock, minutes=4)
    assert keys("Cora").count("pages.decide") == 1
    sweep(clock, minutes=1, seconds=1)
    assert keys("Cora").count("pages.decide") == 2


def test_nobody_is_asked_who_said_they_cannot_or_went_off_and_the_other_numbers_hold(
    waiting: int, clock: time_machine.Traveller
) -> None:
    said("Vera", number("Vera", "cannot"))
    with writing() as session:
        town = grown(session)
        paging.ask_too(session, session.get_one(Incident, waiting), town.person("Nina", on=False))
    sweep(clock, minutes=10)
    close = number("Cora", "close")
    vera, nina = keys("Vera"), keys("Nina")
    said("Cora", number("Cora", "send"))
    assert keys("Cora")[-1] == "pages.send_nobody" and (keys("Vera"), keys("Nina")) == (vera, nina)
    said("Cora", close)
    assert state(waiting) is S.UNVERIFIABLE


def test_where_somebody_left_as_it_was_unsafe_no_number_sends_the_next_one(
    waiting: int, clock: time_machine.Traveller
) -> None:
    with writing() as session:
        town = grown(session)
        town.person("Nina")
        claims.claim(session, session.get_one(Incident, waiting), town.named("Vera"))
        desk.found(session, session.get_one(Incident, waiting), town.named("Vera"), Saw.UNSAFE, "")
    sweep(clock, minutes=10, seconds=1)
    before = keys("Nina")
    close = number("Cora", "close")
    said("Cora", number("Cora", "send"))
    assert keys("Cora")[-1] == "pages.send_unsafe" and keys("Nina") == before
    said("Cora", close)
    assert state(waiting) is S.UNVERIFIABLE


def test_whoever_finds_out_another_way_is_left_to_it(waiting: int, clock: time_machine.Traveller) -> None:
    sweep(clock, minutes=10)
    said("Cora", number("Cora", "second_way"))
    assert keys("Cora")[-1] == "pages.decided_second_way"
    sweep(clock, minutes=14)
    assert keys("Cora").count("pages.decide") == 1
    sweep(clock, minutes=1, seconds=1)
    assert keys("Cora").count("pages.decide") == 2


def test_close_ends_it_as_not_checked_and_the_reporter_hears(waiting: int, clock: time_machine.Traveller) -> None:
    sweep(clock, minutes=10)
    said("Cora", number("Cora", "close"))
    assert state(waiting) is S.UNVERIFIABLE and keys("Cora")[-1] == "pages.decided_close"
    with reading() as session:
        told = {kept.key for person in session.scalars(select(Person)) for kept in Town(session).received(person)}
        assert "outcomes.unverifiable" not in told
        assert _reporter_heard(Town(session)) == "outcomes.unverifiable"


def test_of_two_who_choose_the_first_one_counts_and_the_other_hears_it(
    waiting: int, clock: time_machine.Traveller
) -> None:
    sweep(clock, minutes=10)
    sweep(clock, minutes=5, seconds=1)
    close = number("Dora", "close")
    said("Cora", number("Cora", "wait"))
    assert keys("Dora")[-1] == "pages.decided_by_other"
    said("Dora", close)
    assert state(waiting) is S.UNCONFIRMED and keys("Dora")[-1] == "pages.number_old"


def test_somebody_goes_after_all_and_the_choice_is_spent(waiting: int, clock: time_machine.Traveller) -> None:
    sweep(clock, minutes=10)
    close = number("Cora", "close")
    said("Vera", number("Vera", "going"))
    said("Cora", close)
    assert state(waiting) is S.VERIFYING and keys("Cora")[-1] == "pages.number_old"


def test_whoever_is_no_coordinator_any_more_chooses_nothing(waiting: int, clock: time_machine.Traveller) -> None:
    sweep(clock, minutes=10)
    with writing() as session:
        Town(session).named("Cora").role = Role.VERIFIER
    said("Cora", number("Cora", "close"))
    assert state(waiting) is S.UNCONFIRMED


def test_the_hard_stop_stays_whatever_was_chosen(waiting: int, clock: time_machine.Traveller) -> None:
    sweep(clock, minutes=40)
    said("Cora", number("Cora", "second_way"))
    sweep(clock, minutes=6)
    assert state(waiting) is S.UNVERIFIABLE


def test_a_new_round_is_counted_from_its_own_beginning(waiting: int, clock: time_machine.Traveller) -> None:
    sweep(clock, minutes=10)
    said("Cora", number("Cora", "close"))
    later(clock, minutes=3)
    with writing() as session:
        town = Town(session, given=50)
        assert town.tells(town.phone(), ROSA).incident_id == waiting
    assert state(waiting) is S.UNCONFIRMED
    sweep(clock, minutes=4)
    assert keys("Cora").count("pages.unclaimed_watch") == 1
    sweep(clock, minutes=2)
    assert keys("Cora").count("pages.unclaimed_watch") == 2


def test_no_coordinator_has_a_phone_so_a_dispatcher_is_asked(database_url: str, clock: time_machine.Traveller) -> None:
    with writing() as session:
        town = Town(session)
        town.person("Dora", Role.DISPATCHER, on=False)
        town.person("Cora", Role.COORDINATOR, phone=False)
        town.incident()
    sweep(clock, minutes=10)
    assert keys("Dora")[-2:] == ["pages.unclaimed_watch", "pages.decide"]


def test_in_a_flood_only_the_most_urgent_few_are_asked_about(
    database_url: str, clock: time_machine.Traveller, env: Environment
) -> None:
    with writing() as session:
        town = Town(session)
        town.person("Cora", Role.COORDINATOR)
        for corner in (
            "Gage y State",
            "Pacific y Slauson",
            "Florence y Santa Fe",
            "Seville y Gage",
            "Miles y Florence",
        ):
            incident = town.tells(town.phone(), f"hay agentes de ICE en {corner} en Huntington Park").incident
            assert incident is not None
        seen_by_two = town.incident(LUIS)
        town.tells(town.phone(), "I see ICE at Pacific and Florence in Huntington Park, 2 white vans")
        assert session.scalar(select(Incident.id).order_by(Incident.id.desc()).limit(1)) == seen_by_two.id
    sweep(clock, minutes=10)
    with reading() as session:
        asked = set(session.scalars(select(Question.incident_id).where(Question.kind == Asked.DECIDE)))
    assert len(asked) == escalating.MOST_AT_ONCE and seen_by_two.id in asked


def test_every_choice_is_a_number_of_its_own_among_three_open_incidents(
    database_url: str, clock: time_machine.Traveller
) -> None:
    with writing() as session:
        town = Town(session)
        cora = town.person("Cora", Role.COORDINATOR)
        ids = [
            town.incident(text).id for text in (LUIS, ELSEWHERE, "ICE en Slauson y Pacific, Huntington Park, 3 vans")
        ]
    assert len(set(ids)) == 3
    sweep(clock, minutes=10)
    with reading() as session:
        given = choices.open_choices(session, session.get_one(Person, cora.id))
        closing = {kept.incident_id: kept.number for kept in given if kept.act == choices.CLOSE}
    assert len({kept.number for kept in given}) == len(given) == 12
    said("Cora", closing[ids[1]])
    assert [state(one) for one in ids] == [S.UNCONFIRMED, S.UNVERIFIABLE, S.UNCONFIRMED]


def _reporter_heard(town: Town) -> str | None:
    report = town.session.scalars(select(Report)).first()
    assert report is not None and report.contact_id is not None
    return town.keys(town.session.get_one(Contact, report.contact_id))[-1]


def test_a_claim_that_lapses_late_puts_the_choice_at_once(waiting: int, clock: time_machine.Traveller) -> None:
    said("Vera", f"{number('Vera', 'going')} 12")
    sweep(clock, minutes=11)
    assert keys("Cora") == []
    sweep(clock, minutes=2)
    assert "pages.decide" in keys("Cora")
    with reading() as session:
        assert claims.holders(session, session.get_one(Incident, waiting)) == []


def test_of_a_dispute_nobody_reads_that_nobody_went(waiting: int, clock: time_machine.Traveller) -> None:
    with writing() as session:
        town, incident = Town(session, given=30), session.get_one(Incident, waiting)
        desk.found(session, incident, town.named("Vera"), Saw.IMMIGRATION, "vests say ICE")
        desk.found(session, incident, town.person("Otto", line="elm"), Saw.NOBODY)
        assert incident.state is S.DISPUTED
    sweep(clock, minutes=6)
    assert "pages.unsettled_watch" in keys("Cora") and "pages.unclaimed_watch" not in keys("Cora")
    sweep(clock, minutes=5)
    assert "pages.decide_unsettled" in keys("Cora") and "pages.decide" not in keys("Cora")

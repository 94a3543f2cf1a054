"""Does a volunteer's text do what they meant, and nothing else?"""

import itertools

import pytest
import time_machine

from bot.alerts import by_text, shift_words
from bot.clock import ago, ahead, now
from bot.contacts.models import Channel, find_or_add
from bot.inbox import asking as inbox_asking
from bot.inbox.models import InboundText
from bot.incidents.states import IncidentState
from bot.moderation import asking, caring, choices, claims, findings, paging, sweeping
from bot.moderation.models import Saw
from bot.people import shifts
from bot.people.models import Person, Role
from messages.formats import clock_time
from tests.alerts.stage import Stage
from tests.moderation.cast import ELSEWHERE, later

S = IncidentState


def test_going_then_what_is_there_then_what_says_so(paged: Stage) -> None:
    town, vera = paged.town, paged.vera
    assert paged.says(vera, town.last(vera)["going"])
    assert paged.incident.state is S.VERIFYING
    assert paged.says(vera, town.last(vera)["immigration"])
    assert paged.incident.state is S.VERIFYING, "a feeling confirms nothing"
    assert town.keys(vera)[-1] == "pages.what_says_so"
    assert paged.says(vera, f"{town.last(vera)['is_cbp']} on the backs, 4 of them")
    assert paged.incident.state.value == "confirmed" and paged.incident.uniform == "CBP"
    assert town.keys(vera)[-1] == "pages.when_over"


def test_something_else_then_what(paged: Stage) -> None:
    town, vera = paged.town, paged.vera
    paged.goes()
    paged.says(vera, town.last(vera)["something_else"])
    assert paged.incident.state is S.VERIFYING and town.keys(vera)[-1] == "pages.what_was_it"
    paged.says(vera, town.last(vera)["was_tow_truck"])
    assert paged.incident.state.value == "debunked" and paged.incident.was == "tow_truck"
    assert town.keys(paged.luis)[-1] == "outcomes.was" and town.keys(vera)[-1] == "pages.closed_debunked"


@pytest.mark.parametrize("act", ["was_other_agency", "was_drill"])
def test_another_agency_is_no_police_and_a_drill_is_a_drill(act: str, paged: Stage) -> None:
    town, vera = paged.town, paged.vera
    paged.goes()
    paged.says(vera, town.last(vera)["something_else"])
    paged.says(vera, town.last(vera)[act])
    assert paged.incident.state.value == "debunked" and paged.incident.was == act.removeprefix("was_")
    assert town.keys(paged.luis)[-1] == "outcomes.was"


def test_the_words_after_a_number_are_kept(paged: Stage) -> None:
    town, vera = paged.town, paged.vera
    paged.goes()
    paged.says(vera, f"{town.last(vera)['immigration']} ICE on vests, 6 of them, white vans")
    (kept,) = findings.of(town.session, paged.incident)
    assert kept.text == "ICE on vests, 6 of them, white vans" and kept.size == 6


def test_a_number_texted_twice_acts_once(paged: Stage) -> None:
    town, vera = paged.town, paged.vera
    going = town.last(vera)["going"]
    assert paged.says(vera, going) and paged.says(vera, going)
    assert len(claims.holders(town.session, paged.incident)) == 1
    assert town.keys(vera)[-1] == "pages.number_old"


@pytest.mark.threat("T12")
def test_a_forged_one_does_nothing(paged: Stage) -> None:
    assert not paged.says(paged.olga, "1") if paged.olga.contact else True
    stranger = paged.town.person("Stranger")
    assert not paged.says(stranger, "1") and paged.incident.state is S.UNCONFIRMED


@pytest.mark.parametrize("one", ["1", " 1 ", "1.", "#1"])
def test_a_bare_one_does_nothing_even_with_one_page_open(one: str, paged: Stage) -> None:
    assert paged.says(paged.vera, one)
    assert paged.incident.state is S.UNCONFIRMED and claims.holders(paged.town.session, paged.incident) == []
    assert paged.town.keys(paged.vera)[-1] == "pages.one_is_not_enough"


@pytest.mark.parametrize("said", ["going {}", "({})", "ok going {} now", "voy {}", "{}going"])
def test_a_word_or_two_around_the_number_is_the_number(said: str, paged: Stage) -> None:
    assert paged.says(paged.vera, said.format(paged.town.last(paged.vera)["going"]))
    assert len(claims.holders(paged.town.session, paged.incident)) == 1


@pytest.mark.parametrize("said", ["2468 or {}", "I live at {} and ICE is across the street", "going {}5"])
def test_a_number_in_the_midst_of_other_things_is_none(said: str, paged: Stage) -> None:
    paged.says(paged.vera, said.format(paged.town.last(paged.vera)["going"]))
    assert claims.holders(paged.town.session, paged.incident) == []


@pytest.mark.parametrize(
    "said", ["going", "can't", "Can’t.", "on my way", "still driving", "no puedo", "Nadie", "在路上", "못 가요"]
)
def test_an_answer_without_its_number_is_asked_for_it(said: str, paged: Stage) -> None:
    assert paged.says(paged.vera, said)
    assert paged.town.keys(paged.vera)[-1] == "pages.one_is_not_enough" and paged.incident.state is S.UNCONFIRMED


def test_who_was_asked_nothing_may_say_the_same_words_like_anybody(stage: Stage) -> None:
    assert not stage.says(stage.vera, "can't")


def test_a_bare_one_that_answers_our_own_question_is_left_to_it(paged: Stage) -> None:
    assert paged.vera.contact is not None
    inbox_asking.conversation(paged.town.session, paged.vera.contact.id).ask("report_which", report=1, choices=["hp"])
    assert not paged.says(paged.vera, "1") and paged.incident.state is S.UNCONFIRMED


def test_three_open_pages_cannot_be_confused(paged: Stage) -> None:
    town, vera = paged.town, paged.vera
    gage, slauson = town.incident(ELSEWHERE), town.incident("ICE en Slauson y Pacific, Huntington Park, 3 vans")
    going = {choice.incident_id: choice.number for choice in choices.open_choices(town.session, vera, choices.GOING)}
    assert len(set(going.values())) == len({paged.incident.id, gage.id, slauson.id}) == 3
    for wrong in ("1", "2", "3", "going"):
        paged.says(vera, wrong)
    assert {one.state for one in (paged.incident, gage, slauson)} == {S.UNCONFIRMED}
    paged.says(vera, f"{going[gage.id]} 10")
    assert [one.state for one in (paged.incident, gage, slauson)] == [S.UNCONFIRMED, S.VERIFYING, S.UNCONFIRMED]
    what = {choice.act: choice for choice in choices.open_choices(town.session, vera)}
    paged.says(vera, what["nobody"].number)
    assert [one.state for one in (paged.incident, gage, slauson)] == [S.UNCONFIRMED, S.NOT_SEEN, S.UNCONFIRMED]


def test_a_bare_one_with_two_pages_open_asks_for_the_number(paged: Stage) -> None:
    paged.town.incident(ELSEWHERE)
    assert paged.says(paged.vera, "1")
    assert paged.town.keys(paged.vera)[-1] == "pages.one_is_not_enough" and paged.incident.state is S.UNCONFIRMED


def test_a_bare_one_after_the_claim_is_no_finding(paged: Stage) -> None:
    paged.goes()
    assert paged.says(paged.vera, "1")
    assert paged.incident.state is S.VERIFYING and paged.town.keys(paged.vera)[-1] == "pages.one_is_not_enough"


def test_somebody_elses_number_is_no_answer(paged: Stage) -> None:
    otto = paged.town.person("Otto")
    paging.widen(paged.town.session, paged.incident)
    assert paged.says(otto, paged.town.last(paged.vera)["going"])
    assert paged.incident.state is S.UNCONFIRMED and paged.town.keys(otto)[-1] == "pages.number_wrong"


def test_a_wrong_number_is_told_so(paged: Stage) -> None:
    assert paged.says(paged.vera, _wrong(paged, paged.vera))
    assert paged.town.keys(paged.vera)[-1] == "pages.number_wrong" and paged.incident.state is S.UNCONFIRMED


def test_an_old_number_is_told_so(clock: time_machine.Traveller, stage: Stage) -> None:
    paging.page(stage.town.session, stage.incident)
    later(clock, minutes=46)
    assert stage.says(stage.vera, stage.town.last(stage.vera)["going"])
    assert stage.town.keys(stage.vera)[-1] == "pages.number_old" and stage.incident.state is S.UNCONFIRMED


def test_a_house_number_in_a_report_is_no_wrong_number(paged: Stage) -> None:
    assert not paged.says(paged.vera, "2468 pacific y florence ICE con chalecos")
    assert paged.town.keys(paged.vera) == ["pages.look"]


def test_a_wrong_number_with_words_behind_it_is_told_so_and_read_all_the_same(paged: Stage) -> None:
    assert not paged.says(paged.vera, f"{_wrong(paged, paged.vera)} they are taking my son")
    assert paged.town.keys(paged.vera)[-1] == "pages.number_wrong"


def test_a_text_from_another_phone_is_never_theirs(paged: Stage) -> None:
    other = find_or_add(paged.town.session, "+13235550199", Channel.SMS)
    assert not by_text.hear(paged.town.session, paged.vera, paged.town.last(paged.vera)["going"], other)


def test_the_second_to_go_hears_it_is_covered(paged: Stage) -> None:
    otto = paged.town.person("Otto")
    paging.widen(paged.town.session, paged.incident)
    going = paged.town.last(otto)["going"]
    paged.goes()
    assert paged.says(otto, going)
    assert paged.town.keys(otto)[-1] == "pages.covered"
    assert len(claims.holders(paged.town.session, paged.incident)) == 1


def test_cannot_asks_the_next_one(paged: Stage) -> None:
    otto = paged.town.person("Otto")
    paged.says(paged.vera, paged.town.last(paged.vera)["cannot"])
    assert paged.town.keys(paged.vera)[-1] == "pages.declined" and paged.town.keys(otto) == ["pages.look"]


def test_that_somebody_else_is_asked_is_said_only_when_it_is_so(paged: Stage) -> None:
    paged.says(paged.vera, paged.town.last(paged.vera)["cannot"])
    assert paged.town.keys(paged.vera)[-1] == "pages.declined_thanks"


def test_a_longer_way_extends_the_lease(paged: Stage) -> None:
    paged.says(paged.vera, f"{paged.town.last(paged.vera)['going']} 15")
    (held,) = claims.holders(paged.town.session, paged.incident)
    assert (held.lease_until - held.claimed_at).total_seconds() > 14 * 60


@pytest.mark.parametrize(
    "said", ["15", "15 min", "15min", "15 minutes away", "15m", "in 15 min", "15'", "15 phút", "15分钟", "15분"]
)
def test_a_longer_way_is_understood_and_they_hear_until_when(
    said: str, clock: time_machine.Traveller, stage: Stage
) -> None:
    paging.page(stage.town.session, stage.incident)
    stage.says(stage.vera, f"{stage.town.last(stage.vera)['going']} {said}")
    (held,) = claims.holders(stage.town.session, stage.incident)
    assert held.lease_until == ahead(minutes=15)
    assert stage.town.keys(stage.vera)[-1] == "pages.lease"
    assert clock_time(held.lease_until, "en") in stage.town.read(stage.vera)[-1]


@pytest.mark.parametrize("said", ["", "6 agents", "now", "100 yards"])
def test_what_is_no_way_keeps_the_usual_lease(said: str, clock: time_machine.Traveller, stage: Stage) -> None:
    paging.page(stage.town.session, stage.incident)
    stage.says(stage.vera, f"{stage.town.last(stage.vera)['going']} {said}")
    (held,) = claims.holders(stage.town.session, stage.incident)
    assert held.lease_until == ahead(minutes=5) and stage.town.keys(stage.vera)[-1] == "pages.what"


def test_who_needs_longer_says_so_and_what_they_were_asked_stays_open(
    clock: time_machine.Traveller, stage: Stage
) -> None:
    town, vera = stage.town, stage.vera
    paging.page(town.session, stage.incident)
    stage.goes()
    asked = town.last(vera)
    later(clock, minutes=4)
    for number in (asked["going"], None, None):
        assert stage.says(vera, f"{number or town.last(vera)['going']} 20")
        (held,) = claims.holders(town.session, stage.incident)
        assert held.lease_until == ahead(minutes=20) and town.keys(vera)[-1] == "pages.lease"
    assert stage.says(vera, town.last(vera)["going"]) and held.lease_until == ahead(minutes=20), "never shorter"
    assert stage.says(vera, asked["nobody"]) and stage.incident.state is S.NOT_SEEN


def test_unsafe_comes_first_and_is_passed_on(paged: Stage) -> None:
    cora = paged.town.person("Cora", Role.COORDINATOR)
    paged.goes()
    paged.says(paged.vera, paged.town.last(paged.vera)["unsafe"])
    assert "pages.unsafe" in paged.town.keys(paged.vera) and "pages.unsafe_watch" in paged.town.keys(cora)
    assert paged.incident.state is S.UNCONFIRMED


def test_nobody_is_sent_where_it_was_unsafe_until_a_person_says_so(clock: time_machine.Traveller, stage: Stage) -> None:
    town, vera = stage.town, stage.vera
    otto = town.person("Otto")
    paging.page(town.session, stage.incident)
    stage.goes()
    cora, ana = town.person("Cora", Role.COORDINATOR), town.person("Ana")
    asked = town.keys(otto)
    stage.says(vera, town.last(vera)["unsafe"])
    assert town.keys(cora)[-1] == "pages.unsafe_watch" and town.keys(ana) == []
    assert town.keys(otto) == asked
    for given in choices.open_choices(town.session, otto):
        claims_before = claims.holders(town.session, stage.incident)
        assert given.act != choices.GOING and claims_before == []
    claims.decline(town.session, stage.incident, otto)
    later(clock, minutes=4)
    assert sweeping._waiting_for_eyes(town.session) == [] and town.keys(ana) == []
    paging.widen(town.session, stage.incident)
    assert town.keys(ana) == ["pages.look"], "a person asked for it"


def test_whoever_left_is_not_asked_to_go_there_again(paged: Stage) -> None:
    town = paged.town
    ana = town.person("Ana", on=False)
    claims.claim(town.session, paged.incident, ana)
    shifts.on(town.session, ana)
    claims.give_up(town.session, paged.incident, ana)
    paging.widen(town.session, paged.incident)
    assert "pages.look" not in town.keys(ana)


def test_a_dispute_tells_the_second_that_somebody_saw_it_differently(paged: Stage) -> None:
    otto = paged.town.person("Otto")
    paged.found()
    paged.found(otto, Saw.NOBODY)
    assert "pages.differs" in paged.town.keys(otto) and paged.incident.state is S.DISPUTED


@pytest.mark.parametrize("word", ["number", "ON"])
def test_what_a_volunteer_wrote_long_ago_does_not_count_and_they_are_told(word: str, paged: Stage) -> None:
    town, vera = paged.town, paged.vera
    going = town.last(vera)["going"]
    said = going if word == "number" else word
    assert vera.contact and by_text.hear(town.session, vera, said, vera.contact, ago(minutes=20))
    assert town.keys(vera)[-1] == "pages.late" and claims.holders(town.session, paged.incident) == []
    assert by_text.hear(town.session, vera, going, vera.contact, ago(minutes=1))
    assert claims.held_by(town.session, paged.incident, vera)


def test_a_text_of_a_volunteer_that_is_none_of_these_is_read_like_a_residents_however_late(paged: Stage) -> None:
    assert paged.vera.contact
    assert not by_text.hear(paged.town.session, paged.vera, "hola", paged.vera.contact, ago(hours=1))


@pytest.mark.parametrize("text", ["hola", "la migra esta en la gage", "2", "stop", "12345", "CHECK K7Q"])
def test_anything_else_is_read_like_a_residents(paged: Stage, text: str) -> None:
    assert not paged.says(paged.vera, text)


@pytest.mark.threat("T12")
def test_no_text_changes_a_role_or_releases_anything(paged: Stage) -> None:
    """T12: caller id authorises nothing privileged. Every act a number can stand for is in these tables."""
    acts = {choices.GOING, choices.CANNOT, choices.TAKING, *asking.IDENTIFIED, *asking.WAS, *(saw.value for saw in Saw)}
    acts |= {choices.OK, choices.STILL_THERE, *choices.WHEN_NOBODY_GOES}
    assert not {act for act in acts | {choices.CANNOT_RELEASE} if act.startswith(("release", "approve"))}
    assert set(shift_words.ACTS) == {"volunteer_on", "volunteer_off", "volunteer_sos"}


def test_somebody_revoked_is_a_resident_again(paged: Stage) -> None:
    number = paged.town.last(paged.vera)["going"]
    paged.vera.revoked_at = now()
    assert not paged.says(paged.vera, number)


_sids = itertools.count()


def _texts(stage: Stage, person: Person, text: str) -> bool:
    """As the hotline does it: the text is kept, then heard."""
    kept = InboundText(sid=f"SM{next(_sids):032x}", contact_id=person.contact_id, received_at=now())
    kept.keep(text)
    stage.town.session.add(kept)
    stage.town.session.flush()
    return stage.says(person, text)


def _wrong(stage: Stage, person: Person) -> str:
    values = {str(value) for value in stage.town.last(person).values()}
    return next(number for number in ("2468", "3579", "4680") if number not in values)


@pytest.mark.threat("T12")
def test_whoever_forges_a_volunteers_number_cannot_try_them_all(paged: Stage) -> None:
    town, vera = paged.town, paged.vera
    going = town.last(vera)["going"]
    wrong = _wrong(paged, vera)
    for _ in range(choices.WRONG_AT_MOST):
        assert not _texts(paged, vera, f"{wrong} 6 agents")
    assert town.keys(vera)[-1] == "pages.numbers_held"
    told = len(town.keys(vera))
    _texts(paged, vera, wrong)
    assert _texts(paged, vera, going), "it is theirs, and nobody else reads it"
    assert claims.holders(town.session, paged.incident) == []
    assert len(town.keys(vera)) == told + 1, "said once of wrong ones; of a right one always"
    assert town.keys(vera)[-1] == "pages.numbers_held"


def test_that_it_is_unsafe_is_heard_whatever_numbers_came_before(paged: Stage) -> None:
    paged.goes()
    unsafe = paged.town.last(paged.vera)["unsafe"]
    for _ in range(choices.WRONG_AT_MOST):
        _texts(paged, paged.vera, _wrong(paged, paged.vera))
    _texts(paged, paged.vera, unsafe)
    assert claims.holders(paged.town.session, paged.incident) == []


def test_numbers_work_again_after_a_while(clock: time_machine.Traveller, stage: Stage) -> None:
    paging.page(stage.town.session, stage.incident)
    going = stage.town.last(stage.vera)["going"]
    for _ in range(choices.WRONG_AT_MOST):
        _texts(stage, stage.vera, _wrong(stage, stage.vera))
    later(clock, minutes=choices.WRONG_MINUTES, seconds=1)
    _texts(stage, stage.vera, going)
    assert len(claims.holders(stage.town.session, stage.incident)) == 1


def test_a_few_slips_and_spent_numbers_hold_up_nobody(paged: Stage) -> None:
    town, vera = paged.town, paged.vera
    going = town.last(vera)["going"]
    for _ in range(choices.WRONG_AT_MOST - 1):
        _texts(paged, vera, _wrong(paged, vera))
    for _ in range(choices.WRONG_AT_MOST):
        _texts(paged, vera, going)
    assert len(claims.holders(town.session, paged.incident)) == 1
    assert "pages.numbers_held" not in town.keys(vera)


def test_what_others_text_holds_up_nobody_else(paged: Stage) -> None:
    vito = paged.town.person("Vito")
    for _ in range(choices.WRONG_AT_MOST):
        _texts(paged, vito, _wrong(paged, paged.vera))
    _texts(paged, paged.vera, paged.town.last(paged.vera)["going"])
    assert len(claims.holders(paged.town.session, paged.incident)) == 1


def test_that_they_are_ok_is_good_to_hear_however_late(paged: Stage) -> None:
    town, vera = paged.town, paged.vera
    caring.ask(town.session, paged.incident, vera, others=False)
    assert vera.contact and by_text.hear(town.session, vera, town.last(vera)["ok"], vera.contact, ago(minutes=9))
    assert town.keys(vera)[-1] == "pages.are_you_ok_thanks"

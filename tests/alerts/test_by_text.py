"""Does a volunteer's text do what they meant, and nothing else?"""

import itertools

import pytest
import time_machine

from bot.alerts import by_text
from bot.clock import ago, now
from bot.contacts.models import Channel, find_or_add
from bot.inbox.models import InboundText
from bot.incidents.models import IncidentState
from bot.moderation import asking, choices, claims, findings, paging
from bot.moderation.models import Saw
from bot.people import shifts
from bot.people.models import Person, Role
from messages.formats import clock_time
from tests.alerts.stage import Stage
from tests.moderation.cast import ELSEWHERE, Town, later

S = IncidentState


@pytest.fixture
def paged(stage: Stage) -> Stage:
    paging.page(stage.town.session, stage.incident)
    return stage


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
    paged.says(vera, "1")
    paged.says(vera, town.last(vera)["something_else"])
    assert paged.incident.state is S.VERIFYING and town.keys(vera)[-1] == "pages.what_was_it"
    paged.says(vera, town.last(vera)["was_tow_truck"])
    assert paged.incident.state.value == "debunked" and paged.incident.was == "tow_truck"
    assert town.keys(paged.luis)[-1] == "outcomes.was" and town.keys(vera)[-1] == "pages.closed_debunked"


def test_the_words_after_a_number_are_kept(paged: Stage) -> None:
    town, vera = paged.town, paged.vera
    paged.says(vera, "1")
    paged.says(vera, f"{town.last(vera)['immigration']} ICE on vests, 6 of them, white vans")
    (kept,) = findings.of(town.session, paged.incident)
    assert kept.text == "ICE on vests, 6 of them, white vans" and kept.size == 6


def test_a_number_texted_twice_acts_once(paged: Stage) -> None:
    town, vera = paged.town, paged.vera
    going = town.last(vera)["going"]
    assert paged.says(vera, going) and paged.says(vera, going)
    assert len(claims.holders(town.session, paged.incident)) == 1
    assert town.keys(vera)[-1] == "pages.number_old"


def test_a_forged_one_does_nothing(paged: Stage) -> None:
    assert not paged.says(paged.olga, "1") if paged.olga.contact else True
    stranger = paged.town.person("Stranger")
    assert not paged.says(stranger, "1") and paged.incident.state is S.UNCONFIRMED


def test_a_bare_one_with_two_pages_open_asks_for_the_number(paged: Stage) -> None:
    paged.town.incident(ELSEWHERE)
    assert paged.says(paged.vera, "1")
    assert paged.town.keys(paged.vera)[-1] == "pages.one_is_not_enough" and paged.incident.state is S.UNCONFIRMED


def test_a_bare_one_after_the_claim_is_no_finding(paged: Stage) -> None:
    paged.says(paged.vera, "1")
    assert paged.says(paged.vera, "1")
    assert paged.incident.state is S.VERIFYING and paged.town.keys(paged.vera)[-1] == "pages.one_is_not_enough"


def test_somebody_elses_number_is_no_answer(paged: Stage) -> None:
    otto = paged.town.person("Otto")
    paging.widen(paged.town.session, paged.incident)
    assert not paged.says(otto, paged.town.last(paged.vera)["going"])
    assert paged.incident.state is S.UNCONFIRMED


def test_a_text_from_another_phone_is_never_theirs(paged: Stage) -> None:
    other = find_or_add(paged.town.session, "+13235550199", Channel.SMS)
    assert not by_text.hear(paged.town.session, paged.vera, paged.town.last(paged.vera)["going"], other)


def test_the_second_to_go_hears_it_is_covered(paged: Stage) -> None:
    otto = paged.town.person("Otto")
    paging.widen(paged.town.session, paged.incident)
    going = paged.town.last(otto)["going"]
    paged.says(paged.vera, "1")
    assert paged.says(otto, going)
    assert paged.town.keys(otto)[-1] == "pages.covered"
    assert len(claims.holders(paged.town.session, paged.incident)) == 1


def test_cannot_asks_the_next_one(paged: Stage) -> None:
    otto = paged.town.person("Otto")
    paged.says(paged.vera, paged.town.last(paged.vera)["cannot"])
    assert paged.town.keys(paged.vera)[-1] == "pages.declined" and paged.town.keys(otto) == ["pages.look"]


def test_a_longer_way_extends_the_lease(paged: Stage) -> None:
    paged.says(paged.vera, f"{paged.town.last(paged.vera)['going']} 15")
    (held,) = claims.holders(paged.town.session, paged.incident)
    assert (held.lease_until - held.claimed_at).total_seconds() > 14 * 60


def test_unsafe_comes_first_and_is_passed_on(paged: Stage) -> None:
    cora = paged.town.person("Cora", Role.COORDINATOR)
    paged.says(paged.vera, "1")
    paged.says(paged.vera, paged.town.last(paged.vera)["unsafe"])
    assert "pages.unsafe" in paged.town.keys(paged.vera) and "pages.unsafe_watch" in paged.town.keys(cora)
    assert paged.incident.state is S.UNCONFIRMED


def test_a_dispute_tells_the_second_that_somebody_saw_it_differently(paged: Stage) -> None:
    otto = paged.town.person("Otto")
    paged.found()
    paged.found(otto, Saw.NOBODY)
    assert "pages.differs" in paged.town.keys(otto) and paged.incident.state is S.DISPUTED


@pytest.mark.parametrize("word", ["ON", "on shift", "de turno"])
def test_on_by_text(town: Town, word: str) -> None:
    vera = town.person("Vera", on=False)
    assert vera.contact and by_text.hear(town.session, vera, word, vera.contact)
    assert shifts.on_shift(town.session) == [vera] and town.keys(vera) == ["pages.shift_on"]


def test_off_by_text(stage: Stage) -> None:
    assert stage.says(stage.vera, "OFF") and shifts.on_shift(stage.town.session) == []
    assert stage.says(stage.vera, "off") and stage.town.keys(stage.vera) == [
        "pages.shift_off",
        "pages.shift_off_already",
    ]


def test_sos_by_text_reaches_those_who_care_even_at_night(stage: Stage) -> None:
    cora = stage.town.person("Cora", Role.COORDINATOR, on=False)
    assert stage.says(stage.vera, "sos")
    assert stage.town.keys(stage.vera) == ["pages.sos"] and stage.town.keys(cora) == ["pages.sos_watch"]
    assert "911" in stage.town.read(stage.vera)[0] and "Vera" in stage.town.read(cora)[0]


@pytest.mark.parametrize("word", ["number", "1", "ON"])
def test_what_a_volunteer_wrote_long_ago_does_not_count_and_they_are_told(word: str, paged: Stage) -> None:
    town, vera = paged.town, paged.vera
    going = town.last(vera)["going"]
    said = going if word == "number" else word
    assert vera.contact and by_text.hear(town.session, vera, said, vera.contact, ago(minutes=20))
    assert town.keys(vera)[-1] == "pages.late" and claims.holders(town.session, paged.incident) == []
    assert by_text.hear(town.session, vera, going, vera.contact, ago(minutes=1))
    assert claims.held_by(town.session, paged.incident, vera)


def test_off_holds_however_late_it_comes(stage: Stage) -> None:
    assert stage.vera.contact and by_text.hear(stage.town.session, stage.vera, "OFF", stage.vera.contact, ago(hours=2))
    assert shifts.on_shift(stage.town.session) == []


def test_a_late_sos_is_passed_on_with_its_time(clock: time_machine.Traveller, stage: Stage) -> None:
    cora = stage.town.person("Cora", Role.COORDINATOR)
    sent_at = now()
    later(clock, minutes=50)
    assert stage.vera.contact and by_text.hear(stage.town.session, stage.vera, "SOS", stage.vera.contact, sent_at)
    assert clock_time(sent_at, "en") in stage.town.read(cora)[0]


def test_a_text_of_a_volunteer_that_is_none_of_these_is_read_like_a_residents_however_late(paged: Stage) -> None:
    assert paged.vera.contact
    assert not by_text.hear(paged.town.session, paged.vera, "hola", paged.vera.contact, ago(hours=1))


def test_a_verifiers_stop_ends_the_shift_and_the_claim_and_is_passed_on(paged: Stage) -> None:
    cora = paged.town.person("Cora", Role.COORDINATOR)
    paged.says(paged.vera, "1")
    by_text.stopped(paged.town.session, paged.vera)
    assert claims.holders(paged.town.session, paged.incident) == []
    assert paged.vera not in shifts.on_shift(paged.town.session)
    assert "pages.stopped_watch" in paged.town.keys(cora)


@pytest.mark.parametrize("text", ["hola", "la migra esta en la gage", "2", "stop", "12345", "CHECK K7Q"])
def test_anything_else_is_read_like_a_residents(paged: Stage, text: str) -> None:
    assert not paged.says(paged.vera, text)


def test_no_text_changes_a_role_or_releases_anything(paged: Stage) -> None:
    """T12: caller id authorises nothing privileged. Every act a number can stand for is in these tables."""
    acts = {choices.GOING, choices.CANNOT, choices.TAKING, *asking.IDENTIFIED, *asking.WAS, *(saw.value for saw in Saw)}
    assert not {act for act in acts if "release" in act or "approve" in act}
    assert set(by_text.COMMANDS) == {"volunteer_on", "volunteer_off", "volunteer_sos"}


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
    assert len(town.keys(vera)) == told, "said once"


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

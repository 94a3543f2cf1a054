"""Dispatchers' days: what nobody can find out, a word from who knows, a question to a reporter, a place found later, two parted.

The phones of residents and of verifiers are real parts of each story: what is pressed here is read there.
"""

import re
from collections.abc import Callable

from bot.people.models import Role
from tests.journeys.conftest import Volunteer
from tests.journeys.corners import untold
from tests.journeys.verbs import WHERE, How, Makes, Tells, links, numbers_of, pair, unfolds
from tests.services.system import Hotline
from tests.services.waiting import eventually

SOMEWHERE = "veo a la migra llevandose a un senor ahorita, son 6 agentes"


def _verifier_with_a_phone(volunteer: Makes, how: How, hotline: Hotline, number: str) -> Volunteer:
    (vera,) = pair(volunteer, how, Role.VERIFIER)
    links(vera, hotline.phone(number))
    return vera


@WHERE
def test_what_nobody_can_find_out_is_said_so(volunteer: Makes, telling: Tells, hotline: Hotline, how: How) -> None:
    (dora,) = pair(volunteer, how, Role.DISPATCHER)
    street, number = telling()
    dora.enters(street)
    unfolds(dora, "ruling.cannot_tell")
    dora.page.select_option("[name=why]", "unsafe")
    dora.taps("ruling.cannot_tell_do")
    dora.reads("ruling.could_not")
    assert "no sabemos si es" in hotline.phone(number).receives("No pudimos revisar")
    dora.opens("/")
    eventually(lambda: dora.finds(street).count() == 0, within=5)


@WHERE
def test_the_school_office_says_it_is_a_drill_and_whoever_told_us_hears_whose_word_it_is(
    volunteer: Makes, telling: Tells, hotline: Hotline, how: How
) -> None:
    (dora,) = pair(volunteer, how, Role.DISPATCHER)
    street, number = telling()
    dora.enters(street)
    unfolds(dora, "ruling.debunk")
    dora.page.select_option("[name=was]", "drill")
    dora.page.select_option("[name=word_of]", "school_office")
    dora.taps("ruling.debunk_do")
    dora.reads("ruling.debunked")
    assert "Nosotros no lo vimos" in hotline.phone(number).receives("la oficina de la escuela nos dijo")


@WHERE
def test_a_closed_source_without_its_reference_is_asked_for_it_and_nothing_is_lost(
    volunteer: Makes, telling: Tells, how: How
) -> None:
    (dora,) = pair(volunteer, how, Role.DISPATCHER)
    street, _ = telling()
    dora.enters(street)
    unfolds(dora, "ruling.debunk")
    dora.page.select_option("[name=was]", "police")
    dora.page.select_option("[name=word_of]", "police_desk")
    dora.taps("ruling.debunk_do")
    dora.reads("ruling.no_reference")
    dora.opens("/")
    dora.finds(street).first.wait_for()


@WHERE
def test_a_question_goes_through_the_desk_and_its_answer_shows_without_a_number(
    volunteer: Makes, telling: Tells, hotline: Hotline, how: How
) -> None:
    (dora,) = pair(volunteer, how, Role.DISPATCHER)
    street, number = telling()
    phone = hotline.phone(number)
    dora.enters(street)
    unfolds(dora, "relay.open")
    dora.page.locator("select[name=what]").first.select_option("doing")
    dora.taps("relay.send")
    dora.reads("relay.asked")
    assert "No tiene que contestar" in phone.receives("¿qué hacen ahora?")
    assert "El voluntario lo lee" in phone.answers_with("estan subiendo a dos senores a una van blanca")
    dora.enters(street)
    dora.page.locator(".thread blockquote", has_text="van blanca").wait_for()
    assert number[-10:] not in re.sub(r"\D", "", dora.page.inner_text("main"))


@WHERE
def test_a_verifier_goes_by_text_and_the_queue_says_who(
    volunteer: Makes, telling: Tells, hotline: Hotline, new_number: Callable[[], str], how: How
) -> None:
    mine = new_number()
    vera = _verifier_with_a_phone(volunteer, how, hotline, mine)
    street, number = telling()
    phone = hotline.phone(mine)
    going = numbers_of(phone.receives(street, within=20))[0]
    before = len(phone.received())
    phone.texts(going)
    nobody = numbers_of(phone.receives(street, after=before))[3]
    vera.opens("/")
    vera.finds(street).get_by_text(vera.name).wait_for()
    phone.texts(nobody)
    hotline.phone(number).receives("no vimos agentes")
    eventually(lambda: vera.finds(street).count() == 0, within=5)
    vera.opens("/me")
    vera.taps("me.go_off")
    vera.reads("me.is_off")


@WHERE
def test_whoever_comes_on_shift_later_can_be_asked_by_hand(
    volunteer: Makes, telling: Tells, hotline: Hotline, new_number: Callable[[], str], how: How
) -> None:
    (dora,) = pair(volunteer, how, Role.DISPATCHER)
    street, _ = telling()
    dora.enters(street)
    dora.taps("send.ask")
    dora.reads("send.nobody")
    mine = new_number()
    vera = _verifier_with_a_phone(volunteer, how, hotline, mine)
    dora.enters(street)
    dora.taps("send.ask")
    asked = dora.page.get_by_text(dora.says("send.done_one", count=1))
    already = dora.page.get_by_text(dora.says("send.nobody_else_one"))
    asked.or_(already).first.wait_for()  # who comes on shift is asked by the clock as well
    hotline.phone(mine).receives(street, within=20)
    vera.opens("/me")
    vera.taps("me.go_off")
    vera.reads("me.is_off")


@WHERE
def test_a_text_without_a_place_gets_it_from_who_knows_and_joins_the_queue(
    volunteer: Makes, hotline: Hotline, new_number: Callable[[], str], how: How
) -> None:
    (dora,) = pair(volunteer, how, Role.DISPATCHER)
    hotline.phone(new_number()).answers_with(SOMEWHERE, within=30)
    street, crossing = untold(hotline)
    dora.opens("/")
    dora.page.locator("#unplaced a").click()
    article = dora.page.locator("article.report", has_text=SOMEWHERE)
    article.locator("summary").first.click()
    article.locator("[name=place]").fill(f"{street} y {crossing}, huntington park")
    article.get_by_role("button", name=dora.says("unplaced.do")).click()
    dora.reads("unplaced.placed")
    dora.opens("/")
    dora.finds(street.title()).first.wait_for()


@WHERE
def test_a_place_nobody_knows_is_said_so_and_what_was_typed_stays(
    volunteer: Makes, hotline: Hotline, new_number: Callable[[], str], how: How
) -> None:
    (dora,) = pair(volunteer, how, Role.DISPATCHER)
    said = "veo una troca de la migra ahorita, traen chalecos y mascaras"
    hotline.phone(new_number()).answers_with(said, within=30)
    dora.opens("/unplaced")
    article = dora.page.locator("article.report", has_text=said)
    article.locator("summary").first.click()
    article.locator("[name=place]").fill("donde dona chelo")
    article.get_by_role("button", name=dora.says("unplaced.do")).click()
    dora.page.locator(".said.refused").first.wait_for()
    assert dora.page.locator("[name=place]").first.input_value() == "donde dona chelo"


@WHERE
def test_two_that_told_of_one_corner_are_parted_when_one_meant_another(
    volunteer: Makes, telling: Tells, hotline: Hotline, new_number: Callable[[], str], how: How
) -> None:
    (dora,) = pair(volunteer, how, Role.DISPATCHER)
    street, _ = telling()
    dora.enters(street)
    place = dora.page.locator("h1").inner_text()
    hotline.phone(new_number()).answers_with(
        f"se ve una patrulla de migra por {place}, traen chalecos verdes", within=30
    )
    other, crossing = untold(hotline)
    dora.enters(street)
    dora.page.get_by_role("link", name=dora.says("split.open")).click()
    dora.page.locator("label", has_text="chalecos verdes").get_by_role("checkbox").check()
    dora.page.fill("[name=place]", f"{other} y {crossing}, huntington park")
    dora.taps("split.do")
    dora.page.get_by_text(dora.says("split.done")).first.wait_for()
    dora.opens("/")
    dora.finds(other.title()).first.wait_for()
    dora.finds(street).first.wait_for()


@WHERE
def test_two_tabs_of_one_person_are_one_hand(volunteer: Makes, telling: Tells, how: How) -> None:
    (vera,) = pair(volunteer, how, Role.VERIFIER)
    street, _ = telling()
    vera.enters(street)
    second = vera.page.context.new_page()
    second.goto(vera.page.url)
    vera.taps("incident.claim")
    vera.reads("incident.claimed")
    second.get_by_role("button", name=vera.says("incident.claim")).click()
    second.get_by_role("button", name=vera.says("incident.give_up")).wait_for()
    assert second.get_by_text(vera.says("error.500_title")).count() == 0
    second.close()

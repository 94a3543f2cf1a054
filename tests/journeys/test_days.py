"""Days of volunteers and organizers, each on a phone in Spanish and at a desk in English: what they see, do, and may not do.

Residents' phones are part of every story: what somebody presses here is read there.
"""

import datetime as dt
import re
from collections.abc import Callable

from bot.clock import local, now
from bot.people.models import Role
from tests.journeys.verbs import WHERE, Makes, Tells, hears_no_news, lets_out, pair
from tests.services.browser import at_once
from tests.services.system import Hotline
from tests.services.waiting import eventually, patient

CRY = "ayuda la migra esta en mi puerta"


@WHERE
def test_a_verifier_takes_it_and_gives_it_back(volunteer: Makes, telling: Tells, how: dict[str, object]) -> None:
    vera, dora = pair(volunteer, how, Role.VERIFIER, Role.DISPATCHER)
    street, _ = telling()
    vera.enters(street)
    vera.taps("incident.claim")
    vera.reads("incident.claimed")
    dora.opens("/")
    dora.finds(street).get_by_text(vera.name).wait_for()
    vera.taps("incident.give_up")
    vera.reads("incident.given_up")
    eventually(lambda: dora.finds(street).get_by_text(vera.name).count() == 0, within=5)


@WHERE
def test_it_was_the_police_and_whoever_told_us_hears_it(
    volunteer: Makes, telling: Tells, hotline: Hotline, how: dict[str, object]
) -> None:
    (vera,) = pair(volunteer, how, Role.VERIFIER)
    street, number = telling()
    vera.saw(street, "police")
    vera.reads("incident.found")
    assert "era policia local" in hotline.phone(number).receives("Fuimos a")
    vera.opens("/")
    eventually(lambda: vera.finds(street).count() == 0, within=5)


@WHERE
def test_nobody_was_seen_and_a_new_witness_opens_it_again(
    volunteer: Makes, telling: Tells, hotline: Hotline, new_number: Callable[[], str], how: dict[str, object]
) -> None:
    (vera,) = pair(volunteer, how, Role.VERIFIER)
    street, number = telling()
    vera.enters(street)
    place = vera.page.locator("h1").inner_text()
    vera.saw(street, "nobody")
    vera.reads("incident.found")
    hotline.phone(number).receives("no vimos agentes")
    vera.opens("/")
    eventually(lambda: vera.finds(street).count() == 0, within=5)
    hotline.phone(new_number()).texts(f"yo tambien veo a la migra en {place} ahorita, son 3 y traen una van gris")
    eventually(lambda: vera.finds(street).count() == 1, within=10, saying="not in the queue again")


@WHERE
def test_whoever_is_not_sure_leaves_it_to_somebody_else(
    volunteer: Makes, telling: Tells, how: dict[str, object]
) -> None:
    vera, omar = pair(volunteer, how, Role.VERIFIER, Role.VERIFIER)
    street, _ = telling()
    vera.saw(street, "perhaps")
    vera.reads("incident.found")
    omar.enters(street)
    omar.taps("incident.claim")
    omar.reads("incident.claimed")


@WHERE
def test_when_they_have_left_everybody_told_hears_it(
    volunteer: Makes, telling: Tells, subscribed: list[str], hotline: Hotline, how: dict[str, object]
) -> None:
    vera, luz = pair(volunteer, how, Role.VERIFIER, Role.ORGANIZER)
    street, _ = telling()
    vera.saw(street, "ice", "4, ICE vests")
    lets_out(luz, street)
    hotline.phone(subscribed[0]).receives("CONFIRMADO")
    vera.saw(street, "gone")
    lets_out(luz, street)
    for number in subscribed:
        hotline.phone(number).receives("ya no vemos")


@WHERE
def test_we_were_wrong_takes_two_and_reaches_everybody_told(
    volunteer: Makes, telling: Tells, subscribed: list[str], hotline: Hotline, how: dict[str, object]
) -> None:
    vera, luz, dora = pair(volunteer, how, Role.VERIFIER, Role.ORGANIZER, Role.DISPATCHER)
    street, _ = telling()
    vera.saw(street, "hsi", "2, HSI on their vests")
    lets_out(luz, street)
    hotline.phone(subscribed[0]).receives("CONFIRMADO")
    dora.enters(street)
    dora.page.select_option("[name=was]", "police")
    dora.taps("incident.correct")
    assert dora.page.get_by_role("button", name=dora.says("alert.release_other")).count() == 0
    lets_out(luz, street)
    for number in subscribed:
        assert street in hotline.phone(number).receives("CORRECCION")


@WHERE
def test_a_cry_for_help_is_taken_by_one_and_answered(
    volunteer: Makes, hotline: Hotline, new_number: Callable[[], str], how: dict[str, object]
) -> None:
    dora, luz, vera = pair(volunteer, how, Role.DISPATCHER, Role.ORGANIZER, Role.VERIFIER)
    phone = hotline.phone(new_number())
    phone.texts(CRY)
    dora.sees(CRY)
    vera.reads("emergency.private")
    assert vera.page.get_by_text(CRY).count() == 0
    cry = dora.page.locator("article.emergency", has_text=CRY).last
    cry.get_by_role("button", name=dora.says("emergency.take")).click()
    dora.reads("emergency.yours")
    luz.sees(dora.name)
    before = len(phone.received())
    dora.page.locator("article.emergency", has_text=CRY).last.get_by_role(
        "button", name=dora.says("emergency.send")
    ).click()
    dora.reads("emergency.said")
    phone.receives("", after=before)
    dora.page.locator("article.emergency", has_text=CRY).last.get_by_role(
        "button", name=dora.says("emergency.close")
    ).click()
    dora.reads("emergency.closed")
    eventually(lambda: luz.page.get_by_text(CRY).count() == 0, within=5)


@WHERE
def test_two_organizers_press_at_once_and_it_leaves_once(
    volunteer: Makes, telling: Tells, subscribed: list[str], hotline: Hotline, how: dict[str, object]
) -> None:
    vera, luz, ana = pair(volunteer, how, Role.VERIFIER, Role.ORGANIZER, Role.COORDINATOR)
    street, _ = telling()
    vera.saw(street, "ice", "5, ICE vests")
    for person in (luz, ana):
        person.enters(street)
        person.page.locator(".told [role=button]").first.click()
        person.page.get_by_role("button", name=person.says("alert.release_other")).wait_for()
    with at_once([luz.page, ana.page], "**/release"):
        for person in (luz, ana):
            person.page.get_by_role("button", name=person.says("alert.release_other")).click(no_wait_after=True)
    for person in (luz, ana):
        person.page.wait_for_url(re.compile(r"/alerts/\d+$"))
        person.page.locator(".said").first.wait_for()
    read = [person.page.get_by_text(person.says("alert.released")).count() for person in (luz, ana)]
    assert sorted(read) == [0, 1], "one of the two let it out, and the other reads that somebody did"
    hotline.phone(subscribed[0]).receives("CONFIRMADO")
    hotline.simulator.settle()
    alerts = [text for text in hotline.phone(subscribed[0]).received() if "CONFIRMADO" in text and street in text]
    assert len(alerts) == 1


@WHERE
def test_a_second_look_that_says_no_stops_the_release(volunteer: Makes, telling: Tells, how: dict[str, object]) -> None:
    vera, omar, luz = pair(volunteer, how, Role.VERIFIER, Role.VERIFIER, Role.ORGANIZER)
    street, _ = telling()
    vera.saw(street, "ice", "3, ICE vests")
    luz.enters(street)
    luz.page.locator(".told [role=button]").first.click()
    luz.page.get_by_role("button", name=luz.says("alert.release_other")).wait_for()
    hears_no_news(luz)
    omar.saw(street, "police")
    omar.reads("state.disputed")
    luz.taps("alert.release_other")
    luz.page.locator(".said").first.wait_for()
    assert luz.page.get_by_text(luz.says("alert.released")).count() == 0


@WHERE
def test_frozen_while_somebody_reads_it_does_not_leave(
    volunteer: Makes, telling: Tells, how: dict[str, object]
) -> None:
    vera, luz, ana = pair(volunteer, how, Role.VERIFIER, Role.ORGANIZER, Role.COORDINATOR)
    street, _ = telling()
    vera.saw(street, "cbp", "2, Border Patrol on their backs")
    luz.enters(street)
    luz.page.locator(".told [role=button]").first.click()
    luz.page.get_by_role("button", name=luz.says("alert.release_other")).wait_for()
    hears_no_news(luz)
    vera.opens("/freeze")
    vera.taps("freeze.do")
    vera.reads("freeze.done")
    luz.taps("alert.release_other")
    luz.page.locator(".said.warning, .said.refused").first.wait_for()
    assert luz.page.get_by_text(luz.says("alert.released")).count() == 0
    for person in (luz, ana):
        person.opens("/freeze")
        person.taps("freeze.thaw")
    ana.reads("freeze.thawed")


@WHERE
def test_they_change_their_language_and_every_page_follows(volunteer: Makes, how: dict[str, object]) -> None:
    (vera,) = pair(volunteer, how, Role.VERIFIER)
    other = "es" if vera.language == "en" else "en"
    vera.opens("/me")
    vera.page.locator(f"button[name=language][value={other}]").click()
    vera.language = other
    for path, key in (("/", "queue.title"), ("/notices", "nav.notices"), ("/freeze", "freeze.title")):
        vera.opens(path)
        vera.reads(key)
        assert vera.page.evaluate("document.documentElement.lang") == other


@WHERE
def test_a_shift_begins_and_ends_with_one_touch(volunteer: Makes, how: dict[str, object]) -> None:
    (vera,) = pair(volunteer, how, Role.VERIFIER)
    vera.opens("/me")
    vera.taps("me.go_off")
    vera.reads("me.is_off")
    vera.taps("me.go_on")
    vera.reads("me.is_on")


@WHERE
def test_a_session_left_open_elsewhere_is_ended_from_here(volunteer: Makes, how: dict[str, object]) -> None:
    (luz,) = pair(volunteer, how, Role.ORGANIZER)
    elsewhere = luz.elsewhere()
    luz.opens("/me")
    luz.taps("me.end_others")
    elsewhere.page.wait_for_url(re.compile(r"/sign-in"), timeout=patient(5))


@WHERE
def test_a_verifier_finds_no_way_to_what_is_not_theirs(volunteer: Makes, how: dict[str, object]) -> None:
    (vera,) = pair(volunteer, how, Role.VERIFIER)
    answer = vera.page.request.get(f"{vera.desk}/notices/new")
    assert answer.status == 403
    assert vera.says("error.403_title") in answer.text()


@WHERE
def test_a_notice_goes_back_to_its_author_with_a_reason(volunteer: Makes, how: dict[str, object]) -> None:
    luz, ana = pair(volunteer, how, Role.ORGANIZER, Role.COORDINATOR)
    luz.opens("/notices/new")
    luz.page.fill("[name=text_es]", "Comida gratis el domingo en Salt Lake Park. Traiga bolsas.")
    luz.page.fill("[name=text_en]", "Free food on Sunday at Salt Lake Park. Bring bags.")
    luz.page.locator("[name=neighborhoods][value=hp]").check()
    for name, hours in (("starts_at", 3), ("ends_at", 30)):
        luz.page.fill(f"[name={name}]", _in(hours))
    luz.taps("notice.keep")
    luz.page.wait_for_url(re.compile(r"/notices/\d+$"))
    address = luz.page.url.partition("/console")[2]
    luz.taps("notice.submit")
    ana.opens(address)
    ana.page.fill("[name=why]", "Say at what time.")
    ana.taps("notice.return")
    luz.opens(address)
    luz.sees("Say at what time.")


def _in(hours: float) -> str:
    return local(now() + dt.timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M")

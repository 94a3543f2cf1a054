"""What follows a release, and what comes between a hand and it: updates, somebody quicker, the back button, a slow line."""

from functools import partial

from bot.people.models import Role
from tests.journeys.verbs import WHERE, How, Makes, Tells, hears_no_news, lets_out, pair
from tests.services.carrier import Phone
from tests.services.system import Hotline
from tests.services.waiting import eventually, patient

NARROW = {"width": 320, "height": 568}
SLOW = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 20_000}
"""What an old phone has two bars of; bytes a second, milliseconds."""


def _twice(phone: Phone, street: str) -> bool:
    return sum(street in text for text in phone.received()) == 2


@WHERE
def test_still_there_is_said_again_by_two(
    volunteer: Makes, telling: Tells, subscribed: list[str], hotline: Hotline, how: How
) -> None:
    vera, luz, ana = pair(volunteer, how, Role.VERIFIER, Role.ORGANIZER, Role.COORDINATOR)
    street, _ = telling()
    vera.saw(street, "ice", "4, ICE vests")
    lets_out(luz, street)
    hotline.phone(subscribed[0]).receives("CONFIRMADO")
    luz.taps("acts.update")
    luz.reads("incident.proposed")
    lets_out(ana, street)
    for number in subscribed:
        eventually(partial(_twice, hotline.phone(number), street), saying="no update")


@WHERE
def test_a_page_left_open_while_another_releases_says_that_it_is_out(
    volunteer: Makes, telling: Tells, subscribed: list[str], hotline: Hotline, how: How
) -> None:
    vera, luz, ana = pair(volunteer, how, Role.VERIFIER, Role.ORGANIZER, Role.COORDINATOR)
    street, _ = telling()
    vera.saw(street, "ice", "3, ICE on their backs")
    luz.enters(street)
    luz.page.locator(".told [role=button]").first.click()
    luz.page.get_by_role("button", name=luz.says("alert.release_other")).wait_for()
    lets_out(ana, street)
    luz.page.get_by_text(ana.name).first.wait_for()
    button = luz.page.get_by_role("button", name=luz.says("alert.release_other"))
    eventually(lambda: button.count() == 0, saying="what is out can still be let out")
    hotline.phone(subscribed[0]).receives("CONFIRMADO")
    hotline.simulator.settle()
    assert sum(street in text for text in hotline.phone(subscribed[0]).received()) == 1


@WHERE
def test_the_back_button_after_a_release_releases_nothing_twice(
    volunteer: Makes, telling: Tells, subscribed: list[str], hotline: Hotline, how: How
) -> None:
    vera, luz = pair(volunteer, how, Role.VERIFIER, Role.ORGANIZER)
    street, _ = telling()
    vera.saw(street, "hsi", "2, HSI on their vests")
    lets_out(luz, street)
    hears_no_news(luz)
    luz.page.go_back()
    luz.page.wait_for_load_state()
    button = luz.page.get_by_role("button", name=luz.says("alert.release_other"))
    if button.count():
        button.click()
        luz.page.locator(".said").first.wait_for()
    hotline.phone(subscribed[0]).receives(street)
    hotline.simulator.settle()
    for number in subscribed:
        assert sum(street in text for text in hotline.phone(number).received()) == 1


@WHERE
def test_doubted_after_the_release_it_cannot_be_updated(
    volunteer: Makes, telling: Tells, subscribed: list[str], hotline: Hotline, how: How
) -> None:
    vera, luz, dora = pair(volunteer, how, Role.VERIFIER, Role.ORGANIZER, Role.DISPATCHER)
    street, _ = telling()
    vera.saw(street, "cbp", "2, Border Patrol")
    lets_out(luz, street)
    hotline.phone(subscribed[0]).receives("CONFIRMADO")
    dora.enters(street)
    dora.page.locator("summary", has_text=dora.says("incident.doubt_open")).first.click()
    dora.taps("incident.doubt")
    dora.reads("incident.doubted")
    for number in subscribed:
        hotline.phone(number).receives("dudamos")
    luz.enters(street)
    luz.reads("state.disputed")
    assert luz.page.get_by_role("button", name=luz.says("acts.update")).count() == 0


@WHERE
def test_on_a_slow_line_and_the_smallest_phone_it_leaves_all_the_same(
    volunteer: Makes, telling: Tells, subscribed: list[str], hotline: Hotline, how: How
) -> None:
    (vera,) = pair(volunteer, how, Role.VERIFIER)
    luz = volunteer(Role.ORGANIZER, **{**how, "view": NARROW})
    line = luz.page.context.new_cdp_session(luz.page)
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", SLOW)
    luz.page.context.set_default_timeout(patient(60))
    luz.signs_in()
    street, _ = telling()
    vera.saw(street, "ice", "6, ICE vests")
    luz.opens("/")
    luz.finds(street).first.wait_for(timeout=patient(20))
    luz.finds(street).get_by_role("link").first.click()
    luz.page.locator(".told [role=button]").first.click()
    luz.page.get_by_role("button", name=luz.says("alert.release_other")).wait_for()
    assert luz.page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    luz.taps("alert.release_other")
    luz.reads("alert.released", within=20)
    for number in subscribed:
        hotline.phone(number).receives(street)

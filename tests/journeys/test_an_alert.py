"""From a text to phones and back: seen, confirmed, released by a second person, watched, doubted."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Route

from bot.people.models import Role
from tests.journeys.conftest import DESKTOP, PHONE, Volunteer
from tests.services.system import Hotline
from tests.services.waiting import eventually, patient

Makes = Callable[..., Volunteer]


def confirm(verifier: Volunteer, street: str) -> None:
    """See it in the queue without reloading, go there, say what was there."""
    verifier.sees(street)
    verifier.page.locator(".row", has_text=street).get_by_role("link").click()
    verifier.presses("I go and look")
    verifier.sees("It is yours")
    verifier.page.get_by_label(re.compile("(say|ellos dicen) ICE")).check()
    verifier.page.fill("textarea[name=words]", "4 agents, vests")
    verifier.presses("Send what I saw")
    verifier.sees("Kept. Thank you")


def release(organizer: Volunteer, street: str, scripts: bool = True) -> None:
    """Read it, its count too, and let it out. Without scripts the page is asked for again until it is counted."""
    organizer.page.locator(".row", has_text=street).get_by_role("link").click()
    organizer.page.get_by_role("button", name="Read and release").click()
    counted = organizer.page.get_by_text("people would get it")
    if not scripts:
        eventually(lambda: counted.count() or (organizer.page.reload() and None), within=20, saying="not counted")
    organizer.sees("people would get it")
    organizer.presses("Release to")
    organizer.sees("It is leaving now")


@pytest.mark.parametrize("view", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_two_people_in_two_browsers_release_and_watch_it_arrive(
    volunteer: Makes,
    reported: Callable[..., str],
    subscribed: list[str],
    hotline: Hotline,
    view: dict[str, int],
) -> None:
    vera, luz = volunteer(Role.VERIFIER, view=view), volunteer(Role.ORGANIZER, view=view)
    vera.signs_in()
    luz.signs_in()
    street = reported()
    confirm(vera, street)
    luz.sees(street)
    release(luz, street)
    delivered = luz.page.locator("[data-count=delivered]")
    eventually(lambda: int(delivered.inner_text()) >= len(subscribed), within=20, saying="not all delivered")
    for number in subscribed:
        assert street in hotline.phone(number).receives("CONFIRMADO")


def test_a_page_opened_before_the_count_says_the_count_on_the_same_button(
    volunteer: Makes, reported: Callable[..., str], subscribed: list[str]
) -> None:
    vera, luz = volunteer(Role.VERIFIER), volunteer(Role.ORGANIZER)
    vera.signs_in()
    luz.signs_in()
    street = reported()
    confirm(vera, street)
    luz.sees(street)
    luz.page.route(re.compile(r"/alerts/\d+$"), _as_before_the_count)
    luz.page.locator(".row", has_text=street).get_by_role("link").click()
    luz.page.get_by_role("button", name="Read and release").click()
    luz.page.wait_for_url(re.compile(r"/alerts/\d+$"))
    luz.page.locator("button.go").evaluate("button => { button.focus(); button.underAFinger = true }")
    luz.sees("people would get it")
    button = luz.page.locator("button.go", has_text=re.compile(r"Release to \d+ p"))
    button.wait_for(timeout=patient(15))
    assert button.evaluate("button => button.underAFinger && document.activeElement === button")
    luz.page.locator("#who-reads", has_text=re.compile(r"^\d+ p\w+ will read these words")).wait_for(timeout=patient(5))
    button.click()
    luz.sees("It is leaving now")


def _as_before_the_count(route: Route) -> None:
    """The page as it was before its audience was counted: the clock may have been quicker than this browser."""
    came = route.fetch()
    page = re.sub(r'(id="release-to">)[^<]*', r"\1Release to all who asked", came.text())
    page = re.sub(r'(id="who-reads">)[^<]*', r"\1Everybody above will read these words.", page)
    route.fulfill(response=came, body=re.sub(r'("If-None-Match": ")[^}]*', r'\1\\"before\\""', page))


def test_one_person_stops_it_and_everybody_told_hears_of_the_doubt(
    volunteer: Makes, reported: Callable[..., str], subscribed: list[str], hotline: Hotline
) -> None:
    vera, luz, dora = volunteer(Role.VERIFIER), volunteer(Role.ORGANIZER), volunteer(Role.DISPATCHER)
    for person in (vera, luz, dora):
        person.signs_in()
    street = reported()
    confirm(vera, street)
    luz.sees(street)
    release(luz, street)
    for number in subscribed:
        hotline.phone(number).receives("CONFIRMADO")
    dora.page.locator(".row", has_text=street).get_by_role("link").click()
    dora.page.locator("summary", has_text="We doubt it").click()
    dora.presses("Stop copies and say we doubt it")
    dora.sees("hears that we are checking again")
    dora.sees("Disputed")
    for number in subscribed:
        hotline.phone(number).receives("dudamos")


def test_the_first_hand_cannot_be_the_second(volunteer: Makes, reported: Callable[..., str]) -> None:
    luz = volunteer(Role.ORGANIZER)
    luz.signs_in()
    street = reported()
    confirm(luz, street)
    luz.page.get_by_role("button", name="Read and release").click()
    luz.sees("You confirmed this yourself")
    assert luz.page.get_by_role("button", name="Release to").count() == 0


def test_it_all_works_in_spanish(volunteer: Makes, reported: Callable[..., str], subscribed: list[str]) -> None:
    vera, luz = volunteer(Role.VERIFIER, language="es"), volunteer(Role.ORGANIZER, language="es")
    for person in (vera, luz):
        person.signs_in()
    street = reported("la migra esta en {street} y {crossing} ahorita, 4 con chalecos")
    vera.sees(street)
    vera.page.locator(".row", has_text=street).get_by_role("link").click()
    vera.page.get_by_label(re.compile("(say|ellos dicen) ICE")).check()
    vera.presses("Mandar lo que vi")
    vera.sees("Gracias por ir a mirar")
    luz.sees(street)
    luz.page.locator(".row", has_text=street).get_by_role("link").click()
    luz.page.get_by_role("button", name="Leer y dar salida").click()
    luz.presses("Dar salida a")
    luz.sees("Está saliendo")


def test_it_all_works_without_javascript(
    volunteer: Makes, reported: Callable[..., str], subscribed: list[str], hotline: Hotline
) -> None:
    vera = volunteer(Role.VERIFIER, java_script_enabled=False)
    luz = volunteer(Role.ORGANIZER, java_script_enabled=False)
    street = reported()
    vera.signs_in()
    confirm(vera, street)
    luz.signs_in()
    release(luz, street, scripts=False)
    for number in subscribed:
        hotline.phone(number).receives(street)
    eventually(lambda: luz.page.reload() and luz.page.get_by_text("delivered").count(), saying="nothing delivered")

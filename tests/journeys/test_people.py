"""People as they live with it: a week of shifts on a small phone, lost keys, a role by two, an ended session on any page."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Response, expect

from bot.clock import now
from bot.people import sign_in, totp
from bot.people.models import Role
from bot.store.session import writing
from tests.console.test_vendored import STATIC
from tests.journeys.conftest import Volunteer
from tests.services.system import Hotline
from tests.services.waiting import patient

Makes = Callable[..., Volunteer]
SMALL = {"width": 375, "height": 667}
NEW = "nueve lunas sobre el tejado"


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without"])
@pytest.mark.parametrize("language", ["en", "es"])
def test_a_shift_is_planned_and_cancelled_on_a_small_phone(volunteer: Makes, language: str, scripts: bool) -> None:
    vera = volunteer(Role.VERIFIER, view=SMALL, language=language, java_script_enabled=scripts)
    vera.signs_in()
    vera.opens("/shifts")
    vera.page.select_option("[name=day]", index=2)
    vera.page.select_option("[name=start]", "22")
    vera.page.select_option("[name=end]", "2")
    rows = vera.page.locator(".week li", has_text=vera.name)
    before = rows.count()
    vera.presses("Plan it" if language == "en" else "Apartarlo")
    vera.sees("Your shift is planned" if language == "en" else "Su turno queda apartado")
    expect(rows, "from 10pm to 2am: two days").to_have_count(before + 2)
    width = vera.page.locator("body").bounding_box()
    assert width
    assert width["width"] <= SMALL["width"]
    vera.page.locator(".week li", has_text="10pm").get_by_role("button").first.click()
    vera.sees("is cancelled" if language == "en" else "queda cancelado")


def test_who_lost_their_phone_comes_back_by_two_organizers(volunteer: Makes) -> None:
    luz, ana, vera = volunteer(Role.ORGANIZER), volunteer(Role.COORDINATOR), volunteer(Role.VERIFIER)
    for person in (luz, ana):
        person.signs_in()
        person.opens("/people")
    luz.page.get_by_role("link", name=f"Role, new keys {vera.name}").click()
    luz.presses("Ask for new keys")
    link = luz.page.locator("input[readonly]").input_value()
    vera.page.goto(link)
    vera.sees("One more person has to say yes")
    ana.page.reload()
    ana.page.locator("li", has_text=f"New keys for {vera.name}").get_by_role("button", name="Agree").click()
    code = ana.page.locator(".big code").inner_text()
    page = vera.page
    page.goto(link)
    page.fill("[name=code]", code)
    page.fill("[name=passphrase]", NEW)
    page.get_by_role("button", name="Next").click()
    secret = page.locator(".secret").inner_text()
    page.fill("[name=totp]", totp.code_at(secret, now()))
    page.get_by_role("button", name="Done").click()
    vera.sees("You are back")
    page.fill("[name=name]", vera.name)
    page.fill("[name=passphrase]", NEW)
    page.fill("[name=code]", totp.code_at(secret, now()))
    page.click("main button")
    page.wait_for_selector("#queue")


def test_an_ended_session_clears_whatever_page_is_open_with_its_next_question(
    volunteer: Makes, hotline: Hotline
) -> None:
    """Also pages where nothing lives. A page asks oftener than once a second (`here.js`)."""
    assert int(re.findall(r"EVERY = (\d+)", (STATIC / "here.js").read_text())[0]) < 1000
    refused: list[str] = []

    def noted(answer: Response) -> None:
        if answer.url.endswith("/here") and answer.status == 401:
            refused.append(answer.url)

    for path in ("/people", "/notices/new", "/me"):
        luz = volunteer(Role.ORGANIZER)
        luz.signs_in()
        luz.opens(path)
        luz.page.wait_for_load_state()
        with writing(hotline.database_url) as session:
            person = sign_in.known(session, luz.name)
            assert person
            sign_in.revoke(session, person)
        refused.clear()
        luz.page.on("response", noted)
        luz.page.locator(".bar nav").wait_for(state="detached", timeout=patient(5))
        luz.page.wait_for_url(re.compile(r"/sign-in$"), timeout=patient(5))
        assert len(refused) <= 1, "it went on asking"


def test_ending_my_other_sessions_cuts_the_lost_phone_off(volunteer: Makes, hotline: Hotline) -> None:
    vera = volunteer(Role.VERIFIER)
    vera.signs_in()
    other = vera.page.context.browser
    assert other
    context = other.new_context()
    phone = context.new_page()
    with writing(hotline.database_url) as session:
        person = sign_in.known(session, vera.name)
        assert person
        token = sign_in.open_session(session, person)
    context.add_cookies([{"name": "contigo-session", "value": token, "url": hotline.address}])
    phone.goto(f"{vera.desk}/shifts")
    phone.get_by_role("heading", name="Shifts").wait_for()
    vera.opens("/me")
    vera.presses("End all others")
    phone.wait_for_url(re.compile(r"/sign-in$"), timeout=patient(5))
    context.close()

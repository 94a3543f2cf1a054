"""Keys, clocks, sound, focus and the lost connection, in a real Chromium under our policy; and what works without JavaScript."""

import re

import pytest
from playwright.sync_api import Page

from bot.incidents import opening
from bot.incidents.models import Incident
from bot.incidents.states import IncidentState
from bot.moderation import emergencies
from bot.people.models import Person
from bot.reports.models import ReportKind
from bot.store.session import writing
from tests.console.conftest import NUMBERS, Corner, People, reported
from tests.console.test_queue_page import spots
from tests.journeys.desk_alone import DESKTOP, PHONE, AtTheDesk, at_the_desk, browser, fits, served
from tests.services.waiting import patient

__all__ = ["at_the_desk", "browser", "served"]


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.id"))


def order(page: Page) -> list[str]:
    found = page.locator(".queue .row").evaluate_all("rows => rows.map(row => row.id.replace('row-', ''))")
    return [str(code) for code in found]


def becomes(code: str, state: IncidentState) -> None:
    with writing() as session:
        incident = session.query(Incident).filter_by(code=code).one()
        if state is IncidentState.DISPUTED:
            incident.becomes(session, IncidentState.VERIFYING)
        incident.becomes(session, state)


def cries() -> None:
    with writing() as session:
        cry = reported(session, NUMBERS[4], "auxilio rompen mi puerta", kind=ReportKind.EMERGENCY)
        emergencies.open(session, cry)


def test_keys_go_up_and_down_open_and_claim(at_the_desk: AtTheDesk, people: People) -> None:
    spots(3)
    page = at_the_desk(people.vera, "/")
    codes = order(page)
    for key, at in (("j", 0), ("j", 1), ("j", 2), ("j", 2), ("k", 1)):
        page.keyboard.press(key)
        assert focused(page) == f"open-{codes[at]}", key
    page.keyboard.press("Enter")
    page.wait_for_url("**/incidents/*")
    page.go_back()
    page.keyboard.press("j")
    page.keyboard.press("c")
    assert page.evaluate("document.activeElement.matches('.row button.go-look')"), "a slip sends nobody"
    page.keyboard.press("Enter")
    page.get_by_text("It is yours. Watch from afar").wait_for()


def test_a_key_in_a_field_is_a_letter_and_keys_can_be_switched_off(at_the_desk: AtTheDesk, people: People) -> None:
    spots(2)
    page = at_the_desk(people.vera, "/")
    page.locator("#filters summary").click()
    page.focus("[name=area]")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.name") == "area"
    page.keyboard.press("Tab")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("?")
    assert page.locator("#keys dl").is_visible()
    page.locator("#keys-on").uncheck()
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("j")
    assert not focused(page).startswith("open-")
    page.reload()
    page.keyboard.press("j")
    assert not focused(page).startswith("open-"), "remembered by this browser"


def test_what_changes_shows_by_itself_and_focus_and_folds_stay(at_the_desk: AtTheDesk, people: People) -> None:
    spots(4)
    page = at_the_desk(people.vera, "/")
    page.locator("#keys summary").click()
    codes = order(page)
    page.focus(f"#open-{codes[3]}")
    becomes(codes[2], IncidentState.DISPUTED)
    (new,) = spots(1)
    page.wait_for_selector(f"#row-{new}", timeout=patient(3))
    assert order(page)[0] == codes[2], "what is disputed comes first"
    assert sorted(order(page)) == sorted([*codes, new])
    assert focused(page) == f"open-{codes[3]}"
    assert page.locator("#keys dl").is_visible()


def test_a_filter_holds_while_the_page_lives(at_the_desk: AtTheDesk, people: People) -> None:
    (bell,) = spots(1, "bell")
    page = at_the_desk(people.vera, "/")
    page.locator("#filters summary").click()
    page.select_option("[name=area]", "bell")
    page.get_by_role("button", name="Show", exact=True).click()
    page.wait_for_url("**area=bell**")
    spots(1, "maywood")
    (second,) = spots(1, "bell")
    page.wait_for_selector(f"#row-{second}", timeout=patient(3))
    assert set(order(page)) == {bell, second}


def test_the_clock_of_a_cry_runs_each_second(at_the_desk: AtTheDesk, corner: Corner, people: People) -> None:
    page = at_the_desk(people.dora, "/")
    clock = page.locator("time.clock")
    before = _seconds(clock.inner_text())
    page.wait_for_function("since => { const [m, s] = document.querySelector('time.clock').textContent.split(':').map(Number);"
                           " return m * 60 + s >= since + 2; }", arg=before, timeout=patient(6))  # fmt: skip
    wrong = page.evaluate("(() => { const clock = document.querySelector('time.clock');"
                          " const [m, s] = clock.textContent.split(':').map(Number);"
                          " return (Date.now() - new Date(clock.dateTime)) / 1000 - m * 60 - s; })()")  # fmt: skip
    assert abs(wrong) < 2


def test_it_runs_without_javascript_too(at_the_desk: AtTheDesk, corner: Corner, people: People) -> None:
    page = at_the_desk(people.dora, "/", java_script_enabled=False)
    before = page.locator("time.clock").inner_text()
    page.locator("time.clock").filter(has_not_text=re.compile(f"^{before}$")).wait_for(timeout=patient(15))


def test_without_javascript_the_queue_is_worked_all_the_same(at_the_desk: AtTheDesk, people: People) -> None:
    (code,) = spots(1)
    spots(1, "maywood")
    page = at_the_desk(people.vera, "/", java_script_enabled=False)
    page.locator("#filters summary").click()
    page.select_option("[name=area]", "bell")
    page.get_by_role("button", name="Show", exact=True).click()
    page.wait_for_url("**area=bell**")
    assert order_without_script(page) == [code]
    assert not page.locator("#sound-on").is_visible(), "nothing is offered that needs a script"
    page.get_by_role("button", name="I go and look").click()
    page.get_by_text("It is yours. Watch from afar").wait_for()


def order_without_script(page: Page) -> list[str]:
    rows = page.locator(".queue .row")
    return [str(rows.nth(n).get_attribute("id")).removeprefix("row-") for n in range(rows.count())]


def test_sound_only_where_it_was_asked_for_and_once_for_each_cry(at_the_desk: AtTheDesk, people: People) -> None:
    silent, loud = at_the_desk(people.dora, "/"), at_the_desk(people.luz, "/")
    loud.locator("summary", has_text="Sound").click()
    loud.locator("#sound-on").check()
    cries()
    for page in (silent, loud):
        page.wait_for_selector("[data-untaken]", timeout=patient(3))
    loud.wait_for_function("document.documentElement.dataset.rang === '1'", timeout=patient(3))
    spots(1)
    loud.wait_for_selector(".queue .row", timeout=patient(3))
    assert loud.evaluate("document.documentElement.dataset.rang") == "1"
    assert silent.evaluate("document.documentElement.dataset.rang") is None


def test_who_has_no_connection_is_told_that_the_page_is_old(at_the_desk: AtTheDesk, people: People) -> None:
    page = at_the_desk(people.vera, "/")
    page.evaluate("() => { window.fetch = () => new Promise(() => {}); }")
    page.locator("#stale").wait_for(timeout=20_000)
    assert "No connection. What you see here is as of" in page.locator("#stale").inner_text()


@pytest.mark.parametrize("view", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("language", ["en", "es"])
def test_it_fits_and_its_buttons_fit_a_thumb(
    at_the_desk: AtTheDesk, corner: Corner, people: People, view: dict[str, int], language: str
) -> None:
    spots(2)
    with writing() as session:
        session.get_one(Person, people.ana.id).language = language
        opening.open_at(
            session, opening.Spot("a" * 60, "Avenida de los Constituyentes & Boulevard of Dreams", ("lb_cambodia",))
        )
    for path in ("/", "/?area=bell&kind=told", "/health"):
        page = at_the_desk(people.ana, path, view)
        assert fits(page), path
        small = page.evaluate(
            "[...document.querySelectorAll('main button, main a.button-like, .paging a, .row > a, .foot a')].filter(each =>"
            " each.offsetParent && each.getBoundingClientRect().height < 44).map(each => each.textContent.trim())"
        )
        assert small == [], path


def _seconds(clock: str) -> int:
    minutes, seconds = clock.split(":")
    return int(minutes) * 60 + int(seconds)

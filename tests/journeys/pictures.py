"""The pictures in README and docs, taken of the running demo: `./run demo` in one shell, then, in another,

./run bot demo tour && .venv/bin/python -m tests.journeys.pictures
"""

import base64
import json
import shutil
import sys
from pathlib import Path
from typing import Any
from urllib.parse import quote
from urllib.request import Request, urlopen

import pyotp
from playwright.sync_api import Browser, Page, sync_playwright

from bot.demo.people import account
from runner import demo_settings
from runner.suites import BROWSERS
from tests.services.browser import QUIET

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
SIDE_BY_SIDE = """<body style="margin:0;display:flex;gap:24px;padding:24px;background:#e7e5df;align-items:flex-start">
<img src="data:image/png;base64,{left}" style="width:{left_width}px;border-radius:8px">
<img src="data:image/png;base64,{right}" style="width:{right_width}px;border-radius:8px"></body>"""
SEEN = {
    "+13235550171": "ice at gage and state right now, 4 agents with vests, two white vans",
    "+13235550172": "veo como 6 agentes de la migra en gage y state, chalecos que dicen ICE",
    "+13235550173": "unas camionetas blancas en slauson y pacific, no se si es la migra",
}
"""What a queue is not without: told by phones that the tour has not used."""
LEFT, RIGHT, HEIGHT, PHONE = 760, 760, 900, 390


def take() -> None:
    """Phones beside the console, an incident, the release page, the queue on a phone, health, and the public page."""
    known = demo_settings.demo_settings()
    hotline = known["PUBLIC_BASE_URL"]
    phones = f"http://127.0.0.1:{known['SIMULATOR_PORT']}/"
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        path = next(found for name in BROWSERS if (found := shutil.which(name)))
        browser = playwright.chromium.launch(executable_path=path, args=QUIET)
        page = _open(browser, LEFT)
        page.goto(phones)
        page.wait_for_timeout(1500)
        left = page.screenshot()
        desk = _open(browser, RIGHT)
        _sign_in(desk, hotline)
        desk.goto(_first_incident(desk))
        right = desk.screenshot()
        joined = _open(browser, LEFT + RIGHT + 72, HEIGHT + 48)
        joined.set_content(
            SIDE_BY_SIDE.format(
                left=base64.b64encode(left).decode(), right=base64.b64encode(right).decode(),
                left_width=LEFT, right_width=RIGHT,
            )
        )  # fmt: skip
        joined.screenshot(path=FOLDER / "phones-and-console.png")
        desk.screenshot(path=FOLDER / "incident.png", full_page=True)
        for number, words in SEEN.items():
            _text(phones, number, words)
        _at_the_desk(browser, desk, hotline)
        _released_alert(desk)
        desk.screenshot(path=FOLDER / "alert.png", full_page=True)
        _shot(browser, f"{hotline}/?lang=es", "public-page.png", width=390)
        browser.close()


def _open(browser: Browser, width: int, height: int = HEIGHT, *, light: str = "light", **more: Any) -> Page:
    context = browser.new_context(
        viewport={"width": width, "height": height},
        locale="en-US",
        timezone_id="America/Los_Angeles",
        color_scheme="dark" if light == "dark" else "light",
        **more,
    )
    return context.new_page()


def _at_the_desk(browser: Browser, desk: Page, hotline: str) -> None:
    """The queue by day and by night on a phone, and whether it all works; as the one who is signed in already."""
    here = desk.context.storage_state()
    for name, path, width, light in (
        ("queue.png", "/", PHONE, "light"),
        ("queue-by-night.png", "/", PHONE, "dark"),
        ("health.png", "/health", RIGHT, "light"),
    ):
        page = _open(browser, width, light=light, storage_state=here)
        page.goto(f"{hotline}/console{path}")
        page.screenshot(path=FOLDER / name, full_page=True)


def _text(phones: str, number: str, words: str) -> None:
    body = json.dumps({"body": words, "channel": "sms"}).encode()
    asked = Request(f"{phones}simulator/phones/{quote(number)}/texts", body, {"Content-Type": "application/json"})
    with urlopen(asked, timeout=30):
        return


def _shot(browser: Browser, address: str, name: str, width: int) -> None:
    page = _open(browser, width)
    page.goto(address)
    page.screenshot(path=FOLDER / name, full_page=True)


def _sign_in(page: Page, hotline: str) -> None:
    """As Dora, whose code the tour has not just used."""
    known = account("Dora")
    page.goto(f"{hotline}/console/sign-in")
    page.fill("input[name=name]", known.name)
    page.fill("input[name=passphrase]", known.passphrase)
    page.fill("input[name=code]", pyotp.TOTP(known.totp).now())
    page.click("form[action*='sign-in'] button")
    page.wait_for_url("**/console/")


def _first_incident(page: Page) -> str:
    """The newest incident there is, open or not: the tour leaves closed ones behind."""
    address = page.url.partition("/console")[0]
    return f"{address}/console/incidents/1"


def _released_alert(page: Page) -> None:
    page.click("a[href*='/alerts/'] >> nth=0")


def up(address: str) -> bool:
    try:
        with urlopen(address, timeout=2):
            return True
    except OSError:
        return False


if __name__ == "__main__":
    if not up(f"{demo_settings.demo_settings()['PUBLIC_BASE_URL']}/readyz"):
        sys.exit("Start ./run demo first, and ./run bot demo tour.")
    take()

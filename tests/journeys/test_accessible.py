"""Can everybody use every page? axe-core finds nothing serious on any, on a phone and at a desk, light and dark, en and es.

And what else is asked of all pages: none is wider than a phone, every button fits a thumb, each has a name and its language.
"""

import hashlib
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from bot.people.models import Role
from tests.journeys.conftest import DESKTOP, PHONE, Volunteer
from tests.journeys.everywhere import NO_PAGES, SIGNED_IN, SIGNED_OUT, Town, settle
from tests.services.system import Hotline

AXE = Path(__file__).parent / "axe" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
GRAVE = ("serious", "critical")
THUMB_PIXELS = 44
SMALL_BUTTONS = f"""[...document.querySelectorAll('button, [role=button], nav a')]
    .filter(each => each.checkVisibility() && each.getBoundingClientRect().height < {THUMB_PIXELS})
    .map(each => each.textContent.trim())"""

Makes = Callable[..., Volunteer]


@pytest.fixture
def town(hotline: Hotline, new_number: Callable[[], str]) -> Iterator[Town]:
    """One for all tests of this file and database."""
    if hotline.address not in _towns:
        _towns[hotline.address] = settle(hotline, new_number)
    yield _towns[hotline.address]


_towns: dict[str, Town] = {}


def test_every_page_of_the_console_is_walked(env: object) -> None:
    from bot.console.app import make_app

    shown = {rule.endpoint for rule in make_app().url_map.iter_rules() if "GET" in (rule.methods or ())}
    assert shown == {*SIGNED_IN, *SIGNED_OUT, *NO_PAGES}


def test_the_accessibility_rules_are_the_ones_we_took() -> None:
    line = (AXE.parent / "vendor.txt").read_text().splitlines()[1]
    assert hashlib.sha256(AXE.read_bytes()).hexdigest() == line.split()[-1]


@pytest.mark.parametrize(
    ("view", "language", "colors"),
    [(PHONE, "en", "light"), (PHONE, "es", "dark"), (DESKTOP, "en", "dark"), (DESKTOP, "es", "light")],
    ids=["phone in English by day", "phone in Spanish by night", "desk in English by night", "desk in Spanish by day"],
)
def test_nothing_serious_stands_in_anybodys_way(
    volunteer: Makes, town: Town, view: dict[str, int], language: str, colors: str
) -> None:
    """A coordinator sees every page and everything on it; whoever is not signed in sees two."""
    ana = volunteer(Role.COORDINATOR, view=view, language=language, color_scheme=colors)
    found: dict[str, list[str]] = {}
    for address in (of(town) for of in SIGNED_OUT.values()):
        ana.opens(address)
        found[address] = _grave(ana.page)
    ana.signs_in()
    for address in _addresses(town):
        ana.opens(address)
        found[address] = _grave(ana.page)
        assert ana.page.evaluate("document.documentElement.lang") == language, address
        assert ana.page.title().strip(), address
    assert {address: faults for address, faults in found.items() if faults} == {}


def test_the_public_page_stands_in_nobodys_way(volunteer: Makes, hotline: Hotline) -> None:
    anybody = volunteer(view=PHONE)
    for language in ("en", "es", "km", "tl", "vi", "zh", "ko"):
        anybody.page.goto(f"{hotline.address}/?lang={language}")
        assert _grave(anybody.page) == [], language


@pytest.mark.parametrize("language", ["en", "es"])
def test_no_page_is_wider_than_a_phone_and_every_button_fits_a_thumb(
    volunteer: Makes, town: Town, language: str
) -> None:
    ana = volunteer(Role.COORDINATOR, view=PHONE, language=language)
    ana.signs_in()
    misfits = {}
    for address in _addresses(town):
        ana.opens(address)
        wide, small = ana.page.evaluate("document.documentElement.scrollWidth"), ana.page.evaluate(SMALL_BUTTONS)
        if wide > PHONE["width"] or small:
            misfits[address] = (wide, small)
    assert misfits == {}


def test_the_rules_find_what_is_wrong(volunteer: Makes, hotline: Hotline) -> None:
    anybody = volunteer()
    anybody.page.goto(f"{hotline.address}/")
    anybody.page.evaluate("document.querySelector('main').append(document.createElement('input'))")
    assert any("label" in fault for fault in _grave(anybody.page))


def _addresses(town: Town) -> list[str]:
    return [of(town) for several in SIGNED_IN.values() for of in several]


@cache
def _axe() -> str:
    return AXE.read_text(encoding="utf-8")


def _grave(page: Page) -> list[str]:
    """What axe-core calls serious or critical, with the first place of each."""
    page.evaluate(_axe())
    told: dict[str, Any] = page.evaluate(
        "rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})", RULES
    )
    return [
        f"{fault['impact']} {fault['id']}: {fault['nodes'][0]['target']} {fault['nodes'][0]['failureSummary'][:160]}"
        for fault in told["violations"]
        if fault["impact"] in GRAVE
    ]

"""What does one do on the way through a scene? One sentence of the story each, in texts and forms."""

import datetime as dt
import re

from bot.clock import local
from bot.demo.tour.browser import Browser, Page
from bot.demo.tour.cast import first_number
from bot.demo.tour.phones import NotSo, Phone, wait_for


def field(moment: dt.datetime) -> str:
    """A moment as a browser's date field sends it."""
    return f"{local(moment):%Y-%m-%dT%H:%M}"


def join(phone: Phone, word: str, area: str, joined: str) -> None:
    phone.asks(word, "ZIP")
    phone.asks(area, "1")
    phone.asks("1", joined)


def see(verifier: Phone, place: str, words: str) -> None:
    """Claim the page about this place, then say: immigration, and what says so."""
    page = verifier.hears(place)
    asked = verifier.asks(first_number(page), "?")
    verifier.asks(f"{first_number(asked)} {words}", "")


def incident_page(browser: Browser, place: str) -> Page:
    queue = browser.open("/console/")
    for link in dict.fromkeys(link for link in queue.links if re.search(r"/incidents/\d+$", link)):
        page = browser.open(link)
        if place.lower() in page.text.lower():
            return page
    raise NotSo(f"no incident at {place} in {browser.name}'s queue: {queue.text[:300]}")


def with_link(browser: Browser, place: str, part: str) -> Page | None:
    page = incident_page(browser, place)
    return page if any(part in link for link in page.links) else None


def _find_alert(browser: Browser, place: str) -> str | None:
    """The newest alert of an incident that this person could open to release."""
    links = [link for link in incident_page(browser, place).links if "/alerts/" in link]
    return next((link for link in reversed(links) if has_release(browser.open(link))), None)


def let_out(browser: Browser, place: str) -> None:
    """Read what waits at this place for its second person, and release it."""
    link = wait_for(lambda: _find_alert(browser, place), f"nothing for {browser.name} to release at {place}")
    browser.submit(browser.open(link), "/release")


def alert_link(browser: Browser, place: str) -> str:
    links = [link for link in incident_page(browser, place).links if "/alerts/" in link]
    if not links:
        raise NotSo(f"no alert on {browser.name}'s page of {place}")
    return links[-1]


def has_release(page: Page) -> bool:
    return any(form.action.endswith("/release") for form in page.forms)


def delivered(browser: Browser) -> int:
    found = re.search(r"(\d+) delivered", browser.open(alert_link(browser, "Pacific")).text, re.IGNORECASE)
    return int(found[1]) if found else 0


def latest_notice(browser: Browser) -> str:
    page = browser.open("/console/notices")
    links = sorted({int(found[1]) for link in page.links if (found := re.search(r"/notices/(\d+)$", link))})
    if not links:
        raise NotSo(f"no notice on {browser.name}'s page: {page.text[:300]}")
    return f"/console/notices/{links[-1]}"

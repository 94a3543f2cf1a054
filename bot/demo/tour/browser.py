"""Somebody's browser on the tour: it opens console pages, fills in their forms and presses their buttons."""

import http.cookiejar
import re
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from html.parser import HTMLParser

from bot.demo.people import account, one_time_code
from bot.demo.tour.phones import NotSo
from bot.settings import settings


@dataclass
class Form:
    """One form of a page: where it goes, and what it already holds."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)
    buttons: dict[str, tuple[str, str]] = field(default_factory=dict)


class Page(HTMLParser):
    """A page as the tour needs it: its forms, its links, its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: list[str] = []
        self.words: list[str] = []
        self._area: str | None = None
        self.feed(html)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(given.get("action", "")))
        elif tag == "a" and "href" in given:
            self.links.append(given["href"])
        elif self.forms and tag == "input" and "name" in given:
            if given.get("type") not in ("checkbox", "radio") or "checked" in given:
                self.forms[-1].fields[given["name"]] = given.get("value", "")
        elif self.forms and tag == "textarea" and "name" in given:
            self._area = given["name"]
            self.forms[-1].fields[self._area] = ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._area = None

    def handle_data(self, data: str) -> None:
        self.words.append(data)
        if self._area and self.forms:
            self.forms[-1].fields[self._area] += data


class Browser:
    """One person's signed-in browser."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.address = settings().public_base_url
        self._cookies = http.cookiejar.CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self._cookies))

    def sign_in(self) -> None:
        """With the demo account's passphrase and its one-time code."""
        page = self.open("/console/sign-in")
        known = account(self.name)
        self.submit(page, "sign-in", name=known.name, passphrase=known.passphrase, code=one_time_code(self.name))

    def open(self, path: str) -> Page:
        return self._fetch(path, None)

    def find(self, page: Page, part: str) -> str:
        """The first link of the page that holds `part`."""
        found = next((link for link in page.links if part in link), None)
        if found is None:
            raise NotSo(f"{self.name}'s page has no link to {part}; it says: {page.text[:400]}")
        return found

    def submit(self, page: Page, action: str, **filled: str | list[str]) -> Page:
        """Send the form whose address holds `action`, with these fields filled in."""
        form = next((form for form in page.forms if action in form.action), None)
        if form is None:
            raise NotSo(f"{self.name}'s page has no form {action}; it says: {page.text[:400]}")
        return self._fetch(form.action, urllib.parse.urlencode({**form.fields, **filled}, doseq=True).encode())

    def _fetch(self, path: str, data: bytes | None) -> Page:
        address = urllib.parse.urljoin(self.address, path)
        headers = {"Origin": self.address, "Sec-Fetch-Site": "same-origin", "Accept-Language": "en"}
        request = urllib.request.Request(address, data, headers)  # noqa: S310 (our own address, from the settings)
        try:
            with self._opener.open(request, timeout=30) as answer:
                return Page(answer.read().decode())
        except urllib.error.HTTPError as error:
            said = _refusal(error.read().decode(errors="replace"))
            raise NotSo(f"{self.name} got {error.code} at {urllib.parse.urlsplit(address).path}: {said}") from None


def _refusal(html: str) -> str:
    """What a page says is wrong, or how it begins."""
    alerts = re.findall(r'role="alert">(.*?)</p>', html, re.DOTALL)
    return Page(" ".join(alerts) or html).text[:300]

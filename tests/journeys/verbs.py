"""What do people of a journey do together, and where? Each story at a desk in English and on a phone in Spanish."""

import re
from collections.abc import Callable

import pytest

from bot.people.models import Role
from tests.journeys.conftest import DESKTOP, PHONE, Volunteer
from tests.services.carrier import Phone

Makes = Callable[..., Volunteer]
Tells = Callable[..., tuple[str, str]]
How = dict[str, object]
AT_A_DESK, ON_A_PHONE = {"view": DESKTOP, "language": "en"}, {"view": PHONE, "language": "es"}
WHERE = pytest.mark.parametrize(
    ("database_kind", "how"),
    [("postgresql", AT_A_DESK), ("sqlite", ON_A_PHONE)],
    indirect=["database_kind"],
    scope="module",  # or each test would begin a hotline of its own
    ids=["at a desk", "on a phone, in Spanish"],
)


def pair(volunteer: Makes, how: How, *roles: Role) -> list[Volunteer]:
    """People of these roles, signed in, each at a browser of their own."""
    people = [volunteer(role, **how) for role in roles]
    for person in people:
        person.signs_in()
    return people


def lets_out(organizer: Volunteer, street: str) -> None:
    """Reads what waits for a second person, and releases it."""
    organizer.enters(street)
    organizer.page.locator(".told [role=button]").first.click()
    organizer.taps("alert.release_other")
    organizer.reads("alert.released")


def unfolds(person: Volunteer, key: str) -> None:
    """Opens what is folded under these words."""
    person.page.locator("summary", has_text=person.says(key)).first.click()


def hears_no_news(person: Volunteer) -> None:
    """Their page stays as it stands from now on: whatever it asks for by itself finds nothing new, as on a line that is cut."""
    person.page.route(
        lambda _: True,
        lambda route: route.fulfill(status=304) if "hx-request" in route.request.headers else route.fallback(),
    )


def links(person: Volunteer, phone: Phone) -> None:
    """Gives the desk their phone: its number once, and the code that comes to it."""
    person.opens("/me")
    person.page.fill("[name=number]", phone.number)
    person.taps("phone.ask")
    code = re.findall(r"\d{6}", phone.receives("Contigo"))[0]
    person.page.fill("[name=texted]", code)
    person.taps("phone.do")
    person.reads("phone.linked")


def numbers_of(page: str) -> list[str]:
    """The one-time numbers of a page, in the order they stand in."""
    return re.findall(r"(?<!\d)\d{4}(?!\d)", page)

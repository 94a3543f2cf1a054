"""No page, for any role, holds a person's number: planted ones are looked for on everything the console can show."""

import re

import pytest
from flask import Flask

from bot.people.models import Role
from bot.store.session import writing
from tests.console.conftest import NUMBERS, Corner, People, reported
from tests.console.desk import Browser, browser_of
from tests.console.test_doors import OPEN, routes
from tests.console.test_notice_pages import written

LIKE_A_NUMBER = re.compile(r"(?:\+?1[-. (]{0,2})?\d{3}[-. )]{0,2}555[-. ]?01\d\d")


def _forms(number: str) -> set[str]:
    """How a number may be spelled."""
    area, first, last = number[2:5], number[5:8], number[8:]
    return {
        number,
        number[1:],
        number[2:],
        f"{area}-{first}-{last}",
        f"({area}) {first}-{last}",
        f"{first}-{last}",
        f"{first}{last}",
    }


@pytest.mark.parametrize("role", list(Role))
def test_no_page_holds_a_number(app: Flask, people: People, corner: Corner, luz: Browser, role: Role) -> None:
    luz.does(f"{written(luz)}/submit")
    luz.does(f"/alerts/{corner.alert.id}/release", words=luz.words(f"/alerts/{corner.alert.id}"))
    browser = browser_of(app, people.of(role))
    planted = set().union(*(_forms(number) for number in NUMBERS))
    read = 0
    for endpoint, method, path in routes(app):
        if method != "GET" or endpoint in OPEN:
            continue
        answer = browser.opens(path)
        read += answer.status_code == 200
        assert not [number for number in planted if number in answer.text], path
        assert not any(number in str(answer.headers) for number in planted), path
    assert read > 8


def test_a_number_that_a_resident_wrote_is_struck_out(vera: Browser, people: People) -> None:
    """What people write is redacted before it is kept."""
    with writing() as session:
        report = reported(
            session,
            NUMBERS[7],
            f"la migra en pacific y slauson ahorita, llamen al {NUMBERS[8]} o 323-555-0109",
        )
    assert not LIKE_A_NUMBER.search(vera.reads(f"/incidents/{report.incident_id}"))

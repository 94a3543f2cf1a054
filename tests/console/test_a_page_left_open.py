"""A release page left open says by itself that its draft was replaced, or that whoever reads it may no longer release it."""

import re

from time_machine import travel

from bot.alerts import compose
from bot.alerts.models import Alert
from bot.clock import ahead
from bot.outbox import freezing
from bot.people.models import Person
from bot.store.session import writing
from tests.console.conftest import Corner, People
from tests.console.desk import Browser

ASKS = re.compile(r'hx-get="(/alerts/[^"]+)"')


def _asks(browser: Browser, corner: Corner) -> str:
    """What the page asks for by itself."""
    found = ASKS.search(browser.reads(f"/alerts/{corner.alert.id}"))
    assert found
    return found[1].replace("&amp;", "&")


def test_while_nothing_changes_only_the_part_that_lives_comes_again(luz: Browser, corner: Corner) -> None:
    answer = luz.opens(_asks(luz, corner))
    assert answer.status_code == 200 and "HX-Redirect" not in answer.headers


def test_a_replaced_draft_takes_its_words_and_button_along(luz: Browser, corner: Corner) -> None:
    asks = _asks(luz, corner)
    with writing() as session:
        compose.withdraw(session, session.get_one(Alert, corner.alert.id), "proposed_anew")
    answer = luz.opens(asks)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, f"/alerts/{corner.alert.id}")
    page = luz.reads(f"/alerts/{corner.alert.id}")
    assert f'action="/alerts/{corner.alert.id}/release"' not in page
    assert f'hx-get="/alerts/{corner.alert.id}/waiting' not in page, "it would lead to itself for ever"


def test_who_may_no_longer_release_it_sees_why(luz: Browser, corner: Corner, people: People) -> None:
    asks = _asks(luz, corner)
    with writing() as session:
        freezing.freeze(session, session.get_one(Person, people.dora.id))
    assert luz.opens(asks).headers["HX-Redirect"]
    assert "HX-Redirect" not in luz.opens(_asks(luz, corner)).headers


def test_what_was_seen_grows_old_on_the_page_itself(luz: Browser, corner: Corner) -> None:
    with travel(ahead(minutes=1), tick=True):
        asks = _asks(luz, corner)
    with travel(ahead(minutes=25), tick=True):
        assert "HX-Redirect" in luz.opens(asks).headers

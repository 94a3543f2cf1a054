"""Two people press *release* at the same moment, twice each, in browsers of their own: each phone gets it once."""

import itertools
import re

import pytest
from playwright.sync_api import Browser, BrowserContext, Page
from sqlalchemy import func, select

from bot.alerts.models import Alert
from bot.outbox.delivery_models import Delivery
from bot.outbox.models import Release
from bot.store.session import reading
from tests.drills.books import OPEN
from tests.drills.desk import CLICKS, COOKIE, Desk, Waiting
from tests.drills.drill import Drill
from tests.drills.sizes import Sizes
from tests.services.browser import at_once
from tests.services.waiting import eventually, patient

pytestmark = pytest.mark.slow

CREW = ("clock", "urgent", "bulk")
CORNERS = itertools.product(
    ("slauson", "gage", "randolph"), ("pacific", "state", "miles", "bissell", "malabar", "rugby", "seville")
)
PEOPLE = 50
RELEASE = re.compile("^Release to ")
"""... 50 people, or all who asked: they may not have been counted yet when the page is opened."""
SEE_OTHER = 303


@pytest.mark.threat("T27")
def test_the_same_alert_released_four_times_at_once_is_told_once(drill: Drill, size: Sizes) -> None:
    desk = _open(drill)
    for street, cross in itertools.islice(CORNERS, size.double_clicks):
        waiting = desk.confirmed(street, cross)
        assert desk.everyone_presses_at_once(waiting) == {SEE_OTHER: CLICKS * len(desk.cookies)}
        _told_once(drill, waiting)


def test_the_same_in_two_browsers_that_double_click(drill: Drill, browser: Browser) -> None:
    """What they send is held until both have pressed: a page shows within a moment that the other has let it out."""
    desk = _open(drill)
    waiting = desk.confirmed("zoe", "pacific")
    pages = [_page(browser.new_context(), desk, cookie, waiting) for cookie in desk.cookies]
    with at_once(pages, "**/release") as sent:
        for page in pages:
            page.get_by_role("button", name=RELEASE).dblclick(no_wait_after=True)
    assert len(sent) == len(pages), "a double click is sent once"
    for page in pages:
        page.get_by_text("delivered").first.wait_for(timeout=patient(30))
        page.context.close()
    _told_once(drill, waiting)


def _open(drill: Drill) -> Desk:
    drill.settle_in(PEOPLE)
    drill.opens_its_doors()
    drill.crew.start(*CREW)
    return Desk(drill.hotline.address)


def _page(context: BrowserContext, desk: Desk, cookie: str, waiting: Waiting) -> Page:
    context.add_cookies([{"name": COOKIE, "value": cookie, "url": desk.console.removesuffix("/console")}])
    page = context.new_page()
    page.goto(f"{desk.console}{waiting.page}")
    return page


def _told_once(drill: Drill, waiting: Waiting) -> None:
    eventually(lambda: _is_settled(waiting), within=60)
    drill.carrier.settle()
    told = [row["to"] for row in drill.carrier.sent() if waiting.code in row["body"] and "CONFIRM" in row["body"]]
    assert len(told) == len(set(told)) == PEOPLE


def _is_settled(waiting: Waiting) -> bool:
    broadcast = select(Alert.broadcast_id).where(Alert.id == int(waiting.page.rpartition("/")[2])).scalar_subquery()
    with reading() as session:
        releases = session.scalar(select(func.count()).where(Release.broadcast_id == broadcast))
        copies = session.scalar(select(func.count()).where(Delivery.broadcast_id == broadcast))
        still = session.scalar(select(func.count()).where(Delivery.broadcast_id == broadcast, Delivery.state.in_(OPEN)))
    assert releases == 1
    return copies == PEOPLE and not still

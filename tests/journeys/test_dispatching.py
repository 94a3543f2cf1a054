"""A dispatcher with a phone and no scripts, another at a desk: calls, merging and parting, a named source, the relay."""

import re

import pytest
from playwright.sync_api import Page
from sqlalchemy import select

from bot.incidents.models import Incident
from bot.incidents.states import IncidentState
from bot.moderation import relaying
from bot.moderation.dispatch_models import Relayed
from bot.reports.models import Report
from bot.store.session import reading, writing
from tests.console.conftest import NUMBERS, People, app, people, reported
from tests.journeys.desk_alone import DESKTOP, PHONE, AtTheDesk, at_the_desk, browser, fits, served
from tests.services.waiting import patient

__all__ = ["app", "at_the_desk", "browser", "people", "served"]

VIEWS = pytest.mark.parametrize(
    ("view", "scripts"), [(PHONE, False), (DESKTOP, True)], ids=["phone without scripts", "desk"]
)


def _opened(page: Page, summary: str) -> None:
    page.locator("summary", has_text=summary).first.click()


@VIEWS
def test_a_call_becomes_an_incident_and_a_named_source_closes_it(
    at_the_desk: AtTheDesk, people: People, view: dict[str, int], scripts: bool
) -> None:
    page = at_the_desk(people.dora, "/calls/new", view, java_script_enabled=scripts)
    assert not scripts or fits(page)
    page.check("[name=source][value=call]")
    page.check("[name=saw][value=self]")
    page.fill("[name=place]", "home depot")
    page.fill("[name=size]", "6")
    page.get_by_role("button", name="Keep this report").click()
    page.check("[name=area][value=hp]")
    assert page.input_value("[name=size]") == "6"
    page.get_by_role("button", name="Keep this report").click()
    page.get_by_text("written down by Dora").first.wait_for()
    assert not scripts or fits(page)
    _opened(page, "Somebody who knows says what it was")
    page.select_option("[name=was]", "drill")
    page.select_option("[name=word_of]", "police_desk")
    page.fill("[name=reference]", "HPPD 26-01234")
    page.get_by_role("button", name="Close: it was something else").click()
    page.get_by_text("HPPD 26-01234").first.wait_for()
    with reading() as session:
        assert session.scalars(select(Incident.state)).one() is IncidentState.DEBUNKED


@VIEWS
def test_two_are_merged_and_parted_again(
    at_the_desk: AtTheDesk, people: People, view: dict[str, int], scripts: bool
) -> None:
    with writing() as session:
        stays = reported(session, NUMBERS[3], "ICE agents at Gage and State in Huntington Park", language="en")
        goes = reported(session, NUMBERS[4], "hay migra en slauson y pacific ahorita, 4 agentes")
    page = at_the_desk(people.dora, f"/incidents/{goes.incident_id}", view, java_script_enabled=scripts)
    _opened(page, "It is the same as another incident")
    page.select_option("[name=into]", str(stays.incident_id))
    page.get_by_role("button", name="Merge into that one").click()
    page.wait_for_url(re.compile(rf"/incidents/{stays.incident_id}$"))
    assert page.locator("article.report").count() == 2
    page.get_by_role("button", name="They are two: undo").click()
    page.wait_for_url(re.compile(rf"/incidents/{goes.incident_id}$"))
    assert page.locator("article.report").count() == 1


def test_what_somebody_is_typing_outlives_the_news(at_the_desk: AtTheDesk, people: People) -> None:
    """The page asks for itself; a half-written question stays, and the answer to the last one comes in beside it."""
    with writing() as session:
        told = reported(session, NUMBERS[4], "hay migra en slauson y pacific ahorita, 4 agentes")
    page = at_the_desk(people.dora, f"/incidents/{told.incident_id}")
    _opened(page, "Ask this reporter")
    page.select_option("[name=what]", "doing")
    page.locator(".relay button").click()
    page.get_by_text("No answer yet").wait_for()
    _opened(page, "Ask this reporter")
    page.fill(".relay [name=words]", "¿Llevan")
    with writing() as session:
        relaying.heard(session, session.scalars(select(Relayed.id)).one(), "estan parados en la esquina")
        session.get_one(Report, told.id).vehicles = 7
    page.get_by_text("estan parados en la esquina").wait_for(timeout=patient(5))
    assert page.input_value(".relay [name=words]") == "¿Llevan"

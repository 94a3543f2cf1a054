"""One hand at night, on the console: the words are read, the code is asked for, and another line reviews it."""

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from bot.clock import now
from bot.outbox.models import Release
from bot.people.models import Person
from bot.store.session import reading, writing
from tests.console.conftest import Corner, People
from tests.console.desk import Browser, browser_of
from tests.services.settings import Environment


@pytest.fixture
def dark(corner: Corner, people: People, env: Environment) -> Corner:
    """Vera is senior, and three minutes have passed with nobody there."""
    env.set(night_rule="true")
    with writing() as session:
        session.get_one(Person, people.vera.id).senior = True
    return corner


def _page(corner: Corner) -> str:
    return f"/incidents/{corner.incident.id}/night"


def _released() -> list[Release]:
    with reading() as session:
        return list(session.scalars(select(Release)))


def _form(page: str) -> dict[str, str]:
    from re import search

    fields = {}
    for name in ("words", "until", "neighborhood"):
        found = search(rf'name="{name}" value="([^"]*)"', page)
        assert found, name
        fields[name] = found[1]
    return fields


def test_a_senior_verifier_reads_the_words_and_lets_them_out_and_another_line_reviews_it(
    dark: Corner, people: People, app: Flask
) -> None:
    with time_machine.travel(now(), tick=True) as clock:
        clock.shift(200)
        vera = browser_of(app, people.vera)
        assert "One hand, at night" in vera.reads(f"/incidents/{dark.incident.id}")
        page = vera.reads(_page(dark))
        assert "Huntington Park" in page and "CONTIGO" in page
        assert "waits for its review" in vera.does(_page(dark), **_form(page))
        assert [one.second_id for one in _released()] == [None]
        ana = browser_of(app, people.ana)
        assert "1 release by one hand waits" in ana.reads("/")
        reviews = ana.reads("/night")
        assert dark.incident.code in reviews and "Vera told Huntington Park" in reviews
        broadcast_id = _released()[0].broadcast_id
        assert "Noted. It was right." in ana.does(f"/night/{broadcast_id}/review", stands="yes")
        assert "Nothing waits for a review" in ana.reads("/night")


def test_too_soon_the_page_says_so_and_shows_no_button(dark: Corner, people: People, app: Flask) -> None:
    page = browser_of(app, people.vera).reads(_page(dark))
    assert "Wait some minutes" in page and 'name="words"' not in page


@pytest.mark.parametrize(
    "changed", [{"words": "00"}, {"words": "no hex"}, {"until": "tomorrow"}, {"until": "2026-01-01"}]
)
def test_a_form_that_was_tampered_with_lets_nothing_out(
    dark: Corner, people: People, app: Flask, changed: dict[str, str]
) -> None:
    with time_machine.travel(now(), tick=True) as clock:
        clock.shift(200)
        vera = browser_of(app, people.vera)
        vera.does(_page(dark), **{**_form(vera.reads(_page(dark))), **changed})
    assert _released() == []


def test_nobody_else_is_offered_it(dark: Corner, people: People, app: Flask, dora: Browser) -> None:
    page = dora.reads(_page(dark))
    assert "It must be your own look" in page and 'name="words"' not in page

"""Aid: written by one, approved by another, changed and called off; what was typed is never lost."""

import datetime as dt
import re

from flask import Flask
from sqlalchemy import select

from bot.clock import local, now
from bot.notices.models import Notice, NoticeState
from bot.store.session import reading
from tests.console.conftest import People
from tests.console.desk import Browser

SPANISH = "Comida gratis el sábado en Salt Lake Park, 9am a 12pm. Traiga bolsas."
BARE = SPANISH.replace("á", "a")
"""As an SMS carries it: the accent would cost a segment."""
ENGLISH = "Free food Saturday at Salt Lake Park, 9am to noon. Bring bags."


def _in(hours: float) -> str:
    return local(now() + dt.timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M")


def _fields(**other: object) -> dict[str, object]:
    return {
        "kind": "food", "neighborhoods": ["hp", "maywood"], "text_es": SPANISH, "text_en": ENGLISH,
        "starts_at": _in(1), "ends_at": _in(40), **other,
    }  # fmt: skip


def written(browser: Browser) -> str:
    return str(browser.sends("/notices/new", **_fields()).location)


def _state(page: str) -> NoticeState:
    with reading() as session:
        return session.get_one(Notice, int(page.rsplit("/", 1)[1])).state


def test_two_people_of_two_lines_send_it(luz: Browser, nora: Browser, people: People) -> None:
    page = written(luz)
    assert BARE in luz.reads(page)
    assert "can approve it now" in luz.does(f"{page}/submit")
    assert "You wrote this yourself" in luz.reads(page)
    assert "It leaves after everything urgent" in nora.does(f"{page}/approve", words=nora.words(page))
    assert _state(page) is NoticeState.APPROVED


def test_its_author_cannot_approve_it(luz: Browser, nora: Browser) -> None:
    page = written(luz)
    luz.does(f"{page}/submit")
    assert "You wrote this yourself" in luz.does(f"{page}/approve", words=nora.words(page))
    assert _state(page) is NoticeState.WAITING


def test_other_words_than_those_read_are_not_approved(luz: Browser, nora: Browser) -> None:
    page = written(luz)
    luz.does(f"{page}/submit")
    assert "The text changed" in nora.does(f"{page}/approve", words="00" * 32)


def test_it_goes_back_with_a_reason_and_is_edited(luz: Browser, nora: Browser) -> None:
    page = written(luz)
    luz.does(f"{page}/submit")
    assert "Say why" in nora.does(f"{page}/return", why="  ")
    assert "went back" in nora.does(f"{page}/return", why="Which entrance?")
    assert "Which entrance?" in luz.reads(page)
    assert "north entrance" in luz.does(f"{page}/edit", **_fields(text_en=f"{ENGLISH} By the north entrance."))


def test_what_was_typed_stays_when_a_rule_says_no(luz: Browser) -> None:
    for other, says in (
        ({"neighborhoods": []}, "at least one neighborhood"),
        ({"ends_at": _in(-1)}, "end after it begins"),
        ({"ends_at": ""}, "a day and a time"),
        ({"starts_at": "tomorrow"}, "a day and a time"),
    ):
        answer = luz.sends("/notices/new", **_fields(**other))
        assert answer.status_code == 422
        assert SPANISH in answer.text
        assert ENGLISH in answer.text
        assert says in answer.text


def test_words_are_counted_while_they_are_typed(luz: Browser) -> None:
    plain = luz.sends("/notices/measure", text_es="Comida gratis", text_en="Free food")
    assert plain.text.count("GSM-7") == 2
    dear = luz.sends("/notices/measure", text_es="Comida 🍎 gratis", text_en="Free food")
    assert "UCS-2" in dear.text
    assert "🍎" in dear.text


def test_what_must_be_mended_is_said_before_anybody_is_asked(luz: Browser) -> None:
    for text, says in (
        ("See bit.ly/xyz", "short links"),
        ("It is safe now", "Do not promise"),
        ("word " * 100, "Two text segments"),
    ):
        page = str(luz.sends("/notices/new", **_fields(text_en=text)).location)
        shown = luz.reads(page)
        assert says in shown
        assert f"{page}/submit" not in shown


def test_a_change_and_a_cancellation_take_two_again(luz: Browser, nora: Browser) -> None:
    page = written(luz)
    luz.does(f"{page}/submit")
    nora.does(f"{page}/approve", words=nora.words(page))
    change = str(luz.sends(f"{page}/edit", **_fields(text_en=f"{ENGLISH} Rain or shine.")).location)
    assert change != page
    luz.does(f"{change}/submit")
    nora.does(f"{change}/approve", words=nora.words(change))
    assert _state(page) is NoticeState.REPLACED
    word = str(nora.sends(f"{change}/cancel").location)
    assert _state(change) is NoticeState.CANCELLED
    nora.does(f"{word}/submit")
    assert "It leaves" in luz.does(f"{word}/approve", words=luz.words(word))


def test_times_are_those_of_here(luz: Browser) -> None:
    page = written(luz)
    with reading() as session:
        (notice,) = session.scalars(select(Notice)).all()
    assert abs((notice.starts_at - now()).total_seconds() - 3600) < 120
    assert re.search(r"\d{1,2}:\d\d[ap]m", luz.reads(page))


def test_verifiers_read_and_do_not_write(vera: Browser, luz: Browser, app: Flask) -> None:
    page = written(luz)
    shown = vera.reads(page)
    assert BARE in shown
    assert "<form" not in shown.split("<main", 1)[1]

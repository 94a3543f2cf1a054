"""`python -m bot rights ...` and what `doctor` says of texts and numbers."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import time_machine
from typer.testing import CliRunner

from bot.__main__ import app
from bot.doctor import examine
from bot.rights import library
from messages import directory
from tests.services.settings import Environment

NOON = dt.datetime(2026, 11, 22, 20, 0, tzinfo=dt.UTC)
TODAY = NOON.date()


def bot(*arguments: str) -> tuple[int, str]:
    with time_machine.travel(NOON, tick=False):
        done = CliRunner().invoke(app, ["rights", *arguments])
    return done.exit_code, done.output


def test_the_sheet_is_written_to_standard_output_or_to_a_file(tmp_path: Path) -> None:
    status, told = bot("sheet", "--language", "es", "--topic", "door", "--topic", "bond")
    assert status == 0 and told.startswith("<!doctype html>")
    assert told.count("<article") == 3  # these two, and what stands beside every topic
    assert bot(
        "sheet", "--language", "es", "--topic", "door", "--topic", "bond", "--out", str(tmp_path / "sheet.html")
    ) == (0, "")
    assert (tmp_path / "sheet.html").read_text(encoding="utf-8") == told.rstrip("\n")
    assert "2026-11-22" in told


def test_without_options_it_holds_every_topic_in_every_language() -> None:
    status, told = bot("sheet")
    assert status == 0
    assert all(f'<article id="{topic.id}">' in told for topic in library.topics())
    assert all(f'lang="{code}"' in told for code in ("en", "es", "km", "tl", "vi", "zh", "ko"))


@pytest.mark.parametrize("asked", [("--language", "klingon"), ("--topic", "dragons")])
def test_what_we_do_not_have_is_said_by_its_name(asked: tuple[str, str]) -> None:
    status, told = bot("sheet", *asked)
    assert status == 2 and asked[1] in told and "Traceback" not in told


@pytest.mark.usefixtures("nobody_signed", "nobody_called")
def test_overdue_lists_everything_and_exits_one_while_there_is_anything() -> None:
    status, told = bot("overdue")
    assert status == 1
    for what in ("rights/door", "rights/words.km", "phone_larrn", "programme_justice_fund", "web_locator"):
        assert f"  {what} " in told


@pytest.fixture
def texts_and_numbers(monkeypatch: pytest.MonkeyPatch, env: Environment) -> Callable[[int], list[str]]:
    """What `doctor` says of the texts and numbers, all of them signed and called so many days ago."""

    def told(days: int) -> list[str]:
        on = TODAY - dt.timedelta(days=days)
        signed = {
            topic.id: replace(topic, reviewed_by="A. Lawyer", reviewed_on=on, reviewed_mark=topic.mark,
                              review_by=on + dt.timedelta(days=90))
            for topic in library.topics()
        }  # fmt: skip
        called = {each.id: replace(each, verified_on=on) for each in directory.entries()}
        monkeypatch.setattr(library, "_topics", lambda: signed)
        monkeypatch.setattr(directory, "_entries", lambda: called)
        with time_machine.travel(NOON, tick=False):
            return [
                one.what
                for one in examine()
                if "rights texts" in one.what or any(e.name in one.what for e in called.values())
            ]

    return told


@pytest.mark.usefixtures("nobody_signed", "nobody_called")
def test_the_doctor_names_every_number_page_programme_and_text_that_nobody_has_looked_at(env: Environment) -> None:
    with time_machine.travel(NOON, tick=False):
        told = [one.what for one in examine()]
    assert all(any(line.startswith(f"{entry.name}: ") for line in told) for entry in directory.entries())
    unread = next(line for line in told if line.startswith("rights texts that nobody has reviewed: "))
    assert all(topic.id in unread for topic in library.topics())


def test_the_doctor_is_content_with_what_was_signed_and_called(texts_and_numbers: Callable[[int], list[str]]) -> None:
    assert texts_and_numbers(0) == texts_and_numbers(89) == []


def test_the_doctor_says_when_it_is_time_again_and_when_a_number_is_no_longer_sent(
    texts_and_numbers: Callable[[int], list[str]],
) -> None:
    late = texts_and_numbers(90)
    assert len(late) == len(directory.entries()) + 1
    assert any(line.startswith("rights texts past their review date: agent_id, ") for line in late)
    assert sum("was not called lately" in line for line in late) == sum(entry.is_phone for entry in directory.entries())
    assert sum("is not verified, so it is not sent" in line for line in texts_and_numbers(365)) == sum(
        entry.is_phone for entry in directory.entries()
    )


def test_every_file_of_a_language_is_listed_with_who_signed_it_and_the_mark_to_sign_it_by() -> None:
    told = CliRunner().invoke(app, ["languages", "--language", "km"]).output.splitlines()
    assert {line.split()[0] for line in told} >= {
        "texts/alerts.km.yml",
        "texts/emergencies.km.yml",
        "rights/words.km.yml",
    }
    marks = [line.split()[1] for line in told]
    assert len(set(marks)) == len(marks) and all(mark[0] == "v" for mark in marks)
    assert library.translation_mark("km") in marks
    everything = CliRunner().invoke(app, ["languages"]).output
    assert "texts/console.es.yml" in everything and "texts/console.km.yml" not in everything

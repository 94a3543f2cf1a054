"""Does the console have a word for everything the rooms below may name, in every language it speaks?"""

import re
from pathlib import Path

import pytest

import bot.console
from bot.channels import failures
from bot.console import incident
from bot.console.person import SENIOR
from bot.console.shell import SHAPES
from bot.console.words import CHOICES
from bot.contacts.models import Channel
from bot.incidents.states import IncidentState
from bot.moderation import ruling
from bot.moderation.asking import IDENTIFIED, WAS
from bot.moderation.models import Saw
from bot.notices.models import NoticeState
from bot.outbox import pausing, rogue
from bot.outbox.models import Kind
from bot.people.models import Role
from bot.reports.models import ReportKind
from bot.reports.salute import ACTIVITIES, AGENCIES, EQUIPMENT
from bot.subscriptions.models import AidKind
from messages import catalog
from tests.messages.written_in import languages_of
from tests.services.settings import Environment
from workers import schedule

DROPPED = ("halted", "expired", "stopped", "forgotten", "unreachable", "not_released", "unknown_at_expiry")
"""Why the outbox did not send a copy at all."""
OURS = ("cannot_open", "no_words")
"""What ends a copy here, before any carrier hears of it."""
NAMED = {
    "state": tuple(IncidentState),
    "saw": tuple(Saw),
    "kind": tuple(Kind),
    "role": (*Role, SENIOR),
    "channel": tuple(Channel),
    "aid": tuple(AidKind),
    "notice_state": tuple(NoticeState),
    "report_kind": (*ReportKind, "hearsay"),
    "activity": ACTIVITIES,
    "equipment": EQUIPMENT,
    "uniform": (*AGENCIES, "police", "immigration", "unknown"),
    "said_time": ("now", "minutes", "earlier", "future", "unspecified"),
    "failure": (*sorted(failures.NAMES), *pausing.RUNS, rogue.ROGUE.name, *OURS, *DROPPED),
    "mend": (
        *(one.name for one in failures.BY_NAME.values() if one.tell or one.tell_share),
        *pausing.RUNS,
        rogue.ROGUE.name,
        "cannot_open",
    ),
    "answer": tuple(incident.ANSWERS),
    "was": incident.WAS,
}
USED = re.compile(r"""\b(?:t|say|done|flash\(say)\(\s*["']([a-z_0-9.]+)["']""")


@pytest.mark.parametrize("language", CHOICES)
@pytest.mark.parametrize("group", sorted(NAMED))
def test_everything_that_can_be_named_has_a_word(group: str, language: str) -> None:
    missing = [name for name in NAMED[group] if language not in languages_of(f"console.{group}.{name}")]
    assert missing == []


@pytest.mark.parametrize("language", CHOICES)
def test_every_task_of_the_clock_has_a_word_for_whoever_reads_that_it_hangs(language: str, env: Environment) -> None:
    known = [task.name for task in schedule.tasks()]
    assert [name for name in known if language not in languages_of(f"console.task.{name}")] == []


def test_every_state_has_a_shape_of_its_own() -> None:
    assert set(SHAPES) == set(IncidentState)
    assert len(set(SHAPES.values())) == len(SHAPES)


def test_an_answer_here_says_what_an_answer_by_text_says() -> None:
    assert {answer[1] for answer in incident.ANSWERS.values() if answer[1]} == set(IDENTIFIED.values())
    assert {answer[2] for answer in incident.ANSWERS.values() if answer[2]} >= set(WAS.values())


def test_what_a_correction_or_a_ruling_may_say_is_what_reporters_and_neighbors_can_be_told() -> None:
    assert {f"outcomes.was_{was}" for was in (*incident.WAS, *ruling.WAS)} == {
        key for key in catalog.keys("outcomes") if ".was_" in key
    }
    assert {*ruling.WAS} - {*incident.WAS} == {"old_photo", "hoax"}, "nobody stood before these: no alert was let out"


def test_every_text_the_console_asks_for_exists_in_each_language() -> None:
    folder = Path(bot.console.__file__).parent
    used = {
        key for file in folder.rglob("*") if file.suffix in (".py", ".html") for key in USED.findall(file.read_text())
    }
    assert len(used) > 120
    for key in sorted(used):
        begun = [
            one for one in catalog.keys("console") if key.endswith((".", "_")) and one.startswith(f"console.{key}")
        ]
        for one in begun or [f"console.{key}"]:
            assert set(languages_of(one)) >= set(CHOICES), one

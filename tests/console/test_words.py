"""Does the console have a word for everything the rooms below may name, in every language it speaks?"""

import re
from pathlib import Path

import pytest

import bot.console
from bot.channels import failures
from bot.console import incident
from bot.console.shell import SHAPES
from bot.console.words import CHOICES
from bot.contacts.models import Channel
from bot.incidents.models import IncidentState
from bot.moderation.asking import IDENTIFIED, WAS
from bot.moderation.models import Saw
from bot.notices.models import NoticeState
from bot.outbox import pausing
from bot.outbox.models import Kind
from bot.people.models import Role
from bot.reports.models import ReportKind
from bot.reports.salute import ACTIVITIES, AGENCIES, EQUIPMENT
from bot.subscriptions.models import AidKind
from messages import catalog

DROPPED = ("halted", "expired", "stopped", "forgotten", "unreachable", "not_released", "unknown_at_expiry")
"""Why the outbox did not send a copy at all."""
OURS = ("cannot_open", "no_words")
"""What ends a copy here, before any carrier hears of it."""
NAMED = {
    "state": tuple(IncidentState),
    "saw": tuple(Saw),
    "kind": tuple(Kind),
    "role": tuple(Role),
    "channel": tuple(Channel),
    "aid": tuple(AidKind),
    "notice_state": tuple(NoticeState),
    "report_kind": (*ReportKind, "hearsay"),
    "activity": ACTIVITIES,
    "equipment": EQUIPMENT,
    "uniform": (*AGENCIES, "police", "immigration", "unknown"),
    "said_time": ("now", "minutes", "earlier", "future", "unspecified"),
    "failure": (*sorted(failures.NAMES), *pausing.RUNS, *OURS, *DROPPED),
    "mend": (
        *(one.name for one in failures.BY_NAME.values() if one.tell or one.tell_share),
        *pausing.RUNS,
        "cannot_open",
    ),
    "answer": tuple(incident.ANSWERS),
    "was": incident.WAS,
}
USED = re.compile(r"""\b(?:t|say|done|flash\(say)\(\s*["']([a-z_0-9.]+)["']""")


@pytest.mark.parametrize("language", CHOICES)
@pytest.mark.parametrize("group", sorted(NAMED))
def test_everything_that_can_be_named_has_a_word(group: str, language: str) -> None:
    missing = [name for name in NAMED[group] if language not in catalog.languages_of(f"console.{group}.{name}")]
    assert missing == []


def test_every_state_has_a_shape_of_its_own() -> None:
    assert set(SHAPES) == set(IncidentState)
    assert len(set(SHAPES.values())) == len(SHAPES)


def test_an_answer_here_says_what_an_answer_by_text_says() -> None:
    assert {answer[1] for answer in incident.ANSWERS.values() if answer[1]} == set(IDENTIFIED.values())
    assert {answer[2] for answer in incident.ANSWERS.values() if answer[2]} >= set(WAS.values())


def test_what_a_correction_may_say_is_what_reporters_and_neighbors_can_be_told() -> None:
    assert {f"outcomes.was_{was}" for was in incident.WAS} == {
        key for key in catalog.keys("outcomes") if ".was_" in key
    }


def test_every_text_the_console_asks_for_exists_in_each_language() -> None:
    folder = Path(bot.console.__file__).parent
    used = {
        key for file in folder.rglob("*") if file.suffix in (".py", ".html") for key in USED.findall(file.read_text())
    }
    assert len(used) > 120
    for key in sorted(used):
        if not key.endswith("."):
            assert set(catalog.languages_of(f"console.{key}")) >= set(CHOICES), key

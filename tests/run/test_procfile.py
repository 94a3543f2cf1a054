"""Is every process named, readable, and given no more than it needs?"""

import shlex
from pathlib import Path

import pytest

from runner.procfile import processes


def test_the_processes_are_those_others_rely_on() -> None:
    assert list(processes()) == ["release", "web", "urgent", "bulk", "clock", "console"]


def test_every_line_is_one_plain_command_that_exec_can_become() -> None:
    for command in processes().values():
        words = shlex.split(command)
        assert words
        assert not set(command) & set(";&|<>$`"), command


@pytest.mark.parametrize("name", ["web", "console"])
def test_what_faces_the_web_starts_without_the_key_that_opens_numbers(name: str) -> None:
    assert shlex.split(processes()[name])[:2] == ["env", "NUMBER_PRIVATE_KEY="]


def test_a_line_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "Procfile").write_text("web gunicorn\n")
    with pytest.raises(ValueError, match="web gunicorn"):
        processes(tmp_path / "Procfile")

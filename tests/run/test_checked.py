"""When does a check of a change say no? When a test is red twice: once beside all the others, and once by itself."""

from pathlib import Path

import pytest

from runner.suites import A_FEW, checked

ONCE = """
from pathlib import Path

def test_late_once():
    been = Path(__file__).with_name("been")
    late = not been.exists()
    been.touch()
    assert not late
"""
ALWAYS = "def test_wrong_{n}():\n    assert False\n"


def _checked(folder: Path, *tests: str) -> int:
    (folder / "pytest.ini").write_text("[pytest]\n")
    (folder / "test_some.py").write_text("\n".join(("def test_right():\n    pass\n", *tests)))
    return checked([str(folder)], [], folder)


def test_all_green_is_run_once(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert _checked(tmp_path) == 0
    assert "once more" not in capfd.readouterr().out


def test_what_was_late_once_is_tried_by_itself_and_what_it_said_stays_to_be_read(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert _checked(tmp_path, ONCE) == 0
    said = capfd.readouterr().out
    assert "assert not late" in said
    assert said.count("test_some.py::test_late_once") > 1
    assert "1 passed" in said.rpartition("once more")[2], "only what was red"


def test_what_is_wrong_is_red(tmp_path: Path) -> None:
    assert _checked(tmp_path, ONCE, ALWAYS.format(n=0)) == 1


@pytest.mark.parametrize("suite", ["promises", "drills", "truth"])
def test_what_has_to_hold_always_is_red_when_it_is_red_once(
    suite: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "tests" / suite
    folder.mkdir(parents=True)
    (folder / "test_promised.py").write_text(ONCE)
    assert _checked(tmp_path) == 1
    assert "once more" not in capfd.readouterr().out


def test_a_file_that_cannot_be_read_is_red(tmp_path: Path) -> None:
    assert _checked(tmp_path, "this is no python") != 0


def test_where_many_are_red_something_is_wrong_and_none_is_tried_again(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert _checked(tmp_path, *(ALWAYS.format(n=n) for n in range(A_FEW + 1))) == 1
    assert "once more" not in capfd.readouterr().out

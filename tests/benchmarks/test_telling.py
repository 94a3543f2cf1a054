"""Is what a benchmark says told straight? Medians of ratios, goals that can be missed, results kept in their own place."""

from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest

from benchmarks import __main__ as command
from benchmarks import machine, repeating, table
from benchmarks.processes import Failed
from benchmarks.row import Row


@pytest.fixture(autouse=True)
def _this_process_logs_as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "set_up", lambda _name: None)


ROW = Row("rate", 30.0, "the other", 10.0, "/s", 3.0, 2.0)


class Ground:
    def close(self) -> None: ...


def told(*runs: list[Row]) -> list[Row]:
    waiting = iter(runs)
    module = ModuleType("some")
    module.measure = lambda _ground, _quick: next(waiting)  # type: ignore[attr-defined]
    return repeating.medians(module, lambda _kind: Ground(), "sqlite", len(runs), quick=False)  # type: ignore[arg-type,return-value]


def test_a_ratio_is_the_median_of_the_runs_ratios() -> None:
    runs = [
        replace(ROW, ours=ours, theirs=theirs, ratio=ours / theirs) for ours, theirs in ((8, 1), (20, 10), (30, 10))
    ]
    assert told(*([run] for run in runs)) == [replace(ROW, ours=20, theirs=10, ratio=3.0)]


@pytest.mark.parametrize(("ratio", "at_most", "met"), [(2.0, False, True), (1.9, False, False), (2.1, True, False)])
def test_a_goal_can_be_missed(ratio: float, at_most: bool, met: bool) -> None:
    assert replace(ROW, ratio=ratio, at_most=at_most).met is met


def test_what_has_no_goal_is_only_told() -> None:
    assert replace(ROW, goal=None, ratio=0.0).met


def test_a_missed_goal_ends_the_command_with_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    module = ModuleType("some", "How fast?")
    monkeypatch.setattr(repeating, "benchmarks", lambda: {"some": module})
    monkeypatch.setattr(repeating, "medians", lambda *_: [ROW, replace(ROW, what="slow", ratio=1.0)])
    assert command.main(["some", "--database", "sqlite"]) == 1
    assert "missed: some, sqlite: slow" in capsys.readouterr().err
    assert command.main(["some", "--database", "sqlite", "--quick"]) == 0


def test_one_that_breaks_keeps_no_other_from_its_turn_and_is_no_success(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def medians(module: ModuleType, *_: object) -> list[Row]:
        if module.__name__ == "broken":
            raise Failed("a copy was sent twice")
        return [ROW]

    modules = {name: ModuleType(name, "How fast?") for name in ("broken", "whole")}
    monkeypatch.setattr(repeating, "benchmarks", lambda: modules)
    monkeypatch.setattr(repeating, "medians", medians)
    assert command.main(["--database", "sqlite", "--quick"]) == 1
    said = capsys.readouterr()
    assert "failed: broken, sqlite: a copy was sent twice" in said.err
    assert said.out.count("| what") == 1


def test_a_benchmark_that_is_not_there_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        command.main(["speed-of-light"])
    assert "no such benchmark: speed-of-light" in capsys.readouterr().err


def test_what_is_kept_takes_the_place_of_what_was_measured_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    readme = tmp_path / "README.md"
    readme.write_text("# Benchmarks\n")
    monkeypatch.setattr(table, "README", readme)
    table.keep("rate", "How fast?", "sqlite", 3, [ROW])
    table.keep("rate", "How fast?", "postgresql", 3, [ROW])
    table.keep("rate", "How fast?", "sqlite", 5, [replace(ROW, ratio=4.0)])
    kept = readme.read_text()
    assert kept.count("<!-- rate sqlite -->") == kept.count("<!-- /rate sqlite -->") == 1
    assert kept.index("<!-- rate sqlite -->") < kept.index("Medians of 5") < kept.index("<!-- rate postgresql -->")
    assert "| 4 " in kept
    assert kept.startswith("# Benchmarks\n")


def test_it_is_said_on_what_it_was_measured_and_not_where() -> None:
    line = machine.line()
    assert "cores" in line
    assert "Python 3." in line
    assert "/" not in line.replace("x86/", "")

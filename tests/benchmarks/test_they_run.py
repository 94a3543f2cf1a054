"""Does every benchmark still run? In its smallest form, on SQLite; what it says of speed is not looked at here."""

import os
import subprocess
import sys

import pytest

from benchmarks import repeating
from runner.keeper import ROOT

LONGEST_SECONDS = 170
NAMES = sorted(repeating.benchmarks())


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_each_runs_from_its_ground_to_its_table(name: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", name, "--quick", "--database", "sqlite"],
        cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True,
        timeout=LONGEST_SECONDS, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "| what" in done.stdout


@pytest.mark.parametrize("name", NAMES)
def test_each_says_which_question_it_answers(name: str) -> None:
    assert repeating.question(repeating.benchmarks()[name]).endswith("?")

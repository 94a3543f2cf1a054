"""Does every benchmark still run? In its smallest form, on SQLite; what it says of speed is not looked at here."""

from pathlib import Path

import pytest

from benchmarks import repeating
from benchmarks.ground import lands

NAMES = sorted(repeating.benchmarks())
WHOLE_HOTLINES = {"console", "inbound", "truth"}
"""Minutes of every process there is: run by `./run bench NAME --quick`, not beside other tests."""


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("name", [name for name in NAMES if name not in WHOLE_HOTLINES])
def test_each_runs_from_its_ground_to_its_rows(name: str, services_folder: Path) -> None:
    module = repeating.benchmarks()[name]
    with lands(services_folder) as stand:
        rows = repeating.medians(module, stand, "sqlite", repeat=1, quick=True)
    assert rows
    assert len({row.what for row in rows}) == len(rows)


@pytest.mark.parametrize("name", NAMES)
def test_each_says_which_question_it_answers(name: str) -> None:
    assert repeating.question(repeating.benchmarks()[name]).endswith("?")

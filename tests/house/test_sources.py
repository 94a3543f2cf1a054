"""Can whoever reads a file of this repository open what it names? Nothing in it points to what is not here."""

import re
import subprocess

import pytest

from tests.services.databases import ROOT

ELSEWHERE = re.compile(r"\bfacts/[a-z]|\bshared/|\b[Ii]ssue \d+\b")
OTHERS = "bot/console/static/"
"""Files of others, as they gave them."""
NOT_LOOKED_AT = {"tests/house/test_sources.py"}
"""It names what it looks for."""


def _files() -> list[str]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [name for name in listed.stdout.split("\0") if name and not name.startswith(OTHERS)]


def test_no_file_names_a_source_that_is_not_in_the_repository() -> None:
    found = []
    for name in _files():
        path = ROOT / name
        if name in NOT_LOOKED_AT or not path.is_file():
            continue
        try:
            text = path.read_text()
        except UnicodeDecodeError:
            continue  # a picture
        found += [f"{name}: {line.strip()}" for line in text.splitlines() if ELSEWHERE.search(line)]
    assert found == []

"""Is every threat of docs/threat-model.md held by a test, and does every mark name a threat that stands there?"""

import re

from tests.services.databases import ROOT

ROW = re.compile(r"^\| (T\d\d) \|", re.MULTILINE)
MARK = re.compile(r"pytest\.mark\.threat\(\"([^\"]*)\"\)")


def _threats() -> set[str]:
    return set(ROW.findall((ROOT / "docs" / "threat-model.md").read_text()))


def _marked() -> set[str]:
    return {found for path in (ROOT / "tests").rglob("test_*.py") for found in MARK.findall(path.read_text())}


def test_every_threat_that_we_say_we_met_has_a_test() -> None:
    assert _threats() - _marked() == set()


def test_every_mark_names_a_threat_of_the_table() -> None:
    assert len(_threats()) > 20
    assert _marked() - _threats() == set()


def test_what_the_table_points_to_is_there() -> None:
    for row in (ROOT / "docs" / "threat-model.md").read_text().splitlines():
        if ROW.match(row):
            where = re.findall(r"`([^`]+)`", row.rstrip(" |").rpartition("|")[2])
            assert where, row
            folder = ROOT / where[0].rpartition("/")[0]  # what follows a first name lies beside it
            assert [name for name in where if not ((ROOT / name).exists() or (folder / name).exists())] in (
                [],
                ["Release"],
            )

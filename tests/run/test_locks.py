"""Do the locks hold what the project asks for, and nothing unproven?"""

import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from runner.keeper import ROOT

RUNTIME, TESTS, CELERY = "requirements.lock", "requirements-dev.lock", "requirements-celery.lock"
PROJECT = "project"
PIN = re.compile(
    r"^(?P<name>[\w.-]+)(?:\[[^]]*])?==(?P<version>[^\s;\\]+)(?P<rest>.*(?:\n    --hash=.*)*)", re.MULTILINE
)


def pins(lock: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for pin in PIN.finditer((ROOT / lock).read_text()):
        found.setdefault(canonicalize_name(pin["name"]), set()).add(pin["version"])
    return found


def asked_for(*groups: str) -> list[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    named = {PROJECT: project["project"]["dependencies"], **project["dependency-groups"]}
    return [Requirement(line) for group in groups for line in named[group]]


@pytest.mark.parametrize(
    ("lock", "groups"),
    [(RUNTIME, [PROJECT, "simulator"]), (TESTS, [PROJECT, "simulator", "test", "bench"]), (CELERY, ["celery"])],
)
def test_everything_asked_for_is_pinned_to_a_version_that_will_do(lock: str, groups: list[str]) -> None:
    held = pins(lock)
    for wanted in asked_for(*groups):
        versions = held.get(canonicalize_name(wanted.name), set())
        assert versions, f"{wanted.name} is not in {lock}"
        assert all(version in wanted.specifier for version in versions), f"{wanted} but {lock} has {versions}"


def test_the_tests_run_on_the_very_versions_that_are_deployed() -> None:
    tested = pins(TESTS)
    assert {name: tested.get(name) for name in pins(RUNTIME)} == pins(RUNTIME)


@pytest.mark.parametrize("lock", [RUNTIME, TESTS, CELERY])
def test_every_pin_has_its_hashes_and_no_address(lock: str) -> None:
    text = (ROOT / lock).read_text()
    assert [pin["name"] for pin in PIN.finditer(text) if "--hash=sha256:" not in pin["rest"]] == []
    assert "://" not in text
    assert "index-url" not in text

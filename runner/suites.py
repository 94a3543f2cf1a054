"""Which tests are there by name, and what must stand before they run?"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from runner.keeper import ROOT

LINTERS = (
    ("ruff", "check", "."),
    ("ruff", "format", "--check", "."),
    ("mypy",),
    ("lint-imports", "--no-cache"),
    ("deptry", "."),
)
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
NEED_A_BROWSER = ("journeys", "simulator", "console", "drills")
CHECKED_ORDER = "1"
"""Tests are shuffled by a new seed in every run, and by this one where a change is checked: what was red can be run again."""
RED = 1
"""What pytest ends with where tests failed, and nothing worse happened."""
A_FEW = 5
"""On a machine that is stalled by others a browser or a process may be late by more than all our patience. More are a fault."""
HOLD_ALWAYS = ("tests/promises/", "tests/drills/", "tests/truth/")
"""What fails there once in a hundred times is false: none of these is tried again."""
NOT_SUITES = ("services", "data", "__pycache__")


def suites() -> list[str]:
    """Every name `./run test` knows."""
    folders = sorted(path.name for path in (ROOT / "tests").iterdir() if path.is_dir())
    return ["lint", *(name for name in folders if name not in NOT_SUITES)]


def test(names: list[str]) -> int:
    """All suites, or the named ones; what follows `--` goes to pytest. 0 only when everything asked for passed."""
    names, extra = _divided(names)
    unknown = [name for name in names if name not in suites()]
    if unknown:
        print(f"No such suite: {', '.join(unknown)}. There are: {', '.join(suites())}", file=sys.stderr)
        return 2
    failed = _lint() if not names or "lint" in names else []
    folders = [name for name in names if name != "lint"]
    status = 0 if names and not folders else _pytest(folders, extra)
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
    return status or int(bool(failed))


def _divided(names: list[str]) -> tuple[list[str], list[str]]:
    if "--" not in names:
        return names, []
    at = names.index("--")
    return names[:at], names[at + 1 :]


def _lint() -> list[str]:
    failed = []
    for command in LINTERS:
        print(f"--- {' '.join(command)}", flush=True)
        if subprocess.run(command, cwd=ROOT, check=False).returncode:
            failed.append(" ".join(command))
    return failed


def _pytest(folders: list[str], extra: list[str]) -> int:
    if not folders or set(folders) & set(NEED_A_BROWSER):
        have_a_browser()
    where = [f"tests/{name}" for name in folders] or ["tests"]
    # A file stays on one process: what its tests share (a whole running hotline) is started once.
    parallel = ["-n", str(min(4, os.cpu_count() or 1)), "--dist", "loadfile"] if len(folders) != 1 else []
    print("--- pytest", " ".join(where), flush=True)
    if os.environ.get("CI"):
        return checked([*where, *extra], parallel, ROOT)
    return _run([*parallel, *where, *extra], ROOT)


def checked(what: list[str], parallel: list[str], root: Path) -> int:
    """Whether a change may go in: one order for all, and of `A_FEW` red tests each is tried once more, with nothing beside it.

    Not those that `HOLD_ALWAYS`. What is red twice is red. What was red once is printed like all else, so that somebody asks why.
    """
    order = ["--randomly-seed", CHECKED_ORDER]
    status = _run([*parallel, *order, "--cache-clear", *what], root)
    red = _red(root) if status == RED else []
    if not 0 < len(red) <= A_FEW or any(test.startswith(HOLD_ALWAYS) for test in red):
        return status
    print("--- once more, one after the other:", *red, sep="\n    ", flush=True)
    return _run([*order, "--last-failed", *what], root)


def _red(root: Path) -> list[str]:
    """The tests that failed in the last run, by pytest's own book."""
    book = root / ".pytest_cache" / "v" / "cache" / "lastfailed"
    return sorted(json.loads(book.read_text(encoding="utf-8"))) if book.exists() else []


def _run(arguments: list[str], root: Path) -> int:
    return subprocess.run([sys.executable, "-m", "pytest", *arguments], cwd=root, check=False).returncode


def have_a_browser() -> None:
    """Chromium, installed when it is absent and that is possible. Its absence is the journeys' to judge."""
    if any(shutil.which(name) for name in BROWSERS):
        return
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        print(
            "No Chromium here, and no right to install it: install `chromium` to run all tests.",
            file=sys.stderr,
        )
        return
    print("--- apt-get install chromium (once, for what a person sees)", flush=True)
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update"], ["install", "-y", "--no-install-recommends", "chromium"]):
        done = subprocess.run(["apt-get", "-q", *command], env=quiet, capture_output=True, text=True, check=False)
        if done.returncode:
            print(f"apt-get {command[0]} failed:\n{done.stderr[-800:]}", file=sys.stderr)
            return

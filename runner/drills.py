"""Which drills are there by name, and how are they run in their long form? Sizes of both forms: `tests/drills/sizes.py`."""

import os
import subprocess
import sys

from runner.keeper import ROOT
from runner.suites import have_a_browser

FOLDER = ROOT / "tests" / "drills"
NIGHTLY, SIZE = "--nightly", {"CONTIGO_DRILLS": "nightly"}


def drills() -> list[str]:
    """Every name `./run drill` knows."""
    return sorted(path.stem.removeprefix("test_") for path in FOLDER.glob("test_*.py"))


def drill(arguments: list[str]) -> int:
    """All drills, or the named ones, one after the other; what follows `--` goes to pytest."""
    at = arguments.index("--") if "--" in arguments else len(arguments)
    names, extra = [name for name in arguments[:at] if name != NIGHTLY], arguments[at + 1 :]
    unknown = [name for name in names if name not in drills()]
    if unknown:
        print(
            f"No such drill: {', '.join(unknown)}. ./run drill [{NIGHTLY}] [NAME ...], with NAME one of: {', '.join(drills())}",
            file=sys.stderr,
        )
        return 2
    have_a_browser()
    where = [str(FOLDER / f"test_{name}.py") for name in names or drills()]
    size = SIZE if NIGHTLY in arguments[:at] else {}
    command = [sys.executable, "-m", "pytest", "-p", "no:randomly", *where, *extra]
    return subprocess.run(command, cwd=ROOT, env=os.environ | size, check=False).returncode

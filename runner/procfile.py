"""Which processes are there, and what does each of them run?"""

import re
from pathlib import Path

from runner.keeper import ROOT

LINE = re.compile(r"^(?P<name>[a-z][a-z0-9_]*):\s*(?P<command>\S.*)$")


def processes(path: Path = ROOT / "Procfile") -> dict[str, str]:
    """Name -> command, in the file's order. A line that is neither a process, a remark nor empty is a mistake."""
    found: dict[str, str] = {}
    for line in path.read_text().splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        match = LINE.match(line)
        if not match or match["name"] in found:
            raise ValueError(f"{path.name}: cannot read {line!r}")
        found[match["name"]] = match["command"]
    return found

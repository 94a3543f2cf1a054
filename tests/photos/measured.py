"""How much memory does cleaning take, at its most? Run as a program of its own: nothing else's memory is counted with it."""

import json
import resource
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from bot.photos import cleaning


def own_peak() -> int:
    """As the kernel shows it: `ru_maxrss` begins with what the process that started us had."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0])


if __name__ == "__main__":
    files = sorted(Path(sys.argv[1]).iterdir())
    opened = sum(cleaning.cleaned(file.read_bytes()) is not None for file in files)
    most = {
        "tried": len(files),
        "opened": opened,
        "parent_kib": own_peak(),
        "child_kib": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss,
    }
    print(json.dumps(most))  # noqa: T201

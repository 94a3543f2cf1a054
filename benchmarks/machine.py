"""On what was it measured? Cores, processor, memory, versions; never a machine's name or a place on its disk."""

import platform
import re
import subprocess
from importlib.metadata import distributions, version
from pathlib import Path

import psutil

from benchmarks.other_side import CELERY
from bot.clock import local, now

PACKAGES = ("pycurl", "SQLAlchemy", "psycopg", "rq", "redis", "twilio", "gunicorn", "uvloop")


def line() -> str:
    """The day and the machine, in one line."""
    memory = round(psutil.virtual_memory().total / 2**30)
    packages = ", ".join([f"{name} {version(name)}" for name in PACKAGES] + _beside())
    return (
        f"{local(now()).date()}. {len(_cores())} cores of {_processor()}, {memory} GB; {platform.system()}, "
        f"Python {platform.python_version()}, {packages}."
    )


def _beside() -> list[str]:
    return [f"celery {found.version}" for found in distributions(name="celery", path=[str(CELERY)])]


def _cores() -> list[int]:
    """Those we may use, where the system says so."""
    mine = psutil.Process()
    return list(mine.cpu_affinity() or []) if hasattr(mine, "cpu_affinity") else list(range(psutil.cpu_count() or 1))


def _processor() -> str:
    told = Path("/proc/cpuinfo")
    if told.exists():
        named = re.search(r"^model name\s*:\s*(.+)$", told.read_text(), re.MULTILINE)
        return named[1].strip() if named else platform.machine()
    asked = subprocess.run(
        ["/usr/sbin/sysctl", "-n", "machdep.cpu.brand_string"], capture_output=True, text=True, check=False
    )
    return asked.stdout.strip() or platform.machine()

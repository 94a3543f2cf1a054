"""How does a test or a demo start a simulator of its own, and know when it is ready?"""

import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent


class NotReady(RuntimeError):
    """The simulator ended or stayed silent instead of saying that it is ready."""


def start(*flags: str, port: int = 0, wait_seconds: float = 20.0) -> tuple[subprocess.Popen[str], str]:
    """Start it on this port (0: a free one); returns the process and its address once it answers."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])}
    command = [sys.executable, "-m", "simulator", "--port", str(port), *flags]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment)
    try:
        return process, str(_ready_line(process, wait_seconds)["address"])
    except BaseException:
        stop(process)
        raise


def _ready_line(process: subprocess.Popen[str], wait_seconds: float) -> dict[str, Any]:
    if process.stdout is None:
        raise NotReady("its output is not read")
    ends = time.monotonic() + wait_seconds
    while time.monotonic() < ends:
        if select.select([process.stdout], [], [], 0.1)[0]:
            line = process.stdout.readline()
            if not line:
                raise NotReady(f"the simulator ended with exit code {process.wait()}")
            found: dict[str, Any] = json.loads(line)
            return found
    raise NotReady(f"the simulator was not ready after {wait_seconds} s")


def stop(process: subprocess.Popen[str], wait_seconds: float = 10.0) -> int:
    """SIGTERM, and SIGKILL if that is not heard; the exit code."""
    if process.poll() is None:
        process.terminate()
    try:
        code = process.wait(wait_seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        code = process.wait()
    if process.stdout:
        process.stdout.close()
    return code


@contextmanager
def running(*flags: str, port: int = 0) -> Iterator[str]:
    """`with running("--rate", "1000") as address:`"""
    process, address = start(*flags, port=port)
    try:
        yield address
    finally:
        stop(process)

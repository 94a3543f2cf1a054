"""How does a stranger's file become a picture we may show? In another process (`cleaner`), which may crash and harms nobody."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import structlog

from bot.settings import settings

PROGRAM = Path(__file__).parent / "cleaner.py"
LONGEST_SECONDS = 20.0
MOST_BYTES = 2 * 1024 * 1024
"""A photo of 1600 pixels takes a quarter of this; more than that is none of the cleaner's making."""
JPEG = b"\xff\xd8\xff"
PASSED_ON = ("LD_LIBRARY_PATH",)
"""All that the process is given of our environment: where some systems keep Python's own library. No key, no password."""

log = structlog.get_logger(__name__)


class CannotStart(RuntimeError):
    """This machine has no room for another process just now: nothing is known of the picture."""


def cleaned(raw: bytes) -> bytes | None:
    """The picture in `raw` as a JPEG of our own; `None` where there is none that we can open. Raises `CannotStart` only."""
    with _started() as child:
        late = threading.Timer(LONGEST_SECONDS, child.kill)
        late.start()
        try:
            picture, status = _through(child, raw)
        except OSError:  # it ended before it had read everything
            picture, status = b"", -1
        finally:
            child.kill()  # nothing, where it has ended
            late.cancel()
    if status != 0 or not picture.startswith(JPEG) or len(picture) > MOST_BYTES:
        log.info("not_a_picture", status=status)
        return None
    return picture


def _started() -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-I", str(PROGRAM), str(settings().photo_longest_side_pixels)]
    given = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    try:
        return subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=given, cwd="/"
        )
    except OSError as error:
        log.error("cleaner_not_started", error_type=type(error).__name__)
        raise CannotStart from None


def _through(child: "subprocess.Popen[bytes]", raw: bytes) -> tuple[bytes, int]:
    """What it wrote, up to one byte more than it may, and how it ended. It reads all before it writes anything."""
    child.stdin.write(raw)  # type: ignore[union-attr]
    child.stdin.close()  # type: ignore[union-attr]
    picture = child.stdout.read(MOST_BYTES + 1)  # type: ignore[union-attr]
    child.stdout.close()  # type: ignore[union-attr]
    return picture, child.wait()

"""Was this learned before, from the same words by the same code? Then it is read from disk; else a child process learns it now.

What is learned is small (20 MB), learning it is not (170 MB and more, seconds): a web process that learned for itself kept all of
that. Whatever is kept carries the mark of everything it came from, and a sum over itself: another version's, or a damaged one,
is learned anew. Where nothing can be kept (a read-only disk) each start learns; where no child can start, we learn ourselves.
"""

import hashlib
import logging
import platform
import subprocess
import sys
import tempfile
import unicodedata
import zipfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import messages
from bot.rights.weights import Weights

HERE, WORDS = Path(__file__).parent, Path(messages.__file__).parent
ROOT = WORDS.parent
KEPT = ROOT / "var" / "learned"
CODE = (
    *(HERE / name for name in ("features.py", "learning.py", "solving.py", "weights.py", "remembered.py")),
    *(WORDS / name for name in ("wording.py", "yaml_files.py", "rights/concepts.yml")),
    *sorted(WORDS.glob("*.txt")),
)
"""What decides what is learned, beside the examples and the lesson's own module."""
LONGEST_SECONDS = 300.0
SUM_BYTES = hashlib.sha256().digest_size

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Lesson:
    """One thing to learn. `python -m MODULE` learns it and writes it to its standard output, as `tell` does."""

    name: str
    module: str
    examples: tuple[Path, ...]

    def mark(self) -> bytes:
        """Another word in any of its examples, another line in any of its code, other numbers underneath: another mark."""
        made = hashlib.sha256()
        libraries = (version("numpy"), version("scipy"), platform.python_version(), unicodedata.unidata_version)
        made.update("\n".join((self.module, *libraries)).encode())
        for path in (*CODE, ROOT / (self.module.replace(".", "/") + ".py"), *self.examples):
            content = path.read_bytes()
            made.update(f"\n{path.name} {len(content)}\n".encode() + content)
        return made.digest()


def weights(lesson: Lesson, learn: Callable[[], Weights]) -> Weights:
    """What `learn` would give, without the memory it takes."""
    mark = lesson.mark()
    return _kept(lesson, mark) or _learned_aside(lesson, mark) or learn()


def tell(lesson: Lesson, learn: Callable[[], Weights]) -> None:
    """What the child does: learn, and write down what was learned under the mark of what it was learned from."""
    mark = lesson.mark()
    content = learn().packed()
    sys.stdout.buffer.write(mark + hashlib.sha256(content).digest() + content)


def _kept(lesson: Lesson, mark: bytes) -> Weights | None:
    try:
        return _whole((KEPT / lesson.name).read_bytes(), mark)
    except OSError:
        return None


def _whole(told: bytes, mark: bytes) -> Weights | None:
    """Nothing, unless it is of this version and undamaged."""
    own, told_sum, content = told[:SUM_BYTES], told[SUM_BYTES : 2 * SUM_BYTES], told[2 * SUM_BYTES :]
    if own != mark or told_sum != hashlib.sha256(content).digest():
        return None
    try:
        return Weights.unpacked(content)
    except (KeyError, ValueError, zipfile.BadZipFile):  # a sum is no signature: somebody wrote this, and it was not us
        return None


def _learned_aside(lesson: Lesson, mark: bytes) -> Weights | None:
    command = [sys.executable, "-m", lesson.module]
    try:
        done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, timeout=LONGEST_SECONDS, check=True)
    except (OSError, subprocess.SubprocessError):
        log.warning("No child process could learn what phrases mean: learning here, with the memory that takes")
        return None
    found = _whole(done.stdout, mark)
    if found is not None:
        _keep(lesson, done.stdout)
    return found


def _keep(lesson: Lesson, told: bytes) -> None:
    """Whole or not at all: whoever reads meanwhile finds what was there before."""
    with suppress(OSError):
        KEPT.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=KEPT, prefix=".") as folder:
            (made := Path(folder) / lesson.name).write_bytes(told)
            made.replace(KEPT / lesson.name)

"""What do `./run`'s commands do, once `.venv` stands?"""

import os
import subprocess
import sys
from collections.abc import Callable
from typing import NoReturn

from runner import drills, suites
from runner.demo import demo
from runner.keeper import ROOT, ServerMissing
from runner.local import surroundings, with_redis, with_tables
from runner.procfile import processes

WITHOUT_SERVICES = ("", "--help", "understand", "segments", "keys")
"""Commands that need neither a database nor Redis, and are used in pipes: they start at once."""


def bot(arguments: list[str]) -> NoReturn:
    """`python -m bot ...`."""
    settings = surroundings() if arguments != ["keys"] else dict(os.environ)
    if (arguments[0] if arguments else "") not in WITHOUT_SERVICES:
        settings = with_redis(settings)
        if arguments[0] != "migrate":
            with_tables(settings)
    os.execvpe(sys.executable, [sys.executable, "-m", "bot", *arguments], settings)


def process(arguments: list[str]) -> int:
    """One line of the Procfile; this process becomes it."""
    known = processes()
    if len(arguments) != 1 or arguments[0] not in known:
        print(f"./run process NAME, with NAME one of: {', '.join(known)}", file=sys.stderr)
        return 2
    settings = with_redis(surroundings())
    if arguments[0] != "release":
        with_tables(settings)
    os.execvpe("/bin/sh", ["sh", "-c", f"exec {known[arguments[0]]}"], settings)


def bench(arguments: list[str]) -> int:
    """Each benchmark starts what it measures."""
    if not (ROOT / "benchmarks" / "__main__.py").exists():
        print("There are no benchmarks yet.", file=sys.stderr)
        return 2
    os.execv(sys.executable, [sys.executable, "-m", "benchmarks", *arguments])


def show(arguments: list[str]) -> int:
    """The demo."""
    if set(arguments) - {"--tour"}:
        print("./run demo [--tour]", file=sys.stderr)
        return 2
    return demo(tour="--tour" in arguments)


COMMANDS: dict[str, Callable[[list[str]], int]] = {
    "demo": show, "test": suites.test, "bench": bench, "drill": drills.drill, "bot": bot, "process": process,
}  # fmt: skip


def main() -> int:
    command, *arguments = sys.argv[1:]
    try:
        return COMMANDS[command](arguments)
    except ServerMissing as missing:
        print(missing, file=sys.stderr)
    except subprocess.CalledProcessError as failed:
        command = failed.cmd if isinstance(failed.cmd, str) else " ".join(map(str, failed.cmd))
        print(f"This did not work, see above: {command}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())

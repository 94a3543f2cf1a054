"""./run bench [NAME ...]: measures, prints each ratio beside its goal, and says by its exit code whether all were met."""

import argparse
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

from benchmarks import repeating, table
from benchmarks.ground import Ground, lands
from benchmarks.processes import Failed
from bot.logging import set_up


def main(arguments: list[str]) -> int:
    """0: all ran, and every goal was met (nothing is judged with `--quick`)."""
    known = repeating.benchmarks()
    given = _given(arguments, list(known))
    asked = repeating.KINDS if given.database == "both" else (given.database,)
    set_up("bench")
    folder = Path(tempfile.mkdtemp(prefix="contigo-bench-"))
    folder.chmod(0o711)  # PostgreSQL runs as another user where we are root
    wrong = []
    try:
        with lands(folder) as stand:
            for name in given.names or known:
                for kind in repeating.kinds(known[name], asked):
                    wrong += _measure(name, known[name], kind, stand, given)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    for line in wrong:
        print(line, file=sys.stderr)
    return int(bool(wrong))


def _measure(
    name: str, module: ModuleType, kind: str, stand: Callable[[str], Ground], given: argparse.Namespace
) -> list[str]:
    """Show one benchmark on one kind of database; what it missed. That one breaks keeps no other from its turn."""
    question = repeating.question(module)
    print(f"\n{name}, {kind}: {question}", flush=True)
    try:
        rows = repeating.medians(module, stand, kind, given.repeat, given.quick)
    except Failed as failed:
        return [f"failed: {name}, {kind}: {failed}"]
    print("\n".join(table.lines(rows, judged=not given.quick)), flush=True)
    if given.write:
        table.keep(name, question, kind, given.repeat, rows)
    return [] if given.quick else [f"missed: {name}, {kind}: {row.what}" for row in rows if not row.met]


def _given(arguments: list[str], known: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./run bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of: {', '.join(known)} (default: all)")
    parser.add_argument("--database", choices=(*repeating.KINDS, "both"), default="both")
    parser.add_argument("--repeat", type=int, default=3, metavar="N", help="medians of so many runs (default 3)")
    parser.add_argument(
        "--quick", action="store_true", help="small and soon over: shows that it runs, measures nothing"
    )
    parser.add_argument("--write", action="store_true", help="keep the results in benchmarks/README.md")
    given = parser.parse_args(arguments)
    if unknown := set(given.names) - set(known):
        parser.error(f"no such benchmark: {', '.join(sorted(unknown))}. There are: {', '.join(known)}")
    if given.quick:
        given.repeat, given.write = 1, False
    return given


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

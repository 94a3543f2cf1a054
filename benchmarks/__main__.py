"""./run bench [NAME ...]: measures, prints each ratio beside its goal, and says by its exit code whether all were met."""

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from benchmarks import repeating, table
from benchmarks.ground import lands
from benchmarks.processes import Failed
from benchmarks.row import Row
from bot.logging import set_up


def main(arguments: list[str]) -> int:
    """0: every goal was met, or nothing was asked but to run (`--quick`)."""
    known = repeating.benchmarks()
    given = _given(arguments, list(known))
    asked = repeating.KINDS if given.database == "both" else (given.database,)
    set_up("bench")
    missed = []
    folder = Path(tempfile.mkdtemp(prefix="contigo-bench-"))
    folder.chmod(0o711)  # PostgreSQL runs as another user where we are root
    try:
        with lands(folder) as stand:
            for name in given.names or known:
                for kind in repeating.kinds(known[name], asked):
                    print(f"\n{name}, {kind}: {repeating.question(known[name])}", flush=True)
                    rows = repeating.medians(known[name], stand, kind, given.repeat, given.quick)
                    print("\n".join(table.lines(rows, judged=not given.quick)), flush=True)
                    if given.write:
                        table.keep(name, repeating.question(known[name]), kind, given.repeat, rows)
                    missed += [(name, kind, row) for row in rows if not row.met]
    except Failed as failed:
        print(failed, file=sys.stderr)
        return 1
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 0 if given.quick else _judged(missed)


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


def _judged(missed: list[tuple[str, str, Row]]) -> int:
    for name, kind, row in missed:
        print(f"missed: {name}, {kind}: {row.what}", file=sys.stderr)
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

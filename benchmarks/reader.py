"""How long does one text take, from its letters to the words we would answer with? On one core, and nothing else beside it.

A process of its own: `python -m benchmarks.reader --texts 2000` reads what people write again and again, as different people
would, and prints the milliseconds of each text as JSON. Nothing is remembered from one text to the next but what every process
remembers; the first round finds its caches as cold as after a start.
"""

import argparse
import csv
import itertools
import json
import os
import time

from benchmarks.crowd import EXAMPLES
from bot.hotline import preview, understanding


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reader", description=__doc__)
    parser.add_argument("--texts", type=int, default=2000)
    given = parser.parse_args()
    _on_one_core()
    understanding.warm()
    print(json.dumps([_milliseconds(text) for text in itertools.islice(itertools.cycle(_texts()), given.texts)]))


def _on_one_core() -> None:
    if hasattr(os, "sched_setaffinity"):  # Linux; elsewhere Python's own lock does nearly as much
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


def _texts() -> list[str]:
    """Every text of `tests/hotline/data`: language, text, what it is."""
    written = []
    for path in sorted(EXAMPLES.parent.glob("*.tsv")):
        with path.open(newline="", encoding="utf-8") as file:
            written += [row[1] for row in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)]
    return written


def _milliseconds(text: str) -> float:
    """Of the processor: nothing here waits for anybody, and what else the machine does is no part of it."""
    began = time.process_time()
    preview.explained(text)
    return (time.process_time() - began) * 1e3


if __name__ == "__main__":
    main()

"""python -m workers urgent | bulk | clock"""

import gc
import sys

from bot.logging import set_up
from bot.privacy.keys import KeyMissing, key
from bot.settings import settings
from bot.store.schema import metadata
from messages import catalog

NAMES = ("urgent", "bulk", "clock")
YOUNG_OLDER_OLDEST = 50_000, 20, 50
"""Objects made before garbage is looked for. By Python's own 700 that took a tenth of sending."""


def main(arguments: list[str]) -> int:
    """Run one process by its name; 2 if it cannot start, with the reason."""
    if len(arguments) != 1 or arguments[0] not in NAMES:
        print(__doc__, file=sys.stderr)  # noqa: T201
        return 2
    name = arguments[0]
    set_up(name)
    try:
        _prepare()
    except KeyMissing as missing:
        print(f"workers {name}: {missing}", file=sys.stderr)  # noqa: T201
        return 2
    if name == "clock":
        from workers import sweep

        sweep.run()
    else:
        from workers import rq_worker

        rq_worker.run(name)
    return 0


def _prepare() -> None:
    """What every job needs is loaded now, not by the first of them; what cannot work is said now."""
    for name in ("number_private_key", "number_public_key", "number_tag_key", "text_key"):
        key(name)
    settings()
    metadata()
    catalog.namespaces()
    gc.collect()
    gc.set_threshold(*YOUNG_OLDER_OLDEST)
    gc.freeze()  # what is loaded now stays: looking through it for garbage again and again would cost as much as sending


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

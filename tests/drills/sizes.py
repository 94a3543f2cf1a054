"""How big is a drill? CI's shorter form and the nightly one, and the settings that shrink with them: all from here."""

import os
from dataclasses import dataclass

NIGHTLY = "CONTIGO_DRILLS"
"""`nightly` in the environment: the long form (`./run drill --nightly`)."""
SEED = "CONTIGO_DRILL_SEED"
"""A drill prints the seed of its chances; given back here, it makes the same choices again."""


@dataclass(frozen=True)
class Sizes:
    """Counts, and seconds of outage."""

    people: int
    """In the one fan-out in which processes are killed."""
    neighbors: int
    """In every other fan-out."""
    kills: int
    pauses: int
    flushes: int
    restarts: int
    storms: int
    stops: int
    strangers: int
    """Who text while the web process is killed under them."""
    double_clicks: int
    sequences: int
    """Of texts, clicks, clocks and people, on SQLite; a twentieth of them on PostgreSQL."""
    outage_seconds: float
    pace: int
    """Segments a second."""


CI = Sizes(
    people=10_000, neighbors=1_200, kills=50, pauses=2, flushes=6, restarts=3, storms=2, stops=40, strangers=40,
    double_clicks=5, sequences=300, outage_seconds=30, pace=250,
)  # fmt: skip
LONG = Sizes(
    people=100_000, neighbors=100_000, kills=500, pauses=20, flushes=100, restarts=20, storms=20, stops=2_000,
    strangers=90, double_clicks=20, sequences=10_000, outage_seconds=120, pace=500,
)  # fmt: skip

LOOK_SECONDS = 2.0
LIST_LAG_SECONDS = LOOK_SECONDS / 4
"""`UNKNOWN_LOOK_SECONDS` is 60 for a list that lags by seconds: the two shrink together."""

QUICK: dict[str, object] = {
    "twilio_timeout_seconds": 3, "lease_seconds": 6, "unknown_look_seconds": LOOK_SECONDS, "sweep_seconds": 0.5,
    "catch_up_seconds": 3, "slice_size": 1000,
}  # fmt: skip
"""Everything that a worker or the sweep waits for, shorter in about the same measure."""


def sizes() -> Sizes:
    """Of this run."""
    return LONG if os.environ.get(NIGHTLY) == "nightly" else CI

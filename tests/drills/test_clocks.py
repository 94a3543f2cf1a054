"""Two clocks, and no Redis by which they could take turns: both give up leases and look for the lost; nobody is told twice."""

import random
from pathlib import Path

import pytest

from tests.drills.conftest import DrillStarter
from tests.drills.drill import everyone_has_one
from tests.drills.sizes import Sizes

pytestmark = pytest.mark.slow

WORKERS = ("urgent", "bulk-1", "bulk-2")
CLOCKS = ("clock-1", "clock-2")


def test_two_clocks_settle_what_killed_workers_leave_behind(
    start_drill: DrillStarter, size: Sizes, chance: random.Random, tmp_path: Path
) -> None:
    drill = start_drill(redis_url=f"unix://{tmp_path / 'nobody'}?db=0")
    drill.trouble("server_error_accepted", share=0.1)
    drill.trouble("server_error", share=0.1)
    told = drill.tell(size.neighbors)
    drill.crew.start(*CLOCKS, *WORKERS)
    for point in sorted(chance.sample(range(int(0.9 * size.neighbors)), size.restarts * 2)):
        drill.reaches(told, point)
        name = chance.choice([*WORKERS, *CLOCKS])
        drill.crew.kill(name)
        drill.crew.start(name)
    drill.mend()
    drill.settles(told)
    everyone_has_one(told)

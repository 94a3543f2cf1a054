"""It expires in the middle of the fan-out: nothing begins after that, and what the carrier took and has not sent dies there."""

import pytest

from tests.drills.conftest import DrillStarter
from tests.drills.drill import nobody_has_two
from tests.drills.sizes import Sizes
from tests.drills.stalls import Stalls
from tests.services.carrier import NUMBER

pytestmark = pytest.mark.slow

CREW = ("clock", "urgent", "bulk-1", "bulk-2")
SHARE = 0.5
"""Of the people, who could be told in time."""
WHOLE_SECOND = 1.0
"""Twilio's ValidityPeriod counts whole seconds, one at least."""


def test_nothing_begins_after_it_and_nothing_leaves_the_carrier_after_it(
    start_drill: DrillStarter, size: Sizes
) -> None:
    pace = size.pace / 2
    drill = start_drill(sender_segments_per_second=pace)
    drill.carrier.live(rates={NUMBER: pace * 0.8})  # slower than we think: a queue of its own builds up
    for kind in ("server_error", "server_error_accepted", "hang_accepted", "reset"):
        drill.trouble(kind, share=0.05)
    drill.crew.start(*CREW)
    with Stalls(drill.carrier.address) as stalls:
        told = drill.tell(size.neighbors, seconds=SHARE * size.neighbors / pace)
        drill.settles(told)
    nobody_has_two(told)
    begun = [arrival.at - stalls.before(arrival.at) for arrival in told.phones.arrivals]
    left = [row["sent"] - stalls.before(row["sent"]) for row in drill.carrier.sent() if row["sent"]]
    assert 0 < len(begun) < size.neighbors, "it must expire in the middle"
    assert max(begun) <= told.expires_at
    assert max(left) <= told.expires_at + WHOLE_SECOND
    states = told.books.states()
    assert states.get("dropped (expired)", 0) == size.neighbors - len(begun), states

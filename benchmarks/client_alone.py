"""What does our client cost, with nothing around it? Its forms, its requests, its answers read: no queue, no database, no number.

`python -m benchmarks.client_alone COUNT IN_FLIGHT [AT]`. The first message of each connection, with its handshake, is outside the
count, as in `baselines/sdk_pool`. AT (`time.monotonic`): several of them begin at the same moment.
"""

import argparse
import json
import time

from benchmarks.people import TEXTS, number
from bot.channels.channel import Handed, Parcel
from bot.channels.twilio import Twilio

TEXT = next(iter(TEXTS.values()))
VALID_SECONDS = 3600


def timed(count: int, in_flight: int, at: float) -> dict[str, float]:
    """Seconds and CPU seconds of `count` messages."""
    carrier = Twilio()
    _send(carrier, in_flight, in_flight)
    time.sleep(max(0.0, at - time.monotonic()))
    began, cpu = time.monotonic(), time.process_time()
    _send(carrier, count, in_flight)
    return {"count": count, "seconds": time.monotonic() - began, "cpu": time.process_time() - cpu}


def _send(carrier: Twilio, count: int, in_flight: int) -> None:
    begun = done = 0
    while done < count:
        while begun < count and carrier.in_flight < in_flight:
            carrier.begin(Parcel(begun, number(begun), TEXT, "sms", VALID_SECONDS))
            begun += 1
        for _, outcome in carrier.wait(1.0):
            assert isinstance(outcome, Handed), outcome
            done += 1


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.client_alone", description=__doc__)
    parser.add_argument("count", type=int)
    parser.add_argument("in_flight", type=int)
    parser.add_argument("at", type=float, nargs="?", default=0.0)
    given = parser.parse_args()
    print(json.dumps(timed(given.count, given.in_flight, given.at)))


if __name__ == "__main__":
    main()

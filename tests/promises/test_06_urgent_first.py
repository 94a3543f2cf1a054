"""Promise 6. A notice to thousands delays an alert by no more than the messages in flight."""

import pytest

from tests.promises.conftest import alarm_in, copies_of, joins
from tests.services.system import HotlineStarter
from tests.services.waiting import eventually

CROWD = 3000
PACE = 20


@pytest.mark.slow
def test_an_alert_overtakes_a_large_notice(start_hotline: HotlineStarter, database_kind: str) -> None:
    hotline = start_hotline(
        database_kind, sender_segments_per_second=PACE, notice_quiet_from_hour=0, notice_quiet_until_hour=0
    )
    hotline.bot("demo", "people")
    rosa = joins(hotline.phone("+13235550101"))
    hotline.bot("demo", "seed", "--subscribers", str(CROWD), "--neighborhood", "lynwood")
    flood = alarm_in(hotline, "lynwood")
    _turn_into_a_notice(hotline.database_url, flood)
    eventually(lambda: len(copies_of(hotline, flood)) > PACE, within=60)
    code = alarm_in(hotline, "hp")
    before = len(copies_of(hotline, flood))
    rosa.receives(code, within=30)
    first = copies_of(hotline, code)[0]
    sent = hotline.simulator.sent()
    assert sum(flood in row["body"] for row in sent[: sent.index(first)]) - before <= 3 * PACE


def _turn_into_a_notice(database_url: str, code: str) -> None:
    """The crowd's copies take the notices' lane: what is tested is the lane, not how a notice is written."""
    from sqlalchemy import text

    from bot.store.engine import engine

    with engine(database_url).begin() as hand:
        hand.execute(text("UPDATE broadcast SET lane = 4"))
        hand.execute(text("UPDATE delivery SET lane = 4 WHERE broadcast_id IS NOT NULL AND state = 'waiting'"))
    engine(database_url).dispose()

"""Promise 5. A copy not sent by its expiry is dropped, here and at the carrier (validity period)."""

import datetime as dt

import pytest
from sqlalchemy import text

from bot.store.engine import engine
from tests.promises.conftest import joins
from tests.services.settings import Environment
from tests.services.system import HotlineStarter
from tests.services.waiting import eventually


@pytest.mark.slow
def test_what_waited_past_its_expiry_never_leaves_and_what_left_dies_at_the_carrier(
    start_hotline: HotlineStarter, database_kind: str, env: Environment
) -> None:
    hotline = start_hotline(database_kind)
    rosa = joins(hotline.phone("+13235550101"))
    hotline.bot("demo", "people")
    for name in ("urgent", "bulk"):
        hotline.stop(name)
    hotline.bot("demo", "alert", "--neighborhood", "hp")
    env.set(database_url=hotline.database_url)
    past = dt.datetime.now(dt.UTC) - dt.timedelta(seconds=1)
    with engine().begin() as hand:
        hand.execute(text("UPDATE broadcast SET expires_at = :past"), {"past": past})
        hand.execute(text("UPDATE delivery SET expires_at = :past WHERE broadcast_id IS NOT NULL"), {"past": past})
    for name in ("urgent", "bulk"):
        hotline.start(name)
    rosa.answers_with("DERECHOS", "PUERTA", within=30)
    eventually(lambda: _open_copies() == 0, within=30)
    assert not any("CONFIRMADO" in said for said in rosa.received())
    code = hotline.bot("demo", "alert", "--neighborhood", "hp").split("Released ")[1].split()[0]
    rosa.receives(code, within=30)
    (copy,) = [row for row in hotline.simulator.sent() if code in row["body"]]
    assert 0 < int(copy["validity_period"]) <= 3600


def _open_copies() -> int:
    with engine().connect() as reader:
        waiting = "SELECT count(*) FROM delivery WHERE broadcast_id IS NOT NULL AND state IN ('waiting', 'claimed')"
        return int(reader.execute(text(waiting)).scalar_one())

"""Promise 5. A copy not sent by its expiry is dropped, here and at the carrier (validity period)."""

import datetime as dt
from urllib.parse import parse_qs

import pytest
from sqlalchemy import text

from bot.channels.channel import Parcel
from bot.channels.twilio import form
from bot.store.engine import engine
from tests.promises.conftest import alarm_in, copies_of, joins
from tests.services.settings import Environment
from tests.services.system import HotlineStarter
from tests.services.waiting import eventually


@pytest.mark.slow
def test_what_waited_past_its_expiry_never_leaves_and_the_next_one_does(
    start_hotline: HotlineStarter, database_kind: str, env: Environment
) -> None:
    hotline = start_hotline(database_kind)
    hotline.bot("demo", "people")
    rosa = joins(hotline.phone("+13235550101"))
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
    code = alarm_in(hotline, "hp")
    rosa.receives(code, within=30)
    assert [row["to"] for row in copies_of(hotline, code)] == ["+13235550101"]


def test_every_copy_tells_the_carrier_when_it_dies(env: Environment) -> None:
    """Twilio drops it then (ValidityPeriod; error 30036)."""
    env.set(twilio_from_number="+15625550100")
    parcel = Parcel(delivery_id=1, address="+13235550101", text="CONTIGO K7Q", channel="sms", valid_seconds=600)
    assert parse_qs(form(parcel).decode())["ValidityPeriod"] == ["600"]


def _open_copies() -> int:
    with engine().connect() as reader:
        waiting = "SELECT count(*) FROM delivery WHERE broadcast_id IS NOT NULL AND state IN ('waiting', 'claimed')"
        return int(reader.execute(text(waiting)).scalar_one())

"""How does the hotline learn what became of a message?"""

from collections.abc import Callable

from aiohttp import web

from tests.services.carrier import Simulator
from tests.services.waiting import eventually
from tests.simulator.conftest import NUMBER, ROSA, SERVICE, Call, Hotline, ends_as, post


def send(carrier: Simulator, hotline: Hotline, after: str = "?m=7", **form: object) -> str:
    callback = f"{hotline.address}/twilio/receipts{after}"
    return str(post(carrier, To=ROSA, Body="x", StatusCallback=callback, **(form or {"From": NUMBER})).json()["sid"])


def test_receipts_are_signed_over_the_exact_address(carrier: Simulator, hotline: Hotline) -> None:
    sid = send(carrier, hotline, "?m=7&n=a%20b#rc=3&rp=ct,rt,5xx")
    ends_as(carrier, sid)
    calls = hotline.to("/twilio/receipts")
    assert all(call.genuine for call in calls)
    assert {call.url.partition("?")[2] for call in calls} == {"m=7&n=a%20b"}
    last = calls[-1].form
    assert last["SmsSid"] == last["MessageSid"] == sid
    assert (last["To"], last["From"], last["ApiVersion"]) == (ROSA, NUMBER, "2010-04-01")


def test_the_first_status_is_not_called_back(carrier: Simulator, hotline: Hotline) -> None:
    number = send(carrier, hotline)
    service = send(carrier, hotline, MessagingServiceSid=SERVICE)
    ends_as(carrier, service)
    assert sorted(hotline.receipts(number)) == ["delivered", "sending", "sent"]
    assert sorted(hotline.receipts(service)) == ["delivered", "queued", "sending", "sent"]


def test_a_failure_carries_its_code(carrier: Simulator, hotline: Hotline) -> None:
    carrier.fault("fail", code=30003, next=1)
    sid = send(carrier, hotline)
    assert ends_as(carrier, sid)["status"] == "undelivered"
    codes = {c.form["MessageStatus"]: c.form.get("ErrorCode") for c in hotline.to("/twilio/receipts")}
    assert codes == {"sending": None, "sent": None, "undelivered": "30003"}


def fail_first(times: int) -> tuple[list[str], Callable[[Call], web.Response]]:
    tokens: list[str] = []

    def answer(call: Call) -> web.Response:
        tokens.append(call.headers["I-Twilio-Idempotency-Token"])
        return web.Response(status=500 if len(tokens) <= times else 204)

    return tokens, answer


def test_by_default_a_server_error_loses_the_receipt(carrier: Simulator, hotline: Hotline) -> None:
    hotline.on_receipt = lambda call: web.Response(status=500)
    sid = send(carrier, hotline)
    ends_as(carrier, sid)
    assert sorted(hotline.receipts(sid)) == ["delivered", "sending", "sent"]
    assert carrier.state()["callbacks"]["lost"] == 3


def test_overrides_in_the_fragment_ask_for_retries_under_the_same_token(carrier: Simulator, hotline: Hotline) -> None:
    tokens, answer = fail_first(2)
    hotline.on_receipt = answer
    carrier.live(deliver_seconds=60, send_seconds=60)
    send(carrier, hotline, "?m=7#rc=3&rp=5xx")
    eventually(lambda: carrier.state()["callbacks"]["sent"] == 1)
    assert len(tokens) == 3 and len(set(tokens)) == 1


def test_a_failed_connection_is_tried_once_more(carrier: Simulator, hotline: Hotline) -> None:
    carrier.fault("webhook_lost", on="receipt", next=1)
    sid = send(carrier, hotline)
    ends_as(carrier, sid)
    assert carrier.state()["callbacks"] == {"waiting": 0, "calling": 0, "sent": 3, "lost": 0, "dropped": 0}


def test_receipts_can_be_dropped_repeated_and_late(carrier: Simulator, hotline: Hotline) -> None:
    carrier.fault("receipt_dropped", next=1)
    dropped = send(carrier, hotline)
    ends_as(carrier, dropped)
    assert sorted(hotline.receipts(dropped)) == ["delivered", "sent"]
    carrier.fault("receipt_repeated")
    repeated = send(carrier, hotline)
    ends_as(carrier, repeated)
    assert len(hotline.receipts(repeated)) == 6


def test_late_receipts_lose_their_order(carrier: Simulator, hotline: Hotline) -> None:
    carrier.fault("receipt_late", seconds=0.4)
    sids = [send(carrier, hotline) for _ in range(12)]
    ends_as(carrier, sids[-1])
    orders = {tuple(hotline.receipts(sid)) for sid in sids}
    assert all(sorted(order) == ["delivered", "sending", "sent"] for order in orders)
    assert len(orders) > 1

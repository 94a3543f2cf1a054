"""How fast does a number send, and what happens to what waits too long?"""

from tests.services.carrier import Simulator
from tests.services.waiting import eventually
from tests.simulator.conftest import NUMBER, ROSA, SERVICE, ends_as, post


def test_a_number_sends_its_segments_per_second_and_no_more(carrier: Simulator) -> None:
    carrier.live(rates={NUMBER: 20})
    for n in range(6):
        post(carrier, To=ROSA, From=NUMBER, Body=f"{n}" + "a" * 160)  # two segments each
    carrier.settle(10)
    sent = sorted(row["sent"] for row in carrier.sent())
    assert 0.4 <= sent[-1] - sent[0] <= 1.0, "12 segments at 20 a second, the first at once"


def test_what_waits_longer_than_its_validity_fails_without_being_sent(carrier: Simulator) -> None:
    carrier.live(rates={NUMBER: 0.5})
    post(carrier, To=ROSA, From=NUMBER, Body="first")
    late = post(carrier, To=ROSA, From=NUMBER, Body="late", ValidityPeriod=1).json()["sid"]

    def failed() -> bool:
        row = next(row for row in carrier.sent() if row["sid"] == late)
        return (row["status"], row["error_code"], row["sent"]) == ("failed", 30036, None)

    eventually(failed, 5)


def test_a_full_queue_refuses_a_number_and_fails_a_service(carrier: Simulator) -> None:
    carrier.live(rates={NUMBER: 1})  # 0.001 hours of queue: 3 segments wait
    codes = [post(carrier, To=ROSA, From=NUMBER, Body=str(n)).json().get("code") for n in range(6)]
    assert codes[0] is None and codes[-1] == 21611
    sid = post(carrier, To=ROSA, MessagingServiceSid=SERVICE, Body="x").json()["sid"]
    eventually(lambda: any(r["sid"] == sid and r["error_code"] == 30001 for r in carrier.sent()))


def test_replies_wait_in_the_same_queue_as_everything_else(carrier: Simulator) -> None:
    carrier.live(rates={NUMBER: 20})
    for n in range(5):
        post(carrier, To=ROSA, From=NUMBER, Body=str(n))
    stop = carrier.phone(ROSA).texts("STOP")
    assert stop["opt_out"] == "STOP"
    carrier.settle(10)
    rows = carrier.sent()
    assert rows[-1]["origin"] == "twilio"
    assert rows[-1]["sent"] == max(row["sent"] for row in rows)


def test_delivered_messages_are_counted_for_each_person_and_text(carrier: Simulator) -> None:
    for _ in range(2):
        sid = post(carrier, To=ROSA, From=NUMBER, Body="twice").json()["sid"]
    ends_as(carrier, sid)
    copies = carrier.state()["copies"]
    assert (copies["most"], copies["repeated"]) == (2, 1)
    assert copies["rows"][0]["arrived"] == 2

"""Do the faults do what they say, and leave in the ledger what they say?"""

import urllib.error

import pytest
import requests

from tests.services.carrier import Simulator
from tests.simulator.conftest import BEN, NUMBER, ROSA, ends_as, post, post_within

GOOD = {"To": ROSA, "From": NUMBER, "Body": "x"}


@pytest.mark.parametrize(
    ("kind", "how", "status", "code", "accepted"),
    [
        ("too_many", {}, 429, 20429, 0),
        ("refuse", {"code": 20003}, 401, 20003, 0),
        ("refuse", {"code": 63038}, 400, 63038, 0),
        ("refuse", {"code": 30002, "status": 403}, 403, 30002, 0),
        ("server_error", {}, 500, 20500, 0),
        ("server_error", {"status": 503}, 503, 20503, 0),
        ("server_error_accepted", {}, 500, 20500, 1),
    ],
)
def test_an_error_is_answered_once_and_then_all_is_well(
    carrier: Simulator, kind: str, how: dict[str, object], status: int, code: int, accepted: int
) -> None:
    carrier.fault(kind, next=1, **how)
    answer = post(carrier, **GOOD)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert carrier.state()["accepted"] == accepted
    assert post(carrier, **GOOD).status_code == 201


@pytest.mark.parametrize(("kind", "accepted"), [("reset", 0), ("reset_accepted", 1)])
def test_a_reset_says_nothing_of_what_was_accepted(carrier: Simulator, kind: str, accepted: int) -> None:
    carrier.fault(kind, next=1)
    with pytest.raises(requests.ConnectionError):
        post(carrier, **GOOD)
    assert carrier.state()["accepted"] == accepted


@pytest.mark.parametrize(("kind", "accepted"), [("hang", 0), ("hang_accepted", 1)])
def test_a_request_can_be_left_without_an_answer(carrier: Simulator, kind: str, accepted: int) -> None:
    carrier.fault(kind, next=1)
    with pytest.raises(requests.ReadTimeout):
        post_within(0.3, carrier, **GOOD)
    assert carrier.state()["accepted"] == accepted


def test_a_share_strikes_about_that_often(carrier: Simulator) -> None:
    carrier.fault("server_error", share=0.3)
    answers = [post(carrier, **GOOD).status_code for _ in range(120)]
    assert 15 <= answers.count(500) <= 60
    assert carrier.state()["accepted"] == answers.count(201)


def test_a_fault_can_concern_one_number_or_one_kind_of_request(carrier: Simulator) -> None:
    carrier.fault("server_error", to=BEN)
    assert post(carrier, **GOOD).status_code == 201
    assert post(carrier, **{**GOOD, "To": BEN}).status_code == 500
    carrier.mend()
    carrier.fault("server_error", on="list")
    assert post(carrier, **{**GOOD, "To": BEN}).status_code == 201


@pytest.mark.parametrize(
    ("code", "status"), [(30003, "undelivered"), (30007, "undelivered"), (21610, "failed"), (30036, "failed")]
)
def test_a_delivery_ends_as_the_fault_says(carrier: Simulator, code: int, status: str) -> None:
    carrier.fault("fail", code=code, next=1)
    row = ends_as(carrier, post(carrier, **GOOD).json()["sid"])
    assert (row["status"], row["error_code"], row["arrived"]) == (status, code, None)


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "x"},
        {"kind": "fail"},
        {"kind": "refuse"},
        {"kind": "reset", "share": 2},
        {"kind": "reset", "next": "one"},
        {"kind": "reset", "often": 1},
    ],
)
def test_a_fault_that_makes_no_sense_is_refused(carrier: Simulator, wrong: dict[str, object]) -> None:
    with pytest.raises(urllib.error.HTTPError) as refused:
        carrier.ask("POST", "faults", wrong)
    assert refused.value.code == 400
    refused.value.close()


def test_a_rogue_message_is_in_the_account_though_nobody_asked_for_it(carrier: Simulator) -> None:
    sid = carrier.rogue(ROSA, "This is not from you")
    row = ends_as(carrier, sid)
    assert (row["origin"], row["direction"], row["status"]) == ("rogue", "outbound-api", "delivered")
    assert carrier.phone(ROSA).received() == ["This is not from you"]


def test_a_reset_of_the_simulator_leaves_nothing(carrier: Simulator) -> None:
    carrier.fault("too_many")
    carrier.phone(ROSA).texts("STOP")
    carrier.reset()
    state = carrier.state()
    assert (state["accepted"], state["received"], state["opted_out"], state["faults"]) == (0, 0, [], [])
    assert post(carrier, **GOOD).status_code == 201

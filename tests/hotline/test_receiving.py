"""Is the door for receipts as strict as the routes behind it, and is what it takes kept?"""

import io
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from twilio.request_validator import RequestValidator
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from bot.outbox import receipt_stream
from bot.outbox.carrier_models import ReceiptEntry
from bot.outbox.receipt_stream import Receipt
from bot.store.engine import engine
from bot.store.session import reading
from tests.services.settings import Environment

PUBLIC = "https://hotline.example"
PATH = "/twilio/receipts"
TOKEN = "this-test-alone"
NOWHERE = "redis://127.0.0.1:9/0"
FORM = {
    "MessageSid": "SM" + "b" * 32, "SmsSid": "SM" + "b" * 32, "MessageStatus": "delivered", "SmsStatus": "delivered",
    "AccountSid": "AC" + "0" * 32, "From": "+15625550100", "To": "+13235550101", "ApiVersion": "2010-04-01",
    "RawDlrDoneDate": "2611221200",
}  # fmt: skip
FORM_TYPE = "application/x-www-form-urlencoded"


@pytest.fixture(params=["ahead of Flask", "the route"])
def door(redis_url: str, env: Environment, request: pytest.FixtureRequest) -> Iterator[FlaskClient]:
    """As it is served, and the Flask route that stands behind it."""
    env.set(public_base_url=PUBLIC, twilio_account_sid=FORM["AccountSid"], twilio_auth_token=TOKEN)
    from bot.wsgi import make_door

    made = make_door()
    if request.param == "the route":
        made.wsgi_app = Flask.wsgi_app.__get__(made)  # type: ignore[method-assign]
    with made.test_client() as client:
        yield client


def post(door: FlaskClient, form: Any, query: str = "?d=12", **headers: str) -> TestResponse:
    signature = RequestValidator(TOKEN).compute_signature(PUBLIC + PATH + query, MultiDict(form))
    return door.post(PATH + query, data=form, headers={"X-Twilio-Signature": signature} | headers)


def kept() -> list[Receipt]:
    """What waits in Redis."""
    return [receipt for entry in receipt_stream.waiting(100) for receipt in entry.receipts if receipt]


def said(receipts: list[Receipt]) -> list[tuple[object, ...]]:
    return [(one.delivery_id, one.sid, one.status, one.error) for one in receipts]


def test_a_genuine_one_is_kept_as_it_was_said(door: FlaskClient) -> None:
    assert post(door, FORM).status_code == 204
    assert post(door, FORM | {"MessageStatus": "undelivered", "ErrorCode": "30003"}, "?x=1&d=7").status_code == 204
    assert said(kept()) == [(12, FORM["MessageSid"], "delivered", ""), (7, FORM["MessageSid"], "undelivered", "30003")]


@pytest.mark.parametrize(
    ("query", "own"),
    [("", None), ("?d=", None), ("?d=abc", None), ("?d=-5", None), ("?d=" + "9" * 19, None), ("?d=3&d=4", 3),
     ("?d=%31", 1), ("?d=\u0663", None)],
)  # fmt: skip
def test_an_id_that_is_none_of_ours_is_none(door: FlaskClient, query: str, own: int | None) -> None:
    post(door, FORM, query)
    assert [one.delivery_id for one in kept()] in ([own], [])  # what no carrier would call is refused whole


@pytest.mark.threat("T08")
@pytest.mark.parametrize(
    "wrong",
    [
        {"X-Twilio-Signature": ""},
        {"X-Twilio-Signature": "AAAA"},
        {"X-Twilio-Signature": "\u00e9"},
        {"Content-Type": "application/json"},
        {"Content-Type": "text/plain"},
        {"X-Twilio-Webhooks-Signature-Settings": "key=k1,algorithm=HMAC_SHA256"},
    ],
)
def test_a_forged_one_is_refused_and_leaves_nothing(door: FlaskClient, wrong: dict[str, str]) -> None:
    assert post(door, FORM, **wrong).status_code == 403
    assert kept() == []


@pytest.mark.threat("T10")
@pytest.mark.parametrize(
    "odd",
    [
        FORM | {"AccountSid": "AC" + "1" * 32},
        FORM | {"MessageStatus": "x y"},
        FORM | {"MessageStatus": ""},
        FORM | {"MessageSid": "SM" + "b" * 31},
        FORM | {"MessageSid": "SM" + "b" * 32 + "\n"},
        FORM | {"ErrorCode": "30003x"},
        FORM | {"ErrorCode": "\u0663\u0660"},
        {name: value for name, value in FORM.items() if name != "MessageStatus"},
        {name: value for name, value in FORM.items() if name != "AccountSid"},
        MultiDict([*FORM.items(), ("MessageStatus", "failed")]),
        MultiDict([*FORM.items(), ("MessageStatus", "delivered")]),
        MultiDict([*FORM.items(), ("AccountSid", "AC" + "2" * 32)]),
        MultiDict([*FORM.items(), ("ErrorCode", "30003"), ("ErrorCode", "30004")]),
    ],
)
def test_what_no_carrier_would_say_is_refused_though_signed(door: FlaskClient, odd: Any) -> None:
    assert post(door, odd).status_code == 403
    assert kept() == []


def test_unknown_parameters_are_signed_over_and_dropped(door: FlaskClient) -> None:
    assert post(door, FORM | {"Brand-New": "x", "Empty": ""}).status_code == 204
    assert post(door, MultiDict([*FORM.items(), ("New", "1"), ("New", "2")])).status_code == 204


@pytest.mark.threat("T10")
@pytest.mark.parametrize("body", [b"\xff\xfe=\xfd", b"%ff=%fe", b"&&&==&", b"", b"MessageSid", b"a" * 60_000])
def test_bytes_of_any_kind_are_refused(door: FlaskClient, body: bytes) -> None:
    signature = RequestValidator(TOKEN).compute_signature(PUBLIC + PATH, {})
    answer = door.post(PATH, data=body, content_type=FORM_TYPE, headers={"X-Twilio-Signature": signature})
    assert answer.status_code == 403


def test_a_flood_of_bytes_is_refused_before_it_is_read(door: FlaskClient) -> None:
    assert post(door, FORM | {"Body": "x" * 70_000}).status_code == 413


def test_a_body_of_no_stated_length_is_read_as_far_as_one_may_be(door: FlaskClient) -> None:
    """As gunicorn hands on what came in chunks."""
    signature = RequestValidator(TOKEN).compute_signature(PUBLIC + PATH, FORM)
    answers = [
        door.open(
            PATH, method="POST", content_type=FORM_TYPE, headers={"X-Twilio-Signature": signature},
            input_stream=io.BytesIO(body), environ_overrides={"wsgi.input_terminated": True, "CONTENT_LENGTH": ""},
        ).status_code
        for body in (urlencode(FORM).encode(), b"x" * 70_000)
    ]  # fmt: skip
    assert answers == [204, 403]


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_there_is_no_other_way_in(door: FlaskClient, method: str) -> None:
    assert door.open(PATH, method=method).status_code == 405
    assert door.open(PATH + "/", method=method).status_code == 404


@pytest.mark.parametrize("status", [204, 403])
def test_its_answers_carry_what_all_our_answers_carry(door: FlaskClient, status: int) -> None:
    answer = post(door, FORM if status == 204 else {})
    others = door.get("/healthz")
    assert answer.status_code == status
    assert answer.data == b""
    for name in (
        "Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "Strict-Transport-Security"
    ):  # fmt: skip
        assert answer.headers[name] == others.headers[name]


def test_without_redis_the_database_keeps_it(door: FlaskClient, database_url: str, env: Environment) -> None:
    env.set(redis_url=NOWHERE)
    assert post(door, FORM).status_code == 204
    with reading() as session:
        row = session.scalars(select(ReceiptEntry)).one()
    assert (row.delivery_id, row.sid, row.status, row.error) == (12, FORM["MessageSid"], "delivered", None)


def test_without_the_database_redis_keeps_it(door: FlaskClient, env: Environment) -> None:
    _no_database(env)
    assert post(door, FORM).status_code == 204
    assert len(kept()) == 1


def test_without_either_the_carrier_is_asked_to_try_again(door: FlaskClient, env: Environment) -> None:
    env.set(redis_url=NOWHERE)
    _no_database(env)
    assert post(door, FORM).status_code == 503


def _no_database(env: Environment) -> None:
    env.set(database_url="postgresql://nobody@127.0.0.1:9/nothing?connect_timeout=2")
    engine.cache_clear()

"""What does POST Messages accept, and what does it answer?"""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from simulator.config import Config
from simulator.creating import create
from simulator.exchange import Exchange
from simulator.paging import page
from simulator.refusals import REFUSALS, Refusal
from tests.services.carrier import Simulator
from tests.simulator.conftest import (
    ACCOUNT,
    BEN,
    KEY,
    NUMBER,
    ROSA,
    SERVICE,
    TOKENS,
    LocalHttpClient,
    ends_as,
    post,
)


def test_a_message_from_a_number_is_queued_at_once_and_delivered_later(carrier: Simulator, twilio: Client) -> None:
    made = twilio.messages.create(to=ROSA, from_=NUMBER, body="Hola")
    assert (made.status, made.from_, made.num_segments, made.date_sent) == ("queued", NUMBER, "1", None)
    assert re.fullmatch(r"SM[0-9a-f]{32}", made.sid or "")
    assert ends_as(carrier, made.sid or "")["status"] == "delivered"
    later = twilio.messages(made.sid or "").fetch()
    assert later.status == "delivered"
    assert later.date_sent is not None
    assert later.body == "Hola"


def test_a_message_of_a_service_has_no_sender_and_no_segments_at_first(carrier: Simulator, twilio: Client) -> None:
    made = twilio.messages.create(to=ROSA, messaging_service_sid=SERVICE, body="x" * 200)
    assert (made.status, made.from_, made.num_segments) == ("accepted", None, "0")
    ends_as(carrier, made.sid or "")
    later = twilio.messages(made.sid or "").fetch()
    assert (later.from_, later.num_segments, later.messaging_service_sid) == (NUMBER, "2", SERVICE)


def test_dates_are_written_as_mail_writes_them(carrier: Simulator) -> None:
    shown = post(carrier, To=ROSA, From=NUMBER, Body="x").json()
    assert re.fullmatch(r"[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d \+0000", shown["date_created"])
    assert parsedate_to_datetime(shown["date_created"]).utcoffset() is not None


@pytest.mark.parametrize(
    ("body", "segments"),
    [
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("é" * 160, 1),
        ("á" * 70, 1),
        ("á" * 71, 2),
        ("€" * 80, 1),
        ("€" * 81, 2),
    ],
)
def test_segments_are_counted_as_the_network_counts(carrier: Simulator, body: str, segments: int) -> None:
    assert post(carrier, To=ROSA, From=NUMBER, Body=body).json()["num_segments"] == str(segments)


GOOD = {"To": ROSA, "From": NUMBER, "Body": "Hola"}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"To": ""}, 21604),
        ({"From": ""}, 21603),
        ({"Body": ""}, 21602),
        ({"To": "+1323"}, 21211),
        ({"To": "3235550101"}, 21211),
        ({"To": "+10000000001"}, 21211),
        ({"To": NUMBER}, 21266),
        ({"From": "+15625550199"}, 21606),
        ({"From": "", "MessagingServiceSid": "MG" + "9" * 32}, 21705),
        ({"To": "whatsapp:" + ROSA}, 21910),
        ({"To": "whatsapp:" + ROSA, "From": "whatsapp:+15625550199"}, 63007),
        ({"Body": "x" * 1601}, 21617),
        ({"ValidityPeriod": "0"}, 90014),
        ({"ValidityPeriod": "36001"}, 90007),
        ({"StatusCallback": "http://under_score.example/x"}, 21609),
        ({"StatusCallback": "not an address"}, 21609),
        ({"MediaUrl": "ftp://example.org/x"}, 21620),
        ({"SendAt": "2026-01-01T00:00:00Z", "ScheduleType": "fixed"}, 35118),
    ],
)
def test_what_twilio_refuses_is_refused_with_its_code(carrier: Simulator, change: dict[str, str], code: int) -> None:
    answer = post(carrier, **{**GOOD, **change})
    assert answer.status_code == 400
    assert answer.json()["code"] == code
    assert answer.json()["more_info"] == f"https://www.twilio.com/docs/errors/{code}"
    assert carrier.state()["accepted"] == 0


def test_an_area_code_that_cannot_exist_is_taken_only_where_fiction_runs_out() -> None:
    crowd = Exchange(Config(beyond_fiction=True))
    assert create(crowd, list({**GOOD, "To": "+10000000001"}.items())).to == "+10000000001"
    with pytest.raises(Refusal):
        create(crowd, list({**GOOD, "To": "+1000000001"}.items()))


def test_the_longest_body_is_taken(carrier: Simulator) -> None:
    assert post(carrier, **{**GOOD, "Body": "x" * 1600}).status_code == 201


def test_a_wrong_secret_is_not_let_in(carrier: Simulator) -> None:
    client = Client(ACCOUNT, "wrong", http_client=LocalHttpClient(carrier.address))
    with pytest.raises(TwilioRestException) as refused:
        client.messages.create(to=ROSA, from_=NUMBER, body="x")
    assert (refused.value.status, refused.value.code) == (401, 20003)


def test_every_token_and_the_api_key_are_let_in(carrier: Simulator) -> None:
    for user, secret in ((ACCOUNT, TOKENS[1]), KEY):
        client = Client(user, secret, ACCOUNT, http_client=LocalHttpClient(carrier.address))
        assert client.messages.create(to=ROSA, from_=NUMBER, body="x").sid


def test_the_account_of_somebody_else_is_not_found(carrier: Simulator) -> None:
    url = f"{carrier.address}/2010-04-01/Accounts/AC{'9' * 32}/Messages.json"
    answer = requests.get(url, auth=(ACCOUNT, TOKENS[0]), timeout=10)
    assert (answer.status_code, answer.json()["code"]) == (404, 20404)


def test_every_answer_says_how_many_requests_are_at_work(carrier: Simulator) -> None:
    answer = post(carrier, **GOOD)
    assert answer.headers["Twilio-Concurrent-Requests"] == "1"
    assert float(answer.headers["Twilio-Request-Duration"]) >= 0


def test_too_many_requests_at_once_are_answered_429_and_not_accepted(carrier: Simulator) -> None:
    carrier.live(max_concurrent=2)
    carrier.fault("latency", seconds=0.3)
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: post(carrier, **GOOD), range(6)))
    refused = [answer for answer in answers if answer.status_code == 429]
    assert refused and all(answer.json()["code"] == 20429 for answer in refused)
    assert carrier.state()["accepted"] == 6 - len(refused)


def test_a_scheduled_message_waits_and_can_be_canceled(carrier: Simulator, twilio: Client) -> None:
    at = datetime.now(UTC) + timedelta(hours=1)
    made = twilio.messages.create(to=BEN, messaging_service_sid=SERVICE, body="x", schedule_type="fixed", send_at=at)
    assert made.status == "scheduled"
    assert twilio.messages(made.sid or "").update(status="canceled").status == "canceled"
    with pytest.raises(TwilioRestException) as refused:
        twilio.messages(made.sid or "").update(status="canceled")
    assert refused.value.code == 30409


FIELDS = (
    "To", "From", "Body", "MessagingServiceSid", "StatusCallback", "ValidityPeriod", "MediaUrl", "SendAt",
    "ScheduleType", "ContentSid",
)  # fmt: skip
LIKELY = st.sampled_from([ROSA, NUMBER, SERVICE, "fixed", "http://[", "http://a.example/x", "9" * 5000, "١٢", "+0"])


@given(st.dictionaries(st.sampled_from(FIELDS), LIKELY | st.text(max_size=40)))
def test_whatever_is_sent_is_either_taken_or_refused(form: dict[str, str]) -> None:
    exchange = Exchange(Config(messaging_service=SERVICE))
    try:
        message = create(exchange, [*GOOD.items(), *form.items()])
    except Refusal as refusal:
        assert refusal.code in REFUSALS
    else:
        assert message.status in ("queued", "accepted", "scheduled")


LIST_FIELDS = ("To", "From", "DateSent", "DateSent<", "DateSent>", "PageSize", "Page", "PageToken")
DATES = st.sampled_from(["2026-01-01", "2026-01-01T00:00:00Z", "Wed, 19 Jun 2019 22:04:00 -0000", "0001-01-01", "-"])


@given(st.dictionaries(st.sampled_from(LIST_FIELDS), DATES | LIKELY | st.text(max_size=20)))
def test_whatever_list_is_asked_for_is_either_shown_or_refused(query: dict[str, str]) -> None:
    exchange = Exchange(Config())
    try:
        assert page(exchange, query)["messages"] == []
    except Refusal as refusal:
        assert refusal.status == 400

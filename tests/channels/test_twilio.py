"""Does Twilio get what we mean, and do we take its answers for what they say?"""

from urllib.parse import parse_qs

import pytest

from bot.channels import failures, twilio
from bot.channels.channel import Again, Handed, Outcome, Parcel, Refused, Unknown
from bot.channels.failures import Act
from bot.channels.transport import Reply
from tests.services.settings import Environment

SETTINGS = {
    "twilio_account_sid": "AC1",
    "twilio_auth_token": "t1,t2",
    "twilio_from_number": "+15625550100",
    "twilio_whatsapp_from": "+15625550102",
    "public_base_url": "https://hotline.example.org/",
}


def form(address: str = "+12135550101", channel: str = "sms", seconds: int = 600) -> dict[str, str]:
    body = twilio.form(Parcel(7, address, "¿Qué ve? 50% & más", channel, seconds)).decode()
    return {name: values[0] for name, values in parse_qs(body, strict_parsing=True).items()}


def test_a_text_message(env: Environment) -> None:
    env.set(**SETTINGS)
    assert form() == {
        "From": "+15625550100",
        "To": "+12135550101",
        "Body": "¿Qué ve? 50% & más",
        "ValidityPeriod": "600",
        "StatusCallback": "https://hotline.example.org/twilio/receipts?d=7#rc=3&rp=ct,rt,5xx",
    }


def test_a_messaging_service_wins(env: Environment) -> None:
    env.set(**SETTINGS, twilio_messaging_service_sid="MG1")
    twilio._same_for_all.cache_clear()
    assert form()["MessagingServiceSid"] == "MG1"
    assert "From" not in form()
    twilio._same_for_all.cache_clear()


@pytest.mark.parametrize(
    ("address", "to"),
    [("+12135550101", "whatsapp:+12135550101"), ("whatsapp:US.abc123", "whatsapp:US.abc123")],
)
def test_a_whatsapp_message(env: Environment, address: str, to: str) -> None:
    env.set(**SETTINGS)
    made = form(address, "whatsapp")
    assert (made["To"], made["From"]) == (to, "whatsapp:+15625550102")


@pytest.mark.parametrize(("asked", "said"), [(-5, "1"), (0, "1"), (40_000, "36000")])
def test_validity_stays_within_what_twilio_takes(env: Environment, asked: int, said: str) -> None:
    env.set(**SETTINGS)
    assert form(seconds=asked)["ValidityPeriod"] == said


def test_an_api_key_is_preferred_to_the_token(env: Environment) -> None:
    env.set(**SETTINGS)
    from bot.settings import settings

    assert twilio.credentials(settings()) == ("AC1", "t1")
    env.set(twilio_api_key_sid="SK1", twilio_api_key_secret="s")
    assert twilio.credentials(settings()) == ("SK1", "s")


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        (Reply(201, b'{"sid": "SM1", "status": "queued"}', True), Handed("SM1")),
        (Reply(429, b'{"code": 20429}', True), Again("too_many_requests", too_many=True)),
        (Reply(0, b"", False, "curl_7"), Again("curl_7")),
        (Reply(0, b"", True, "curl_28"), Unknown("curl_28")),
        (Reply(500, b'{"code": 20500}', True), Unknown("http_500")),
        (Reply(503, b"<html>", True), Unknown("http_503")),
        (Reply(408, b"", True), Unknown("http_408")),
        (Reply(201, b"not json", True), Unknown("http_201")),
        (Reply(302, b"", True), Unknown("http_302")),
        (Reply(400, b'{"code": 21610}', True), Refused(failures.failure(21610))),
        (Reply(400, b'{"code": 77777}', True), Refused(failures.UNRECOGNISED)),
        (Reply(400, b"[]", True), Refused(failures.UNRECOGNISED)),
        (Reply(401, b"", True), Refused(failures.failure(20003))),
        (Reply(404, b'{"code": 20404}', True), Refused(failures.failure(20404))),
    ],
)
def test_an_answer_means_one_thing(reply: Reply, outcome: Outcome) -> None:
    assert twilio.outcome(reply) == outcome


def test_the_table_of_failures_is_whole() -> None:
    named = list(failures.BY_CODE.values())
    assert len({failure.name for failure in named}) == len(set(named))
    assert all(failure.tries and failure.after_seconds for failure in named if failure.act is Act.AGAIN)
    assert all(failure.tell and failure.after_seconds for failure in named if failure.act is Act.HOLD)
    assert all(len(name) <= 32 for name in failures.NAMES)


@pytest.mark.parametrize("code", [None, "", "x", 0, 99999, "30003"])
def test_any_code_has_an_answer(code: int | str | None) -> None:
    expected = "phone_off" if code == "30003" else "unrecognised"
    assert failures.failure(code).name == expected


def test_no_outcome_and_no_parcel_shows_an_address() -> None:
    assert "555" not in repr(Parcel(7, "+12135550101", "hola", "sms", 60))

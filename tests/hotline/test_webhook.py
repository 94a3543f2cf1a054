"""Twilio's doors: genuine or 403, kept or 503, one text for ever once, and nothing that anybody sends makes a 500."""

import threading

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given
from hypothesis import settings as pace
from hypothesis import strategies as some
from sqlalchemy import func, select
from werkzeug.datastructures import MultiDict

from bot.contacts.models import Contact
from bot.inbox.models import InboundText
from bot.store.engine import engine
from bot.store.session import reading
from tests.hotline.conftest import texts_in
from tests.hotline.signed import FORM, post
from tests.services.settings import Environment


def _kept() -> int:
    with reading() as session:
        return session.scalar(select(func.count(InboundText.id))) or 0


def test_a_genuine_text_is_answered_in_twiml(door: FlaskClient) -> None:
    answer = post(door, FORM)
    assert answer.status_code == 200
    assert answer.mimetype == "text/xml"
    assert "ZIP" in texts_in(answer.text)[0]


@pytest.mark.threat("T08")
@pytest.mark.parametrize(
    "wrong",
    [
        {"X-Twilio-Signature": ""},
        {"X-Twilio-Signature": "AAAA"},
        {"X-Twilio-Signature": "\u00e9"},
        {"Content-Type": "application/json"},
    ],
)
def test_a_forged_text_is_refused_and_leaves_nothing(door: FlaskClient, wrong: dict[str, str]) -> None:
    assert post(door, FORM, **wrong).status_code == 403
    assert _kept() == 0


@pytest.mark.threat("T08")
def test_without_a_signature_or_a_body_it_is_refused(door: FlaskClient) -> None:
    for path in ("/twilio/inbound", "/twilio/receipts", "/twilio/voice"):
        assert door.post(path).status_code == 403
        assert door.post(path, data=b"{}", content_type="application/json").status_code == 403


def test_somebody_elses_account_and_a_repeated_parameter_are_refused_though_signed(door: FlaskClient) -> None:
    assert post(door, FORM | {"AccountSid": "AC" + "1" * 32}).status_code == 403
    assert post(door, MultiDict([*FORM.items(), ("Body", "STOP")])).status_code == 403
    assert _kept() == 0


def test_unknown_parameters_are_signed_over_and_dropped(door: FlaskClient) -> None:
    assert post(door, FORM | {"FromZip": "90255", "Brand-New": "x"}).status_code == 200


def test_a_flood_of_bytes_is_refused_before_it_is_read(door: FlaskClient) -> None:
    assert post(door, FORM | {"Body": "x" * 70_000}).status_code == 413


def test_a_database_that_does_not_answer_is_503_so_that_twilio_tries_again(door: FlaskClient, env: Environment) -> None:
    env.set(database_url="postgresql://nobody@127.0.0.1:9/nothing?connect_timeout=2")
    engine.cache_clear()
    assert post(door, FORM).status_code == 503


@pytest.mark.parametrize("path", ["/twilio/inbound?x=%ff%fe", "/twilio/receipts?d=99999999999999999999&x=%00"])
def test_an_odd_address_is_never_a_500(door: FlaskClient, path: str) -> None:
    assert door.post(path, data=FORM).status_code == 403


@pace(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(body=some.text(max_size=300), n=some.integers(min_value=0, max_value=10**9))
def test_any_body_at_all_is_kept_and_answered(door: FlaskClient, body: str, n: int) -> None:
    answer = post(door, FORM | {"Body": body, "MessageSid": f"SM{n:032x}", "From": f"+1323555{100 + n % 100:04d}"})
    assert answer.status_code == 200
    texts_in(answer.text)


@pytest.mark.threat("T09")
def test_texts_of_one_new_number_at_the_same_moment_are_all_kept_and_each_once(door: FlaskClient) -> None:
    forms = [FORM | {"MessageSid": f"SM{n % 6:032x}", "Body": f"HOLA {n % 6}"} for n in range(12)]
    statuses: list[int] = []
    start = threading.Barrier(len(forms))

    def text(form: dict[str, str]) -> None:
        start.wait(20)
        with door.application.test_client() as client:
            statuses.append(post(client, form).status_code)

    threads = [threading.Thread(target=text, args=(form,)) for form in forms]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert statuses == [200] * len(forms)
    assert _kept() == 6
    with reading() as session:
        assert session.scalar(select(func.count(Contact.id))) == 1


def test_a_call_is_answered_by_voice_in_both_languages(door: FlaskClient) -> None:
    said = post(door, {"CallSid": "CA" + "0" * 32, "AccountSid": FORM["AccountSid"]}, "/twilio/voice").text
    assert "text line" in said
    assert "mensajes de texto" in said
    assert "<Hangup" in said


def test_a_receipt_is_taken_with_one_append(door: FlaskClient) -> None:
    form = {"MessageSid": "SM" + "b" * 32, "MessageStatus": "delivered", "AccountSid": FORM["AccountSid"]}
    assert post(door, form, "/twilio/receipts?d=12").status_code == 204
    assert post(door, form | {"MessageStatus": "x y"}, "/twilio/receipts?d=12").status_code == 403

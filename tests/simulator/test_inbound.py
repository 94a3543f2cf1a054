"""What does the hotline hear when a phone texts or calls, and what does the phone hear back?"""

import base64
import hashlib
import hmac
import re
from collections.abc import Callable

import pytest
import requests
from aiohttp import web
from twilio.rest import Client

from simulator import process
from tests.services.carrier import Simulator
from tests.simulator.conftest import ACCOUNT, BEN, NUMBER, ROSA, SERVICE, TOKENS, Call, Hotline, twiml

ALWAYS = {
    "MessageSid", "SmsSid", "SmsMessageSid", "AccountSid", "MessagingServiceSid", "From", "To", "Body", "NumMedia",
    "NumSegments", "SmsStatus", "ApiVersion",
}  # fmt: skip


def test_a_text_is_a_signed_post_with_everything_twilio_sends(carrier: Simulator, hotline: Hotline) -> None:
    result = carrier.phone(ROSA).texts("¿Hola? " + "á" * 80)
    call = hotline.to("/twilio/inbound")[0]
    assert call.genuine
    assert set(call.form) >= ALWAYS | {"FromCity", "FromState", "FromZip", "FromCountry", "ToCountry"}
    assert call.form["MessageSid"] == call.form["SmsSid"] == call.form["SmsMessageSid"] == result["sid"]
    assert (call.form["From"], call.form["To"], call.form["NumSegments"]) == (ROSA, NUMBER, "2")
    assert call.form["MessagingServiceSid"] == SERVICE
    assert re.fullmatch(r"[0-9a-f]{32}", call.headers["I-Twilio-Idempotency-Token"])


def test_twiml_answers_leave_as_messages_of_their_own(carrier: Simulator, hotline: Hotline, twilio: Client) -> None:
    hotline.reply = lambda call: twiml("<Response><Message>uno</Message><Message><Body>dos</Body></Message></Response>")
    result = carrier.phone(ROSA).texts("HOLA")
    assert (result["status"], len(result["replies"]), result["error"]) == (200, 2, None)
    carrier.settle()
    assert carrier.phone(ROSA).received() == ["uno", "dos"]
    listed = twilio.messages.list(to=ROSA)
    assert [row.sid for row in listed] == result["replies"][::-1]
    assert {row.direction for row in listed} == {"outbound-reply"}
    assert hotline.to("/twilio/receipts") == []


def test_a_reply_may_ask_for_its_receipts(carrier: Simulator, hotline: Hotline) -> None:
    hotline.reply = lambda call: twiml('<Response><Message statusCallback="/twilio/receipts">x</Message></Response>')
    sid = carrier.phone(ROSA).texts("HOLA")["replies"][0]
    carrier.settle()
    assert sorted(hotline.receipts(sid)) == ["delivered", "sending", "sent"]


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (lambda call: web.Response(text="<Response/>", content_type="text/plain"), 12300),
        (lambda call: twiml("<Response><Message>"), 12100),
        (lambda call: twiml("<Hello/>"), 12200),
        (lambda call: twiml("<Response><Message/></Response>"), 14103),
        (lambda call: web.Response(status=500), 11200),
    ],
)
def test_what_twilio_cannot_read_is_an_error_in_its_log(
    carrier: Simulator, hotline: Hotline, answer: Callable[[Call], web.Response], code: int
) -> None:
    hotline.reply = answer
    result = carrier.phone(ROSA).texts("HOLA")
    assert result["error"]["code"] == code
    assert carrier.ask("GET", "errors")["errors"][-1]["code"] == code
    assert carrier.sent() == []


def test_no_content_is_silence_and_no_error(carrier: Simulator, hotline: Hotline) -> None:
    hotline.reply = lambda call: web.Response(status=204)
    assert carrier.phone(ROSA).texts("HOLA")["error"] is None


def test_a_lost_webhook_is_known_to_the_phone_only(carrier: Simulator, hotline: Hotline) -> None:
    carrier.fault("webhook_lost", next=2)
    result = carrier.phone(ROSA).texts("HOLA")
    assert (result["attempts"], result["error"]["code"]) == (2, 11205)
    assert hotline.calls == []
    carrier.fault("webhook_lost", next=1, when="after")
    assert carrier.phone(ROSA).texts("HOLA")["error"]["code"] == 11205
    assert len(hotline.calls) == 1


def test_the_same_message_can_be_told_again(carrier: Simulator, hotline: Hotline) -> None:
    first = carrier.phone(ROSA).texts("HOLA")["sid"]
    carrier.phone(ROSA).texts("HOLA", sid=first)
    assert [call.form["MessageSid"] for call in hotline.calls] == [first, first]
    assert carrier.state()["received"] == 1


def test_parameters_unknown_today_are_sent_and_signed(carrier: Simulator, hotline: Hotline) -> None:
    carrier.phone(ROSA).texts("HOLA", params={"NewThing": "x", "Body": ""})
    assert hotline.calls[0].form["NewThing"] == "x"
    assert hotline.calls[0].genuine


def test_a_photo_can_be_fetched_by_who_may(carrier: Simulator, hotline: Hotline, twilio: Client) -> None:
    data = base64.b64encode(b"\x89PNG not really").decode()
    sid = carrier.phone(ROSA).texts("", media=[{"content_type": "image/png", "data": data}])["sid"]
    form = hotline.calls[0].form
    assert sid.startswith("MM")
    assert (form["NumMedia"], form["MediaContentType0"]) == ("1", "image/png")
    assert requests.get(form["MediaUrl0"], timeout=10).status_code == 401
    sent_on = requests.get(form["MediaUrl0"], auth=(ACCOUNT, TOKENS[0]), timeout=10, allow_redirects=False)
    assert sent_on.status_code == 307
    store = sent_on.headers["Location"]
    assert requests.get(store, auth=(ACCOUNT, TOKENS[0]), timeout=10).status_code == 400, "no password is for the store"
    fetched = requests.get(store, timeout=10)
    assert (fetched.content, fetched.headers["Content-Type"]) == (b"\x89PNG not really", "image/png")
    medium = twilio.messages(sid).media.list()[0]
    assert twilio.messages(sid).media(medium.sid or "").delete()
    assert twilio.messages(sid).media.list() == []


def test_a_whatsapp_person_may_hide_the_number_and_send_a_pin(carrier: Simulator, hotline: Hotline) -> None:
    carrier.phone("US.abc123", "whatsapp").texts("", latitude=33.97, longitude=-118.22, name="Mei")
    form = hotline.calls[0].form
    assert form["From"] == form["ExternalUserId"] == "whatsapp:US.abc123"
    assert (form["Latitude"], form["Longitude"], form["MessageType"]) == ("33.97", "-118.22", "location")
    assert (form["ProfileName"], form["To"]) == ("Mei", f"whatsapp:{NUMBER}")
    assert "WaId" not in form and "FromCity" not in form
    carrier.phone(BEN, "whatsapp").texts("hi")
    assert hotline.calls[1].form["WaId"] == BEN[1:]


def test_two_machines_that_talk_to_each_other_are_stopped(carrier: Simulator, hotline: Hotline) -> None:
    hotline.reply = lambda call: twiml("<Response><Message>hi</Message></Response>")
    codes = [(carrier.phone(ROSA).texts("hi")["error"] or {}).get("code") for _ in range(17)]
    assert codes == [None] * 15 + [14107] * 2


def test_a_caller_hears_what_the_hotline_says(carrier: Simulator, hotline: Hotline) -> None:
    hotline.reply = lambda call: twiml('<Response><Say language="es-MX">Solo texto.</Say><Hangup/></Response>')
    heard = carrier.ask("POST", f"phones/{ROSA}/calls", {})
    assert heard["said"] == [{"text": "Solo texto.", "language": "es-MX", "voice": ""}]
    assert heard["verbs"] == ["Say", "Hangup"]
    call = hotline.to("/twilio/voice")[0]
    assert call.genuine and call.form["CallStatus"] == "ringing" and call.form["CallSid"].startswith("CA")


def test_many_phones_can_text_at_once(carrier: Simulator, hotline: Hotline) -> None:
    texts = [{"number": f"+132355501{n:02d}", "body": str(n)} for n in range(40)]
    results = carrier.ask("POST", "texts", {"texts": texts, "at_once": 20})["results"]
    assert [result["status"] for result in results] == [200] * 40
    assert len({call.form["From"] for call in hotline.calls}) == 40


def test_a_shared_key_signs_with_sha256_when_one_is_set(hotline: Hotline) -> None:
    with process.running("--hotline", hotline.address, "--shared-key", "key-1:shared-secret") as address:
        Simulator(address).phone(ROSA).texts("HOLA")
    call = hotline.calls[0]
    assert call.headers["X-Twilio-Webhooks-Signature-Settings"] == "key=key-1,algorithm=HMAC_SHA256"
    text = call.url + "".join(name + call.form[name] for name in sorted(call.form))
    digest = hmac.new(b"shared-secret", text.encode(), hashlib.sha256).digest()
    assert call.headers["X-Twilio-Signature"] == base64.b64encode(digest).decode()
    assert not call.genuine

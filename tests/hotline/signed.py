"""A webhook as Twilio sends and signs it, to a door without a network."""

from typing import Any

from flask.testing import FlaskClient
from twilio.request_validator import RequestValidator
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

PUBLIC = "https://hotline.example"
TOKEN = "this-test-alone"
FORM = {
    "MessageSid": "SM" + "a" * 32, "SmsSid": "SM" + "a" * 32, "AccountSid": "AC" + "0" * 32, "From": "+13235550101",
    "To": "+15625550100", "Body": "HOLA", "NumMedia": "0", "NumSegments": "1", "ApiVersion": "2010-04-01",
}  # fmt: skip


def post(door: FlaskClient, form: Any, path: str = "/twilio/inbound", **headers: str) -> TestResponse:
    signature = RequestValidator(TOKEN).compute_signature(PUBLIC + path, MultiDict(form))
    return door.post(path, data=form, headers={"X-Twilio-Signature": signature} | headers)

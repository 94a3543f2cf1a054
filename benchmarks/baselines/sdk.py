"""How does one send with Twilio's SDK, well? One client per process, its connections kept, one for each thread."""

import os
from typing import Any

from requests.adapters import HTTPAdapter
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

TIMEOUT_SECONDS = 10.0
VALID_SECONDS = 3600


def client(threads: int = 1) -> Any:
    """A client that sends through `TWILIO_API_BASE_URL`. The SDK's own pool is as wide as the machine's cores, plus four."""
    http = TwilioHttpClient(timeout=TIMEOUT_SECONDS)
    for scheme in ("https://", "http://"):
        http.session.mount(scheme, HTTPAdapter(pool_maxsize=threads))
    http.session.verify = os.environ.get("TWILIO_CA_FILE") or True
    made = Client(os.environ["TWILIO_ACCOUNT_SID"], os.environ["TWILIO_AUTH_TOKEN"], http_client=http)
    made.api.base_url = os.environ["TWILIO_API_BASE_URL"]
    return made


def send(through: Any, to: str, body: str, message_id: int) -> str:
    """One message; the carrier's name for it."""
    sid: str = through.messages.create(
        to=to,
        from_=os.environ["TWILIO_FROM_NUMBER"],
        body=body,
        validity_period=VALID_SECONDS,
        status_callback=f"http://127.0.0.1:8000/twilio/receipts?d={message_id}",
    ).sid
    return sid

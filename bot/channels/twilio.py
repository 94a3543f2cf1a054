"""How is a message handed to Twilio, and what does its answer mean?

POST Messages is not idempotent and has no idempotency key; only 429 is documented as never processed (error 20429). So a 5xx, a
time-out or a reset is `Unknown`, and each message carries our own id in its callback address, by which a receipt settles it.
"""

from functools import lru_cache
from urllib.parse import quote_plus, urlencode

from pydantic import BaseModel, ValidationError

from bot.channels.channel import Again, Handed, Outcome, Parcel, Refused, Unknown
from bot.channels.failures import failure
from bot.channels.transport import Reply, Transport
from bot.settings import Settings, settings

WHATSAPP = "whatsapp"
LONGEST_VALIDITY_SECONDS = 36_000
WHATSAPP_SEGMENTS_PER_SECOND = 80.0
"""Meta's limit of a WhatsApp number, in and out (facts: Twilio's sender table)."""

CONCURRENT = b"Twilio-Concurrent-Requests"
"""What the account has in flight, by Twilio's own count (facts: Twilio, section 4)."""

RETRIES = "rc=3&rp=ct,rt,5xx"
"""Twilio tries a receipt again only where the connection failed, and once; so we ask it to (webhook connection overrides)."""


class Twilio:
    """The `Carrier` of SMS and WhatsApp, over one transport."""

    def __init__(self) -> None:
        now_set = settings()
        user, secret = credentials(now_set)
        self._transport = Transport(
            url=f"{now_set.twilio_api_base_url.rstrip('/')}/2010-04-01/Accounts/{now_set.twilio_account_sid}/Messages.json",
            user=user,
            secret=secret,
            timeout_seconds=now_set.twilio_timeout_seconds,
            most_connections=now_set.twilio_max_concurrent_requests,
            trusted=now_set.twilio_ca_file,
            watched=CONCURRENT,
        )

    @property
    def in_flight(self) -> int:
        return self._transport.in_flight

    def begin(self, parcel: Parcel) -> None:
        self._transport.begin(parcel.delivery_id, form(parcel), parcel.begin_by)

    def wait(self, seconds: float) -> list[tuple[int, Outcome]]:
        return [(delivery_id, outcome(reply)) for delivery_id, reply in self._transport.wait(seconds)]

    def concurrent(self) -> int | None:
        said = self._transport.last_watched()
        return int(said) if said.isdigit() else None

    def close(self) -> None:
        self._transport.close()


def credentials(of: Settings) -> tuple[str, str]:
    """User and secret: an API key where there is one, else the account with its first token."""
    if of.twilio_api_key_sid:
        return of.twilio_api_key_sid, of.twilio_api_key_secret.get_secret_value()
    return of.twilio_account_sid, next(iter(of.twilio_auth_token), "")


def form(parcel: Parcel) -> bytes:
    """The form body of one message. What all copies have in common is encoded once."""
    valid = min(max(int(parcel.valid_seconds), 1), LONGEST_VALIDITY_SECONDS)
    to = _encoded(channel_address(parcel.address, parcel.channel))
    before, after = _callback(settings().public_base_url)
    same = _same_for_all(parcel.text, parcel.channel, parcel.clip)
    return f"{same}&To={to}&ValidityPeriod={valid}&StatusCallback={before}{parcel.delivery_id}{after}".encode()


def _encoded(address: str) -> str:
    """As in a form; a bare number needs only its plus sign seen to."""
    return f"%2B{address[1:]}" if address[0] == "+" and address[1:].isdecimal() else quote_plus(address)


def channel_address(address: str, channel: str) -> str:
    """As Twilio names a person on a channel: `+1323...`, `whatsapp:+1323...`, `whatsapp:US.abc`."""
    return address if channel != WHATSAPP or address.startswith("whatsapp:") else f"whatsapp:{address}"


@lru_cache(maxsize=4)
def _callback(base: str) -> tuple[str, str]:
    """Where Twilio says what became of it, before and after our own id, which settles a send whose answer we never saw."""
    return quote_plus(f"{base.rstrip('/')}/twilio/receipts?d="), quote_plus(f"#{RETRIES}")


@lru_cache(maxsize=256)
def _same_for_all(text: str, channel: str, clip: str) -> str:
    """What a broadcast's copies have in common is encoded once."""
    said = {name: value for name, value in (("Body", text), ("MediaUrl", clip)) if value}
    return urlencode({**_sender(settings(), channel), **said})


def _sender(of: Settings, channel: str) -> dict[str, str]:
    if channel == WHATSAPP:
        return {"From": f"whatsapp:{of.twilio_whatsapp_from or of.twilio_from_number}"}
    if of.twilio_messaging_service_sid:
        return {"MessagingServiceSid": of.twilio_messaging_service_sid}
    return {"From": of.twilio_from_number}


def outcome(reply: Reply) -> Outcome:
    """What a reply says about the message."""
    if not reply.status:
        return Unknown(reply.error) if reply.may_have_left else Again(reply.error)
    if reply.status == 429:
        return Again("too_many_requests", too_many=True)
    said = _said(reply.body)
    if 200 <= reply.status < 300 and said.sid is not None:
        return Handed(said.sid)
    if 400 <= reply.status < 500 and reply.status != 408:
        return Refused(failure(said.code or (20003 if reply.status in (401, 403) else None)))
    return Unknown(f"http_{reply.status}")


class _Said(BaseModel):
    """Of an answer: the message's name, or the number of an error."""

    sid: str | None = None
    code: int | str | None = None


_NOTHING = _Said()


def _said(body: bytes) -> _Said:
    try:
        return _Said.model_validate_json(body)
    except ValidationError:
        return _NOTHING

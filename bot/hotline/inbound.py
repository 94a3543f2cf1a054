"""What did Twilio hand us? Known parameters are checked strictly, unknown ones dropped; anything odd is refused whole.

Twilio adds parameters unannounced (its webhook documentation says so), so unknown names are only signed over. A known one that is
repeated or misshapen is a forgery made from a genuine signature (docs/threat-model.md T10): names and values are signed
without a separator between them.
"""

import datetime as dt
import re
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from bot.channels.media import Medium
from bot.channels.media_address import MEDIA_SID
from bot.clock import now
from bot.contacts.models import Channel
from bot.privacy.numbers import NotAnAddress, address

MAX_TEXT = 4096
MAX_MEDIA = 10
_COORDINATE = re.compile(r"-?\d{1,3}(\.\d{1,12})?")

KNOWN = {
    "MessageSid": re.compile(r"(SM|MM)[0-9a-fA-F]{32}"),
    "AccountSid": re.compile(r"AC[0-9a-fA-F]{32}"),
    "From": re.compile(r"(whatsapp:)?\+?[0-9A-Za-z.]{3,140}"),
    "To": re.compile(r"(whatsapp:)?\+?[0-9A-Za-z.]{3,140}"),
    "Body": re.compile(rf".{{0,{MAX_TEXT}}}", re.DOTALL),
    "NumMedia": re.compile(r"\d{1,2}"),
    "Latitude": _COORDINATE,
    "Longitude": _COORDINATE,
    "ExternalUserId": re.compile(r"(whatsapp:)?[A-Z]{2}\.[A-Za-z0-9.]{1,128}"),
    "OptOutType": re.compile(r"START|STOP|HELP"),
    "ButtonText": re.compile(r".{0,256}", re.DOTALL),
}
REQUIRED = ("MessageSid", "AccountSid", "From")
_MEDIA_TYPE = re.compile(r"[\w.+-]{1,40}/[\w.+-]{1,80}( ?;.{0,100})?")
_ADDRESS = re.compile(r".{0,4000}", re.DOTALL)


class Refused(ValueError):
    """Not a message Twilio would send. Names the parameter, never its value."""


@dataclass(frozen=True, slots=True)
class Inbound:
    """One message in, as far as we let it in."""

    sid: str
    address: str
    channel: Channel
    text: str
    media: tuple[Medium, ...] = ()
    """What was attached: its kind and the carrier's name for it; no address is kept, and none is ever asked (T16)."""
    pin: tuple[float, float] | None = None
    whatsapp_id: str | None = None
    carrier_answered: bool = False
    """Twilio's Advanced Opt-Out has replied already; a second reply would be noise."""
    opted_out: bool = False
    """Twilio took it for a STOP by its own list of words, which may hold more than ours, and lets nothing through since."""
    sent_at: dt.datetime | None = None
    """When they sent it, of a text that missed us and was found on the carrier's list; else it was just now."""

    @property
    def at(self) -> dt.datetime:
        return self.sent_at or now()


def read(form: MultiDict[str, str], account_sid: str) -> Inbound:
    """The message in a signed form. Raises `Refused`."""
    fields = {name: _one(form, name, shape) for name, shape in KNOWN.items() if name in form}
    for name in REQUIRED:
        if name not in fields:
            raise Refused(name)
    if fields["AccountSid"] != account_sid:
        raise Refused("AccountSid")
    outside_id = fields.get("ExternalUserId")
    return Inbound(
        sid=fields["MessageSid"],
        address=_address("From", fields["From"]),
        channel=Channel.WHATSAPP if fields["From"].startswith("whatsapp:") else Channel.SMS,
        text=fields.get("Body") or fields.get("ButtonText", ""),
        media=_media(form, int(fields.get("NumMedia", "0"))),
        pin=_pin(fields),
        whatsapp_id=_address("ExternalUserId", outside_id) if outside_id else None,
        carrier_answered="OptOutType" in fields,
        opted_out=fields.get("OptOutType") == "STOP",
    )


def one(form: MultiDict[str, str], name: str, shape: str) -> str:
    """The single value of a required parameter. Raises `Refused`."""
    return _one(form, name, re.compile(shape))


def _one(form: MultiDict[str, str], name: str, shape: re.Pattern[str]) -> str:
    values = form.getlist(name)
    if len(values) != 1 or not shape.fullmatch(values[0]):
        raise Refused(name)
    return values[0]


def _address(name: str, value: str) -> str:
    try:
        return address(value)
    except NotAnAddress:
        raise Refused(name) from None


def _media(form: MultiDict[str, str], count: int) -> tuple[Medium, ...]:
    """An unusual address loses no text: such a medium is only not opened."""
    numbers = [n for n in range(min(count, MAX_MEDIA)) if f"MediaContentType{n}" in form]
    return tuple(Medium(_kind(form, n), _media_sid(form, n)) for n in numbers)


def _kind(form: MultiDict[str, str], number: int) -> str:
    """Without what may follow it (`audio/ogg; codecs=opus`)."""
    return _one(form, f"MediaContentType{number}", _MEDIA_TYPE).partition(";")[0].strip()


def _media_sid(form: MultiDict[str, str], number: int) -> str:
    """The last part of the address, where it is one of this account and this message. The rest of it we know better."""
    name = f"MediaUrl{number}"
    address = _one(form, name, _ADDRESS) if name in form else ""
    before, _, sid = address.rpartition("/")
    ours = f"/2010-04-01/Accounts/{form['AccountSid']}/Messages/{form['MessageSid']}/Media"
    return sid if before.endswith(ours) and MEDIA_SID.fullmatch(sid) else ""


def _pin(fields: dict[str, str]) -> tuple[float, float] | None:
    if "Latitude" not in fields or "Longitude" not in fields:
        return None
    latitude, longitude = float(fields["Latitude"]), float(fields["Longitude"])
    if abs(latitude) > 90 or abs(longitude) > 180:
        raise Refused("Latitude")
    return latitude, longitude

"""Which parameters does a webhook about a text or a call carry? (Twilio's messaging webhook guide.)"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from simulator.media import Medium
from simulator.messages import Message

if TYPE_CHECKING:
    from simulator.exchange import Exchange


@dataclass(frozen=True, slots=True)
class Texting:
    """What a person does with a phone."""

    number: str
    body: str = ""
    channel: str = "sms"
    to: str = ""
    name: str = ""
    media: tuple[Medium, ...] = ()
    latitude: float | None = None
    longitude: float | None = None
    address: str = ""
    label: str = ""
    user_id: str = ""
    """WhatsApp's business-scoped id of a person whose number is shown as well."""
    forwarded: bool = False
    replied_to: str = ""
    button: str = ""
    sid: str = ""
    """Send an earlier webhook again under its own sid, as a retry does."""
    params: dict[str, str] | None = None
    """More webhook parameters, or others than usual: Twilio adds new ones without notice."""


def text_parameters(exchange: "Exchange", texting: Texting, message: Message) -> dict[str, str]:
    params = {
        "MessageSid": message.sid, "SmsSid": message.sid, "SmsMessageSid": message.sid,
        "AccountSid": exchange.config.account_sid, "From": message.from_, "To": message.to,
        "Body": message.text.body, "NumMedia": str(len(message.media)), "NumSegments": str(message.segments),
        "SmsStatus": "received", "ApiVersion": "2010-04-01",
    }  # fmt: skip
    if message.service:
        params["MessagingServiceSid"] = message.service
    base = f"{exchange.public_url}/2010-04-01/Accounts/{exchange.config.account_sid}/Messages/{message.sid}/Media"
    for index, medium in enumerate(message.media):
        params[f"MediaUrl{index}"] = f"{base}/{medium.sid}"
        params[f"MediaContentType{index}"] = medium.content_type
    if texting.channel == "whatsapp":
        params.update(_whatsapp(texting, message))
    else:
        params.update({"ToCountry": "US", **_geography("From"), **_geography("To")})
    return params | (texting.params or {})


def _whatsapp(texting: Texting, message: Message) -> dict[str, str]:
    has_number = texting.number.startswith("+")
    kind = message.media[0].content_type.partition("/")[0] if message.media else "text"
    params = {"ProfileName": texting.name or "WhatsApp user", "ReferralNumMedia": "0"}
    params["ExternalUserId"] = texting.user_id or ("" if has_number else f"whatsapp:{texting.number}")
    if not params["ExternalUserId"]:
        del params["ExternalUserId"]
    if has_number:
        params["WaId"] = texting.number.lstrip("+")
    if texting.forwarded:
        params |= {"Forwarded": "true", "FrequentlyForwarded": "false"}
    if texting.replied_to:
        params |= {
            "OriginalRepliedMessageSid": texting.replied_to,
            "OriginalRepliedMessageSender": message.to,
        }
    if texting.button:
        params |= {"ButtonText": message.text.body, "ButtonPayload": texting.button, "ButtonType": "REPLY"}
        kind = "interactive"
    if texting.latitude is not None and texting.longitude is not None:
        kind = "location"
        params |= {"Latitude": str(texting.latitude), "Longitude": str(texting.longitude)}
        params |= {name: text for name, text in (("Address", texting.address), ("Label", texting.label)) if text}
    return params | {"MessageType": kind}


def _geography(side: str) -> dict[str, str]:
    """A guess from the carrier's number database, never where the phone is."""
    return {f"{side}City": "LOS ANGELES", f"{side}State": "CA", f"{side}Zip": "90001", f"{side}Country": "US"}


def call_parameters(exchange: "Exchange", sid: str, number: str, called: str) -> dict[str, str]:
    return {
        "CallSid": sid, "AccountSid": exchange.config.account_sid, "From": number, "To": called,
        "Caller": number, "Called": called, "CallStatus": "ringing", "Direction": "inbound",
        "ApiVersion": "2010-04-01", **_geography("From"), **_geography("To"),
    }  # fmt: skip

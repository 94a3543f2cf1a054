"""How does a row of the carrier's list become a text, as its webhook would have brought it?"""

from dataclasses import replace

from werkzeug.datastructures import MultiDict

from bot.channels import carrier_log
from bot.channels.carrier_log import CannotLook, Logged
from bot.channels.media import Medium
from bot.clock import ago, now
from bot.hotline import commands, emergency, inbound
from bot.hotline.inbound import Inbound
from bot.settings import settings

FETCHED_SECONDS = 300
"""Media still being fetched by the carrier after this will not come."""
UNSEEN = "application/octet-stream"


def says_stop(row: Logged) -> bool:
    """Not one more copy."""
    command = commands.read(row.body)
    return command is not None and command.name == "STOP"


def cries_out(row: Logged) -> bool:
    """Not one more minute."""
    command = commands.read(row.body)
    return emergency.told(row.body) is not None or (command is not None and command.name == "SOS")


def is_on_its_way(row: Logged) -> bool:
    """So young that the webhook may still bring it, and answer it better: in the response."""
    return row.created_at > ago(seconds=settings().catch_up_after_seconds)


def is_whole(row: Logged) -> bool:
    """Everything of it has come in, or never will."""
    return row.status != "receiving" or row.created_at < ago(seconds=FETCHED_SECONDS)


def read(row: Logged) -> Inbound:
    """By the same strict reading, and without what the list does not carry (a pin). Raises `Refused`."""
    form = MultiDict(
        {
            "MessageSid": row.sid, "AccountSid": settings().twilio_account_sid, "From": row.from_, "To": row.to,
            "Body": row.body,
        }
    )  # fmt: skip
    message = inbound.read(form, settings().twilio_account_sid)
    return replace(message, media=_media(row), sent_at=min(row.created_at, now()))


def _media(row: Logged) -> tuple[Medium, ...]:
    """Asked for one by one: the list only counts them. Where the carrier does not say, they were there and stay unopened."""
    if not row.media:
        return ()
    try:
        return carrier_log.media_of(row.sid)
    except CannotLook:
        return (Medium(UNSEEN),) * min(row.media, inbound.MAX_MEDIA)

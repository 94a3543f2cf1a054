"""What does the carrier say it has of ours? Twilio's own list of messages, through its SDK: for looking up, never for sending.

The list is read as it comes, a page at a time, and never held whole. Its habits, which all who read it must know:
- It is sorted by date *sent*, newest first (Twilio's page on the Message resource), and that date is empty until it is sent. So
  a row that was created long ago may stand at the top, and whether the list may end is asked of both dates.
- A message just accepted may be missing from it, with no promise for how long: absence counts only when looked for twice.
- A row may come twice (pages shift while messages arrive), lose its words (redacted) or vanish (deleted).
- Times are whole seconds, by Twilio's clock.
"""

import datetime as dt
import logging
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from requests.exceptions import RequestException
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from twilio.rest import Client
from twilio.rest.api.v2010.account.message import MessageInstance

from bot.channels.media import Medium
from bot.channels.twilio import WHATSAPP, channel_address, credentials
from bot.clock import now
from bot.settings import settings

PAGE, SHORT_PAGE = 1000, 50
MOST_MEDIA = 10
SLOWER_THAN_SENDING = 3
"""A page of a thousand may take so many times what a single message may."""
THEIR_ADDRESS = "https://api.twilio.com"
UNREADABLE = (TwilioException, RequestException, ValueError, TypeError, LookupError, AttributeError)
"""No answer, a refusal, or an answer that is no list of messages."""

for _name in ("twilio.http_client", "twilio.async_http_client"):
    logging.getLogger(_name).setLevel(logging.CRITICAL)  # they log addresses, and with them people's numbers


class CannotLook(RuntimeError):
    """The carrier's list could not be read, or not to its end. Nothing follows from what is not there."""


@dataclass(frozen=True, slots=True)
class Logged:
    """One message as the carrier has it."""

    sid: str
    to: str
    body: str
    status: str
    error: str
    created_at: dt.datetime
    direction: str = "outbound-api"
    """`outbound-api` was posted, `outbound-reply` left in a webhook's answer."""
    from_: str = ""
    sent_at: dt.datetime | None = None
    updated_at: dt.datetime | None = None
    media: int = 0
    service: str = ""

    def __repr__(self) -> str:
        return f"Logged({self.sid})"


class _Door(TwilioHttpClient):  # type: ignore[misc]
    """The SDK has no setting for another address; this is its documented way to have one."""

    def __init__(self, base: str, timeout_seconds: float) -> None:
        super().__init__(timeout=timeout_seconds)
        self._base = base

    def request(self, method: str, url: str, *arguments: Any, **more: Any) -> Response:
        return super().request(method, url.replace(THEIR_ADDRESS, self._base, 1), *arguments, **more)


def to_one(address: str, since: dt.datetime) -> Iterator[Logged]:
    """What went to one person (as the carrier names them) since a moment. May raise `CannotLook` at any row, as all of these."""
    return _rows(since, SHORT_PAGE, to=address)


def everything(since: dt.datetime) -> Iterator[Logged]:
    """What went out and came in since a moment."""
    return _rows(since, PAGE)


def came_in(since: dt.datetime) -> list[Iterator[Logged]]:
    """What people sent to us, one list for each number of ours.

    Of a Messaging Service we do not know the numbers: then the whole account's list is read, and what is not ours left out.
    """
    service, ours = settings().twilio_messaging_service_sid, _our_addresses()
    if not service:
        return [_inbound(_rows(since, PAGE, to=address)) for address in ours]
    return [_inbound(row for row in _rows(since, PAGE) if row.service == service or row.to in ours)]


def _inbound(rows: Iterable[Logged]) -> Iterator[Logged]:
    return (row for row in rows if row.direction == "inbound")


def sent_between(since: dt.datetime, until: dt.datetime) -> Iterator[Logged]:
    """What was sent in a while long past. What was not sent yet is in no such list."""
    return _rows(since, PAGE, date_sent_after=since, date_sent_before=until)


def look_up(sid: str) -> Logged | None:
    """One message by its sid; `None` where the carrier has none (deleted). Raises `CannotLook`."""
    try:
        return _logged(_client().messages(sid).fetch(), now())
    except TwilioRestException as refused:
        if refused.status == 404:
            return None
        raise CannotLook("a message could not be looked up") from None
    except UNREADABLE:
        raise CannotLook("a message could not be looked up") from None


def media_of(sid: str) -> tuple[Medium, ...]:
    """What is attached to a message; the list itself only counts it. Raises `CannotLook`."""
    try:
        attached = _client().messages(sid).media.list(limit=MOST_MEDIA)
        return tuple(Medium(str(one.content_type), str(one.sid)) for one in attached)
    except UNREADABLE:
        raise CannotLook("a message's media could not be looked up") from None


def pages(since: dt.datetime, until: dt.datetime | None = None) -> float:
    """How many pages everything in that time may fill, if we sent all the time."""
    return 1 + ((until or now()) - since).total_seconds() * settings().sender_segments_per_second / PAGE


def _our_addresses() -> tuple[str, ...]:
    number = settings().twilio_from_number
    whatsapp = settings().twilio_whatsapp_from or number
    return (
        (number, channel_address(whatsapp, WHATSAPP))
        if number
        else (channel_address(whatsapp, WHATSAPP),)
        if whatsapp
        else ()
    )


def _rows(since: dt.datetime, page_size: int, **filters: Any) -> Iterator[Logged]:
    try:
        for row in _client().messages.stream(page_size=page_size, **filters):
            logged = _logged(row, since)
            if logged.sent_at is not None and max(logged.sent_at, logged.created_at) < since:
                return
            if logged.sid:
                yield logged
    except UNREADABLE:
        # `from None`: the SDK's errors carry the address asked for, number and all.
        raise CannotLook("the carrier's list could not be read") from None


def _logged(row: MessageInstance, undated: dt.datetime) -> Logged:
    return Logged(
        sid=row.sid or "",
        to=row.to or "",
        body=row.body or "",
        status=str(row.status or ""),
        error=str(row.error_code or ""),
        created_at=row.date_created or row.date_sent or undated,
        direction=str(row.direction or ""),
        from_=row.from_ or "",
        sent_at=row.date_sent,
        updated_at=row.date_updated,
        media=int(row.num_media or 0),
        service=row.messaging_service_sid or "",
    )


def _client() -> Client:
    now_set = settings()
    return _client_for(
        threading.get_ident(),  # the SDK does not say that threads may share a client
        *credentials(now_set),
        now_set.twilio_account_sid,
        now_set.twilio_api_base_url,
        now_set.twilio_timeout_seconds * SLOWER_THAN_SENDING,
    )


@lru_cache(maxsize=8)
def _client_for(thread: int, user: str, secret: str, account: str, base: str, timeout_seconds: float) -> Client:
    return Client(user, secret, account, http_client=_Door(base.rstrip("/"), timeout_seconds))

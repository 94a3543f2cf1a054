"""What does the carrier say it has of ours? Twilio's own list of messages, through its SDK: for looking up, never for sending.

A message just accepted may be missing from the list, and `date_sent` is empty until it is sent: so nothing is asked by date
sent, and absence counts only when looked for twice (`bot.outbox.reconcile`).
"""

import datetime as dt
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from requests.exceptions import RequestException
from twilio.base.exceptions import TwilioException
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from twilio.rest import Client

from bot.channels.twilio import channel_address, credentials
from bot.settings import settings

PAGE = 1000
MOST_TO_ONE = 200
THEIR_ADDRESS = "https://api.twilio.com"

for _name in ("twilio.http_client", "twilio.async_http_client"):
    logging.getLogger(_name).setLevel(logging.CRITICAL)  # they log addresses, and with them people's numbers


class CannotLook(RuntimeError):
    """The carrier's list could not be read. Nothing follows from that but to look again."""


@dataclass(frozen=True, slots=True)
class Logged:
    """One message as the carrier has it."""

    sid: str
    to: str
    body: str
    status: str
    error: str
    created_at: dt.datetime

    def __repr__(self) -> str:
        return f"Logged({self.sid})"


class _Door(TwilioHttpClient):  # type: ignore[misc]
    """The SDK has no setting for another address; this is its documented way to have one."""

    def __init__(self, base: str, timeout_seconds: float) -> None:
        super().__init__(timeout=timeout_seconds)
        self._base = base

    def request(self, method: str, url: str, *arguments: Any, **more: Any) -> Response:
        return super().request(method, url.replace(THEIR_ADDRESS, self._base, 1), *arguments, **more)


def messages_to(address: str, channel: str, since: dt.datetime) -> list[Logged]:
    """What was created for one person since a moment."""
    return _read(since, to=channel_address(address, channel), limit=MOST_TO_ONE)


def messages_since(since: dt.datetime) -> list[Logged]:
    """What was created for anybody since a moment: one page for a thousand, where many are looked for."""
    return _read(since)


def _read(since: dt.datetime, **filters: Any) -> list[Logged]:
    try:
        return list(_newest_first(since, **filters))
    except (TwilioException, RequestException, ValueError):
        # `from None`: the SDK's errors carry the address asked for, number and all.
        raise CannotLook("the carrier's list could not be read") from None


def _newest_first(since: dt.datetime, **filters: Any) -> Iterator[Logged]:
    """Newest first, without repeats: a page shifts when messages arrive while it is read."""
    seen = set()
    for row in _client().messages.stream(page_size=PAGE, **filters):
        if row.date_created is not None and row.date_created < since:
            return
        if row.sid and row.sid not in seen and str(row.direction).startswith("outbound"):
            seen.add(row.sid)
            yield Logged(
                sid=row.sid,
                to=row.to or "",
                body=row.body or "",
                status=str(row.status or ""),
                error=str(row.error_code or ""),
                created_at=row.date_created or since,
            )


def _client() -> Client:
    now_set = settings()
    return _client_for(
        *credentials(now_set), now_set.twilio_account_sid, now_set.twilio_api_base_url, now_set.twilio_timeout_seconds
    )


@lru_cache(maxsize=2)
def _client_for(user: str, secret: str, account: str, base: str, timeout_seconds: float) -> Client:
    return Client(user, secret, account, http_client=_Door(base.rstrip("/"), timeout_seconds))

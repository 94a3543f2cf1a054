"""What is behind the address of a medium that is to be sent? Fetched before it leaves, as Twilio does; from the hotline only."""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

import aiohttp

from simulator.media import Medium
from simulator.messages import Message
from simulator.segments import measure

if TYPE_CHECKING:
    from simulator.exchange import Exchange

# Twilio's page "Accepted content types for media", July 2026: what may travel, by channel; the most, in bytes.
ACCEPTED = {
    "sms": ("image/", "video/", "audio/", "text/vcard", "text/x-vcard", "text/calendar", "application/pdf"),
    "whatsapp": (
        "image/jpeg", "image/jpg", "image/png", "image/webp", "audio/ogg", "audio/amr", "audio/3gpp", "audio/aac",
        "audio/mpeg", "video/mp4", "application/pdf",
    ),
}  # fmt: skip
LARGEST = {"sms": 5 * 1024 * 1024, "whatsapp": 16 * 1024 * 1024}
UNREACHABLE = {"sms": 11200, "whatsapp": 63019}
WRONG_KIND, TOO_LARGE = 12300, 11751
SECONDS = 15.0


class Collector:
    """Nothing but the hotline is ever asked: a made-up address of a test must not lead out of this machine."""

    def __init__(self, exchange: "Exchange") -> None:
        self._exchange = exchange
        self._root = exchange.config.hotline_url + "/"
        self._tasks: set[asyncio.Task[None]] = set()

    def has_to(self, message: Message) -> bool:
        return any(self._is_there(medium) for medium in message.media)

    def collect(self, message: Message, then: Callable[[Message], None]) -> None:
        task = asyncio.create_task(self._collect(message, then))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _is_there(self, medium: Medium) -> bool:
        return medium.url.startswith(self._root)

    async def _collect(self, message: Message, then: Callable[[Message], None]) -> None:
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=SECONDS)) as session:
            for medium in filter(self._is_there, message.media):
                if code := await self._fetch(session, medium, message.channel):
                    message.fault = ("failed", code)
                    self._exchange.error(code, medium.url, message.sid)
        if message.channel == "whatsapp" and any(m.content_type.startswith("audio/") for m in message.media):
            message.text = measure("")  # a voice has no caption there: the words are lost
        then(message)

    async def _fetch(self, session: aiohttp.ClientSession, medium: Medium, channel: str) -> int | None:
        """Its bytes and kind, or the code of what is wrong with it."""
        try:
            async with session.get(medium.url) as response:
                data = await _read(response, LARGEST[channel] + 1)
                found, kind = response.status == 200, response.content_type
        except (aiohttp.ClientError, TimeoutError, OSError):
            return UNREACHABLE[channel]
        if not found or not data:
            return UNREACHABLE[channel]
        if not kind.startswith(ACCEPTED[channel]):
            return WRONG_KIND
        if len(data) > LARGEST[channel]:
            return TOO_LARGE
        medium.content_type, medium.data = kind, data
        return None


async def _read(response: aiohttp.ClientResponse, most: int) -> bytes:
    data = b""
    async for piece in response.content.iter_any():
        data += piece
        if len(data) >= most:
            break
    return data

"""How is a control request read, and how is it told what is wrong with it?"""

from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from simulator.faults import BadFault
from simulator.inbound import NotSent
from simulator.media import BadMedium
from simulator.rest import answer

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Wrong(Exception):
    """A control request that cannot be done; its text says why."""

    def __init__(self, why: str, status: int = 400) -> None:
        self.status = status
        super().__init__(why)


@web.middleware
async def say_what_is_wrong(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except Wrong as wrong:
        return answer({"error": str(wrong)}, wrong.status)
    except (BadFault, BadMedium, NotSent) as wrong:
        return answer({"error": str(wrong)}, 400)


async def read_json(request: web.Request) -> Any:
    """Only JSON, so that a page elsewhere cannot post here from somebody's browser."""
    if not request.can_read_body:
        return {}
    if request.content_type != "application/json":
        raise Wrong("send JSON with Content-Type: application/json", 415)
    try:
        return await request.json()
    except ValueError as error:
        raise Wrong(f"not JSON: {error}") from error


async def read_object(request: web.Request) -> dict[str, Any]:
    given = await read_json(request)
    if not isinstance(given, dict):
        raise Wrong("send a JSON object")
    return given


def read_number(request: web.Request, name: str, default: float, most: float) -> float:
    try:
        return min(max(float(request.query.get(name, default)), 0), most)
    except ValueError as error:
        raise Wrong(f"{name} must be a number") from error

"""Which routes are there, and what starts and stops with them?"""

from collections.abc import AsyncIterator
from pathlib import Path

from aiohttp import web

from simulator import asking, attachments, control, handsets, rest
from simulator.config import Config
from simulator.entrance import EXCHANGE
from simulator.exchange import Exchange
from simulator.refusals import Refusal

PAGE = Path(__file__).parent / "page"
LARGEST_REQUEST = 64 * 1024 * 1024  # ten photos of 5 MB in base64
SAFETY = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src 'self'; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}
FILES = {"": "text/html", "page.css": "text/css", "page.js": "text/javascript", "phone.js": "text/javascript",
         "log.js": "text/javascript", "faults.js": "text/javascript", "icon.svg": "image/svg+xml"}  # fmt: skip


async def _run(app: web.Application) -> AsyncIterator[None]:
    exchange = app[EXCHANGE]
    exchange.start()
    yield
    await exchange.stop()


async def show_page(request: web.Request) -> web.Response:
    name = request.match_info.get("file", "")
    if name not in FILES:
        return await not_found(request)
    body = (PAGE / (name or "index.html")).read_bytes()
    return web.Response(body=body, content_type=FILES[name], charset="utf-8", headers=SAFETY)


async def not_found(request: web.Request) -> web.Response:
    refusal = Refusal(20404, request.path)
    return web.Response(body=refusal.body(), status=404, content_type="application/json")


def make_app(config: Config) -> web.Application:
    """One simulator, ready to be served."""
    app = web.Application(client_max_size=LARGEST_REQUEST, middlewares=[asking.say_what_is_wrong])
    app[EXCHANGE] = Exchange(config)
    app.cleanup_ctx.append(_run)
    for part in (rest, attachments, control, handsets):
        app.add_routes(part.routes())
    app.router.add_get("/", show_page)
    app.router.add_get("/page/{file}", show_page)
    app.router.add_route("*", "/{rest:.*}", not_found)
    return app

"""How does Twilio's REST API answer for the media of a message?"""

from aiohttp import web

from simulator.entrance import door
from simulator.exchange import Exchange
from simulator.refusals import Refusal
from simulator.rest import BASE, answer, find


async def list_media(request: web.Request, exchange: Exchange) -> web.Response:
    message = find(request, exchange)
    account = exchange.config.account_sid
    uri = f"/2010-04-01/Accounts/{account}/Messages/{message.sid}/Media.json?PageSize=50&Page=0"
    rows = [medium.resource(account, message) for medium in message.media]
    return answer(
        {
            "media_list": rows,
            "page": 0,
            "page_size": 50,
            "start": 0,
            "end": max(len(rows) - 1, 0),
            "uri": uri,
            "first_page_uri": uri,
            "previous_page_uri": None,
            "next_page_uri": None,
        }
    )


async def fetch_medium(request: web.Request, exchange: Exchange) -> web.Response:
    """With .json the record; without it a redirect to the bytes in the file store, which asks for no password and takes none."""
    message = find(request, exchange)
    name = request.match_info["medium"]
    medium = next((m for m in message.media if m.sid == name.removesuffix(".json")), None)
    if medium is None:
        raise Refusal(20404, request.path)
    if name.endswith(".json"):
        return answer(medium.resource(exchange.config.account_sid, message))
    if medium.url and not medium.data:
        raise web.HTTPTemporaryRedirect(medium.url)
    store = exchange.public_url or f"http://{request.host}"
    raise web.HTTPTemporaryRedirect(f"{store}/simulator/media/{medium.sid}?message={message.sid}")


async def delete_medium(request: web.Request, exchange: Exchange) -> web.Response:
    message = find(request, exchange)
    name = request.match_info["medium"].removesuffix(".json")
    if all(medium.sid != name for medium in message.media):
        raise Refusal(20404, request.path)
    message.media = tuple(medium for medium in message.media if medium.sid != name)
    return web.Response(status=204)


def routes() -> list[web.RouteDef]:
    media = BASE + "/{sid}/Media"
    return [
        web.get(media + ".json", door("fetch", list_media)),
        web.get(media + "/{medium}", door("fetch", fetch_medium)),
        web.delete(media + "/{medium}", door("change", delete_medium)),
    ]

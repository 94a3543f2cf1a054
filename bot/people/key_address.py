"""For which address do keys answer? Ours, as it is configured: never what a request calls us."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from bot.settings import settings

USUAL_PORTS = {"https": 443, "http": 80}


def possible() -> bool:
    """Whether browsers do this here at all: it needs a name, and TLS (or one's own machine)."""
    address = urlsplit(settings().public_base_url)
    return address.hostname == "localhost" or (address.scheme == "https" and not _is_number(address.hostname or ""))


def host() -> str:
    """What a key is made for."""
    return urlsplit(settings().public_base_url).hostname or ""


def origin() -> str:
    """Where a page must stand that asks for it, as browsers write it: without the port that goes without saying."""
    address = urlsplit(settings().public_base_url)
    port = "" if address.port in (None, USUAL_PORTS.get(address.scheme)) else f":{address.port}"
    return f"{address.scheme}://{address.hostname}{port}"


def _is_number(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True

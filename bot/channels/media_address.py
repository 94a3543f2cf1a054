"""Where does the carrier keep a picture, and where may it send us for it? Never to an address that was handed to us as it is.

The address is built from the configured one and two sids of a strict shape; a redirect may lead to the API itself or to a host on
a list, and nowhere private (docs/threat-model.md T16).
"""

import ipaddress
import re
from urllib.parse import urlsplit

from bot.settings import settings

MESSAGE_SID = re.compile(r"(?:SM|MM)[0-9a-fA-F]{32}")
MEDIA_SID = re.compile(r"ME[0-9a-fA-F]{32}")
LAST_PORT = 65_535
_WHOLE = re.compile(
    r"(?P<scheme>https?)://(?P<host>[a-z0-9][a-z0-9.-]{0,252})(?::(?P<port>[0-9]{1,5}))?(?P<path>/[!-\[\]-~]*)"
)
_PATH = re.compile(r"/(?!/)[!-\[\]-~]*")
_PORTS = {"http": 80, "https": 443}
_UNICAST_V6 = ipaddress.ip_network("2000::/3")


def of(message_sid: str, media_sid: str) -> str:
    """Raises `ValueError` for anything but two sids."""
    if not MESSAGE_SID.fullmatch(message_sid) or not MEDIA_SID.fullmatch(media_sid):
        raise ValueError("not the carrier's names")
    base, account = settings().twilio_api_base_url.rstrip("/"), settings().twilio_account_sid
    return f"{base}/2010-04-01/Accounts/{account}/Messages/{message_sid}/Media/{media_sid}"


def onwards(location: str) -> str | None:
    """Where a redirect may lead: a path at the API itself, or an address at one of the hosts we know. Nothing unusual in it."""
    if _PATH.fullmatch(location):
        return _api_origin() + location
    found = _WHOLE.fullmatch(location)
    if found is None or int(found["port"] or 0) > LAST_PORT:
        return None
    if is_the_api(location):
        return location
    usual = found["scheme"] == "https" and found["port"] in (None, "443")
    return location if usual and found["host"] in settings().twilio_media_hosts else None


def is_the_api(address: str) -> bool:
    return _origin(address) == _origin(settings().twilio_api_base_url)


def is_public(host: str) -> bool:
    """Whether this address is somebody's out there: no private network, no machine of ours, no way round to one."""
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address):
        carries_another = address.sixtofour or address.teredo
        return address in _UNICAST_V6 and address.is_global and not carries_another
    return address.is_global and not address.is_multicast


def _api_origin() -> str:
    parts = urlsplit(settings().twilio_api_base_url)
    return f"{parts.scheme}://{parts.netloc}"


def _origin(address: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(address)
    return parts.scheme, parts.hostname, parts.port or _PORTS.get(parts.scheme)

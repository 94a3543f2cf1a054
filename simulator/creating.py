"""Is this request to send acceptable, and which message does it make?"""

import re
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from simulator.media import MOST, UNSEEN, Medium
from simulator.messages import LONGEST_BODY, Message, new_sid
from simulator.refusals import Refusal
from simulator.segments import measure
from simulator.senders import Sender

if TYPE_CHECKING:
    from simulator.exchange import Exchange

E164 = re.compile(r"\+(?:1[2-9]\d{2}[2-9]\d{6}|[2-9]\d{6,14})\Z", re.ASCII)
BEYOND_FICTION = re.compile(r"\+10\d{9}\Z", re.ASCII)
WHATSAPP_ID = re.compile(r"[A-Z]{2}\.[A-Za-z0-9.]{1,130}\Z", re.ASCII)
HOST = re.compile(r"[A-Za-z0-9.\-:\[\]]+\Z", re.ASCII)
LONGEST_VALIDITY = 36_000
LONGEST_CALLBACK = 4000
SOONEST_SCHEDULE, LATEST_SCHEDULE = 15 * 60, 35 * 86_400


def create(exchange: "Exchange", pairs: list[tuple[str, str]]) -> Message:
    """Check as Twilio does, in its order, and build the message. Raises Refusal."""
    form = dict(pairs)
    to = _to(form.get("To", "").strip(), exchange.config.beyond_fiction)
    service = form.get("MessagingServiceSid", "").strip()
    sender = _sender(exchange, form.get("From", "").strip(), service, to)
    body = form.get("Body", "")
    links = [value for name, value in pairs if name in ("MediaUrl", "MediaUrl[]")]
    template = form.get("ContentSid", "")
    _check_content(body, links, template)
    callback = _callback(form.get("StatusCallback", ""))
    validity = _validity(form.get("ValidityPeriod"))
    _check_opt_out(exchange, sender, to)
    now = time.time()
    send_at = _send_at(form, service, now)

    media = tuple(Medium(new_sid("ME", exchange.rng), UNSEEN, url=link) for link in links)
    shown = body or (f"[{template}] {form.get('ContentVariables', '')}".strip() if template else "")
    prefix = "MM" if media else "SM"
    address = sender.address if sender else ""
    message = Message(new_sid(prefix, exchange.rng), "outbound-api", "client", to, address, measure(shown), now)
    message.media = media
    message.service = service
    message.sender = sender
    message.status = "scheduled" if send_at else "accepted" if service else "queued"
    message.send_at = send_at
    message.deadline = (send_at or now) + validity
    message.callback = callback
    message.free_form = not template
    if not service and sender and not sender.has_room(message.segments):
        raise Refusal(21611)
    return message


def _to(to: str, beyond_fiction: bool) -> str:
    if not to:
        raise Refusal(21604)
    bare = to.removeprefix("whatsapp:")
    if E164.match(bare) or (bare != to and WHATSAPP_ID.match(bare)) or (beyond_fiction and BEYOND_FICTION.match(bare)):
        return to
    raise Refusal(21211, to)


def _sender(exchange: "Exchange", address: str, service: str, to: str) -> Sender | None:
    """The number asked for, or None where the Messaging Service will choose one."""
    channel = "whatsapp" if to.startswith("whatsapp:") else "sms"
    if service and service != exchange.config.messaging_service:
        raise Refusal(21705, service)
    if not address:
        if not service:
            raise Refusal(21603)
        if not exchange.pool.serves(channel):
            raise Refusal(21703)
        return None
    if address == to:
        raise Refusal(21266, to)
    sender = exchange.pool.find(address)
    if address.startswith("whatsapp:") != (channel == "whatsapp"):
        raise Refusal(21910)
    if sender is None:
        raise Refusal(63007) if channel == "whatsapp" else Refusal(21606, address)
    return sender


def _check_content(body: str, links: list[str], template: str) -> None:
    if not (body or links or template):
        raise Refusal(21602)
    if len(body) > LONGEST_BODY:
        raise Refusal(21617)
    if len(links) > MOST:
        raise Refusal(21623)
    if not all(_is_web_address(link) for link in links):
        raise Refusal(21620)


def _is_web_address(address: str) -> bool:
    try:
        parts = urlsplit(address)
        return parts.scheme in ("http", "https") and bool(parts.hostname and HOST.match(parts.hostname))
    except ValueError:
        return False


def _callback(address: str) -> str:
    """A host with an underscore is refused. Loopback is allowed here, which Twilio could not reach."""
    if address and (len(address) > LONGEST_CALLBACK or not _is_web_address(address)):
        raise Refusal(21609, address[:200])
    return address


def _validity(given: str | None) -> int:
    if given is None or given == "":
        return LONGEST_VALIDITY
    if not given.isascii() or not given.isdigit() or not given.strip("0"):
        raise Refusal(90014, given[:20])
    if len(given) > 9 or int(given) > LONGEST_VALIDITY:
        raise Refusal(90007, given[:20])
    return int(given)


def _check_opt_out(exchange: "Exchange", sender: Sender | None, to: str) -> None:
    if to.startswith("whatsapp:") or not len(exchange.optouts):
        return
    chosen = sender or exchange.pool.choose("sms", to)
    if chosen and exchange.is_blocked(chosen, to):
        raise Refusal(21610)


def _send_at(form: dict[str, str], service: str, now: float) -> float | None:
    given = form.get("SendAt", "")
    if not given or form.get("ScheduleType") != "fixed":
        return None
    if not service:
        raise Refusal(35118)
    try:
        moment = datetime.fromisoformat(given)
    except ValueError as error:
        raise Refusal(35114) from error
    at = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    if not SOONEST_SCHEDULE <= at - now <= LATEST_SCHEDULE:
        raise Refusal(35114)
    return at

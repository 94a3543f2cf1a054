"""What happens when a phone texts or calls the hotline?"""

import time
from collections import OrderedDict
from dataclasses import asdict
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from simulator import optout, twiml
from simulator.media import UNSEEN, Medium
from simulator.messages import LONGEST_BODY, Message, new_sid
from simulator.optout import Heard
from simulator.parameters import Texting, call_parameters, text_parameters
from simulator.segments import measure
from simulator.senders import Sender
from simulator.webhook import Answer

if TYPE_CHECKING:
    from simulator.exchange import Exchange

LOOP_REPLIES, LOOP_SECONDS = 15, 30.0  # error 14107
MOST_PAIRS = 10_000


class NotSent(ValueError):
    """The phone cannot send this; its text says why."""


class Inbound:
    def __init__(self, exchange: "Exchange") -> None:
        self._exchange = exchange
        self._pairs: OrderedDict[tuple[str, str], tuple[int, float]] = OrderedDict()

    def clear(self) -> None:
        self._pairs.clear()

    async def text(self, texting: Texting) -> dict[str, Any]:
        """Opt-out filter first, then the webhook, then what its TwiML asks for."""
        exchange = self._exchange
        sender = self._sender(texting)
        message = exchange.ledger.get(texting.sid) if texting.sid else None
        if message is None:
            message = self._receive(texting, sender)
            heard = self._filter(message, sender)
        else:
            heard = Heard()
        params = text_parameters(exchange, texting, message)
        token = f"{exchange.rng.getrandbits(128):032x}"
        address = self._address(exchange.config.inbound_path)
        answer = await exchange.webhook.post(address, params, token, "inbound", message.phone)
        result: dict[str, Any] = {
            "sid": message.sid, "status": answer.status, "attempts": answer.attempts,
            "content_type": answer.content_type, "twiml": answer.body, "opt_out": heard.meaning,
            "replies": [], "error": None,
        }  # fmt: skip
        try:
            replies = self._read(answer, message.sid).replies
        except twiml.BadTwiML as bad:
            result["error"] = exchange.error(bad.code, str(bad), message.sid)
            return result
        for reply in replies:
            sid, error = self._reply(reply, message, address)
            result["replies"].append(sid) if sid else None
            result["error"] = result["error"] or error
        return result

    async def call(self, number: str, to: str = "") -> dict[str, Any]:
        """A voice call: what would the person hear?"""
        exchange = self._exchange
        sender = exchange.pool.find(to) if to else exchange.pool.first("sms")
        if sender is None:
            raise NotSent("there is no such number to call")
        sid = new_sid("CA", exchange.rng)
        params = call_parameters(exchange, sid, number, sender.number)
        token = f"{exchange.rng.getrandbits(128):032x}"
        address = self._address(exchange.config.voice_path)
        answer = await exchange.webhook.post(address, params, token, "voice", number)
        heard: dict[str, Any] = {"sid": sid, "status": answer.status, "twiml": answer.body, "error": None}
        try:
            found = self._read(answer, sid)
        except twiml.BadTwiML as bad:
            return heard | {"said": [], "verbs": [], "error": exchange.error(bad.code, str(bad), sid)}
        return heard | {"said": [asdict(said) for said in found.said], "verbs": found.verbs}

    def _address(self, path: str) -> str:
        config = self._exchange.config
        fragment = f"#{config.connection_overrides}" if config.connection_overrides else ""
        return config.hotline_url + path + fragment

    @staticmethod
    def _read(answer: Answer, sid: str) -> twiml.TwiML:
        if answer.error:
            raise twiml.BadTwiML(answer.error, answer.reason)
        return twiml.read(answer)

    def _sender(self, texting: Texting) -> Sender:
        pool, to = self._exchange.pool, texting.to
        if texting.channel not in ("sms", "whatsapp"):
            raise NotSent("channel must be sms or whatsapp")
        wanted = f"whatsapp:{to.removeprefix('whatsapp:')}" if to and texting.channel == "whatsapp" else to
        sender = pool.find(wanted) if to else pool.first(texting.channel)
        if sender is None:
            raise NotSent(f"there is no number to text by {texting.channel}")
        if len(texting.body) > LONGEST_BODY:
            raise NotSent(f"a text has at most {LONGEST_BODY} characters")
        if not texting.number:
            raise NotSent("whose phone is it? number is missing")
        return sender

    def _receive(self, texting: Texting, sender: Sender) -> Message:
        exchange, now = self._exchange, time.time()
        person = f"whatsapp:{texting.number}" if texting.channel == "whatsapp" else texting.number
        sid = new_sid("MM" if texting.media else "SM", exchange.rng)
        message = Message(sid, "inbound", "phone", sender.address, person, measure(texting.body), now)
        message.media = texting.media
        if texting.latitude is not None:
            message.pin = texting.label or f"{texting.latitude}, {texting.longitude}"
        message.sender = sender
        message.service = exchange.config.messaging_service
        message.status = "received"
        message.sent = message.arrived = now
        message.listed = exchange.listed_at(message)
        if texting.channel == "whatsapp":
            exchange.open_window(sender.address, texting.number)
        exchange.ledger.add(message)
        return message

    def _filter(self, message: Message, sender: Sender) -> Heard:
        """SMS only. Twilio's own answer passes the block it has just made."""
        exchange = self._exchange
        if message.channel != "sms":
            return Heard()
        scope = exchange.scope(sender)
        heard = exchange.optouts.hear(scope, sender.number, message.phone, message.text.body)
        if heard.answer:
            answer = self._send(heard.answer, message.from_, sender, "twilio")
            if optout.is_toll_free(sender.number):  # the network's own text: no row in the account
                answer.deleted = True
        return heard

    def _send(
        self, body: str, to: str, sender: Sender, origin: str, callback: str = "", links: tuple[str, ...] = ()
    ) -> Message:
        exchange = self._exchange
        message = Message(
            new_sid("MM" if links else "SM", exchange.rng),
            "outbound-reply",
            origin,
            to,
            sender.address,
            measure(body),
            time.time(),
        )
        message.media = tuple(Medium(new_sid("ME", exchange.rng), UNSEEN, url=link) for link in links)
        message.sender = sender
        message.service = exchange.config.messaging_service
        message.callback = callback
        message.deadline = message.created + 36_000
        exchange.accept(message)
        return message

    def _reply(self, reply: twiml.Reply, heard: Message, address: str) -> tuple[str, dict[str, Any] | None]:
        """One <Message>: (sid, nothing) or (nothing, why not)."""
        exchange = self._exchange
        to = reply.to or heard.from_
        sender = exchange.pool.find(reply.from_) if reply.from_ else heard.sender
        phone = to.removeprefix("whatsapp:")
        if not reply.body and not reply.media:
            return "", exchange.error(14103, "Message needs a body or media", heard.sid)
        if sender is None:
            return "", exchange.error(21606, "from is not a number of ours", heard.sid)
        if len(reply.body) > LONGEST_BODY:
            return "", exchange.error(21617, "the body is longer than 1600 characters", heard.sid)
        if self._loops(sender.address, to):
            return "", exchange.error(14107, "too many replies between two numbers", heard.sid)
        if sender.channel == "sms" and exchange.is_blocked(sender, phone):
            return "", exchange.error(21610, "the person has replied STOP", heard.sid)
        callback = urljoin(address, reply.callback) if reply.callback else ""
        links = tuple(urljoin(address, link) for link in reply.media)
        return self._send(reply.body, to, sender, "twiml", callback, links).sid, None

    def _loops(self, ours: str, theirs: str) -> bool:
        """More than 15 replies, each within 30 s of the last: the rest fail until 30 s passed."""
        now = time.monotonic()
        count, last = self._pairs.get((ours, theirs), (0, now))
        count = count + 1 if now - last < LOOP_SECONDS else 1
        if count > LOOP_REPLIES:
            return True
        self._pairs[ours, theirs] = (count, now)
        self._pairs.move_to_end((ours, theirs))
        if len(self._pairs) > MOST_PAIRS:
            self._pairs.popitem(last=False)
        return False

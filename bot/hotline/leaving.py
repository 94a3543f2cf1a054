"""STOP, START, DELETE, FORGET: at once, in one step, and never a dead end afterwards."""

import re
from typing import Any

from bot.clock import ahead
from bot.contacts.models import Channel
from bot.hotline.joining import names
from bot.hotline.talk import Talk
from bot.stewardship.forget import UNREADABLE_DAYS
from bot.subscriptions import consent
from bot.subscriptions.joining import neighborhoods_of
from bot.subscriptions.models import ConsentAct
from messages.formats import day

TWILIO_STOPS = frozenset({"stop", "unsubscribe", "end", "quit", "stopall", "revoke", "optout", "cancel"})
"""Single words Twilio's own filter confirms, on SMS; after it a text of ours would only be refused (error 21610)."""


def stop(talk: Talk) -> None:
    """One confirmation: Twilio's where its keyword matched, else ours. What waits for them is dropped when claimed."""
    already = talk.contact.is_stopped
    talk.contact.stop(talk.at)
    talk.answered()
    if already:
        return
    consent.record(talk.session, talk.address, talk.contact, ConsentAct.STOPPED)
    if not _carrier_confirms(talk):
        talk.say("hotline.stopped")


def start_again(talk: Talk) -> None:
    """START after STOP: what they asked for before is theirs again."""
    talk.contact.start()
    consent.record(talk.session, talk.address, talk.contact, ConsentAct.STARTED)
    areas = neighborhoods_of(talk.session, talk.contact)
    if areas:
        talk.say("hotline.started", areas=names(talk, areas))
    else:
        talk.say("hotline.started_new")
        talk.ask("area")


def erase(talk: Talk) -> None:
    """DELETE: one step, no question back (a second step traps frightened people). The answer is the last text."""
    consent.record(talk.session, talk.address, talk.contact, ConsentAct.DELETED)
    key, values = last_words("DELETE", talk.language)
    talk.say(key, values=values)
    talk.erases = True


def erase_marks(talk: Talk) -> None:
    """FORGET: the ledger's marks too. Like DELETE it leaves nothing behind but the answer."""
    consent.erase(talk.session, talk.address)
    key, values = last_words("FORGET", talk.language)
    talk.say(key, values=values)
    talk.erases = True


def last_words(command: str, language: str) -> tuple[str, dict[str, Any]]:
    """What they hear when nothing is left: a key of the catalog, and its values."""
    if command == "FORGET":
        return "hotline.forgotten", {}
    return "hotline.deleted", {"day": day(ahead(days=UNREADABLE_DAYS), language)}


def _carrier_confirms(talk: Talk) -> bool:
    if talk.heard.message.carrier_answered:
        return True
    word = re.sub(r"[^a-z]", "", talk.heard.message.text.strip().lower())
    single = len(talk.heard.message.text.split()) == 1
    return talk.heard.message.channel is Channel.SMS and single and word in TWILIO_STOPS

"""Who said STOP? Twilio's default filter: one English word alone, SMS only."""

from dataclasses import dataclass

STOP = frozenset({"STOP", "UNSUBSCRIBE", "END", "QUIT", "STOPALL", "REVOKE", "OPTOUT", "CANCEL"})
START = frozenset({"START", "YES", "UNSTOP"})
HELP = frozenset({"HELP", "INFO"})
TOLL_FREE = ("+1800", "+1833", "+1844", "+1855", "+1866", "+1877", "+1888")

STOPPED = (
    "You have successfully been unsubscribed. You will not receive any more messages from this number. "
    "Reply START to resubscribe."
)
STARTED = (
    "You have successfully been re-subscribed to messages from this number. Reply HELP for help. "
    "Reply STOP to unsubscribe. Msg&Data Rates May Apply."
)
HELPED = "Reply STOP to unsubscribe. Msg&Data Rates May Apply."
NETWORK_STOPPED = (
    'NETWORK MSG: You replied with the word "stop" which blocks all texts sent from this number. '
    'Text back "unstop" to receive messages again.'
)
NETWORK_STARTED = 'NETWORK MSG: You have replied "{0}" and will begin receiving messages again from this number.'


def is_toll_free(number: str) -> bool:
    return number.startswith(TOLL_FREE)


@dataclass(frozen=True, slots=True)
class Heard:
    """What the filter made of a text: the keyword's meaning, and Twilio's own answer if there is one."""

    meaning: str = ""
    answer: str = ""


class OptOuts:
    """Blocks per scope (a number, or a whole Messaging Service) and phone."""

    def __init__(self, help_autoreply: bool) -> None:
        self.help_autoreply = help_autoreply
        self._blocked: set[tuple[str, str]] = set()

    def __len__(self) -> int:
        return len(self._blocked)

    def clear(self) -> None:
        self._blocked.clear()

    def blocks(self, scope: str, phone: str) -> bool:
        return bool(self._blocked) and (scope, phone) in self._blocked

    def phones(self) -> list[str]:
        return sorted({phone for _, phone in self._blocked})

    def hear(self, scope: str, number: str, phone: str, body: str) -> Heard:
        """Twilio answers a keyword only when it changes something, so that STOP twice is confirmed once."""
        word = body.strip().upper()
        toll_free = is_toll_free(number)
        blocked = (scope, phone) in self._blocked
        if word == "STOP" if toll_free else word in STOP:
            self._blocked.add((scope, phone))
            answer = NETWORK_STOPPED if toll_free else STOPPED
            return Heard("STOP", "" if blocked else answer)
        if word in START and not (toll_free and word == "YES"):
            self._blocked.discard((scope, phone))
            answer = NETWORK_STARTED.format(word.lower()) if toll_free else STARTED
            return Heard("START", answer if blocked else "")
        if word in HELP:
            return Heard("HELP", HELPED if self.help_autoreply and not blocked else "")
        return Heard()

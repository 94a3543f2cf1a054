"""Whose phones are shown on the page?"""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Phone:
    """A person's phone. `number` may be a WhatsApp id (`US.abc123`) of somebody who hides their number."""

    number: str
    name: str = ""
    language: str = "en"
    channel: str = "sms"


DEFAULT_PHONES = (
    Phone("+13235550101", "Rosa", "es"),
    Phone("+13235550102", "Ben", "en"),
    Phone("+13235550103", "Luis", "es"),
    Phone("+13235550104", "Marta", "es"),
    Phone("+15625550105", "Dara", "km", "whatsapp"),
    Phone("+15625550106", "Mei", "zh", "whatsapp"),
    Phone("+13235550107", "Ana, verifier", "es"),
    Phone("+15625550108", "Omar, verifier", "en"),
    Phone("+13235550109", "Dora, dispatcher", "es"),
    Phone("+13235550110", "Teo, who releases", "en"),
)

MOST_PHONES = 200


class Directory:
    """The phones on the page, in the order they were added."""

    def __init__(self, phones: tuple[Phone, ...]) -> None:
        self.presets = phones
        self.phones = {phone.number: phone for phone in phones}

    def add(self, phone: Phone) -> None:
        if phone.number not in self.phones and len(self.phones) >= MOST_PHONES:
            return
        self.phones[phone.number] = phone

    def remove(self, number: str) -> bool:
        return self.phones.pop(number, None) is not None

    def clear(self) -> None:
        self.phones = {phone.number: phone for phone in self.presets}

    def suggest(self) -> str:
        """The next free number of the range kept for fiction (555-01xx), clear of hotlines and presets."""
        for area in ("323", "562"):
            for last in range(109, 200):
                number = f"+1{area}5550{last}"
                if number not in self.phones:
                    return number
        return ""

    def view(self) -> list[dict[str, Any]]:
        return [asdict(phone) for phone in self.phones.values()]

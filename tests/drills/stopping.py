"""Who said STOP in a drill, and by when was that surely committed? And did anything begin for them more than a second later?"""

import random
import time
from collections.abc import Collection
from dataclasses import dataclass, field

from sqlalchemy import func, select

from bot.contacts.models import Contact
from bot.privacy import numbers
from bot.store.session import reading, writing
from tests.drills.fan_out import FanOut
from tests.drills.stalls import Stalls
from tests.services.carrier import Phone

SECOND = 1.0
OUR_WORD = "ALTO"
"""Twilio's own filter does not know it: it would refuse what we must not even begin."""


def stopped(phones: Collection[str]) -> int:
    """How many of these have stopped, by our own books."""
    tags = [numbers.tag(phone) for phone in phones]
    with reading() as session:
        return session.scalar(select(func.count()).where(Contact.tag.in_(tags), Contact.stopped_at.is_not(None))) or 0


@dataclass
class Stopped:
    """People of one fan-out, and the moments after their STOPs."""

    told: FanOut
    at: dict[str, float] = field(default_factory=dict)

    def by_text(self, phone: Phone) -> None:
        """A signed webhook, answered once it is committed."""
        if phone.texts(OUR_WORD)["status"] == 200:
            self.at.setdefault(phone.number, time.time())

    def by_hand(self, chance: random.Random, count: int = 1) -> None:
        """People whose copies a worker holds at this moment."""
        held = self.told.books.in_hand()
        with writing() as session:
            contacts = [session.get_one(Contact, id_) for id_ in chance.sample(held, min(count, len(held)))]
            new = [contact for contact in contacts if not contact.is_stopped]
            for contact in new:
                contact.stop()
        self.at.update({self.told.phone_of(contact): time.time() for contact in new})

    def nobody_was_told_later(self, stalls: Stalls) -> None:
        """By more than a second, and by more than the machine may have held up the carrier's note of it."""
        copies = self.told.phones.by_person()
        after = {
            to: copies[to][0].at - stalls.before(copies[to][0].at) - at for to, at in self.at.items() if to in copies
        }
        late = {to: seconds for to, seconds in after.items() if seconds > SECOND}
        assert not late, f"{sorted(late.values())}\n{self.told.books.of(late)}"

    def spared(self) -> set[str]:
        """Whose STOP came in time."""
        return set(self.at) - set(self.told.phones.by_person())

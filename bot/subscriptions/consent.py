"""Can we prove that they asked, and when they asked us to stop? A ledger of keyed marks, without numbers or contacts.

Whoever disputes a text brings the number; its mark finds the entries. FORGET removes them.
"""

from sqlalchemy import delete
from sqlalchemy.orm import Session

from bot.clock import local, now
from bot.contacts.models import Contact
from bot.privacy.numbers import ledger_tag
from bot.subscriptions.models import ConsentAct, ConsentEntry

WORDING = "2026-11"
"""Version of the words people agree to (`joining.confirm`, `joining.joined`). Change it with them."""


def record(session: Session, address: str, contact: Contact, act: ConsentAct, subject: str = "") -> None:
    """Write down one act of the person at `address`, in the transaction of the act."""
    session.add(
        ConsentEntry(
            mark=ledger_tag(address),
            act=act,
            subject=subject,
            wording=WORDING,
            language=contact.language or "",
            channel=contact.channel.value,
            day=local(now()).date(),
        )
    )


def erase(session: Session, address: str) -> None:
    """FORGET: nothing says any more that this person was ever here."""
    session.execute(delete(ConsentEntry).where(ConsentEntry.mark == ledger_tag(address)))

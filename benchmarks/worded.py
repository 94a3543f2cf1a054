"""What does it cost that everybody's alert carries a word of their own?

100,000 copies planned and claimed, with one and without.

Both sides are ours: on one nobody chose a check word, on the other everybody did. Planned is what the database does; claimed
includes opening each word and putting it behind the released text, as right before a copy leaves.
"""

import time

from sqlalchemy import select, update

from benchmarks import people
from benchmarks.fan_out import subscribers
from benchmarks.ground import Ground
from benchmarks.processes import Failed
from benchmarks.row import Row
from bot.alerts import desk, release
from bot.alerts.models import Alert
from bot.clock import now
from bot.contacts import check_words
from bot.contacts.models import Channel, Contact
from bot.incidents.opening import Spot, open_at
from bot.moderation.models import Saw
from bot.outbox import claiming, fuse, planning
from bot.people.models import InvitationLine, Person, Role
from bot.store.session import writing

TOLD, SUBSCRIBERS = 100_000, 200_000
AT_ONCE = 2000
WORD = "GIRASOL"
GOAL = 0.8


def measure(ground: Ground, quick: bool) -> list[Row]:
    """Each side on a database of its own."""
    told, of = (100, 1000) if quick else (TOLD, SUBSCRIBERS)
    subscribers(ground, told, of)
    plain = _planned_and_claimed(told, "")
    subscribers(ground, told, of)
    _everybody_chooses()
    worded = _planned_and_claimed(told, WORD)
    return [
        Row(f"{told:,} {what}, with a word", ours, "without", theirs, "s", theirs / ours, GOAL)
        for what, ours, theirs in zip(("planned", "claimed"), worded, plain, strict=True)
    ]


def _everybody_chooses() -> None:
    with writing() as session:
        rows = []
        for id_ in session.scalars(select(Contact.id)):
            contact = Contact(id=id_)
            check_words.keep(contact, WORD)
            rows.append({"id": id_, "check_word": contact.check_word})
        session.execute(update(Contact), rows)


def _planned_and_claimed(told: int, word: str) -> tuple[float, float]:
    broadcast_id = _released_alert()
    began = time.monotonic()
    planning.plan(broadcast_id)
    planned = time.monotonic() - began
    began, taken = time.monotonic(), 0
    while copies := claiming.claim(Channel.SMS, range(2, 3), AT_ONCE).copies:
        taken += len(copies)
        if any(copy.text.endswith(f"({word})") is not bool(word) for copy in copies):
            raise Failed("a copy without its word, or with another's")
    claimed = time.monotonic() - began
    if taken != told:
        raise Failed(f"{told} to be claimed, {taken} were")
    return planned, claimed


def _released_alert() -> int:
    """Seen by one, let out by another."""
    with writing() as session:
        lines = [InvitationLine(name=name, created_at=now()) for name in ("ash", "birch")]
        session.add_all(lines)
        session.flush()
        vera = Person(name="Vera", role=Role.VERIFIER, line_id=lines[0].id, created_at=now())
        olga = Person(name="Olga", role=Role.ORGANIZER, line_id=lines[1].id, created_at=now())
        session.add_all([vera, olga])
        session.flush()
        incident = open_at(session, Spot("florence & pacific", "Florence & Pacific", (people.TOLD,), 33.97, -118.22))
        desk.found(session, incident, vera, Saw.IMMIGRATION, "6 agents", uniform="ICE")
        draft = session.scalars(select(Alert)).one()
        release.release(session, draft, olga, fuse.words_of(draft.broadcast))
        return draft.broadcast_id

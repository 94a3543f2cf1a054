"""What must hold after every step, whoever did what? Read from the tables and from what the phones got, never from our own rules.

The judge keeps its own memory: what stood in the books when a hand let something out, who said STOP and when, who wrote what.
"""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row

from bot.clock import now
from tests.truth import asked, hands, looks
from tests.truth.books import Books
from tests.truth.world import Sent, World

TAKES_BACK = ("doubt", "correction", "over")
SAYS_SO = ("alert", "update")
SAYS_CONFIRMED = ("outcomes.told", "outcomes.told_by_one", "alerts.known_confirmed", "alerts.known_night")
"""Single texts that say of an incident that it is so. (What a neighborhood is told is a broadcast.)"""


@dataclass(frozen=True)
class LetOut:
    """One broadcast as it stood in the moment it was let out."""

    kind: str
    incident_id: int
    texts: frozenset[str]
    expires_at: dt.datetime
    areas: frozenset[str]
    at: dt.datetime


@dataclass
class Judge:
    """One sequence's memory."""

    out: dict[int, LetOut] = field(default_factory=dict)
    stopped: dict[str, dt.datetime] = field(default_factory=dict)
    """Who said STOP, and when."""
    wrote: defaultdict[str, list[dt.datetime]] = field(default_factory=lambda: defaultdict(list))
    words: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """Their own check words."""
    heard: int = 0
    """How much of what the phones got was judged already."""
    stopped_ever: set[str] = field(default_factory=set)
    failed: bool = False

    def sees(self, world: World) -> None:
        """Judge one step. Raises `AssertionError`."""
        self.failed = True  # until it is known to be well
        before, after = world.look()
        hands.judge(before, after, world.clicked)
        looks.judge(before, after)
        self._note_what_was_let_out(before, after)
        for row in after.deliveries:
            self._says_confirmed(row, after)
            asked.judge(row, after)
        fresh, self.heard = world.sent[self.heard :], len(world.sent)
        for sent in fresh:
            self._phone(sent, world, after)
        self.failed = False

    def hears(self, number: str, said: str) -> None:
        """Before a text is sent in."""
        self.wrote[number].append(now())
        if said == "STOP":
            self.stopped.setdefault(number, now())
            self.stopped_ever.add(number)
        elif said.startswith("WORD "):
            self.words[number].add(said.removeprefix("WORD "))
        elif said == "START":
            self.stopped.pop(number, None)

    def _note_what_was_let_out(self, before: Books, after: Books) -> None:
        for id_, release in after.release.items():
            if id_ not in before.release:
                self.out[id_] = _let_out(release, before, after)

    def _phone(self, sent: Sent, world: World, after: Books) -> None:
        self._nothing_after_stop(sent)
        self._once(sent, world)
        if sent.broadcast_id is not None:
            self._told(sent, world, after)

    def _nothing_after_stop(self, sent: Sent) -> None:
        at = self.stopped.get(sent.number)
        if at is None or sent.in_response:
            return
        assert sent.broadcast_id is None, "a neighborhood's message after STOP"
        written_since = [moment for moment in self.wrote[sent.number] if moment >= at]
        assert sent.created_at is not None and sent.created_at >= at and written_since, f"{sent.key} after STOP"

    def _once(self, sent: Sent, world: World) -> None:
        if sent.delivery_id is not None:
            same = [one for one in world.sent if one.delivery_id == sent.delivery_id]
            assert same == [sent], "one copy twice"
        if sent.broadcast_id is not None:
            theirs = [one for one in world.sent if (one.broadcast_id, one.number) == (sent.broadcast_id, sent.number)]
            assert theirs == [sent], "one broadcast twice to one phone"

    def _told(self, sent: Sent, world: World, after: Books) -> None:
        assert sent.broadcast_id is not None
        said = self.out.get(sent.broadcast_id)
        assert said is not None, "nobody let this out"
        assert self._without_their_word(sent) in said.texts, "not the words that were let out"
        assert sent.at < said.expires_at, "an expired message was sent"
        assert said.kind in ("doubt", "correction") or not after.is_frozen, "sent while frozen"
        alone = after.night_release.get(sent.broadcast_id)
        assert alone is None or alone.stands is not False, "sent after its review found it wrong"
        if said.kind in SAYS_SO:
            later = [one for one in self.out.values() if one.incident_id == said.incident_id and one.at >= said.at]
            assert not [one for one in later if one.kind in TAKES_BACK], "told after it was taken back"
        if said.kind == "alert":
            theirs = {area for area in said.areas if (area, sent.contact_id) in after.subscribed}
            assert theirs, "told to somebody who did not ask to hear of these neighborhoods"
        else:
            before = {contact for id_, contact in world.taken if id_ in self._of(said.incident_id, SAYS_SO)}
            assert sent.contact_id in before, "taken back from somebody who was never told"

    def _without_their_word(self, sent: Sent) -> str:
        """Behind an alert stands the word that this very person chose, and nothing else can."""
        theirs = next((word for word in self.words[sent.number] if sent.text.endswith(f" ({word})")), None)
        return sent.text.removesuffix(f" ({theirs})") if theirs else sent.text

    def _of(self, incident_id: int, kinds: tuple[str, ...]) -> set[int]:
        return {id_ for id_, one in self.out.items() if one.incident_id == incident_id and one.kind in kinds}

    def _says_confirmed(self, row: Row[Any], after: Books) -> None:
        """Asked of every answer as it is written down: by whichever way it leaves."""
        if row.key not in SAYS_CONFIRMED:
            return
        released = {one.incident_id for one in self.out.values() if one.kind in SAYS_SO}
        if row.key.startswith("outcomes."):
            about = {one.incident_id for one in after.report.values() if one.contact_id == row.contact_id}
        else:
            about = {one.id for one in after.incident.values() if one.code == row.values["code"]}
        assert about & released, f"{row.key}, and nobody let it out"


def _let_out(release: Row[Any], before: Books, after: Books) -> LetOut:
    """What was to be read before the hand fell is what may leave. A doubt is drafted and let out in one act."""
    id_ = release.broadcast_id
    words = before.words.get(id_, after.words[id_])
    broadcast = before.broadcast.get(id_, after.broadcast[id_])
    return LetOut(
        kind=str(release.kind.value),
        incident_id=release.incident_id,
        texts=frozenset(words.values()),
        expires_at=broadcast.expires_at,
        areas=frozenset(broadcast.neighborhoods),
        at=release.released_at,
    )

"""What does the carrier's list show of the copies we look for? Read one by one where few are lost, whole where many are."""

import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import structlog

from bot.channels import carrier_log
from bot.channels.carrier_log import CannotLook, Logged
from bot.contacts import check_words
from bot.outbox.lost import Lost

POSTED = "outbound-api"
"""An equal text that left in a webhook's answer (`outbound-reply`) is another message: no lost send can be that one."""

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Seen:
    """Rows of the list, by whom they went to: of those who are looked for, and of nobody else."""

    rows: dict[str, list[Logged]] = field(default_factory=lambda: defaultdict(list))
    unread: set[int] = field(default_factory=set)
    """Copies whose part of the list could not be read to its end: if they were not found, that says nothing."""

    def of(self, one: Lost) -> Iterator[Logged]:
        """What may be this copy, with words or without."""
        rows = self.rows.get(one.to, ())
        return (
            row for row in rows if row.direction == POSTED and row.created_at >= one.since and not _differs(row, one)
        )


def has_words(row: Logged) -> bool:
    """A row whose words were redacted at the carrier could be anything we sent to this person."""
    return bool(row.body or row.media)


def look_for(lost: Sequence[Lost]) -> Seen:
    """Ask the carrier. What it does not answer to is `unread`."""
    seen = Seen()
    singly, together = share_out(lost)
    parts = [(carrier_log.to_one(one.to, one.since), [one]) for one in singly]
    if together:
        parts.append((carrier_log.everything(min(one.since for one in together)), list(together)))
    while parts:
        rows, of = parts.pop()
        if not _read(rows, of, seen):
            seen.unread.update(one.id for _, left in parts for one in left)
            return seen
    return seen


def share_out(lost: Sequence[Lost]) -> tuple[Sequence[Lost], Sequence[Lost]]:
    """The oldest are asked for one by one, the rest on the whole list since the oldest of them, for the fewest requests."""
    by_age = sorted(lost, key=lambda one: one.since)
    costs = [count + carrier_log.pages(one.since) for count, one in enumerate(by_age)]
    singly = min(range(len(by_age) + 1), key=lambda count: [*costs, float(len(by_age))][count])
    return by_age[:singly], by_age[singly:]


def _read(rows: Iterator[Logged], lost: Sequence[Lost], seen: Seen) -> bool:
    wanted = {one.to for one in lost}
    try:
        for row in rows:
            if row.to in wanted:
                seen.rows[row.to].append(row)
    except CannotLook:
        seen.unread.update(one.id for one in lost)
        return False
    return True


def _differs(row: Logged, one: Lost) -> bool:
    if not has_words(row):
        return False
    said, ours = _letters(row.body), _letters(one.text)
    return said != ours and not (one.may_end_in_a_word and said.startswith(ours) and _is_a_word(said[len(ours) :]))


def _is_a_word(rest: str) -> bool:
    return check_words.SHAPE.fullmatch(rest.upper()) is not None


def _letters(text: str) -> str:
    """The carrier may put plain quotes for curly ones, or trim: words are compared by their letters."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", text).casefold() if sign.isalnum())

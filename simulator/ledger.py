"""Which messages were there? Everything accepted, in order, bounded, with what tests count."""

import asyncio
from bisect import bisect_left
from collections import deque
from collections.abc import Iterator
from itertools import chain

from simulator.messages import Message

CHANGES_KEPT = 2000


class Ledger:
    def __init__(self, keep: int) -> None:
        self.keep = max(keep, 100)
        self._woken = asyncio.Event()
        self.changed = 0
        self.changes: deque[tuple[int, Message]] = deque(maxlen=CHANGES_KEPT)
        self.clear()

    def clear(self) -> None:
        self.rows: list[Message] = []
        self.by_sid: dict[str, Message] = {}
        self.by_phone: dict[str, list[Message]] = {}
        self._to_us: dict[str, list[Message]] = {}
        """What came in, by the number of ours it was sent to."""
        self._unsent: dict[str, Message] = {}
        self._departed: list[Message] = []
        """In the order in which they were sent, or came in."""
        self.copies: dict[tuple[str, str], list[int]] = {}
        """(phone, hash of the text): [accepted, arrived]."""
        self.accepted = 0
        self.received = 0
        self.forgotten = 0
        self.next_seq = self.next_departed = 1
        self.changes.clear()
        self._wake()

    def add(self, message: Message) -> None:
        message.seq = self.next_seq
        self.next_seq += 1
        self.rows.append(message)
        self.by_sid[message.sid] = message
        self.by_phone.setdefault(message.phone, []).append(message)
        self._unsent[message.sid] = message
        if message.direction == "inbound":
            self.received += 1
            self._to_us.setdefault(message.to, []).append(message)
            self.depart(message)
        else:
            self.accepted += 1
            self._copies(message)[0] += 1
        if len(self.rows) > self.keep:
            self._forget(self.keep // 10)
        self.touch(message)

    def touch(self, message: Message) -> None:
        """Tell who watches that this message changed."""
        self.changed += 1
        self.changes.append((self.changed, message))
        if not self._woken.is_set():
            self._woken.set()

    def depart(self, message: Message) -> None:
        """It has its date of sending, and with it its place on the list for good. Once."""
        if self._unsent.pop(message.sid, None) is not None:
            message.departed = self.next_departed
            self.next_departed += 1
            self._departed.append(message)

    def arrive(self, message: Message) -> None:
        self._copies(message)[1] += 1

    def _copies(self, message: Message) -> list[int]:
        return self.copies.setdefault((message.phone, message.text.hash), [0, 0])

    def _forget(self, count: int) -> None:
        for message in self.rows[:count]:
            self.by_sid.pop(message.sid, None)
            self._unsent.pop(message.sid, None)
            for where, key in ((self.by_phone, message.phone), (self._to_us, message.to)):
                kept = where.get(key)
                if kept and kept[0] is message:
                    kept.pop(0)
                if kept is not None and not kept:
                    where.pop(key)
            self._forget_copy(message)
        del self.rows[:count]
        first = self.rows[0].seq
        self._departed = [message for message in self._departed if message.seq >= first]
        self.forgotten += count

    def _forget_copy(self, message: Message) -> None:
        if message.direction == "inbound":
            return
        counted = self._copies(message)
        counted[0] -= 1
        counted[1] -= message.arrived is not None
        if counted[0] <= 0:
            del self.copies[message.phone, message.text.hash]

    def get(self, sid: str) -> Message | None:
        message = self.by_sid.get(sid)
        return None if message is None or message.deleted else message

    def listed(
        self, phone: str | None = None, ours: str | None = None, below: tuple[int, int] | None = None
    ) -> Iterator[Message]:
        """Rows that still exist for the API, as Twilio sorts them: by date sent, newest first; those not sent yet before them.

        Of one person, or to one number of ours; from the place `below` (exclusive) on.
        """
        if ours is not None:
            rows: Iterator[Message] = reversed(self._to_us.get(ours, []))
        elif phone is not None:
            rows = iter(sorted(self.by_phone.get(phone, []), key=lambda row: row.place))
        elif below is not None and below[0]:
            end = bisect_left(self._departed, -below[1], key=lambda row: row.departed)
            rows = (self._departed[position] for position in range(end - 1, -1, -1))
        else:
            rows = chain(reversed(self._unsent.values()), reversed(self._departed))
        return (row for row in rows if not row.deleted and (below is None or row.place > below))

    def since(self, seq: int, limit: int) -> list[Message]:
        first = self.rows[0].seq if self.rows else 0
        start = max(0, seq + 1 - first)
        return self.rows[start : start + limit]

    async def wait_for_change(self, since: int, seconds: float) -> None:
        """Return when something changed after `since`, or when the time is up."""
        if self.changed != since:
            return
        self._woken.clear()
        try:
            await asyncio.wait_for(self._woken.wait(), seconds)
        except TimeoutError:
            return

    def changed_since(self, since: int) -> list[Message] | None:
        """Messages changed after `since`, each once, or None when that is too long ago to tell."""
        if since > self.changed or (self.changes and self.changes[0][0] > since + 1):
            return None
        found: dict[str, Message] = {}
        for number, message in reversed(self.changes):
            if number <= since:
                break
            found.setdefault(message.sid, message)
        return list(reversed(found.values()))

    def _wake(self) -> None:
        self.changed += 1
        self._woken.set()

"""May this text leave? Only what two people released, word for word; and how they release it.

The release holds a hash over everything it allows: each rendition, and to whom. An edit afterwards, by any hand, voids it.
"""

import datetime as dt
import hashlib
import json
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.clock import now
from bot.contacts.models import Channel
from bot.outbox import night as at_night
from bot.outbox import wake
from bot.outbox.fixed_words import is_fixed
from bot.outbox.halting import halt
from bot.outbox.models import Broadcast, BroadcastState, Kind, Release
from bot.outbox.night_models import NightRelease
from bot.people.models import Person
from bot.settings import settings
from bot.store.session import once_committed

TAKES_BACK = (Kind.DOUBT, Kind.CORRECTION, Kind.OVER)
"""These end what the broadcast before them says: its unsent copies must not leave any more."""
SAYS_SO = (Kind.ALERT, Kind.UPDATE)
"""What a doubt can be about."""


class ReleaseRefused(RuntimeError):
    """It is not released. `reason`: `words_changed`, `not_a_draft`, `expired`, `too_long`, `no_words`, `not_the_fixed_words`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Words:
    """What one broadcast may say, checked against its release a moment ago."""

    broadcast_id: int
    texts: dict[tuple[str, Channel], str]
    """By language and channel."""


def words_of(broadcast: Broadcast) -> bytes:
    """SHA-256 over every rendition, in order, and over whom they are for."""
    meant = [
        broadcast.kind.value,
        broadcast.lane,
        sorted(broadcast.neighborhoods),
        broadcast.aid,
        broadcast.same_people_as,
    ]
    said = sorted([rendition.language, rendition.channel.value, rendition.text] for rendition in broadcast.renditions)
    return hashlib.sha256(json.dumps([meant, said], ensure_ascii=True).encode()).digest()


def release(
    session: Session,
    broadcast: Broadcast,
    *,
    first: Person,
    second: Person | None,
    words: bytes,
    incident_id: int | None = None,
    confirmation_id: int | None = None,
    night: NightRelease | None = None,
) -> Release:
    """The second person's act: from here on it leaves. The database refuses two hands of one line by itself.

    `night`: the one hand's own row, where a setting allows it (`alerts.night`).
    """
    moment = now() if night is None else night.released_at
    if broadcast.expires_at <= moment:
        raise ReleaseRefused("expired")
    if broadcast.expires_at > _latest_end(session, broadcast, moment):
        raise ReleaseRefused("too_long")
    if not broadcast.renditions:
        raise ReleaseRefused("no_words")
    if words != words_of(broadcast):
        raise ReleaseRefused("words_changed")
    if broadcast.kind is Kind.DOUBT and not _says_the_fixed_words(session, broadcast):
        raise ReleaseRefused("not_the_fixed_words")
    _step(session, broadcast)
    if night is not None:
        session.add(night)
        session.flush()
    made = Release(
        broadcast_id=broadcast.id,
        kind=broadcast.kind,
        incident_id=incident_id,
        confirmation_id=confirmation_id,
        first_id=first.id,
        first_line=first.line_id,
        second_id=second.id if second else None,
        second_line=second.line_id if second else None,
        night=night.broadcast_id if night else None,
        words=words,
        released_at=moment,
    )
    session.add(made)
    session.flush()
    if broadcast.same_people_as is not None and broadcast.kind in TAKES_BACK:
        halt(session, broadcast.same_people_as, why=f"taken_back_by_{broadcast.kind}")
    once_committed(session, lambda: wake.senders(broadcast.lane))
    return made


def _step(session: Session, broadcast: Broadcast) -> None:
    """Draft to released, once: of two who press at the same moment, one is refused."""
    stepped = session.execute(
        update(Broadcast)
        .where(Broadcast.id == broadcast.id, Broadcast.state == BroadcastState.DRAFT)
        .values(state=BroadcastState.RELEASED)
        .execution_options(synchronize_session=False)
    )
    if stepped.rowcount != 1:  # type: ignore[attr-defined]
        raise ReleaseRefused("not_a_draft")
    session.refresh(broadcast, ["state"])


def released_words(session: Session, broadcast_id: int) -> Words | None:
    """The texts of a broadcast that may leave now; `None` where its release is missing or does not fit them."""
    broadcast = session.scalars(
        select(Broadcast).where(Broadcast.id == broadcast_id).execution_options(populate_existing=True)
    ).one_or_none()
    if broadcast is None or broadcast.state is not BroadcastState.RELEASED or not _was_let_out(session, broadcast):
        return None
    if broadcast.kind is Kind.DOUBT and not _says_the_fixed_words(session, broadcast):
        return None
    return Words(broadcast_id, {(row.language, row.channel): row.text for row in broadcast.renditions})


def _was_let_out(session: Session, broadcast: Broadcast) -> bool:
    """By the hands that its kind needs, in the words that it has now."""
    allowed = broadcast.release
    return (
        allowed is not None
        and allowed.kind == broadcast.kind
        and allowed.words == words_of(broadcast)
        and broadcast.expires_at <= _latest_end(session, broadcast, allowed.released_at)
        and _are_its_hands(session, broadcast, allowed)
    )


def _latest_end(session: Session, broadcast: Broadcast, released_at: dt.datetime) -> dt.datetime:
    """What says that it is so ends some hours after it was first said, however often it is said again."""
    if broadcast.kind not in SAYS_SO:
        return broadcast.expires_at
    first = select(Release.released_at).where(Release.broadcast_id == (broadcast.same_people_as or broadcast.id))
    begins = min(session.scalar(first) or released_at, released_at)
    return begins + dt.timedelta(hours=settings().alert_longest_hours)


def _are_its_hands(session: Session, broadcast: Broadcast, allowed: Release) -> bool:
    """Two, of two lines; or, at night and within its bounds, one."""
    if allowed.night is not None:
        return at_night.keeps_its_bounds(session, broadcast, allowed)
    return _are_two_hands(session, allowed)


def _are_two_hands(session: Session, allowed: Release) -> bool:
    """The keys and CHECKs of the release, asked once more: SQLite checks no key for a hand that writes by its shell."""
    hands: list[tuple[int | None, int | None]] = [(allowed.first_id, allowed.first_line)]
    if allowed.second_id is not None or allowed.kind is not Kind.DOUBT:
        hands.append((allowed.second_id, allowed.second_line))
    people, lines = {id_ for id_, _ in hands}, {line for _, line in hands}
    known = session.execute(select(Person.id, Person.line_id).where(Person.id.in_(people)))
    return len(people) == len(lines) == len(hands) and {(row.id, row.line_id) for row in known} == set(hands)


def _says_the_fixed_words(session: Session, doubt: Broadcast) -> bool:
    """A doubt has one sentence, about an alert that two people let out, or an update of it (halted since, as a rule)."""
    root = select(Broadcast).where(Broadcast.id == doubt.same_people_as, Broadcast.kind.in_(SAYS_SO))
    updates = select(Broadcast).where(Broadcast.same_people_as == doubt.same_people_as, Broadcast.kind == Kind.UPDATE)
    found = [one for query in (root, updates) for one in session.scalars(query) if _was_let_out(session, one)]
    if doubt.same_people_as not in {one.id for one in found}:
        return False
    told = [rendition for one in found for rendition in one.renditions]
    return all(is_fixed(rendition, told) for rendition in doubt.renditions)

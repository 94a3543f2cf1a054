"""Who is told? Everyone who asked to hear about a place (and, for aid, about that kind), once, on their channel, in their
language: as one SELECT, from which deliveries are planned and audiences counted.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, literal, or_, select, union
from sqlalchemy.orm import Session, aliased

from bot.clock import ahead
from bot.contacts.models import Channel, Contact
from bot.subscriptions.models import AidKind, Subscription
from messages import languages

Time = dt.datetime | ColumnElement[dt.datetime]
Id = int | ColumnElement[int]
"""Or a parameter that stands for one: a statement is made once and asked for many slices."""
UNTIL_WE_KNOW = "es"
WINDOW_MARGIN_MINUTES = 10
"""WhatsApp's window must last until the copy has left."""


@dataclass(frozen=True, slots=True)
class AudienceCount:
    """How many are told, and of those who asked, how many cannot be."""

    total: int
    by_language: dict[str, int] = field(default_factory=dict)
    by_channel: dict[str, int] = field(default_factory=dict)
    by_neighborhood: dict[str, int] = field(default_factory=dict)
    """Somebody of two neighborhoods counts in both here, and once in `total`."""
    by_rendition: dict[tuple[str, str], int] = field(default_factory=dict)
    """(language, channel) -> people: times each text's segments, what it will cost."""
    unreachable: int = 0
    """They asked, but no channel reaches them now: suppressed, or WhatsApp only and outside its window."""

    def segments(self, of: dict[tuple[str, str], int]) -> int:
        """What it costs in all, given the segments of each (language, channel)."""
        return sum(count * of.get(rendition, 1) for rendition, count in self.by_rendition.items())


def language_for(spoken: Sequence[str], theirs: Any = Contact.language) -> ColumnElement[str]:
    """The language a contact is told in: theirs, or what stands in for it among `spoken`, else Spanish."""
    fallback = UNTIL_WE_KNOW if UNTIL_WE_KNOW in spoken or not spoken else spoken[0]
    stands_in = {
        code: next((step for step in languages.chain(code) if step in spoken), fallback)
        for code in sorted({*languages.LANGUAGES, *spoken})
    }
    others = {code: spoken_for for code, spoken_for in stands_in.items() if spoken_for != fallback}
    return case(others, value=theirs, else_=literal(fallback)) if others else literal(fallback)


def channel_for(at: Time) -> ColumnElement[str]:
    """WhatsApp inside its window, else SMS."""
    return case((_inside_window(at), literal(Channel.WHATSAPP.value)), else_=literal(Channel.SMS.value))


def _inside_window(at: Time) -> ColumnElement[bool]:
    return and_(Contact.channel == Channel.WHATSAPP, Contact.whatsapp_until > at)


def reachable(at: Time) -> ColumnElement[bool]:
    """Not stopped, not given up by the carrier, and on a channel that may carry it now."""
    return and_(
        Contact.stopped_at.is_(None),
        Contact.suppressed.is_(None),
        or_(Contact.has_number, _inside_window(at)),
    )


def asked(neighborhoods: Iterable[str], aid: str | None = None) -> ColumnElement[bool]:
    """Subscribed to one of these places and, where given, to this kind of aid (`id IN` reads straight from the key)."""
    places = Contact.id.in_(select(Subscription.contact_id).where(Subscription.subject.in_(sorted(neighborhoods))))
    if aid is None:
        return places
    subject = AidKind(aid).subject
    return and_(places, Contact.id.in_(select(Subscription.contact_id).where(Subscription.subject == subject)))


def window_end() -> dt.datetime:
    """WhatsApp's window must still be open then."""
    return ahead(minutes=WINDOW_MARGIN_MINUTES)


def select_slice(
    neighborhoods: Iterable[str], aid: str | None, spoken: Sequence[str], after: Id, through: Id, at: Time
) -> Select[*tuple[Any, ...]]:
    """(contact_id, language, channel) of everyone to be told with `after` < id <= `through`, in order of id.

    `at`: how long WhatsApp's window must last (`window_end`).
    """
    asked_here = select(Subscription.contact_id).where(
        Subscription.subject.in_(sorted(neighborhoods)), *_within(Subscription.contact_id, after, through)
    )
    told = (
        select(
            Contact.id.label("contact_id"),
            language_for(spoken).label("language"),
            channel_for(at).label("channel"),
        )
        .where(*_within(Contact.id, after, through), Contact.id.in_(asked_here), reachable(at))
        .order_by(Contact.id)
    )
    return told if aid is None else told.where(_wants(aid, Contact.id))


def end_of_slice(neighborhoods: Iterable[str], aid: str | None, after: Id, size: Id) -> Select[int | None]:
    """The highest id of the next `size` people who asked; null when there is nobody left.

    Each neighborhood's next few are read straight from the key: to list a whole audience anew for each slice of it would cost
    more than all else.
    """
    few = [_next_of(subject, aid, after, size).subquery() for subject in sorted(neighborhoods)]
    together = union(*(select(one.c.contact_id) for one in few)).subquery()
    next_few = select(together.c.contact_id).order_by(together.c.contact_id).limit(size).subquery()
    return select(func.max(next_few.c.contact_id))


def _next_of(subject: str, aid: str | None, after: Id, size: Id) -> Select[int]:
    ids = select(Subscription.contact_id).where(Subscription.subject == subject, Subscription.contact_id > after)
    wanted = ids if aid is None else ids.where(_wants(aid, Subscription.contact_id))
    return wanted.order_by(Subscription.contact_id).limit(size)


def _within(id_: Any, after: Id, through: Id) -> tuple[ColumnElement[bool], ...]:
    return id_ > after, id_ <= through


def _wants(aid: str, id_: Any) -> ColumnElement[bool]:
    asked_for = aliased(Subscription)
    return exists().where(asked_for.subject == AidKind(aid).subject, asked_for.contact_id == id_)


def count(
    session: Session,
    neighborhoods: Iterable[str],
    aid: str | None = None,
    spoken: Sequence[str] = languages.COMPLETE,
) -> AudienceCount:
    """How many would be told now."""
    places = sorted(set(neighborhoods))
    at = window_end()
    language, channel = language_for(spoken).label("language"), channel_for(at).label("channel")
    told = select(language, channel, func.count()).where(asked(places, aid), reachable(at)).group_by(language, channel)
    by_rendition = {(row[0], row[1]): row[2] for row in session.execute(told)}
    who_asked = select(func.count()).select_from(Contact).where(asked(places, aid), Contact.stopped_at.is_(None))
    total = sum(by_rendition.values())
    return AudienceCount(
        total=total,
        by_language=_summed(by_rendition, 0),
        by_channel=_summed(by_rendition, 1),
        by_neighborhood=_by_neighborhood(session, places, aid, at),
        by_rendition=by_rendition,
        unreachable=(session.scalar(who_asked) or 0) - total,
    )


def _by_neighborhood(session: Session, places: list[str], aid: str | None, at: dt.datetime) -> dict[str, int]:
    rows = session.execute(
        select(Subscription.subject, func.count())
        .join(Contact, Contact.id == Subscription.contact_id)
        .where(Subscription.subject.in_(places), asked(places, aid), reachable(at))
        .group_by(Subscription.subject)
    )
    return dict.fromkeys(places, 0) | {row[0]: row[1] for row in rows}


def _summed(by_rendition: dict[tuple[str, str], int], part: int) -> dict[str, int]:
    sums: dict[str, int] = {}
    for rendition, people in by_rendition.items():
        sums[rendition[part]] = sums.get(rendition[part], 0) + people
    return sums

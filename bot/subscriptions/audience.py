"""Who is told? Everyone who asked to hear about a place (and, for aid, about that kind), once, on their channel, in their
language: as one SELECT, from which deliveries are planned and audiences counted (`outbox.planning`, `outbox.expecting`).
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, literal, or_, select, union
from sqlalchemy.orm import aliased

from bot.clock import ahead
from bot.contacts.models import Channel, Contact
from bot.subscriptions.models import AidKind, Subscription
from messages import languages

Time = dt.datetime | ColumnElement[dt.datetime]
Id = int | ColumnElement[int]
"""Or a parameter that stands for one: a statement is made once and asked for many slices."""
UNTIL_WE_KNOW = "es"
WORDED: ColumnElement[bool] = Contact.check_word.is_not(None).label("worded")
"""Whether their copy carries a word of their own."""
WINDOW_MARGIN_MINUTES = 10
"""WhatsApp's window must last until the copy has left."""


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
    """(contact_id, language, channel, worded) of everyone to be told with `after` < id <= `through`, in order of id.

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
            WORDED,
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

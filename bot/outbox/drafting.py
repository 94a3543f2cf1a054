"""How is a broadcast written down? Its renditions measured, as each phone will show them; nothing leaves yet."""

import datetime as dt
from collections.abc import Iterable, Mapping

from sqlalchemy.orm import Session

from bot.channels import segments
from bot.clock import now
from bot.contacts.check_words import LONGEST_SUFFIX
from bot.contacts.models import Channel
from bot.outbox.models import Broadcast, Kind, Lane, Rendition


def draft(
    session: Session,
    kind: Kind,
    lane: Lane,
    texts: Mapping[tuple[str, Channel], str],
    *,
    expires_at: dt.datetime,
    neighborhoods: Iterable[str] = (),
    aid: str | None = None,
    same_people_as: int | None = None,
    not_before: dt.datetime | None = None,
    only_area: str | None = None,
) -> Broadcast:
    """A broadcast in state `draft`, with a rendition for each (language, channel) given.

    `only_area`: the one neighborhood of a night release, which keys then hold.
    Every language must have every channel: whoever found no rendition of their own would be told nothing.
    """
    spoken, channels = {language for language, _ in texts}, {channel for _, channel in texts}
    if Channel.SMS not in channels or len(texts) != len(spoken) * len(channels):
        raise ValueError("a broadcast needs each of its languages on SMS, and on every other channel it uses")
    broadcast = Broadcast(
        kind=kind,
        lane=int(lane),
        neighborhoods=sorted(set(neighborhoods)),
        only_area=only_area,
        aid=aid,
        same_people_as=same_people_as,
        created_at=now(),
        not_before=not_before,
        expires_at=expires_at,
        renditions=measured(texts),
    )
    if kind is Kind.NOTICE:
        for rendition in broadcast.renditions:
            rendition.segments_with_word = None  # notices carry nobody's word (`claiming.CARRY_A_WORD`)
    session.add(broadcast)
    session.flush()
    return broadcast


def measured(texts: Mapping[tuple[str, Channel], str]) -> list[Rendition]:
    """Each text as its phone will show it, with what it costs."""
    return [_rendition(language, channel, text) for (language, channel), text in sorted(texts.items())]


def _rendition(language: str, channel: Channel, text: str) -> Rendition:
    shown = segments.for_sms(text, language) if channel is Channel.SMS else text
    cost = segments.measure(shown)
    return Rendition(
        language=language,
        channel=channel,
        text=shown,
        encoding=cost.encoding,
        segments=cost.segments if channel is Channel.SMS else 1,
        segments_with_word=segments.measure(shown + LONGEST_SUFFIX).segments if channel is Channel.SMS else 1,
    )

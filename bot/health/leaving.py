"""Does what should leave, leave? Who sends, whether the carrier takes it, what waits, what is held, and who could release."""

from sqlalchemy.orm import Session

from bot.contacts.models import Channel
from bot.health import pulse, waiting
from bot.health.sign import Sign, Weight
from bot.outbox import freezing, pausing
from bot.outbox.models import Lane
from bot.people import shifts
from bot.settings import settings

STUCK = (
    (Lane.CORRECTION, "corrections"),
    (Lane.ALERT, "alerts"),
    (Lane.PAGE, "pages"),
    (Lane.REPLY, "answers"),
)
"""In this order: what is said of one lane holds while those before it leave. A notice may wait for hours."""


def processes(session: Session) -> Sign:
    """Bulk helps with everything; urgent never touches notices."""
    heard = pulse.heard(session)
    urgent, bulk = heard["urgent"], heard["bulk"]
    if urgent.is_silent and bulk.is_silent:
        last = max((one.at for one in (urgent, bulk) if one.at), default=None)
        return Sign("processes", "none", Weight.STOPPED, {"since": last})
    if bulk.is_silent:
        return Sign("processes", "no_bulk", Weight.PARTLY, {"since": bulk.at})
    if urgent.is_silent:
        return Sign("processes", "no_urgent", Weight.LOOK, {"since": urgent.at})
    return Sign("processes")


def carrier(session: Session) -> Sign:
    """A sender that stands still. Where there is no WhatsApp, SMS is all there is."""
    standing = {pause.channel: pause for pause in pausing.standing(session)}
    if not standing:
        return Sign("carrier")
    if Channel.SMS not in standing:
        return Sign("carrier", "no_whatsapp", Weight.PARTLY, {"since": standing[Channel.WHATSAPP].began_at})
    is_all = Channel.WHATSAPP in standing or not settings().twilio_whatsapp_from
    how, weight = ("none", Weight.STOPPED) if is_all else ("no_sms", Weight.PARTLY)
    return Sign("carrier", how, weight, {"since": standing[Channel.SMS].began_at})


def lanes(session: Session) -> Sign:
    """What should have left by now. What a freeze holds, or a sender that stands still, is said where it belongs."""
    held = {pause.channel for pause in pausing.standing(session)}
    frozen = freezing.is_frozen(session)
    late = [one for one in waiting.late(session) if one.channel not in held]
    for lane, how in STUCK:
        since = min((one.since for one in late if one.lane is lane), default=None)
        if since and not (frozen and lane is Lane.ALERT):
            return Sign("lanes", how, Weight.PARTLY, {"since": since})
    return Sign("lanes")


def freeze(session: Session) -> Sign:
    held = freezing.frozen(session)
    return Sign("freeze", "held", Weight.PARTLY, {"since": held.frozen_at}) if held else Sign("freeze")


def releasers(session: Session) -> Sign:
    """Without a second person no alert leaves, however well everything runs."""
    return Sign("releasers") if shifts.who_can_release(session) else Sign("releasers", "none", Weight.PARTLY)

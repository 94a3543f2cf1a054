"""How do we text a volunteer? In their language, ahead of alerts, and never after their STOP."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from bot.outbox import answers
from bot.outbox.delivery_models import Delivery, Reason
from bot.outbox.models import Lane
from bot.people.models import Person
from bot.people.shifts import can_be_texted
from messages import formats

PAGE_MINUTES = 45
"""A page nobody could send by then is about something else."""


def text(
    session: Session,
    person: Person,
    key: str,
    /,
    *,
    reason: Reason = Reason.ON_SHIFT,
    minutes: float = PAGE_MINUTES,
    values: Mapping[str, Any] | None = None,
    **more: Any,
) -> Delivery | None:
    """Text one volunteer; `None` when no text can reach them."""
    if person.contact is None or not can_be_texted(person):
        return None
    return answers.answer(
        session,
        person.contact,
        key,
        reason=reason,
        lane=Lane.PAGE,
        language=person.language,
        minutes=minutes,
        **{**(values or {}), **more},
    )


def at(moment: dt.datetime | None, language: str) -> str:
    """A time as people read it; `?` where there is none (an old row)."""
    return formats.clock_time(moment, language) if moment else "?"

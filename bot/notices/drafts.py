"""An organizer writes: what is kept, and who may still change it? A draft goes nowhere by itself."""

import datetime as dt
from collections.abc import Iterable

from sqlalchemy.orm import Session

from bot.clock import now
from bot.moderation.refusals import Refused
from bot.notices import wording
from bot.notices.models import Notice, NoticeState
from bot.people.models import Person
from bot.places.neighborhoods import neighborhood
from bot.privacy import audit
from bot.subscriptions.models import AidKind

EDITABLE = (NoticeState.DRAFT, NoticeState.RETURNED)


class NoticeRefused(Refused):
    """It is not kept, or not let out. `key` says why."""


def write(
    session: Session,
    author: Person,
    *,
    kind: AidKind,
    neighborhoods: Iterable[str],
    texts: dict[str, str],
    starts_at: dt.datetime,
    ends_at: dt.datetime,
) -> Notice:
    """Keep a draft. Raises `NoticeRefused` when it could never be sent (no neighborhood, over before it begins)."""
    _may_write(author)
    areas = _areas(neighborhoods)
    _dates(starts_at, ends_at)
    notice = Notice(
        kind=kind,
        state=NoticeState.DRAFT,
        neighborhoods=areas,
        texts={language: text.strip() for language, text in texts.items()},
        starts_at=starts_at,
        ends_at=ends_at,
        author_id=author.id,
        author_line=author.line_id,
        created_at=now(),
    )
    session.add(notice)
    session.flush()
    audit.record(session, "notice.written", f"notice:{notice.id}", author.id)
    return notice


def edit(
    session: Session,
    notice: Notice,
    person: Person,
    *,
    texts: dict[str, str],
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    neighborhoods: Iterable[str] | None = None,
) -> Notice:
    """Its author changes a draft, or one that came back. What waits or went out is not edited: `changes.change`."""
    session.refresh(notice, with_for_update=True)
    if notice.state not in EDITABLE or notice.cancels:
        raise NoticeRefused("notices.refused_not_a_draft")
    if notice.author_id != person.id:
        raise NoticeRefused("notices.refused_not_yours")
    _dates(starts_at, ends_at)
    notice.texts = {language: text.strip() for language, text in texts.items()}
    notice.starts_at, notice.ends_at = starts_at, ends_at
    if neighborhoods is not None:
        notice.neighborhoods = _areas(neighborhoods)
    session.flush()
    return notice


def trouble(notice: Notice) -> list[wording.Trouble]:
    """What must be mended before anybody may approve it."""
    return wording.trouble(notice.texts, notice.ends_at, frame(notice))


def frame(notice: Notice) -> str:
    """Which frame its words stand in."""
    if notice.cancels:
        return "cancelled"
    return "change" if notice.replaces_id else "notice"


def _may_write(author: Person) -> None:
    if not author.may_release:
        raise NoticeRefused("notices.refused_wrong_role")


def _areas(neighborhoods: Iterable[str]) -> list[str]:
    areas = sorted({neighborhood(name).id for name in neighborhoods})
    if not areas:
        raise NoticeRefused("notices.wrong_neighborhood")
    return areas


def _dates(starts_at: dt.datetime, ends_at: dt.datetime) -> None:
    if ends_at <= starts_at or ends_at <= now():
        raise NoticeRefused("notices.wrong_dates")

"""What was sent has changed, or is off: how do those who read it hear? By a new version, to the same people, by two hands again.

Cancelling stops what has not left, and takes it off the list, at once and by one person; telling people takes the second.
"""

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.clock import now
from bot.notices import drafts
from bot.notices.drafts import NoticeRefused
from bot.notices.models import Notice, NoticeState
from bot.outbox import halting
from bot.people.models import Person
from bot.privacy import audit

S = NoticeState


def change(
    session: Session,
    notice: Notice,
    person: Person,
    *,
    texts: dict[str, str],
    starts_at: dt.datetime | None = None,
    ends_at: dt.datetime | None = None,
) -> Notice:
    """A draft of the next version; the old one holds until it is approved. Asked twice, it is one draft, rewritten."""
    session.refresh(notice, with_for_update=True)
    if not person.may_release:
        raise NoticeRefused("notices.refused_wrong_role")
    if notice.state is not S.APPROVED or notice.cancels:
        raise NoticeRefused("notices.refused_not_out")
    begins, ends = starts_at or notice.starts_at, ends_at or notice.ends_at
    drafted = next_version(session, notice)
    if drafted is not None:
        return drafts.edit(session, drafted, person, texts=texts, starts_at=begins, ends_at=ends)
    fresh = drafts.write(
        session,
        person,
        kind=notice.kind,
        neighborhoods=notice.neighborhoods,
        texts=texts,
        starts_at=begins,
        ends_at=ends,
    )
    fresh.replaces_id, fresh.version = notice.id, notice.version + 1
    session.flush()
    session.refresh(fresh, ["replaces"])
    return fresh


def cancel(session: Session, notice: Notice, person: Person) -> Notice:
    """It will not take place: unsent copies stop now, AID no longer names it; the word to those who got it waits for approval."""
    session.refresh(notice, with_for_update=True)
    if not person.may_release:
        raise NoticeRefused("notices.refused_wrong_role")
    drafted = next_version(session, notice)
    if drafted is not None and drafted.cancels:
        return drafted
    if notice.state is not S.APPROVED or notice.cancels:
        raise NoticeRefused("notices.refused_not_out")
    if drafted is not None:
        _drop(session, drafted)
    if notice.broadcast_id is not None:
        halting.halt(session, notice.broadcast_id, "cancelled")
    notice.state = S.CANCELLED
    word = Notice(
        kind=notice.kind,
        state=S.DRAFT,
        neighborhoods=notice.neighborhoods,
        texts=dict(notice.texts),
        starts_at=min(notice.starts_at, now()),
        ends_at=notice.ends_at,
        author_id=person.id,
        author_line=person.line_id,
        cancels=True,
        replaces_id=notice.id,
        version=notice.version + 1,
        created_at=now(),
    )
    session.add(word)
    session.flush()
    session.refresh(word, ["replaces"])
    audit.record(session, "notice.cancelled", f"notice:{notice.id}", person.id)
    return word


def next_version(session: Session, notice: Notice) -> Notice | None:
    """The version that follows this one, drafted or out."""
    return session.scalars(select(Notice).where(Notice.replaces_id == notice.id)).first()


def _drop(session: Session, drafted: Notice) -> None:
    """A change that was being written is no longer needed."""
    if drafted.broadcast_id is not None:
        halting.halt(session, drafted.broadcast_id, "cancelled")
        drafted.broadcast_id = None
    drafted.state, drafted.replaces_id = S.CANCELLED, None
    session.flush()

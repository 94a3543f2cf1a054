"""May this notice go out? Its author submits it; another organizer of another line approves exactly the words they read.

Aid waits for the morning: nothing of it leaves in quiet hours.
"""

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.clock import local, now
from bot.contacts.models import Channel
from bot.notices import drafts, wording
from bot.notices.drafts import NoticeRefused
from bot.notices.models import Notice, NoticeState
from bot.outbox import drafting, freezing, fuse, halting
from bot.outbox.delivery_models import Delivery, State
from bot.outbox.models import Broadcast, BroadcastState, Kind, Lane, Release
from bot.people import access
from bot.people.models import Person
from bot.privacy import audit
from bot.settings import settings
from messages import languages

S = NoticeState


def submit(session: Session, notice: Notice, person: Person) -> Broadcast:
    """Ask for approval: the renditions are drafted as each phone will show them. Raises `NoticeRefused`."""
    session.refresh(notice, with_for_update=True)
    if notice.state not in drafts.EDITABLE:
        raise NoticeRefused("notices.refused_not_a_draft")
    if notice.author_id != person.id:
        raise NoticeRefused("notices.refused_not_yours")
    wrong = drafts.trouble(notice)
    if wrong:
        raise NoticeRefused(wrong[0].key, **wrong[0].values)
    broadcast = _drafted(session, notice)
    notice.broadcast_id, notice.state = broadcast.id, S.WAITING
    session.flush()
    session.refresh(notice, ["broadcast"])
    audit.record(session, "notice.submitted", f"notice:{notice.id}", person.id)
    return broadcast


def approve(session: Session, notice: Notice, person: Person, words: bytes) -> Release:
    """The second hand. Raises `NoticeRefused`; of two who press at once, one is refused."""
    session.refresh(notice, with_for_update=True)
    access.hold(session, notice.author_id, person.id)
    refused_now = refusals(session, notice, person)
    if refused_now:
        raise NoticeRefused(refused_now[0])
    broadcast = session.get_one(Broadcast, notice.broadcast_id)
    broadcast.not_before = awake(now())
    try:
        made = fuse.release(
            session, broadcast, first=session.get_one(Person, notice.author_id), second=person, words=words
        )
    except fuse.ReleaseRefused as refused:
        known = {"words_changed": "words_changed", "expired": "expired"}
        raise NoticeRefused(f"notices.refused_{known.get(refused.reason, 'not_waiting')}") from None
    notice.state = S.APPROVED
    session.flush()
    _stop_the_old(session, notice)
    audit.record(session, "notice.approved", f"notice:{notice.id}", person.id)
    return made


def return_to_author(session: Session, notice: Notice, person: Person, why: str) -> None:
    """Back with a reason; what was drafted of it can go out no more. Raises `NoticeRefused`."""
    session.refresh(notice, with_for_update=True)
    if notice.state is not S.WAITING:
        raise NoticeRefused("notices.refused_not_waiting")
    if not person.may_release:
        raise NoticeRefused("notices.refused_wrong_role")
    if notice.broadcast_id is not None:
        halting.halt(session, notice.broadcast_id, "returned")
    notice.state, notice.returned_why, notice.broadcast_id = S.RETURNED, why.strip()[:200], None
    session.flush()
    session.refresh(notice, ["broadcast"])
    audit.record(session, "notice.returned", f"notice:{notice.id}", person.id)


def refusals(session: Session, notice: Notice, person: Person) -> list[str]:
    """Why this person may not approve it now, as catalog keys."""
    found = [
        (notice.state is not S.WAITING or notice.broadcast_id is None, "not_waiting"),
        (not person.may_release, "wrong_role"),
        (access.is_gone(session, notice.author_id), "first_revoked"),
        (notice.author_id == person.id, "same_person"),
        (notice.author_id != person.id and notice.author_line == person.line_id, "same_line"),
        (freezing.is_frozen(session), "frozen"),
        (notice.ends_at <= now(), "expired"),
    ]
    return [f"notices.refused_{name}" for refused, name in found if refused]


def awake(moment: dt.datetime) -> dt.datetime | None:
    """When quiet hours end, if this moment lies in them."""
    quiet_from, quiet_until = settings().notice_quiet_from_hour, settings().notice_quiet_until_hour
    here = local(moment)
    quiet = here.hour >= quiet_from or here.hour < quiet_until
    if quiet_from < quiet_until:
        quiet = quiet_from <= here.hour < quiet_until
    if not quiet or quiet_from == quiet_until:
        return None
    morning = here.replace(hour=quiet_until, minute=0, second=0, microsecond=0)
    return (morning if morning > here else morning + dt.timedelta(days=1)).astimezone(dt.UTC)


def _drafted(session: Session, notice: Notice) -> Broadcast:
    texts = {
        (language, channel): wording.framed(
            drafts.frame(notice), notice.texts[language], notice.ends_at, language, channel
        )
        for language in languages.STAFF
        for channel in Channel
    }
    old = notice.replaces.broadcast_id if notice.replaces else None
    same = old if old is not None and (notice.cancels or _all_left(session, old)) else None
    return drafting.draft(
        session,
        Kind.NOTICE,
        Lane.NOTICE,
        texts,
        neighborhoods=notice.neighborhoods,
        aid=notice.kind.value,
        same_people_as=same,
        expires_at=notice.ends_at,
    )


def _all_left(session: Session, broadcast_id: int) -> bool:
    """Whether the old one reached everybody it was meant for. If not, the new one goes to all who asked for such aid."""
    old = session.get_one(Broadcast, broadcast_id)
    missed = select(Delivery.id).where(
        Delivery.broadcast_id == broadcast_id,
        Delivery.state.in_((State.WAITING, State.CLAIMED)) | (Delivery.failure == "halted"),
    )
    whole = old.planned_at is not None and old.state is BroadcastState.RELEASED
    return whole and session.scalar(missed.limit(1)) is None


def _stop_the_old(session: Session, notice: Notice) -> None:
    """What has not left of the version before does not leave any more."""
    if notice.replaces is None:
        return
    if notice.replaces.broadcast_id is not None:
        halting.halt(session, notice.replaces.broadcast_id, "replaced")
    if notice.replaces.state is S.APPROVED:
        notice.replaces.state = S.REPLACED
    session.flush()

"""Which aid is on now, or soon? What AID answers: approved, not over, in the neighborhoods that were asked about."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.clock import now
from bot.notices.models import Notice, NoticeState
from bot.notices.wording import end
from messages import catalog, languages

MOST = 3
"""A text is short; the soonest to end come first."""


def on_now(session: Session, neighborhoods: Sequence[str], *, most: int = MOST) -> list[Notice]:
    """Approved notices that are not over, of these neighborhoods (of all, when none are given)."""
    out = select(Notice).where(Notice.state == NoticeState.APPROVED, Notice.cancels.is_(False), Notice.ends_at > now())
    wanted = set(neighborhoods)
    here = [notice for notice in session.scalars(out.order_by(Notice.ends_at, Notice.id))
            if not wanted or wanted & set(notice.neighborhoods)]  # fmt: skip
    return here[:most]


def words(notice: Notice, language: str) -> str:
    """The organizer's words in this language, or in the next one of its chain, with until when."""
    spoken = next((code for code in (*languages.chain(language), "es", "en") if notice.texts.get(code)), "")
    return catalog.text(
        "notices.short", language, text=notice.texts.get(spoken, ""), until=end(notice.ends_at, language)
    )

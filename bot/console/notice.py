"""One notice: what exactly would leave, who approves it, what became of it, and how it is changed or called off."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from bot.clock import now
from bot.console import changes as marks
from bot.console import notice_form, reach
from bot.console.doors import ORGANIZERS, Visit, act, look, watch
from bot.console.named import refusal
from bot.console.notices import form
from bot.console.refusals import Refused, done, or_back_to
from bot.console.words import say
from bot.moderation import refusals
from bot.notices import approval, changes, drafts
from bot.notices.models import Notice, NoticeState
from bot.outbox import fuse
from bot.people import sessions

pages = Blueprint("notice", __name__, url_prefix="/notices/<int:notice_id>")


@look(pages, "")
def show(visit: Visit, notice_id: int) -> ResponseReturnValue:
    return render_template("notice.html", **_page(visit, _notice(visit.session, notice_id)))


@watch(pages, "/progress")
def progress(visit: Visit, notice_id: int) -> ResponseReturnValue:
    """What became of the copies, as it happens."""
    page = _page(visit, _notice(visit.session, notice_id))
    if not page["out"]:
        abort(404)
    same = marks.unchanged(str(page["mark"]))
    return same or render_template("notice_progress.html", **page)


@look(pages, "/edit", who=ORGANIZERS)
def rewrite(visit: Visit, notice_id: int) -> ResponseReturnValue:
    """A draft is edited; what went out gets a change."""
    notice = _notice(visit.session, notice_id)
    frame = "change" if notice.state is NoticeState.APPROVED or notice.replaces_id else "notice"
    return form(notice_form.of(notice), url_for("notice.edit", notice_id=notice.id), frame=frame)


@act(pages, "/edit", who=ORGANIZERS)
def edit(visit: Visit, notice_id: int) -> ResponseReturnValue:
    notice, written = _notice(visit.session, notice_id), notice_form.typed()
    here, out = url_for("notice.edit", notice_id=notice.id), notice.state is NoticeState.APPROVED
    if written.starts_at is None or written.ends_at is None:
        return form(written, here, refused=say("refused.dates"))
    keeps = changes.change if out else drafts.edit
    more = {} if out else {"neighborhoods": written.neighborhoods}
    try:
        kept = keeps(
            visit.session,
            notice,
            visit.person,
            texts=written.texts,
            starts_at=written.starts_at,
            ends_at=written.ends_at,
            **more,
        )
    except refusals.Refused as refused:
        return form(written, here, refused=refusal(refused.key, **refused.values))
    done("notice.kept")
    return _back(kept)


@act(pages, "/submit", who=ORGANIZERS)
def submit(visit: Visit, notice_id: int) -> ResponseReturnValue:
    notice = _notice(visit.session, notice_id)
    with or_back_to(_address(notice)):
        approval.submit(visit.session, notice, visit.person)
    done("notice.submitted")
    return _back(notice)


@act(pages, "/approve", who=ORGANIZERS, proved="notice.show")
def approve(visit: Visit, notice_id: int) -> ResponseReturnValue:
    """The second hand, bound to the words that were read."""
    notice = _notice(visit.session, notice_id)
    with or_back_to(_address(notice)):
        approval.approve(visit.session, notice, visit.person, reach.words_read(request))
    done("notice.approved")
    return _back(notice)


@act(pages, "/return", who=ORGANIZERS)
def send_back(visit: Visit, notice_id: int) -> ResponseReturnValue:
    """To its author, with the reason."""
    notice, why = _notice(visit.session, notice_id), request.form.get("why", "").strip()
    if not why:
        raise Refused(_address(notice), "console.notice.why_missing")
    with or_back_to(_address(notice)):
        approval.return_to_author(visit.session, notice, visit.person, why)
    done("notice.returned")
    return _back(notice)


@act(pages, "/cancel", who=ORGANIZERS)
def cancel(visit: Visit, notice_id: int) -> ResponseReturnValue:
    """Copies that have not left stop now; the word to those who got it waits for a second person."""
    notice = _notice(visit.session, notice_id)
    with or_back_to(_address(notice)):
        word = changes.cancel(visit.session, notice, visit.person)
    done("notice.cancelled")
    return _back(word)


def _page(visit: Visit, notice: Notice) -> dict[str, object]:
    session, broadcast = visit.session, notice.broadcast
    waits = notice.state is NoticeState.WAITING
    page: dict[str, object] = {
        "notice": notice,
        "broadcast": broadcast,
        "out": broadcast is not None and broadcast.release is not None,
        "mine": notice.author_id == visit.person.id,
        "editable": notice.state in drafts.EDITABLE,
        "trouble": drafts.trouble(notice) if notice.state in drafts.EDITABLE else [],
        "previews": notice_form.of(notice).measured(drafts.frame(notice)),
        "refusals": approval.refusals(session, notice, visit.person) if waits else [],
        "follows": changes.next_version(session, notice),
        "quiet_until": approval.awake(now()),
        "proved": sessions.is_proved(visit.sitting),
    }
    if broadcast is not None:
        page |= {"words": fuse.words_of(broadcast).hex(), **reach.of(session, broadcast)}
    return page


def _notice(session: Session, notice_id: int) -> Notice:
    return session.get(Notice, notice_id) or abort(404)


def _address(notice: Notice) -> str:
    return url_for("notice.show", notice_id=notice.id)


def _back(notice: Notice) -> ResponseReturnValue:
    return redirect(_address(notice), 303)

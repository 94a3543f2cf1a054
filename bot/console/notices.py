"""Which aid do we offer? Organizers write in Spanish and English side by side; another one approves; changes reach the same people."""


from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from bot.clock import ahead
from bot.console import changes
from bot.console.doors import ORGANIZERS, Visit, act, look, watch, weigh
from bot.console.refusals import done, or_back_to
from bot.notices import approval, drafts
from bot.notices.models import Notice
from messages import languages

pages = Blueprint("notices", __name__, url_prefix="/notices")

RECENT_DAYS = 14
"""Closed ones are listed this long after their end."""


@look(pages, "")
def show(visit: Visit) -> ResponseReturnValue:
    listed = select(Notice).where(Notice.ends_at > ahead(days=-RECENT_DAYS)).order_by(Notice.starts_at.desc(), Notice.id.desc())
    return render_template("notices.html", notices=list(visit.session.scalars(listed)))


@look(pages, "/new", who=ORGANIZERS)
def write(visit: Visit) -> ResponseReturnValue:
    return render_template("notice_form.html", notice=None, **_choices())


@act(pages, "/new", who=ORGANIZERS)
def keep(visit: Visit) -> ResponseReturnValue:
    with or_back_to(url_for("notices.write")):
        notice = drafts.write(visit.session, visit.person, **_given(url_for("notices.write")))
    done("notice.kept")
    return redirect(_address(notice), 303)


@weigh(pages, "/measure", who=ORGANIZERS)
def measure(visit: Visit) -> ResponseReturnValue:
    """What these words cost on the air, as they are being written."""
    return render_template("notice_measures.html", measures=_measures({code: _words(code) for code in languages.COMPLETE}))


@look(pages, "/<int:notice_id>")
def one(visit: Visit, notice_id: int) -> ResponseReturnValue:
    return render_template("notice.html", **_page(visit, _notice(visit.session, notice_id)))


@watch(pages, "/<int:notice_id>/progress")
def progress(visit: Visit, notice_id: int) -> ResponseReturnValue:
    page = _page(visit, _notice(visit.session, notice_id))
    return changes.unchanged(str(page["mark"])) or render_template("notice_progress.html", **page)


@act(pages, "/<int:notice_id>/submit", who=ORGANIZERS)
def submit(visit: Visit, notice_id: int) -> ResponseReturnValue:
    notice = _notice(visit.session, notice_id)
    with or_back_to(_address(notice)):
        approval.submit(visit.session, notice, visit.person)
    done("notice.submitted")
    return redirect(_address(notice), 303)

"""Which aid do we offer, and how is more of it written? Spanish and English side by side, counted as they are typed."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from bot.clock import ago
from bot.console import notice_form
from bot.console.doors import ORGANIZERS, Visit, act, look, weigh
from bot.console.named import refusal
from bot.console.notice_form import Written
from bot.console.refusals import done
from bot.console.words import say
from bot.moderation.refusals import Refused
from bot.notices import drafts
from bot.notices.models import Notice
from bot.subscriptions.models import AidKind

pages = Blueprint("notices", __name__, url_prefix="/notices")

RECENT_DAYS = 14
"""Those that are over are listed this long."""


@look(pages, "")
def show(visit: Visit) -> ResponseReturnValue:
    recent = select(Notice).where(Notice.ends_at > ago(days=RECENT_DAYS)).order_by(Notice.id.desc())
    return render_template("notices.html", notices=list(visit.session.scalars(recent)))


@look(pages, "/new", who=ORGANIZERS)
def write(visit: Visit) -> ResponseReturnValue:
    return form(notice_form.blank(), url_for("notices.keep"))


@act(pages, "/new", who=ORGANIZERS)
def keep(visit: Visit) -> ResponseReturnValue:
    """What was typed stays on the page when a rule says no."""
    written = notice_form.typed()
    here = url_for("notices.keep")
    if not written.is_whole or written.starts_at is None or written.ends_at is None:
        return form(written, here, refused=say("refused.dates"))
    try:
        notice = drafts.write(
            visit.session,
            visit.person,
            kind=AidKind(written.kind),
            neighborhoods=written.neighborhoods,
            texts=written.texts,
            starts_at=written.starts_at,
            ends_at=written.ends_at,
        )
    except Refused as refused:
        return form(written, here, refused=refusal(refused.key, **refused.values))
    done("notice.kept")
    return redirect(url_for("notice.show", notice_id=notice.id), 303)


@weigh(pages, "/measure", who=ORGANIZERS)
def measure(visit: Visit) -> ResponseReturnValue:
    """What the words cost on the air, while they are being written."""
    frame = "change" if request.form.get("frame") == "change" else "notice"
    return render_template("notice_measures.html", previews=notice_form.typed().measured(frame), frame=frame)


def form(written: Written, sends_to: str, *, frame: str = "notice", refused: str = "") -> ResponseReturnValue:
    """The form, empty or as it was typed, with the reason why it was not kept."""
    page = render_template(
        "notice_form.html",
        written=written,
        previews=written.measured(frame),
        frame=frame,
        sends_to=sends_to,
        refused=refused,
        **notice_form.choices(),
    )
    return page, 422 if refused else 200

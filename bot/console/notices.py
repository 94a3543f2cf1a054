"""Which aid do we offer?"""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from bot.clock import ahead
from bot.console.doors import Visit, look
from bot.notices.models import Notice

pages = Blueprint("notices", __name__, url_prefix="/notices")
RECENT_DAYS = 14


@look(pages, "")
def show(visit: Visit) -> ResponseReturnValue:
    listed = select(Notice).where(Notice.ends_at > ahead(days=-RECENT_DAYS)).order_by(Notice.starts_at.desc(), Notice.id.desc())
    return render_template("notices.html", notices=list(visit.session.scalars(listed)))

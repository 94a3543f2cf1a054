"""Has anything changed that a page shows? One short mark for the moment's state, so that a page that asks again gets a 304.

Polls, not streams: a stream would hold the threads that the webhook needs. The desk's mark comes from one counter that every
commit moves (`store.changed`), read before what the page shows: what is committed in between is shown at the next look.
"""

import hashlib
from collections.abc import Iterable

from flask import Response, g, has_request_context, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from bot.clock import now
from bot.store import changed

AGES_CHANGE_SECONDS = 20
"""Ages and leases are shown in minutes, and shifts end by themselves: they are looked at anew this often."""


def of_the_desk(session: Session) -> str:
    """The mark of everything that volunteers work with. In one request it stays what it was when it was first asked for."""
    if not has_request_context():
        return _of_the_desk(session)
    if "mark_of_the_desk" not in g:
        g.mark_of_the_desk = _of_the_desk(session)
    return str(g.mark_of_the_desk)


def _of_the_desk(session: Session) -> str:
    return mark([changed.count(session), int(now().timestamp()) // AGES_CHANGE_SECONDS])


def mark(facts: Iterable[object]) -> str:
    return hashlib.sha256(repr(list(facts)).encode()).hexdigest()[:16]


def unchanged(current: str) -> ResponseReturnValue | None:
    """A 304 if the page that asks has this mark already."""
    return Response(status=304) if request.if_none_match.contains(current) else None

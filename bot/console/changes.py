"""Has anything changed that a page shows? One short mark for the moment's state, so that a page that asks again gets a 304.

Polls, not streams: a stream would hold the threads that the webhook needs.
"""

import hashlib
from collections.abc import Iterable

from flask import Response, request
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.alerts.models import Alert
from bot.clock import now
from bot.incidents.models import OPEN, Incident
from bot.moderation.models import Claim, ClaimState, Emergency, Finding
from bot.outbox.models import Freeze
from bot.people.models import Shift
from bot.reports.models import Report

AGES_CHANGE_SECONDS = 20
"""Ages and leases are shown in minutes: they are counted anew this often."""


def of_the_desk(session: Session) -> str:
    """The mark of everything the queue shows. Its cost grows with what is open, not with what ever was."""
    return mark(
        [
            *session.execute(
                select(Incident.id, Incident.step, Incident.last_report_at)
                .where(Incident.state.in_(OPEN))
                .order_by(Incident.id)
            ),
            *session.execute(
                select(Claim.id, Claim.lease_until).where(Claim.state == ClaimState.HELD).order_by(Claim.id)
            ),
            *session.execute(select(Emergency.id, Emergency.taken_by).where(Emergency.closed_at.is_(None))),
            *session.execute(select(Alert.id).where(Alert.pending).order_by(Alert.id)),
            *session.execute(select(Freeze.id, Freeze.thaw_first_id).where(Freeze.thawed_at.is_(None))),
            *(
                session.scalar(select(func.max(column))) or 0
                for column in (Report.id, Incident.id, Finding.id, Shift.id)
            ),
            int(now().timestamp()) // AGES_CHANGE_SECONDS,
        ]
    )


def mark(facts: Iterable[object]) -> str:
    return hashlib.sha256(repr(list(facts)).encode()).hexdigest()[:16]


def unchanged(current: str) -> ResponseReturnValue | None:
    """A 304 if the page that asks has this mark already."""
    return Response(status=304) if request.if_none_match.contains(current) else None

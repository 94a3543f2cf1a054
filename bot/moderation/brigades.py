"""What about an incident looks like many who say the same and saw nothing? Signs in words on its row; they decide nothing."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, case, func, select
from sqlalchemy.orm import Session

from bot.incidents.models import Incident
from bot.incidents.states import OPEN
from bot.reports.models import BRIGADE, Aside, Band, Report, ReportKind
from bot.settings import settings

FEW_COPIES = 3
"""So many copies of one text are worth a word; one or two are somebody's family."""


def signs(session: Session, ids: Sequence[int] | None) -> dict[int, tuple[str, ...]]:
    """For each incident the last parts of its catalog keys (`pages.why_...`). `None`: of all that are open."""
    return {facts.incident_id: _of(facts) for facts in session.execute(_facts(ids))}


def _of(facts: Row[Any]) -> tuple[str, ...]:
    many = facts.numbers >= settings().brigade_numbers
    strangers = facts.numbers - facts.known_numbers
    holds: dict[str, bool] = {
        "known_reporter": facts.known > 0,
        "often_mistaken": 0 < facts.mistaken == facts.seen,
        "copies": facts.same_words >= FEW_COPIES,
        "same_home": facts.same_home > 0,
        **{why.value: getattr(facts, why) > 0 for why in BRIGADE},
        "first_timers": many and strangers >= settings().brigade_share * facts.numbers,
        "few_exchanges": many and 0 < facts.exchanges <= (1 - settings().brigade_share) * facts.numbers,
    }
    return tuple(name for name, is_so in holds.items() if is_so)


def _facts(ids: Sequence[int] | None) -> Any:
    own = (Report.first_hand.is_(True)) & Report.set_aside.is_(None)
    aside = [func.sum(case((Report.set_aside == why, 1), else_=0)).label(why) for why in Aside]
    wanted = (
        Report.incident_id.in_(ids)
        if ids is not None
        else Report.incident_id.in_(select(Incident.id).where(Incident.state.in_(OPEN)))
    )
    return (
        select(
            Report.incident_id,
            func.sum(case((own, 1), else_=0)).label("seen"),
            func.sum(case((own & (Report.band == Band.KNOWN), 1), else_=0)).label("known"),
            func.sum(case((own & (Report.band == Band.OFTEN_MISTAKEN), 1), else_=0)).label("mistaken"),
            func.count(func.distinct(Report.contact_id)).label("numbers"),
            func.count(func.distinct(case((Report.band == Band.KNOWN, Report.contact_id)))).label("known_numbers"),
            func.count(func.distinct(Report.exchange)).label("exchanges"),
            *aside,
        )
        .where(wanted, Report.kind == ReportKind.REPORT)
        .group_by(Report.incident_id)
    )

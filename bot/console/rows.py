"""What do the incidents of a queue look like? The same for all who ask for the same part of it: made once for each change.

Fifty consoles ask each second. A row names nobody who reads it and holds no form of its own (its button belongs to a form
that stands outside), so whoever comes second gets what the first one was made.
"""

import threading
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Hashable

from flask import render_template
from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from bot.alerts.models import Alert
from bot.console import gap_words
from bot.console.doors import Visit
from bot.console.filters import Filters
from bot.console.words import language
from bot.incidents.models import Incident
from bot.moderation import claims, queue
from bot.moderation.models import Claim, ClaimState
from bot.people import shifts
from bot.settings import settings

MOST_GAPS = 3
MOST_KEPT = 64
"""Parts of the queue that were asked for lately, in this process."""


def shown(visit: Visit, asked: Filters, mark: str) -> Markup:
    """The rows as of this mark, which was read before them: what is newer has another one."""
    whose = visit.person.id if asked.mine else None
    key = (settings().database_url, language(), asked, whose, mark)
    return _made.once(key, lambda: Markup(_render(visit, asked)))  # noqa: S704  a template of ours


def _render(visit: Visit, asked: Filters) -> str:
    session = visit.session
    screen = queue.screen(
        session, asked.neighborhoods, only=asked.conditions(visit.person), folded=asked.folded, offset=asked.offset
    )
    ids = [row.incident.id for row in screen.rows]
    there = screen.folded if asked.folded else screen.total
    return render_template(
        "queue_incidents.html",
        screen=screen,
        asked=asked,
        claims=_claims(session, ids),
        to_release=set(session.scalars(select(Alert.incident_id).where(Alert.pending, Alert.incident_id.in_(ids)))),
        there=there,
        first=asked.offset + 1,
        last=asked.offset + len(screen.rows),
        more=asked.offset + len(screen.rows) < there,
        claimable=_claimable,
        releasers=[person.name for person in shifts.who_can_release(session)],
        gaps=gap_words.soon(session)[:MOST_GAPS],
    )


def _claimable(incident: Incident, held: list[Claim]) -> bool:
    """By somebody who is not on it already, as `claims.claim` has it."""
    return incident.state in claims.CLAIMABLE and not held


def _claims(session: Session, incident_ids: list[int]) -> defaultdict[int, list[Claim]]:
    held: defaultdict[int, list[Claim]] = defaultdict(list)
    wanted = select(Claim).where(Claim.state == ClaimState.HELD, Claim.incident_id.in_(incident_ids))
    for claim in session.scalars(wanted.options(joinedload(Claim.person)).order_by(Claim.id)):
        held[claim.incident_id].append(claim)
    return held


class _Made:
    """What was made lately, each thing by one thread while the others who want it wait."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, Markup] = OrderedDict()
        self._making: dict[Hashable, threading.Lock] = {}
        self._lock = threading.Lock()

    def once(self, key: Hashable, make: Callable[[], Markup]) -> Markup:
        with self._lock:
            making = self._making.setdefault(key, threading.Lock())
        try:
            with making:
                if (known := self._kept.get(key)) is None:
                    known = make()
                    self._keep(key, known)
                return known
        finally:
            with self._lock:
                self._making.pop(key, None)

    def _keep(self, key: Hashable, made: Markup) -> None:
        with self._lock:
            self._kept[key] = made
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)


_made = _Made()

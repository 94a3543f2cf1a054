"""What shall the neighborhood be told? Slots and prewritten sentences become a draft that waits for its second person."""

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.alerts import told
from bot.alerts.models import Alert, Certainty
from bot.alerts.wording import slots_of, texts_of
from bot.clock import ahead, now
from bot.incidents.holding import hold
from bot.incidents.models import Incident
from bot.incidents.states import IncidentState
from bot.moderation import findings, verdicts
from bot.moderation.refusals import Refused
from bot.outbox import drafting, halting
from bot.outbox.models import Kind, Lane
from bot.people.models import Person
from bot.privacy import audit
from bot.settings import settings

LANES = {Kind.DOUBT: Lane.CORRECTION, Kind.CORRECTION: Lane.CORRECTION}
CERTAIN = {Kind.DOUBT: Certainty.POSSIBLE, Kind.CORRECTION: Certainty.UNLIKELY}
TAKE_BACK_HOURS = 6
"""A correction is worth reading long after the alert has expired."""
SHORTEST_MINUTES = 5
"""What ends sooner than this is not worth a text to everybody."""
TO_THE_SAME = (Kind.UPDATE, Kind.OVER, Kind.DOUBT, Kind.CORRECTION)


class ProposalRefused(Refused):
    """There is nothing it could stand on, or follow."""


def propose(session: Session, incident: Incident, kind: Kind, by: Person, *, was: str | None = None) -> Alert:
    """Draft it in every language; one of a kind waits at a time. The same proposed again is the same draft; other slots
    (a later look, another agency) make a new one in its place, and void what was read of the old. Raises `ProposalRefused`.

    The first of its two hands is whoever saw it, not whoever asks for it to be said: only a correction is `by`'s own word.
    """
    hold(session, incident)
    root = told.root(session, incident)
    if kind in TO_THE_SAME and root is None:
        raise ProposalRefused("alerts.refused_nothing_told")
    by = first_hand(session, incident, kind, by)
    waiting = pending(session, incident, kind)
    until = _until(session, kind, root)
    slots = slots_of(incident, kind, seen=_seen(incident, kind), until=until, was=was)
    if waiting is not None and _same(waiting, slots, by):
        return waiting
    if waiting is not None:
        withdraw(session, waiting, "proposed_anew")
    broadcast = drafting.draft(
        session,
        kind,
        LANES.get(kind, Lane.ALERT),
        texts_of(incident, kind, slots),
        neighborhoods=incident.neighborhoods,
        same_people_as=root.broadcast_id if root and kind in TO_THE_SAME else None,
        expires_at=until,
    )
    alert = Alert(
        incident_id=incident.id,
        broadcast_id=broadcast.id,
        kind=kind,
        refers_to=root.id if root and kind in TO_THE_SAME else None,
        certainty=CERTAIN.get(kind, Certainty.OBSERVED),
        slots=slots,
        pending=True,
        proposed_by_id=by.id,
        proposed_by_line=by.line_id,
        created_at=now(),
        expires_at=until,
    )
    session.add(alert)
    session.flush()
    audit.record(session, f"alert.proposed.{kind}", f"incident:{incident.id}", by.id)
    return alert


def first_hand(session: Session, incident: Incident, kind: Kind, by: Person) -> Person:
    """Whose eyes it stands on."""
    if kind in (Kind.ALERT, Kind.UPDATE):
        standing = verdicts.live_confirmation(session, incident)
        if standing is None or incident.state is not IncidentState.CONFIRMED:
            raise ProposalRefused("alerts.refused_not_confirmed")
        return session.get_one(Person, standing.person_id)
    if kind is Kind.OVER:
        look = findings.there_or_gone(session, incident)
        if look is None or look.saw not in findings.NOT_THERE:
            raise ProposalRefused("alerts.refused_not_looked")
        return session.get_one(Person, look.person_id)
    return by


def pending(session: Session, incident: Incident, kind: Kind) -> Alert | None:
    """The draft of this kind that waits for its second person."""
    waits = select(Alert).where(Alert.incident_id == incident.id, Alert.kind == kind, Alert.pending)
    return session.scalars(waits).first()


def withdraw(session: Session, alert: Alert, why: str) -> None:
    """Nobody may release this draft any more."""
    halting.halt(session, alert.broadcast_id, why)
    alert.pending = False
    session.flush()


def withdraw_all(session: Session, incident: Incident, why: str, kinds: tuple[Kind, ...] = tuple(Kind)) -> None:
    """Every draft of these kinds that still waits."""
    waiting = select(Alert).where(Alert.incident_id == incident.id, Alert.pending, Alert.kind.in_(kinds))
    for alert in session.scalars(waiting):
        withdraw(session, alert, why)


def is_renewed_by(session: Session, incident: Incident, latest: Alert) -> bool:
    """Whether what was seen now says more than what was told last, and may still be told (`ALERT_LONGEST_HOURS`)."""
    root = told.root(session, incident)
    seen = dt.datetime.fromisoformat(str(latest.slots["seen"]))
    newer = incident.seen_at is not None and incident.seen_at - seen >= dt.timedelta(
        minutes=settings().finding_fresh_minutes
    )
    return newer and latest.kind in (Kind.ALERT, Kind.UPDATE) and root is not None and _ends(session, root) > _soonest()


def _until(session: Session, kind: Kind, root: Alert | None) -> dt.datetime:
    """Asked at each call: an expiry set when the program starts is a known mistake (`tests/truth/test_pitfalls.py` 1)."""
    if kind in (Kind.DOUBT, Kind.CORRECTION):
        return ahead(hours=TAKE_BACK_HOURS)
    until = ahead(minutes=settings().alert_minutes)
    if kind is not Kind.UPDATE or root is None:
        return until
    if _ends(session, root) <= _soonest():
        raise ProposalRefused("alerts.refused_longest", hours=f"{settings().alert_longest_hours:g}")
    return min(until, _ends(session, root))


def _ends(session: Session, root: Alert) -> dt.datetime:
    """However often it is renewed, an alert ends so long after it first went out."""
    out = told.release_of(session, root)
    return (out.released_at if out else root.created_at) + dt.timedelta(hours=settings().alert_longest_hours)


def _soonest() -> dt.datetime:
    return ahead(minutes=SHORTEST_MINUTES)


def _seen(incident: Incident, kind: Kind) -> dt.datetime:
    """When it was seen; for what comes after, when somebody last looked."""
    if kind in (Kind.ALERT, Kind.UPDATE):
        return incident.seen_at or now()
    return incident.looked_at or now()


def _same(waiting: Alert, slots: dict[str, object], by: Person) -> bool:
    """The same but for its expiry, which moves with the clock."""
    if waiting.proposed_by_id != by.id or waiting.expires_at <= now():
        return False
    return {**waiting.slots, "until": None} == {**slots, "until": None}

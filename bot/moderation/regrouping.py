"""Are two incidents one thing, or is one of them two? A dispatcher says so; what was seen stays where it was seen.

- **Merge**: all reports of one incident go to another, which alone is looked at from then on. Its reporters hear what the
  surviving incident becomes, once; nobody hears that theirs was "something else" because it was merged.
- What was found, who went and who was asked stays with the incident it was about, and counts there alone: a look at one corner
  is no look at another. So only what nobody has decided about yet may go: open, not confirmed, not disputed, never told.
- Whoever was asked to look there hears that the two are one, and may look at the other one; whoever was on the way as well.
- Until it is confirmed the surviving incident takes on the neighborhoods of both, and is sensitive if one was. Once it is
  confirmed or told, its audience stands: it must touch every neighborhood of the other already.
- **Undo**: the reports that came and are still there go back, with the neighborhoods and the "sensitive" they had brought, and
  the incident is open again, in a new round. What was told to people of those neighborhoods meanwhile keeps them. "Sensitive"
  goes only where nothing else can have brought it.
- What one hand let out at night is narrow, and never of a school: while it waits for its review no school is merged into it.

Both incidents are held in the order of their ids, past the gate of matching: nothing joins either of them meanwhile.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.clock import now
from bot.incidents.holding import hold_all
from bot.incidents.models import Incident, IncidentArea
from bot.incidents.opening import PARTED
from bot.incidents.states import IncidentState
from bot.incidents.told import was_told
from bot.moderation import handing_on, one_hand, outcomes, paging
from bot.moderation.dispatch_models import Regroup, Regrouped, Regrouping
from bot.moderation.outcomes import CHECKING
from bot.moderation.refusals import Refused
from bot.people.models import Person
from bot.privacy import audit
from bot.reports import matching, witnesses
from bot.reports.models import Report
from bot.store.alone import alone

S = IncidentState
MERGEABLE = (S.UNCONFIRMED, S.VERIFYING)
"""Nobody has decided anything about it yet."""
DECIDED = (S.CONFIRMED, S.DISPUTED)
RECEIVED = "received"


class RegroupRefused(Refused):
    """They stay as they are."""


def merge(session: Session, away: Incident, into: Incident, by: Person) -> Regrouping:
    """`away` becomes part of `into`. Raises `RegroupRefused`."""
    if away.id == into.id:
        raise RegroupRefused("console.merge.itself")
    _hold(session, away, into)
    _must_be_mergeable(session, away, into)
    made = Regrouping(
        kind=Regroup.MERGE,
        from_id=away.id,
        into_id=into.id,
        person_id=by.id,
        at=now(),
        areas=_take_on(into, away),
        made_sensitive=away.sensitive and not into.sensitive,
    )
    into.sensitive = into.sensitive or away.sensitive
    into.last_report_at = max(into.last_report_at, away.last_report_at)
    into.asked_only = into.asked_only and away.asked_only
    session.add(made)
    session.flush()
    move(session, made, witnesses.reports_of(session, away), into)
    handing_on.to(session, away, into)
    away.becomes(session, S.MERGED, by.id, f"into_{into.code}", into=into)
    _written_down(session, made, by, "merged")
    outcomes.tell(session, into)
    return made


def undo(session: Session, made: Regrouping, by: Person) -> Incident:
    """They are two after all. The incident that was merged, open again. Raises `RegroupRefused`."""
    away, into = session.get_one(Incident, made.from_id), session.get_one(Incident, made.into_id)
    _hold(session, away, into)
    session.refresh(made)
    if made.kind is not Regroup.MERGE or made.undone_at is not None or away.merged_into != into.id:
        raise RegroupRefused("console.merge.undone_already")
    came = _still_there(session, made)
    if not came:
        raise RegroupRefused("console.merge.nothing_left")
    made.undone_at, made.undone_by_id = now(), by.id
    away.becomes(session, S.UNCONFIRMED, by.id, PARTED)
    for report in came:
        _bring(report, away)
    if into.state not in DECIDED and not was_told(session, into):
        into.areas = [area for area in into.areas if area.neighborhood not in made.areas]
        into.sensitive = into.sensitive and _stays_sensitive(session, made, into)
    session.flush()
    for incident in (away, into):
        witnesses.recount(session, incident)
    paging.page(session, away)
    _written_down(session, made, by, "parted")
    return away


def move(session: Session, made: Regrouping, reports: list[Report], into: Incident) -> None:
    """These reports are of `into` from now on; it is written down which."""
    told = {one.contact_id: (one.told, one.told_at) for one in witnesses.reports_of(session, into) if one.told_at}
    for report in reports:
        session.add(Regrouped(regrouping_id=made.id, report_id=report.id))
        _bring(report, into)
        word, when = told.get(report.contact_id, (None, None))
        if report.contact_id is not None and when is not None and when >= report.received_at:
            report.told, report.told_at = word, when  # they heard it since, about the other one
    session.flush()
    witnesses.recount(session, into)


def standing(session: Session, incident: Incident) -> list[Regrouping]:
    """What this incident gave or gained, oldest first."""
    touched = select(Regrouping).where((Regrouping.from_id == incident.id) | (Regrouping.into_id == incident.id))
    return list(session.scalars(touched.order_by(Regrouping.id)))


def _hold(session: Session, *both: Incident) -> None:
    alone(session, matching.GATE)
    hold_all(session, both)


def _must_be_mergeable(session: Session, away: Incident, into: Incident) -> None:
    if away.state not in MERGEABLE or was_told(session, away):
        raise RegroupRefused("console.merge.not_this_one", code=away.code)
    if not into.is_open:
        raise RegroupRefused("console.merge.not_into_closed", code=into.code)
    if one_hand.would_cover_a_school(session, away, into):
        raise RegroupRefused("console.merge.review_first", code=into.code)
    stands = into.state in DECIDED or was_told(session, into)
    if stands and not set(away.neighborhoods) <= set(into.neighborhoods):
        raise RegroupRefused("console.merge.other_audience", code=into.code)


def _still_there(session: Session, made: Regrouping) -> list[Report]:
    """What came by it and has not gone elsewhere since."""
    came = select(Report).join(Regrouped, Regrouped.report_id == Report.id)
    still_there = came.where(Regrouped.regrouping_id == made.id, Report.incident_id == made.into_id)
    return list(session.scalars(still_there.order_by(Report.id)))


def _stays_sensitive(session: Session, made: Regrouping, into: Incident) -> bool:
    """Unless by this merge alone, and nothing was told since: what came later may be about either, or about the school."""
    if not made.made_sensitive:
        return True
    merges = select(Regrouping).join(Incident, Incident.id == Regrouping.from_id)
    another = merges.where(
        Regrouping.kind == Regroup.MERGE,
        Regrouping.into_id == into.id,
        Regrouping.undone_at.is_(None),
        Incident.sensitive.is_(True),
    )
    if heir := session.scalars(another.order_by(Regrouping.id)).first():
        heir.made_sensitive = True
        return True
    told_since = select(Report.id).where(Report.incident_id == into.id, Report.received_at > made.at)
    return session.scalar(told_since.limit(1)) is not None


def _take_on(into: Incident, away: Incident) -> list[str]:
    """The neighborhoods that the one lacks and the other has. There are none of these once its audience stands."""
    gained = sorted(set(away.neighborhoods) - set(into.neighborhoods))
    into.areas += [IncidentArea(neighborhood=name) for name in gained]
    return gained


def _bring(report: Report, to: Incident) -> None:
    """Where it is now they hear the outcome: that they were told it is checked stands, an outcome of the other does not."""
    report.incident = to
    if report.told not in (RECEIVED, CHECKING):
        report.told, report.told_at = RECEIVED, None


def _written_down(session: Session, made: Regrouping, by: Person, act: str) -> None:
    session.flush()
    audit.record(session, f"incident.{act}", f"incident:{made.from_id}", by.id, f"incident:{made.into_id}")

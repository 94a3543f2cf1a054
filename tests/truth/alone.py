"""Was one hand, at night, within its bounds? Judged as strictly as two, from our own list of who is who and who was there.

A setting allows it; a senior verifier, who saw it a moment ago and waited three minutes; nobody of another line who could have
been the second hand was at the console meanwhile; one neighborhood, twenty minutes, no school, clinic, shelter or church.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row

from bot.clock import now
from bot.settings import settings
from tests.truth.books import Books
from tests.truth.looks import YES_OR_NO, identified
from tests.truth.people import BY_ID, RELEASERS, Volunteer

LONGEST = dt.timedelta(minutes=20)
WAITED = dt.timedelta(minutes=3)
NOTED_EVERY = dt.timedelta(minutes=1)
"""The console writes down no more often than this that somebody is there."""
SCHOOL = "school"

Clicked = Mapping[int, dt.datetime]


def judge(release: Row[Any], before: Books, after: Books, clicked: Clicked) -> None:
    """Raises `AssertionError`."""
    assert settings().night_rule, "one hand, and no setting allows it"
    hand = BY_ID[release.first_id]
    assert release.second_id is None and release.kind.value == "alert"
    known = before.person[hand.id]
    assert hand.senior and known.revoked_at is None, f"{hand.name} is nobody senior"
    assert known.role.value == "verifier", f"{hand.name} has another power too"
    assert not before.is_frozen, "alone, while frozen"
    incident = before.incident[release.incident_id]
    assert incident.state.value == "confirmed", f"alone, while {incident.state.value}"
    assert not incident.sensitive and SCHOOL not in incident.place_key, "alone, of a school"
    assert not [row for row in before.release.values() if row.incident_id == incident.id], "alone, a second time"
    _saw_it(hand, incident.id, before)
    _nobody_was_there(hand, before, clicked)
    _narrow_and_short(release, after)


def _saw_it(hand: Volunteer, incident_id: int, before: Books) -> None:
    looks = [row for row in before.finding.values() if row.incident_id == incident_id and row.saw.value in YES_OR_NO]
    newest = max((row for row in looks if not row.shadow), key=lambda row: (row.found_at, row.id))
    assert newest.person_id == hand.id and identified(newest), "on somebody else's eyes"
    assert now() - newest.found_at <= dt.timedelta(minutes=settings().finding_fresh_minutes), "on an old look"
    assert now() - newest.found_at >= WAITED or _confirmed_long_ago(incident_id, before), "without waiting"


def _confirmed_long_ago(incident_id: int, before: Books) -> bool:
    rows = [row for row in before.confirmation.values() if row.incident_id == incident_id]
    return any(now() - row.confirmed_at >= WAITED for row in rows)


def _nobody_was_there(hand: Volunteer, before: Books, clicked: Clicked) -> None:
    able = [one for one in RELEASERS if one.line != hand.line and before.person[one.id].revoked_at is None]
    here = [one.name for one in able if one.id in clicked and now() - clicked[one.id] < WAITED - NOTED_EVERY]
    assert not here, f"alone, while {here} could have been the second hand"


def _narrow_and_short(release: Row[Any], after: Books) -> None:
    broadcast = after.broadcast[release.broadcast_id]
    assert len(broadcast.neighborhoods) == 1, "alone, to several neighborhoods"
    assert broadcast.expires_at - release.released_at <= LONGEST, "alone, for too long"
    assert after.night_release[release.broadcast_id].reviewed_at is None, "reviewed before it was out"

"""By whose hands was it let out? Two people of two lines, what was seen a moment ago, in the words that were read.

Held against this test's own list of who is who: a row in a table can say anything.
"""

import datetime as dt
from typing import Any

from sqlalchemy import Row

from bot.clock import now
from bot.settings import settings
from tests.truth import alone
from tests.truth.alone import Clicked
from tests.truth.books import Books
from tests.truth.looks import YES_OR_NO, identified
from tests.truth.people import BY_ID

TAKES_TWO = ("alert", "update", "over", "correction")
LONGEST_HOURS = 4
LETS_OUT_FROZEN = ("doubt", "correction")


def judge(before: Books, after: Books, clicked: Clicked) -> None:
    """What was let out in this step. Raises `AssertionError`."""
    fresh = [row for id_, row in after.release.items() if id_ not in before.release]
    assert len(fresh) <= 1, "several let out by one act"
    for release in fresh:
        if release.night is not None:
            alone.judge(release, before, after, clicked)
            continue
        _two_people(release, before)
        _not_frozen(release, before)
        _words_as_read(release, before, after)
        _about_its_incident(release, before, after)
    _no_release_is_changed(before, after)


def _two_people(release: Row[Any], before: Books) -> None:
    kind = release.kind.value
    if kind == "doubt":
        assert release.second_id is None, "a doubt is one person's"
        return
    assert kind in TAKES_TWO, f"an unknown kind: {kind}"
    assert release.first_id is not None and release.second_id is not None, "let out by one person"
    first, second = BY_ID[release.first_id], BY_ID[release.second_id]
    assert first != second, "both hands are one person's"
    assert first.line != second.line, "both hands are of one invitation line"
    assert second.may_release, f"a {second.role} let it out"
    for hand in (first, second):
        assert before.person[hand.id].revoked_at is None, f"{hand.name}'s access had been ended"


def _not_frozen(release: Row[Any], before: Books) -> None:
    assert release.kind.value in LETS_OUT_FROZEN or not before.is_frozen, "let out while frozen"


def _words_as_read(release: Row[Any], before: Books, after: Books) -> None:
    id_ = release.broadcast_id
    if id_ not in before.broadcast:
        assert release.kind.value == "doubt", "drafted and let out in one act"
        return
    assert before.words[id_] == after.words[id_], "the words changed under the hand"
    broadcast = before.broadcast[id_]
    assert broadcast.expires_at > now(), "let out after its time"
    assert broadcast.expires_at <= now() + dt.timedelta(hours=LONGEST_HOURS + 2), "it never ends"


def _about_its_incident(release: Row[Any], before: Books, after: Books) -> None:
    kind, incident = release.kind.value, before.incident[release.incident_id]
    state = incident.state.value
    if kind == "correction":
        assert after.incident[incident.id].state.value == "retracted", "corrected, and not retracted"
        return
    if kind == "doubt":
        return
    assert state != "disputed", "let out while disputed"
    assert state == "confirmed", f"let out while {state}"
    if kind in ("alert", "update"):
        _was_seen(release, before)


def _was_seen(release: Row[Any], before: Books) -> None:
    """The newest look that says yes or no is a yes, by the first hand's own eyes, and not an old one."""
    said = [row for row in before.finding.values() if row.incident_id == release.incident_id and not row.shadow]
    looks = sorted((row for row in said if row.saw.value in YES_OR_NO), key=lambda row: (row.found_at, row.id))
    theirs = [row for row in looks if row.person_id == release.first_id and identified(row)]
    assert theirs, "nobody's eyes"
    assert looks[-1].saw.value == "immigration", f"the newest look says {looks[-1].saw.value}"
    last = max((row for row in said if row.person_id == release.first_id), key=lambda row: (row.found_at, row.id))
    assert last.saw.value != "unsure", "whoever saw it can no longer tell"
    fresh = dt.timedelta(minutes=settings().finding_fresh_minutes)
    newest = max(row.found_at for row in looks if identified(row))
    assert newest >= now() - fresh, "an old look was let out"


def _no_release_is_changed(before: Books, after: Books) -> None:
    for id_, row in before.release.items():
        assert after.release.get(id_) == row, "a release was changed or is gone"

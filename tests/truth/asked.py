"""What does CHECK say of what nobody was told of: is somebody on it, or has nobody checked it? Each only where it is so."""

from typing import Any

from sqlalchemy import Row

from bot.clock import now
from tests.truth.books import Books
from tests.truth.looks import held

TRYING, NOBODY = "alerts.known_checking", "alerts.known_unchecked"
SEEN = ("confirmed", "disputed")


def judge(row: Row[Any], after: Books) -> None:
    """Asked of each answer as it is written down. Raises `AssertionError`."""
    if row.key not in (TRYING, NOBODY):
        return
    incident = next(one for one in after.incident.values() if one.code == row.values["code"])
    on_it, seen = _somebody(incident, after), incident.state.value in SEEN
    if row.key == TRYING:
        assert on_it or seen or _looks(incident, after), "we are trying, and nobody is on it"
    else:
        since = [look for look in _looks(incident, after) if look.found_at >= incident.last_report_at]
        assert not on_it and not seen and not since, "nobody has checked it, and somebody is on it or looked"


def _somebody(incident: Row[Any], after: Books) -> bool:
    """Goes, may still say yes, or said that they find out another way."""
    waits = {row.person_id for row in after.choice.values() if _waits(row) and row.incident_id == incident.id}
    asked = [row for row in after.page.values() if row.incident_id == incident.id and row.answered_at is None]
    another_way = [
        row for row in after.question.values() if (row.incident_id, row.answer) == (incident.id, "second_way")
    ]
    may_go = [row for row in asked if row.person_id in waits and _reached(row.person_id, after)]
    return bool(held(after, incident.id) or may_go or another_way)


def _waits(choice: Row[Any]) -> bool:
    return choice.act == "going" and choice.used_at is None and choice.expires_at > now()


def _reached(person_id: int, after: Books) -> bool:
    """Nobody leaves in these sequences, but some say STOP."""
    contact = after.contact.get(after.person[person_id].contact_id)
    return contact is not None and contact.stopped_at is None and contact.suppressed is None


def _looks(incident: Row[Any], after: Books) -> list[Row[Any]]:
    """Who left because it is unsafe did not look."""
    return [row for row in after.finding.values() if row.incident_id == incident.id and row.saw.value != "unsafe"]

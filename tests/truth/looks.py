"""Who looks, and what follows from it? One goes while the others are spared; a yes and a no is a dispute."""

import datetime as dt
from typing import Any

from sqlalchemy import Row

from bot.clock import now
from bot.settings import settings
from tests.truth.books import Books

IDENTIFIES = ("ICE", "HSI", "CBP", "immigration")
NO = ("other_police", "something_else", "nobody")
YES_OR_NO = ("immigration", *NO, "gone")
CLOSED = ("debunked", "not_seen", "unverifiable", "ended", "retracted")


def judge(before: Books, after: Books) -> None:
    """Raises `AssertionError`."""
    for incident in after.incident.values():
        _one_goes(incident, after)
        _spared(incident, before, after)
    for id_, finding in after.finding.items():
        if id_ not in before.finding:
            _a_yes_and_a_no(finding, before, after)
            _ends_by_its_own(finding, before, after)


def identified(finding: Row[Any]) -> bool:
    return finding.saw.value == "immigration" and finding.uniform in IDENTIFIES and not finding.shadow


def held(books: Books, incident_id: int) -> list[Row[Any]]:
    return [row for row in books.claim.values() if row.incident_id == incident_id and row.state.value == "held"]


def _one_goes(incident: Row[Any], after: Books) -> None:
    """Several may look where it is disputed, and finish after it is settled."""
    state, going = incident.state.value, held(after, incident.id)
    if state == "verifying":
        assert len(going) <= 1, "two were sent"
    if state == "unconfirmed" or state in CLOSED:
        assert not going, f"somebody still goes, and it is {state}"


def _spared(incident: Row[Any], before: Books, after: Books) -> None:
    """Who was asked and did not say no hears that it is covered, in the moment somebody goes."""
    fresh = [row for row in held(after, incident.id) if row.id not in before.claim]
    if not fresh or before.incident[incident.id].state.value != "unconfirmed":
        return
    (claim,) = fresh
    told = {row.contact_id for row in after.deliveries if row.key == "pages.covered"}
    latest = max((row.round for row in before.page.values() if row.incident_id == incident.id), default=0)
    for page in before.page.values():
        of_this = page.incident_id == incident.id and page.round == latest and page.ring < 90
        if of_this and not page.declined and page.person_id != claim.person_id and _reachable(page.person_id, after):
            assert after.person[page.person_id].contact_id in told, "not told that it is covered"


def _reachable(person_id: int, books: Books) -> bool:
    contact = books.contact.get(books.person[person_id].contact_id)
    return contact is not None and contact.stopped_at is None and contact.suppressed is None


def _a_yes_and_a_no(finding: Row[Any], before: Books, after: Books) -> None:
    """Of two people, within the time of each other, while it stood confirmed."""
    incident = before.incident.get(finding.incident_id)
    if incident is None or incident.state.value != "confirmed" or finding.saw.value not in NO or finding.shadow:
        return
    if finding.saw.value == "something_else" and finding.was is None:
        return
    span = dt.timedelta(minutes=settings().dispute_minutes)
    last = {row.person_id: row for row in before.finding.values() if row.incident_id == incident.id and _tells(row)}
    last.pop(finding.person_id, None)
    yes = [row for row in last.values() if identified(row) and now() - row.found_at <= span]
    if yes and _standing(incident.id, before) & {row.id for row in yes}:
        assert after.incident[incident.id].state.value == "disputed", "a yes and a no, and no dispute"


def _ends_by_its_own(finding: Row[Any], before: Books, after: Books) -> None:
    """What is confirmed and was told to nobody ends by the word of whoever saw it, and of nobody else; and their word that it
    was something else ends what it stood on.
    """
    incident = before.incident.get(finding.incident_id)
    if incident is None or incident.state.value != "confirmed" or finding.shadow:
        return
    stands = {row.person_id for row in before.confirmation.values() if _stands(row, incident.id)}
    told = [row for row in before.release.values() if row.incident_id == incident.id]
    if finding.saw.value in ("gone", "nobody") and not told and finding.person_id not in stands:
        assert after.incident[incident.id].state.value == "disputed", "ended by somebody who never saw it"
    if finding.saw.value == "other_police":
        assert not _standing(incident.id, after), "taken back, and it still stands"


def _stands(row: Row[Any], incident_id: int) -> bool:
    return bool(row.incident_id == incident_id and row.void_at is None)


def _tells(row: Row[Any]) -> bool:
    return row.saw.value in YES_OR_NO and not row.shadow


def _standing(incident_id: int, books: Books) -> set[int]:
    """The findings that a confirmation stands on now."""
    rows = books.confirmation.values()
    return {row.finding_id for row in rows if row.incident_id == incident_id and row.void_at is None}

"""How soon is somebody asked to look, is a neighborhood told after the second hand, and is it taken back from 5,000 people?

The whole hotline: web, urgent, bulk, clock, and a carrier that notes by its own clock when each message comes. Somebody texts
what they see at a corner, a volunteer confirms it, a second person lets it out: the clock starts before that transaction.
While it goes out to 5,000 people, twenty others text of other corners, and volunteers are paged for each: from the text to
the first page. Then, everybody told, two people take it back: from the second hand to each copy of the correction. The pace
is a short code's, 100 segments a second; 5,000 corrections of one segment need 42 a second at least, or they take longer than
two minutes at any speed of ours.
"""

import functools
import time

from sqlalchemy import select

from benchmarks import people
from benchmarks.ground import Ground
from benchmarks.processes import until
from benchmarks.row import Row
from benchmarks.truth_town import PACE, Standing, settle, stand
from bot.alerts import correction, desk, release
from bot.alerts.models import Alert
from bot.incidents.models import Incident
from bot.moderation.asking_models import Choice
from bot.moderation.models import Saw
from bot.outbox import fuse
from bot.outbox.delivery_models import Delivery
from bot.outbox.models import Kind
from bot.people.models import Person, Role
from bot.store.session import reading, writing

TOLD, QUICK_TOLD = 5_000, 60
REPORTS, QUICK_REPORTS = 20, 3
PAGE_SECONDS, FIRST_COPY_SECONDS, CORRECTION_SECONDS = 15.0, 1.0, 120.0
BETWEEN_SECONDS = 1.0
LONGEST_SECONDS = 300.0


def measure(ground: Ground, quick: bool) -> list[Row]:
    """One alert, from the text that told of it to the last copy that takes it back."""
    told, reports = (QUICK_TOLD, QUICK_REPORTS) if quick else (TOLD, REPORTS)
    ground.stand_on(f"truth_{told}", functools.partial(settle, told))
    standing = stand(ground)
    standing.reports(0)
    alert, released = _let_out()
    pages = _pages(standing, reports)
    until(lambda: people.handed(alert) == told, LONGEST_SECONDS, "everybody is told", *standing.running, every=0.2)
    correcting, taken_back = _take_back()
    until(lambda: people.handed(correcting) == told, LONGEST_SECONDS, "all told again", *standing.running, every=0.2)
    first = standing.arrived(alert)[0] - released
    corrected = [at - taken_back for at in standing.arrived(correcting)]
    return [
        *_rows(pages, first, corrected),
        Row(
            "copies of it lost or twice", abs(len(corrected) - told), "none", 0, "", abs(len(corrected) - told), 0, True
        ),
    ]


def _rows(pages: list[float], first: float, corrected: list[float]) -> list[Row]:
    p95, page_p95 = _within(corrected, 0.95), _within(pages, 0.95)
    least = len(corrected) / PACE
    return [
        Row("report to its first page, p95, while an alert goes out", page_p95, "the ceiling", PAGE_SECONDS, "s",
            page_p95 / PAGE_SECONDS, 1.0, True),
        Row("the slowest page", max(pages), "the ceiling", PAGE_SECONDS, "s", max(pages) / PAGE_SECONDS),
        Row("release to the first copy", first, "the ceiling", FIRST_COPY_SECONDS, "s", first / FIRST_COPY_SECONDS, 1.0, True),
        Row(f"correction to each of {len(corrected):,}, p95", p95, "the ceiling", CORRECTION_SECONDS, "s",
            p95 / CORRECTION_SECONDS, 1.0, True),
        Row("correction to the last of them", corrected[-1], "what the pace takes", least, "s", corrected[-1] / least),
    ]  # fmt: skip


def _within(seconds: list[float], share: float) -> float:
    ordered = sorted(seconds)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def _let_out() -> tuple[int, float]:
    """A volunteer saw it; the second hand's act. Its broadcast, and when the act began."""
    with writing() as session:
        incident = session.scalars(select(Incident)).one()
        vera = session.scalars(select(Person).where(Person.role == Role.VERIFIER).limit(1)).one()
        desk.found(session, incident, vera, Saw.IMMIGRATION, uniform="ICE")
    return _released(Kind.ALERT, "Olga")


def _take_back() -> tuple[int, float]:
    with writing() as session:
        incident = session.scalars(select(Incident).order_by(Incident.id).limit(1)).one()
        olga = session.scalars(select(Person).where(Person.name == "Olga")).one()
        correction.propose_correction(session, incident, olga, "police")
    return _released(Kind.CORRECTION, "Cora")


def _released(kind: Kind, by: str) -> tuple[int, float]:
    with reading() as session:
        alert_id = session.scalars(select(Alert.id).where(Alert.kind == kind, Alert.pending)).one()
        words = fuse.words_of(session.get_one(Alert, alert_id).broadcast)
    began = time.monotonic()
    with writing() as session:
        second = session.scalars(select(Person).where(Person.name == by)).one()
        made = release.release(session, session.get_one(Alert, alert_id), second, words)
        return made.broadcast_id, began


def _pages(standing: Standing, reports: int) -> list[float]:
    """For each text of another corner: how long until the carrier had the first page about it."""
    told = {}
    for nth in range(1, reports + 1):
        told[nth] = standing.reports(nth)
        time.sleep(BETWEEN_SECONDS)  # they come at their own times
    until(lambda: _paged() > reports, LONGEST_SECONDS, "everybody is paged", *standing.running, every=0.2)
    arrivals = {arrival.delivery: arrival.at for arrival in standing.carrier.arrivals()}
    first: dict[int, float] = {}
    for incident_id, delivery_id in _page_copies():
        if delivery_id in arrivals:
            first[incident_id] = min(arrivals[delivery_id], first.get(incident_id, float("inf")))
    opened = sorted(first)[1:]  # the first is the alert's own
    return [first[incident_id] - told[nth] for nth, incident_id in zip(told, opened, strict=True)]


def _paged() -> int:
    """Incidents of which a page has left."""
    with reading() as session:
        handed = set(session.scalars(select(Delivery.id).where(Delivery.handed_at.is_not(None))))
    return len({incident_id for incident_id, delivery_id in _page_copies() if delivery_id in handed})


def _page_copies() -> list[tuple[int, int]]:
    """Which copy asks somebody to look at which incident: by the number that says *going*."""
    with reading() as session:
        given = select(Person.contact_id, Choice.number, Choice.incident_id).join(Person, Person.id == Choice.person_id)
        about = {(contact, number): incident for contact, number, incident in session.execute(given)}
        pages = session.scalars(select(Delivery).where(Delivery.key == "pages.look"))
        found = [(about.get((copy.contact_id, str((copy.values or {}).get("going")))), copy.id) for copy in pages]
    return [(incident_id, delivery_id) for incident_id, delivery_id in found if incident_id is not None]

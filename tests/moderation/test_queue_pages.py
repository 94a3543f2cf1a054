"""However much is open, a page of the queue is a few questions to the database, and what stands on it is the same order."""

from sqlalchemy import event, update
from sqlalchemy.orm import Session

from bot.clock import now
from bot.incidents.models import Incident
from bot.moderation import claims, queue
from bot.reports.models import Aside, Band, Report, ReportKind
from tests.moderation.cast import Town

CORNERS = ("pacific y florence", "gage y state", "slauson y soto", "gage y pacific", "florence y state")


def many(town: Town, count: int, letter: str = "A") -> list[Incident]:
    """Incidents with one report each, as they lie in the database."""
    made = [
        Incident(code=f"{letter}{n:03d}", place_key=f"corner:{n}", place=f"{n}", opened_at=now(), last_report_at=now())
        for n in range(count)
    ]
    town.session.add_all(made)
    town.session.flush()
    town.session.add_all(
        Report(kind=ReportKind.REPORT, incident_id=one.id, language="es", received_at=now()) for one in made
    )
    town.session.flush()
    return made


def questions(session: Session, neighborhoods: list[str] | None = None) -> int:
    session.expire_all()
    asked = []
    connection = session.connection()

    def heard(*said: object) -> None:
        asked.append(said)

    event.listen(connection, "before_cursor_execute", heard)
    queue.screen(session, neighborhoods)
    event.remove(connection, "before_cursor_execute", heard)
    return len(asked)


def test_a_page_asks_as_much_of_a_hundred_incidents_as_of_forty(town: Town) -> None:
    many(town, 40, "A")
    few = questions(town.session)
    many(town, 100, "B")
    assert questions(town.session) == few


def test_pages_together_are_the_whole_queue_in_its_order(town: Town) -> None:
    many(town, 25)
    whole = [row.incident.id for row in queue.waiting(town.session)]
    first, second = queue.screen(town.session, limit=20), queue.screen(town.session, limit=20, offset=20)
    assert [row.incident.id for row in first.rows + second.rows] == whole
    assert first.total == second.total == 25 and len(second.rows) == 5


def test_an_earlier_confirmed_reporter_stands_before_a_new_one_and_that_one_before_an_often_mistaken(
    town: Town,
) -> None:
    told = [town.tells(town.phone(), f"veo agentes de ICE en {corner} en huntington park") for corner in CORNERS[:3]]
    for report, band in zip(told, (Band.OFTEN_MISTAKEN, Band.NEW, Band.KNOWN), strict=True):
        report.band = band
    town.session.flush()
    rows = queue.waiting(town.session)
    assert [row.incident for row in rows] == [report.incident for report in reversed(told)]
    assert "pages.why_known_reporter" in rows[0].reasons and "pages.why_often_mistaken" in rows[2].reasons


def test_what_only_a_brigade_told_of_is_folded_and_nothing_is_dropped(town: Town) -> None:
    said, real = town.tells(town.phone()), town.tells(town.phone(), "veo agentes de ICE en gage y state en HP")
    said.set_aside = Aside.MANY_PLACES
    town.session.flush()
    screen = queue.screen(town.session)
    assert [row.incident for row in screen.rows] == [real.incident]
    assert (screen.total, screen.folded, screen.folded_reports) == (1, 1, 1)
    (folded,) = queue.waiting(town.session, folded=True)
    assert folded.incident is said.incident and "pages.why_many_places" in folded.reasons
    assert [row.folded for row in queue.waiting(town.session)] == [False, True], "the whole has it, behind all others"


def test_one_voice_from_elsewhere_takes_it_out_of_the_fold(town: Town) -> None:
    said = town.tells(town.phone())
    said.set_aside = Aside.BURST
    town.session.flush()
    assert queue.screen(town.session).folded == 1
    town.tells(town.phone(), "yo tambien los veo en pacific y florence con rifles")
    assert queue.screen(town.session).folded == 0


def test_what_somebody_is_looking_at_is_never_folded(town: Town) -> None:
    vera = town.person("Vera")
    incident = town.incident()
    town.session.execute(update(Report).values(set_aside=Aside.MANY_PLACES))
    claims.claim(town.session, incident, vera)
    town.session.flush()
    assert queue.screen(town.session).folded == 0

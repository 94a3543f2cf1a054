"""What lies on the desks of a measurement? Incidents by the thousand with their reports, volunteers, and what they just did."""

import datetime as dt
import re
from typing import Any

from sqlalchemy import Table, insert, select, text, update
from sqlalchemy.orm import Session

from benchmarks import people
from bot.alerts import desk
from bot.clock import now
from bot.contacts.models import Channel, find_or_add
from bot.incidents.models import Incident, IncidentArea
from bot.incidents.opening import CODE_DIGITS, CODE_LETTERS, Spot, open_at
from bot.incidents.states import IncidentState
from bot.moderation.models import Saw
from bot.people import invitations, sessions, shifts, totp
from bot.people.models import Person, Role
from bot.reports import intake, matching
from bot.reports.models import Report, ReportKind
from bot.store.engine import engine
from bot.store.session import writing

AT_ONCE = 1000
REPORTS_EACH = 3
AREAS = ("hp", "bell", "maywood", "lb_cambodia", "lb_downtown")
CODE = re.compile(r'id="row-(\w+)"')
MARK = re.compile(r'id="queue"[^>]*If-None-Match": "\\"(\w+)\\"')
PASSPHRASE = "tres gatos cruzan el puente"  # noqa: S105  of nobody


def town(incidents: int, open_ones: int, subscribers: int) -> None:
    """Everything but the consoles."""
    people.subscribers(subscribers // 10, subscribers)
    with writing() as session:
        for name in ("Ana", "Luz", "Vera"):
            _hired(session, name)
    for start in range(0, incidents, AT_ONCE):
        with writing() as session:
            _fill(session, range(start, min(start + AT_ONCE, incidents)), open_ones)
    _tidy()
    with writing() as session:
        _corner(session)


def coordinator() -> str:
    """A session of somebody who sees everything."""
    with writing() as session:
        ana = session.scalars(select(Person).where(Person.role == Role.COORDINATOR)).first()
        assert ana is not None
        return sessions.open_session(session, ana)


def tokens(count: int) -> list[str]:
    """Sessions of so many people."""
    with writing() as session:
        return [sessions.open_session(session, _hired(session, f"Person {_word(n)}")) for n in range(count)]


def change(n: int) -> None:
    """Something moves: whatever was remembered is old."""
    with writing() as session:
        session.execute(update(Incident).where(Incident.id == 1 + n % 3).values(last_report_at=now()))


def urgent() -> str:
    """A new incident that comes first: several saw it themselves. Its code, as soon as it is committed."""
    with writing() as session:
        incident = open_at(session, Spot(f"corner {now().timestamp()}", "Pacific & Florence", ("hp",)))
        incident.state = IncidentState.DISPUTED
        session.flush()
        return incident.code


def codes(page: str) -> list[str]:
    return CODE.findall(page)


def mark(page: str) -> str:
    found = MARK.search(page)
    return found[1] if found else ""


def _hired(session: Session, name: str) -> Person:
    invited = invitations.found(session, f"{name}'s line", Role.COORDINATOR)
    person = invitations.accept(session, invited.token, invited.code, name, PASSPHRASE, secret=totp.fresh())
    shifts.on(session, person)
    return person


def _fill(session: Session, which: range, open_ones: int) -> None:
    _write(session, Incident.__table__, [_incident(n, open_ones) for n in which])
    _write(
        session, IncidentArea.__table__, [{"incident_id": n + 1, "neighborhood": AREAS[n % len(AREAS)]} for n in which]
    )
    _write(session, Report.__table__, [_report(n, nth) for n in which for nth in range(REPORTS_EACH)])


def _incident(n: int, open_ones: int) -> dict[str, Any]:
    is_open = n < open_ones
    at = now() - dt.timedelta(minutes=(1 + n % 600) if is_open else 60 * (24 + n))
    return {
        "id": n + 1, "code": _code(n), "place_key": f"corner {n}", "place": f"Corner {n}", "opened_at": at, "last_report_at": at,
        "state": IncidentState.UNCONFIRMED if is_open else IncidentState.UNVERIFIABLE, "closed_at": None if is_open else at,
    }  # fmt: skip


def _report(n: int, nth: int) -> dict[str, Any]:
    return {
        "pseudonym": f"{n:05x}{nth}", "kind": ReportKind.REPORT, "incident_id": n + 1, "contact_id": 1 + n * REPORTS_EACH + nth,
        "language": "es", "received_at": now() - dt.timedelta(minutes=1 + n % 600), "size": 4, "uniform": "ICE", "time": "now",
        "first_hand": True, "equipment": [], "words": [],
    }  # fmt: skip


def _code(n: int) -> str:
    """Each its own; the first of four signs says that nobody drew it."""
    n, last = divmod(n, len(CODE_LETTERS))
    n, digit = divmod(n, len(CODE_DIGITS))
    n, third = divmod(n, len(CODE_LETTERS))
    return f"{CODE_LETTERS[n]}{CODE_LETTERS[third]}{CODE_DIGITS[digit]}{CODE_LETTERS[last]}"


def _word(n: int) -> str:
    return f"{chr(97 + n // 26)}{chr(97 + n % 26)}"


def _write(session: Session, table: Any, rows: list[dict[str, Any]]) -> None:
    known: Table = table
    session.connection().execute(insert(known), rows)


def _corner(session: Session) -> None:
    """One that was looked at, whose alert waits for its second person."""
    vera = session.scalars(select(Person).where(Person.name == "Vera")).one()
    text_ = "ice at pacific and florence right now, 8 agents with vests, two white vans"
    contact, sighting = find_or_add(session, people.number(0), Channel.SMS), intake.read(text_, "en")
    report = matching.file(
        session, contact=contact, text=text_, language="en", kind=ReportKind.REPORT, sighting=sighting
    )
    assert report.incident is not None
    desk.found(session, report.incident, vera, Saw.IMMIGRATION, "8, vests", uniform="ICE")


def _tidy() -> None:
    """What autovacuum does within a minute in life; and PostgreSQL's counter goes on behind the ids we gave."""
    if engine().dialect.name != "postgresql":
        return
    with engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(
            text("SELECT setval(pg_get_serial_sequence('incident', 'id'), (SELECT max(id) FROM incident))")
        )
        connection.execute(text("VACUUM ANALYZE incident, incident_area, report, person"))

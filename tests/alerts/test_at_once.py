"""Two press at the same moment: does exactly one of them do it, on both databases?"""

import threading
from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from bot.alerts import by_text, compose, correction, release
from bot.alerts.models import Alert
from bot.incidents.models import Incident
from bot.incidents.states import IncidentState, StepRefused
from bot.moderation import claims, emergencies, findings, verdicts
from bot.moderation.emergency_models import Emergency
from bot.moderation.models import Claim, Confirmation, Finding, Saw
from bot.moderation.refusals import Refused
from bot.outbox import fuse
from bot.outbox.models import Kind, Release
from bot.people import shifts
from bot.people.models import Person, Role
from bot.privacy import audit
from bot.reports.models import ReportKind
from bot.store.session import reading, writing
from tests.moderation.cast import Town

AT_ONCE = 4


def together(act: Callable[[int], object]) -> list[str]:
    """Do it in several threads at one moment: what each of them came to."""
    start, ends = threading.Barrier(AT_ONCE), ["?"] * AT_ONCE

    def one(n: int) -> None:
        start.wait()
        try:
            act(n)
            ends[n] = "done"
        except (Refused, StepRefused) as refused:
            ends[n] = type(refused).__name__

    threads = [threading.Thread(target=one, args=(n,)) for n in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ends


def played(*, confirmed: bool) -> int:
    with writing() as session:
        town = Town(session)
        vera = town.person("Vera")
        town.person("Otto")
        town.person("Olga", Role.ORGANIZER, line="birch")
        town.person("Oona", Role.ORGANIZER, line="cedar")
        incident = town.incident()
        if confirmed:
            findings.find(session, incident, vera, Saw.IMMIGRATION, "ICE vests")
            verdicts.judge(session, incident)
            compose.propose(session, incident, Kind.ALERT, vera)
        return incident.id


def named(session: object, name: str) -> Person:
    found: Person = session.scalars(select(Person).where(Person.name == name)).one()  # type: ignore[attr-defined]
    return found


def count(what: type, *where: object) -> int:
    with reading() as session:
        return session.scalar(select(func.count()).select_from(what).where(*where)) or 0  # type: ignore[arg-type]


@pytest.mark.threat("T27")
def test_one_of_two_releases(database_url: str) -> None:
    played(confirmed=True)

    def press(n: int) -> None:
        with writing() as session:
            alert = session.scalars(select(Alert)).one()
            release.release(session, alert, named(session, ("Olga", "Oona")[n % 2]), fuse.words_of(alert.broadcast))

    ends = together(press)
    assert sorted(ends) == ["AlertRefused"] * (AT_ONCE - 1) + ["done"] and count(Release) == 1


def test_two_verifiers_say_going_and_one_goes(database_url: str) -> None:
    incident_id = played(confirmed=False)

    def go(n: int) -> None:
        with writing() as session:
            claims.claim(session, session.get_one(Incident, incident_id), named(session, ("Vera", "Otto")[n % 2]))

    ends = together(go)
    assert ends.count("done") == 2, "whoever was first, and their second text"
    assert count(Claim) == 1


def test_a_finding_sent_twice_at_once_confirms_once(database_url: str) -> None:
    incident_id = played(confirmed=False)

    def see(n: int) -> None:
        with writing() as session:
            incident = session.get_one(Incident, incident_id)
            findings.find(session, incident, named(session, "Vera"), Saw.IMMIGRATION, "ICE vests")
            verdicts.judge(session, incident)

    assert set(together(see)) == {"done"}
    assert count(Finding) == 1 and count(Confirmation) == 1
    with reading() as session:
        assert session.get_one(Incident, incident_id).state is IncidentState.CONFIRMED


def test_one_takes_the_emergency(database_url: str) -> None:
    with writing() as session:
        town = Town(session)
        for name in ("A", "B", "C", "D"):
            town.person(name, Role.COORDINATOR)
        report = town.tells(town.phone(), "ayuda tocan mi puerta", ReportKind.EMERGENCY)
        emergency_id = emergencies.open(session, report).id
    took: list[str] = []

    def take(n: int) -> None:
        with writing() as session:
            if emergencies.take(session, session.get_one(Emergency, emergency_id), named(session, "ABCD"[n])):
                took.append("ABCD"[n])

    together(take)
    assert len(took) == 1


@pytest.mark.threat("T27")
def test_two_doubts_are_one(database_url: str) -> None:
    incident_id = played(confirmed=True)
    with writing() as session:
        alert = session.scalars(select(Alert)).one()
        release.release(session, alert, named(session, "Olga"), fuse.words_of(alert.broadcast))

    def doubt(n: int) -> None:
        with writing() as session:
            incident = session.get_one(Incident, incident_id)
            correction.halt_and_doubt(session, incident, named(session, ("Olga", "Oona")[n % 2]))

    assert set(together(doubt)) == {"done"} and count(Release, Release.kind == Kind.DOUBT) == 1


def test_the_audit_chain_holds_when_many_act_at_once(database_url: str) -> None:
    with writing() as session:
        town = Town(session)
        for name in ("A", "B", "C", "D"):
            town.person(name)

    def act(n: int) -> None:
        for _ in range(3):
            with writing() as session:
                person = named(session, "ABCD"[n])
                shifts.off(session, person)
                shifts.on(session, person)

    assert set(together(act)) == {"done"}
    with reading() as session:
        assert audit.broken_at(session) is None
        assert count(audit.AuditEntry) == 2 * 3 * AT_ONCE


def test_all_answer_the_same_page_by_text_at_once_and_nobody_waits_in_a_ring(database_url: str) -> None:
    with writing() as session:
        town = Town(session)
        people = [town.person(name) for name in ("A", "B", "C")]
        incident = town.incident()
        numbers = {person.name: town.last(person)["going"] for person in people}
        report = town.tells(town.phone(), "ayuda tocan mi puerta", ReportKind.EMERGENCY)
        town.person("D", Role.COORDINATOR)
        emergencies.open(session, report)

    def answer(n: int) -> None:
        with writing() as session:
            person = named(session, "ABC"[n % 3])
            assert person.contact is not None
            assert by_text.hear(session, person, numbers[person.name], person.contact)

    assert set(together(answer)) == {"done"}
    assert count(Claim) == 1
    with reading() as session:
        assert session.get_one(Incident, incident.id).state is IncidentState.VERIFYING

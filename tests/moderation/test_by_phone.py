"""What a dispatcher writes down of a call is a report of nobody's number, marked with where it came from."""

from dataclasses import replace

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from bot.incidents.models import Incident
from bot.incidents.states import IncidentState
from bot.moderation import by_phone, outcomes, paging, queue
from bot.moderation.by_phone import Call
from bot.moderation.refusals import Refused
from bot.people.models import Person
from bot.places import gazetteer
from bot.privacy import audit
from bot.reports import witnesses
from bot.reports.models import Report, Source
from tests.moderation.cast import ELSEWHERE, Town

CALL = Call(
    source="call",
    place=gazetteer.find("pacific y florence, huntington park"),
    first_hand=True,
    size=6,
    activity="checkpoint",
    uniform="ICE",
    vehicles=2,
    vehicle_kind="van",
    vehicle_colour="white",
    equipment=("vests", "masks"),
)


def test_it_opens_an_incident_and_those_near_are_asked(town: Town, dora: Person) -> None:
    vera = town.person("Vera")
    report = by_phone.write_down(town.session, CALL, dora)
    assert report.incident is not None and report.incident.state is IncidentState.UNCONFIRMED
    assert (report.source, report.taken_by_id, report.contact_id) == (Source.CALL, dora.id, None)
    assert (report.size, report.vehicles, report.vehicle_words) == (6, 2, "van white")
    assert set(report.equipment) == {"vests", "masks"}
    assert [page.person_id for page in paging.pages_of(town.session, report.incident)] == [vera.id]
    assert "6" in town.read(vera)[-1]


def test_told_by_text_and_by_phone_it_is_one_incident(town: Town, dora: Person) -> None:
    known = town.incident()
    assert by_phone.write_down(town.session, CALL, dora).incident is known
    assert len(list(town.session.scalars(select(Incident)))) == 1
    assert len(witnesses.independent(witnesses.reports_of(town.session, known))) == 2


def test_what_was_only_heard_of_is_no_witness(town: Town, dora: Person) -> None:
    known = town.incident()
    by_phone.write_down(town.session, replace(CALL, source="radio", first_hand=False), dora)
    (row,) = queue.waiting(town.session)
    assert (row.incident.id, row.witnesses, row.reports) == (known.id, 1, 2)


def test_the_queue_says_that_it_was_told_by_phone(town: Town, dora: Person) -> None:
    by_text, by_call = town.incident(ELSEWHERE), by_phone.write_down(town.session, CALL, dora).incident_id
    for limit in (None, 5):
        said = {
            row.incident.id: "pages.why_by_phone" in row.reasons for row in queue.waiting(town.session, limit=limit)
        }
        assert said == {by_text.id: False, by_call: True}


def test_nobody_is_owed_an_answer_for_it(town: Town, dora: Person) -> None:
    report = by_phone.write_down(town.session, CALL, dora)
    assert report.incident is not None
    assert not outcomes.owed(town.session, report.incident)


def test_its_words_are_redacted_and_locked(town: Town, dora: Person) -> None:
    said = replace(CALL, words="two vans, plate 8ABC123, call 323-555-0104, 6712 Seville Ave apt 3")
    report = by_phone.write_down(town.session, said, dora)
    for told in ("8ABC123", "555-0104", "6712", "apt 3"):
        assert told not in report.text
    assert report.locked is not None and b"two vans" not in report.locked
    assert by_phone.write_down(town.session, CALL, dora).locked is None


def test_who_wrote_it_down_is_known(town: Town, dora: Person) -> None:
    report = by_phone.write_down(town.session, replace(CALL, source="school"), dora)
    entry = town.session.scalars(select(audit.AuditEntry).where(audit.AuditEntry.act == "report.by_school")).one()
    assert (entry.subject, entry.person_id) == (f"incident:{report.incident_id}", dora.id)


@pytest.mark.parametrize(
    ("wrong", "key"),
    [
        ({"source": "text"}, "refused.choose"),
        ({"source": "a friend"}, "refused.choose"),
        ({"uniform": "army"}, "refused.choose"),
        ({"time": "future"}, "refused.choose"),
        ({"activity": "raiding"}, "refused.choose"),
        ({"equipment": ("tanks",)}, "refused.choose"),
        ({"vehicle_kind": "tank"}, "refused.choose"),
        ({"size": 0}, "call.count"),
        ({"size": 501}, "call.count"),
        ({"vehicles": -1}, "call.count"),
        ({"place": gazetteer.find("")}, "call.no_place"),
        ({"place": gazetteer.find("walmart")}, "call.no_place"),
        ({"place": gazetteer.find("in Fresno")}, "call.no_place"),
    ],
)
def test_only_what_a_report_can_say_is_written_down(
    town: Town, dora: Person, wrong: dict[str, object], key: str
) -> None:
    with pytest.raises(Refused) as refused:
        by_phone.write_down(town.session, replace(CALL, **wrong), dora)  # type: ignore[arg-type]
    assert refused.value.key == f"console.{key}" and list(town.session.scalars(select(Report))) == []


@pytest.mark.parametrize("values", ["source = 'call'", "source = 'rumor'"])
def test_the_database_keeps_no_call_with_a_number(town: Town, values: str) -> None:
    town.incident()
    with pytest.raises(IntegrityError), town.session.begin_nested():
        town.session.execute(text(f"UPDATE report SET {values}"))  # noqa: S608

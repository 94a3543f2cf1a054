"""What stands first, and does the row say why?"""

from bot.incidents.models import Incident
from bot.incidents.states import IncidentState
from bot.moderation import claims, closing, findings, queue, verdicts
from bot.moderation.models import Saw
from messages import catalog
from tests.moderation.cast import ELSEWHERE, LUIS, ROSA, Town

QUIET = "veo migra en slauson y soto"


def order(town: Town) -> list[Incident]:
    return [row.incident for row in queue.waiting(town.session)]


def test_what_waits_for_its_second_person_is_first_then_what_several_saw(town: Town) -> None:
    vera = town.person("Vera")
    one, several, confirmed = town.incident(QUIET), town.incident(LUIS), town.incident(ELSEWHERE)
    town.tells(town.phone(), ROSA)
    findings.find(town.session, confirmed, vera, Saw.IMMIGRATION, "ICE vests")
    verdicts.judge(town.session, confirmed)
    assert order(town) == [confirmed, several, one]


def test_one_number_that_writes_often_moves_nothing_up(town: Town) -> None:
    loud = town.phone()
    first = town.tells(town.phone(), ELSEWHERE).incident
    second = town.tells(loud).incident
    for _ in range(5):
        town.tells(loud)
    assert order(town) == [first, second]
    row = queue.waiting(town.session)[1]
    assert row.witnesses == 1 and row.reports == 6


def test_nothing_is_hidden_but_what_is_closed(town: Town) -> None:
    vera = town.person("Vera")
    kept, closed = town.incident(LUIS), town.incident(ELSEWHERE)
    claims.claim(town.session, kept, vera)
    closing.close(town.session, closed, IncidentState.UNVERIFIABLE)
    assert order(town) == [kept]


def test_only_these_neighborhoods_when_they_are_named(town: Town) -> None:
    border, _ = town.incident(LUIS), town.incident(ELSEWHERE)
    assert [row.incident for row in queue.waiting(town.session, ["walnut_park"])] == [border]
    assert queue.waiting(town.session, ["lb_east"]) == []


def test_every_reason_can_be_said(town: Town) -> None:
    town.person("Vera")
    town.incident()
    (row,) = queue.waiting(town.session)
    assert {"pages.why_first_hand", "pages.why_unclaimed", "pages.why_now"} <= set(row.reasons)
    assert all(catalog.text(reason, language, minutes=10) for reason in row.reasons for language in ("en", "es"))

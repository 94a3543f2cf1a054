"""Does everyone who told us hear what became of it, once, and never too much?"""

from bot.incidents.states import IncidentState
from bot.moderation import claims, closing, findings, outcomes, verdicts
from bot.moderation.models import Saw
from bot.reports.models import ReportKind
from tests.moderation.cast import LUIS, ROSA, Town

S = IncidentState


def test_being_checked_then_what_it_was(town: Town) -> None:
    vera = town.person("Vera")
    luis, rosa = town.phone("es"), town.phone("en")
    incident = town.tells(luis).incident
    town.tells(rosa, ROSA)
    assert incident is not None
    assert outcomes.tell(town.session, incident) == 0, "the receipt said all there is"
    claims.claim(town.session, incident, vera)
    assert outcomes.tell(town.session, incident) == 2 and outcomes.tell(town.session, incident) == 0
    findings.find(town.session, incident, vera, Saw.OTHER_POLICE)
    verdicts.judge(town.session, incident)
    outcomes.tell(town.session, incident)
    assert town.keys(luis) == ["outcomes.checking", "outcomes.was"]
    assert (
        "policia local, no migra" in town.read(luis)[-1].replace("í", "i")
        and "Pacific y Florence" in town.read(luis)[-1]
    )
    assert "local police, not immigration" in town.read(rosa)[-1]


def test_not_seen_says_when_we_looked(town: Town) -> None:
    vera, luis = town.person("Vera"), town.phone()
    incident = town.tells(luis).incident
    assert incident is not None
    findings.find(town.session, incident, vera, Saw.NOBODY)
    verdicts.judge(town.session, incident)
    outcomes.tell(town.session, incident)
    assert incident.looked_at is not None and "no vimos agentes" in town.read(luis)[-1]


def test_confirmed_by_one_hand_is_never_said(town: Town) -> None:
    vera, luis = town.person("Vera"), town.phone()
    incident = town.tells(luis).incident
    assert incident is not None
    findings.find(town.session, incident, vera, Saw.IMMIGRATION, "vests say ICE")
    assert verdicts.judge(town.session, incident) is S.CONFIRMED
    outcomes.tell(town.session, incident)
    assert town.keys(luis) == ["outcomes.checking"]


def test_who_reported_twice_hears_once(town: Town) -> None:
    luis = town.phone()
    incident = town.tells(luis).incident
    town.tells(luis, ROSA)
    assert incident is not None
    closing.close(town.session, incident, S.UNVERIFIABLE)
    assert outcomes.tell(town.session, incident) == 1 and town.keys(luis) == ["outcomes.unverifiable"]


def test_who_said_stop_or_was_forgotten_hears_nothing(town: Town) -> None:
    stopped = town.phone()
    incident = town.tells(stopped).incident
    town.tells(None, ROSA)
    stopped.stop()
    assert incident is not None
    closing.close(town.session, incident, S.UNVERIFIABLE)
    assert outcomes.tell(town.session, incident) == 0 and town.keys(stopped) == []


def test_who_only_asked_hears_the_outcome_but_not_that_we_check(town: Town) -> None:
    vera, asker = town.person("Vera"), town.phone()
    incident = town.incident()
    town.tells(asker, LUIS, ReportKind.RUMOR)
    claims.claim(town.session, incident, vera)
    outcomes.tell(town.session, incident)
    assert town.keys(asker) == []
    findings.find(town.session, incident, vera, Saw.SOMETHING_ELSE, was="film_crew")
    verdicts.judge(town.session, incident)
    outcomes.tell(town.session, incident)
    assert town.keys(asker) == ["outcomes.was"]


def test_the_answer_comes_in_the_language_they_chose_else_in_the_one_they_wrote(town: Town) -> None:
    unknown = town.phone()
    unknown.language = None
    khmer = town.phone("km")
    incident = town.tells(unknown).incident
    town.tells(khmer, ROSA)
    assert incident is not None
    closing.close(town.session, incident, S.UNVERIFIABLE)
    outcomes.tell(town.session, incident)
    assert town.received(unknown)[-1].language == "es"
    assert town.received(khmer)[-1].language == "km"

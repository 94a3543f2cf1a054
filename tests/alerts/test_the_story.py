"""Report, page, claim, finding, release, over: does the whole story hold together, by text and by hand?"""

from sqlalchemy import select

from bot.alerts import by_text, release
from bot.alerts.models import Alert
from bot.incidents.states import IncidentState
from bot.moderation import paging
from bot.outbox import fuse
from bot.outbox.models import Kind
from bot.people.models import Person, Role
from bot.reports.models import Report
from tests.moderation.cast import ROSA, Town


def says(town: Town, person: Person, text: str) -> bool:
    assert person.contact is not None
    return by_text.hear(town.session, person, text, person.contact)


def waiting(town: Town, kind: Kind) -> Alert:
    return town.session.scalars(select(Alert).where(Alert.pending, Alert.kind == kind)).one()


def let_out(town: Town, alert: Alert, person: Person) -> None:
    release.release(town.session, alert, person, fuse.words_of(alert.broadcast))


def test_the_story_of_pacific_and_florence(town: Town) -> None:
    vera, otto = town.person("Vera"), town.person("Otto", areas=("walnut_park",))
    olga = town.person("Olga", Role.ORGANIZER, line="birch", on=False)
    luis, rosa = town.phone(), town.phone()

    told: Report = town.tells(luis)
    incident = told.incident
    assert incident is not None and incident.neighborhoods == ("hp", "walnut_park")
    assert town.tells(rosa, ROSA).incident is incident
    assert {page.person for page in paging.page(town.session, incident)} == {vera, otto}

    assert says(town, vera, town.last(vera)["going"])
    assert incident.state is IncidentState.VERIFYING
    assert town.keys(otto)[-1] == "pages.covered"

    number = town.last(vera)["immigration"]
    assert says(town, vera, f"{number} 6 agents, vests say ICE")
    assert incident.state.value == "confirmed" and incident.uniform == "ICE"
    assert all("confirm" not in text.lower() for text in town.read(luis)), "nobody hears confirmed by one hand"

    alert = waiting(town, Kind.ALERT)
    assert alert.broadcast.neighborhoods == ["hp", "walnut_park"]
    let_out(town, alert, olga)
    assert town.keys(luis)[-1] == "outcomes.told" and town.keys(rosa)[-1] == "outcomes.told"

    assert says(town, vera, town.last(vera)["gone"])
    over = waiting(town, Kind.OVER)
    assert over.broadcast.same_people_as == alert.broadcast_id
    let_out(town, over, olga)
    assert incident.state.value == "ended"
    assert town.keys(luis)[-1] == "outcomes.over" and town.keys(rosa)[-1] == "outcomes.over"
    assert town.keys(vera)[-1] == "pages.closed_ended"

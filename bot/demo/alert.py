"""An alert in a demo: reported, found and released by the demo's own people, through the same rules as the real thing."""

import typer
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.alerts import compose, desk, release
from bot.clock import now
from bot.demo.ground import only_in_a_demo
from bot.demo.people import introduce
from bot.incidents.models import Incident
from bot.incidents.opening import Spot, open_at
from bot.moderation import claims
from bot.moderation.models import Saw
from bot.outbox import fuse
from bot.outbox.models import Kind
from bot.people.models import Person
from bot.places.found import NOTHING
from bot.places.neighborhoods import Neighborhood, UnknownNeighborhood, neighborhood
from bot.reports import intake, matching
from bot.reports.models import ReportKind
from bot.store.session import writing

FOUND_BY, RELEASED_BY = "Ana", "Teo"


def raise_alert(area: str) -> None:
    """Confirm an incident in the neighborhood and release its alert. Refused outside a demo."""
    only_in_a_demo()
    try:
        place = neighborhood(area)
    except UnknownNeighborhood as unknown:
        typer.echo(str(unknown), err=True)
        raise typer.Exit(1) from None
    introduce()
    with writing() as session:
        incident = _reported(session, place)
        finder = _person(session, FOUND_BY)
        claims.claim(session, incident, finder)
        desk.found(session, incident, finder, Saw.IMMIGRATION, "ICE on the vests, 6 agents", uniform="ICE")
        alert = compose.pending(session, incident, Kind.ALERT)
        if alert is None:
            typer.echo(
                f"{incident.place} is {incident.state} and was told already; nothing new was released.", err=True
            )
            raise typer.Exit(1)
        release.release(session, alert, _person(session, RELEASED_BY), fuse.words_of(alert.broadcast))
        code = incident.code
    typer.echo(f"Released {code} for {place.name}.")


def _reported(session: Session, place: Neighborhood) -> Incident:
    """An incident of its own each time, so that practice alerts never join: reports of one place would."""
    latitude, longitude = place.centre
    name, key = f"{place.name}, practice", f"practice:{now():%H%M%S%f}@{place.id}"
    incident = open_at(
        session,
        Spot(
            key=key, label=name, neighborhoods=(place.id,), latitude=latitude, longitude=longitude, sensitive=False, is_area=False
        ),
    )  # fmt: skip
    text = f"ICE in {place.name}, 6 agents, now"
    sighting = intake.read(text, "en", place=NOTHING)
    report = matching.file(session, contact=None, text=text, language="en", kind=ReportKind.REPORT, sighting=sighting)
    report.incident = incident
    return incident


def _person(session: Session, name: str) -> Person:
    return session.scalars(select(Person).where(Person.name == name)).one()

"""A confirmed incident, its alert and the people who may let it out: where most of these tests begin."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from sqlalchemy import select

from bot.alerts import by_text, desk, release
from bot.alerts.models import Alert
from bot.contacts.models import Contact
from bot.incidents.models import Incident
from bot.moderation import paging
from bot.moderation.models import Saw
from bot.outbox import fuse, planning
from bot.outbox.delivery_models import Delivery, State
from bot.outbox.models import Kind, Release
from bot.people.models import Person, Role
from tests.moderation.cast import Town

ICE = "6 agents, vests say ICE"


@dataclass
class Stage:
    town: Town
    vera: Person
    """She confirms. Line ash."""
    olga: Person
    """Organizer of line birch: the second hand."""
    omar: Person
    """Organizer of Vera's own line."""
    luis: Contact
    """He reported it."""
    incident: Incident

    def pending(self, kind: Kind = Kind.ALERT) -> Alert | None:
        return self.town.session.scalars(select(Alert).where(Alert.pending, Alert.kind == kind)).one_or_none()

    def found(self, person: Person | None = None, saw: Saw = Saw.IMMIGRATION, words: str = ICE) -> None:
        desk.found(self.town.session, self.incident, person or self.vera, saw, words if saw is Saw.IMMIGRATION else "")

    def release(self, kind: Kind = Kind.ALERT, by: Person | None = None) -> Release:
        alert = self.pending(kind)
        assert alert is not None
        return release.release(self.town.session, alert, by or self.olga, fuse.words_of(alert.broadcast))

    def refusals(self, person: Person | None = None, kind: Kind = Kind.ALERT) -> list[str]:
        alert = self.pending(kind)
        assert alert is not None
        return [
            key.removeprefix("alerts.refused_")
            for key in release.refusals(self.town.session, alert, person or self.olga)
        ]

    def says(self, person: Person, text: str) -> bool:
        assert person.contact is not None
        return by_text.hear(self.town.session, person, text, person.contact)

    def goes(self) -> None:
        """Vera texts her number of the page."""
        assert self.says(self.vera, self.town.last(self.vera)["going"])

    def plan(self, broadcast_id: int) -> set[int | None]:
        """Whom the planner would send it to."""
        while planning.plan_slice(self.town.session, broadcast_id):
            pass
        copies = select(Delivery.contact_id).where(Delivery.broadcast_id == broadcast_id)
        return set(self.town.session.scalars(copies))

    def hand(self, broadcast_id: int, *contacts: Contact) -> None:
        """These copies left."""
        ids = [contact.id for contact in contacts]
        for copy in self.town.session.scalars(select(Delivery).where(Delivery.broadcast_id == broadcast_id)):
            if copy.contact_id in ids:
                copy.state = State.HANDED
        self.town.session.flush()


@pytest.fixture
def stage(town: Town) -> Iterator[Stage]:
    vera = town.person("Vera")
    olga = town.person("Olga", Role.ORGANIZER, line="birch", on=False)
    omar = town.person("Omar", Role.ORGANIZER, line="ash", on=False)
    luis = town.phone()
    incident = town.tells(luis).incident
    assert incident is not None
    yield Stage(town, vera, olga, omar, luis, incident)


@pytest.fixture
def paged(stage: Stage) -> Stage:
    paging.page(stage.town.session, stage.incident)
    return stage

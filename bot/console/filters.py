"""Which part of the queue is asked for? Said in the address: it can be kept, sent to somebody, and needs no JavaScript."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, or_, select

from bot.incidents.models import Incident
from bot.incidents.states import OPEN, IncidentState
from bot.moderation.asking_models import Page
from bot.moderation.models import Claim, ClaimState
from bot.people.models import Person
from bot.places.neighborhoods import all_neighborhoods
from bot.reports.models import Report, Source
from bot.settings import settings

KINDS: dict[str, ColumnElement[bool]] = {
    "told": Incident.asked_only.is_(False),
    "asked": Incident.asked_only.is_(True),
    "sensitive": Incident.sensitive.is_(True),
    "called": Incident.id.in_(select(Report.incident_id).where(Report.source != Source.TEXT)),
}
"""Reported by somebody; only asked about; a school, clinic, shelter or church; told by phone or radio."""
STATES = tuple(state for state in IncidentState if state in OPEN)


@dataclass(frozen=True, slots=True)
class Filters:
    """What was asked for. What is no neighborhood, state or kind of ours was not asked for."""

    area: str = ""
    state: str = ""
    kind: str = ""
    mine: bool = False
    folded: bool = False
    page: int = 1

    @property
    def is_set(self) -> bool:
        return bool(self.area or self.state or self.kind or self.mine)

    @property
    def neighborhoods(self) -> tuple[str, ...] | None:
        return (self.area,) if self.area else None

    @property
    def offset(self) -> int:
        return (self.page - 1) * settings().queue_screen_rows

    def conditions(self, person: Person) -> list[ColumnElement[bool]]:
        found = [Incident.state == IncidentState(self.state)] if self.state else []
        found += [KINDS[self.kind]] if self.kind else []
        return found + ([_is_of(person)] if self.mine else [])

    def address(self, **changes: object) -> dict[str, object]:
        """As arguments of `url_for`; `page` is the first again unless it is what changes."""
        asked = replace(self, page=1, **changes) if "page" not in changes else replace(self, **changes)  # type: ignore[arg-type]
        said: dict[str, object] = {"area": asked.area, "state": asked.state, "kind": asked.kind}
        said |= {"mine": int(asked.mine), "folded": int(asked.folded), "page": asked.page if asked.page > 1 else 0}
        return {name: value for name, value in said.items() if value}


def read(args: Mapping[str, str]) -> Filters:
    known = {area.id for area in all_neighborhoods()}
    return Filters(
        area=args.get("area", "") if args.get("area") in known else "",
        state=args.get("state", "") if args.get("state") in STATES else "",
        kind=args.get("kind", "") if args.get("kind") in KINDS else "",
        mine=args.get("mine") == "1",
        folded=args.get("folded") == "1",
        page=int(asked) if (asked := args.get("page", "")).isdecimal() and 1 < int(asked[:6]) < 10_000 else 1,
    )


def _is_of(person: Person) -> ColumnElement[bool]:
    """They are on it, or were asked to look and have not said no."""
    held = select(Claim.incident_id).where(Claim.person_id == person.id, Claim.state == ClaimState.HELD)
    asked = select(Page.incident_id).where(Page.person_id == person.id, Page.declined.is_(False))
    return or_(Incident.id.in_(held), Incident.id.in_(asked))

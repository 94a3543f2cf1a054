"""When is nobody on who could release, or go and look?"""

import datetime as dt

import pytest

from bot.clock import now
from bot.people.gaps import Gap, GapKind, gaps
from bot.people.models import Person, Role, Shift
from tests.moderation.cast import Town, clock, town

__all__ = ["clock", "town"]
pytestmark = pytest.mark.usefixtures("clock")


def at(hours: float) -> dt.datetime:
    return now() + dt.timedelta(hours=hours)


def works(town: Town, person: Person, start: float, end: float) -> None:
    town.session.add(Shift(person_id=person.id, starts_at=at(start), ends_at=at(end)))
    town.session.flush()


def of(town: Town, kind: GapKind, until: float = 12) -> list[tuple[float, float]]:
    """The gaps of this kind, in hours from now."""
    found = [gap for gap in gaps(town.session, now(), at(until)) if gap.kind is kind]
    return [tuple((moment - now()).total_seconds() / 3600 for moment in (gap.start, gap.end)) for gap in found]  # type: ignore[misc]


def test_an_empty_plan_is_one_gap(town: Town) -> None:
    town.person("Vera", on=False)
    assert gaps(town.session, now(), at(12)) == [
        Gap(GapKind.LOOK, now(), at(12), ("hp",)),
        Gap(GapKind.RELEASE, now(), at(12)),
    ]


def test_shifts_that_follow_each_other_leave_none_and_the_rest_is_cut_to_what_was_asked(town: Town) -> None:
    olga, orson = (town.person(name, Role.ORGANIZER, on=False) for name in ("Olga", "Orson"))
    works(town, olga, -2, 3)
    works(town, orson, 3, 6)
    works(town, olga, 8, 20)
    assert of(town, GapKind.RELEASE) == [(6, 8)]


def test_whoever_lost_access_or_only_looks_fills_no_shift_of_releasers(town: Town) -> None:
    gone, vera = town.person("Gone", Role.COORDINATOR, on=False), town.person("Vera", on=False)
    works(town, gone, 0, 12)
    works(town, vera, 0, 12)
    gone.revoked_at = now()
    town.session.flush()
    assert of(town, GapKind.RELEASE) == [(0, 12)]


def test_a_releaser_of_the_same_line_as_everybody_who_looks_is_no_second_hand(town: Town) -> None:
    vera, olga = town.person("Vera", on=False), town.person("Olga", Role.ORGANIZER, on=False)
    otto = town.person("Otto", line="birch", on=False)
    works(town, vera, 0, 12)
    works(town, olga, 0, 12)
    works(town, otto, 4, 6)
    assert of(town, GapKind.RELEASE) == [(0, 4), (6, 12)]


def test_a_verifier_next_door_can_look_and_one_far_away_cannot(town: Town) -> None:
    town.person("Hana", areas=("hp",), on=False)
    near, far = town.person("Nell", areas=("south_gate",), on=False), town.person("Finn", areas=("lb_east",), on=False)
    works(town, near, 0, 5)
    works(town, far, 0, 12)
    found = {
        name: gap for gap in gaps(town.session, now(), at(12)) if gap.kind is GapKind.LOOK for name in gap.neighborhoods
    }
    assert (found["hp"].start, found["hp"].end) == (at(5), at(12)) and "lb_east" not in found


def test_neighborhoods_that_are_empty_at_the_same_time_are_one_gap(town: Town) -> None:
    town.person("Hana", areas=("hp", "maywood"), on=False)
    (gap,) = [one for one in gaps(town.session, now(), at(2)) if one.kind is GapKind.LOOK]
    assert gap.neighborhoods == ("hp", "maywood")


def test_neighborhoods_can_be_asked_for_by_name(town: Town) -> None:
    found = gaps(town.session, now(), at(2), ["lb_east"])
    assert [gap.neighborhoods for gap in found if gap.kind is GapKind.LOOK] == [("lb_east",)]

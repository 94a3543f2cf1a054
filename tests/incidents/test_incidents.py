"""Does an incident only take the steps it may, once, and is it called by a code that people can type?"""

import re

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from bot.incidents import opening
from bot.incidents.models import Incident, IncidentStep
from bot.incidents.places import areas, short_area, spoken
from bot.incidents.states import STEPS, IncidentState, StepRefused
from tests.moderation.cast import Town

S = IncidentState
SPOT = opening.Spot("corner:florence+pacific@hp", "Pacific & Florence", ("hp", "walnut_park"), 33.974, -118.225)


def test_a_code_is_three_signs_nobody_mistakes(town: Town) -> None:
    codes = [opening.open_at(town.session, SPOT).code for _ in range(30)]
    assert all(re.fullmatch(r"[A-HJ-NP-Z][2-9][A-HJ-NP-Z]", code) for code in codes)
    assert len(set(codes)) == 30


def test_when_the_short_codes_are_used_up_a_fourth_sign_helps(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "new_code", lambda: "K7Q")
    assert opening.open_at(town.session, SPOT).code == "K7Q"
    assert re.fullmatch(r"K7Q[2-9]", opening.open_at(town.session, SPOT).code)


def test_the_place_is_said_in_each_language(town: Town) -> None:
    incident = opening.open_at(town.session, SPOT)
    assert spoken(incident, "es") == "Pacific y Florence" and spoken(incident, "en") == "Pacific & Florence"
    assert short_area(incident, "es") == "HP" and areas(incident, "en") == "Huntington Park, Walnut Park"


@pytest.mark.parametrize("before", list(S))
def test_no_step_that_the_table_does_not_allow(town: Town, before: IncidentState) -> None:
    incident, other = opening.open_at(town.session, SPOT), opening.open_at(town.session, SPOT)
    incident.state, incident.merged_into = before, other.id if before is S.MERGED else None
    incident.was = "police" if before is S.DEBUNKED else None
    town.session.flush()
    for after in set(S) - set(STEPS.get(before, ())):
        with pytest.raises(StepRefused):
            incident.becomes(town.session, after)
    assert not list(town.session.scalars(select(IncidentStep)))


def test_who_looked_at_an_older_step_is_refused(town: Town) -> None:
    incident = opening.open_at(town.session, SPOT)
    town.session.execute(text("UPDATE incident SET step = 5"))
    with pytest.raises(StepRefused):
        incident.becomes(town.session, S.VERIFYING)


def test_the_database_refuses_a_step_of_its_own(town: Town) -> None:
    incident = opening.open_at(town.session, SPOT)
    with pytest.raises(IntegrityError), town.session.begin_nested():
        town.session.add(
            IncidentStep(incident_id=incident.id, seq=1, before=S.UNCONFIRMED, after=S.CONFIRMED, at=incident.opened_at)
        )
        town.session.flush()


def test_refining_keeps_the_neighborhoods_it_had(town: Town) -> None:
    incident = opening.open_at(town.session, opening.Spot("area:maywood", "Maywood", ("maywood",)))
    opening.refine(town.session, incident, SPOT)
    town.session.expire_all()
    again = town.session.get_one(Incident, incident.id)
    assert again.neighborhoods == ("hp", "maywood", "walnut_park") and again.place == "Pacific & Florence"


def test_a_corner_makes_no_less_of_a_school(town: Town) -> None:
    """Told of by neighborhood and by a school; then somebody names the corner alone."""
    incident = opening.open_at(town.session, opening.Spot("area:maywood", "Maywood", ("maywood",), sensitive=True))
    opening.refine(town.session, incident, SPOT)
    assert incident.sensitive

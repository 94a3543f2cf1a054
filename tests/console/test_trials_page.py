"""Who is new, how it goes, and the coordinator who ends it."""

from sqlalchemy.orm import Session

from bot.clock import now
from bot.incidents import opening
from bot.incidents.states import IncidentState
from bot.moderation.models import Finding, Saw
from bot.people.models import Person
from bot.store.session import reading, writing
from tests.console.conftest import People
from tests.console.desk import Browser


def test_a_coordinator_sees_how_it_goes_and_ends_it_after_ten(ana: Browser, luz: Browser, people: People) -> None:
    assert "Nobody is on trial" in luz.reads("/people/trials")
    with writing() as session:
        vera = session.get_one(Person, people.vera.id)
        vera.trial_began_at = now()
        for n in range(9):
            session.add(_look(session, vera, n))
    assert "9 looks" in ana.reads("/people/trials") and "After 10 looks" in ana.reads("/people/trials")
    assert "Not before 10 looks" in ana.does(f"/people/trials/{people.vera.id}/end")
    with writing() as session:
        session.add(_look(session, session.get_one(Person, people.vera.id), 9))
    assert "10 of 10 compared agreed" in luz.reads("/people/trials")
    assert "count from now on" in ana.does(f"/people/trials/{people.vera.id}/end")
    with reading() as session:
        assert not session.get_one(Person, people.vera.id).is_on_trial


def _look(session: Session, vera: Person, n: int) -> Finding:
    """Each at another place, where nobody was seen."""
    place = opening.open_at(session, opening.Spot(f"place:{n}", "Gage & State", ("hp",)))
    place.state = IncidentState.NOT_SEEN
    session.flush()
    return Finding(
        incident_id=place.id, person_id=vera.id, person_line=vera.line_id, saw=Saw.NOBODY,
        mark=f"shadow{n}", shadow=True, found_at=now(),
    )  # fmt: skip

"""CAP's references: what follows an alert names the first one of its incident; the database lets nothing else stand there."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from bot.alerts import compose, correction, desk, told
from bot.alerts.models import Alert
from bot.moderation.models import Saw
from bot.outbox.models import Kind
from tests.alerts.stage import Stage
from tests.moderation.cast import ELSEWHERE


@pytest.fixture
def out(stage: Stage) -> Stage:
    stage.found()
    stage.release()
    return stage


def test_what_follows_names_the_first(out: Stage) -> None:
    session = out.town.session
    root = told.root(session, out.incident)
    assert root is not None and root.refers_to is None
    update = compose.propose(session, out.incident, Kind.UPDATE, out.vera)
    doubt = correction.halt_and_doubt(session, out.incident, out.omar)
    taken_back = correction.propose_correction(session, out.incident, out.omar, "police")
    assert {one.refers_to for one in (update, doubt, taken_back)} == {root.id}


@pytest.mark.parametrize("refers_to", [None, 999])
def test_the_database_lets_no_update_stand_alone_or_on_nothing(out: Stage, refers_to: int | None) -> None:
    session = out.town.session
    update = compose.propose(session, out.incident, Kind.UPDATE, out.vera)
    with pytest.raises(IntegrityError), session.begin_nested():
        forged = {"id": update.id, "refers_to": refers_to}
        session.execute(text("UPDATE alert SET refers_to = :refers_to WHERE id = :id"), forged)


def test_nor_on_another_incidents_alert(out: Stage) -> None:
    session = out.town.session
    other = out.town.incident(ELSEWHERE)
    desk.found(session, other, out.vera, Saw.IMMIGRATION, "6 agents, vests say ICE")
    theirs = compose.pending(session, other, Kind.ALERT)
    update = compose.propose(session, out.incident, Kind.UPDATE, out.vera)
    assert theirs is not None
    with pytest.raises(IntegrityError), session.begin_nested():
        forged = {"id": update.id, "theirs": theirs.id}
        session.execute(text("UPDATE alert SET refers_to = :theirs WHERE id = :id"), forged)


def test_nor_a_first_alert_refer_to_anything(out: Stage) -> None:
    session = out.town.session
    root = told.root(session, out.incident)
    assert isinstance(root, Alert)
    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(text("UPDATE alert SET refers_to = id WHERE id = :id"), {"id": root.id})

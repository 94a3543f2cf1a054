"""How many hear of a neighborhood is counted by the clock, a few neighborhoods at a time."""

from sqlalchemy import func, select
from time_machine import travel

from bot.clock import ahead
from bot.places.neighborhoods import all_neighborhoods
from bot.store.session import reading, writing
from bot.subscriptions import listening
from bot.subscriptions.models import AreaCount
from tests.outbox.conftest import Staff, hire, neighbor, neighbors

__all__ = ["Staff", "hire"]


def _count_all() -> None:
    while listening.count():
        pass


def test_every_neighborhood_has_a_count_of_those_a_text_reaches(database_url: str) -> None:
    with writing() as session:
        neighbors(session, 4)
        neighbor(session, 1).stop()
        neighbor(session, 2, subjects=("hp", "maywood"))
    _count_all()
    with reading() as session:
        known = {area: row.people for area, row in listening.of_each(session).items()}
    assert set(known) == {each.id for each in all_neighborhoods()}
    assert (known["hp"], known["maywood"], known["bell"]) == (5, 1, 0)


def test_few_are_counted_at_once_and_none_is_forgotten(database_url: str) -> None:
    assert listening.count() == listening.AT_ONCE
    _count_all()
    assert listening.count() == 0
    with travel(ahead(minutes=listening.COUNT_AGAIN_MINUTES + 1), tick=False):
        _count_all()
        with reading() as session:
            oldest = session.scalar(select(func.min(AreaCount.counted_at)))
        assert oldest is not None and (ahead(seconds=1) - oldest).total_seconds() < 60

"""Is everyone who is meant planned for exactly once, whatever interrupts it?"""

import pytest
from sqlalchemy import func, select, update

from bot.clock import ahead
from bot.contacts.models import Channel
from bot.outbox import drafting, expecting, fuse, halting, newcomers, planning
from bot.outbox.delivery_models import Delivery, State
from bot.outbox.models import Broadcast, Kind, Lane
from bot.store.session import reading, writing
from tests.outbox.conftest import NOTICE, Staff, neighbor, neighbors, notice
from tests.services.settings import Environment


@pytest.fixture(autouse=True)
def _redis(redis_url: str) -> None:
    """Wake-ups go somewhere."""


def _planned(broadcast_id: int) -> int:
    with reading() as session:
        return session.scalar(select(func.count()).where(Delivery.broadcast_id == broadcast_id)) or 0


def test_slices_go_on_where_the_last_one_ended(staff: Staff, env: Environment) -> None:
    env.set(slice_size=7)
    with writing() as session:
        neighbors(session, 30)
        made = notice(session, staff)
    with writing() as session:
        assert planning.plan_slice(session, made.id) is True
    assert _planned(made.id) == 7
    planning.plan(made.id)
    assert _planned(made.id) == 30


def test_a_slice_that_was_undone_is_planned_again(staff: Staff, env: Environment) -> None:
    env.set(slice_size=7)
    with writing() as session:
        neighbors(session, 10)
        made = notice(session, staff)
    with pytest.raises(ZeroDivisionError), writing() as session:
        planning.plan_slice(session, made.id)
        raise ZeroDivisionError
    assert _planned(made.id) == 0
    planning.plan(made.id)
    assert _planned(made.id) == 10


def test_aid_goes_to_those_who_asked_for_both(staff: Staff) -> None:
    with writing() as session:
        neighbor(session, 1, subjects=("hp", "aid:food"))
        neighbor(session, 2, subjects=("hp",))
        neighbor(session, 3, subjects=("aid:food",))
        neighbor(session, 4, subjects=("hp", "aid:legal"))
        made = notice(session, staff, aid="food")
        assert expecting.counted(session, made).total == 1
    planning.plan(made.id)
    assert _planned(made.id) == 1


def test_the_count_says_whom_planning_will_reach(staff: Staff) -> None:
    with writing() as session:
        neighbor(session, 1, language="es")
        neighbor(session, 2, language="en", subjects=("hp", "maywood"))
        neighbor(session, 3, language="km", channel=Channel.WHATSAPP)
        neighbor(session, 4).stop()
        neighbor(session, 5).suppressed = "landline"
        hidden = neighbor(session, 6, channel=Channel.WHATSAPP)
        hidden.has_number, hidden.whatsapp_until = False, ahead(minutes=1)
        made = notice(session, staff)
        counted = expecting.counted(session, made)
    assert counted.total == 3
    assert counted.unreachable == 2
    assert counted.by_language == {"es": 1, "en": 2}
    assert counted.by_channel == {"sms": 2, "whatsapp": 1}
    assert counted.by_neighborhood == {"hp": 3}
    assert counted.segments({("es", "sms"): 2, ("en", "sms"): 1, ("en", "whatsapp"): 1}) == 4
    planning.plan(made.id)
    assert _planned(made.id) == 3


def test_a_newcomer_gets_one_copy_before_or_after_the_planner(staff: Staff) -> None:
    with writing() as session:
        early = neighbor(session, 1)
        made = notice(session, staff)
        assert newcomers.add_copy(session, made, early) is not None
        assert newcomers.add_copy(session, made, early) is None
    planning.plan(made.id)
    with writing() as session:
        late = neighbor(session, 2)
        live = session.get_one(Broadcast, made.id)
        assert newcomers.add_copy(session, live, late) is not None
        late.stop()
    assert _planned(made.id) == 2


def test_nobody_joins_what_is_over(staff: Staff) -> None:
    with writing() as session:
        made = notice(session, staff)
        contact = neighbor(session, 1)
        stopped = neighbor(session, 2)
        stopped.stop()
        assert newcomers.add_copy(session, made, stopped) is None
        halting.halt(session, made.id, "doubt")
        assert newcomers.add_copy(session, made, contact) is None


def _told(staff: Staff) -> Broadcast:
    with writing() as session:
        for n in range(9):
            neighbor(session, n, language=("es", "en")[n % 2])
        made = notice(session, staff)
    planning.plan(made.id)
    with writing() as session:
        ids = session.scalars(select(Delivery.id).order_by(Delivery.id)).all()
        for id_, state in zip(ids, State, strict=True):
            session.execute(
                update(Delivery)
                .where(Delivery.id == id_)
                .values(state=state, sid=f"SM{id_:032x}" if state is State.FAILED else None)
            )
    return made


def test_the_same_people_are_all_who_cannot_be_ruled_out_in_the_language_they_got(staff: Staff) -> None:
    first = _told(staff)
    with writing() as session:
        second = drafting.draft(
            session, Kind.NOTICE, Lane.CORRECTION, NOTICE, same_people_as=first.id, expires_at=ahead(hours=1)
        )
        fuse.release(session, second, first=staff.ana, second=staff.berta, words=fuse.words_of(second))
    planning.plan(second.id)
    with reading() as session:
        told = dict(
            session.execute(
                select(Delivery.contact_id, Delivery.language).where(Delivery.broadcast_id == second.id)
            ).all()
        )
        got = dict(
            session.execute(
                select(Delivery.contact_id, Delivery.language).where(
                    Delivery.broadcast_id == first.id,
                    Delivery.state.not_in([State.WAITING, State.DROPPED]),
                )
            ).all()
        )
    assert told == got
    assert len(told) == 7


def test_a_broadcast_needs_every_language_on_every_channel(staff: Staff) -> None:
    with pytest.raises(ValueError, match="every other channel"), writing() as session:
        drafting.draft(session, Kind.NOTICE, Lane.NOTICE, {("es", Channel.WHATSAPP): "hola"}, expires_at=ahead(hours=1))

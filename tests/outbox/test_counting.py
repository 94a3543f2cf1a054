"""What a page says of a broadcast is what became of its copies, counted in slices that no audience makes larger."""

import datetime as dt
import random
from collections.abc import Callable

import pytest
from sqlalchemy import event, func, select, update
from time_machine import travel

from bot.clock import ahead, now
from bot.contacts.models import Contact
from bot.outbox import counting, halting, planning, progress, slices
from bot.outbox.delivery_models import Delivery, State
from bot.outbox.models import Broadcast, Release
from bot.outbox.tallies import Tally, TallySlice
from bot.stewardship import forget
from bot.store.engine import engine
from bot.store.session import reading, writing
from tests.outbox.conftest import Staff, neighbors, notice

FEW = 7


@pytest.fixture
def small_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    """As a hundred thousand people are to some thousand, on a machine that has all the time."""
    monkeypatch.setattr(slices, "SIZE", FEW)
    monkeypatch.setattr(counting, "BUDGET_SECONDS", 60.0)


@pytest.fixture
def sent(staff: Staff, redis_url: str, small_slices: None) -> Broadcast:
    """Released, and planned for 40 people."""
    with writing() as session:
        neighbors(session, 40)
        made = notice(session, staff)
    planning.plan(made.id)
    return made


def _count_all(at: dt.datetime | None = None) -> None:
    """Whatever is due at that moment."""
    with travel(at or now(), tick=False):
        counting.count()


def _known(broadcast: Broadcast) -> progress.Progress:
    with reading() as session:
        return progress.of(session, broadcast.id)


def _by_hand(broadcast: Broadcast) -> dict[str, int]:
    counted = select(Delivery.state, func.count()).where(Delivery.broadcast_id == broadcast.id)
    with reading() as session:
        return {state.value: number for state, number in session.execute(counted.group_by(Delivery.state))}


def test_slices_add_up_to_every_copy(sent: Broadcast) -> None:
    _count_all()
    assert (_known(sent).audience, _known(sent).waiting) == (40, 40)
    with reading() as session:
        assert session.scalar(select(func.count()).select_from(TallySlice)) == 2 + 40 // FEW


def test_whatever_becomes_of_copies_the_count_follows(sent: Broadcast) -> None:
    chance, moment = random.Random(7), now()
    for turn in range(1, 9):
        with writing() as session:
            for copy in session.scalars(select(Delivery).order_by(Delivery.id)):
                copy.state = chance.choice(list(State))
                copy.failure = "phone_off" if copy.state is State.FAILED else None
                copy.handed_at = copy.final_at = moment
        _count_all(moment + dt.timedelta(minutes=turn))
        known, counted = _known(sent), _by_hand(sent)
        arrived = counted.get("delivered", 0) + counted.get("read", 0)
        assert (known.audience, known.delivered, known.failed) == (40, arrived, counted.get("failed", 0))
        assert known.by_failure == ({"phone_off": counted["failed"]} if "failed" in counted else {})
        assert sum(part.audience for part in known.parts) == 40


def test_one_look_reads_a_few_slices_however_many_there_are(sent: Broadcast, monkeypatch: pytest.MonkeyPatch) -> None:
    _count_all()
    monkeypatch.setattr(counting, "BUDGET_SECONDS", 0.0)
    asked: list[str] = []
    event.listen(engine(), "before_cursor_execute", _hears(asked))
    with travel(ahead(minutes=1), tick=False):
        counting.count()
    of_copies = [sql for sql in asked if "FROM delivery" in sql and "GROUP BY" in sql]
    assert len(of_copies) == 3  # one slice, asked three things


def _hears(asked: list[str]) -> Callable[..., None]:
    def hear(connection: object, cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    return hear


def test_the_slice_that_sending_has_come_to_is_looked_at_first(
    sent: Broadcast, monkeypatch: pytest.MonkeyPatch
) -> None:
    _count_all()
    monkeypatch.setattr(counting, "BUDGET_SECONDS", 0.0)
    with writing() as session:
        first = session.scalars(select(Delivery).order_by(Delivery.id)).first()
        assert first is not None
        first.state, first.handed_at = State.HANDED, now()
        session.execute(update(TallySlice).values(look_at=now()).where(TallySlice.after != 0))
    counting.count()
    assert _known(sent).handed == 1


def test_a_slice_in_which_nothing_changes_is_left_alone_for_longer(sent: Broadcast) -> None:
    pauses: list[float] = []
    for turn in range(6):
        _count_all(ahead(minutes=turn))
        with reading() as session:
            pauses.append(session.scalar(select(func.max(TallySlice.pause_seconds))) or 0.0)
    assert pauses == sorted(pauses)
    assert pauses[-1] == counting.LONGEST_PAUSE_SECONDS


def test_whose_contact_is_forgotten_still_counts_once(sent: Broadcast) -> None:
    _count_all()
    with writing() as session:
        somebody = session.scalars(select(Contact).order_by(Contact.id)).first()
        assert somebody is not None
        forget.forget(session, somebody)
    _count_all(ahead(minutes=2))
    assert _known(sent).audience == 40


def test_how_long_it_took_is_counted_from_the_release(sent: Broadcast) -> None:
    with writing() as session:
        began = session.get_one(Release, sent.id).released_at
        for place, copy in enumerate(session.scalars(select(Delivery).order_by(Delivery.id))):
            copy.state, copy.handed_at = State.DELIVERED, began + dt.timedelta(seconds=place)
            copy.final_at = began + dt.timedelta(seconds=place + 3)
    _count_all(ahead(minutes=1))
    known = _known(sent)
    assert known.p50_seconds is not None and abs(known.p50_seconds - 22) <= 1
    assert known.p95_seconds is not None and abs(known.p95_seconds - 40) <= 1
    assert (known.curve[-1].handed, known.curve[-1].delivered) == (40, 40)
    assert [step.seconds for step in known.curve] == sorted({step.seconds for step in known.curve})
    assert {part.language for part in known.parts} == {"en", "es"}
    assert all(part.p95_seconds is not None for part in known.parts)


def test_once_nothing_can_follow_it_is_settled_and_looked_at_no_more(sent: Broadcast) -> None:
    with writing() as session:
        session.execute(update(Delivery).values(state=State.DELIVERED, final_at=now(), handed_at=now()))
    _count_all()
    assert not _known(sent).settled  # a newcomer may still be told
    _count_all(ahead(hours=2))
    assert _known(sent).settled
    assert _known(sent).delivered == 40
    with writing() as session:
        assert session.scalars(select(TallySlice)).all() == []
        session.execute(update(Delivery).values(state=State.FAILED))
    with travel(ahead(hours=3), tick=False):
        assert counting.count() == 0
    assert _known(sent).delivered == 40


def test_what_the_carrier_never_speaks_of_is_settled_in_the_end(sent: Broadcast) -> None:
    with writing() as session:
        session.execute(update(Delivery).values(state=State.SENT, handed_at=now()))
    _count_all(ahead(hours=2))
    assert not _known(sent).settled
    _count_all(ahead(hours=15))
    assert _known(sent).settled


def test_a_halted_one_is_counted_to_its_end(sent: Broadcast) -> None:
    with writing() as session:
        halting.halt(session, sent.id, "doubted")
    _count_all()
    assert (_known(sent).waiting, _known(sent).by_failure) == (0, {"halted": 40})


def test_before_anybody_counted_nothing_is_said(sent: Broadcast) -> None:
    assert (_known(sent).audience, _known(sent).counted_at) == (0, None)


def test_two_clocks_at_once_come_to_the_same(sent: Broadcast) -> None:
    counting.count_one(sent.id)
    counting.count_one(sent.id)
    with reading() as session:
        assert len(session.scalars(select(Tally)).all()) == 1
    assert _known(sent).audience == 40


@pytest.mark.parametrize(("seconds", "bucket"), [(-1, 0), (0, 0), (119, 119), (125, 120), (1799, 1790), (1861, 1860)])
def test_a_moment_is_kept_finer_the_sooner_it_was(seconds: int, bucket: int) -> None:
    assert slices.bucket(seconds) == bucket

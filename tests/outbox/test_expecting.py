"""Whom a draft would reach is counted by the clock, of the people that planning would make copies for."""

from sqlalchemy import event, select, update
from sqlalchemy.orm import Session
from time_machine import travel

from bot.clock import ahead, now
from bot.contacts.models import Channel, Contact
from bot.outbox import drafting, expecting, halting, planning
from bot.outbox.delivery_models import Delivery, State
from bot.outbox.models import Broadcast, Kind, Lane
from bot.store.engine import engine
from bot.store.session import reading, writing
from tests.outbox.conftest import TEXTS, Staff, neighbor, neighbors, notice


def _draft(session: Session, *areas: str, same_people_as: int | None = None) -> Broadcast:
    return drafting.draft(
        session, Kind.OVER if same_people_as else Kind.ALERT, Lane.ALERT, TEXTS,
        neighborhoods=areas or ("hp",), same_people_as=same_people_as, expires_at=ahead(hours=1),
    )  # fmt: skip


def _known(draft: Broadcast) -> expecting.Audience:
    with reading() as session:
        return expecting.of(session, draft)


def test_a_draft_is_counted_as_planning_would_tell_them(staff: Staff) -> None:
    with writing() as session:
        neighbors(session, 6)
        neighbor(session, 1, subjects=("hp", "maywood"))
        neighbor(session, 2, language="en", channel=Channel.WHATSAPP, subjects=("maywood",))
        gone = neighbor(session, 3)
        gone.suppressed = "landline"
        neighbor(session, 4).stop()
        draft = _draft(session, "hp", "maywood")
    assert _known(draft).counted_at is None
    assert expecting.count() == 1
    known = _known(draft)
    assert (known.total, known.unreachable) == (8, 1)
    assert known.by_neighborhood == {"hp": 7, "maywood": 2}
    assert known.by_channel == {"sms": 7, "whatsapp": 1}
    assert sum(known.by_language.values()) == 8


def test_what_follows_an_alert_is_counted_of_those_who_got_it(staff: Staff, redis_url: str) -> None:
    with writing() as session:
        neighbors(session, 6)
        first = notice(session, staff)
    planning.plan(first.id)
    with writing() as session:
        session.execute(update(Delivery).values(state=State.DELIVERED))
        neighbors(session, 5, first=300)  # they joined later, and were told nothing
        draft = _draft(session, same_people_as=first.id)
        told = session.scalars(select(Contact).order_by(Contact.id)).first()
        assert told is not None
        told.suppressed = "landline"
    expecting.count()
    assert (_known(draft).total, _known(draft).unreachable) == (5, 1)
    assert _known(draft).by_neighborhood == {"hp": 5}


def test_no_count_that_is_shown_is_older_than_a_minute(staff: Staff) -> None:
    with writing() as session:
        draft = _draft(session)
    expecting.count()
    assert expecting.count() == 0
    with writing() as session:
        neighbors(session, 3)
    with travel(ahead(seconds=expecting.LONGEST_SECONDS + 1), tick=False):
        assert expecting.count() == 1
        assert _known(draft).total == 3


def test_what_takes_long_is_counted_less_often_and_still_within_the_minute() -> None:
    assert expecting.LONGEST_SECONDS < 60
    assert expecting.COUNT_AGAIN_SECONDS < expecting.LONGEST_SECONDS


def test_only_what_may_still_leave_is_counted(staff: Staff) -> None:
    with writing() as session:
        draft = _draft(session)
        halting.halt(session, draft.id, "closed")
        _draft(session)
    with travel(ahead(hours=2), tick=False):
        assert expecting.count() == 0
    assert expecting.count() == 1


def test_a_draft_that_cannot_be_counted_holds_up_no_other(staff: Staff) -> None:
    with writing() as session:
        broken = _draft(session)
        broken.aid = "nonsense"
        whole = _draft(session)
    expecting.count()
    assert _known(broken).counted_at is None
    assert _known(whole).counted_at is not None


def test_to_read_it_asks_one_row_whatever_the_audience_is(staff: Staff) -> None:
    with writing() as session:
        neighbors(session, 20)
        draft = _draft(session)
    expecting.count()
    asked: list[str] = []

    def hear(connection: object, cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    event.listen(engine(), "before_cursor_execute", hear)
    assert _known(draft).total == 20
    assert not [sql for sql in asked if "contact" in sql or "subscription" in sql]
    assert _known(draft).counted_at <= now()  # type: ignore[operator]

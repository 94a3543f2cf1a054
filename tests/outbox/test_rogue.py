"""What left our account and none of us sent is found, told and kept; what is ours, may be ours, or is another's is not raised."""

import datetime as dt
from collections.abc import Iterator

import pytest
from sqlalchemy import select, update

from bot.channels import carrier_log
from bot.channels.carrier_log import CannotLook, Logged
from bot.clock import ago, now
from bot.contacts.models import Channel, find_or_add
from bot.outbox import listed, rogue
from bot.outbox.carrier_models import ListedThrough, Trouble
from bot.outbox.delivery_models import Delivery, Reason, State
from bot.outbox.models import Lane
from bot.outbox.sending import Sender
from bot.people import shifts
from bot.people.models import Person
from bot.privacy.audit import AuditEntry
from bot.store.session import reading, writing
from tests.outbox.conftest import Staff, neighbor, neighbors, notice, number
from tests.services.carrier import Simulator
from tests.services.settings import Environment
from tests.services.waiting import eventually

NOT_OURS = "Reply with your address to get help"


@pytest.fixture(autouse=True)
def _lately(database_url: str, redis_url: str, env: Environment) -> None:
    """Everything until a moment ago was compared; lost sends are looked for soon, but not before the list shows what is new.

    Its times are whole seconds: a row may be a second younger than it says.
    """
    env.set(unknown_look_seconds=0.5)
    listed.move(rogue.CURSOR, ago(seconds=5))


def compared() -> int:
    """Compare until the last whole second is behind us: the carrier's times have no smaller part."""
    began, found = now(), 0

    def is_through() -> bool:
        nonlocal found
        found += rogue.compare()
        through = listed.through(rogue.CURSOR)
        return through is not None and through > began + dt.timedelta(seconds=1)

    eventually(is_through)
    return found


def raised() -> list[tuple[str, Channel, int]]:
    with reading() as session:
        return [(one.what, one.channel, one.count) for one in session.scalars(select(Trouble)) if one.shown]


def audited() -> list[str]:
    with reading() as session:
        return list(session.scalars(select(AuditEntry.subject).where(AuditEntry.act == "rogue.found")))


def send(staff: Staff, sender: Sender, simulator: Simulator, count: int = 3) -> None:
    with writing() as session:
        neighbors(session, count)
        notice(session, staff)
    sender.work(15)
    simulator.settle()


def test_what_we_sent_is_ours(staff: Staff, sender: Sender, simulator: Simulator) -> None:
    send(staff, sender, simulator)
    assert compared() == 0 and raised() == [] and audited() == []


@pytest.mark.threat("T14")
def test_what_none_of_us_sent_is_told_and_kept(staff: Staff, sender: Sender, simulator: Simulator) -> None:
    with writing() as session:
        ana = session.get_one(Person, staff.ana.id)
        ana.contact_id = find_or_add(session, number(1), Channel.SMS).id
        shifts.on(session, ana)
    send(staff, sender, simulator)
    sids = {simulator.rogue(number(n), NOT_OURS) for n in (100, 150)}
    assert compared() == 2, "whether we know the person or not"
    assert raised() == [("rogue_send", Channel.SMS, 2)]
    assert set(audited()) == {f"message:{sid}" for sid in sids}
    with reading() as session:
        told = session.scalars(select(Delivery).where(Delivery.key == "pages.rogue_send")).all()
        assert [(one.reason, one.lane, (one.values or {})["count"]) for one in told] == [(Reason.ALARM, Lane.PAGE, 2)]
    assert compared() == 0, "once"


def test_a_message_that_a_lost_copy_may_have_become_is_no_rogue(
    staff: Staff, sender: Sender, simulator: Simulator
) -> None:
    send(staff, sender, simulator, 1)
    with writing() as session:
        session.execute(update(Delivery).values(state=State.UNKNOWN, sid=None, lease_until=ago(seconds=-60), looks=0))
        neighbor(session, 70)
    assert compared() == 0
    listed_again = ago(seconds=30)
    with writing() as session:
        session.execute(update(Delivery).values(state=State.DROPPED))
    rewind(listed_again)
    assert compared() == 1, "nobody looks for it any more"


def test_the_first_of_two_tries_of_one_copy_is_ours(staff: Staff, sender: Sender, simulator: Simulator) -> None:
    send(staff, sender, simulator, 1)
    with writing() as session:
        session.execute(update(Delivery).values(sid="SM" + "f" * 32, attempts=2))
    assert compared() == 0


def rewind(to: dt.datetime) -> None:
    with writing() as session:
        session.execute(update(ListedThrough).where(ListedThrough.what == rogue.CURSOR).values(through=to))


@pytest.mark.threat("T14")
def test_half_a_list_says_nothing_and_is_read_again(simulator: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    simulator.rogue(number(100), NOT_OURS)
    whole = carrier_log.everything

    def half(since: dt.datetime) -> Iterator[Logged]:
        yield from list(whole(since))[:0]
        raise CannotLook("half")

    monkeypatch.setattr(carrier_log, "everything", half)
    before = listed.through(rogue.CURSOR)
    assert rogue.compare() == 0 and listed.through(rogue.CURSOR) == before
    monkeypatch.setattr(carrier_log, "everything", whole)
    assert compared() == 1


def test_the_first_time_it_only_notes_where_to_begin(simulator: Simulator) -> None:
    simulator.rogue(number(100), NOT_OURS)
    with writing() as session:
        session.delete(session.get_one(ListedThrough, rogue.CURSOR))
    assert rogue.compare() == 0 and listed.through(rogue.CURSOR) is not None

"""Is the table of failures carried out: on the copy, on its person, on the sender, and for those who mend it?"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import time_machine
from sqlalchemy import select, text, update

from bot.channels.channel import Handed, Refused
from bot.channels.failures import failure
from bot.clock import ahead, now
from bot.contacts.models import Channel, Contact, find
from bot.outbox import answers, claiming, expecting, pausing, planning, receipts, recording, settling, troubles
from bot.outbox.carrier_models import Trouble
from bot.outbox.claiming import Copy
from bot.outbox.delivery_models import Delivery, Reason, State
from bot.outbox.models import Broadcast, Lane
from bot.outbox.recording import Result
from bot.people.models import Person, Role, Shift
from bot.privacy.numbers import ledger_tag
from bot.store.session import reading, writing
from bot.subscriptions.models import ConsentAct, ConsentEntry
from tests.outbox.conftest import Staff, neighbor, neighbors, notice, number
from tests.services.settings import Environment

ANY_LANE = range(Lane.NOTICE + 1)


@dataclass
class Carrier:
    """What the carrier says to the one copy there is, and what became of it."""

    sid: int = 0

    def claims(self, channel: Channel = Channel.SMS) -> Copy:
        with writing() as session:
            session.execute(update(Delivery).values(not_before=None))
        (copy,) = claiming.claim(channel, ANY_LANE, 1).copies
        return copy

    def refuses(self, copy: Copy, code: int) -> Delivery:
        recording.record([Result(copy, Refused(failure(code)), now())])
        return delivery()

    def gives_up(self, copy: Copy, code: int) -> Delivery:
        """It took the copy, and says later that it did not arrive."""
        self.sid += 1
        sid = f"SM{self.sid:032x}"
        recording.record([Result(copy, Handed(sid), now())])
        receipts.note({"delivery_id": copy.id, "sid": sid, "status": "undelivered", "error": str(code)})
        receipts.merge()
        return delivery()


@pytest.fixture
def carrier(staff: Staff, redis_url: str, clock: time_machine.Traveller) -> Iterator[Carrier]:
    yield Carrier()


def told(staff: Staff, channel: Channel = Channel.SMS, lane: Lane = Lane.ALERT, hours: float = 1) -> Contact:
    """A neighbor whose copy waits, in this lane."""
    with writing() as session:
        contact = neighbor(session, 1, channel=channel)
        broadcast = notice(session, staff, expires_at=ahead(hours=hours))
    planning.plan(broadcast.id)
    with writing() as session:
        session.execute(update(Delivery).values(lane=lane))
    return contact


def delivery() -> Delivery:
    with reading() as session:
        return session.query(Delivery).one()


def contact() -> Contact:
    with reading() as session:
        return session.query(Contact).one()


def waits(copy: Delivery) -> float:
    assert copy.state is State.WAITING and copy.not_before is not None
    return (copy.not_before - now()).total_seconds()


# The copy.


def test_each_try_waits_twice_as_long_as_the_one_before(carrier: Carrier, staff: Staff) -> None:
    told(staff, hours=2)
    assert [waits(carrier.gives_up(carrier.claims(), 30003)) for _ in range(3)] == [300, 600, 1200]
    assert carrier.gives_up(carrier.claims(), 30003).state is State.FAILED


def test_no_try_is_planned_for_after_the_expiry(carrier: Carrier, staff: Staff) -> None:
    told(staff, hours=0.08)
    assert carrier.gives_up(carrier.claims(), 30003).state is State.FAILED


@pytest.mark.parametrize(("lane", "state"), [(Lane.ALERT, State.WAITING), (Lane.NOTICE, State.FAILED)])
def test_what_might_arrive_twice_is_tried_again_for_alerts_only(
    carrier: Carrier, staff: Staff, lane: Lane, state: State
) -> None:
    told(staff, lane=lane)
    assert carrier.gives_up(carrier.claims(), 30410).state is state


def test_a_whatsapp_rate_that_stays_full_ends_as_an_sms(carrier: Carrier, staff: Staff) -> None:
    told(staff, Channel.WHATSAPP)
    for _ in range(4):
        assert carrier.gives_up(carrier.claims(Channel.WHATSAPP), 63018).channel is Channel.WHATSAPP
    copy = carrier.gives_up(carrier.claims(Channel.WHATSAPP), 63018)
    assert (copy.state, copy.channel, copy.not_before) == (State.WAITING, Channel.SMS, None)


def test_a_daily_cap_holds_this_copy_until_midnight_in_los_angeles_and_nobody_else(
    carrier: Carrier, staff: Staff
) -> None:
    """T-Mobile's cap is no other carrier's, and we cannot tell whose customer somebody is."""
    told(staff, lane=Lane.NOTICE, hours=30)
    copy = carrier.gives_up(carrier.claims(), 30023)
    assert copy.not_before == dt.datetime(2026, 11, 23, 8, 0, tzinfo=dt.UTC)
    assert not stands_still()


def test_what_cannot_wait_until_midnight_goes_by_whatsapp_where_that_is_open(carrier: Carrier, staff: Staff) -> None:
    told(staff)
    assert carrier.gives_up(copy := carrier.claims(), 30023).state is State.FAILED
    with writing() as session:
        session.execute(update(Contact).values(whatsapp_until=ahead(hours=3)))
        session.execute(update(Delivery).values(state=State.CLAIMED, attempts=copy.attempt, sid=None))
    again = carrier.gives_up(copy, 30023)
    assert (again.state, again.channel) == (State.WAITING, Channel.WHATSAPP)
    assert "*" in carrier.claims(Channel.WHATSAPP).text, "in the words released for WhatsApp"


def test_midnight_is_the_carriers_on_the_day_the_clocks_change(clock: time_machine.Traveller) -> None:
    clock.move_to(
        dt.datetime(2026, 11, 1, 7, 30, tzinfo=dt.UTC)
    )  # half past midnight in summer time, which ends at two
    assert settling.carriers_midnight() == dt.datetime(2026, 11, 2, 8, 0, tzinfo=dt.UTC)


def test_a_copy_that_neither_channel_carries_does_not_go_to_and_fro_for_ever(carrier: Carrier, staff: Staff) -> None:
    told(staff, Channel.WHATSAPP)
    tries = 0
    while (copy := delivery()).state is not State.FAILED and tries < 20:
        carrier.gives_up(carrier.claims(copy.channel), 63049 if copy.channel is Channel.WHATSAPP else 30006)
        tries += 1
    assert copy.state is State.FAILED and 1 < tries < 10


# The person.


@pytest.mark.parametrize(
    ("channel", "code"), [(Channel.SMS, 21610), (Channel.WHATSAPP, 63014), (Channel.WHATSAPP, 63033)]
)
@pytest.mark.parametrize("when", ["refuses", "gives_up"])
def test_a_stop_heard_from_the_carrier_stands_in_the_ledger_once(
    carrier: Carrier, staff: Staff, channel: Channel, code: int, when: str
) -> None:
    told(staff, channel)
    copy = getattr(carrier, when)(carrier.claims(channel), code)
    assert copy.state is State.FAILED and contact().is_stopped
    with reading() as session:
        entry = session.query(ConsentEntry).filter_by(act=ConsentAct.STOPPED).one()
        assert (entry.mark, entry.channel) == (ledger_tag(number(1)), channel.value)
    with writing() as session:
        settling.settle(session, session.query(Delivery).one(), failure(code))
    with reading() as session:
        assert session.query(ConsentEntry).filter_by(act=ConsentAct.STOPPED).count() == 1


def test_after_a_stop_heard_from_the_carrier_nothing_is_planned_for_them_until_start(
    carrier: Carrier, staff: Staff
) -> None:
    told(staff)
    carrier.refuses(carrier.claims(), 21610)
    with reading() as session:
        assert expecting.counted(session, session.query(Broadcast).one()).total == 0
    with writing() as session:
        session.query(Contact).one().start()
    with reading() as session:
        assert expecting.counted(session, session.query(Broadcast).one()).total == 1


@pytest.mark.parametrize("code", [21211, 21614, 21612, 30004, 30005, 30006])
def test_a_number_that_cannot_be_reached_is_counted_and_free_again_when_it_writes(
    carrier: Carrier, staff: Staff, code: int
) -> None:
    told(staff)
    assert carrier.refuses(carrier.claims(), code).state is State.FAILED
    with reading() as session:
        counted = expecting.counted(session, session.query(Broadcast).one())
        assert (counted.total, counted.unreachable) == (0, 1)
    with writing() as session:
        found = find(session, number(1))
        assert found is not None
        found.heard_on(Channel.SMS)
    with reading() as session:
        assert expecting.counted(session, session.query(Broadcast).one()).total == 1


def test_a_landline_that_writes_by_whatsapp_hears_by_whatsapp(carrier: Carrier, staff: Staff) -> None:
    told(staff)
    with writing() as session:
        session.execute(update(Contact).values(whatsapp_until=ahead(hours=3)))
    copy = carrier.gives_up(carrier.claims(), 30006)
    assert (copy.state, copy.channel, contact().suppressed) == (State.WAITING, Channel.WHATSAPP, None)


def test_a_phone_that_is_off_for_many_copies_in_a_row_is_given_up(
    carrier: Carrier, staff: Staff, env: Environment
) -> None:
    env.set(strikes_until_unreachable=3)
    told(staff)
    for strikes in (1, 2, 3):
        with writing() as session:
            session.execute(update(Delivery).values(state=State.WAITING, retries=3, sid=None))
        assert carrier.gives_up(carrier.claims(), 30003).state is State.FAILED
        assert contact().strikes == strikes
    assert contact().suppressed == "phone_off"


def test_a_phone_that_was_reached_this_week_is_not_given_up(carrier: Carrier, staff: Staff, env: Environment) -> None:
    env.set(strikes_until_unreachable=2)
    person = told(staff)
    with writing() as session:
        answers.answer(session, session.get_one(Contact, person.id), "hotline.menu", reason=Reason.WROTE_TO_US)
        session.execute(update(Delivery).where(Delivery.key.is_not(None)).values(state=State.DELIVERED))
    for _ in range(3):
        with writing() as session:
            session.execute(update(Delivery).where(Delivery.key.is_(None)).values(state=State.WAITING, retries=3))
        recording.record([Result(carrier.claims(), Refused(failure(30003)), now())])
    assert (contact().strikes, contact().suppressed) == (1, None)


def test_a_loop_guard_rests_the_replies_to_that_number_and_to_no_other(staff: Staff, clock: object) -> None:
    with writing() as session:
        one, other = neighbor(session, 1), neighbor(session, 2)
        for person in (one, one, other):
            answers.answer(session, person, "hotline.menu", reason=Reason.WROTE_TO_US)
    copy = claiming.claim(Channel.SMS, ANY_LANE, 1).copies[0]
    recording.record([Result(copy, Refused(failure(14107)), now())])
    with reading() as session:
        rows = session.query(Delivery).order_by(Delivery.id).all()
        rests = [row.not_before and (row.not_before - now()).total_seconds() for row in rows]
    assert rests == [35, 35, None], "Twilio wants 30 s without a reply, and none is lost"


# The sender.


def stands_still() -> list[tuple[str, str, bool]]:
    with reading() as session:
        return [(row.channel.value, row.why, row.by_receipt) for row in pausing.standing(session)]


def test_an_account_that_is_refused_stops_its_sender_and_keeps_the_copy(carrier: Carrier, staff: Staff) -> None:
    told(staff)
    copy = carrier.refuses(carrier.claims(), 20003)
    assert (copy.state, copy.not_before, copy.retries) == (State.WAITING, None, 0)
    assert stands_still() == [("sms", "not_authorized", False)]


def test_what_is_refused_after_it_was_taken_is_known_to_come_by_receipt(carrier: Carrier, staff: Staff) -> None:
    told(staff)
    assert carrier.gives_up(carrier.claims(), 30034).state is State.WAITING
    assert stands_still() == [("sms", "sender_not_registered", True)]


def test_a_locked_whatsapp_stops_and_its_copy_goes_by_sms(carrier: Carrier, staff: Staff) -> None:
    told(staff, Channel.WHATSAPP)
    copy = carrier.gives_up(carrier.claims(Channel.WHATSAPP), 63051)
    assert (copy.state, copy.channel) == (State.WAITING, Channel.SMS)
    assert stands_still() == [("whatsapp", "whatsapp_locked", True)]


def test_whom_only_whatsapp_reaches_waits_until_whatsapp_is_mended(carrier: Carrier, staff: Staff) -> None:
    told(staff, Channel.WHATSAPP)
    copy = carrier.claims(Channel.WHATSAPP)
    with writing() as session:
        session.execute(update(Contact).values(has_number=False))
    assert carrier.gives_up(copy, 63051).state is State.WAITING
    assert delivery().channel is Channel.WHATSAPP


# Those who mend it.


def seen_troubles() -> list[tuple[str, int]]:
    with reading() as session:
        return [(row.what, row.count) for row in troubles.unseen(session)]


def test_trouble_is_said_once_an_hour_however_often_it_happens(staff: Staff, clock: time_machine.Traveller) -> None:
    with writing() as session:
        for times in (3, 1, 96):
            troubles.note(session, failure(20003), Channel.SMS, {1}, times)
        troubles.note(session, failure(20003), Channel.WHATSAPP, {1}, 1)
    assert seen_troubles() == [("not_authorized", 1), ("not_authorized", 100)]
    clock.shift(3600)
    with writing() as session:
        troubles.note(session, failure(20003), Channel.SMS, {1}, 5)
    assert seen_troubles()[0] == ("not_authorized", 5)


def test_who_sees_to_a_trouble_is_kept_and_nobody_does_it_twice(staff: Staff, clock: time_machine.Traveller) -> None:
    with writing() as session:
        troubles.note(session, failure(20003), Channel.SMS, {1}, 1)
    with writing() as session:
        (found,) = troubles.unseen(session)
        assert troubles.see(session, found.id, staff.ana)
        assert not troubles.see(session, found.id, staff.berta)
    assert seen_troubles() == []
    with reading() as session:
        row = session.query(Trouble).one()
        assert (row.seen_by, row.seen_at) == (staff.ana.id, now())


@pytest.mark.parametrize(("filtered", "is_told"), [(2, False), (3, True)])
def test_filtered_copies_are_told_when_they_are_more_than_one_in_a_hundred(
    staff: Staff, redis_url: str, filtered: int, is_told: bool
) -> None:
    with writing() as session:
        neighbors(session, 200)
        broadcast = notice(session, staff)
    planning.plan(broadcast.id)
    copies = claiming.claim(Channel.SMS, ANY_LANE, 1000).copies
    recording.record([Result(copy, Handed(f"SM{copy.id:032x}"), now()) for copy in copies])
    for copy in copies[:filtered]:
        receipts.note({"delivery_id": copy.id, "sid": f"SM{copy.id:032x}", "status": "undelivered", "error": "30007"})
    receipts.merge()
    assert bool(seen_troubles()) is is_told
    with reading() as session:
        assert session.query(Trouble.count).scalar() == filtered


def test_a_trouble_of_yesterday_is_history(staff: Staff, clock: time_machine.Traveller) -> None:
    with writing() as session:
        troubles.note(session, failure(20003), Channel.SMS, {1}, 1)
    clock.shift(25 * 3600)
    assert seen_troubles() == []


def test_answers_filtered_many_times_are_told_too(staff: Staff, clock: time_machine.Traveller) -> None:
    with writing() as session:
        for _ in range(troubles.MANY_ANSWERS - 1):
            assert not troubles.note(session, failure(30007), Channel.SMS, {None}, 1)
        assert troubles.note(session, failure(30007), Channel.SMS, {None}, 1)
        assert not troubles.note(session, failure(30007), Channel.SMS, {None}, 1)


def on_shift(*people: tuple[Person, int]) -> None:
    """These organizers work now, each with a phone."""
    with writing() as session:
        for person, n in people:
            session.get_one(Person, person.id).contact = neighbor(session, n, subjects=())
            session.add(Shift(person_id=person.id, starts_at=now(), ends_at=ahead(hours=12)))


def alarms() -> list[tuple[str | None, str, int]]:
    """Key, channel and lane of what organizers were texted."""
    with reading() as session:
        rows = session.scalars(select(Delivery).where(Delivery.reason == Reason.ALARM).order_by(Delivery.id))
        return [(row.key, row.channel.value, row.lane) for row in rows]


def whatsapp_is_refused(staff: Staff, n: int) -> None:
    """One more copy meets a WhatsApp sender that Twilio does not know."""
    with writing() as session:
        neighbor(session, n, channel=Channel.WHATSAPP)
        broadcast = notice(session, staff)
    planning.plan(broadcast.id)
    copies = claiming.claim(Channel.WHATSAPP, ANY_LANE, 10).copies
    recording.record([Result(copy, Refused(failure(63007)), now()) for copy in copies])


def test_organizers_on_shift_are_texted_by_the_channel_that_still_works(
    staff: Staff, redis_url: str, clock: time_machine.Traveller
) -> None:
    on_shift((staff.ana, 11), (staff.berta, 12))
    with writing() as session:
        phone = session.get_one(Person, staff.berta.id).contact
        assert phone is not None
        phone.has_number = False
    whatsapp_is_refused(staff, 1)
    assert alarms() == [("pages.stands_still_whatsapp", "sms", Lane.PAGE)], "to Ana alone: SMS does not reach Berta"


def test_nobody_on_shift_means_the_coordinators(staff: Staff, redis_url: str, clock: time_machine.Traveller) -> None:
    with writing() as session:
        carla = session.get_one(Person, staff.carla.id)
        carla.role, carla.contact = Role.COORDINATOR, neighbor(session, 13, subjects=())
        session.get_one(Person, staff.ana.id).contact = neighbor(session, 11, subjects=())
    whatsapp_is_refused(staff, 1)
    assert len(alarms()) == 1


def test_the_same_trouble_is_texted_once_an_hour_whoever_made_the_sender_stand_still(
    staff: Staff, redis_url: str, clock: time_machine.Traveller
) -> None:
    on_shift((staff.ana, 11))
    pausing.begin(Channel.WHATSAPP, "whatsapp_not_set_up")  # a worker's breaker was quicker than the record
    whatsapp_is_refused(staff, 1)
    assert len(alarms()) == 1
    with reading() as session:
        (stands,) = pausing.standing(session)
    pausing.end(stands.id)
    whatsapp_is_refused(staff, 2)
    assert len(alarms()) == 1
    clock.shift(3600)
    whatsapp_is_refused(staff, 3)
    assert len(alarms()) == 2


def test_nobody_is_texted_by_the_sender_that_stands_still(carrier: Carrier, staff: Staff) -> None:
    on_shift((staff.ana, 11))
    told(staff)
    recording.record([Result(carrier.claims(), Refused(failure(20003)), now())])
    assert stands_still() and alarms() == []


def test_what_cannot_be_told_undoes_nothing(carrier: Carrier, staff: Staff) -> None:
    told(staff)
    copy = carrier.claims()
    with writing() as session:
        session.execute(text("DROP TABLE pause"))
    assert carrier.refuses(copy, 20003).state is State.WAITING

"""A sender stands still: do its urgent copies go by the channel that works, once each, and does all else keep waiting?"""

from dataclasses import dataclass

import pytest
import time_machine
from sqlalchemy import update

from bot.clock import ahead
from bot.contacts.models import Channel, Contact
from bot.outbox import answers, claiming, diverting, pausing, planning
from bot.outbox.breaker import Breaker
from bot.outbox.delivery_models import Delivery, Reason, State
from bot.outbox.models import Lane, Rendition
from bot.store.session import reading, writing
from tests.outbox.conftest import TEXTS, Staff, neighbor, notice
from tests.services.settings import Environment


@dataclass
class Copies:
    """Waiting on WhatsApp: one copy in each lane, for somebody whose number we have."""

    of: dict[Lane, int]

    def channels(self) -> dict[Lane, str]:
        with reading() as session:
            return {lane: session.get_one(Delivery, id_).channel.value for lane, id_ in self.of.items()}


@pytest.fixture
def copies(staff: Staff, redis_url: str, clock: time_machine.Traveller) -> Copies:
    with writing() as session:
        for n in range(3):
            neighbor(session, n, channel=Channel.WHATSAPP)
        broadcast = notice(session, staff)
    planning.plan(broadcast.id)
    with writing() as session:
        rows = session.query(Delivery).order_by(Delivery.id).all()
        found = {lane: row.id for lane, row in zip((Lane.CORRECTION, Lane.ALERT, Lane.NOTICE), rows, strict=True)}
        for lane, id_ in found.items():
            session.get_one(Delivery, id_).lane = lane
        contact = session.query(Contact).first()
        assert contact is not None
        for lane, key in ((Lane.PAGE, "pages.shift_off"), (Lane.REPLY, "hotline.menu")):
            made = answers.answer(session, contact, key, reason=Reason.ON_SHIFT, lane=lane)
            session.flush()
            found[lane] = made.id
    return Copies(found)


def stands_still(why: str, channel: Channel = Channel.WHATSAPP) -> None:
    """As every worker finds it."""
    pausing.begin(channel, why)
    again(channel)


def again(channel: Channel = Channel.WHATSAPP) -> None:
    errand = Breaker(channel).errand()
    assert errand is not None
    errand()


WHATSAPP, SMS = "whatsapp", "sms"
URGENT_BY_SMS = {Lane.CORRECTION: SMS, Lane.PAGE: SMS, Lane.ALERT: SMS, Lane.REPLY: WHATSAPP, Lane.NOTICE: WHATSAPP}
ALL_BY_WHATSAPP = dict.fromkeys(URGENT_BY_SMS, WHATSAPP)


def test_a_locked_whatsapp_is_gone_round_at_once(copies: Copies) -> None:
    stands_still("whatsapp_locked")
    assert copies.channels() == URGENT_BY_SMS


def test_a_run_of_errors_is_waited_for_a_little(
    copies: Copies, clock: time_machine.Traveller, env: Environment
) -> None:
    """SMS is the slower channel by far: a rest of seconds is over before the way round."""
    env.set(divert_after_seconds=30)
    stands_still("server_errors")
    clock.shift(29)
    again()
    assert copies.channels() == ALL_BY_WHATSAPP
    clock.shift(2)
    again()
    assert copies.channels() == URGENT_BY_SMS


def test_they_go_in_the_words_and_segments_of_sms(copies: Copies) -> None:
    stands_still("whatsapp_locked")
    taken = claiming.claim(Channel.SMS, range(Lane.NOTICE + 1), 10).copies
    assert {copy.id for copy in taken} == {copies.of[lane] for lane in (Lane.CORRECTION, Lane.PAGE, Lane.ALERT)}
    words = {copy.id: copy.text for copy in taken}
    assert "*" not in words[copies.of[Lane.ALERT]] and "*" in TEXTS["es", Channel.WHATSAPP]
    with reading() as session:
        cost = session.query(Rendition.segments).filter_by(language="es", channel=SMS).scalar()
        for lane in (Lane.CORRECTION, Lane.ALERT):
            assert session.get_one(Delivery, copies.of[lane]).segments == cost
        page = session.get_one(Delivery, copies.of[Lane.PAGE])
        assert page.segments == answers.cost(words[page.id], Channel.SMS)


def test_a_word_of_ones_own_is_paid_for_on_the_way_round_too(copies: Copies) -> None:
    with writing() as session:
        session.execute(update(Rendition).values(segments_with_word=3))
        delivery = session.get_one(Delivery, copies.of[Lane.ALERT])
        session.execute(update(Contact).where(Contact.id == delivery.contact_id).values(check_word=b"locked"))
    stands_still("whatsapp_locked")
    with reading() as session:
        assert session.get_one(Delivery, copies.of[Lane.ALERT]).segments == 3
        assert session.get_one(Delivery, copies.of[Lane.CORRECTION]).segments < 3


def test_whoever_has_no_number_keeps_waiting_for_whatsapp(copies: Copies) -> None:
    with writing() as session:
        session.execute(update(Contact).values(has_number=False))
    stands_still("whatsapp_locked")
    assert copies.channels() == ALL_BY_WHATSAPP
    with reading() as session:
        assert {row.state for row in session.query(Delivery)} == {State.WAITING}


def test_there_is_no_way_round_while_both_stand_still(copies: Copies) -> None:
    pausing.begin(Channel.SMS, "not_authorized")
    stands_still("whatsapp_locked")
    assert copies.channels() == ALL_BY_WHATSAPP


def test_what_is_in_a_workers_hands_is_not_touched(copies: Copies) -> None:
    claiming.claim(Channel.WHATSAPP, [Lane.ALERT], 10)
    stands_still("whatsapp_locked")
    assert copies.channels() == URGENT_BY_SMS | {Lane.ALERT: WHATSAPP}


def test_a_refused_sms_sender_is_gone_round_for_whoever_wrote_by_whatsapp_today(copies: Copies) -> None:
    with writing() as session:
        session.execute(update(Delivery).values(channel=Channel.SMS))
        session.execute(update(Contact).values(whatsapp_until=None))
        alert = session.get_one(Delivery, copies.of[Lane.ALERT])
        session.get_one(Contact, alert.contact_id).whatsapp_until = ahead(hours=2)
    stands_still("sender_not_registered", Channel.SMS)
    assert copies.channels() == dict.fromkeys(URGENT_BY_SMS, SMS) | {Lane.ALERT: WHATSAPP}


def test_a_text_without_words_holds_up_no_other(copies: Copies) -> None:
    with writing() as session:
        session.execute(update(Delivery).where(Delivery.key.is_not(None)).values(key="pages.a_text_that_was_renamed"))
    stands_still("whatsapp_locked")
    assert copies.channels() == URGENT_BY_SMS | {Lane.PAGE: WHATSAPP}


def test_many_are_diverted_some_at_a_time(copies: Copies, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(diverting, "MOST_AT_ONCE", 1)
    stands_still("whatsapp_locked")
    assert copies.channels() == ALL_BY_WHATSAPP | {Lane.CORRECTION: SMS}, "the most urgent first"
    again()
    again()
    assert copies.channels() == URGENT_BY_SMS

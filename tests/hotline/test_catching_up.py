"""What missed us is found on the carrier's list and enters by the same door, once, STOPs first."""

import base64
import datetime as dt
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import OperationalError

from bot.channels import carrier_log
from bot.channels.carrier_log import CannotLook, Logged
from bot.clock import ago, now
from bot.contacts.models import Channel, Contact
from bot.hotline import reception
from bot.hotline.catching_up import BEGAN, INBOUND, catch_up
from bot.hotline.inbound import Inbound
from bot.inbox.models import InboundText
from bot.outbox import listed
from bot.outbox.carrier_models import ListedThrough
from bot.outbox.delivery_models import Delivery, State
from bot.reports.models import Report
from bot.store.session import reading, writing
from tests.services.carrier import Phone, Simulator
from tests.services.settings import Environment
from tests.services.waiting import eventually

ROSA, BEN = "+13235550101", "+13235550102"
SAW = "la migra esta en la pacific y florence ahorita son como 8, 2 camionetas blancas"
WANTS_OUT = "ya no me manden mensajes"


@pytest.fixture(autouse=True)
def _away(database_url: str, redis_url: str, simulator: Simulator, env: Environment) -> None:
    """Nobody is behind the carrier's webhooks; the list is read for the first time before anything is written."""
    env.set(catch_up_after_seconds=0, sender_segments_per_second=10_000)
    simulator.live(list_lag_seconds=0)
    catch_up()


@pytest.fixture
def rosa(simulator: Simulator) -> Phone:
    return simulator.phone(ROSA)


@pytest.fixture
def ben(simulator: Simulator) -> Phone:
    return simulator.phone(BEN)


def sids() -> list[str]:
    with reading() as session:
        return list(session.scalars(select(InboundText.sid).order_by(InboundText.id)))


def said() -> list[str]:
    with reading() as session:
        return [key or "" for key in session.scalars(select(Delivery.key).order_by(Delivery.id))]


def contacts() -> list[Contact]:
    with reading() as session:
        return list(session.scalars(select(Contact).order_by(Contact.id)))


def test_a_text_that_no_webhook_brought_enters_and_is_answered_by_its_lane(rosa: Phone) -> None:
    missed = rosa.texts("HOLA")
    assert missed["status"] == 0 and sids() == []
    assert catch_up() == 1
    assert sids() == [missed["sid"]] and said() == ["hotline.welcome"]
    with reading() as session:
        assert session.scalar(select(Delivery.state)) is State.WAITING


def test_it_enters_once_however_often_the_list_shows_it_and_the_webhook_brings_it(rosa: Phone) -> None:
    sid = rosa.texts("HOLA")["sid"]
    assert (catch_up(), catch_up()) == (1, 0)
    assert "<Message>" not in reception.receive(Inbound(sid, ROSA, Channel.SMS, "HOLA"))
    assert sids() == [sid] and said() == ["hotline.welcome"]


def test_what_the_webhook_brought_is_left_alone(rosa: Phone) -> None:
    sid = rosa.texts("HOLA")["sid"]
    answer = reception.receive(Inbound(sid, ROSA, Channel.SMS, "HOLA"))
    assert catch_up() == 0
    assert reception.receive(Inbound(sid, ROSA, Channel.SMS, "HOLA")) == answer


def test_what_came_before_the_first_reading_is_not_ours_to_answer(rosa: Phone, ben: Phone) -> None:
    rosa.texts("before us")
    with writing() as session:
        session.execute(delete(ListedThrough))
    assert catch_up() == 0
    began = listed.through(BEGAN)
    assert began is not None
    eventually(lambda: now() > began + dt.timedelta(seconds=1), saying="the carrier's times are whole seconds")
    first = ben.texts("HOLA")["sid"]
    assert catch_up() == 1 and sids() == [first]


def test_stop_comes_first_and_at_once_and_counts_from_when_it_was_sent(
    rosa: Phone, ben: Phone, env: Environment
) -> None:
    env.set(catch_up_after_seconds=3600)
    ben.texts(SAW)
    rosa.texts(SAW)
    before = ago(seconds=1)
    rosa.texts(WANTS_OUT)
    assert catch_up() == 1, "the reports may still be on their way"
    (stopped,) = contacts()
    assert stopped.stopped_at is not None and before - dt.timedelta(seconds=1) <= stopped.stopped_at <= now()
    assert said() == ["hotline.stopped"]


def test_a_cry_for_help_enters_before_what_is_older(rosa: Phone, ben: Phone) -> None:
    ben.texts(SAW)
    cried = rosa.texts("la migra esta tocando mi puerta")["sid"]
    assert catch_up() == 2
    assert sids()[0] == cried


def test_the_cursor_waits_for_a_text_that_is_on_its_way(rosa: Phone, env: Environment) -> None:
    rosa.texts("HOLA")
    env.set(catch_up_after_seconds=3600, catch_up_overlap_minutes=0)
    sent = rosa.texts("AYUDA")
    for _ in range(3):
        assert catch_up() == 0
    env.set(catch_up_after_seconds=0)
    assert catch_up() == 2 and sent["sid"] in sids()


def test_a_list_that_breaks_off_lets_in_what_is_urgent_and_is_read_again(
    rosa: Phone, ben: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    ben.texts("HOLA")
    rosa.texts(WANTS_OUT)
    whole = carrier_log.came_in

    def broken(since: dt.datetime) -> list[Iterator[Logged]]:
        def rows() -> Iterator[Logged]:
            yield from whole(since)[0]
            raise CannotLook

        return [rows()]

    through = listed.through(INBOUND)
    monkeypatch.setattr(carrier_log, "came_in", broken)
    monkeypatch.setattr("bot.hotline.catching_up.BATCH", 1)
    assert catch_up() == 1 and [contact.is_stopped for contact in contacts()] == [True]
    assert listed.through(INBOUND) == through
    monkeypatch.undo()


def test_a_list_that_cannot_be_read_is_read_next_time(rosa: Phone, simulator: Simulator) -> None:
    rosa.texts("HOLA")
    simulator.fault("server_error", on="list", next=1)
    assert (catch_up(), catch_up()) == (0, 1)


def test_nothing_is_passed_over_while_the_database_is_away(rosa: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    rosa.texts("HOLA")

    def away(_message: Inbound) -> str:
        raise OperationalError("", {}, Exception())

    with monkeypatch.context() as broken, pytest.raises(OperationalError):
        broken.setattr(reception, "receive", away)
        catch_up()
    assert catch_up() == 1


def test_a_text_that_cannot_be_taken_in_holds_up_no_other(
    rosa: Phone, ben: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    rosa.texts("HOLA")
    ben.texts("AYUDA")
    receive = reception.receive

    def stumbles(message: Inbound) -> str:
        if message.text == "HOLA":
            raise ZeroDivisionError
        return receive(message)

    with monkeypatch.context() as broken:
        broken.setattr(reception, "receive", stumbles)
        assert catch_up() == 1
    assert catch_up() == 1, "and is tried again while the overlap shows it"


def test_pages_that_repeat_rows_let_nothing_in_twice(simulator: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(carrier_log, "PAGE", 4)
    simulator.fault("list_by_number")
    for n in range(11):
        simulator.phone(f"+132355501{n:02d}").texts("HOLA")
    assert catch_up() == 11
    assert len(set(sids())) == 11 and said() == ["hotline.welcome"] * 11


def test_when_more_is_missing_than_is_held_the_oldest_enter_first_and_the_rest_next_time(
    simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.hotline.catching_up.MOST_HELD", 2)
    monkeypatch.setattr("bot.hotline.catching_up.BATCH", 3)
    sent = [simulator.phone(f"+132355501{n:02d}").texts("HOLA")["sid"] for n in range(7)]
    turns = []
    while entered := catch_up():
        turns.append(entered)
    assert sum(turns) == 7 and max(turns) == 2 and set(sids()) == set(sent)


@pytest.mark.parametrize("service", ["", "MG" + "0" * 31 + "1"])
def test_whatsapp_enters_too_and_a_service_whose_numbers_we_do_not_know(
    service: str, simulator: Simulator, env: Environment
) -> None:
    if service:
        env.set(twilio_messaging_service_sid=service, twilio_from_number="", twilio_whatsapp_from="")
    simulator.phone(ROSA).texts("HOLA")
    simulator.phone("US.abc123", "whatsapp").texts("HOLA")
    simulator.rogue(BEN, "something that went out")
    assert catch_up() == 2
    assert {contact.channel for contact in contacts()} == {Channel.SMS, Channel.WHATSAPP}


def test_what_came_in_for_another_service_of_the_account_is_not_ours(simulator: Simulator, env: Environment) -> None:
    env.set(twilio_messaging_service_sid="MG" + "9" * 32, twilio_from_number="", twilio_whatsapp_from="")
    simulator.phone(ROSA).texts("HOLA")
    assert catch_up() == 0


@pytest.mark.parametrize(("kind", "answered"), [("audio/ogg", "hotline.audio"), ("image/jpeg", "photos.where")])
def test_the_kind_of_what_was_attached_is_asked_for(kind: str, answered: str, rosa: Phone) -> None:
    rosa.texts("", media=[{"content_type": kind, "data": base64.b64encode(b"x").decode()}])
    assert catch_up() == 1 and said() == [answered]


def test_where_nobody_tells_the_kind_it_was_something(rosa: Phone, simulator: Simulator) -> None:
    rosa.texts("", media=[{"content_type": "audio/ogg", "data": base64.b64encode(b"x").decode()}])
    simulator.fault("server_error", on="fetch")
    assert catch_up() == 1 and said() == ["photos.unopened"]


def test_a_pin_the_list_does_not_carry_is_asked_for_in_words(simulator: Simulator) -> None:
    simulator.phone(ROSA, "whatsapp").texts("", latitude=33.98, longitude=-118.22)
    assert catch_up() == 1 and said() == ["hotline.empty"]


def test_delete_says_its_last_words_first_and_then_nothing_is_left(rosa: Phone) -> None:
    rosa.texts("HOLA")
    rosa.texts("90255")
    catch_up()
    rosa.texts("BORRAR")
    assert (catch_up(), catch_up()) == (0, 0), "its answer waits to leave"
    (person,) = contacts()
    assert person.is_stopped and said()[-1] == "hotline.deleted" and said().count("hotline.deleted") == 1
    with writing() as session:
        session.execute(update(Delivery).values(state=State.HANDED))
    assert catch_up() == 1
    assert contacts() == [] and catch_up() == 0
    with reading() as session:
        assert session.scalar(select(func.count()).where(Delivery.contact_id.is_not(None))) == 0


def test_a_delete_that_the_webhook_brings_after_all_is_done_at_once(rosa: Phone) -> None:
    sid = rosa.texts("BORRAR")["sid"]
    assert catch_up() == 0
    assert "<Message>" in reception.receive(Inbound(sid, ROSA, Channel.SMS, "BORRAR"))
    assert contacts() == [] and catch_up() == 0 and contacts() == []


def test_the_webhook_and_the_list_at_the_same_moment_let_each_text_in_once(simulator: Simulator) -> None:
    sent = [(simulator.phone(f"+132355501{n:02d}").texts("AYUDA")["sid"], f"+132355501{n:02d}") for n in range(24)]

    def webhook(sid: str, number: str) -> str:
        return reception.receive(Inbound(sid, number, Channel.SMS, "AYUDA"))

    with ThreadPoolExecutor(4) as hands:
        reading_the_list = hands.submit(catch_up)
        brought: list[str] = list(hands.map(lambda one: webhook(*one), reversed(sent)))
        reading_the_list.result()
    assert sorted(sids()) == sorted(sid for sid, _ in sent)
    assert said() == ["hotline.help"] * 24
    with reading() as session:
        in_responses = session.scalar(select(func.count()).where(Delivery.state == State.HANDED))
    assert sum("<Message>" in xml for xml in brought) == in_responses


def test_a_report_keeps_its_time_through_the_list(rosa: Phone) -> None:
    before = ago(seconds=1)
    rosa.texts(SAW)
    assert catch_up() == 1
    with reading() as session:
        told = session.scalars(select(Report)).one()
    assert before <= told.received_at <= now() and told.received_at.microsecond == 0


def test_the_cursors_never_go_back() -> None:
    through = listed.through(BEGAN)
    assert through is not None
    listed.move(BEGAN, through - dt.timedelta(hours=1))
    assert listed.through(BEGAN) == through
    listed.move(BEGAN, through + dt.timedelta(hours=1))
    assert listed.through(BEGAN) == through + dt.timedelta(hours=1)

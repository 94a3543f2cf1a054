"""The web is killed while people text and a fan-out is under way: whatever it missed is in when it is back, each once."""

import datetime as dt
from collections import Counter

import pytest
from sqlalchemy import func, select

from bot.clock import now
from bot.contacts.models import find
from bot.inbox.models import InboundText
from bot.outbox.delivery_models import Delivery, State
from bot.reports.models import Report
from bot.store.session import reading, writing
from tests.outbox.conftest import hire, neighbors, notice, number
from tests.services.settings import Environment
from tests.services.system import Hotline, HotlineStarter
from tests.services.waiting import eventually

PEOPLE, FIRST = 240, 300
WANTS_OUT = "ya no me manden mensajes"
SAW = "la migra esta en la pacific y florence ahorita son como 8, 2 camionetas blancas"
SECOND = dt.timedelta(seconds=1)


@pytest.fixture
def hotline(start_hotline: HotlineStarter, database_kind: str, env: Environment) -> Hotline:
    """With quick looks at the carrier's list; its database is this test's own too."""
    started = start_hotline(
        database_kind,
        sender_segments_per_second=30,
        sweep_seconds=0.5,
        unknown_look_seconds=1,
        catch_up_seconds=0.5,
        catch_up_after_seconds=2,
        receipt_late_minutes=0.1,
    )
    env.set(database_url=started.database_url, redis_url=started.redis_url)
    return started


def missed(hotline: Hotline, phone: str, body: str) -> str:
    """A text that no webhook brings; its sid."""
    told = hotline.phone(phone).texts(body)
    assert told["status"] == 0
    return str(told["sid"])


def in_the_inbox() -> list[str]:
    with reading() as session:
        return sorted(session.scalars(select(InboundText.sid)))


def stopped(phone: str) -> bool:
    with reading() as session:
        contact = find(session, phone)
        return contact is not None and contact.is_stopped


def copies(state: State) -> int:
    with reading() as session:
        return session.scalar(select(func.count()).where(Delivery.state == state, Delivery.broadcast_id > 0)) or 0


@pytest.mark.slow
def test_what_was_texted_while_the_web_was_away_enters_once_and_a_stop_holds(hotline: Hotline) -> None:
    with writing() as session:
        staff = hire(session)
        neighbors(session, PEOPLE, FIRST)
    hotline.kill("web")
    with writing() as session:
        notice(session, staff)
    eventually(lambda: len(hotline.simulator.sent()) > 5, within=60)

    last = number(FIRST + PEOPLE - 1)
    sent = [missed(hotline, last, WANTS_OUT)]
    eventually(lambda: stopped(last), within=60)
    entered = now()
    sent += [missed(hotline, f"+132355501{n:02d}", "HOLA") for n in range(12)]
    sent += [missed(hotline, f"+132355501{n:02d}", SAW) for n in range(12, 15)]

    hotline.start("web")
    hotline.wait_until_ready()
    eventually(lambda: in_the_inbox() == sorted(sent), within=60)
    told = [row for row in hotline.simulator.sent() if row["to"] == last and "Comida" in row["body"]]
    assert all(dt.datetime.fromtimestamp(row["created"], dt.UTC) <= entered + SECOND for row in told)

    eventually(lambda: copies(State.DELIVERED) >= PEOPLE - 1, within=90, saying="the receipts that were lost")
    assert copies(State.WAITING) == copies(State.UNKNOWN) == copies(State.HANDED) == 0
    eventually(lambda: all(len(hotline.phone(f"+132355501{n:02d}").received()) == 1 for n in range(12)), within=30)
    counted = Counter((row["to"], row["body"]) for row in hotline.simulator.sent())
    assert max(counted.values()) == 1, "nobody was told or answered twice"
    assert in_the_inbox() == sorted(sent)
    with reading() as session:
        assert session.scalar(select(func.count(Report.id))) == 3


@pytest.mark.slow
def test_texts_that_the_web_refused_for_a_while_enter_too(hotline: Hotline) -> None:
    """It answers, and its answers are lost or it is never asked: nothing is heard of either by the carrier."""
    hotline.simulator.fault("webhook_lost", next=3)
    before = [hotline.phone(f"+132355501{n:02d}").texts("HOLA")["sid"] for n in range(3)]
    hotline.simulator.fault("webhook_lost", next=3, when="after")
    after = [hotline.phone(f"+132355501{n:02d}").texts("HOLA")["sid"] for n in range(3, 6)]
    eventually(lambda: in_the_inbox() == sorted(before + after), within=60)
    eventually(lambda: all(hotline.phone(f"+132355501{n:02d}").received() for n in range(3)), within=30)

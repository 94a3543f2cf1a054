"""Texts that come in one moment share what is asked and written; each has its own answer and effect, or fails for itself."""

import datetime as dt
from collections.abc import Callable, Sequence

import pytest
from sqlalchemy import func, select

from bot.contacts.models import Channel, Contact, find
from bot.hotline.inbound import Inbound
from bot.hotline.reception import Answer, receive, receive_together
from bot.inbox.models import InboundText
from bot.outbox import answers
from bot.outbox.delivery_models import Delivery
from bot.store.session import reading
from tests.hotline.conftest import Resident, texts_in
from tests.services.waiting import eventually

ROSA, BEN, MAI = "+13235550101", "+13235550102", "+13235550103"


def text(number: int, address: str, body: str, **more: object) -> Inbound:
    return Inbound(f"SM{number:032x}", address, Channel.SMS, body, **more)  # type: ignore[arg-type]


def answers_of(messages: Sequence[Inbound]) -> list[list[str]]:
    outcomes = receive_together(messages)
    assert all(isinstance(outcome, Answer) for outcome in outcomes), outcomes
    return [texts_in(outcome.xml) for outcome in outcomes if isinstance(outcome, Answer)]


def kept() -> int:
    with reading() as session:
        return session.scalar(select(func.count()).select_from(InboundText)) or 0


@pytest.fixture(autouse=True)
def room_for_all(resident: Callable[..., Resident]) -> None:
    """The pace holds nobody back; a Redis that knows of no slot yet is careful with the first ones."""
    eventually(lambda: len(answers.room_for(Channel.SMS, 8)) == 8)


def test_each_is_answered_as_if_it_had_come_alone() -> None:
    bodies = ("HOLA", "HELP", "DERECHOS", "STOP", "vi dos vans blancas en Pacific y Gage ahorita, como 6 agentes")
    alone = [texts_in(receive(text(n, f"+1323555011{n}", body))) for n, body in enumerate(bodies)]
    together = answers_of([text(n + 10, f"+1323555012{n}", body) for n, body in enumerate(bodies)])
    assert together == alone
    assert kept() == 2 * len(bodies)


def test_whose_text_follows_on_their_own_is_heard_after_it() -> None:
    joined = answers_of([text(1, ROSA, "HOLA"), text(2, BEN, "HELP"), text(3, ROSA, "90255"), text(4, ROSA, "1")])
    alone = [texts_in(receive(text(n + 10, MAI, body))) for n, body in enumerate(("HOLA", "90255", "1"))]
    assert [joined[0], joined[2], joined[3]] == alone


def test_a_text_that_is_brought_twice_has_one_effect_and_one_answer() -> None:
    first, other, again = answers_of([text(1, ROSA, "HELP"), text(2, BEN, "HELP"), text(1, ROSA, "HELP")])
    assert first == other == again
    assert answers_of([text(1, ROSA, "HELP"), text(3, MAI, "HELP")]) == [first, first]
    assert kept() == 3
    with reading() as session:
        assert session.scalar(select(func.count()).select_from(Delivery)) == 3


def test_what_cannot_be_kept_fails_alone_and_the_others_are_in() -> None:
    nobody_knows_when = dt.datetime(2026, 11, 22, 12, 0)  # noqa: DTZ001  no time zone: refused by the column
    outcomes = receive_together(
        [text(1, ROSA, "HELP"), text(2, BEN, "HELP", sent_at=nobody_knows_when), text(3, MAI, "STOP")]
    )
    assert [isinstance(outcome, Answer) for outcome in outcomes] == [True, False, True]
    assert kept() == 2
    with reading() as session:
        mai = find(session, MAI)
        assert mai is not None and mai.is_stopped
        assert find(session, BEN) is None


def test_who_deletes_everything_takes_nobody_along() -> None:
    receive(text(1, ROSA, "HOLA"))
    gone, stays = answers_of([text(2, ROSA, "BORRAR"), text(3, BEN, "HELP")])
    assert gone and stays
    with reading() as session:
        assert find(session, ROSA) is None and find(session, BEN) is not None
        assert session.scalar(select(func.count()).select_from(Contact)) == 1

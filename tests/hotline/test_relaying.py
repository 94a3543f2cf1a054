"""They answer a volunteer's question: it reaches the report. What is another matter goes its own way, and STOP ends it."""

from collections.abc import Callable

import pytest
import time_machine
from sqlalchemy import select

from bot.clock import now
from bot.moderation import relaying
from bot.moderation.dispatch_models import Relayed
from bot.moderation.emergency_models import Emergency
from bot.moderation.refusals import Refused
from bot.people.models import InvitationLine, Person, Role
from bot.reports.models import Report
from bot.store.session import reading, writing
from tests.hotline.conftest import Resident

SEEN = "la migra esta en la pacific y florence ahorita, unas camionetas blancas"


@pytest.fixture
def asked(rosa: Resident) -> Callable[..., int]:
    """Rosa told of something; a dispatcher asks her about it."""
    rosa.texts(SEEN)

    def ask(what: str = "how_many") -> int:
        with writing() as session:
            dora = session.scalars(select(Person)).first()
            if dora is None:
                line = InvitationLine(name="ash", created_at=now())
                session.add(line)
                session.flush()
                dora = Person(name="Dora", role=Role.DISPATCHER, line_id=line.id, created_at=now(), language="en")
                session.add(dora)
                session.flush()
            return relaying.ask(session, session.scalars(select(Report)).one(), dora, what).id

    return ask


def thread(asked_id: int) -> Relayed:
    with reading() as session:
        return session.get_one(Relayed, asked_id)


def reports() -> list[Report]:
    with reading() as session:
        return list(session.scalars(select(Report)))


@pytest.mark.parametrize("answer", ["como 12", "12", "son como doce con chalecos negros", "no sé, creo que muchos"])
def test_an_answer_reaches_the_question_and_is_thanked(rosa: Resident, asked: Callable[..., int], answer: str) -> None:
    asked_id = asked()
    said = rosa.asks(answer)
    assert "voluntario" in said and "NO es alerta" in said
    assert thread(asked_id).answer == answer and len(reports()) == 1


@pytest.mark.parametrize("answer", ["si", "no", "1"])
def test_short_answers_are_answers(rosa: Resident, asked: Callable[..., int], answer: str) -> None:
    asked_id = asked("still_there")
    rosa.asks(answer)
    assert thread(asked_id).answer == answer


def test_the_count_they_answer_fills_in_the_report(rosa: Resident, asked: Callable[..., int]) -> None:
    asked()
    rosa.asks("son como 12 agentes")
    (report,) = reports()
    assert report.size == 12 and "12" not in report.text


def test_a_report_of_another_place_is_another_report(rosa: Resident, asked: Callable[..., int]) -> None:
    asked_id = asked()
    rosa.texts("ahora hay agentes de ICE en gage y state en huntington park, se llevan a un señor")
    assert thread(asked_id).answered_at is None and len(reports()) == 2


@pytest.mark.parametrize("question", ["que hago si tocan mi puerta?", "PUERTA", "es cierto lo de gage y state?"])
def test_a_question_gets_its_own_answer(rosa: Resident, asked: Callable[..., int], question: str) -> None:
    asked_id = asked()
    assert "voluntario lo lee" not in " ".join(rosa.texts(question))
    assert thread(asked_id).answered_at is None


def test_a_cry_for_help_is_a_cry_for_help(rosa: Resident, asked: Callable[..., int]) -> None:
    asked_id = asked()
    rosa.texts("ayuda estan tocando mi puerta la migra")
    with reading() as session:
        assert len(session.scalars(select(Emergency)).all()) == 1
    assert thread(asked_id).answered_at is None


def test_stop_ends_it(rosa: Resident, asked: Callable[..., int]) -> None:
    asked_id = asked()
    rosa.texts("STOP")
    assert thread(asked_id).answered_at is None
    with pytest.raises(Refused) as refused:
        asked("doing")
    assert refused.value.key == "console.relay.stopped"


def test_an_hour_later_it_is_still_an_answer_and_after_two_it_is_not(rosa: Resident, asked: Callable[..., int]) -> None:
    asked_id = asked()
    with time_machine.travel(now().timestamp() + 3600, tick=True):
        rosa.asks("eran como 12")
    assert thread(asked_id).answer == "eran como 12"
    second = asked("doing")
    with time_machine.travel(now().timestamp() + 7300, tick=True):
        rosa.texts("ya nada")
    assert thread(second).answered_at is None


def test_what_follows_the_answer_is_read_like_any_text(rosa: Resident, asked: Callable[..., int]) -> None:
    asked_id = asked()
    rosa.asks("como 12")
    rosa.texts("COMIDA")
    assert thread(asked_id).answer == "como 12"

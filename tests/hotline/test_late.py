"""A text missed us and is read later: what its sender, and the volunteers, would expect."""

import datetime as dt
from collections.abc import Callable

import pytest
from sqlalchemy import func, select, update

from bot.clock import ago, ahead
from bot.contacts.models import Channel, Contact
from bot.inbox.models import Conversation
from bot.incidents.models import Incident
from bot.incidents.states import IncidentState
from bot.moderation.emergency_models import Emergency
from bot.outbox import claiming
from bot.outbox.delivery_models import Delivery
from bot.outbox.models import Lane
from bot.reports.models import Report
from bot.store.session import reading, writing
from bot.subscriptions.models import Subscription
from tests.hotline.conftest import Resident

SAW = "la migra esta en la pacific y florence ahorita son como 8, 2 camionetas blancas"
WANTS_OUT = "ya no me manden mensajes"


def contact() -> Contact:
    with reading() as session:
        return session.scalars(select(Contact)).one()


def leaving() -> list[str]:
    """The answers that may leave now: those that STOP holds back are dropped where they are claimed."""
    with writing() as session:
        session.execute(update(Delivery).values(not_before=None))
    claimed = [copy.id for copy in claiming.claim(Channel.SMS, list(Lane), 1000).copies]
    with reading() as session:
        return sorted(key or "" for key in session.scalars(select(Delivery.key).where(Delivery.id.in_(claimed))))


def count(table: type) -> int:
    with reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_it_is_answered_by_its_lane_and_told_once_that_it_was_late(rosa: Resident) -> None:
    said = rosa.texts("HOLA", sent_at=ago(hours=1))
    assert len(said) == 2 and "ZIP" in said[0] and "apenas ahora" in said[1]
    assert len(rosa.texts("AYUDA", sent_at=ago(minutes=50))) == 1
    assert leaving() == ["hotline.help", "hotline.late", "hotline.welcome"]


def test_a_minute_is_not_late(rosa: Resident) -> None:
    assert len(rosa.texts("HOLA", sent_at=ago(minutes=1))) == 1


def test_yesterdays_text_is_named_by_its_day(rosa: Resident) -> None:
    said = rosa.texts("HOLA", sent_at=ago(days=2))
    assert any(day in said[1] for day in ("lun", "mar", "mié", "jue", "vie", "sáb", "dom", "mie", "sab"))


def test_stop_counts_from_when_it_was_sent(rosa: Resident) -> None:
    rosa.texts("MENU")
    said_at = ago(minutes=30).replace(microsecond=0)
    rosa.texts(WANTS_OUT, sent_at=said_at)
    assert contact().stopped_at == said_at


def test_stop_stands_though_it_comes_before_an_older_start(rosa: Resident) -> None:
    """STOPs are read first, whatever was written before them."""
    rosa.texts(WANTS_OUT, sent_at=ago(minutes=20))
    assert rosa.texts("START", sent_at=ago(minutes=40)) == []
    assert contact().is_stopped


@pytest.mark.parametrize("word", ["START", "HOLA"])
def test_whoever_came_back_since_is_not_stopped_by_an_older_word(word: str, rosa: Resident) -> None:
    rosa.texts(word)
    for taken_back in (WANTS_OUT, "STOP", "BORRAR"):
        assert rosa.texts(taken_back, sent_at=ago(minutes=30)) == []
    assert not contact().is_stopped


def test_start_after_the_stop_holds_in_whatever_order_they_are_read(rosa: Resident) -> None:
    rosa.texts(WANTS_OUT, sent_at=ago(minutes=30))
    rosa.texts("START", sent_at=ago(minutes=20))
    assert not contact().is_stopped


def test_a_question_is_answered_late_but_not_after_a_stop(rosa: Resident, ben: Resident) -> None:
    assert any("juez" in text.casefold() for text in rosa.texts("pueden entrar a mi casa?", sent_at=ago(minutes=30)))
    rosa.texts("STOP", sent_at=ago(minutes=10))
    assert leaving() == []
    ben.texts(WANTS_OUT)
    assert ben.texts("pueden entrar a mi casa?", sent_at=ago(minutes=30)) == []
    assert leaving() == []


def test_a_report_written_before_the_stop_still_counts(rosa: Resident) -> None:
    rosa.texts(WANTS_OUT)
    assert rosa.texts(SAW, sent_at=ago(minutes=20)) == []
    assert count(Report) == 1


def test_a_report_keeps_its_time(rosa: Resident) -> None:
    written = ago(minutes=40).replace(microsecond=0)
    assert any("Recibido" in said for said in rosa.texts(SAW, sent_at=written))
    with reading() as session:
        assert session.scalar(select(Report.received_at)) == written
        assert session.scalar(select(Incident.last_report_at)) == written


def test_a_report_of_hours_ago_sends_nobody_to_look_and_says_so(rosa: Resident) -> None:
    (said,) = rosa.texts(SAW, sent_at=ago(hours=3))
    assert "tarde" in said and "911" in said
    assert (count(Report), count(Incident)) == (1, 0)


def test_a_place_that_comes_late_sends_nobody_either(rosa: Resident) -> None:
    rosa.texts("hay migra aqui ahorita como 5 agentes con chalecos", sent_at=ago(minutes=59))
    with writing() as session:
        session.execute(update(Report).values(received_at=ago(minutes=61)))  # read a little later
    assert "tarde" in rosa.texts("en la gage y state en huntington park", sent_at=ago(minutes=35))[0]
    assert count(Incident) == 0


def test_a_report_written_before_somebody_looked_opens_nothing_again(rosa: Resident, ben: Resident) -> None:
    rosa.texts(SAW)
    with writing() as session:
        session.execute(update(Incident).values(state=IncidentState.NOT_SEEN, closed_at=ago(minutes=5)))
    ben.texts("ICE at florence and pacific right now, 2 white vans, 6 agents", sent_at=ago(minutes=15))
    with reading() as session:
        incident = session.scalars(select(Incident)).one()
        assert incident.state is IncidentState.NOT_SEEN
        assert session.scalar(select(func.count()).where(Report.incident_id == incident.id)) == 2


def test_the_answer_to_a_question_of_ours_counts_though_the_question_has_lapsed_since(rosa: Resident) -> None:
    rosa.texts("HOLA")
    _asked(minutes=180)
    rosa.texts("90255", sent_at=ago(hours=2, minutes=58))
    assert any("Huntington Park" in said for said in rosa.texts("1", sent_at=ago(hours=2, minutes=55)))
    assert count(Subscription) == 1


def _asked(minutes: float) -> None:
    """Our question went out that long ago."""
    with writing() as session:
        session.execute(update(Conversation).values(asked_at=ago(minutes=minutes)))


def test_a_late_number_is_no_answer_to_a_question_asked_since(rosa: Resident) -> None:
    assert "1" in rosa.asks("90255")
    rosa.texts("1", sent_at=ago(minutes=20))
    assert count(Subscription) == 0
    rosa.texts("1")
    assert count(Subscription) == 1


def test_a_late_story_puts_no_open_question_aside(rosa: Resident) -> None:
    rosa.texts("90255")
    said = rosa.texts("hay migra aqui ahorita como 5 agentes con chalecos", sent_at=ago(minutes=20))
    assert any("calles" in text for text in said)
    rosa.texts("1")
    assert count(Subscription) == 1


def test_texts_far_apart_are_no_pieces_of_one_though_they_are_read_in_one_second(rosa: Resident) -> None:
    rosa.texts("hay migra ahorita son 6", sent_at=ago(minutes=50))
    with writing() as session:
        session.execute(update(Report).values(received_at=ago(minutes=50)))
    rosa.texts("gracias", sent_at=ago(minutes=40))
    assert count(Report) == 1


def test_pieces_of_one_thought_are_read_together_by_when_they_were_written(rosa: Resident) -> None:
    for body, minutes in (("oigan", 30.0), ("hay migra ahorita son 6", 29.5), ("en la pacific y florence", 29.0)):
        rosa.texts(body, sent_at=ago(minutes=minutes))
    assert (count(Report), count(Incident)) == (1, 1)


def test_a_cry_of_an_hour_ago_opens_an_emergency_that_knows_its_age(rosa: Resident) -> None:
    written = ago(hours=1).replace(microsecond=0)
    said = rosa.texts("la migra esta tocando mi puerta", sent_at=written)
    assert any("NO abra" in text for text in said) and any("apenas ahora" in text for text in said)
    with reading() as session:
        emergency = session.scalars(select(Emergency)).one()
        assert emergency.opened_at > ago(minutes=1)
        assert session.get_one(Report, emergency.report_id).received_at == written


def test_a_cry_before_their_stop_pages_a_human_all_the_same(rosa: Resident) -> None:
    rosa.texts(WANTS_OUT)
    assert rosa.texts("la migra esta tocando mi puerta", sent_at=ago(minutes=30)) == []
    assert count(Emergency) == 1


def test_whatsapps_window_is_counted_from_when_they_wrote(resident: Callable[..., Resident]) -> None:
    rosa = resident(1, Channel.WHATSAPP)
    written = ago(hours=5).replace(microsecond=0)
    rosa.texts("HOLA", sent_at=written)
    assert contact().whatsapp_until == written + dt.timedelta(hours=24)
    rosa.texts("HOLA")
    later = contact().whatsapp_until
    rosa.texts("MENU", sent_at=written)
    assert contact().whatsapp_until == later and later is not None and later > ahead(hours=23)


def test_a_flood_is_counted_in_its_own_minutes(rosa: Resident) -> None:
    for n in range(35):
        rosa.texts("que", sent_at=ago(minutes=5 * n + 5))
    assert len(rosa.texts("AYUDA", sent_at=ago(minutes=4))) == 1

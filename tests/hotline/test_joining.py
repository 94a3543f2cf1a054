"""Somebody asks for alerts: a join word, an area, one number to confirm; what is unclear is asked back."""

from sqlalchemy import select

from bot.contacts.models import Channel
from bot.store.session import reading
from bot.subscriptions.models import Subscription
from tests.hotline.conftest import Resident


def _subjects() -> list[str]:
    with reading() as session:
        return sorted(session.scalars(select(Subscription.subject)))


def test_hola_then_a_zip_then_one(rosa: Resident) -> None:
    assert "ZIP" in rosa.asks("HOLA")
    assert "Huntington Park" in rosa.asks("90255")
    assert "Ya recibe" in rosa.asks("1")
    assert _subjects() == ["hp"]


def test_the_join_word_sets_the_language(ben: Resident) -> None:
    assert "volunteers" in ben.asks("Hello")
    assert "Huntington Park" in ben.asks("huntington park")
    assert "You now get" in ben.asks("1")


def test_join_and_the_area_in_one_text(ben: Resident) -> None:
    assert "Maywood" in ben.asks("JOIN maywood")
    ben.asks("1")
    assert _subjects() == ["maywood"]


def test_a_zip_of_several_areas_asks_which_and_its_number_is_enough(rosa: Resident) -> None:
    rosa.asks("HOLA")
    offered = rosa.asks("90201")
    assert "1) Bell" in offered and "Cudahy" in offered
    rosa.asks("2")
    assert len(_subjects()) == 1


def test_two_means_another_area(rosa: Resident) -> None:
    rosa.asks("HOLA")
    rosa.asks("90255")
    assert "¿De qué zona" in rosa.asks("2") or "De que zona" in rosa.said[-1]
    assert "Maywood" in rosa.asks("maywood")
    rosa.asks("sí")
    assert _subjects() == ["maywood"]


def test_a_place_outside_is_said_kindly_and_the_way_on_stays_open(rosa: Resident) -> None:
    rosa.asks("HOLA")
    assert "Compton" in rosa.asks("90220") or "fuera" in rosa.said[-1]
    assert "Huntington Park" in rosa.asks("90255")


def test_nonsense_is_asked_again(rosa: Resident) -> None:
    rosa.asks("HOLA")
    assert "ZIP" in rosa.asks("xyzzy")


def test_a_pin_is_an_area_too(rosa: Resident) -> None:
    rosa.asks("HOLA")
    assert "Maywood" in rosa.asks("", pin=(33.989, -118.187))


def test_leaving_one_area_keeps_the_others(rosa: Resident) -> None:
    for area in ("90255", "90270"):
        rosa.asks("HOLA")
        rosa.asks(area)
        rosa.asks("1")
    assert "Huntington Park" in rosa.asks("SALIR maywood")
    assert _subjects() == ["hp"]


def test_a_sighting_in_the_middle_of_joining_is_a_report_and_joining_goes_on_later(rosa: Resident) -> None:
    rosa.asks("HOLA")
    assert "Recibido" in rosa.asks("la migra esta en la pacific y florence ahorita, como 8 agentes")
    assert _subjects() == []


def test_whatsapp_people_join_as_well_even_without_a_number(resident: object) -> None:
    mei = Resident("whatsapp:US.mei1", Channel.WHATSAPP)
    mei.asks("HELLO")
    mei.asks("cambodia town")
    assert "You now get" in mei.asks("1")
    assert _subjects() == ["lb_cambodia"]

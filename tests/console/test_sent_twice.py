"""Who clicks twice, or has another tab open while a proof is shown: what is done is done once, and nobody is signed out."""

from time_machine import travel

from bot.clock import ahead
from tests.console.conftest import Corner
from tests.console.desk import Browser
from tests.console.test_sign_in_page import shown_code


def _page(corner: Corner) -> str:
    return f"/alerts/{corner.alert.id}"


def test_a_second_click_under_the_cookie_of_before_ends_nowhere_else(luz: Browser, corner: Corner) -> None:
    """Releasing shows the code and renews the session: who clicks twice is told what came of it, and stays signed in."""
    with travel(ahead(minutes=6), tick=True):
        words = luz.words(_page(corner))
        before = luz.client.get_cookie("contigo-session")
        assert before
        first = luz.sends(f"{_page(corner)}/release", words=words, code=shown_code())
        renewed = luz.client.get_cookie("contigo-session")
        assert first.status_code == 303 and renewed and renewed.value != before.value
        luz.client.set_cookie("contigo-session", before.value)
        assert luz.opens("/me/here").status_code == 204
        assert luz.opens(f"{_page(corner)}/waiting").headers["HX-Redirect"] == _page(corner)
        held = luz.client.get_cookie("contigo-session")
        assert held and held.value == before.value, "what a page asks by itself hands out nothing"
        second = luz.sends(f"{_page(corner)}/release", words=words, code=shown_code())
        assert (second.status_code, second.location) == (303, _page(corner))
        held = luz.client.get_cookie("contigo-session")
        assert held and held.value == renewed.value
    with travel(ahead(minutes=7), tick=True):
        assert "Released by Luz" in luz.reads(_page(corner))
        luz.client.set_cookie("contigo-session", before.value)
        assert luz.opens("/me/here", **{"HX-Request": "1"}).status_code == 401, "a moment only"

"""Is every alert one segment (two outside GSM-7), whatever the place, and free of what reporters wrote?"""

import datetime as dt

import pytest

from bot.alerts.wording import slots_of, texts_of
from bot.channels.segments import for_sms, measure
from bot.contacts.models import Channel
from bot.incidents import opening
from bot.incidents.models import Incident
from bot.incidents.opening import Spot
from bot.outbox.models import Kind
from bot.places.labels import label
from bot.places.landmarks import landmarks
from messages import languages
from tests.moderation.cast import Town

SEEN, UNTIL = dt.datetime(2026, 11, 22, 20, 58, tzinfo=dt.UTC), dt.datetime(2026, 11, 22, 22, 58, tzinfo=dt.UTC)
GSM_7 = ("en", "es", "tl")
UNIFORMS = ("ICE", "HSI", "CBP", "immigration", "unknown")
WAS = ("police", "tow_truck", "ambulance", "film_crew", "construction", "security", "something_else", "unfounded")
CORNER = Spot("corner:florence+pacific@hp", "Pacific & Florence", ("hp", "walnut_park"), 33.974, -118.225)
LONG_CORNER = Spot("corner:long_beach_blvd+pch@lb", "Long Beach Blvd & PCH", ("lb_wrigley",), 33.79, -118.19)
UNKNOWN_KEY = Spot(
    "x", "Martin Luther King Jr Boulevard & Pacific Coast Highway by the hospital", ("lb_central",), 33.8, -118.18
)
AREA = Spot("area:hp", "Huntington Park", ("hp",))


def spots() -> list[Spot]:
    longest = sorted(landmarks().values(), key=lambda one: -len(one.name))[:5]
    named = [Spot(f"landmark:{one.id}", one.name, one.areas, *one.point) for one in longest]
    return [CORNER, LONG_CORNER, UNKNOWN_KEY, AREA, *named]


def made(town: Town, spot: Spot, uniform: str, kind: Kind, was: str | None = None) -> dict[tuple[str, Channel], str]:
    incident: Incident = opening.open_at(town.session, spot)
    incident.uniform = uniform
    return texts_of(incident, kind, slots_of(incident, kind, seen=SEEN, until=UNTIL, was=was))


@pytest.mark.parametrize("uniform", UNIFORMS)
@pytest.mark.parametrize("kind", [Kind.ALERT, Kind.UPDATE, Kind.OVER, Kind.DOUBT])
def test_every_alert_is_one_segment_wherever_it_is(town: Town, uniform: str, kind: Kind) -> None:
    for spot in spots():
        for (language, channel), text in made(town, spot, uniform, kind).items():
            if channel is Channel.SMS:
                cost = measure(for_sms(text, language))
                short = (1, "GSM-7") if language in GSM_7 else (2, "UCS-2")
                assert (cost.segments, cost.encoding) <= short, (language, cost.units, text)
                assert cost.encoding == short[1], (language, text)


@pytest.mark.parametrize("uniform", UNIFORMS)
def test_what_one_hand_lets_out_is_as_short(town: Town, uniform: str) -> None:
    for spot in spots():
        incident = opening.open_at(town.session, spot)
        incident.uniform = uniform
        slots = slots_of(incident, Kind.ALERT, seen=SEEN, until=UNTIL, was=None) | {"alone": True}
        for (language, channel), text in texts_of(incident, Kind.ALERT, slots).items():
            if channel is Channel.SMS:
                cost = measure(for_sms(text, language))
                short = (1, "GSM-7") if language in GSM_7 else (2, "UCS-2")
                assert (cost.segments, cost.encoding) <= short, (language, cost.units, text)
                assert text.startswith("CONTIGO") and incident.code in text


@pytest.mark.parametrize("was", WAS)
def test_every_correction_is_one_segment_and_says_what_it_was(town: Town, was: str) -> None:
    for spot in spots():
        for (language, channel), text in made(town, spot, "ICE", Kind.CORRECTION, was).items():
            if channel is Channel.SMS:
                most = 1 if language in GSM_7 else 2
                assert measure(for_sms(text, language)).segments <= most, (language, text)


def test_a_broadcast_speaks_every_complete_language_on_both_channels(town: Town) -> None:
    """Pitfall 6 (`tests/truth/test_pitfalls.py`): the body in one language only."""
    texts = made(town, CORNER, "ICE", Kind.ALERT)
    assert set(texts) == {(language, channel) for language in languages.WRITTEN for channel in Channel}
    assert len(set(texts.values())) >= len(languages.WRITTEN)


def test_the_place_is_said_in_the_language_with_its_neighborhood(town: Town) -> None:
    texts = made(town, CORNER, "ICE", Kind.ALERT)
    assert "Pacific y Florence, HP" in texts["es", Channel.SMS] and "Pacific & Florence, HP" in texts["en", Channel.SMS]


def test_a_long_place_gives_way_and_the_advice_does_not(town: Town) -> None:
    texts = made(town, UNKNOWN_KEY, "immigration", Kind.ALERT)
    assert "..." in texts["es", Channel.SMS] and "No vaya ni se meta" in texts["es", Channel.SMS]
    assert UNKNOWN_KEY.label in texts["es", Channel.WHATSAPP], "WhatsApp has room for all of it"


def test_an_alert_says_who_what_where_when_what_to_do_and_until_when(town: Town) -> None:
    said = made(town, CORNER, "CBP", Kind.ALERT)["en", Channel.SMS]
    for part in ("CONTIGO", "CONFIRMED", "Border Patrol", "Pacific & Florence", "12:58pm", "Do not go", "Ends 2:58pm"):
        assert part in said
    assert label("corner:florence+pacific@hp", "en") in said

"""Is SALUTE read as it was said, and nothing as a count that counts nothing?"""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.reports import intake
from bot.reports.intake import redact

REPORTS = Path(__file__).parent / "data" / "reports.tsv"
LEAST_RIGHT = {"size": 0.9, "vehicles": 0.9, "uniform": 0.9, "time": 0.85, "first_hand": 0.9, "place": 0.95}


def test_labelled_reports_are_read_as_they_were_said() -> None:
    right: dict[str, list[bool]] = {slot: [] for slot in LEAST_RIGHT}
    for line in REPORTS.read_text(encoding="utf-8").splitlines():
        _, text, size, vehicles, uniform, time, first_hand = line.split("\t")
        seen = intake.read(text)
        right["size"].append(str(seen.size or "") == size)
        right["vehicles"].append(str(seen.vehicles or "") == vehicles)
        right["uniform"].append(seen.uniform == uniform)
        right["time"].append(seen.time == time)
        right["first_hand"].append(seen.first_hand == (first_hand == "yes"))
        right["place"].append(bool(seen.place.neighborhoods) or seen.place.ask or bool(seen.place.outside))
    found = {slot: sum(each) / len(each) for slot, each in right.items()}
    assert {slot: share for slot, share in found.items() if share < LEAST_RIGHT[slot]} == {}


@pytest.mark.parametrize(
    "text",
    [
        "ICE at 7th and pine", "la migra en la 58 y heliotrope", "ICE at 10th and orange at 8:15", "la migra en la gage a las 6",
        "ICE hace como 10 minutos en la gage y pacific", "took 3 people at gage and pacific",
        "agarraron a 2 en la florence y pacific",
        "3 guys detained at florence and pacific", "ICE at 6700 seville", "la migra en el 90255", "ICE on the 710",
        "call 562-555-0123 ice at gage and pacific", "2 white vans at gage and pacific",
    ],
)  # fmt: skip
def test_streets_times_addresses_and_the_taken_are_no_count_of_agents(text: str) -> None:
    assert intake.read(text).size is None


@pytest.mark.parametrize(
    "text",
    [
        "ICE at the car wash on carson",
        "they stopped a car on gage",
        "la migra paro una troca en la gage",
        "ICE on the bus",
    ],
)
def test_their_own_vehicles_are_counted_alone(text: str) -> None:
    assert intake.read(text).vehicles is None


def test_a_named_neighbor_who_saw_it_is_a_witness_and_the_moms_are_not() -> None:
    assert intake.read("mi vecina vio desde su ventana que subieron a 2 en la malabar y gage").first_hand
    assert not intake.read("que en la escuela anduvieron unos carros raros, eso dijeron las mamas").first_hand
    assert intake.read("traen chalecos que dicen POLICE ICE en la gage y pacific").first_hand


def test_what_is_asked_back_is_at_most_two_things_the_place_first() -> None:
    assert intake.read("ICE").missing == ("place", "size")
    assert intake.read("la migra en la gage y pacific").missing == ("size", "time")
    assert intake.read("8 agentes ahorita en la gage y pacific").missing == ()


def test_the_summary_says_what_we_understood_in_the_readers_language() -> None:
    seen = intake.read("la migra esta en la pacific y florence ahorita son como 8, 2 camionetas blancas")
    assert seen.summary("es") == "8 agentes de migración, 2 vehículos (camioneta, blanco), Pacific y Florence, ahora"
    assert seen.summary("en") == "8 immigration agents, 2 vehicles (SUV, white), Pacific & Florence, now"


def test_equipment_and_activity_are_named() -> None:
    seen = intake.read("masked agents with rifles and a dog at gage and pacific taking workers, helicopter above")
    assert set(seen.equipment) >= {"weapons", "masks", "dogs", "helicopter"}
    assert seen.activity == "took_people"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("white van plate 8ABC123 at gage", "white van plate [...] at gage"),
        ("placas ABC 1234 en la gage", "placas [...] en la gage"),
        ("suv 8xyz999 on pacific", "suv [...] on pacific"),
        ("call me 562-555-0123", "call me [...]"),
        ("mi numero es 5625550199", "mi numero es [...]"),
        ("they are at 6712 Seville", "they are at 6700 block Seville"),
        ("en la 6712 de Seville", "en la 6700 block de Seville"),
        ("en 1990 de la pacific", "en 1900 block de la pacific"),
        ("en 2025 de enero", "en 2025 de enero"),
        ("2015 e florence", "2000 block e florence"),
        ("apt 4b on state", "[...] on state"),
        ("ICE 100 AGENTS PCH 710", "ICE 100 AGENTS PCH 710"),
        ("90255 3 vans 30mins ago, 7th st, f150", "90255 3 vans 30mins ago, 7th st, f150"),
        ("deported in 2009 and came back", "deported in 2009 and came back"),
    ],
)
def test_plates_phones_and_house_numbers_are_taken_out(text: str, kept: str) -> None:
    assert redact(text) == kept


def test_key_words_hold_no_plate_and_no_phone() -> None:
    words = intake.read("plate 8ABC123 call 5625550199 tamale lady at gage and pacific").key_words
    assert "tamale" in words
    assert not any(any(c.isdigit() for c in word) for word in words)


@given(st.text(max_size=200))
@settings(max_examples=200, deadline=None)
def test_any_text_is_read_somehow(text: str) -> None:
    seen = intake.read(text)
    assert seen.size is None or seen.size > 0
    assert seen.vehicles is None or seen.vehicles > 0
    assert len(seen.missing) <= intake.MOST_QUESTIONS
    assert isinstance(seen.summary("es"), str)
    redact(text)

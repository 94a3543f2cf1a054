"""Is a text counted as the carriers count it, and made cheap without losing a meaning?"""

import math
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.segments import GSM_BASIC, GSM_EXTENSION, for_sms, measure, report

GSM_BASIC_TEXT = st.text(st.sampled_from(sorted(GSM_BASIC)))
GSM_TEXT = st.text(st.sampled_from(sorted(GSM_BASIC | GSM_EXTENSION)), max_size=700)
SPANISH = st.text(st.sampled_from("abcdeñ ¿¡éüáíóúÁÍÓÚ“”’—…\u00a0?."), max_size=400)
ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)


@pytest.mark.parametrize(
    ("text", "encoding", "units", "segments"),
    [
        ("", "GSM-7", 0, 1),
        ("a" * 160, "GSM-7", 160, 1),
        ("a" * 161, "GSM-7", 161, 2),
        ("a" * 306, "GSM-7", 306, 2),
        ("a" * 307, "GSM-7", 307, 3),
        ("€" * 80, "GSM-7", 160, 1),
        ("€" * 81, "GSM-7", 162, 2),
        ("a" * 152 + "€" + "a" * 152, "GSM-7", 306, 3),  # the sign does not fit the first part: a gap
        ("a" * 151 + "€" + "a" * 153, "GSM-7", 306, 2),
        ("\n\r@£$¥èéùìòÇØøÅåΔΦΓΛΩΠΨΣΘΞÆæßÉÄÖÑÜ§¿äöñüà¡¤_", "GSM-7", 44, 1),
        ("\f^{}\\[~]|€", "GSM-7", 20, 1),
        ("í" * 70, "UCS-2", 70, 1),
        ("í" * 71, "UCS-2", 71, 2),
        ("í" * 134, "UCS-2", 134, 2),
        ("í" * 135, "UCS-2", 135, 3),
        ("😀" * 35, "UCS-2", 70, 1),
        ("😀" * 36, "UCS-2", 72, 2),
        ("í" * 66 + "😀" + "í" * 66, "UCS-2", 134, 3),  # the pair is not split: a gap
        ("ç", "UCS-2", 1, 1),
        ("`", "UCS-2", 1, 1),
        ("\x1b", "UCS-2", 1, 1),  # announces an extension character on the air, is none itself
        ("“", "UCS-2", 1, 1),
        ("\ud83d", "UCS-2", 1, 1),  # half a pair, as a broken phone may send it
    ],
)  # fmt: skip
def test_a_text_is_counted_as_the_standard_says(text: str, encoding: str, units: int, segments: int) -> None:
    measured = measure(text)
    assert (measured.encoding, measured.units, measured.segments) == (encoding, units, segments)


def parts_by_hand(text: str, size: int, width: dict[str, int]) -> int:
    """An independent count: fill one part after the other, never splitting a character."""
    parts, room = 1, size
    for char in text:
        if width.get(char, 1) > room:
            parts, room = parts + 1, size
        room -= width.get(char, 1)
    return parts


@given(GSM_TEXT)
def test_gsm_parts_are_filled_one_after_the_other(text: str) -> None:
    width = dict.fromkeys(GSM_EXTENSION, 2)
    measured = measure(text)
    assert measured.encoding == "GSM-7"
    assert measured.segments == (1 if measured.units <= 160 else parts_by_hand(text, 153, width))


@given(st.text(st.sampled_from("aí😀ខ្មែរ가"), min_size=1, max_size=400).map(lambda text: text + "í"))
def test_ucs2_parts_never_split_a_pair(text: str) -> None:
    measured = measure(text)
    assert measured.units == len(text.encode("utf-16-be")) // 2
    assert measured.segments == (1 if measured.units <= 70 else parts_by_hand(text, 67, {"😀": 2}))


@given(GSM_BASIC_TEXT)
def test_without_extension_characters_the_count_is_a_division(text: str) -> None:
    assert measure(text).segments == (1 if len(text) <= 160 else math.ceil(len(text) / 153))


def test_what_costs_is_named_once_each_in_order() -> None:
    assert measure("sí, ¿así? 😀 í").costly == ("í", "😀")
    assert measure("[a] €").costly == ("[", "]", "€")
    assert measure("ñ é ¿ ¡").costly == ()


def test_short_spanish_keeps_its_accents() -> None:
    assert for_sms("La policía pasó rápido", "es") == "La policía pasó rápido"


def test_spanish_accents_go_where_they_would_cost_a_segment() -> None:
    text = "¿Está ahí la policía? Mañana también habrá café, señor. Órale, Ángel: según él, aquí pasó."
    assert measure(text).segments == 2
    assert (
        for_sms(text, "es")
        == "¿Esta ahi la policia? Mañana también habra café, señor. Orale, Angel: segun él, aqui paso."
    )


def test_accents_stay_where_dropping_them_saves_nothing() -> None:
    text = "La policía llegó aquí " * 5 + "😀"
    assert for_sms(text, "es") == text


def test_a_name_in_an_english_text_gives_way_too() -> None:
    text = "Ask ÓRALE " * 10
    assert for_sms(text, "en") == "Ask ORALE " * 10


def test_a_language_that_needs_its_marks_keeps_them() -> None:
    vietnamese, khmer = "Tôi cần luật sư " * 10, "ខ្ញុំត្រូវការមេធាវី\u200bឥតគិតថ្លៃ " * 5
    assert for_sms(vietnamese, "vi") == unicodedata.normalize("NFC", vietnamese)
    assert for_sms(khmer, "km") == khmer


@pytest.mark.parametrize(
    ("typed", "sent"),
    [("“hi” ‘you’ it’s", "\"hi\" 'you' it's"), ("6–7 — ok…", "6-7 - ok..."), ("a\u00a0b\u202fc", "a b c"),
     ("no\u200bthing\ufeff\u00ad", "nothing"), ("man\u0303ana", "mañana"), ("«sí»", '"sí"'), ("•uno", "-uno")],
)  # fmt: skip
def test_typographic_signs_give_way_to_their_look_alikes(typed: str, sent: str) -> None:
    assert for_sms(typed, "es") == sent


@given(SPANISH)
def test_what_is_sent_never_costs_more_and_never_loses_a_letter(text: str) -> None:
    sent = for_sms(text, "es")
    assert measure(sent).segments <= measure(text.replace("…", "...")).segments
    assert sent.count("?") == text.count("?")
    for kept in "ñ¿¡éü":
        assert sent.count(kept) == text.count(kept)


@given(ANY_TEXT, st.sampled_from(["es", "en", "tl", "km", "vi", "xx", "es-MX"]))
def test_any_text_is_sent_without_invented_question_marks(text: str, language: str) -> None:
    sent = for_sms(text, language)
    assert sent.count("?") == unicodedata.normalize("NFC", text).count("?")
    assert for_sms(sent, language) == sent


def test_the_report_counts_the_text_as_it_stands() -> None:
    assert report("Sí [1]") == {
        "encoding": "UCS-2",
        "characters": 6,
        "units": 6,
        "segments": 1,
        "costly": ["í"],
    }

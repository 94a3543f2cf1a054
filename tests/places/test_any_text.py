"""Does any text at all get an answer, at once?"""

from hypothesis import given
from hypothesis import strategies as st

from bot.places.gazetteer import find, find_area, warm_up
from bot.places.lexicon import lexicon
from bot.places.neighborhoods import all_neighborhoods

AREAS = {each.id for each in all_neighborhoods()}

_words = st.sampled_from(sorted({word for phrase in lexicon() for word in phrase}))
_small = st.sampled_from(
    [
        "y",
        "and",
        "&",
        "la",
        "en",
        "on",
        "st",
        ",",
        ".",
        "7",
        "58",
        "90255",
        "6700",
        "block",
        "of",
        "·",
        "និង",
        "버논",
    ]
)
_place_like = st.lists(st.one_of(_words, _small), max_size=14).map(" ".join)
_hints = st.one_of(st.none(), st.sampled_from(sorted(AREAS)))


@given(st.one_of(st.text(), _place_like), _hints)
def test_any_text_gets_an_answer_that_holds_together(text: str, hint: str | None) -> None:
    for found in (find(text, hint), find_area(text)):
        assert set(found.neighborhoods) | set(found.choices) <= AREAS
        assert len(set(found.neighborhoods)) == len(found.neighborhoods)
        assert not (found.ask and found.neighborhoods), "what is asked is not also decided"
        assert not (found.outside and found.neighborhoods)
        assert (found.lat is None) == (found.lon is None)
        assert found.kind != "none" or not (found.ask or found.outside or found.place)


@given(_place_like)
def test_capitals_and_accents_change_nothing(text: str) -> None:
    assert find(text.upper()) == find(text.lower())


def test_a_text_of_any_length_is_read() -> None:
    warm_up()
    find("la migra esta en la paciffic y la flornce " * 400)

"""Does any text at all get an answer, at once?"""

from statistics import quantiles
from time import perf_counter

from hypothesis import given
from hypothesis import strategies as st

from bot.places.gazetteer import find, find_area, warm_up
from bot.places.lexicon import lexicon
from bot.places.neighborhoods import all_neighborhoods
from tests.places.tables import table

AREAS = {each.id for each in all_neighborhoods()}
P95_MILLISECONDS = 2.0

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


def test_a_long_text_is_read_in_time() -> None:
    warm_up()
    begun = perf_counter()
    find("la migra esta en la paciffic y la flornce " * 400)

    assert perf_counter() - begun < 0.1


def test_reading_takes_less_than_two_milliseconds() -> None:
    """The best of three rounds: other work on the machine is not ours to measure."""
    warm_up()
    texts = [row[0] for row in table("phrasings")]

    assert min(_p95(texts) for _ in range(3)) * 1000 < P95_MILLISECONDS


def _p95(texts: list[str]) -> float:
    return quantiles((_seconds(text) for text in texts), n=20)[-1]


def _seconds(text: str) -> float:
    begun = perf_counter()
    find(text)
    return perf_counter() - begun

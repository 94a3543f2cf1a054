"""How many people, how many vehicles? Read only where the words say so: a street, a time, an age is no count."""

import re
from dataclasses import dataclass
from functools import lru_cache

from messages.tongue import without
from messages.vocabulary import entries, named, words
from messages.wording import folded, plain

MOST_PEOPLE = 500
"""Beyond this a number is an address or a year."""

_NOT_A_COUNT = re.compile(
    r"\+?\d[\d\s().-]{8,}\d"  # phone
    r"|\d{1,2}[:.]\d{2}(?:\s*[ap]\.?\s?m\b\.?)?|\b\d{1,2}\s*[ap]\.?\s?m\b\.?"  # 8:15, 6am
    r"|\b(?:a|desde|hasta|como a|tipo) las? \d{1,2}\b|\b(?:at|since|around|til|until) \d{1,2}\b(?=\s*(?:$|[,.!?]|today|this|in the))"
    r"|\b\d+(?:st|nd|rd|th|ths)\b|\$\s?\d+|\b\d+(?:hrs?|mins?|min)\b|\b9[01]\d{3}\b|\b(?:k|i|f|b|a)-?\d+\b",
)
_RANGE = re.compile(r"\b(\d{1,2})\s?(?:-|–|o|or|to|a|y|u)\s?(\d{1,2})\b")


@dataclass(frozen=True, slots=True)
class Vehicles:
    """What drove there. `count` is None where they were seen but not counted."""

    count: int | None = None
    kind: str | None = None
    colour: str | None = None


def countable(text: str, place: str = "") -> str:
    """The text without the numbers that count nothing: times, phones, ordinals, prices, and its place."""
    said = _RANGE.sub(r"\1 ", _NOT_A_COUNT.sub(" ; ", folded(text)))
    said = plain(re.sub(r"(?<=\d)x(?= )|(?<= )x(?=\d)", " ", said))
    return re.sub(rf"(?<![a-z0-9]){re.escape(place)}(?![a-z0-9])", " ; ", said, count=1) if place else said


def vehicles(text: str, place: str = "") -> Vehicles:
    """All vehicles seen there together; not the bus, the car wash, or the car that was stopped."""
    said = without(countable(text, place), "not_vehicles", put=" ; ")
    found = [match for pattern in _vehicle_patterns() for match in pattern.finditer(said)]
    kind = next((name for name, pattern in named("understanding", "vehicles").items() if pattern.search(said)), None)
    if kind is None and not found:
        return Vehicles()
    counts = [_value(match["count"]) for match in _apart(found)]
    counts = [count for count in counts if count is not None and 0 < count < MOST_PEOPLE]
    return Vehicles(sum(counts) or _one_alone(said), kind or "car", _colour(said))


def people(text: str, place: str = "") -> int | None:
    """How many of them were seen: not the vendors they took, not how many minutes ago."""
    said = without(countable(text, place), "not_vehicles", put=" ; ")
    for pattern in _vehicle_patterns():
        said = pattern.sub(" ; ", said)
    said = _taken_pattern().sub(" ; ", said)
    for pattern in _people_patterns():
        for match in pattern.finditer(said):
            count = _value(match["count"])
            if count and count < MOST_PEOPLE:
                return count
    return None


def _value(said: str) -> int | None:
    return int(said) if said.isdecimal() else _counts().get(said)


@lru_cache(maxsize=1)
def _counts() -> dict[str, int]:
    return {plain(word): count for file in entries("understanding").values()
            for word, count in (file.get("counts") or {}).items()}


def _apart(matches: list[re.Match[str]]) -> list[re.Match[str]]:
    """Matches that overlap tell of the same vehicles: the first pattern's is kept."""
    kept: list[re.Match[str]] = []
    for match in matches:
        if all(match.end() <= other.start() or match.start() >= other.end() for other in kept):
            kept.append(match)
    return kept


def _one_alone(said: str) -> int | None:
    """"Black suv" is one; "white vans" and "la troca" are not counted."""
    return 1 if _single_pattern().search(said) else None


def _colour(said: str) -> str | None:
    return next((name for name, pattern in named("understanding", "colours").items() if pattern.search(said)), None)


def _alternatives(options: set[str] | frozenset[str]) -> str:
    return "|".join(re.escape(o).replace(r"\ ", " ") for o in sorted(options, key=lambda o: (-len(o), o)) if o)


def _in(name: str, language: str | None = None) -> set[str]:
    """The words of a list or of a table of lists, in one language or in all."""
    found: set[str] = set()
    for code, file in entries("understanding").items():
        if language in (None, code):
            value = file.get(name) or []
            groups = value.values() if isinstance(value, dict) else [value]
            found |= {plain(str(word)) for group in groups for word in group}
    return found - {""}


def _latin(options: set[str]) -> set[str]:
    return {o for o in options if o[0].isascii()}


def _number(language: str | None = None) -> str:
    said = {plain(w) for code, f in entries("understanding").items() if language in (None, code)
            for w in f.get("counts") or ()}
    return rf"(?P<count>\d{{1,3}}|{_alternatives(said)})"


@lru_cache(maxsize=1)
def _vehicle_patterns() -> tuple[re.Pattern[str], ...]:
    """The number before the vehicle, or (Khmer, Chinese, Korean) with its own counter."""
    noun = _alternatives(_latin(_in("vehicles")))
    between = _alternatives(_latin(_in("between") | _in("colours") | _in("counted_with")))
    one = _alternatives(_in("one_of"))
    number = _number_latin()
    before = rf"(?<![a-z0-9])(?:{number}|(?:{one})) (?:(?:{between}) ){{0,4}}(?:{noun})(?![a-z0-9])"
    before = rf"(?<![a-z0-9])(?P<count>\d{{1,3}}|{_number_words()}|{one}) (?:(?:{between}) ){{0,4}}(?:{noun})(?![a-z0-9])"
    counter = _alternatives(_in("vehicle_counters"))
    counted = rf"{_number()} ?(?:{counter})"
    return re.compile(before), re.compile(counted)


def _number_words() -> str:
    return _alternatives({w for w in _counts() if w[0].isascii()})


def _number_latin() -> str:
    return rf"\d{{1,3}}|{_number_words()}"


@lru_cache(maxsize=1)
def _single_pattern() -> re.Pattern[str]:
    """A vehicle in the singular, of some colour or "a": no plural ending."""
    nouns = {n for n in _latin(_in("vehicles")) if not n.endswith("s") or n.endswith("us")}
    colours, one = _alternatives(_latin(_in("colours"))), _alternatives(_in("one_of"))
    noun = _alternatives(nouns)
    return re.compile(rf"(?<![a-z0-9])(?:(?:{colours}|{one}|unmarked|ice) (?:{noun})|(?:{noun}) (?:{colours}))(?![a-z0-9])")


@lru_cache(maxsize=1)
def _taken_pattern() -> re.Pattern[str]:
    """Whom they took: "agarraron a 2", "took 3 people", "3 guys detained"."""
    number = _number_latin()
    verbs = _alternatives(words("understanding", "taking_verbs"))
    outcome = _alternatives(words("understanding", "taken_words"))
    return re.compile(
        rf"(?<![a-z0-9])(?:{verbs}) (?:like |about |at least |como |unos |around |away |a |to |los |las )*(?:{number})(?![a-z0-9])(?: [a-z]+)?"
        rf"|(?<![a-z0-9])(?:{number}) (?:[a-z]+ )?(?:[a-z]+ )?(?:{outcome})(?![a-z0-9])"
    )


@lru_cache(maxsize=1)
def _people_patterns() -> tuple[re.Pattern[str], ...]:
    """The number with who they are; with a counter; else a bare number after "like", "son como"."""
    noun = _alternatives(_latin(_in("agents_counted")))
    between = _alternatives(_latin(_in("between")))
    about, other = _alternatives(_latin(_in("about"))), _alternatives(_latin(_in("someone_else") | _in("vehicles")))
    number = _number_latin()
    with_noun = rf"(?<![a-z0-9])(?P<count>{number}) (?:(?:{between}) ){{0,3}}(?:{noun})(?![a-z0-9])"
    counter, who = _alternatives(_in("counters_of_people")), _alternatives(_in("agents_counted"))
    not_who = _alternatives({w for w in _in("someone_else") if not w[0].isascii()})
    other_script = rf"{_number()} ?(?:(?:{counter}) ?(?:多|左右)? ?(?!{not_who})(?:[\u4e00-\u9fff]{{0,4}}?)(?:{who})|(?:명|사람|នាក់))"
    bare = rf"(?<![a-z0-9])(?:{about}) (?:(?:{about}) )*(?P<count>{number})(?![a-z0-9])(?! (?:(?:{between}) ){{0,2}}(?:{other})(?![a-z0-9]))"
    return re.compile(with_noun), re.compile(other_script), re.compile(bare)

"""What does a count look like in the languages we hear? Built once from the word lists in messages/understanding."""

import re
from collections.abc import Iterable
from functools import cache

from messages.vocabulary import entries, words
from messages.wording import plain

NOT_A_COUNT = re.compile(
    r"""\+?\d[\d\s().-]{8,}\d                                        # a phone number
    | \d{1,2}[:.]\d{2}(?:\s*[ap]\.?\s?m\b\.?)?                       # 8:15
    | \b\d{1,2}\s*[ap]\.?\s?m\b\.?                                   # 6am
    | \b(?:a|desde|hasta|tipo|como\ a)\ las?\ \d{1,2}\b              # a las 6
    | \b(?:at|since|until|til)\ \d{1,2}\b(?=\s*(?:$|[,.!?]|today|this|in\ the))
    | \b\d+(?:st|nd|rd|th|ths)\b | \$\s?\d+ | \b\d+(?:hrs?|mins?)\b  # 7th, $20, 5min
    | \b9[01]\d{3}\b | \b[kiba]-?\d+\b                               # a ZIP; k9, i-205
    """,
    re.VERBOSE,
)
RANGE = re.compile(r"\b(\d{1,2})\s?(?:-|–|o|or|to|a|y|u)\s?(\d{1,2})\b")
"""Of "5 or 6" the first is kept: nothing is made bigger than it was said."""
FORD = re.compile(r"\bf[ -]?([1-4]50)(s?)\b")
TIMES_SIGN = re.compile(r"(?<=\d)x(?= )|(?<= )x(?=\d)")

_START, _END = r"(?<![a-z0-9])", r"(?![a-z0-9])"


@cache
def either_number() -> re.Pattern[str]:
    """ "Five or six": the first of them, as with digits."""
    spelled = _latin(_numbers())
    return re.compile(rf"{_START}(?P<first>{spelled}) (?:or|o|to|hanggang) (?:{spelled}){_END}")


@cache
def vehicles() -> tuple[re.Pattern[str], ...]:
    """The number before the vehicle, or after it ("unmarked suvs, three"), or with a counter of its own (Khmer, Chinese)."""
    between = _latin(_list("between") | _list("colours") | _list("counted_with"))
    number = rf"(?P<count>{_latin_number()}|{_either(_list('one_of'))})"
    before = rf"{_START}{number} (?:(?:{between}) ){{0,4}}(?:{_latin(_list('vehicles'))}){_END}"
    several = _latin(noun for noun in _list("vehicles") if noun.endswith("s") and not noun.endswith("us"))
    whose = _latin(_list("agents_counted") | _list("someone_else") | _list("vehicles") | _list("between"))
    after = (
        rf"{_START}(?:{several}) (?:(?:{between}) ){{0,3}}(?:(?:{_latin(_list('about'))}) )?"
        rf"(?P<count>{_latin_number()}){_END}(?! (?:{whose}){_END})"
    )
    counter = rf"{_any_number()} ?(?:{_either(_list('vehicle_counters'))})"
    return re.compile(before), re.compile(after), re.compile(counter)


@cache
def one_vehicle() -> re.Pattern[str]:
    """A vehicle in the singular, with a colour, an owner or "a": "black suv". "White vans" and "la troca" are not counted."""
    singular = _latin({noun for noun in _list("vehicles") if not noun.endswith("s") or noun.endswith("us")})
    colours = _latin(_list("colours"))
    one = _latin(_list("one_of"))
    owner = _latin({"unmarked", *_agency_words()})
    return re.compile(
        rf"{_START}(?:(?:{colours}|{one}|{owner}) (?:(?:{colours}) )?(?:{singular})|(?:{singular}) (?:{colours})){_END}"
    )


@cache
def several_vehicles_alone() -> re.Pattern[str]:
    """Vehicles in the plural in a text that names nobody: its bare number counts them ("trocas en la gage, son 3")."""
    several = _latin(noun for noun in _list("vehicles") if noun.endswith("s") and not noun.endswith("us"))
    somebody = _latin(_list("agents_counted") | _list("agents_some"))
    return re.compile(rf"^(?!.*{_START}(?:{somebody}){_END}).*{_START}(?:{several}){_END}")


@cache
def taken() -> re.Pattern[str]:
    """Whom they took: "agarraron a 2", "took 3 people", "3 guys detained"."""
    number = _latin_number()
    verb, outcome = (
        _either(words("understanding", "taking_verbs")),
        _either(words("understanding", "taken_words")),
    )
    filler = r"(?:(?:like|about|at least|como|unos|around|away|a|to|los|las) )*"
    took = rf"{_START}(?:{verb}) {filler}(?:{number}){_END}(?: [a-z]+)?"
    return re.compile(rf"{took}|{_START}(?:{number}) (?:[a-z]+ ){{0,2}}(?:{outcome}){_END}")


@cache
def people() -> tuple[re.Pattern[str], ...]:
    """The number with who they are; with a counter; else a bare number after "like", "son como"."""
    number, between = _latin_number(), _latin(_list("between"))
    women = rf"(?: (?:and|y|plus|mas) (?P<women>{number}) (?:{_latin(_list('agents_women'))}){_END})?"
    with_noun = (
        rf"{_START}(?P<count>{number}) (?:(?:{between}) ){{0,3}}(?:{_latin(_list('agents_counted'))}){_END}{women}"
    )
    about, others = _latin(_list("about")), _latin(_list("someone_else") | _list("vehicles"))
    bare = rf"{_START}(?:{about}) (?:(?:{about}) )*(?P<count>{number}){_END}(?! (?:(?:{between}) ){{0,2}}(?:{others}){_END})"
    return re.compile(with_noun), re.compile(_counted_by_sign()), re.compile(bare)


def value(said: str) -> int | None:
    """ "8", "ocho", "a couple", "一" ("a" too, before a vehicle)."""
    if said.isdecimal():
        return int(said)
    return 1 if said in _list("one_of") else _numbers().get(said)


def _counted_by_sign() -> str:
    """요원 10명, មនុស្ស ៦ នាក់, 五个特工; not 三个工人."""
    counter, who = _either(_list("counters_of_people")), _either(_list("agents_counted"))
    others = _either({w for w in _list("someone_else") if not w[0].isascii()})
    chinese = rf"(?:{counter}) ?(?:多|左右)? ?(?!{others})(?:[\u4e00-\u9fff]{{0,4}}?)(?:{who})"
    return rf"{_any_number()} ?(?:{chinese}|명|사람|នាក់)"


@cache
def _agency_words() -> frozenset[str]:
    """What stands before "truck" and says whose it is."""
    return _list("agents_ice") | _list("agents_cbp") | _list("agents_hsi") | _list("agents_immigration")


@cache
def _numbers() -> dict[str, int]:
    tables = (file.get("counts") or {} for file in entries("understanding").values())
    return {plain(word): count for table in tables for word, count in table.items()}


@cache
def _list(name: str) -> frozenset[str]:
    """The words of a list or of a table of lists, all languages together."""
    found: set[str] = set()
    for file in entries("understanding").values():
        content = file.get(name) or []
        groups = content.values() if isinstance(content, dict) else [content]
        found |= {plain(str(word)) for group in groups for word in group}
    return frozenset(found - {""})


def _either(options: Iterable[str]) -> str:
    return "|".join(sorted(options, key=lambda option: (-len(option), option)))


def _latin(options: Iterable[str]) -> str:
    return _either(option for option in options if option[0].isascii())


def _latin_number() -> str:
    return r"\d{1,3}|" + _latin(_numbers())


def _any_number() -> str:
    return rf"(?P<count>\d{{1,3}}|{_either(_numbers())})"

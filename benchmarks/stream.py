"""A morning of reports whose truth is known: which texts tell of one thing, and which of another a few streets on?

Drawn from a seed. Several incidents at a time, in one part of town, some on one street, some that move on; people in seven
languages and their mixes who name a corner (now and then misspelt), a landmark, only the neighborhood, one street, or send a pin;
copies passed on; texts that come late; hearsay; and chatter that tells of nothing. `truth` of a telling is its incident's number,
or None. What of this is in proportion to real life is a guess: nobody publishes such a stream.
"""

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache

from benchmarks.stream_words import AND, CHATTER, FORWARDED, HEARD, MOVED, Seen, drawn, sentence
from bot.places import gazetteer, neighborhoods
from bot.places.data_files import read_data
from bot.places.found import Found
from bot.places.geometry import meters

BEGINS = dt.datetime(2026, 11, 22, 13, 0, tzinfo=dt.UTC)
LANGUAGES = {"es": 42, "en": 22, "mix": 8, "vi": 6, "zh": 6, "km": 6, "ko": 5, "tl": 5}
PLACES = {"corner": 58, "misspelt": 9, "landmark": 6, "area": 13, "street": 4, "pin": 10}
APART_METERS = 350
"""Two things at one time are at least so far apart, or nobody could tell them apart."""
TOGETHER_METERS = 1800
MOVES_METERS = (250, 900)


@dataclass(frozen=True)
class Spot:
    streets: tuple[str, str]
    areas: tuple[str, ...]
    at: tuple[float, float]


@dataclass
class Happening:
    """One true incident."""

    number: int
    spot: Spot
    begins: dt.datetime
    minutes: float
    seen: Seen
    moves: tuple[float, Spot] | None = None
    texts: list[str] = field(default_factory=list)

    def spot_at(self, minute: float) -> tuple[Spot, bool]:
        if self.moves and minute >= self.moves[0]:
            return self.moves[1], True
        return self.spot, False


@dataclass(frozen=True)
class Telling:
    """One text, as it reaches us."""

    text: str
    language: str
    sender: int
    written: dt.datetime
    arrives: dt.datetime
    truth: int | None
    pin: Found | None = None


def stream(seed: int, happenings: int = 12) -> list[Telling]:
    """All texts of a morning, in the order in which they arrive."""
    dice = random.Random(seed)
    told = [one for happening in _happenings(dice, happenings) for one in _told(dice, happening)]
    for _ in range(len(told) // 8):
        at = BEGINS + dt.timedelta(minutes=dice.uniform(0, 180))
        told.append(Telling(dice.choice(CHATTER), "es", dice.randrange(5000), at, at, None))
    return sorted(told, key=lambda one: one.arrives)


def _happenings(dice: random.Random, count: int) -> list[Happening]:
    made: list[Happening] = []
    while len(made) < count:
        begins = BEGINS + dt.timedelta(minutes=dice.uniform(0, 150))
        spot = _spot(dice, [one.spot for one in made], _at_that_time(made, begins))
        if spot is None:
            continue
        one = Happening(len(made), spot, begins, dice.uniform(20, 45), drawn(dice))
        if dice.random() < 0.2:
            one.moves = _moves(dice, one, made)
        made.append(one)
    return made


def _at_that_time(made: list[Happening], begins: dt.datetime) -> list[Spot]:
    """Where something is, or was less than the window before: it would be the same incident to anybody."""
    near = [one for one in made if abs((one.begins - begins).total_seconds()) < 120 * 60]
    return [spot for one in near for spot in (one.spot, one.moves[1] if one.moves else one.spot)]


def _spot(dice: random.Random, made: list[Spot], taken: list[Spot]) -> Spot | None:
    """Near another one two times of three, and a third of those on its street."""
    options = [one for one in spots() if all(meters(one.at, other.at) >= APART_METERS for other in taken)]
    if made and dice.random() < 0.66:
        other = dice.choice(made)
        near = [one for one in options if meters(one.at, other.at) <= TOGETHER_METERS]
        on_it = [one for one in near if set(one.streets) & set(other.streets)]
        options = on_it if on_it and dice.random() < 0.33 else near or options
    return dice.choice(options) if options else None


def _moves(dice: random.Random, one: Happening, made: list[Happening]) -> tuple[float, Spot] | None:
    taken = _at_that_time(made, one.begins)
    least, most = MOVES_METERS
    there = [
        spot
        for spot in spots()
        if least <= meters(spot.at, one.spot.at) <= most and all(meters(spot.at, t.at) >= APART_METERS for t in taken)
    ]
    return (dice.uniform(8, one.minutes * 0.7), dice.choice(there)) if there else None


def _told(dice: random.Random, it: Happening) -> Iterator[Telling]:
    for _ in range(dice.randint(3, 16)):
        minute = min(dice.expovariate(1 / (it.minutes / 2)), it.minutes)
        written = it.begins + dt.timedelta(minutes=minute)
        late = dice.uniform(5, 25) if dice.random() < 0.05 else dice.uniform(0, 0.5)
        one = Telling("", "es", dice.randrange(100_000), written, written + dt.timedelta(minutes=late), it.number)
        if it.texts and dice.random() < 0.12:
            yield replace(one, text=dice.choice(("", *FORWARDED)) + dice.choice(it.texts))
            continue
        yield _in_own_words(dice, it, minute, one)


def _in_own_words(dice: random.Random, it: Happening, minute: float, one: Telling) -> Telling:
    language = dice.choices(list(LANGUAGES), list(LANGUAGES.values()))[0]
    spot, moved = it.spot_at(minute)
    place, pin = _place(dice, spot, language)
    spoken = "es" if language == "mix" else language
    said = sentence(dice, it.seen, place, language)
    if moved and spoken in MOVED and dice.random() < 0.4:
        said = f"{MOVED[spoken]}{place} {said.replace(place, '')}"
    if dice.random() < 0.08:
        said = HEARD[spoken] + said
    elif pin is None:
        it.texts.append(said)
    return replace(one, text=said, language=spoken, pin=pin)


def _place(dice: random.Random, spot: Spot, language: str) -> tuple[str, Found | None]:
    how = dice.choices(list(PLACES), list(PLACES.values()))[0]
    first, second = dice.sample([name.replace("_", " ") for name in spot.streets], 2)
    joined = AND["es" if language == "mix" else language] if dice.random() < 0.7 else dice.choice((" / ", " & "))
    if how == "misspelt":
        first, second = _misspelt(dice, first), second
    if how == "area":
        return neighborhoods.name_of(spot.areas[0], "en"), None
    if how == "street":
        return f"{first} {neighborhoods.name_of(spot.areas[0], 'en')}", None
    if how == "landmark" and (near := _landmarks_at(spot.at)):
        return dice.choice(near), None
    if how == "pin":
        lat, lon = (value + dice.uniform(-0.0006, 0.0006) for value in spot.at)
        return "", gazetteer.from_pin(lat, lon)
    area = f" {neighborhoods.name_of(spot.areas[0], 'en')}" if dice.random() < 0.4 else ""
    return f"{first}{joined}{second}{area}", None


def _misspelt(dice: random.Random, name: str) -> str:
    at = dice.randrange(1, len(name) - 1)
    swapped = name[:at] + name[at + 1] + name[at] + name[at + 2 :]
    return dice.choice((swapped, name[:at] + name[at + 1 :], name[:at] + name[at] + name[at:]))


@cache
def spots() -> tuple[Spot, ...]:
    """The corners that the gazetteer places exactly, of both sides of town."""
    found = []
    for side in read_data("corners").values():
        for corner in side:
            pair = (str(corner["streets"][0]), str(corner["streets"][1]))
            area = neighborhoods.name_of(corner["areas"][0], "en")
            said = gazetteer.find(" & ".join(name.replace("_", " ") for name in pair) + f" {area}")
            if said.kind == "corner" and not said.ask and said.lat is not None and said.lon is not None:
                found.append(Spot(pair, said.neighborhoods, (said.lat, said.lon)))
    return tuple(found)


@cache
def _landmarks_at(at: tuple[float, float]) -> tuple[str, ...]:
    near = [one for one in read_data("landmarks") if "at" in one and meters(tuple(one["at"]), at) <= 130]
    return tuple(str(one["names"][0]) for one in near)

"""What else does a text say about where: which areas and cities does it name, and which side is it on?"""

from dataclasses import dataclass
from functools import cached_property

from bot.places.data_files import read_data
from bot.places.found import Found, Kind
from bot.places.labels import label
from bot.places.landmarks import chains, landmarks, nearest_outside
from bot.places.lexicon import Meaning
from bot.places.mentions import Mention, spot, word_after, word_before, word_set
from bot.places.neighborhoods import Point, neighborhood
from bot.places.reading import BREAK, FOREIGN, read
from bot.places.streets import reaches

SIDE_OF_CITY = {"hp_group": "hp", "lb": "lb"}
SHORT_ANSWER_WORDS = 6  # someone asked "which area?" answers with little else


@dataclass(frozen=True)
class Scene:
    """One text, read. hint: the area its sender is subscribed to. joining: they answer "which area?"."""

    words: tuple[str, ...]
    hint: str | None = None
    joining: bool = False

    @classmethod
    def of(cls, text: str, hint: str | None, joining: bool = False) -> "Scene":
        return cls(read(text), hint, joining)

    @cached_property
    def mentions(self) -> list[Mention]:
        return spot(self.words)

    @cached_property
    def cities(self) -> frozenset[str]:
        unpointed = (each for each in self.mentions if not each.pointed)
        return frozenset(meaning.id for each in unpointed for meaning in each.of("city"))

    @cached_property
    def areas(self) -> dict[str, Mention]:
        """The areas named, in the order they are named."""
        named: dict[str, Mention] = {}
        for mention in self.mentions:
            for meaning in mention.of("area"):
                if self._means_area(mention, meaning) and not self._runs_on_into_an_area(mention):
                    named.setdefault(meaning.id, mention)
        return named

    @cached_property
    def zips(self) -> tuple[str, ...]:
        known = read_data("zips")
        return tuple(word for word in self.words if word in known["covered"] or word in known["outside"])

    @cached_property
    def sides(self) -> frozenset[str]:
        """The sides the text itself names; both or none leave it open."""
        named = {SIDE_OF_CITY[city] for city in self.cities}
        named |= {side_of(area) for area in self.areas}
        covered = read_data("zips")["covered"]
        named |= {side_of(covered[each][0]) for each in self.zips if each in covered}
        return frozenset(named)

    @cached_property
    def sensitive(self) -> bool:
        return any(
            (meaning.sort == "chain" and chains()[meaning.id].sensitive)
            or (meaning.sort == "landmark" and landmarks()[meaning.id].sensitive)
            for each in self.mentions
            for meaning in each.meanings
        )

    @property
    def hint_side(self) -> str | None:
        return side_of(self.hint) if self.hint else None

    @property
    def is_short_answer(self) -> bool:
        return self.joining and len(self.words) <= SHORT_ANSWER_WORDS

    def on_one_side(self, side: str) -> bool:
        """Whether a reading on this side fits what the text names, or else whom it comes from."""
        if self.sides:
            return side in self.sides
        return self.hint_side in (None, side)

    def stands_as_place(self, mention: Mention) -> bool:
        """Whether an ordinary word is used as a place: after "in" or whom they saw, between pauses, or as a short answer.

        Korean, Chinese and Khmer say "in" behind the name, where we do not read it: there it is one, beside no street.
        """
        if mention.pointed:
            return False
        if self.is_short_answer:
            return True
        if self.words[mention.end : mention.end + 1] == (FOREIGN,) and self._is_only_street(mention):
            return True
        before, after = word_before(self.words, mention.start), word_after(self.words, mention.end)
        if before in word_set("place_before") or before in word_set("seen_before"):
            return True
        pause_before = before == BREAK or any(each.end == mention.start and each.names for each in self.mentions)
        goes_on = word_set("follows_area") | word_set("seen_after")
        return pause_before and (after == BREAK or after in goes_on)

    def _is_only_street(self, mention: Mention) -> bool:
        return all(each is mention or each.bare or each.street is None for each in self.mentions)

    def phrase(self, *mentions: Mention) -> str:
        """The words of these mentions, in the order of the text."""
        ordered = sorted(mentions, key=lambda each: each.start)
        return " ".join(word for each in ordered for word in self.words[each.start : each.end])

    def found(
        self, kind: Kind, key: str, areas: tuple[str, ...], *mentions: Mention, point: Point | None = None
    ) -> Found:
        """A place we are sure of; one outside every area is named by the city it is nearest to."""
        lat, lon = point or neighborhood(areas[0]).centre
        return Found(
            neighborhoods=areas,
            outside=None if areas else nearest_outside((lat, lon)),
            place=label(key, "en"),
            key=key,
            kind=kind,
            lat=lat,
            lon=lon,
            sensitive=self.sensitive,
            matched=self.phrase(*mentions),
        )

    def asked(self, kind: Kind, key: str | None, choices: tuple[str, ...], *mentions: Mention) -> Found:
        """A place that is open: its sender is asked, their own area offered first."""
        return Found(
            ask=True,
            choices=tuple(sorted(choices, key=lambda area: area != self.hint)),
            place=label(key, "en") if key else None,
            key=key,
            kind=kind,
            sensitive=self.sensitive,
            matched=self.phrase(*mentions),
        )

    def elsewhere(self, name: str, *mentions: Mention) -> Found:
        """A place we do not cover."""
        return Found(outside=name, kind="area", sensitive=self.sensitive, matched=self.phrase(*mentions))

    def _means_area(self, mention: Mention, meaning: Meaning) -> bool:
        if mention.pointed:
            return False
        if meaning.weight == "sure":
            return True
        if meaning.weight == "local" and not (self._in_long_beach or self.joining):
            return False
        streets = [each for each in self.mentions if each.end == mention.start]
        return self.stands_as_place(mention) or any(_runs_into(each, meaning.id) for each in streets)

    def _runs_on_into_an_area(self, mention: Mention) -> bool:
        """ "florence Walnut Park" is the avenue there, and not both neighborhoods."""
        behind = [each for each in self.mentions if each.start == mention.end]
        return any(_runs_into(mention, area.id) for each in behind for area in each.of("area"))

    @cached_property
    def _in_long_beach(self) -> bool:
        sure = {each.id for mention in self.mentions for each in mention.of("area") if each.weight == "sure"}
        return "lb" in self.cities or self.hint_side == "lb" or "lb" in map(side_of, sure)


def side_of(area: str) -> str:
    return SIDE_OF_CITY[neighborhood(area).city]


def _runs_into(mention: Mention, area: str) -> bool:
    """Whether this names a street that gets to this neighborhood."""
    return not mention.bare and any(reaches(each.id, side_of(area), area) for each in mention.of("street"))

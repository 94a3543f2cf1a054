"""Which areas can people hear about, what are they called, and which lie side by side?"""

from dataclasses import dataclass
from functools import cache

from bot.places.data_files import read_data

Point = tuple[float, float]
"""(latitude, longitude)"""


class UnknownNeighborhood(KeyError):
    """An id that is none of ours: a slip in code or data, never something a resident typed."""

    def __str__(self) -> str:
        known = ", ".join(each.id for each in all_neighborhoods())
        return f"no neighborhood has the id {self.args[0]!r}; the ids are {known}"


@dataclass(frozen=True, slots=True)
class Neighborhood:
    """An area people can subscribe to. Its points and box are approximate (see data/neighborhoods.yml)."""

    id: str
    name: str
    names: tuple[tuple[str, str], ...]
    aliases: tuple[str, ...]
    zips: tuple[str, ...]
    centre: Point
    box: tuple[float, float, float, float]
    adjoins: tuple[str, ...]
    city: str


@cache
def all_neighborhoods() -> tuple[Neighborhood, ...]:
    """Every area, in the order of the data file (Huntington Park side first)."""
    return tuple(
        Neighborhood(
            id=row["id"],
            name=row["name"]["en"],
            names=tuple(row["name"].items()),
            aliases=(*row["sure"], *row.get("shy", ()), *row.get("local", ())),
            zips=tuple(row["zips"]),
            centre=(row["centre"][0], row["centre"][1]),
            box=(row["box"][0], row["box"][1], row["box"][2], row["box"][3]),
            adjoins=tuple(row["adjoins"]),
            city=row["city"],
        )
        for row in read_data("neighborhoods")
    )


@cache
def _by_id() -> dict[str, Neighborhood]:
    return {each.id: each for each in all_neighborhoods()}


def neighborhood(area: str) -> Neighborhood:
    """The neighborhood with this id; UnknownNeighborhood (a KeyError) if there is none."""
    try:
        return _by_id()[area]
    except KeyError:
        raise UnknownNeighborhood(area) from None


def adjoining(area: str) -> tuple[Neighborhood, ...]:
    """The neighborhoods that share an edge with this one."""
    return tuple(neighborhood(each) for each in neighborhood(area).adjoins)


def name_of(area: str, language: str) -> str:
    """What we call an area to people of this language; local names stay as signs write them."""
    place = neighborhood(area)
    return dict(place.names).get(language, place.name)


def of_city(city: str) -> tuple[str, ...]:
    """The ids of one side: `hp_group` (Southeast LA) or `lb` (Long Beach and Signal Hill)."""
    return tuple(each.id for each in all_neighborhoods() if each.city == city)

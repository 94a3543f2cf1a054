"""What do we call a place to the people of a language?"""

from bot.places.data_files import read_data
from bot.places.found import Found
from bot.places.landmarks import chains, landmarks
from bot.places.neighborhoods import name_of
from bot.places.streets import corner, display_name


def label(place: Found | str, language: str) -> str:
    """The name of a place or of a key: "Pacific y Florence" in Spanish, "Pacific & Florence" in English.

    A key that means nothing here gives its own text back: a label is never a reason to fail.
    """
    if isinstance(place, Found):
        return label(place.key, language) if place.key else place.place or place.outside or ""
    sort, _, rest = place.partition(":")
    speak = _SPOKEN.get(sort)
    try:
        return speak(rest, language) if speak else place
    except (KeyError, ValueError):
        return place


def _corner(rest: str, language: str) -> str:
    streets, _, side = rest.partition("@")
    one, other = streets.split("+")
    meeting = corner(one, other, side)
    order = meeting.streets if meeting else (one, other)
    return _word("joiners", language).join(display_name(each) for each in order)


def _landmark(rest: str, language: str) -> str:
    return landmarks()[rest].name


def _chain(rest: str, language: str) -> str:
    return chains()[rest].name


def _street(rest: str, language: str) -> str:
    street, _, where = rest.partition("@")
    area = where.partition("/")[2]
    return f"{display_name(street)}, {name_of(area, language)}" if area else display_name(street)


def _block(rest: str, language: str) -> str:
    hundred, street = rest.partition("@")[0].split("+")
    return _word("blocks", language).format(hundred=hundred, street=display_name(street))


def _area(rest: str, language: str) -> str:
    city = read_data("cities").get(rest)
    return str(city["name"].get(language, city["name"]["en"])) if city else name_of(rest, language)


def _zip(rest: str, language: str) -> str:
    return f"ZIP {rest}"


def _pin(rest: str, language: str) -> str:
    return _area(rest.partition("@")[2], language)


_SPOKEN = {
    "corner": _corner,
    "landmark": _landmark,
    "chain": _chain,
    "street": _street,
    "block": _block,
    "area": _area,
    "zip": _zip,
    "pin": _pin,
}


def _word(table: str, language: str) -> str:
    words = read_data("words")[table]
    return str(words.get(language, words["default"]))

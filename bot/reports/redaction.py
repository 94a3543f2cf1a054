"""What of a text may others see? Plates, phone numbers, addresses and apartments are taken out before anyone reads it."""

import re

from messages.vocabulary import words
from messages.wording import plain

GONE = "[...]"

_MAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+")
_PHONE = re.compile(r"(?<!\w)\+?(?:\d[\s().-]{0,2}){9,14}\d(?!\w)|(?<!\w)\d{3}[\s.-]\d{4}(?!\w)")
_NAMED_PLATE = re.compile(
    r"""\b((?:license\s+)?(?:plates?|tags?|placas?|matr[ií]culas?|plaka|bi[eể]n\s+s[oố])\b[\s:\#=]*
        (?:(?:is|are|es|son|number|n[uú]mero|no\.?|num|de|\#)[\s:\#]+)*)
        ((?=[\w\ -]*\d)[a-z0-9]{1,8}(?:[\ -][a-z0-9]*\d[a-z0-9]*){0,2})""",
    re.IGNORECASE | re.VERBOSE,
)
_PLATE = re.compile(
    r"""(?<!\w)(?:
        (?=[a-z]*\d)(?=\d*[a-z])(?=(?:\d*[a-z]){2})(?=(?:[a-z]*\d){2})[a-z0-9]{5,8}   # 8abc123
      | (?-i:(?:\d[\ -]?)?[A-Z]{3}[\ -]?\d{3,4}) | (?-i:\d{3,4}[\ -][A-Z]{3})         # 8 ABC 123, ABC-1234
      | \d[a-z]{3}[\ -]?\d{3}
    )(?!\w)""",
    re.IGNORECASE | re.VERBOSE,
)
_COUNTED = re.compile(
    r"\d+(?:mins?|minutos?|hrs?|hours?|horas?|agents?|agentes|suvs?|vans?|trocas?|cars?|carros?|trucks?|ppl|people|guys"
    r"|dudes|cops|blocks?|yrs?|ft|st|nd|rd|th|am|pm)|[a-z]?i-?\d+|k9s?|f-?\d{3}s?",
    re.IGNORECASE,
)
_HOUSE = re.compile(
    r"""(?<![\w$:.\#/-])(\d{3,5})
        (?=\s+((?:[nsew]|north|south|east|west)\b\.?\s+|de\s+(?:la\s+)?)?([^\W\d_]+|\d{1,2}(?:st|nd|rd|th)))""",
    re.IGNORECASE | re.VERBOSE,
)
_APARTMENT = re.compile(
    r"""(?<!\w)(?:(?:apt|apartment|apto|apartamento|depa|departamento|unit|suite|ste|space|spc|room|cuarto)\.?\s*\#?|\#)
        \s*(?:[a-z]?-?\d{1,4}-?[a-z]?)(?!\w)""",
    re.IGNORECASE | re.VERBOSE,
)


def redact(text: str) -> str:
    """The text without plates, phone numbers, mail addresses and apartments; a house number becomes its block."""
    return _HOUSE.sub(_block, _APARTMENT.sub(GONE, without_marks(text)))


def without_marks(text: str) -> str:
    """Only plates, phone numbers and mail addresses gone: for the one person who may know where it is."""
    text = _PHONE.sub(GONE, _MAIL.sub(GONE, text))
    text = _NAMED_PLATE.sub(lambda match: match[1] + GONE, text)
    return _PLATE.sub(_unless_known, text)


def _unless_known(match: re.Match[str]) -> str:
    """Roads, agencies and "30mins" look like plates."""
    letters = plain(re.sub(r"[\d -]", "", match[0]))
    known = _COUNTED.fullmatch(match[0]) or letters in words("understanding", "not_a_plate")
    return match[0] if known else GONE


def _block(match: re.Match[str]) -> str:
    """6712 Seville -> 6700 block Seville. A year, a ZIP or a count of people stays."""
    number, after = int(match[1]), plain(match[3])
    zip_code = 90000 <= number <= 91999
    direction = match[2] and plain(match[2]) != "de"  # "en 2025 de enero"
    year = 1980 <= number <= 2035 and not direction and after not in words("understanding", "street_words")
    counted = after in words("understanding", "not_a_street") | words("understanding", "agents_counted")
    return match[0] if zip_code or year or counted else f"{number // 100 * 100} block"

"""What of a text may others see? Never a plate, a phone number, an address, an apartment: they are taken out before anyone reads it."""

import re

from messages.vocabulary import phrases, words
from messages.wording import plain

GONE = "[...]"

_MAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+")
_PHONE = re.compile(r"(?<![\w])\+?(?:\d[\s().-]{0,2}){9,14}\d(?!\w)|(?<![\w])\d{3}[\s.-]\d{4}(?!\w)")
_NAMED_PLATE = re.compile(
    r"\b((?:license\s+)?(?:plates?|tags?|placas?|matr[ií]culas?|plaka|bi[eể]n\s+s[oố])\b[\s:#=]*(?:(?:is|are|es|son|number|numero|n[uú]mero|no\.?|num|de|#)[\s:#]*)*)"
    r"((?=[\w -]*\d)[a-z0-9]{1,8}(?:[ -][a-z0-9]*\d[a-z0-9]*){0,2})", re.IGNORECASE)
_GLUED_PLATE = re.compile(r"(?<!\w)(?=[a-z]*\d)(?=\d*[a-z])(?=(?:\d*[a-z]){2})(?=(?:[a-z]*\d){2})[a-z0-9]{5,8}(?!\w)", re.IGNORECASE)
_SPACED_PLATE = re.compile(r"(?<!\w)(?:\d[ -]?)?[A-Z]{3}[ -]?\d{3,4}(?!\w)|(?<!\w)\d{3,4}[ -][A-Z]{3}(?!\w)|(?<!\w)\d[a-z]{3}[ -]?\d{3}(?!\w)")
_COUNTED = re.compile(r"\d+(?:mins?|minutos?|hrs?|hours?|horas?|agents?|agentes|suvs?|vans?|trocas?|cars?|carros?|trucks?|ppl|people|"
                      r"guys|th|st|nd|rd|am|pm|xx?|ft|yrs?|blocks?|dudes|cops)|[a-z]?i-?\d+|k9s?|f-?\d{3}s?", re.IGNORECASE)
_HOUSE = re.compile(r"(?<![\w$:.#/-])(\d{3,5})(?=\s+(?:[nsew]\b\.?\s+|north\s+|south\s+|east\s+|west\s+|de\s+la\s+)?([^\W\d_]+|\d{1,2}(?:st|nd|rd|th)))", re.IGNORECASE)
_APARTMENT = re.compile(r"(?<!\w)(?:apt|apartment|apto|apartamento|depa|departamento|unit|suite|ste|space|spc|room|cuarto|#)\.?\s*#?\s*(?:[a-z]?-?\d{1,4}-?[a-z]?)(?!\w)", re.IGNORECASE)


def redact(text: str) -> str:
    """The text without plates, phone numbers, mail addresses and apartments; a house number becomes its block."""
    text = _MAIL.sub(GONE, text)
    text = _PHONE.sub(GONE, text)
    text = _NAMED_PLATE.sub(lambda m: m[1] + GONE, text)
    text = _SPACED_PLATE.sub(_unless_known, text)
    text = _GLUED_PLATE.sub(_unless_known, text)
    text = _APARTMENT.sub(GONE, text)
    return _HOUSE.sub(_block, text)


def _unless_known(match: re.Match[str]) -> str:
    """Roads and agencies look like plates: PCH 710, ICE 100."""
    letters = plain(re.sub(r"[\d -]", "", match[0]))
    if _COUNTED.fullmatch(match[0]) or letters in words("understanding", "not_a_plate"):
        return match[0]
    return GONE


def _block(match: re.Match[str]) -> str:
    """6712 Seville -> 6700 block Seville. A year, a ZIP or a count of people stays."""
    number, after = int(match[1]), plain(match[2])
    zip_code = 90000 <= number <= 91999
    year = 1980 <= number <= 2035 and after not in words("understanding", "street_words")
    if zip_code or year or after in words("understanding", "not_a_street") or phrases("understanding", "agents_counted").match(after):
        return match[0]
    return f"{number // 100 * 100} block"

"""Who is on the tour? Residents with phones, volunteers with phones, staff with browsers. All made up."""

import re

from bot.demo.tour.browser import Browser
from bot.demo.tour.phones import Phone

ROSA = Phone("Rosa", "+13235550101")
BEN = Phone("Ben", "+13235550102")
LUIS = Phone("Luis", "+13235550103")
MARTA = Phone("Marta", "+13235550104")
DARA = Phone("Dara", "+15625550105", "whatsapp")
LUPE = Phone("Lupe", "+13235550111")
NICO = Phone("Nico", "+13235550112")
VERA = Phone("Vera", "+13235550113")
ANA = Phone("Ana", "+13235550107")
OMAR = Phone("Omar", "+15625550108")

TEO, CARMEN, INES, PAUL = (Browser(name) for name in ("Teo", "Carmen", "Ines", "Paul"))
"""Teo and Paul are of one invitation line, Carmen, Ines and the verifiers of the other."""

_NUMBER = re.compile(r"\b\d{4}\b")


def first_number(text: str) -> str:
    """The first answer number of a page: going, immigration, gone: what the tour's verifier always has to say."""
    found = _NUMBER.search(text)
    if found is None:
        raise AssertionError("a page without an answer number")
    return found[0]

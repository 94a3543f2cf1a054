"""How is an alert's code meant? Typed with spaces, in wide letters, with a Cyrillic K or an 8 for a B, it is still that code."""

import re
import unicodedata
from collections.abc import Iterator

CODE = re.compile(r"[A-HJKMNP-Z][2-9][A-HJKMNP-Z][2-9]?")
"""As `incidents.models.new_code` makes them: no letter or figure that is easily taken for another of its kind."""
LIKE_LATIN = str.maketrans("АВЕЗКМНОРСТУХІЅЈԚԜΑΒΕΖΗΚΜΝΡΤΥΧ", "ABE3KMHOPCTYXISJQWABEZHKMNPTYX")
"""Cyrillic and Greek letters that look like ours: a keyboard's slip, or somebody's trap."""
FIGURES, LETTERS = str.maketrans("BSZGEAT", "8526347"), str.maketrans("8526347", "BSZGEAT")
LONGEST = 12
_BETWEEN = re.compile(r"[\s\-_.,:;'\"?!¿¡#()]+")


def exact(said: str) -> str | None:
    """The code, if that is how it is written, however spaced and in whatever look-alike letters."""
    code = _plain(said)
    return code if CODE.fullmatch(code) else None


def likely(said: str) -> Iterator[str]:
    """Codes that it may be, with a figure typed for a letter and the other way round: the one there is, is meant."""
    code = _plain(said)
    if len(code) not in (3, 4):
        return
    turned = "".join(sign.translate(LETTERS if place % 2 == 0 else FIGURES) for place, sign in enumerate(code))
    if CODE.fullmatch(turned):
        yield turned


def _plain(said: str) -> str:
    if len(said) > LONGEST:
        return ""
    return _BETWEEN.sub("", unicodedata.normalize("NFKC", said).upper().translate(LIKE_LATIN))

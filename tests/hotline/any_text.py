"""What can a phone, a carrier or a troll send? Texts of every kind, for hypothesis to choose from and to make smaller."""

import csv
import unicodedata
from functools import cache
from pathlib import Path

from hypothesis import strategies as some

DATA = Path(__file__).parent / "data"
LONGEST_TEXT = 1600
"""Twilio's own limit for one message."""

SIGNS = (
    "\u0000", "\u001b", "\u0085", "\u00ad", "\u200b", "\u200d", "\u200e", "\u200f", "\u2028", "\u202e", "\u2066", "\u2069",
    "\ufe0f", "\ufeff", "\ufffd", "\uffff", "\U000e0041", "\U0010ffff",
)  # fmt: skip
"""Control, zero-width and direction marks, what is no letter at all, and the last of all."""
EMOJI = ("👍🏽", "👨‍👩‍👧‍👦", "🇲🇽", "🏳️‍🌈", "1️⃣", "🚨", "🙏", "👽", "🧊", "🛑")
ODD_LETTERS = ("İ", "ẞ", "ﷺ", "ﬃ", "ǅ", "½", "①", "Ⅷ", "²", "٣", "೫", "𞥐", "𝟜", "㉈", "Ａ", "ｃ", "ñ", "án")
"""They grow, shrink or become digits when letters are made small or alike."""
MARKS = tuple(map(chr, (*range(0x300, 0x370), *range(0x17B4, 0x17D4), 0x20DD, 0x20E3, 0xFE20)))
SURROGATES = ("\ud83d", "\udc00", "\udfff")
"""Half a letter: a form cannot bring one (it is decoded as UTF-8), the carrier's list, which is JSON, can."""
FORMS = ("NFC", "NFD", "NFKC", "NFKD")

every_letter = some.characters(exclude_categories=())
"""Lone surrogates, private letters and what is not assigned among them."""
anything = some.text(every_letter, max_size=160)


@cache
def written() -> tuple[str, ...]:
    """What people write, in seven languages: every text that the tests of understanding hold."""
    found: list[str] = []
    for path in sorted(DATA.glob("*.tsv")):
        with path.open(newline="", encoding="utf-8") as file:
            found += [row[1] for row in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)]
    return tuple(found)


@some.composite
def disturbed(draw: some.DrawFn) -> str:
    """What people write, with signs in it that nobody sees, or marks on the wrong letters, in any form of Unicode."""
    letters = list(draw(some.sampled_from(written())))
    for sign in draw(some.lists(some.sampled_from((*SIGNS, *EMOJI, *ODD_LETTERS, *MARKS, *SURROGATES)), max_size=8)):
        letters.insert(draw(some.integers(0, len(letters))), sign)
    return unicodedata.normalize(draw(some.sampled_from(FORMS)), "".join(letters))


@some.composite
def mixed(draw: some.DrawFn) -> str:
    """Words of several texts and languages in any order."""
    texts = draw(some.lists(some.sampled_from(written()), min_size=2, max_size=4))
    words = [word for text in texts for word in text.split()]
    return " ".join(draw(some.lists(some.sampled_from(words), max_size=20)))


only_signs = some.lists(some.sampled_from((*SIGNS, *EMOJI, *ODD_LETTERS, *SURROGATES)), max_size=80).map("".join)
only_marks = some.lists(some.sampled_from(MARKS), min_size=1, max_size=160).map("".join)


@some.composite
def longest(draw: some.DrawFn) -> str:
    """As long as a text can be: one text again and again, marks alone, one word without an end, or anything."""
    piece = draw(
        some.one_of(
            some.sampled_from(written()).map("{} ".format),
            only_marks,
            anything,
            only_signs,
            some.sampled_from(".1aក🛑"),
        )
    )
    return ((piece or " ") * LONGEST_TEXT)[:LONGEST_TEXT]


def encoded(text: str) -> str:
    """As it comes in by a form: half letters are not in UTF-8, and arrive as the sign for "unreadable"."""
    return text.encode("utf-8", errors="replace").decode("utf-8")

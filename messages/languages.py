"""Which languages do we know, how far do we speak them, and what do we say where a text is missing in one?"""

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from babel import Locale

from messages.wording import plain


class Status(StrEnum):
    """How far we speak a language."""

    COMPLETE = "complete"  # every text exists (a test holds it)
    LISTED = "listed"  # recognised; one text asks which complete language to use


@dataclass(frozen=True)
class Language:
    """One language: what it is called by itself and by others, and what stands in for it."""

    code: str
    own_name: str
    english_name: str
    status: Status
    fallback: tuple[str, ...] = ()
    also_called: tuple[str, ...] = ()
    cldr: str = ""  # CLDR's code where it is not ours
    drops_accents_in_sms: bool = False  # readable without á í ó ú, which would force UCS-2

    @property
    def direction(self) -> str:
        return _locale(self.code).text_direction


_SPOKEN = Status.COMPLETE
_HEARD = Status.LISTED
_KNOWN = (
    Language("es", "Español", "Spanish", _SPOKEN, (), ("castellano", "espa"), drops_accents_in_sms=True),
    Language("en", "English", "English", _SPOKEN, (), ("inglés", "eng"), drops_accents_in_sms=True),
    Language("km", "ភាសាខ្មែរ", "Khmer", _HEARD, ("en",), ("ខ្មែរ", "cambodian", "camboyano", "jemer")),
    Language("tl", "Tagalog", "Tagalog", _HEARD, ("en",), ("filipino", "pilipino", "fil"), "fil", True),
    Language("vi", "Tiếng Việt", "Vietnamese", _HEARD, ("en",), ("vietnamita", "viet")),
    Language("zh", "中文", "Chinese", _HEARD, ("en",), ("chino", "mandarin", "cantonese", "汉语", "漢語")),
    Language("ko", "한국어", "Korean", _HEARD, ("en",), ("coreano", "한국말")),
)
LANGUAGES = {known.code: known for known in _KNOWN}
COMPLETE = tuple(code for code, language in LANGUAGES.items() if language.status is Status.COMPLETE)
LISTED = tuple(code for code, language in LANGUAGES.items() if language.status is Status.LISTED)

CHOICES = {"1": "en", "2": "es"}
"""What the number answered to `languages.choose` means."""


def base(code: str) -> str:
    """`es-MX` and `es_MX` are Spanish."""
    return code.replace("_", "-").split("-")[0].lower()


def language(code: str) -> Language:
    return LANGUAGES[base(code)]


def is_complete(code: str) -> bool:
    return base(code) in COMPLETE


@lru_cache(maxsize=256)
def chain(code: str) -> tuple[str, ...]:
    """Where a text is looked for, in order: the code itself, its base, and what stands in for it."""
    known = LANGUAGES.get(base(code))
    return tuple(dict.fromkeys((code, base(code), *(known.fallback if known else ("en",)))))


def language_by_name(name: str) -> str | None:
    """The code for a language as a person writes it: `español`, `Espanol`, `spanish`, `es`, `ខ្មែរ`."""
    return _names().get(plain(name))


def plural_form(count: int, code: str) -> str:
    """CLDR's name for the form that goes with this number: `one`, `other`, `many` ..."""
    return _locale(base(code)).plural_form(count)


@lru_cache(maxsize=64)
def _locale(code: str) -> Locale:
    known = LANGUAGES.get(code)
    return Locale.parse((known and known.cldr) or code)


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    return {
        plain(name): known.code
        for known in LANGUAGES.values()
        for name in (known.code, known.own_name, known.english_name, *known.also_called)
    }

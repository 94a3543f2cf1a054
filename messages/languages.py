"""Which languages do we know, how far do we speak them, and what stands in for one that we do not?"""

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from babel import Locale

from messages.wording import plain


class Status(StrEnum):
    """How far we speak a language."""

    COMPLETE = "complete"  # every text exists (a test holds it)
    SCRIPT = "script"  # every text of another in other letters, made from it (a test holds that too)
    WISHED = "wished"  # mostly oral: somebody may ask for it, we note that, and write in plain Spanish


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
_ORAL = Status.WISHED
_KNOWN = (
    Language("es", "Español", "Spanish", _SPOKEN, (), ("castellano", "espa"), drops_accents_in_sms=True),
    Language("en", "English", "English", _SPOKEN, (), ("inglés", "eng"), drops_accents_in_sms=True),
    Language("km", "ភាសាខ្មែរ", "Khmer", _SPOKEN, ("en",), ("ខ្មែរ", "cambodian", "camboyano", "jemer")),
    Language("tl", "Tagalog", "Tagalog", _SPOKEN, ("en",), ("filipino", "pilipino", "fil"), "fil", True),
    Language("vi", "Tiếng Việt", "Vietnamese", _SPOKEN, ("en",), ("vietnamita", "viet")),
    Language("zh", "中文", "Chinese", _SPOKEN, ("en",), ("chino", "mandarin", "cantonese", "汉语", "简体")),
    Language(
        "zh-Hant", "繁體中文", "Traditional Chinese", Status.SCRIPT, ("zh", "en"), ("繁體", "正體中文"), "zh_Hant"
    ),
    Language("ko", "한국어", "Korean", _SPOKEN, ("en",), ("coreano", "한국말")),
    Language(
        "zap", "Zapoteco", "Zapotec", _ORAL, ("es",), ("diidxaza", "zapoteca", "sapoteco", "dilla xhon"), "es", True
    ),
    Language(
        "mixtec", "Mixteco", "Mixtec", _ORAL, ("es",), ("tu'un savi", "mixteca", "misteco", "ñuu savi"), "es", True
    ),
    Language("quc", "K'iche'", "Kiche", _ORAL, ("es",), ("quiche", "quiché maya"), "es", True),
    Language("kjb", "Q'anjob'al", "Qanjobal", _ORAL, ("es",), ("kanjobal", "canjobal", "kanjoval"), "es", True),
    Language("chinantec", "Chinanteco", "Chinantec", _ORAL, ("es",), ("chinanteca", "chinanteko"), "es", True),
)
LANGUAGES = {known.code: known for known in _KNOWN}
COMPLETE = tuple(code for code, language in LANGUAGES.items() if language.status is Status.COMPLETE)
WRITTEN = tuple(code for code, language in LANGUAGES.items() if language.status in (Status.COMPLETE, Status.SCRIPT))
"""What a person may choose to be written in: the complete languages, and Chinese in traditional characters."""
WISHED = tuple(code for code, language in LANGUAGES.items() if language.status is Status.WISHED)

STAFF = ("en", "es")
"""What the console speaks, and what organizers write notices in: they read what they approve."""
CHOICES = {"1": "en", "2": "es", "3": "km", "4": "tl", "5": "vi", "6": "zh", "7": "zh-Hant", "8": "ko"}
"""What the number answered to "which language?" means; what is mostly oral is answered by name."""
TRADITIONAL = ("zh-hant", "zh-tw", "zh-hk", "zh-mo")


def base(code: str) -> str:
    """`es-MX` and `es_MX` are Spanish; `zh-TW` is Chinese in traditional characters."""
    code = code.replace("_", "-").lower()
    return "zh-Hant" if code.startswith(TRADITIONAL) else code.split("-")[0]


def language(code: str) -> Language:
    return LANGUAGES[base(code)]


def is_complete(code: str) -> bool:
    """Whether we can say everything in it."""
    return base(code) in WRITTEN


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


def cldr(code: str) -> str:
    """CLDR's code for a language; English for one we do not know."""
    known = LANGUAGES.get(base(code))
    return (known.cldr or known.code) if known else "en"


@lru_cache(maxsize=64)
def _locale(code: str) -> Locale:
    return Locale.parse(cldr(code))


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    return {
        plain(name): known.code
        for known in LANGUAGES.values()
        for name in (known.code, known.own_name, known.english_name, *known.also_called)
    }

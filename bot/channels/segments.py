"""How many segments will this text be on the air, what makes it cost, and how is it made to cost less?

An SMS is 160 septets in GSM-7 (153 a part when there are several) or 70 UTF-16 units in UCS-2 (67 a part).
One character outside GSM-7, such as í, turns the whole text into UCS-2. WhatsApp texts are never touched.
"""

import math
import unicodedata
from dataclasses import asdict, dataclass
from typing import Literal

import smsutil
from smsutil.codecs import GSM_BASIC_CHARSET, GSM_EXT_CHARSET

from messages import languages

# smsutil takes a bare ESC for a letter; on the air it announces an extension character.
GSM_BASIC = frozenset(GSM_BASIC_CHARSET) - {"\x1b"}
GSM_EXTENSION = frozenset(GSM_EXT_CHARSET)
GSM = GSM_BASIC | GSM_EXTENSION
GSM_SINGLE, UCS2_SINGLE = 160, 70
MOST_SEGMENTS = {"GSM-7": 2, "UCS-2": 3}
"""What one answer may cost. The written ones are held to it by a test; what is put together is, where it is put together."""

# Signs that word processors and phones put in. None is in GSM-7: one more than doubles what a text costs.
LOOK_ALIKES = str.maketrans(
    dict.fromkeys("“”„‟«»″", '"')
    | dict.fromkeys("‘’‚‛′`´", "'")
    | dict.fromkeys("‐‑‒–—―−", "-")
    | dict.fromkeys([0x09, 0xA0, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000], " ")
    | {"…": "...", "•": "-", "‹": "'", "›": "'", "\u2028": "\n", "\u2029": "\n"}
)
# Soft hyphen, zero-width space and joiners, text direction marks, byte order mark, variation selectors.
INVISIBLE = dict.fromkeys([0xAD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), 0x2060, 0xFEFF, 0xFE0E, 0xFE0F])


@dataclass(frozen=True, slots=True)
class Measure:
    """What a text costs on the air: `units` are septets or UTF-16 units, `costly` what makes it dearer."""

    encoding: Literal["GSM-7", "UCS-2"]
    units: int
    segments: int
    costly: tuple[str, ...]


def measure(text: str) -> Measure:
    """The text counted as it stands. An empty text is one empty segment."""
    alien = set(text) - GSM
    if alien:
        units = len(text) + sum(ord(char) > 0xFFFF for char in text)
        return Measure("UCS-2", units, _ucs2_segments(text, units), _in_order(text, alien))
    extended = [char for char in text if char in GSM_EXTENSION]
    units = len(text) + len(extended)
    return Measure("GSM-7", units, _gsm_segments(text, units, bool(extended)), _in_order(text, set(extended)))


def for_sms(text: str, language: str) -> str:
    """The text as an SMS carries it, in the fewest segments that keep its meaning.

    Typographic signs give way to look-alikes; the accents GSM-7 lacks are dropped only where that saves a
    segment, and only in languages that stay clear without them. No character ever becomes `?`.
    """
    typed = unicodedata.normalize("NFC", text).translate(LOOK_ALIKES)
    if GSM.issuperset(typed):
        return typed
    visible = typed.translate(INVISIBLE)
    if GSM.issuperset(visible):
        return visible
    known = languages.LANGUAGES.get(languages.base(language))
    if known is None or not known.drops_accents_in_sms:
        return unicodedata.normalize("NFC", text)  # UCS-2 either way: its own signs cost nothing
    bare = "".join(map(_without_accent, visible))
    return bare if measure(bare).segments < measure(typed).segments else typed


def fits(text: str, language: str) -> bool:
    """Whether an answer keeps to what one answer may cost."""
    measured = measure(for_sms(text, language))
    return measured.segments <= MOST_SEGMENTS[measured.encoding]


def report(text: str) -> dict[str, object]:
    """What `python -m bot segments` prints of a text."""
    counted = asdict(measure(text))
    return {"encoding": counted["encoding"], "characters": len(text), "units": counted["units"],
            "segments": counted["segments"], "costly": list(counted["costly"])}  # fmt: skip


def _without_accent(char: str) -> str:
    """`í` is `i`; what GSM-7 has (é ñ ü ¿ ¡) and what has no plain letter stay as they are."""
    if char in GSM:
        return char
    letters = unicodedata.normalize("NFKD", char)
    return letters[0] if letters[0] in GSM_BASIC and all(map(unicodedata.combining, letters[1:])) else char


def _gsm_segments(text: str, units: int, has_extension: bool) -> int:
    if units <= GSM_SINGLE:
        return 1
    # Only an extension character can be pushed whole into the next part and leave a gap.
    return len(smsutil.split(text).parts) if has_extension else math.ceil(units / 153)


def _ucs2_segments(text: str, units: int) -> int:
    if units <= UCS2_SINGLE:
        return 1
    return len(smsutil.unicode_split(text).parts) if units > len(text) else math.ceil(units / 67)


def _in_order(text: str, wanted: set[str]) -> tuple[str, ...]:
    return tuple(char for char in dict.fromkeys(text) if char in wanted)

"""Is this the one fixed text that a single person may send? A doubt has no second pair of eyes, so its words have no freedom.

Held against the catalog's own sentence, and against what two people released before: the code and the place that the doubt is
about must stand there too. So one hand can repeat words that went out already, and say nothing of its own.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

from bot.channels.segments import LOOK_ALIKES, for_sms
from bot.contacts.models import Channel
from bot.outbox.models import Rendition
from messages import catalog

KEY = "alerts.doubt"
SLOTS = {"code": "[A-Z0-9]{3,4}", "place": r"[^!?\n]{1,60}"}
"""What may stand in the sentence's places; the longest place label has 48 signs."""
LETTER = "[A-Za-z0-9]"
"""Of codes and street names. Khmer, Korean and Chinese put their own words right beside them."""
CUT = "..."
"""How a place ends that had to be cut to fit into one segment (`alerts.wording`)."""


def is_fixed(rendition: Rendition, told: Iterable[Rendition]) -> bool:
    """Whether these are the fixed words, in this language, as this channel carries them, about what was `told` in it.

    Each channel's words count: the same place may have had room in one and not in the other.
    """
    filled = _filled(rendition)
    if filled is None:
        return False
    before = [_plain(one.text) for one in told if one.language == rendition.language]
    return any(all(_stands_in(said, text) for said in filled.values()) for text in before)


def _filled(rendition: Rendition) -> dict[str, str] | None:
    """What stands in the slots; `None` where the rest is not the fixed sentence."""
    for shape in _shapes(rendition.language, rendition.channel):
        if found := shape.fullmatch(rendition.text):
            return found.groupdict()
    return None


@lru_cache(maxsize=64)
def _shapes(language: str, channel: Channel) -> tuple[re.Pattern[str], ...]:
    sentence = catalog.raw(KEY, language)
    # Accents are dropped as an SMS leaves where that saves a segment: either spelling is ours.
    spellings = {sentence, for_sms(sentence, language)} if channel is Channel.SMS else {sentence}
    return tuple(re.compile("".join(_pattern(spelling))) for spelling in sorted(spellings))


def _pattern(sentence: str) -> Iterator[str]:
    for part in re.split(r"(%\{\w+\})", sentence):
        name = part[2:-1]
        yield f"(?P<{name}>{SLOTS[name]})" if part.startswith("%{") else re.escape(part)


def _stands_in(said: str, text: str) -> bool:
    """Word for word; a place that was cut, up to the cut."""
    whole = _plain(said)
    words = re.escape(whole.removesuffix(CUT))
    end = "" if whole.endswith(CUT) else rf"(?!{LETTER})"
    return re.search(rf"(?<!{LETTER}){words}{end}", text) is not None


def _plain(text: str) -> str:
    """Without accents and typographers' signs, which an SMS may have lost on its way and a WhatsApp text keeps."""
    letters = unicodedata.normalize("NFKD", text.translate(LOOK_ALIKES))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))

"""Is this the one fixed text that a single person may send? A doubt has no second pair of eyes, so its words have no freedom.

Held against the catalog's own sentence: only the code and the place may differ, and a place has no room for a message.
"""

import re
from functools import lru_cache

from bot.channels.segments import for_sms
from bot.contacts.models import Channel
from bot.outbox.models import Rendition
from messages import catalog

KEY = "alerts.doubt"
SLOTS = {"code": "[A-Z0-9]{3,4}", "place": r"[^!?\n]{1,60}"}
"""What may stand in the sentence's places; the longest place label has 48 signs."""


def is_fixed(rendition: Rendition) -> bool:
    """Whether these are the fixed words, in this language, as this channel carries them."""
    return _shape(rendition.language, rendition.channel).fullmatch(rendition.text) is not None


@lru_cache(maxsize=64)
def _shape(language: str, channel: Channel) -> re.Pattern[str]:
    sentence = catalog.raw(KEY, language)
    # Accents are dropped as an SMS leaves where that saves a segment: either spelling is ours.
    spellings = {sentence, for_sms(sentence, language)} if channel is Channel.SMS else {sentence}
    return re.compile("|".join(_pattern(spelling) for spelling in sorted(spellings)))


def _pattern(sentence: str) -> str:
    shape = re.escape(sentence)
    for slot, allowed in SLOTS.items():
        shape = shape.replace(re.escape(f"%{{{slot}}}"), allowed)
    return shape

"""Can this answer be heard as well, and may that recording leave? Only one of ours, of these very words, that somebody has heard.

By MMS it goes with the words, in one message. WhatsApp's voice messages have no caption (Meta), so there it follows them.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from bot.contacts.models import Channel, Contact
from bot.rights import sayings
from bot.settings import settings
from messages import catalog, languages, recordings
from messages.recordings import Clip

KINDS = {Channel.SMS: ("mp3", "amr"), Channel.WHATSAPP: ("ogg", "mp3", "amr")}
"""Best first. No iPhone plays an ogg that came by MMS."""
PATH = "/clips/"
ASKS_A_LISTENER = ("unheard", "another_file", "other_words")
"""What is wrong until somebody hears it (again)."""


class Fault(NamedTuple):
    """A recording that is not sent, and why: `unheard`, `another_file`, `unknown_text`, `other_words`, or a fault of the file."""

    clip: Clip
    why: str


def for_answer(contact: Contact, key: str, channel: Channel) -> str | None:
    """The name of the clip that goes with this answer, if they wished for a language that has one."""
    wished = contact.wished_language
    if wished not in languages.WISHED or (channel is Channel.SMS and not settings().clips_by_mms):
        return None
    names = (f"{wished}/{key}.{kind}" for kind in KINDS[channel])
    return next((name for name in names if may_leave(name)), None)


def may_leave(name: str) -> Clip | None:
    """The clip of this name, where nothing speaks against it."""
    clip = _known().get(name)
    return clip if clip is not None and not why_not(clip) else None


def address(name: str) -> str:
    """Where the carrier fetches it. Raises `LookupError` for what may not leave."""
    clip = may_leave(name)
    if clip is None:
        raise LookupError("no clip of ours")
    return f"{settings().public_base_url.rstrip('/')}{PATH}{name}?v={clip.mark[:12]}"


def faults() -> Iterator[Fault]:
    """What was recorded and is not sent."""
    for clip in _known().values():
        if why := why_not(clip):
            yield Fault(clip, why)


def known() -> list[Clip]:
    return list(_known().values())


def why_not(clip: Clip) -> str:
    """Empty where it may leave."""
    if clip.fault:
        return clip.fault
    try:
        words = spoken_words(clip.key, clip.language)
    except LookupError:
        return "unknown_text"
    if not clip.heard_by:
        return "unheard"
    if clip.heard_mark != clip.mark:
        return "another_file"
    return "" if clip.says == words else "other_words"


def spoken_words(key: str, language: str) -> str:
    """The words that a recording of this text speaks: those that are sent instead of the language, with their gaps."""
    written = languages.chain(language)[-1]
    return sayings.spoken(key, written) if key.startswith(sayings.TOPIC) else catalog.raw(key, written)


def note_to_sign(clip: Clip) -> str:
    """The lines of `clips.yml` that a listener signs. YAML reads JSON's strings."""
    words = json.dumps(spoken_words(clip.key, clip.language), ensure_ascii=False)
    lines = (
        f"{clip.key}:",
        f"  says: {words}",
        "  variant:",
        "  heard_by:",
        "  heard_on:",
        f'  files: {{{clip.kind}: "{clip.mark}"}}',
    )
    return "\n".join(f"    {line}" for line in lines)


def _known() -> dict[str, Clip]:
    folder = settings().clips_folder
    return recordings.read(Path(folder) if folder else recordings.FOLDER)

"""Are these the words that somebody signed? A signature holds the mark of the words it was given for."""

import hashlib
import json
from collections.abc import Mapping

MARK_DIGITS = 7
"""After a letter: bare digits, or digits and an e, YAML would read as a number."""


def mark(*words: object) -> str:
    """The same words, the same mark; another word, another mark."""
    written = json.dumps(words, ensure_ascii=False, sort_keys=True, default=str).encode()
    return "v" + hashlib.sha256(written).hexdigest()[:MARK_DIGITS]


def stands(note: Mapping[str, object], made: str) -> bool:
    """Whether a file's note names a reviewer, and these are still the words they signed. `made`: their mark now."""
    return bool(note.get("reviewed_by")) and note.get("reviewed_mark") == made

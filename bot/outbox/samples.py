"""How does somebody at work read one of our texts on their own phone? As `sample.<key>`: gaps made up, and marked as a sample.

What it says first is that nothing of it is true: it may be passed on, or be read at a bad moment. An alert's own sentences are no
samples either: nobody alone may have one on a phone.
"""

from bot.outbox import released_only
from bot.rights import sayings
from messages import catalog, samples

SAMPLE = "sample."
MARK = "samples.mark"


def key(of: str) -> str:
    return f"{SAMPLE}{of}"


def said(key_: str, language: str) -> str:
    """The words of such a key, the mark before them. Raises `LookupError` for no text of ours and what two people let out."""
    of = key_.removeprefix(SAMPLE)
    if of in released_only.KEYS:
        raise LookupError("leaves only in a released broadcast")
    words = sayings.said(of, language) if of.startswith(sayings.TOPIC) else samples.filled(of, language)
    return f"{catalog.text(MARK, language)} {words}"

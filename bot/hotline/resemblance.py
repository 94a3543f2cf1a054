"""Which kind of text does this one resemble? Learned at start from examples (`messages/examples`), for what no phrase tells.

Uses the learning of bot/rights: one weight for each word, piece of a word and idea, so that each decision can be explained.
"""

from functools import cache
from pathlib import Path

from bot.rights import learning
from messages import vocabulary, yaml_files

FOLDER = Path(vocabulary.__file__).parent / "examples"

CRIES_FROM = 0.35
NEAR_THE_FIRST = 0.2
"""An emergency may score this much less than the likeliest kind: a missed one is worse than a person paged in vain."""

EVERY_QUESTION = 3
"""One in so many of the know-your-rights phrases is enough to tell questions: all of them cost two seconds more."""


def cries_out(said: str) -> bool:
    """More like the emergencies we know than like anything else, or nearly."""
    kinds, scores = learned().topics, learned().scores(said)
    by_kind = dict(zip(kinds, map(float, scores), strict=True))
    cry = by_kind.pop("emergency")
    return cry >= CRIES_FROM and cry >= max(by_kind.values()) - NEAR_THE_FIRST


@cache
def learned() -> learning.Weights:
    return learning.learn([*examples(), *_questions()])


def examples() -> list[tuple[str, str]]:
    """Every example: (text, kind)."""
    return [
        (str(text), kind)
        for path in sorted(FOLDER.glob("*.yml"))
        for kind, texts in yaml_files.read(path).items()
        for text in texts
    ]


def _questions() -> list[tuple[str, str]]:
    phrases = learning.phrases()
    chatter = [(text, "other") for _, text, topic in phrases if topic == learning.NONE]
    asked = [(text, "question") for _, text, topic in phrases if topic != learning.NONE]
    return chatter + asked[::EVERY_QUESTION]

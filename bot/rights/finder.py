"""Which know-your-rights topic does this question ask about?

A situation word alone (PUERTA, CAR) goes straight to its topic. Otherwise the words are weighed (`learning.py`):
a clear winner is the answer, an unclear one is asked back with up to three choices, and what is no question of
ours gets no answer. Whether a text is a question at all, or an emergency, a report or a command, is decided
before, in bot/hotline.
"""

from dataclasses import dataclass
from functools import cache

from bot.rights import learning, library
from bot.rights.weights import Weights
from messages import languages
from messages.wording import plain

# Measured on a thousand texts of people who never saw our phrases (`python -m tests.hotline.fresh`): at this lead 82% are
# answered at once and right, 2% wrong, 96% right or among the choices; of chatter none. A lead of 0.15 answers 2% fewer.
CLEAR_SCORE = 0.25
CLEAR_LEAD = 0.12
"""A winner that scores this much, this far ahead of the next, is answered at once; a wrong answer is worse than a question."""
NONE_LEAD = 0.03
NONE_BIAS = 0.04
"""Chatter gets no menu, even where it names a thing of ours (`my rent is so high`)."""
CHOICE_SCORE = 0.08
"""A topic that scores less is not worth offering."""
MOST_CHOICES = 3


@dataclass(frozen=True)
class Finding:
    """The topic, or the choices to ask back, or neither; `score` is how sure we are, about 0 to 1."""

    topic: str | None
    choices: tuple[str, ...] = ()
    score: float = 0.0


def find(text: str, language: str | None = None) -> Finding:
    """What a question is about. `language`, when known, settles a situation word that two languages share."""
    if topic := situation(text, language):
        return Finding(topic, (), 1.0)
    if not plain(text):
        return Finding(None)
    return decided(learning.learned(), text)


def situation(text: str, language: str | None = None) -> str | None:
    """The topic whose situation word this whole text is."""
    return _situations(languages.base(language) if language else None).get(plain(text))


def reasons(text: str, topic: str) -> list[tuple[str, float]]:
    """Which words spoke for a topic: for reviewers."""
    return learning.learned().reasons(text, topic)


def warm() -> None:
    """Learns now (about two seconds), so that nobody's first question waits for it."""
    learning.learned()
    _situations(None)


def decided(weights: Weights, text: str) -> Finding:
    """The decision over what was learned: a clear topic, or choices, or neither."""
    scores = dict(zip(weights.topics, map(float, weights.scores(text)), strict=True))
    scores[learning.NONE] += NONE_BIAS
    ranked = sorted(scores.items(), key=lambda item: -item[1])
    (first, best), (_, second), *_ = ranked
    if first == learning.NONE and best - second >= NONE_LEAD:
        return Finding(None, (), best)
    if first != learning.NONE and best >= CLEAR_SCORE and best - second >= CLEAR_LEAD:
        return Finding(first, (), best)
    offered = tuple(topic for topic, score in ranked if topic != learning.NONE and score >= CHOICE_SCORE)
    return Finding(None, offered[:MOST_CHOICES], best)


@cache
def _situations(language: str | None) -> dict[str, str]:
    """Situation words by their plain form; those of the person's own language win."""
    found: dict[str, str] = {}
    for topic in library.topics():
        for code, words in topic.situation_words.items():
            for word in words:
                if code == language or plain(word) not in found:
                    found[plain(word)] = topic.id
    return found

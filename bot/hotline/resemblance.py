"""Which kind of text does this one resemble? Learned at start from examples (`messages/examples`), for what no phrase tells.

Uses the learning of bot/rights: one weight for each word, piece of a word and idea, so that each decision can be explained.
"""

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path

from bot.rights import learning, remembered
from bot.rights.remembered import Lesson
from bot.rights.weights import Weights
from messages import vocabulary, yaml_files

EXAMPLES = tuple(sorted((Path(vocabulary.__file__).parent / "examples").glob("*.yml")))
LESSON = Lesson("kinds", "bot.hotline.resemblance", (*EXAMPLES, *learning.PHRASES))

QUESTIONS_EACH = 32
"""So many know-your-rights phrases of each topic and language tell questions from cries; more would drown the cries."""

KINDS = {learning.NONE: "other", "rumor": "rumor_check"}
"""What those phrases are examples of, that ask for no right."""
SMOOTHING = 0.4
"""Cries are told by few words: closer to the examples than topics are, 97% are found with half the false ones (measured)."""

_OPTIONS = re.compile(r"\(([^()]*\|[^()]*)\)")


def leaning(said: str, kind: str) -> float:
    """How much more like this kind than like any other: 1 is a typical one, below 0 something else is likelier."""
    others = [score for other, score in likeness(said).items() if other != kind]
    return likeness(said)[kind] - max(others)


@lru_cache(maxsize=8)  # one text is read by several rooms; nobody's words are kept longer than that
def likeness(said: str) -> dict[str, float]:
    """How much the text is like each kind."""
    return dict(zip(learned().topics, map(float, learned().scores(said)), strict=True))


@cache
def learned() -> Weights:
    return remembered.weights(LESSON, _learn)


def _learn() -> Weights:
    return learning.learn([*examples(), *_questions()], SMOOTHING)


def examples() -> list[tuple[str, str]]:
    """Every example: (text, kind)."""
    return [
        (text, kind)
        for path in EXAMPLES
        for kind, lines in yaml_files.read(path).items()
        for line in lines
        for text in _variants(str(line))
    ]


def _variants(line: str) -> Iterator[str]:
    """ "they took (him|her) (away|)" stands for several texts: as many as its longest choice, each option said once."""
    parts = _OPTIONS.split(line)
    choices = [choice.split("|") for choice in parts[1::2]]
    for turn in range(max(map(len, choices), default=1)):
        # every other choice is read backwards, so that the same options do not always meet
        said = [options[(at - turn if at % 2 else at + turn) % len(options)] for at, options in enumerate(choices)]
        yield " ".join("".join(a + b for a, b in zip(parts[::2], [*said, ""], strict=True)).split())


def _questions() -> list[tuple[str, str]]:
    """Chatter, and some of the questions on each topic."""
    taken: Counter[tuple[str, str]] = Counter()
    found = []
    for language, text, topic in learning.phrases():
        taken[language, topic] += 1
        if topic == learning.NONE or taken[language, topic] <= QUESTIONS_EACH:
            found.append((text, KINDS.get(topic, "question")))
    return found


if __name__ == "__main__":
    remembered.tell(LESSON, _learn)

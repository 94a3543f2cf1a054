"""How is a topic recognised? Learned from the phrases people wrote for each (`phrases.<language>.yml`).

One weight for each feature and topic (`solving`), so that every answer can be explained by the words that led to it. No network,
no model that anybody has to ship: a reviewer changes a phrase and sees what it does (`remembered`).
"""

from collections.abc import Sequence
from functools import cache

from bot.rights import remembered
from bot.rights.library import FOLDER
from bot.rights.remembered import Lesson
from bot.rights.weights import Weights
from messages import yaml_files

NONE = "none"
"""What the phrases call a text that is no question for us."""

PHRASES = tuple(sorted(FOLDER.glob("phrases.*.yml")))
LESSON = Lesson("topics", "bot.rights.learning", PHRASES)


def phrases() -> tuple[tuple[str, str, str], ...]:
    """Every phrase we learn from: (language, text, topic)."""
    return tuple(
        (path.name.split(".")[1], str(phrase), topic)
        for path in PHRASES
        for topic, listed in yaml_files.read(path).items()
        for phrase in listed
    )


@cache
def learned() -> Weights:
    return remembered.weights(LESSON, _learn)


def learn(examples: Sequence[tuple[str, str]], smoothing: float | None = None) -> Weights:
    """The weights that best give 1 to the topic of each example and 0 to the others."""
    from bot.rights.solving import SMOOTHING, solved  # nobody who only reads texts loads what it takes to learn

    return solved(examples, SMOOTHING if smoothing is None else smoothing)


def _learn() -> Weights:
    return learn([(text, topic) for _, text, topic in phrases()])


if __name__ == "__main__":
    remembered.tell(LESSON, _learn)

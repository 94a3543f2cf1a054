"""How is a topic recognised? Learned once at start from the phrases people wrote for each (`phrases.<language>.yml`).

Ridge regression on TF-IDF features: one weight for each feature and topic, so that every answer can be explained by the words
that led to it. No network, no model file: a reviewer changes a phrase and sees what it does.
"""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from bot.rights.features import features
from bot.rights.library import FOLDER
from messages import yaml_files

NONE = "none"
"""What the phrases call a text that is no question for us."""
SMOOTHING = 1.0
SEEN_AT_LEAST = 2
EXACT_ENOUGH = 1e-4
"""Squared error left for a topic, over all examples. At this no decision differs from the exact solution's (measured)."""
TINY = np.float32(1e-20)

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Weights:
    """What was learned: for each feature its rarity and its pull towards each topic."""

    topics: tuple[str, ...]
    rows: dict[str, int]
    rarity: dict[str, float]
    pull: Floats

    def scores(self, text: str) -> Floats:
        """How much the text speaks for each topic: about 1 for a typical question, about 0 for another topic's."""
        known = self._known(text)
        amounts = np.fromiter(known.values(), dtype=np.float32, count=len(known))
        total: Floats = amounts @ self.pull[[self.rows[feature] for feature in known]]
        return total

    def reasons(self, text: str, topic: str, most: int = 5) -> list[tuple[str, float]]:
        """The features that spoke most for a topic, with what each added."""
        at = self.topics.index(topic)
        added = {
            feature: amount * float(self.pull[self.rows[feature], at]) for feature, amount in self._known(text).items()
        }
        return sorted(added.items(), key=lambda item: -item[1])[:most]

    def _known(self, text: str) -> dict[str, float]:
        return _scaled(features(text), self.rarity)


def phrases() -> tuple[tuple[str, str, str], ...]:
    """Every phrase we learn from: (language, text, topic)."""
    return tuple(
        (path.name.split(".")[1], str(phrase), topic)
        for path in sorted(FOLDER.glob("phrases.*.yml"))
        for topic, listed in yaml_files.read(path).items()
        for phrase in listed
    )


@cache
def learned() -> Weights:
    return learn([(text, topic) for _, text, topic in phrases()])


def learn(examples: Sequence[tuple[str, str]]) -> Weights:
    """The weights that best give 1 to the topic of each example and 0 to the others."""
    described = [features(text) for text, _ in examples]
    rarity = _rarity(described)
    rows: dict[str, int] = {}
    entries = [
        (row, rows.setdefault(feature, len(rows)), amount)
        for row, description in enumerate(described)
        for feature, amount in _scaled(description, rarity).items()
    ]
    at, of, amounts = zip(*entries, strict=True)
    said = csr_array((np.array(amounts, np.float32), (at, of)), shape=(len(examples), len(rows)), dtype=np.float32)
    topics = tuple(sorted({topic for _, topic in examples}))
    wanted = np.array([[topic == each for each in topics] for _, topic in examples], np.float32)
    return Weights(topics, rows, rarity, _pull(said, wanted))


def _pull(said: csr_array, wanted: Floats) -> Floats:
    """Conjugate gradients over all topics side by side, on the sparse table of who said what.

    The matrix of how alike any two examples are would be 230 MB for the phrases of seven languages.
    """
    features_of = said.T.tocsr()
    share = np.zeros_like(wanted)
    rest = wanted.copy()
    step, size = rest.copy(), np.sum(rest * rest, axis=0)
    while size.max() > EXACT_ENOUGH:
        reach = said @ (features_of @ step) + SMOOTHING * step
        length = size / np.maximum(np.sum(step * reach, axis=0), TINY)
        share += length * step
        rest -= length * reach
        before, size = size, np.sum(rest * rest, axis=0)
        step = rest + (size / np.maximum(before, TINY)) * step
    pull: Floats = features_of @ share
    return pull


def _rarity(described: Sequence[dict[str, float]]) -> dict[str, float]:
    seen = Counter(feature for description in described for feature in description)
    return {
        feature: math.log((1 + len(described)) / (1 + count)) + 1
        for feature, count in seen.items()
        if count >= SEEN_AT_LEAST
    }


def _scaled(description: dict[str, float], rarity: dict[str, float]) -> dict[str, float]:
    amounts = {feature: amount * rarity[feature] for feature, amount in description.items() if feature in rarity}
    length = math.sqrt(sum(amount * amount for amount in amounts.values())) or 1.0
    return {feature: amount / length for feature, amount in amounts.items()}

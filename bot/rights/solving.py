"""Which weights best give 1 to the topic of each example and 0 to the others? Ridge regression on TF-IDF features.

Loaded where something is learned, and nowhere else: scipy alone takes 24 MB, and learning seven languages 150 MB more.
"""

import math
from array import array
from collections import Counter
from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_array

from bot.rights.features import features
from bot.rights.weights import Floats, Weights, scaled

SMOOTHING = 1.0
SEEN_AT_LEAST = 2
EXACT_ENOUGH = 1e-4
"""Squared error left for a topic, over all examples. At this no decision differs from the exact solution's (measured)."""
TINY = np.float32(1e-20)


def solved(examples: Sequence[tuple[str, str]], smoothing: float = SMOOTHING) -> Weights:
    """The weights for these (text, topic). Less `smoothing`: closer to the examples, further from what they share."""
    described = [features(text) for text, _ in examples]
    rarity = _rarity(described)
    rows: dict[str, int] = {}
    said = _table(described, rarity, rows)
    topics = tuple(sorted({topic for _, topic in examples}))
    wanted = np.array([[topic == each for each in topics] for _, topic in examples], np.float32)
    return Weights.of(topics, rows, rarity, _pull(said, wanted, smoothing))


def _table(described: Sequence[dict[str, float]], rarity: dict[str, float], rows: dict[str, int]) -> csr_array:
    """Who said what, and how much it says: a row for each example. `rows` takes each feature's place as it comes."""
    amounts, of, ends = array("f"), array("i"), array("i", [0])
    for description in described:
        known = [name for name in description if name in rarity]
        amounts.extend(scaled(np.array([description[name] * rarity[name] for name in known])))
        of.extend(rows.setdefault(name, len(rows)) for name in known)
        ends.append(len(of))
    parts = (np.frombuffer(amounts, np.float32), np.frombuffer(of, np.int32), np.frombuffer(ends, np.int32))
    table = csr_array(parts, shape=(len(described), len(rows)))
    table.sort_indices()  # sums are added up in the same order whatever order the words came in
    return table


def _pull(said: csr_array, wanted: Floats, smoothing: float) -> Floats:
    """Conjugate gradients over all topics side by side, on the sparse table of who said what.

    The matrix of how alike any two examples are would be 230 MB for the phrases of seven languages.
    """
    features_of = said.T.tocsr()
    share = np.zeros_like(wanted)
    rest = wanted.copy()
    step, size = rest.copy(), np.sum(rest * rest, axis=0)
    while size.max() > EXACT_ENOUGH:
        reach = said @ (features_of @ step) + smoothing * step
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

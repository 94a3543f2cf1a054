"""What was learned, and what does it make of a text? For each feature its rarity, and its pull towards each topic."""

import hashlib
import io
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import compress
from typing import Self

import numpy as np
import numpy.typing as npt

from bot.rights.features import described
from messages.wording import plain

Floats = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]
Marks = npt.NDArray[np.uint64]
MARK_BYTES = 8
"""Two of a hundred thousand features share a mark with a chance of one in four billion; `of` would refuse them."""


@dataclass(frozen=True)
class Weights:
    """One row for each feature, in the order of their marks, which stand for its letters.

    As words and numbers of Python 175,000 features took 27 MB more, in pages that each process writes to and so has for itself.
    """

    topics: tuple[str, ...]
    marks: Marks
    rarity: Doubles
    pull: Floats

    @classmethod
    def of(cls, topics: tuple[str, ...], rows: Mapping[str, int], rarity: Mapping[str, float], pull: Floats) -> Self:
        """`rows`: where each feature stands in `pull`."""
        names = list(rows)
        marks = _marks(names)
        order = np.argsort(marks)
        if len(set(marks.tolist())) != len(marks):
            raise ValueError("two features have the same mark")
        rarities = np.array([rarity[name] for name in names])
        return cls(topics, marks[order], rarities[order], pull[[rows[name] for name in names]][order])

    def scores(self, text: str) -> Floats:
        """How much the text speaks for each topic: about 1 for a typical question, about 0 for another topic's."""
        rows, amounts, _ = self._known(text)
        total: Floats = amounts.astype(np.float32) @ self.pull[rows]
        return total

    def reasons(self, text: str, topic: str, most: int = 5) -> list[tuple[str, float]]:
        """The features that spoke most for a topic, with what each added."""
        rows, amounts, names = self._known(text)
        pulls = self.pull[rows, self.topics.index(topic)].astype(np.float64)
        added = zip(names, (amounts * pulls).tolist(), strict=True)
        return sorted(added, key=lambda item: -item[1])[:most]

    def _known(self, text: str) -> tuple[npt.NDArray[np.intp], Doubles, Iterator[str]]:
        """The features of a text that were learned: their rows, how much each counts, and their names."""
        names, counts, marks = _described(plain(text))
        at = np.searchsorted(self.marks, marks)
        at[at == len(self.marks)] = 0
        known = self.marks[at] == marks
        rows = at[known]
        return rows, scaled(counts[known] * self.rarity[rows]), compress(names, known.tolist())

    def packed(self) -> bytes:
        """For keeping. Plain arrays: reading them runs no code, as a pickle would."""
        kept = io.BytesIO()
        topics = np.frombuffer("\n".join(self.topics).encode(), np.uint8)
        np.savez(kept, topics=topics, marks=self.marks, rarity=self.rarity, pull=self.pull)
        return kept.getvalue()

    @classmethod
    def unpacked(cls, kept: bytes) -> Self:
        with np.load(io.BytesIO(kept), allow_pickle=False) as arrays:
            topics = tuple(arrays["topics"].tobytes().decode().split("\n"))
            return cls(topics, arrays["marks"], arrays["rarity"], arrays["pull"])


def scaled(amounts: Doubles) -> Doubles:
    """A long text speaks no louder than a short one."""
    length = math.sqrt(
        sum(amount * amount for amount in amounts.tolist())
    )  # one after the other: the same sum everywhere
    return amounts / (length or 1.0)


@lru_cache(maxsize=8)  # one text is read by several rooms; nobody's words are kept longer than that
def _described(told: str) -> tuple[tuple[str, ...], Doubles, Marks]:
    """Every feature of a plain text, how much it counts, and its mark."""
    found = described(told)
    return tuple(found), np.array(list(found.values())), _marks(found)


def _marks(names: Sequence[str] | Mapping[str, float]) -> Marks:
    """The same in every process, as Python's own are not."""
    digests = (
        hashlib.blake2b(name.encode("utf-8", "surrogatepass"), digest_size=MARK_BYTES).digest() for name in names
    )
    return np.frombuffer(b"".join(digests), np.uint64)

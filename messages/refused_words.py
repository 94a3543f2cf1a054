"""Which words may nobody choose as the word that their alerts carry?"""

from functools import cache
from pathlib import Path

from messages import yaml_files
from messages.wording import plain

FILE = Path(__file__).with_suffix(".yml")


@cache
def refused() -> frozenset[str]:
    """In the plain form in which words are compared."""
    return frozenset(plain(str(word)) for line in yaml_files.read(FILE)["refused"] for word in line)

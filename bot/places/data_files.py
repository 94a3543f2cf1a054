"""Where do the facts about places come from? From the YAML files in `data/`, read once."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

_FOLDER = Path(__file__).with_name("data")
_SafeLoader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # in C: all of it in a tenth of the time


@cache
def read_data(name: str) -> Any:
    """The content of `data/<name>.yml`. Do not change what it returns: everybody shares it."""
    with (_FOLDER / f"{name}.yml").open(encoding="utf-8") as file:
        return yaml.load(file, Loader=_SafeLoader)  # noqa: S506 - one of the two safe loaders

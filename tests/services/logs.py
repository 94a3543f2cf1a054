"""Does a log name a person? Every number a test can use is one of +1 NXX 555 01xx, so any of them in a log is a leak."""

import re
from pathlib import Path

FORMS = re.compile(r"(?<!\d)(?:\+?1[-. ]?)?(?:\(?[2-9]\d\d\)?[-. ]?)?555[-. ]?01\d\d(?!\d)")
"""E.164, national, with or without the usual marks between, or the last seven digits."""

OUR_OWN = frozenset({"5625550100"})
"""The hotline's number is public."""


def numbers_in(text: str) -> list[str]:
    """Every phone number in a text that could be a person's."""
    found = (match.group() for match in FORMS.finditer(text))
    return [number for number in found if re.sub(r"\D", "", number)[-10:] not in OUR_OWN]


def leaks(files: list[Path]) -> list[str]:
    """The lines that name a number, with their file."""
    return [
        f"{file.name}: {line}"
        for file in files
        for line in file.read_text(errors="replace").splitlines()
        if numbers_in(line)
    ]

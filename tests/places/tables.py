"""The phrasings the tests of places read: tables of what people type and what must come of it."""

from pathlib import Path

from bot.places.found import Found

DATA = Path(__file__).with_name("data")


def table(name: str) -> list[list[str]]:
    lines = (DATA / f"{name}.tsv").read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


def outcome(found: Found) -> str:
    if found.outside:
        return "outside"
    if found.ask:
        return "ask"
    return "+".join(found.neighborhoods) or "none"


def agrees(found: Found, expected: str) -> bool:
    """ "a|b": either comes first; "a+b": a border, both and no other; else that one comes first.

    An ordinary sentence may hold a word for a kind of place ("church"): it names none as long as nothing is offered.
    """
    if expected == "none":
        return not found.neighborhoods and not found.choices and not found.place and not found.outside
    if "+" in expected:
        return set(found.neighborhoods) == set(expected.split("+")) and not found.ask
    first = outcome(found).split("+")[0]
    return first in expected.split("|")

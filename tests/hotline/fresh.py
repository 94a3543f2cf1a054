"""How well is understood what people write who have never seen our phrases? In figures, by language.

    python -m tests.hotline.fresh          all of them
    python -m tests.hotline.fresh --wrong  and each text that was taken for something else

`data/fresh.tsv` and `../reports/data/fresh.tsv` were written without a look at our phrases, in everyday words: a third of the
questions avoid the word that their topic is known by. No phrase may be copied from them. No native speaker has checked them.
"""

import csv
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.hotline.understanding import as_json

QUESTIONS = Path(__file__).parent / "data/fresh.tsv"
REPORTS = Path(__file__).parents[1] / "reports/data/fresh.tsv"
MIXED = "mix"
ENOUGH_WORDS, ENOUGH_SIGNS = 5, 8
"""A text this long tells its language; Khmer and Chinese are written without spaces."""
UNSPACED = ("km", "zh")
OFFERED = 0.5
"""A topic among those offered counts half."""


@dataclass
class Figures:
    """For each thing measured and language: how much was right, of how many; and what was not."""

    right: dict[tuple[str, str], float] = field(default_factory=lambda: defaultdict(float))
    of: dict[tuple[str, str], int] = field(default_factory=lambda: defaultdict(int))
    wrong: list[tuple[str, str, str, object]] = field(default_factory=list)

    def note(self, what: str, language: str, right: float, text: str, told: object) -> None:
        self.right[what, language] += right
        self.of[what, language] += 1
        if right < 1:
            self.wrong.append((what, language, text, told))

    def share(self, what: str, *languages: str) -> float:
        """Of all languages, where none is named."""
        asked = [key for key in self.of if key[0] == what and (not languages or key[1] in languages)]
        return sum(self.right[key] for key in asked) / max(1, sum(self.of[key] for key in asked))

    def languages(self) -> list[str]:
        return sorted({language for _, language in self.of})

    def measures(self) -> list[str]:
        return sorted({what for what, _ in self.of})


def measured() -> Figures:
    """Every text understood as it comes, without anything known of who wrote it."""
    figures = Figures()
    for language, text, label in _rows(QUESTIONS):
        _note_question(figures, language, text, label, as_json(text))
    for row in _rows(REPORTS, skip=1):
        _note_report(figures, row, as_json(row[2]))
    return figures


def _rows(path: Path, skip: int = 0) -> Iterator[list[str]]:
    with path.open(encoding="utf-8") as lines:
        yield from list(csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))[skip:]


def _note_question(figures: Figures, language: str, text: str, label: str, told: dict[str, Any]) -> None:
    long_enough = len(text.split()) >= ENOUGH_WORDS or (language in UNSPACED and len(text) >= ENOUGH_SIGNS)
    if long_enough and language != MIXED:
        figures.note("language", language, told["language"] == language, text, told["language"])
    if label == "emergency":
        return figures.note("emergency", language, told["intent"] == "emergency", text, told["intent"])
    figures.note("no emergency", language, told["intent"] != "emergency", text, told["intent"])
    if label == "none":
        figures.note("no topic for chatter", language, told["topic"] is None, text, told["topic"])
    elif label == "report":
        figures.note("report", language, told["intent"] == "report", text, told["intent"])
    else:
        score = 1.0 if told["topic"] == label else OFFERED if label in told["choices"] else 0.0
        figures.note("topic", language, score, text, (label, told["intent"], told["topic"] or told["choices"]))
    return None


def _note_report(figures: Figures, row: list[str], told: dict[str, Any]) -> None:
    _, language, text, _, areas, time, agents, vehicles, agency, kind = row
    salute = told["salute"]
    if kind == "report":
        figures.note("report", language, told["intent"] == "report", text, told["intent"])
    if kind == "rumour":
        heard = told["intent"] == "rumor_check" or not salute["first_hand"]
        figures.note("hearsay told apart", language, heard, text, told["intent"])
    if kind not in ("report", "rumour"):
        return
    figures.note(
        "neighborhood", language, _fits(told["neighborhood"], set(areas.split("|"))), text, told["neighborhood"]
    )
    if time != "unspecified":
        figures.note("time", language, salute["time"] == time, text, (salute["time"], time))
    if agents:
        figures.note("agents", language, str(salute["size"]) == agents, text, (salute["size"], agents))
    if vehicles[:1].isdigit():
        count = sum(int(each.strip().split("x")[0]) for each in vehicles.split(";") if each.strip()[0].isdigit())
        figures.note("vehicles", language, salute["vehicles"] == count, text, (salute["vehicles"], vehicles))
    if agency != "unknown":
        figures.note("agency", language, salute["uniform"] == agency, text, (salute["uniform"], agency))


def _fits(found: str | list[str] | None, areas: set[str]) -> bool:
    """One of the right ones, or asked back among them; `unknown` is what has to be asked back, `lb` somewhere in Long Beach."""
    if found is None or isinstance(found, str):
        return (found or "unknown") in areas
    somewhere_there = "lb" in areas and all(area.startswith("lb_") or area == "signal_hill" for area in found)
    return bool(areas & {*found, "unknown"}) or somewhere_there


def told(figures: Figures, wrong: bool = False) -> Iterator[str]:
    """As a table, line by line."""
    codes = figures.languages()
    if wrong:
        yield from (f"{what} ({language}): {text}\n    {said}" for what, language, text, said in figures.wrong)
    yield f"{'':22}{'all':>6}" + "".join(f"{code:>6}" for code in codes)
    for what in figures.measures():
        shares = (f"{figures.share(what, code):6.2f}" if figures.of.get((what, code)) else " " * 6 for code in codes)
        yield f"{what:22}{figures.share(what):6.2f}" + "".join(shares)


if __name__ == "__main__":
    sys.stdout.writelines(f"{line}\n" for line in told(measured(), "--wrong" in sys.argv))

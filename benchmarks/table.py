"""How is a result shown and kept? A table with each ratio beside its goal; in README.md between the marks of its benchmark."""

from dataclasses import replace
from pathlib import Path

from benchmarks import machine
from benchmarks.row import Row

README = Path(__file__).parent / "README.md"
HEAD = ("what", "ours", "against", "theirs", "ratio", "goal", "")


def lines(rows: list[Row], *, judged: bool = True) -> list[str]:
    """The table, as Markdown that a terminal shows as well. Too short a run is not judged."""
    cells = [HEAD, *(_cells(row if judged else replace(row, goal=None)) for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(HEAD))]
    shown = [f"| {' | '.join(cell.ljust(width) for cell, width in zip(line, widths, strict=True))} |" for line in cells]
    return [shown[0], f"|{'|'.join('-' * (width + 2) for width in widths)}|", *shown[1:]]


def _cells(row: Row) -> tuple[str, ...]:
    goal = "" if row.goal is None else f"{'at most' if row.at_most else 'at least'} {_short(row.goal)}"
    met = "" if row.goal is None else ("met" if row.met else "MISSED")
    theirs, ours = f"{_short(row.theirs)} {row.unit}", f"{_short(row.ours)} {row.unit}"
    return (row.what, ours, row.against, theirs, _short(row.ratio), goal, met)


def _short(number: float) -> str:
    """Three digits say all that a measurement knows."""
    size = abs(number)
    if size >= 1000:
        return f"{number:,.0f}"
    return f"{number:.0f}" if size >= 100 else f"{number:.3g}"


def keep(name: str, question: str, kind: str, repeat: int, rows: list[Row]) -> None:
    """Write it into README.md, in the place of what was measured before on this kind of database."""
    begin, end = f"<!-- {name} {kind} -->", f"<!-- /{name} {kind} -->"
    block = [
        begin,
        f"**{name}**, {kind}: {question}",
        "",
        *lines(rows),
        "",
        f"Medians of {repeat}. {machine.line()}",
        end,
    ]
    text = README.read_text()
    if begin in text:
        before, _, rest = text.partition(begin)
        text = before + "\n".join(block) + rest.partition(end)[2]
    else:
        text = text.rstrip("\n") + "\n\n" + "\n".join(block) + "\n"
    README.write_text(text)

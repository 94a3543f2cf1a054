"""How is a benchmark repeated? Fresh ground each time, both sides each time; then the median of each number."""

from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from statistics import median
from types import ModuleType

from benchmarks.ground import Ground
from benchmarks.row import Row

KINDS = ("sqlite", "postgresql")


def benchmarks() -> dict[str, ModuleType]:
    """Every module here that measures, by name."""
    names = sorted(path.stem for path in Path(__file__).parent.glob("*.py") if not path.stem.startswith("__"))
    modules = {name: import_module(f"benchmarks.{name}") for name in names}
    return {name: module for name, module in modules.items() if hasattr(module, "measure")}


def question(module: ModuleType) -> str:
    """The first line of its docstring."""
    return (module.__doc__ or "").partition("\n")[0]


def kinds(module: ModuleType, asked: tuple[str, ...]) -> tuple[str, ...]:
    """On which databases: all that are asked for, unless its `KINDS` says fewer."""
    possible = getattr(module, "KINDS", KINDS)
    return tuple(kind for kind in asked if kind in possible)


def medians(module: ModuleType, stand: Callable[[str], Ground], kind: str, repeat: int, quick: bool) -> list[Row]:
    """Measure `repeat` times on fresh ground."""
    return _medians([_once(module, stand, kind, quick) for _ in range(repeat)])


def _once(module: ModuleType, stand: Callable[[str], Ground], kind: str, quick: bool) -> list[Row]:
    ground = stand(kind)
    try:
        rows: list[Row] = module.measure(ground, quick)
        return rows
    finally:
        ground.close()


def _medians(runs: list[list[Row]]) -> list[Row]:
    """Line by line. A ratio is the median of the runs' ratios, not the ratio of the medians: its two sides were one run."""
    found = []
    for row in runs[-1]:
        same = [one for run in runs for one in run if one.what == row.what]
        found.append(
            replace(
                row,
                ours=median(one.ours for one in same),
                theirs=median(one.theirs for one in same),
                ratio=median(one.ratio for one in same),
            )
        )
    return found

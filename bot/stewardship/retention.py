"""How long is each thing kept, and why? One table, read from the models: purge, privacy page and tests use it alike."""

from dataclasses import dataclass

from sqlalchemy import Column, Table

from bot.store.schema import metadata


@dataclass(frozen=True, slots=True)
class Kept:
    """One table's promise. `days` is `None` for what lives as long as its subject."""

    table: Table
    why: str
    days: float | None
    by: str
    blanked: tuple[tuple[Column[object], float], ...]
    """Columns emptied sooner than the row goes, with their days."""


def table_of_retention() -> list[Kept]:
    return [
        Kept(table, table.info["kept"], table.info["days"], table.info["by"], tuple(_blanked(table)))
        for table in metadata().sorted_tables
    ]


def _blanked(table: Table) -> list[tuple[Column[object], float]]:
    return [(column, column.info["blank_days"]) for column in table.columns if "blank_days" in column.info]

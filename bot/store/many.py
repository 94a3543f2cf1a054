"""How is one statement said for many rows? With what differs as parameters: its text is the same for 3 rows and for 3,000."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import repeat
from typing import Any

from sqlalchemy import Boolean, ColumnElement, Connection, Dialect, Text, Update, bindparam, func
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine


class Several(TypeDecorator[Sequence[Any]]):
    """A list of ids, or of words: an array, or JSON where the database has no arrays."""

    impl = Text
    cache_ok = True

    def __init__(self, of: TypeEngine[Any]) -> None:
        super().__init__()
        self.of = of

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(ARRAY(self.of) if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: Sequence[Any] | None, dialect: Dialect) -> Any:
        return list(value or ()) if dialect.name == "postgresql" else json.dumps(list(value or ()))


class _Among(FunctionElement[bool]):
    name = "among"
    type = Boolean()
    inherit_cache = True

    def self_group(self, against: Any = None) -> Any:
        """As it is: SQLAlchemy would make `... = 1` of it on SQLite, and no index serves that."""
        return self


@compiles(_Among)
def _as_array(element: _Among, compiler: SQLCompiler, **how: Any) -> str:
    column, ids = element.clauses
    return f"{compiler.process(column, **how)} = ANY({compiler.process(ids, **how)})"


@compiles(_Among, "sqlite")
def _as_json(element: _Among, compiler: SQLCompiler, **how: Any) -> str:
    column, ids = element.clauses
    return f"{compiler.process(column, **how)} IN (SELECT value FROM json_each({compiler.process(ids, **how)}))"  # noqa: S608  a bound parameter


def among(column: Any, ids: str = "ids") -> ColumnElement[bool]:
    """Whether the column's value is one of those given when the statement runs, as the parameter named by `ids`."""
    return _Among(column, bindparam(ids, type_=Several(column.type)))


_Column = Callable[[Sequence[Sequence[Any]]], Iterable[Any]]


class ForEach:
    """One UPDATE of many rows, each with values of its own.

    `types` names the values and their types; `say` makes the statement from them, given as columns by those names. PostgreSQL
    takes all rows in one statement; SQLite one after the other, with the values made ready by us (a third of the time).
    """

    def __init__(self, types: Mapping[str, TypeEngine[Any]], say: Callable[[Any], Update]) -> None:
        # A parameter of a column's own name would be taken for a value to set.
        self._names = [f"given_{name}" for name in types]
        self._types = list(types.values())
        self._one = say({name: bindparam(f"given_{name}", type_=kind) for name, kind in types.items()})
        arrays = (bindparam(named, type_=ARRAY(kind)) for named, kind in zip(self._names, self._types, strict=True))
        self._all = say(func.unnest(*arrays).table_valued(*types).render_derived(name="given").c)
        self._prepared: tuple[str, list[_Column]] | None = None

    def run(self, connection: Connection, rows: Sequence[Sequence[Any]]) -> None:
        """`rows`: for each its values, in the order of `types`."""
        if not rows:
            return
        if connection.dialect.name == "postgresql":
            lists = map(list, zip(*rows, strict=True))
            connection.execute(self._all, dict(zip(self._names, lists, strict=True)))
            return
        text, columns = self._prepared or self._prepare(connection.dialect)
        given = list(zip(*rows, strict=True))
        connection.exec_driver_sql(text, list(zip(*(column(given) for column in columns), strict=False)))

    def _prepare(self, dialect: Dialect) -> tuple[str, list[_Column]]:
        compiled = self._one.compile(dialect=dialect)
        columns = [self._column(name, compiled, dialect) for name in compiled.positiontup or ()]
        self._prepared = compiled.string, columns
        return self._prepared

    def _column(self, name: str, compiled: Any, dialect: Dialect) -> _Column:
        """What stands at one `?` of all rows: values of theirs, or one that is the same for all."""
        ready = compiled.binds[name].type.dialect_impl(dialect).bind_processor(dialect)
        if name not in self._names:
            fixed = ready(compiled.params[name]) if ready else compiled.params[name]
            return lambda _given: repeat(fixed)
        at = self._names.index(name)
        return lambda given: map(ready, given[at]) if ready else given[at]

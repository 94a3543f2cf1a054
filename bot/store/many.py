"""How is one statement said for many rows? With their ids as one parameter: its text is the same for 3 rows and for 3,000."""

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import BigInteger, Boolean, ColumnElement, Dialect, Text, bindparam
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine


class Ids(TypeDecorator[Sequence[int]]):
    """A list of ids: an array, or JSON where the database has no arrays."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(ARRAY(BigInteger()) if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: Sequence[int] | None, dialect: Dialect) -> Any:
        return list(value or ()) if dialect.name == "postgresql" else json.dumps(list(value or ()))


class _Among(FunctionElement[bool]):
    name = "among"
    type = Boolean()
    inherit_cache = True


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
    return _Among(column, bindparam(ids, type_=Ids()))

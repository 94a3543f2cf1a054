"""In which second was it? One expression for both kinds of database, to group thousands of moments in one statement."""

from typing import Any

from sqlalchemy import BigInteger
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class epoch_second(FunctionElement[int]):  # noqa: N801  an SQL function, written as one
    """Whole seconds since 1970 of a `Moment`."""

    name = "epoch_second"
    type = BigInteger()
    inherit_cache = True


@compiles(epoch_second, "postgresql")
def _of_a_moment(element: Any, compiler: SQLCompiler, **how: Any) -> str:
    return f"CAST(floor(extract(epoch FROM {compiler.process(element.clauses, **how)})) AS BIGINT)"


@compiles(epoch_second, "sqlite")
def _of_text(element: Any, compiler: SQLCompiler, **how: Any) -> str:
    return f"CAST(strftime('%s', {compiler.process(element.clauses, **how)}) AS INTEGER)"

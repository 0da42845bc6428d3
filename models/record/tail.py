"""How text ends, in words that both databases have an index for: numbers and phones are asked for by their last digits."""

from typing import Any

from sqlalchemy import ColumnElement, String
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Mapped
from sqlalchemy.sql.functions import FunctionElement

LAST = 3  # letters in the index: as few as anybody may ask for


class tail(FunctionElement[str]):
    """The last LAST letters of a column."""

    type = String()
    inherit_cache = True


@compiles(tail)
def _of_any(element: tail, compiler: Any, **how: Any) -> str:
    return f"right({compiler.process(element.clauses, **how)}, {LAST})"


@compiles(tail, "sqlite")
def _of_sqlite(element: tail, compiler: Any, **how: Any) -> str:
    return f"substr({compiler.process(element.clauses, **how)}, -{LAST})"


def ends_in(column: Mapped[str], end: str) -> ColumnElement[bool]:
    """Does it end so? `end`: LAST letters at least, or no index helps."""
    return (tail(column) == end[-LAST:]) & column.endswith(end)

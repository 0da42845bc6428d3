"""What SQLAlchemy makes of a statement is made once in a process, and not anew for the engines of each test.

It keeps that for an engine and by its dialect, each of which is one of its own: a server makes its few engines once, tests
make thousands, and half of what a test of the law took was this.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from sqlalchemy.engine import Engine
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.util import LRUCache

from models.record import database

KEPT = 2000  # statements


def once() -> None:
    """From here on, for every engine that the law makes."""
    DefaultDialect.__eq__ = lambda one, other: _kind(one) == _kind(other)  # type: ignore[method-assign]
    DefaultDialect.__hash__ = lambda one: hash(_kind(one))  # type: ignore[assignment, method-assign]
    database.create_engine = _keeping(database.create_engine, LRUCache(KEPT))  # type: ignore[attr-defined]


def _kind(dialect: Any) -> tuple[Any, ...]:
    """Two of one class and one driver say the same: a process of tests meets one server of each kind."""
    return type(dialect), getattr(dialect, "dbapi", None)


def _keeping(make: Callable[..., Engine], kept: LRUCache[Any, Any]) -> Callable[..., Engine]:
    @wraps(make)
    def made(*given: Any, **named: Any) -> Engine:
        engine = make(*given, **named)
        engine.update_execution_options(compiled_cache=kept)
        return engine

    return made

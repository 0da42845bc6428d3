"""Time: the law's one clock, and the command's own zone.

What a month, a night and a clock on a screen are follows one zone, set before anything is served.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement
from sqlmodel import col

APART = timedelta(seconds=60)  # so far the clocks of two servers may be apart
_stopped_at: ContextVar[datetime | None] = ContextVar("stopped_at", default=None)

NIGHT_BEGINS, NIGHT_ENDS = 22, 5  # hours

_zone = ZoneInfo("Asia/Jakarta")


def keep_time(zone: str) -> None:
    """Every process of a server does it once, as it starts."""
    global _zone
    _zone = ZoneInfo(zone)


def zone() -> ZoneInfo:
    return _zone


def local(at: datetime) -> datetime:
    return at.astimezone(_zone)


def zone_word(at: datetime) -> str:
    """How people call the zone: WIB, WITA, WIT; where it has no such name, UTC+8."""
    word = local(at).tzname() or ""
    return f"UTC{word[0]}{word[1:].lstrip('0') or 0}" if word[:1] in ("+", "-") else word


def as_typed(typed: str) -> datetime | None:
    """A field of day and time, on the command's own clock; None: it is neither, or beyond any calendar."""
    try:
        return datetime.fromisoformat(typed).replace(tzinfo=_zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def is_night(at: datetime) -> bool:
    return local(at).hour >= NIGHT_BEGINS or local(at).hour < NIGHT_ENDS


def now() -> datetime:
    """The law's one source of time."""
    return _stopped_at.get() or datetime.now(UTC)


def lately(moment: Any, span: timedelta) -> ColumnElement[bool]:
    """Was it within this span (a condition)? What lies ahead was not: the clock was wrong then, and was put right."""
    return col(moment).between(now() - span, now() + APART)


def was_lately(moment: datetime, span: timedelta) -> bool:
    """The same of one moment."""
    return now() - span <= moment <= now() + APART


@contextmanager
def as_of(moment: datetime) -> Iterator[None]:
    """In this block it is that moment: how a past is played through the law itself (the demo's evening)."""
    token = _stopped_at.set(moment)
    try:
        yield
    finally:
        _stopped_at.reset(token)

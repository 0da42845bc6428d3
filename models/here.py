"""Here: the command's own time. What a month, a night and a clock on a screen are follows one zone, set before anything is served."""

from datetime import datetime
from zoneinfo import ZoneInfo

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


def is_night(at: datetime) -> bool:
    return local(at).hour >= NIGHT_BEGINS or local(at).hour < NIGHT_ENDS

"""Moments and lengths as people read them, on the command's own clock."""

from datetime import date, datetime

from babel.dates import format_date

from models.time import local, now


def clock(at: datetime) -> str:
    return local(at).strftime("%H:%M")


def exact(at: datetime) -> str:
    return local(at).strftime("%H:%M:%S")


def day(locale: str, at: datetime) -> str:
    """21:43 today, else 19 Nov 21:43."""
    if local(at).date() == local(now()).date():
        return clock(at)
    return f"{format_date(local(at), 'd MMM', locale=locale)} {clock(at)}"


def stamp(locale: str, at: datetime) -> str:
    return f"{format_date(local(at), 'd MMMM yyyy', locale=locale)} {clock(at)}"


def day_of(locale: str, at: datetime) -> str:
    return format_date(local(at), "EEE d MMM", locale=locale)


def month_of(locale: str, first: date) -> str:
    return format_date(first, "MMMM yyyy", locale=locale)


def lasting(seconds: float | None, signed: bool = False) -> str:
    """0:24, 3:18:00, a difference as +0:08; – for none."""
    if seconds is None:
        return "–"
    minutes, rest = divmod(round(abs(seconds)), 60)
    hours, left = divmod(minutes, 60)
    said = f"{hours}:{left:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
    return f"{'−' if seconds < 0 else '+'}{said}" if signed else said

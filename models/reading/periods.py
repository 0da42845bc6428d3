"""Periods: a day of the police, a week, a month; each begins at seven in the morning, here."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Protocol

from models.errors import N_, WrongValue
from models.time import local, now, zone

BEGINS = time(7)
KINDS = ("day", "week", "month")  # a week begins on Monday; what a regu worked: models/command/turns.py


class Stretch(Protocol):
    """What figures are counted of. `over`: it has ended."""

    @property
    def begins(self) -> datetime: ...
    @property
    def ends(self) -> datetime: ...
    @property
    def over(self) -> bool: ...


class Compared(Stretch, Protocol):
    """`before`: the one that it is compared with; `on`: how an address names it, and the ones beside it."""

    @property
    def kind(self) -> str: ...
    @property
    def before(self) -> Stretch: ...
    @property
    def on(self) -> str: ...
    @property
    def previous(self) -> str: ...
    @property
    def following(self) -> str: ...


@dataclass(frozen=True)
class Period:
    """`first`: the day on which it begins."""

    kind: str
    first: date

    @property
    def begins(self) -> datetime:
        return datetime.combine(self.first, BEGINS, zone())

    @property
    def ends(self) -> datetime:
        return self.after.begins

    @property
    def before(self) -> "Period":
        return self._moved(-1)

    @property
    def after(self) -> "Period":
        return self._moved(1)

    @property
    def over(self) -> bool:
        return self.ends <= now()

    @property
    def on(self) -> str:
        return self.first.isoformat()

    @property
    def previous(self) -> str:
        return self.before.on

    @property
    def following(self) -> str:
        return self.after.on if self.over else ""

    def _moved(self, by: int) -> "Period":
        if self.kind == "month":
            months = self.first.year * 12 + self.first.month - 1 + by
            return Period(self.kind, date(months // 12, months % 12 + 1, 1))
        return Period(self.kind, self.first + timedelta(days=by if self.kind == "day" else 7 * by))


def period(kind: str = "day", on: str = "") -> Period:
    """The one that this day (2026-11-21) is part of; without a day, the last that is over.

    Raises WrongValue for another kind, and for what is no day of a calendar.
    """
    if kind not in KINDS:
        raise WrongValue("of", N_("Pilih regu, hari, minggu, atau bulan."))
    try:
        found = _of(kind, date.fromisoformat(on) if on else local(now() - timedelta(hours=BEGINS.hour)).date())
        found = found if on else found.before
        _ = found.before.before, found.after.after  # a calendar has ends
    except (ValueError, OverflowError):
        raise WrongValue("on", N_("Tulis tanggalnya, misalnya 2026-11-21.")) from None
    return found


def _of(kind: str, day: date) -> Period:
    if kind == "week":
        day -= timedelta(days=day.weekday())
    return Period(kind, day.replace(day=1) if kind == "month" else day)

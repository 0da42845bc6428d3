"""How many alarms come, as EEMUA 191 and ISA-18.2 count them: in ten minutes, at most, and for how long there was a flood.

An alarm is an incident that was filed and rang: none that landed muted, and no exercise.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, func, select

from models.incidents.incident import Incident
from models.people.officers import Officer, on_duty
from models.reading.periods import BEGINS, Period
from models.time import local, now
from models.workflow import HELD

TEN = timedelta(minutes=10)
SHOWN = 24  # ten minutes each: four hours


@dataclass(frozen=True)
class Rate:
    """`bars`: the last four hours by ten minutes, the newest last. `average`, `peak` and `flooded` (share of the time) are of
    ten minutes, since the day began at seven. `free`: who sits at a desk and holds least, with how much."""

    line: int
    bars: Sequence[int]
    average: float
    peak: int
    flooded: float
    free: Sequence[tuple[Officer, int]]

    @property
    def now(self) -> int:
        return self.bars[-1]

    @property
    def flood(self) -> bool:
        return self.now > self.line


def alarm_rate(session: Session, line: int) -> Rate:
    at = now()
    began = Period("day", local(at - timedelta(hours=BEGINS.hour)).date()).begins
    filed = _filed(session, min(began, at - SHOWN * TEN), at)
    bars = [_between(filed, at - (n + 1) * TEN, at - n * TEN) for n in reversed(range(SHOWN))]
    today = [moment for moment in filed if moment >= began]
    # Ten minutes are fullest when one of them has just come.
    peak = max((_between(filed, moment - TEN, moment) for moment in today), default=0)
    minutes = [began + timedelta(minutes=n) for n in range(1, max(1, int((at - began).total_seconds() // 60)) + 1)]
    flooded = sum(_between(filed, minute - TEN, minute) > line for minute in minutes) / len(minutes)
    average = len(today) * TEN / max(at - began, TEN)
    return Rate(line, bars, average, peak, flooded, _free(session) if bars[-1] > line else [])


def _filed(session: Session, since: datetime, until: datetime) -> list[datetime]:
    rang = (col(Incident.muted).is_(False), col(Incident.exercise).is_(False))
    rows = select(Incident.filed_at).where(col(Incident.filed_at).between(since - TEN, until), *rang)
    return list(session.exec(rows.order_by(col(Incident.filed_at))))


def _between(filed: Sequence[datetime], after: datetime, until: datetime) -> int:
    return bisect_right(filed, until) - bisect_right(filed, after)


def _free(session: Session) -> list[tuple[Officer, int]]:
    """At their desks, with least in hand first: three to share the load with."""
    rows = select(Incident.officer_id, func.count()).where(col(Incident.status).in_(HELD))
    held = dict(session.exec(rows.group_by(col(Incident.officer_id))).all())
    here = [(row.officer, held.get(row.officer.id, 0)) for row in on_duty(session) if not row.silent]
    return sorted(here, key=lambda one: (one[1], one[0].id))[:3]

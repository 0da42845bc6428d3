"""Retention: how long each kind of thing is kept. Nothing goes until a period is set; without one it stays for ever.

What tells of an incident (KINDS_OF_INCIDENTS) may have a period of its own for each category; the rest has one.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Field, Session, SQLModel, select

from models.acts import act
from models.city.category import Category
from models.errors import N_, NotFound, WrongValue
from models.record.event import record
from models.time import now
from models.viewer import Viewer

EVIDENCE, INCIDENTS, LOOKS = "evidence", "incidents", "looks"
OUTBOX, SESSIONS, DEVICES, ALARMS = "outbox", "sessions", "devices", "alarms"
ALL = ""  # every category that has no period of its own
KINDS_OF_INCIDENTS = (EVIDENCE, INCIDENTS, LOOKS)
LEAST_DAYS = {  # in the order of the page
    EVIDENCE: 30, INCIDENTS: 30, LOOKS: 90, ALARMS: 7, OUTBOX: 1, SESSIONS: 7, DEVICES: 30,
}  # fmt: skip
UNSET_DAYS = {ALARMS: 90, OUTBOX: 7}  # what goes without a period, too
MOST_DAYS = 36500


class Period(SQLModel, table=True):
    """Days after which a kind goes: evidence and incidents since the incident was closed, the rest since it was used."""

    kind: str = Field(primary_key=True)
    category_code: str = Field(primary_key=True)  # or ALL
    days: int
    set_at: datetime


class Leftover(SQLModel, table=True):
    """A file whose last row went: to be removed, unless another row names it by then. Whoever is killed in between
    leaves it to the next."""

    sha256: str = Field(primary_key=True)


@dataclass(frozen=True)
class Periods:
    """All of them at one moment."""

    days: dict[tuple[str, str], int]

    def of(self, kind: str, *categories: str) -> int | None:
        """The longest of these categories; None when one of them is kept for ever."""
        found = [self.days.get((kind, one), self.days.get((kind, ALL))) for one in categories or (ALL,)]
        known = [days for days in found if days is not None]
        return max(known) if len(known) == len(found) else None

    def __bool__(self) -> bool:
        return bool(self.days)


def periods(session: Session, since: datetime | None = None) -> Periods:
    """`since`: a kind any of whose periods was set after this moment is left out, so that a slip can be taken back."""
    rows = session.exec(select(Period)).all()
    fresh = {row.kind for row in rows if since and row.set_at > since}
    return Periods({(row.kind, row.category_code): row.days for row in rows if row.kind not in fresh})


@act
def set_period(session: Session, by: Viewer, kind: str, category: str, days: int | None) -> None:
    """By an administrator. None: as all other categories, and without a period for those for ever."""
    if kind not in LEAST_DAYS or (category and kind not in KINDS_OF_INCIDENTS):
        raise NotFound()
    if category and session.get(Category, category) is None:
        raise NotFound()
    if days is not None and not LEAST_DAYS[kind] <= days <= MOST_DAYS:
        raise WrongValue(kind, N_("Antara {least} dan {most} hari."), least=LEAST_DAYS[kind], most=MOST_DAYS)
    row = session.get(Period, (kind, category))
    was = row.days if row else None
    if was == days:
        return
    if row:
        session.delete(row)
        session.flush()
    if days is not None:
        session.add(Period(kind=kind, category_code=category, days=days, set_at=now()))
    record(session, "set_period", by, kind=kind, category=category, was=was, days=days)

"""What a reporter writes once the case is closed waits until somebody has read it: no card of it is left to show it on.

It is state and no message: `Incident.unheard_at` is since when. Whoever closed it has it before them until somebody reads
it; it is the supervisors' too from `Unheard.passes_at` on. A screen only looks whether that moment has come.
"""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlmodel import Session, col, select

from models.incidents.closing import CLOSINGS
from models.incidents.incident import Incident
from models.incidents.sight import seen_by
from models.people.officers import Officer, on_duty
from models.record.event import newest
from models.roles import DUTY
from models.time import now
from models.viewer import Audience, Viewer
from models.workflow import CLOSED, afterwards, effect

LEFT = timedelta(minutes=1)  # so long they are left to whoever closed it, while they sit there
READS = ("hear_out", "ask", "note")  # whoever asks or notes has the thread before them


class Unheard(NamedTuple):
    """A closed case with words that nobody has read. `closer`: the officer who closed it, 0 for the clock; from
    `passes_at` on supervisors have it too: at once, when the closer is away."""

    incident: Incident
    at: datetime
    closer: int
    passes_at: datetime


@effect
def hear_out(incident: Incident, by: Viewer) -> dict[str, Any] | None:
    return {} if incident.unheard_at else None


@afterwards
def keep_unheard(incident: Incident, by: Viewer, step: str, before: dict[str, Any]) -> None:
    if step == "reply" and incident.status in CLOSED:
        keep_waiting(incident)
    elif step in READS or incident.status not in CLOSED:
        incident.unheard_at = None


def keep_waiting(incident: Incident) -> None:
    """Words came, and it is closed. The oldest unread ones count."""
    incident.unheard_at = incident.unheard_at or now()


def unheard(session: Session) -> list[Unheard]:
    """The longest first."""
    waiting = select(Incident).where(col(Incident.unheard_at).is_not(None)).order_by(col(Incident.unheard_at))
    rows = session.exec(waiting).all()
    here = {on.officer.id for on in on_duty(session) if not on.silent} if rows else set()
    closers = [(one, one.unheard_at, _closer(session, one)) for one in rows if one.unheard_at]
    return [Unheard(one, at, closer, at + LEFT if closer in here else at) for one, at, closer in closers]


def readable(rows: list[Unheard], audience: Audience) -> list[Unheard]:
    """Those that this audience may see."""
    return [row for row in rows if seen_by(row.incident, audience)]


def _closer(session: Session, incident: Incident) -> int:
    last = newest(session, incident.id, CLOSINGS)
    closed = last and last.by_role in DUTY and session.get(Officer, last.by_id)
    return closed.id if closed else 0

"""What a reporter writes once the case is closed waits until somebody has read it: no card of it is left to show it on.

It is state and no message: `Incident.unheard_at` is since when. Whoever closed it has it before them until somebody reads
it; when they are away, or have not read it for a minute, it is the supervisor's (static/js/unheard.js).
"""

from datetime import datetime
from typing import Any, NamedTuple

from sqlmodel import Session, col, select

from models.incidents.closing import CLOSINGS
from models.incidents.incident import Incident
from models.people.officers import Officer
from models.record.event import newest
from models.roles import DUTY
from models.time import now
from models.viewer import Audience, Viewer
from models.workflow import CLOSED, afterwards, effect

READS = ("hear_out", "ask", "note")  # whoever asks or notes has the thread before them


class Unheard(NamedTuple):
    """A closed case with words that nobody has read. `closer`: the officer who closed it, 0 for the clock."""

    incident: Incident
    at: datetime
    closer: int


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
    return [Unheard(one, one.unheard_at, _closer(session, one)) for one in session.exec(waiting) if one.unheard_at]


def readable(rows: list[Unheard], audience: Audience) -> list[Unheard]:
    """Those that this audience may see."""
    return [row for row in rows if row.incident.seen_by(audience)]


def _closer(session: Session, incident: Incident) -> int:
    last = newest(session, incident.id, CLOSINGS)
    closed = last and last.by_role in DUTY and session.get(Officer, last.by_id)
    return closed.id if closed else 0

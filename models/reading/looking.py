"""Who looked at what, and who came in: for supervisors. Newest first, a page at a time."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from models.incidents.incident import Incident
from models.people.officers import Officer
from models.reading.finding import numbered
from models.record.event import Event, Look
from models.roles import STAFF, Role
from models.viewer import Viewer

PAGE = 100
DOOR = ("sign_in", "sign_out", "wrong_password", "lock", "unlock")


@dataclass(frozen=True)
class Seen:
    """`what`: identity, evidence, phone, panel; or a step at the door."""

    seq: int
    at: datetime
    what: str
    who: str
    role: str
    incident: Incident | None = None


def looks(
    session: Session, by: Viewer, *, incident: str = "", person: int | None = None, before: int = 0
) -> list[Seen]:
    """At whom and what they reported; `incident`: of this number alone, or those that end so, `person`: by this member of the staff."""
    if by.role != Role.SUPERVISOR:
        return []
    rows = select(Look, Incident, Officer).join(Incident, col(Incident.id) == Look.incident_id, isouter=True)
    rows = rows.join(Officer, col(Officer.id) == Look.by_id, isouter=True).where(col(Look.by_role).in_(STAFF))
    if incident := incident.strip():
        rows = rows.where(numbered(incident))
    if person:
        rows = rows.where(Look.by_id == person)
    if before:
        rows = rows.where(Look.seq < before)
    found = session.exec(rows.order_by(col(Look.seq).desc()).limit(PAGE))
    return [
        Seen(look.seq, look.at, look.what, who.title if who else "", look.by_role, about) for look, about, who in found
    ]


def at_the_door(session: Session, by: Viewer, *, person: int | None = None, most: int = 50) -> list[Seen]:
    """Sign-ins of the staff, right and wrong. A wrong one is by nobody known: whose account it was is told."""
    if by.role != Role.SUPERVISOR:
        return []
    whose = col(Event.body)["person"].as_integer()
    rows = select(Event, Officer).join(Officer, (col(Officer.id) == Event.by_id) | (col(Officer.id) == whose))
    mine = col(Event.by_role).in_(STAFF) | (Event.step == "wrong_password")
    rows = rows.where(col(Event.step).in_(DOOR), mine)
    if person:
        rows = rows.where(Officer.id == person)
    found = session.exec(rows.order_by(col(Event.seq).desc()).limit(most))
    return [Seen(event.seq, event.at, event.step, who.title, who.role) for event, who in found]

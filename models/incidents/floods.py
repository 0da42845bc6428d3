"""Apps that send more than they may: what came is filed and counted, without a sound, and a supervisor is told."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import case
from sqlmodel import Session, col, func, select

from models.incidents.complaint import Complaint
from models.incidents.incident import Incident
from models.people.machines import Key
from models.time import lately

TOLD = timedelta(hours=1)


@dataclass(frozen=True)
class Flood:
    """What one app sent within the hour, and how much of it rang no bell."""

    app: str
    sent: int
    muted: int


def floods(session: Session) -> list[Flood]:
    muted = func.sum(case((col(Incident.muted), 1), else_=0))
    sent = select(Key.name, func.count(), muted).select_from(Complaint)
    sent = sent.join(Key, col(Key.id) == Complaint.key_id).join(Incident, col(Incident.id) == Complaint.home_id)
    within = sent.where(lately(Complaint.filed_at, TOLD)).group_by(col(Key.id), col(Key.name))
    return [Flood(*row) for row in session.exec(within.having(muted > 0).order_by(col(Key.id)))]

"""Apps, and addresses of reporters without a number, that send more than they may: what came is filed and counted,
without a sound, and a supervisor is told."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import case, update
from sqlmodel import Session, col, func, select

from models.incidents.complaint import Complaint
from models.incidents.incident import Incident
from models.people.machines import Key
from models.time import lately, now

TOLD = timedelta(hours=1)


@dataclass(frozen=True)
class Flood:
    """What one app sent within the hour, and how much of it rang no bell. Without a name: one address, without numbers."""

    app: str
    sent: int
    muted: int


def floods(session: Session) -> list[Flood]:
    muted = func.sum(case((col(Incident.muted), 1), else_=0))
    sent = select(Key.name, func.count(), muted).select_from(Complaint)
    sent = sent.join(Key, col(Key.id) == Complaint.key_id).join(Incident, col(Incident.id) == Complaint.home_id)
    within = sent.where(lately(Complaint.filed_at, TOLD)).group_by(col(Key.id), col(Key.name))
    apps = [Flood(*row) for row in session.exec(within.having(muted > 0).order_by(col(Key.id)))]
    pressed = select(func.count(), muted).select_from(Complaint).join(Incident, col(Incident.id) == Complaint.home_id)
    pressed = pressed.where(col(Complaint.origin) != "", lately(Complaint.filed_at, TOLD))
    addresses = session.exec(pressed.group_by(col(Complaint.origin)).having(muted > 0).order_by(muted.desc()))
    return [*apps, *(Flood("", *row) for row in addresses)]


def forget_origins(session: Session) -> None:
    """Where guests pressed from is asked for an hour, and kept for a day."""
    old = (col(Complaint.origin) != "", col(Complaint.filed_at) < now() - timedelta(days=1))
    session.exec(update(Complaint).where(*old).values(origin=""))

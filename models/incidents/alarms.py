"""Alarms: what each console says it did with each new incident: it has it, it sounded or why not, somebody looked.

No event: a receipt is said by a machine, within a second of the alarm, by all that listen. It is kept for KEPT unless a
period is set, and as long as what is preserved.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, Session, SQLModel, col, delete, not_, select

from models.incidents.incident import Incident
from models.incidents.sight import seen_by
from models.people.officers import Officer
from models.time import now
from models.viewer import Viewer
from models.workflow import Status

KEPT = timedelta(days=90)
SEAT_LETTERS = 16  # of the session's hash: enough to tell consoles apart, and nobody's way in


class Silent(StrEnum):
    """Why an alarm did not sound."""

    NO = ""  # it did, or nobody knows yet
    HUSHED = "hushed"  # by whoever sits there
    CHOSEN = "chosen"  # whoever sits there wants to hear P1 and P2 alone (models/people/officers.py)
    OFF = "off"  # no press has armed it yet
    BROKEN = "broken"  # no device, or the system paused it
    DESK = "desk"  # a supervisor's desk waits for the consoles first


class Alarm(SQLModel, table=True):
    """One incident, each time it waits anew (`opened_at`), at one console."""

    __table_args__ = (UniqueConstraint("incident_id", "opened_at", "seat"),)
    id: int = Field(default=None, primary_key=True)
    incident_id: int = Field(foreign_key="incident.id")
    opened_at: datetime
    seat: str  # whose session: the beginning of its hash
    officer_id: int = Field(foreign_key="officer.id")
    received_at: datetime = Field(index=True)
    sounded_at: datetime | None = None
    silent: str = Silent.NO
    behind: bool = False  # it sounded in a tab that nobody saw
    looked_at: datetime | None = None  # somebody opened the incident there


@dataclass(frozen=True)
class Receipt:
    """What a console says of one alarm. `opened_ms`: which time of waiting it means; the moments are the server's own."""

    incident_id: int
    opened_ms: int
    received_at: datetime
    sounded_at: datetime | None = None
    silent: Silent = Silent.NO
    behind: bool = False


def seat_of(viewer: Viewer) -> str:
    return viewer.session[:SEAT_LETTERS]


def note_receipts(session: Session, said: Sequence[tuple[Viewer, Receipt]]) -> None:
    """All that consoles said within a second. The first word counts; what sounded later did sound. Nobody answers for what
    they may not see, nor for a time of waiting that is over."""
    ids = {receipt.incident_id for _, receipt in said}
    here = {row.id: row for row in session.exec(select(Incident).where(col(Incident.id).in_(ids)))}
    known = {
        (row.incident_id, row.opened_at, row.seat): row
        for row in session.exec(select(Alarm).where(col(Alarm.incident_id).in_(ids)))
    }
    for viewer, receipt in said:
        incident = here.get(receipt.incident_id)
        if incident is None or not seen_by(incident, viewer.audience) or receipt.opened_ms != _ms(incident.opened_at):
            continue
        key = (incident.id, incident.opened_at, seat_of(viewer))
        row = known.get(key) or _new(incident, viewer, receipt.received_at)
        known[key] = row
        row.received_at = max(
            min(row.received_at, receipt.received_at), incident.opened_at
        )  # a look may be written first
        if row.sounded_at is None and receipt.sounded_at:
            row.sounded_at, row.behind = max(receipt.sounded_at, incident.opened_at), receipt.behind
        row.silent = Silent.NO if row.sounded_at else receipt.silent or row.silent
        session.add(row)


def unlooked(session: Session, by: Viewer, incident: Incident) -> bool:
    """Does it wait, and has nobody at this console opened it since?"""
    if incident.status != Status.NEW:
        return False
    here = select(Alarm.id).where(*_at(incident), Alarm.seat == seat_of(by), col(Alarm.looked_at).is_not(None))
    return session.exec(here).first() is None


def look_at(session: Session, by: Viewer, id: int) -> None:
    """Somebody at this console opened what waits: so it was received there, too."""
    incident = session.get(Incident, id)
    if incident is None or not by.on_duty or not unlooked(session, by, incident):
        return
    row = session.exec(select(Alarm).where(*_at(incident), Alarm.seat == seat_of(by))).first()
    row = row or _new(incident, by, now())
    row.looked_at = now()
    session.add(row)


def alarms_of(session: Session, incident: Incident) -> list[tuple[Alarm, Officer]]:
    """Since it last began to wait, first come first."""
    rows = select(Alarm, Officer).join(Officer, col(Officer.id) == Alarm.officer_id).where(*_at(incident))
    return list(session.exec(rows.order_by(col(Alarm.received_at), col(Alarm.id))))


def past(kept: timedelta) -> tuple[Any, ...]:
    """Which rows are older than this, and of nothing that is preserved."""
    held = select(Incident.id).where(col(Incident.preserved_at).is_not(None))
    return (col(Alarm.received_at) < now() - kept, not_(col(Alarm.incident_id).in_(held)))


def forget_alarms(session: Session) -> None:
    session.exec(delete(Alarm).where(*past(KEPT)))


def _at(incident: Incident) -> tuple[Any, ...]:
    return Alarm.incident_id == incident.id, Alarm.opened_at == incident.opened_at


def _new(incident: Incident, viewer: Viewer, received_at: datetime) -> Alarm:
    received_at = max(received_at, incident.opened_at)  # never before there was anything to receive
    return Alarm(
        incident_id=incident.id, opened_at=incident.opened_at, seat=seat_of(viewer), officer_id=viewer.id or 0,
        received_at=received_at,
    )  # fmt: skip


def _ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)

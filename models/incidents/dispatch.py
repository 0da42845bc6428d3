"""Dispatch: personnel on their way, on scene and back, and what an undo makes of it."""

from datetime import datetime
from typing import Annotated, Any

from sqlmodel import Field, Relationship, Session, col, select

from models.asked import Asked, Id, Which, words
from models.city.station import Station
from models.errors import N_, WrongValue
from models.incidents.driving import drive_again, forget_drives, park
from models.incidents.incident import Incident, session_of
from models.time import now
from models.versioned import Versioned
from models.viewer import Viewer
from models.workflow import effect


class Dispatch(Versioned, table=True):
    id: int = Field(default=None, primary_key=True)
    incident_id: int = Field(foreign_key="incident.id", index=True)
    station_id: int = Field(foreign_key="station.id", index=True)
    personnel: int
    sent_by_id: int | None = Field(default=None, foreign_key="officer.id")
    sent_at: datetime
    arrived_at: datetime | None = None
    cleared_at: datetime | None = Field(default=None, index=True)  # back and free again
    station: Station = Relationship()


@effect
def arrive(incident: Incident, by: Viewer, dispatch: Which = None) -> dict[str, Any] | None:
    """The first arrival puts the incident on scene; without a number, all that are on their way arrive."""
    rows = [row for row in _out(incident, dispatch) if row.arrived_at is None]
    if not rows:
        return None
    for row in rows:
        row.arrived_at = now()
        incident.arrived += row.personnel
    incident.arrived_at = incident.arrived_at or now()
    return {"dispatches": [row.id for row in rows], "personnel": sum(row.personnel for row in rows)}


@effect
def clear(
    incident: Incident,
    by: Viewer,
    dispatch: Annotated[Id, Asked("hidden", missing=N_("Pilih pengiriman yang selesai."))],
) -> dict[str, Any]:
    """Personnel are free again while the incident stays open."""
    return {"cleared": bring_back(incident, dispatch)}


@effect
def recall(
    incident: Incident,
    by: Viewer,
    reason: Annotated[str, words(N_("Alasan"), missing=N_("Tulis alasan menarik personel."))],
) -> dict[str, Any]:
    incident.dispatched_at = incident.arrived_at = None
    return {"cleared": bring_back(incident), "reason": reason}


def bring_back(incident: Incident, dispatch: int | None = None) -> list[int | None]:
    """Free the personnel of one dispatch, or of all that are out."""
    rows = _out(incident, dispatch)
    for row in rows:
        row.cleared_at = now()
        incident.personnel -= row.personnel
        incident.arrived -= row.personnel if row.arrived_at else 0
    back: list[int | None] = [row.id for row in rows]
    park(session_of(incident), back)
    return back


def call_back(incident: Incident, ids: list[int]) -> None:
    """These were never sent: neither the median of like cases nor a station's strength knows of them."""
    session = session_of(incident)
    park(session, ids)
    forget_drives(session, ids)
    for row in _rows(incident, ids):
        session.delete(row)


def still_coming(incident: Incident, ids: list[int]) -> None:
    """These have not arrived."""
    for row in _rows(incident, ids):
        row.arrived_at = None
        incident.arrived -= row.personnel


def still_out(incident: Incident, ids: list[int]) -> None:
    """These are not back. Whoever was sent from there meanwhile stays sent: the strength then shows less than none."""
    for row in _rows(incident, ids):
        row.cleared_at = None
        incident.arrived += row.personnel if row.arrived_at else 0
    drive_again(session_of(incident), ids, incident.number)


def dispatches(session: Session, incident: Incident) -> list[Dispatch]:
    return list(session.exec(select(Dispatch).where(Dispatch.incident_id == incident.id).order_by(col(Dispatch.id))))


def _rows(incident: Incident, ids: list[int]) -> list[Dispatch]:
    rows = select(Dispatch).where(Dispatch.incident_id == incident.id, col(Dispatch.id).in_(ids))
    return list(session_of(incident).exec(rows))


def _out(incident: Incident, dispatch: int | None) -> list[Dispatch]:
    rows = select(Dispatch).where(Dispatch.incident_id == incident.id, col(Dispatch.cleared_at).is_(None))
    if dispatch is not None:
        rows = rows.where(Dispatch.id == dispatch)
    found = list(session_of(incident).exec(rows.order_by(col(Dispatch.id))))
    if dispatch is not None and not found:
        raise WrongValue("dispatch", N_("Pengiriman ini tidak ada atau sudah kembali."))
    return found

"""Several complaints about one thing become one incident, and can be taken apart again exactly."""

from datetime import timedelta
from typing import Any

from sqlmodel import Session, col, func, select

from models.category import RESTRICTED
from models.complaint import Complaint
from models.errors import N_, WrongValue
from models.evidence import Evidence, percent
from models.incident import Incident, session_of, visible_to
from models.people import Viewer
from models.workflow import OPEN, Status, effect

NEARBY_DEGREES = 0.006  # about 660 m at Medan's latitude; the exact distance is measured after
NEARBY_MINUTES = 60


@effect
def merge(incident: Incident, by: Viewer, into: int | None = None) -> dict[str, Any]:
    """Its complaints move under the other incident. Merged reporters never learn of each other."""
    session = session_of(incident)
    other = session.exec(select(Incident).where(Incident.id == into, visible_to(by.audience))).first()
    if other is None or other.id == incident.id or not other.open:
        raise WrongValue("into", N_("Pilih kejadian terbuka yang lain."))
    if RESTRICTED in (incident.category_code, other.category_code) and incident.category_code != other.category_code:
        # Its words would be read by those they are about.
        raise WrongValue("into", N_("Laporan tentang petugas tidak digabung dengan kejadian lain."))
    before = other.values()
    incident.status_before, incident.into_id = incident.status, other.id
    _move(session, incident, other)
    other.note("merge", by, before, absorbed=incident.id, number=incident.number)
    return {"into": other.id, "number": other.number}


@effect
def unmerge(incident: Incident, by: Viewer) -> dict[str, Any]:
    """Back to the status before, with the complaints that were its own."""
    holder = take_apart(incident, "unmerge", by)
    return {"from": holder.id, "number": holder.number}


def take_apart(incident: Incident, step: str, by: Viewer, **noted: Any) -> Incident:
    """Out of what it was merged into, which notes the step and is returned. What changed here the caller notes."""
    session = session_of(incident)
    holder = root_of(incident)
    before = holder.values()
    incident.status, incident.status_before, incident.into_id = Status(incident.status_before or "new"), None, None
    _move(session, holder, incident, homes=_tree(session, incident))
    holder.note(step, by, before, released=incident.id, number=incident.number, **noted)
    return holder


def root_of(incident: Incident) -> Incident:
    """Where its complaints are now: what it was merged into may have been merged since."""
    while incident.into_id is not None:
        incident = session_of(incident).get_one(Incident, incident.into_id)
    return incident


def recount(session: Session, incident: Incident) -> None:
    """Bring the counts on the card in line with the complaints that are under it now."""
    session.flush()
    own = select(Complaint.id).where(Complaint.incident_id == incident.id)
    kinds = select(Evidence.kind, func.count()).where(col(Evidence.complaint_id).in_(own)).group_by(Evidence.kind)
    counts = dict(session.exec(kinds).all())
    incident.photos, incident.videos = counts.get("photo", 0), counts.get("video", 0)
    complaints = list(session.exec(own))
    incident.complaint_count = len(complaints)
    incident.uploading = percent(session, complaints)


def alike(session: Session, viewer: Viewer, incident: Incident, limit: int = 20) -> list[Incident]:
    """Open incidents of the same category nearby and of about the same time, roughly."""
    span = timedelta(minutes=NEARBY_MINUTES)
    rows = select(Incident).where(
        Incident.id != incident.id,
        col(Incident.status).in_(OPEN),
        Incident.category_code == incident.category_code,
        col(Incident.lat).between(incident.lat - NEARBY_DEGREES, incident.lat + NEARBY_DEGREES),
        col(Incident.lon).between(incident.lon - NEARBY_DEGREES, incident.lon + NEARBY_DEGREES),
        col(Incident.filed_at).between(incident.filed_at - span, incident.filed_at + span),
        visible_to(viewer.audience),
    )
    return list(session.exec(rows.order_by(col(Incident.filed_at)).limit(limit)))


def _tree(session: Session, incident: Incident) -> set[int]:
    """The incident and all that was merged into it, directly or on the way."""
    found, todo = {incident.id}, [incident.id]
    while todo:
        children = session.exec(select(Incident.id).where(Incident.into_id == todo.pop())).all()
        todo += [child for child in children if child not in found]
        found.update(children)
    return {id for id in found if id is not None}


def _move(session: Session, source: Incident, target: Incident, homes: set[int] | None = None) -> None:
    rows = select(Complaint).where(Complaint.incident_id == source.id)
    if homes is not None:
        rows = rows.where(col(Complaint.home_id).in_(homes))
    for complaint in session.exec(rows).all():
        complaint.incident_id = target.id or 0
    session.flush()
    for incident in (source, target):
        session.expire(incident, ["complaints"])
        recount(session, incident)

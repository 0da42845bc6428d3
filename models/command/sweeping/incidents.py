"""Incidents past their period, with all that was merged into them; or their evidence alone."""

from collections.abc import Collection, Iterator
from datetime import timedelta
from typing import Any

from sqlalchemy import Row
from sqlmodel import Session, col, delete, func, or_, select, update

from models.command.bookmarks import Bookmark
from models.command.calling import Telling
from models.command.handover import HandedCase
from models.command.retention import EVIDENCE, INCIDENTS, Periods
from models.command.sweeping.keeping import Merged, complaints_of, kept_back, newest, newest_evidence, noted_now, struck
from models.command.sweeping.leftovers import leave
from models.command.sweeping.lots import SWEEP, Lot, iso
from models.incidents.alarms import Alarm
from models.incidents.complaint import Complaint
from models.incidents.dispatch import Dispatch
from models.incidents.driving import forget_drives
from models.incidents.evidence import Evidence, Transfer
from models.incidents.incident import Incident
from models.incidents.likeness import lead
from models.incidents.linking import forget_links
from models.incidents.merging import recount, tree
from models.incidents.rating import Rating
from models.incidents.referral import Referral
from models.incidents.strikes import Strike
from models.people.sessions import SignIn
from models.record.event import Event, record
from models.time import now
from models.viewer import Viewer
from models.workflow import CLOSED, MERGED


def families(session: Session, here: Periods, kind: str) -> Iterator[Lot]:
    """What `_past` will let go, of all incidents in a few questions: there may be ten thousands."""
    days = [days for (of, _), days in here.days.items() if of == kind]
    if not days:
        return
    merged = Merged(session)
    kept = kept_back(session, merged)
    told = (
        select(Complaint.incident_id, func.count(col(Evidence.id))).join(Evidence).group_by(col(Complaint.incident_id))
    )
    files = dict(session.exec(told).all())
    if (last := newest_evidence(session)) and kind == EVIDENCE:
        files[session.exec(select(Complaint.incident_id).join(Evidence).where(Evidence.id == last)).one()] -= 1
    if kind == INCIDENTS:
        kept |= {merged.root(id) for id in newest(session)}
    columns: Any = (Incident.id, Incident.category_code, Incident.closed_at)
    past = (col(Incident.status).in_(CLOSED), col(Incident.closed_at) <= now() - timedelta(days=min(days)))
    for id, code, closed_at in session.execute(select(*columns).where(*past).order_by(col(Incident.closed_at))):
        own = here.of(kind, code, *merged.codes[id])
        count = files.get(id, 0) if kind == EVIDENCE else 1 + len(merged.codes[id])
        if id not in kept and count and own is not None and closed_at <= now() - timedelta(days=own):
            yield Lot(kind, count, closed_at, code, id, files.get(id, 0))


def _past(session: Session, id: int, kind: str, here: Periods) -> dict[int, Incident]:
    """The incident and all that was merged into it, if they are past their period and nothing keeps them."""
    root = session.get(Incident, id)
    if root is None or root.into_id or root.status not in CLOSED or root.closed_at is None:
        return {}
    ids = tree(session, root)
    family = {row.id: row for row in session.exec(select(Incident).where(col(Incident.id).in_(ids)))}
    days = here.of(kind, *{row.category_code for row in family.values()})
    if days is None or root.closed_at > now() - timedelta(days=days):
        return {}
    kept = any(row.preserved_at or row.status not in (*CLOSED, MERGED) for row in family.values())
    kept = kept or noted_now(session, ids) or bool(struck(session, ids))
    if kept or (kind == INCIDENTS and newest(session) & ids):
        return {}
    return family


def evidence_of(session: Session, ids: Collection[int], spare_newest: bool = False) -> dict[int, Row[Any]]:
    rows = select(Evidence.id, Evidence.sha256, Evidence.complaint_id).join(Complaint).where(complaints_of(ids))
    newest = newest_evidence(session) if spare_newest else None
    return {row.id: row for row in session.execute(rows) if row.id != newest}


def sweep_family(session: Session, by: Viewer, id: int, here: Periods) -> int:
    family = _past(session, id, INCIDENTS, here)
    if not family:
        return 0
    ids = sorted(family)
    told: dict[str, Any] = {
        "numbers": [family[one].number for one in ids],
        "categories": [family[one].category_code for one in ids],
    }
    closed_at = family[id].closed_at
    files = evidence_of(session, ids)
    complaints = sorted(session.exec(select(Complaint.id).where(complaints_of(ids))))
    about = or_(col(Event.incident_id).in_(ids), col(Event.complaint_id).in_(complaints))
    emptied = list(session.exec(select(Event.seq).where(about).order_by(col(Event.seq))))
    session.exec(
        delete(Bookmark).where(col(Bookmark.seq).in_(select(Event.seq).where(about)))
    )  # their words may name somebody
    session.exec(update(Event).where(about).values(body={}))
    leave(session, files)
    alike = select(Incident).where(col(Incident.like_id).in_(ids), col(Incident.id).not_in(ids))
    lead(session, by, list(session.exec(alike.order_by(col(Incident.filed_at), col(Incident.id)))))
    session.flush()
    for of_complaint in (Evidence, Transfer, Strike):
        session.exec(delete(of_complaint).where(col(of_complaint.complaint_id).in_(complaints)))
    rated = or_(col(Rating.complaint_id).in_(complaints), col(Rating.incident_id).in_(ids))
    session.exec(delete(Rating).where(rated))
    session.exec(delete(SignIn).where(col(SignIn.complaint_id).in_(complaints)))  # a guest's grant to it
    session.exec(delete(Complaint).where(col(Complaint.id).in_(complaints)))
    gone = session.exec(select(Dispatch).where(col(Dispatch.incident_id).in_(ids)))
    forget_drives(session, [row.id for row in gone])
    forget_links(session, ids)
    for of_incident in (Dispatch, Referral, Alarm, Telling, HandedCase):
        session.exec(delete(of_incident).where(col(of_incident.incident_id).in_(ids)))
    session.exec(delete(Incident).where(col(Incident.id).in_(ids)))
    told |= {"incidents": ids, "complaints": complaints, "evidence": len(files), "emptied": emptied}
    record(session, SWEEP, by, kind=INCIDENTS, count=len(ids), oldest=iso(closed_at), **told)
    return len(ids)


def sweep_evidence(session: Session, by: Viewer, id: int, here: Periods) -> int:
    family = _past(session, id, EVIDENCE, here)
    files = evidence_of(session, list(family), spare_newest=True) if family else {}
    if not files:
        return 0
    root = family[id]
    for complaint_id in sorted({row.complaint_id for row in files.values()}):
        before = root.values()
        own = {key: row for key, row in files.items() if row.complaint_id == complaint_id}
        session.exec(delete(Evidence).where(col(Evidence.id).in_(own)))
        recount(session, root)
        gone = sorted(row.sha256 for row in own.values())
        root.note(SWEEP, by, before, complaint_id=complaint_id, kind=EVIDENCE, count=len(gone), gone=gone)
    leave(session, files)
    return len(files)

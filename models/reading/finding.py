"""The search for what was: by number, reference, phone or words, as far as whoever asks may see and know."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, or_
from sqlmodel import Session, col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from models.city.spoken import digits_of, number_of, reference_of
from models.incidents.complaint import Complaint
from models.incidents.incident import Incident
from models.incidents.sight import WHOLE, knows_reporter, visible_to
from models.people.citizens import Citizen
from models.people.phones import spellings
from models.record.tail import LAST, ends_in, tail
from models.time import now
from models.viewer import Viewer
from models.workflow import OPEN

SEARCH_DAYS = 90  # words and ends of numbers are looked for this far back; whole numbers, refs and phones in all
MASK_SHOWS = 4  # digits of a phone that every panel shows
ONE_PHONE = 7  # so many of its end are said for the whole, and asking for them is a look as asking for the whole is


def search(
    session: Session, viewer: Viewer, q: str = "", *, status: str = "", category: str = "", limit: int = 50
) -> list[Incident]:
    """Open ones first, then by when they came; only what this viewer may see."""
    rows = select(Incident).where(visible_to(viewer.audience))
    if status:
        rows = rows.where(Incident.status == status)
    if category:
        rows = rows.where(Incident.category_code == category)
    if q := q.strip():
        named, calling = _named(session, q), {row.incident_id for row in called(session, viewer, q)}
        ids = col(Incident.id).in_(named | calling)
        if named or (calling and spellings(q)):  # it was said in full
            rows = rows.where(ids)
        else:
            rows = rows.where(ids | col(Incident.id).in_(_ending(session, q)) | _speaks_of(q))
    rows = rows.options(*WHOLE).order_by(col(Incident.filed_at).desc())
    found: list[Incident] = []
    for part in (col(Incident.status).in_(OPEN), col(Incident.status).not_in(OPEN)):  # each by its index
        found += session.exec(rows.where(part).limit(limit - len(found)))
    return found


def asks_whose(q: str) -> bool:
    """Does this ask for somebody by their phone, and by more of it than its mask shows anyway?"""
    return len(digits_of(q)) >= ONE_PHONE or bool(spellings(q))


def calls(phone: str, q: str) -> bool:
    """Is this the phone that was asked for, or does it end so?"""
    return phone.endswith(_end(q) or "no digits") or phone in spellings(q)


def called(session: Session, viewer: Viewer, q: str) -> list[Complaint]:
    """What this phone reported, or one that ends so, where the viewer may know who reported."""
    found = {row.id: row for query in _calling(q) for row in session.exec(query)}
    known = _known(session, viewer, {row.incident_id for row in found.values()})
    return [row for row in found.values() if row.incident_id in known]


def _calling(q: str) -> Iterator[SelectOfScalar[Complaint]]:
    complaints = select(Complaint)
    if whole := spellings(q):  # each is one look into an index
        own = select(Citizen.id).where(col(Citizen.phone).in_(whole))
        yield complaints.where(col(Complaint.citizen_id).in_(own))
        yield complaints.where(col(Complaint.caller_phone).in_(whole))
    if end := _end(q):
        lately = complaints.where(col(Complaint.filed_at) > _since())
        own = select(Citizen.id).where(ends_in(col(Citizen.phone), end))
        yield lately.where(col(Complaint.citizen_id).in_(own))
        yield lately.where(ends_in(col(Complaint.caller_phone), end))


def _end(q: str) -> str:
    """As much of a phone's end as may be asked for: between what its mask shows and what is a phone already, one would
    read the rest digit by digit, without a look being noted."""
    digits = digits_of(q)
    return digits if len(digits) == MASK_SHOWS or len(digits) >= ONE_PHONE else ""


def numbered(q: str) -> ColumnElement[bool]:
    """Is it this incident's number, or how it ends, as it is said on the radio?"""
    digits = digits_of(q) or "no digits"
    ends = func.replace(col(Incident.number), "-", "").endswith(digits)
    return (col(Incident.number) == number_of(q)) | (tail(col(Incident.number)) == digits[-LAST:]) & ends


def _named(session: Session, q: str) -> set[int]:
    """What this number or reference means, however long ago: each is one look into an index."""
    refs = session.exec(select(Complaint.incident_id).where(Complaint.ref == reference_of(q)))
    return {*session.exec(select(Incident.id).where(Incident.number == number_of(q))), *refs}


def _ending(session: Session, q: str) -> set[int]:
    return set(session.exec(select(Incident.id).where(col(Incident.filed_at) > _since(), numbered(q))))


def _known(session: Session, viewer: Viewer, ids: set[int]) -> set[int]:
    """Of these, the ones whose reporter this viewer may know."""
    incidents = session.exec(select(Incident).where(col(Incident.id).in_(ids))) if ids else ()
    return {incident.id for incident in incidents if knows_reporter(viewer, incident)}


def _speaks_of(q: str) -> ColumnElement[bool]:
    """Words are looked for in what was filed lately, or a long past would make everyone wait."""
    said = select(Complaint.incident_id).where(
        col(Complaint.filed_at) > _since(), col(Complaint.words).icontains(q, autoescape=True)
    )
    place = col(Incident.landmark).icontains(q, autoescape=True) | col(Incident.kelurahan).icontains(q, autoescape=True)
    return or_(col(Incident.id).in_(said), (col(Incident.filed_at) > _since()) & place)


def _since() -> datetime:
    return now() - timedelta(days=SEARCH_DAYS)

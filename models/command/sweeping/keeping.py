"""What keeps an incident although its period is over, with whatever was merged into it."""

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from sqlmodel import Session, col, func, or_, select

from models.incidents.complaint import Complaint
from models.incidents.evidence import Evidence
from models.incidents.incident import Incident
from models.incidents.strikes import COUNTED, OPEN, PENDING, Appeal, Strike
from models.workflow import OPEN as OPEN_ONES


class Merged:
    """What was merged into what: `codes` are the categories of all that an incident absorbed."""

    def __init__(self, session: Session):
        columns: Any = (Incident.id, Incident.into_id, Incident.category_code)
        rows = session.execute(select(*columns).where(col(Incident.into_id).is_not(None))).all()
        self._into = {row.id: row.into_id for row in rows}
        self.codes: dict[int, list[str]] = defaultdict(list)
        for row in rows:
            self.codes[self.root(row.id)].append(row.category_code)

    def root(self, id: int) -> int:
        while id in self._into:
            id = self._into[id]
        return id


def complaints_of(ids: Collection[int]) -> Any:
    return or_(col(Complaint.incident_id).in_(ids), col(Complaint.home_id).in_(ids))


def struck(session: Session, ids: Collection[int] | None = None) -> list[int]:
    """Homes of complaints whose strike stands or waits, or whose reporter waits for the answer to an appeal."""
    appealed = select(Appeal.citizen_id).where(Appeal.state == OPEN)
    stands = or_(col(Strike.state).in_((COUNTED, PENDING)), col(Strike.citizen_id).in_(appealed))
    rows = select(Complaint.home_id).join(Strike, col(Strike.complaint_id) == Complaint.id).where(stands)
    return list(session.exec(rows if ids is None else rows.where(complaints_of(ids))))


def newest(session: Session) -> set[int]:
    """Where the newest of each lies: their numbers would be given again."""
    last = select(func.max(Complaint.id)).scalar_subquery()
    homes = [
        select(func.max(Incident.id)),
        select(Complaint.incident_id).where(col(Complaint.id) == last),
        select(Complaint.incident_id).join(Evidence).where(Evidence.id == newest_evidence(session)),
    ]
    return {id for home in homes for id in session.exec(home) if id}


def newest_evidence(session: Session) -> int | None:
    return session.exec(select(func.max(Evidence.id))).one()


def noted_now(session: Session, ids: Collection[int]) -> bool:
    """Does this group of writes tell of them? That lies in no table yet, and could not be emptied."""
    events = session.info["ledger"].events
    told = {event["complaint_id"] for event in events} - {None}
    own = select(Complaint.id).where(complaints_of(ids), col(Complaint.id).in_(told))
    return any(event["incident_id"] in ids for event in events) or session.exec(own).first() is not None


def kept_back(session: Session, merged: Merged) -> set[int]:
    """Incidents that are open, preserved or struck, or with which one is that was merged into them."""
    open_or_held = or_(col(Incident.status).in_(OPEN_ONES), col(Incident.preserved_at).is_not(None))
    ids = {*session.exec(select(Incident.id).where(open_or_held)), *struck(session)}
    return {merged.root(id) for id in ids}

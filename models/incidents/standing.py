"""How accounts stand: for reporters their own strikes and appeals, for officers the cases before them and what they may
know of who reports.

What is counted of a reporter tells of what was not shown: so each count holds only what its reader could find.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import not_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, select

from models.errors import NotFound
from models.incidents.complaint import Complaint
from models.incidents.floods import Flood, floods
from models.incidents.incident import Incident
from models.incidents.sight import known_to, visible_to
from models.incidents.strikes import BLOCKS_AT, COUNTED, OPEN, PENDING, Appeal, Strike, acquit, appeals, confirm
from models.people.citizens import Citizen
from models.people.officers import Officer
from models.roles import Role
from models.viewer import Viewer

MOST_BLOCKED = 100  # newest first

Prank = tuple[Strike, Complaint, Incident]


class Record(NamedTuple):
    """What a viewer may know of a reporter. `nth`: how many reports so far, when this one came."""

    nth: int = 1
    strikes: int = 0


@dataclass(frozen=True)
class Warned:
    """What a strike means to its reporter. `pending`: a second officer has yet to agree."""

    strikes: int
    left: int
    pending: bool
    blocked: bool


@dataclass(frozen=True)
class Case:
    """One account before a viewer: the pranks that count and that this viewer may see, and what is asked."""

    citizen: Citizen
    pranks: list[Prank]
    officers: dict[int, str]
    strike: Strike | None = None
    appeal: Appeal | None = None

    @property
    def since(self) -> datetime:
        asked = self.strike or self.appeal
        return asked.at if asked else self.citizen.blocked_at or self.citizen.added_at


@dataclass(frozen=True)
class Tallies:
    """How many wait for a decision; for supervisors alone how many appeal and are shut out, and which apps send too much."""

    strikes: int
    appeals: int | None = None
    blocked: int | None = None
    floods: Sequence[Flood] = ()


def records(session: Session, viewer: Viewer, complaints: Iterable[Complaint]) -> dict[int, Record]:
    """By complaint, in two questions: as many as this viewer may know to be of its reporter, and this one."""
    rows, before = list(complaints), aliased(Complaint)
    same = (col(before.citizen_id) == Complaint.citizen_id) & (col(before.filed_at) <= Complaint.filed_at)
    earlier = select(Complaint.id, func.count()).join(before, same & (col(before.id) != Complaint.id))
    earlier = earlier.join(Incident, col(Incident.id) == before.incident_id)
    earlier = earlier.where(col(Complaint.id).in_([row.id for row in rows]), known_to(viewer))
    counted = dict(session.execute(earlier.group_by(col(Complaint.id))).all())
    struck = strikes_of(session, viewer, {row.citizen_id for row in rows if row.citizen_id})
    return {row.id: Record(1 + counted.get(row.id, 0), struck.get(row.citizen_id or 0, 0)) for row in rows}


def strikes_of(session: Session, viewer: Viewer, citizens: set[int]) -> dict[int, int]:
    """How many count against each of these accounts, of those that this viewer may know to be theirs."""
    rows = select(Strike.citizen_id, func.count()).join(Complaint, col(Complaint.id) == Strike.complaint_id)
    rows = rows.join(Incident, col(Incident.id) == Complaint.incident_id)
    counting = (col(Strike.citizen_id).in_(citizens), col(Strike.state).in_((COUNTED, PENDING)))
    return dict(session.execute(rows.where(*counting, known_to(viewer)).group_by(col(Strike.citizen_id))).all())


def warning(session: Session, complaint: Complaint) -> Warned | None:
    """For the reporter of a complaint that was struck, while that counts."""
    row = session.exec(select(Strike).where(Strike.complaint_id == complaint.id)).first()
    if row is None or row.state not in (COUNTED, PENDING):
        return None
    citizen = session.get_one(Citizen, row.citizen_id)
    left = max(0, BLOCKS_AT - citizen.strikes)
    return Warned(citizen.strikes, left, row.state == PENDING, citizen.blocked_at is not None)


def struck_of(session: Session, by: Viewer) -> list[Complaint]:
    """A reporter's own complaints that count against them now, oldest first."""
    own = select(Complaint).join(Strike, col(Strike.complaint_id) == Complaint.id)
    standing = own.where(
        Complaint.citizen_id == by.id, Strike.citizen_id == by.id, col(Strike.state).in_((COUNTED, PENDING))
    )
    return list(session.exec(standing.order_by(col(Strike.at)))) if by.role == Role.CITIZEN else []


def appeals_of(session: Session, by: Viewer) -> list[Appeal]:
    """A reporter's own, the newest first."""
    own = select(Appeal).where(Appeal.citizen_id == by.id).order_by(col(Appeal.id).desc())
    return list(session.exec(own)) if by.role == Role.CITIZEN else []


def tallies(session: Session, by: Viewer) -> Tallies:
    """What the supervisor's desk shows of it."""
    strikes = len({row.citizen_id for row in _waiting(session, by)})
    if by.role != Role.SUPERVISOR:
        return Tallies(strikes)
    unread = session.exec(select(func.count()).where(Appeal.state == OPEN)).one()
    blocked = session.exec(select(func.count()).where(col(Citizen.blocked_at).is_not(None))).one()
    return Tallies(strikes, unread, blocked, floods(session))


def waiting_cases(session: Session, by: Viewer) -> list[Case]:
    """Third strikes for a second officer. A fourth makes no second case of it: whichever may be decided here counts."""
    late = by.role != Role.SUPERVISOR
    accounts: dict[int, list[Strike]] = {}
    for row in _waiting(session, by):
        accounts.setdefault(row.citizen_id, []).append(row)
    first = [min(rows, key=lambda row: row.by_id == by.id or (late and row.overdue)) for rows in accounts.values()]
    return [_case(session, by, row.citizen_id, strike=row) for row in first]


def appeal_cases(session: Session, by: Viewer) -> list[Case]:
    if by.role != Role.SUPERVISOR:
        return []
    return [_case(session, by, row.citizen_id, appeal=row) for row in appeals(session)]


def blocked_cases(session: Session, by: Viewer) -> list[Case]:
    if by.role != Role.SUPERVISOR:
        return []
    rows = select(Citizen.id).where(col(Citizen.blocked_at).is_not(None)).order_by(col(Citizen.blocked_at).desc())
    return [_case(session, by, id) for id in session.exec(rows.limit(MOST_BLOCKED))]


def agree(session: Session, by: Viewer, strike_id: int) -> None:
    """Confirm a strike, if the whole case may be seen."""
    _seen_whole(session, by, strike_id)
    confirm(session, by, strike_id)


def disagree(session: Session, by: Viewer, strike_id: int, reason: str) -> None:
    """Acquit of a strike, if the whole case may be seen."""
    _seen_whole(session, by, strike_id)
    acquit(session, by, strike_id, reason)


def _seen_whole(session: Session, by: Viewer, strike_id: int) -> None:
    """Complaints about officers are for supervisors alone."""
    of = select(Strike.citizen_id).where(Strike.id == strike_id)
    if session.exec(of.where(col(Strike.citizen_id).not_in(_beyond(by)))).first() is None:
        raise NotFound()


def _waiting(session: Session, by: Viewer) -> list[Strike]:
    """The pending ones of accounts that are not shut out yet, oldest first."""
    rows = select(Strike).join(Citizen, col(Citizen.id) == Strike.citizen_id)
    open_ones = (Strike.state == PENDING, col(Citizen.blocked_at).is_(None), col(Citizen.id).not_in(_beyond(by)))
    return list(session.exec(rows.where(*open_ones).order_by(col(Strike.at))))


def _beyond(by: Viewer) -> Any:
    """Accounts with a strike that this viewer may not see: a third of which two are shown would tell of another."""
    rows = select(Strike.citizen_id).join(Complaint, col(Complaint.id) == Strike.complaint_id)
    rows = rows.join(Incident, col(Incident.id) == Complaint.incident_id)
    return rows.where(col(Strike.state).in_((COUNTED, PENDING)), not_(visible_to(by.audience)))


def _case(
    session: Session, by: Viewer, citizen_id: int, strike: Strike | None = None, appeal: Appeal | None = None
) -> Case:
    filed = (
        select(Strike, Complaint, Incident)
        .join(Complaint, col(Complaint.id) == Strike.complaint_id)
        .join(Incident, col(Incident.id) == Complaint.incident_id)
        .where(Strike.citizen_id == citizen_id, col(Strike.state).in_((COUNTED, PENDING)), visible_to(by.audience))
        .order_by(col(Strike.at))
    )
    pranks = [(row, complaint, incident) for row, complaint, incident in session.exec(filed)]
    named = select(Officer).where(col(Officer.id).in_({row.by_id for row, _, _ in pranks}))
    officers = {officer.id: officer.title for officer in session.exec(named)}
    return Case(session.get_one(Citizen, citizen_id), pranks, officers, strike, appeal)

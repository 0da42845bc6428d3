"""Who may see an incident, and who may read who reported it: each rule as a query and on one object, side by side."""

from sqlalchemy import ColumnElement, and_, exists, false, true
from sqlalchemy.orm import selectinload
from sqlmodel import Session, col, select

from models.city.category import RESTRICTED, Category
from models.errors import NotFound
from models.incidents.complaint import Complaint
from models.incidents.incident import Incident
from models.incidents.referral import Referral
from models.people.views import View
from models.roles import RIGHTS, Role, Sees
from models.viewer import Audience, Viewer

MOST_ID = 2**31 - 1  # an id in a URL may be any number, one in a database may not
WHOLE = (selectinload(Incident.complaints), selectinload(Incident.referrals))  # type: ignore[arg-type]


def visible_to(audience: Audience) -> ColumnElement[bool]:
    """Which incidents this audience may see. The one rule for page, answer, push, media and export."""
    match RIGHTS[audience.role].sees:
        case Sees.EVERYTHING:
            return true()
        case Sees.ORDINARY:
            return col(Incident.category_code) != RESTRICTED
        case Sees.PART:
            return and_(col(Incident.category_code) != RESTRICTED, View.read(audience.scope).holds(Incident))
        case Sees.OWN:
            own = select(Complaint.id).where(
                Complaint.incident_id == Incident.id, Complaint.citizen_id == int(audience.scope)
            )
            return exists(own.correlate(Incident))  # to it alone: the query around may name complaints too
        case Sees.GRANTED:
            granted = select(Complaint.id).where(
                Complaint.incident_id == Incident.id, Complaint.id == int(audience.scope or 0)
            )
            return exists(granted.correlate(Incident))
        case Sees.REFERRED:
            referred = select(Referral.id).where(
                Referral.incident_id == Incident.id, Referral.agency_id == int(audience.scope), Referral.showing()
            )
            return exists(referred.correlate(Incident))
        case Sees.NOTHING:
            return false()


def seen_by(incident: Incident, audience: Audience) -> bool:
    """The rule of `visible_to`, on one object. Needs `complaints` and `referrals` loaded."""
    match RIGHTS[audience.role].sees:
        case Sees.EVERYTHING:
            return True
        case Sees.ORDINARY:
            return incident.category_code != RESTRICTED
        case Sees.PART:
            return incident.category_code != RESTRICTED and bool(View.read(audience.scope).holds(incident))
        case Sees.OWN | Sees.GRANTED:
            return any(complaint.scopes[audience.role] == audience.scope for complaint in incident.complaints)
        case Sees.REFERRED:
            return any(str(referral.agency_id) == audience.scope and referral.shows for referral in incident.referrals)
        case Sees.NOTHING:
            return False


def find(session: Session, viewer: Viewer, id: int) -> Incident:
    """The incident, if this viewer may see it; else NotFound, as if it were not there."""
    incident = session.exec(
        select(Incident).where(Incident.id == min(id, MOST_ID), visible_to(viewer.audience))
    ).first()
    if incident is None:
        raise NotFound()
    return incident


def knows_reporter(viewer: Viewer, incident: Incident) -> bool:
    """May this viewer read who reported? In sensitive categories only the holder and supervisors."""
    if not viewer.on_duty:
        return False
    return not incident.category.sensitive or viewer.role == Role.SUPERVISOR or incident.officer_id == viewer.id


def known_to(viewer: Viewer) -> ColumnElement[bool]:
    """Incidents that this viewer may see and whose reporter they may read: the rule of `knows_reporter`, as a query."""
    if not viewer.on_duty:
        return false()
    plain = col(Incident.category_code).in_(select(Category.code).where(col(Category.sensitive).is_(False)))
    all_of_them = viewer.role == Role.SUPERVISOR
    return visible_to(viewer.audience) & (true() if all_of_them else plain | (Incident.officer_id == (viewer.id or 0)))

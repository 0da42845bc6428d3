"""Mode senyap: who must not be seen asking for help is told by nothing that sounds, shows or names us, until they leave it.

It stands with the account, so that it holds on every phone of theirs; and with each of their open cases, since whoever
works on one may reach for the telephone.
"""

from sqlmodel import Session, col, select

from models.acts import act
from models.incidents.complaint import Complaint
from models.incidents.incident import Incident
from models.incidents.telling import keep_from
from models.people.citizens import Citizen
from models.viewer import Viewer
from models.workflow import OPEN


@act
def hush(session: Session, by: Viewer, quiet: bool) -> None:
    """Into the mode, or out of it."""
    citizen = session.get_one(Citizen, by.id)
    if citizen.quiet == quiet:
        return
    citizen.quiet = quiet
    if quiet:
        keep_from(session, citizen)
    session.flush()
    theirs = select(Complaint.incident_id).where(Complaint.citizen_id == citizen.id)
    for incident in session.exec(select(Incident).where(col(Incident.id).in_(theirs), col(Incident.status).in_(OPEN))):
        before = incident.values()
        incident.quiet = any_quiet(session, incident)
        if incident.quiet != before["quiet"]:
            incident.note("hush", by, before, quiet=quiet)


def any_quiet(session: Session, incident: Incident) -> bool:
    """Is one of those who reported it in this mode?"""
    own = select(Complaint.id).join(Citizen, col(Citizen.id) == Complaint.citizen_id)
    return (
        session.exec(own.where(Complaint.incident_id == incident.id, col(Citizen.quiet)).limit(1)).first() is not None
    )

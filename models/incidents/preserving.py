"""Legal hold: an incident that a case needs is kept, with all that tells of it, however old it is."""

from typing import Annotated, Any

from sqlmodel import Session, col, exists, select

from models.asked import Reason, words
from models.errors import N_
from models.incidents.incident import Incident, session_of
from models.incidents.merging import root_of, tree
from models.people.officers import Officer
from models.record.event import newest
from models.time import now
from models.viewer import Viewer
from models.workflow import effect


@effect
def preserve(
    incident: Incident, by: Viewer, reason: Annotated[str, words(N_("Alasan, misalnya nomor perkara"))]
) -> dict[str, Any] | None:
    if incident.preserved_at:
        return None
    incident.preserved_at = now()
    return {"reason": reason}


@effect
def unpreserve(incident: Incident, by: Viewer, reason: Reason) -> dict[str, Any] | None:
    if incident.preserved_at is None:
        return None
    incident.preserved_at = None
    return {"reason": reason}


def is_preserved(session: Session, incident: Incident) -> bool:
    """Itself, or one that it was merged with: what was told of one may be needed for the other."""
    family = tree(session, root_of(incident))
    held = select(Incident.id).where(col(Incident.id).in_(family), col(Incident.preserved_at).is_not(None))
    return bool(session.exec(select(exists(held))).one())


def why_preserved(incident: Incident) -> tuple[str, str]:
    """(who, why), while it is."""
    last = newest(session_of(incident), incident.id, ("preserve",)) if incident.preserved_at else None
    officer = session_of(incident).get(Officer, last.by_id) if last else None
    return (officer.title if officer else "", last.body.get("reason", "")) if last else ("", "")

"""What was taken down wrong is put right: priority, place, category; and what is late is called out."""

from typing import Annotated, Any

from models.asked import Asked, Reason
from models.city.category import Category
from models.city.site import Site
from models.errors import N_, WrongValue, bounded
from models.incidents.incident import MOST_LANDMARK, Incident, session_of
from models.viewer import Viewer
from models.workflow import effect

NO_PRIORITY, NO_KIND = N_("Pilih prioritas 1 sampai 4."), N_("Pilih jenis kejadian.")


@effect
def reprioritise(
    incident: Incident,
    by: Viewer,
    priority: Annotated[int, Asked("priority", N_("Prioritas"), missing=NO_PRIORITY)],
    reason: Reason,
) -> dict[str, Any]:
    if priority not in (1, 2, 3, 4):
        raise WrongValue("priority", NO_PRIORITY)
    incident.priority = priority
    return {"reason": reason}


@effect
def relocate(
    incident: Incident,
    by: Viewer,
    site: Annotated[Site, Asked("place", missing=N_("Tunjuk titiknya."))],
    reason: Reason,
) -> dict[str, Any]:
    bounded(site.landmark, "landmark", MOST_LANDMARK)
    for name, value in site.columns(session_of(incident)).items():
        setattr(incident, name, value)
    return {"reason": reason}


@effect
def recategorise(
    incident: Incident,
    by: Viewer,
    category: Annotated[str, Asked("category", N_("Jenis"), missing=NO_KIND)],
    reason: Reason,
) -> dict[str, Any]:
    """The reporter's own choice stays on the complaint. A graver kind raises the priority; a lesser one leaves it, since
    somebody may have raised it for a reason: down is a step of its own (`reprioritise`)."""
    chosen = session_of(incident).get(Category, category)
    if chosen is None:
        raise WrongValue("category", NO_KIND)
    incident.category, incident.category_code = chosen, chosen.code
    if chosen.priority >= incident.priority:
        return {"reason": reason}
    incident.priority = chosen.priority
    return {"reason": reason, "raised": chosen.priority}


@effect
def escalate(incident: Incident, by: Viewer) -> dict[str, Any] | None:
    """Once for each target that passes. It is noted; nobody is told by it."""
    if incident.due_at is None or incident.escalated_for == incident.due_at:
        return None
    incident.escalated_for = incident.due_at
    return {"due": incident.due_at.isoformat()}

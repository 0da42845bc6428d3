"""What was taken down wrong is put right: priority, place, category; and what is late is called out."""

from typing import Annotated, Any

from models.asked import Asked, Reason, Which
from models.city.category import Category
from models.city.site import Site
from models.city.station import station_by
from models.errors import N_, WrongValue, bounded
from models.incidents.incident import MOST_LANDMARK, Incident, session_of
from models.incidents.talking import not_too_often, own_complaint
from models.record.event import newest
from models.viewer import Viewer
from models.workflow import effect

HERE, UNSURE = "here", "unsure"
NO_PRIORITY, NO_KIND = N_("Pilih prioritas 1 sampai 4."), N_("Pilih jenis kejadian.")


@effect
def reprioritise(
    incident: Incident,
    by: Viewer,
    priority: Annotated[int, Asked("priority", N_("Prioritas"), missing=NO_PRIORITY)],
    reason: Reason,
) -> dict[str, Any] | None:
    if priority not in (1, 2, 3, 4):
        raise WrongValue("priority", NO_PRIORITY)
    if priority == incident.priority:
        return None
    incident.priority = priority
    return {"reason": reason}


@effect
def relocate(
    incident: Incident,
    by: Viewer,
    site: Annotated[Site, Asked("place", missing=N_("Tunjuk titiknya."))],
    reason: Reason,
) -> dict[str, Any] | None:
    bounded(site.landmark, "landmark", MOST_LANDMARK)
    columns = site.columns(station_by(session_of(incident), site.station))
    if all(getattr(incident, name) == value for name, value in columns.items()):
        return None
    for name, value in columns.items():
        setattr(incident, name, value)
    return {"reason": reason}


@effect
def locate(
    incident: Incident,
    by: Viewer,
    site: Annotated[Site, Asked("place", missing=N_("Kirim lokasi, atau tulis tempatnya."))],
    complaint: Which = None,
    answer: Annotated[str, Asked("hidden", needed=False)] = "",
) -> dict[str, Any] | None:
    """The reporter says where, or where they are by now. It moves the pin of their own incident until an officer has
    corrected it. What it does not move, it tells. `answer` to what they were asked: it is "here", or they are "unsure".
    """
    own = own_complaint(incident, by, complaint)
    not_too_often(incident, own)
    bounded(site.landmark, "place", MOST_LANDMARK)
    corrected = newest(session_of(incident), incident.id, ("relocate",)) is not None
    theirs = own.home_id == incident.id or incident.point is None  # of several reporters one alone has the pin
    told = {"lat": site.lat, "lon": site.lon, "accuracy_m": site.accuracy_m, "words": site.landmark}
    if answer == HERE:
        told |= {"words": incident.doubt}
        incident.doubt = "" if theirs else incident.doubt
        return told | {"complaint_id": own.id, "answer": HERE}
    if answer == UNSURE:
        return told | {"complaint_id": own.id, "answer": UNSURE}
    if site.lat is None:  # words that nobody knows move nothing, and are all there is where there was nothing
        if incident.point is None:
            incident.landmark = site.landmark
        return told | {"complaint_id": own.id, "unknown": True}
    if corrected or not theirs:
        return told | {"complaint_id": own.id, "kept": True}
    if (site.lat, site.lon) == incident.point and site.landmark in ("", incident.landmark):
        return None
    columns = site.columns(station_by(session_of(incident), site.station)) | {"landmark": _landmark(incident, site)}
    for name, value in columns.items():
        setattr(incident, name, value)
    return told | {"complaint_id": own.id}


def _landmark(incident: Incident, site: Site) -> str:
    """What was said of the place before still says where, unless they have gone elsewhere since."""
    stays = incident.kelurahan in ("", site.kelurahan)
    return site.landmark or (incident.landmark if stays else "")


@effect
def recategorise(
    incident: Incident,
    by: Viewer,
    category: Annotated[str, Asked("category", N_("Jenis"), missing=NO_KIND)],
    reason: Reason,
) -> dict[str, Any] | None:
    """The reporter's own choice stays on the complaint. A graver kind raises the priority; a lesser one leaves it, since
    somebody may have raised it for a reason: down is a step of its own (`reprioritise`)."""
    chosen = session_of(incident).get(Category, category)
    if chosen is None:
        raise WrongValue("category", NO_KIND)
    if chosen.code == incident.category_code:
        return None
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

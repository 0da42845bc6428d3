"""The order of what needs the supervisor, at their desk: what is true before what is practised; then nobody's; given, and not
known yet; a silent holder's; the rest. In each by priority, then what was due first.

What the supervisor has noticed or shelved (models/incidents/shelving.py) stands beneath everything of its gravity, and never
beneath what is less grave. That and what is late passes with the seconds, so a page puts those aside by itself: by these
numbers (static/js/duty-late.js).
"""

from datetime import UTC, datetime

from models.incidents.incident import Incident
from models.incidents.ranking import place
from models.workflow import Status

NOT_DUE = datetime(2200, 1, 1, tzinfo=UTC)  # nothing is: last among its like


def desk_place(incident: Incident) -> int:
    given = incident.given_at is not None and incident.known_at is None
    parts = (incident.status == Status.NEW, given, incident.stale, True)
    part = parts.index(True) + len(parts) * incident.exercise
    return place(part, incident.exercise, incident.priority, incident.due_at or NOT_DUE)

"""What needs the supervisor can be noticed, or shelved for a while with a word why: it then stands last and sounds no more.

It comes back by itself: with the next rung of the ladder, with anything new on it (a row of workflow.py that is not `calm`),
and, shelved, when its time is over. Phones go on being called: only a claim ends that.
"""

from datetime import timedelta
from typing import Annotated, Any

from models.asked import Asked, words
from models.errors import N_, WrongValue
from models.incidents.incident import Incident
from models.time import now
from models.viewer import Viewer
from models.workflow import effect

MINUTES = (15, 30, 60)
HOW_LONG = N_("Pilih 15, 30 atau 60 menit.")


@effect
def notice(incident: Incident, by: Viewer) -> dict[str, Any] | None:
    if incident.noticed_at and not incident.shelved_until:
        return None
    incident.noticed_at, incident.shelved_until = now(), None
    return {}


@effect
def shelve(
    incident: Incident,
    by: Viewer,
    minutes: Annotated[int, Asked("hidden", missing=HOW_LONG)],
    note: Annotated[str, words(N_("Mengapa"), missing=N_("Tulis mengapa: yang lain membacanya."), most=160)],
) -> dict[str, Any]:
    if minutes not in MINUTES:
        raise WrongValue("minutes", HOW_LONG)
    incident.noticed_at = now()
    incident.shelved_until = incident.noticed_at + timedelta(minutes=minutes)
    return {"minutes": minutes, "note": note.strip()}

"""Words: officers ask, the reporter replies, officers note for each other."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from models.complaint import Complaint
from models.errors import N_, WrongValue, need
from models.event import Event
from models.incident import Incident
from models.people import Role, Viewer
from models.workflow import effect

MOST_WORDS = 4000  # characters


@dataclass(frozen=True)
class Line:
    """One message of a thread. `ours`: said by an officer; `read`: the reporter has opened it since."""

    seq: int
    at: datetime
    ours: bool
    words: str
    read: bool


@effect
def ask(incident: Incident, by: Viewer, words: str = "", complaint: int | None = None) -> dict[str, Any]:
    """To the reporter of one complaint; without a number, of the first."""
    chosen = [row for row in incident.complaints if complaint in (None, row.id)]
    if not chosen:
        raise WrongValue("complaint", N_("Pilih pelapor yang dituju."))
    incident.handled()
    return {"complaint_id": chosen[0].id, "words": _said(words)}


@effect
def reply(incident: Incident, by: Viewer, words: str = "", complaint: int | None = None) -> dict[str, Any]:
    return {"complaint_id": own_complaint(incident, by, complaint).id, "words": _said(words)}


@effect
def note(incident: Incident, by: Viewer, words: str = "") -> dict[str, Any]:
    incident.handled()
    return {"words": _said(words)}


def own_complaint(incident: Incident, by: Viewer, id: int | None) -> Complaint:
    """Which of the complaints under an incident is this reporter's; without a number, the first that is."""
    own = [row for row in incident.complaints if row.citizen_id == by.id and id in (None, row.id)]
    if not own:
        raise WrongValue("complaint", N_("Laporan ini bukan milik Anda."))
    return own[0]


def thread(session: Session, complaint: Complaint) -> list[Line]:
    """What officers and the reporter of one complaint said to each other, oldest first."""
    rows = select(Event).where(Event.complaint_id == complaint.id, col(Event.step).in_(("ask", "reply")))
    lines = []
    for event in session.exec(rows.order_by(col(Event.seq))):
        ours = event.by_role != Role.CITIZEN
        lines.append(Line(event.seq, event.at, ours, event.body.get("words", ""), event.seq <= complaint.read_seq))
    return lines


def _said(words: str) -> str:
    words = need(words, "words", N_("Tulis pesannya."))
    if len(words) > MOST_WORDS:
        raise WrongValue("words", N_("Paling banyak {most} huruf."), most=MOST_WORDS)
    return words

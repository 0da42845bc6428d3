"""What happened to a handover after its list was frozen: cases that came, cases that changed, words that were rewritten."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from models.command.handover import Answer, HandedCase, Handover, cases, holder_of, open_incidents
from models.incidents.incident import Incident
from models.people.officers import Officer
from models.record.event import Event
from models.workflow import OPEN


@dataclass(frozen=True)
class Came:
    """A case that came after the list was frozen. Without a holder it stays with the shift that gave the list."""

    id: int
    number: str
    holder: str
    what: Incident | None  # none: its time of keeping is over


@dataclass(frozen=True)
class Since:
    """What the frozen list does not hold: cases that came after it, and such that changed."""

    new: list[Came]
    changed: list[HandedCase]


def since_frozen(session: Session, handover: Handover) -> Since:
    """Until both have signed, as it is now; afterwards what stood there when they did."""
    if handover.frozen_seq is None:
        return Since([], [])
    if handover.in_at:
        return Since([_came(session, told) for told in handover.carried.get("since", [])], [])
    listed = cases(session, handover)
    known = {row.incident_id for row in listed}
    new = [one for one in open_incidents(session) if one.id not in known]
    return Since(
        [Came(one.id or 0, one.number, holder_of(one), one) for one in new],
        [row for row in listed if row.incident.seq > (row.seq or 0)],
    )


def at_signing(session: Session, handover: Handover) -> dict[str, Any]:
    """What is kept with the second signature, so that the sheet stays what was signed: of cases that came a number and a
    name, so that nothing outlives its case; and what nobody has accepted."""
    new = since_frozen(session, handover).new
    waits = [row for row in cases(session, handover) if row.answer != Answer.ACCEPTED and row.incident.status in OPEN]
    return {
        "since": [{"id": one.id, "number": one.number, "holder": one.holder} for one in new],
        "left": [row.incident_id for row in waits],
    }


def _came(session: Session, told: dict[str, Any]) -> Came:
    return Came(told["id"], told["number"], told["holder"], session.get(Incident, told["id"]))


@dataclass(frozen=True)
class Rewritten:
    """The words of a row were changed after the list was frozen: when, and by whom."""

    seq: int
    at: datetime
    who: str


def rewritten(session: Session, handover: Handover | None) -> dict[int, Rewritten]:
    """By incident, the newest; the record is asked, so that nobody can change words and leave no trace."""
    if handover is None or handover.frozen_seq is None:
        return {}
    notes = select(Event, Officer).join(Officer, col(Officer.id) == Event.by_id, isouter=True)
    notes = notes.where(Event.step == "note_case", col(Event.seq) > handover.frozen_seq).order_by(col(Event.seq))
    if handover.done_seq:
        notes = notes.where(col(Event.seq) < handover.done_seq)
    return {
        event.body["incident"]: Rewritten(event.seq, event.at, officer.title if officer else "")
        for event, officer in session.exec(notes)
        if event.body["handover"] == handover.id
    }

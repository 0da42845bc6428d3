"""Rounds: an incident from its filing, or its opening again, to its closing, as its events tell it.

Never from columns: a release and a recall clear them. Of each kind the first event counts that nobody took back.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from sqlmodel import Session, col, or_, select

from models.incidents.incident import Incident
from models.record.event import Event
from models.workflow import OPEN, Status

STARTS = ("file", "reopen")
TOLD = (
    *STARTS,
    "claim",
    "assign",
    "dispatch",
    "arrive",
    "resolve",
    "dismiss",
    "forward",
    "merge",
    "unmerge",
    "explain",
    "undo",
)


@dataclass
class Round:
    """Moments, in UTC; None: it did not come to that, or not yet. `personnel`: of its first dispatch, as `suggested` then."""

    incident_id: int
    begun: datetime
    taken: datetime | None = None
    taker_id: int | None = None
    sent: datetime | None = None
    personnel: int = 0
    suggested: int = 0
    seen: tuple[str, ...] = ()  # what was ticked in the evidence
    arrived: datetime | None = None
    closed: datetime | None = None
    dismissal: str = ""
    forwarded: datetime | None = None  # to another command: over for us, and no answer of ours
    why: str = ""  # a target passed, in the newest words of whoever held it, or of a supervisor
    merged: bool = False

    @property
    def open(self) -> bool:
        return self.closed is None and self.forwarded is None and not self.merged

    def take(self, event: Event) -> None:
        body = event.body
        match event.step:
            case "claim" | "assign" if self.taken is None:
                self.taken, self.taker_id = event.at, body.get("officer")
            case "dispatch" if self.sent is None:
                self.sent, self.seen = event.at, tuple(body.get("modifiers", ()))
                self.personnel = sum(one["personnel"] for one in body.get("sent", ()))
                self.suggested = body.get("suggested", 0)
            case "arrive" if self.arrived is None:
                self.arrived = event.at
            case "resolve" | "dismiss":
                self.closed = event.at
                self.dismissal = body.get("reason", "") if event.step == "dismiss" else ""
            case "forward":
                self.forwarded = event.at
            case "explain":
                self.why = body.get("reason", "")
            case "merge" if body.get("into"):
                self.merged = True
            case "merge" if body.get("claimed") and self.taken is None:  # gathered and taken with one press
                self.taken, self.taker_id = event.at, event.by_id
            case "unmerge":
                self.merged = False
            case "undo" if body.get("what") == "merge":
                self.merged = False


def folded(past: Iterable[Event]) -> list[Round]:
    """Of one incident, from all its events of these kinds, oldest first."""
    past = list(past)
    void = {event.body.get("of") for event in past if event.step == "undo"}
    rounds: list[Round] = []
    for event in past:
        if event.step in STARTS:
            rounds.append(Round(event.incident_id or 0, event.at))
        elif rounds and event.seq not in void:
            rounds[-1].take(event)
    return rounds


def rounds(session: Session, begins: datetime, ends: datetime, exercise: bool = False) -> list[Round]:
    """Those that began in this span, in the order in which they did, with all that came of them since: no exercises,
    or nothing else; and nothing that was merged into another."""
    here = col(Event.at) >= begins, col(Event.at) < ends
    begun = select(Event.incident_id).where(col(Event.step).in_(STARTS), *here)
    found = [one for past in _pasts(session, col(Incident.id).in_(begun), exercise=exercise) for one in folded(past)]
    return sorted((one for one in found if begins <= one.begun < ends and not one.merged), key=lambda one: one.begun)


def open_at(session: Session, moment: datetime) -> int:
    """How many incidents were open then, without those that were merged into another since."""
    which = or_(col(Incident.status).in_(OPEN), col(Incident.closed_at) >= moment)
    pasts = _pasts(session, which, col(Incident.status) != Status.MERGED, col(Incident.filed_at) < moment)
    stood = (folded(event for event in past if event.at < moment) for past in pasts)
    return sum(1 for one in stood if one and one[-1].open)


def _pasts(session: Session, *which: object, exercise: bool = False) -> Iterable[Sequence[Event]]:
    """What was told of each such incident, apart."""
    about = select(Incident.id).where(col(Incident.exercise).is_(exercise), *which)  # type: ignore[arg-type]
    told = select(Event).where(col(Event.incident_id).in_(about), col(Event.step).in_(TOLD))
    events = session.exec(told.order_by(col(Event.incident_id), col(Event.seq)))
    return [list(past) for _, past in groupby(events, key=lambda event: event.incident_id)]

"""What changes hands is known to be known: whoever was given a case, or lost one, has it in front of them until they say so.

It is state and no message: `Incident.untold` names those who do not know yet, so that a console that was off, or is loaded
anew, shows and sounds it all the same. Whoever acts on a case knows of it.
"""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlmodel import Session, col, func, select

from models.incidents.incident import Incident
from models.incidents.sight import visible_to
from models.people.officers import Officer
from models.record.event import Event
from models.time import now
from models.viewer import Viewer
from models.workflow import HELD, OPEN, STEPS, afterwards, effect

KNOWN_WITHIN = timedelta(minutes=1)
HANDED = [step.name for step in STEPS.values() if step.gives or step.takes]


class Handed(NamedTuple):
    """One case that changed hands and that this viewer has not acknowledged: `given` to them, or taken from them."""

    incident: Incident
    given: bool
    by: str
    to: str
    why: str
    at: datetime
    back: bool  # who was given it could not take it on
    others: int  # how many else this viewer holds


@effect
def acknowledge(incident: Incident, by: Viewer) -> dict[str, Any] | None:
    return {} if by.id in untold(incident) else None


@afterwards
def keep_telling(incident: Incident, by: Viewer, step: str, before: dict[str, Any]) -> None:
    if step == "undo":
        return  # it puts back what stood
    was, holder, waiting, at = before["officer_id"], incident.officer_id, untold(incident), now()
    if was != holder:
        incident.given_at = incident.known_at = None
        if STEPS[step].gives:
            incident.given_at = at
            waiting.add(holder or 0)
        if STEPS[step].takes:
            waiting.add(was or 0)
    if by.on_duty:
        waiting.discard(by.id)
    if not incident.open:
        waiting.clear()
    if incident.given_at and incident.known_at is None and holder not in waiting:
        incident.known_at = at
    incident.untold = " ".join(str(id) for id in sorted(waiting - {0}))


def known_by(incident: Incident) -> datetime | None:
    """Until when whoever was given it has to say that they know, before the supervisors' desk is called."""
    return incident.given_at + KNOWN_WITHIN if incident.given_at else None


def untold(incident: Incident) -> set[int]:
    """Officers who do not know yet that it is theirs, or theirs no more."""
    return {int(id) for id in incident.untold.split()}


def handed(session: Session, viewer: Viewer) -> list[Handed]:
    """What this viewer has to acknowledge, the longest first; who gave it, and why, as the events say."""
    mine = select(Incident).where(
        col(Incident.untold) != "", col(Incident.status).in_(OPEN), visible_to(viewer.audience)
    )
    held = select(func.count()).where(Incident.officer_id == viewer.id, col(Incident.status).in_(HELD))
    load = session.exec(held).one()
    found = [_handed(session, viewer, one, load) for one in session.exec(mine) if viewer.id in untold(one)]
    return sorted(found, key=lambda one: one.at)


def _handed(session: Session, viewer: Viewer, incident: Incident, load: int) -> Handed:
    changes = select(Event).where(Event.incident_id == incident.id, col(Event.step).in_(HANDED))
    event = session.exec(changes.order_by(col(Event.seq).desc())).first()
    assert event is not None
    giver = session.get(Officer, event.by_id) if event.by_id else None
    holder = incident.officer.title if incident.officer else ""
    given = incident.officer_id == viewer.id
    return Handed(
        incident, given, giver.title if giver else "", holder, event.body.get("reason", ""), event.at,
        event.step == "hand_back", load - given,
    )  # fmt: skip

"""Traces: what the record tells of what was swept, so that it can still be checked."""

from typing import Any

from sqlmodel import Session, col, select

from models.command.retention import LOOKS
from models.command.sweeping.lots import SWEEP
from models.record.event import Event


def gaps(event: Any) -> dict[int, tuple[int, str]]:
    """Where looks were swept, as this event (a mapping) tells: first number → (last number, its hash)."""
    told = event["body"].get(LOOKS, ()) if event["step"] == SWEEP else ()
    return {first: (last, hash) for first, last, hash in told}


def swept(session: Session) -> dict[str, dict[int, int]]:
    """Incidents and complaints that went, each with the number of the event that says so."""
    found: dict[str, dict[int, int]] = {"incidents": {}, "complaints": {}}
    rows = select(Event.seq, Event.body).where(Event.step == SWEEP, col(Event.incident_id).is_(None))
    for seq, body in session.execute(rows):
        for name, ids in found.items():
            ids |= dict.fromkeys(body.get(name, ()), seq)
    return found

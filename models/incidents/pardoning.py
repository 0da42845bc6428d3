"""Pardoning: a strike goes, or comes back, because of a step that shows it was none."""

from typing import Any

from sqlmodel import Session, select

from models.errors import N_, WrongMoment
from models.incidents.strikes import COUNTED, LIFTED, PENDING, Strike, settle, standing_strikes
from models.people.citizens import Citizen
from models.record.event import record
from models.time import now
from models.viewer import Viewer


def forgive(session: Session, by: Viewer, complaint_id: int) -> dict[str, Any] | None:
    """What was struck turned out to be true: that strike alone goes.

    Returns what stood, for `unforgive`; None when there was none.
    """
    row = session.exec(select(Strike).where(Strike.complaint_id == complaint_id)).first()
    if row is None or row.state not in (COUNTED, PENDING):
        return None
    citizen = session.get_one(Citizen, row.citizen_id)
    stood = {str(one.id): one.state for one in session.exec(standing_strikes(citizen.id))}
    blocked = citizen.blocked_at is not None
    row.state, row.decided_by_id, row.decided_at = LIFTED, by.id, now()
    settle(session, citizen)
    record(session, "lift", by, complaint_id=complaint_id, citizen=citizen.id, strike=row.id, reason="")
    return {"citizen": citizen.id, "strike": row.id, "stood": stood, "freed": blocked and citizen.blocked_at is None}


def unforgive(session: Session, by: Viewer, forgiven: dict[str, Any]) -> None:
    """It counts again, as what it was before; and so do those that its going made sure of."""
    if forgiven["freed"]:
        raise WrongMoment(N_("Akun pelapor sudah dibuka karena langkah ini. Buka lagi kejadiannya bila perlu."))
    for id, state in forgiven["stood"].items():
        row = session.get_one(Strike, int(id))
        if row.id == forgiven["strike"]:
            row.state, row.decided_by_id, row.decided_at = state, None, None
        elif row.state == COUNTED and row.decided_at is None:
            row.state = state
    citizen = session.get_one(Citizen, forgiven["citizen"])
    settle(session, citizen)
    record(session, "unlift", by, citizen=citizen.id, strike=forgiven["strike"])


def unstrike(session: Session, by: Viewer, strike_id: int) -> None:
    """It was a slip: the complaint was never struck. Not once a second officer has agreed."""
    row = session.get(Strike, strike_id)
    if row is None or row.state not in (COUNTED, PENDING) or row.decided_at is not None:
        raise WrongMoment(N_("Teguran ini sudah diputuskan."))
    citizen = session.get_one(Citizen, row.citizen_id)
    session.delete(row)
    settle(session, citizen)
    record(session, "lift", by, complaint_id=row.complaint_id, citizen=citizen.id, strike=strike_id, reason="")

"""Letting go: a case never stays with somebody who may not see it, and no partner goes on reading one about officers."""

from typing import Any

from sqlmodel import Session, col, delete, select

from models.city.category import RESTRICTED
from models.errors import N_
from models.incidents.dispatch import bring_back
from models.incidents.incident import Incident, session_of
from models.incidents.merging import tree
from models.incidents.referring import end_referrals
from models.incidents.sight import seen_by
from models.incidents.telling import inform
from models.people.officers import Officer, Presence, leave_desk
from models.roles import DUTY
from models.viewer import Viewer
from models.workflow import HELD, Status, afterwards

CHANGED = N_("akun pemegang berubah")


def may_hold(officer: Officer, incident: Incident) -> bool:
    return officer.active and officer.role in DUTY and seen_by(incident, officer.viewer.audience)


@afterwards
def let_go(incident: Incident, by: Viewer, step: str, before: dict[str, Any]) -> dict[str, Any]:
    """After every step: what turns out to be about officers leaves its partners and a holder who may not see it.

    It waits for a supervisor as a new one does. Personnel who are out are called back: nobody who sees the case
    commands them any more, and their station would never have them again.
    """
    noted: dict[str, Any] = {}
    if incident.category_code == RESTRICTED != before["category_code"]:
        noted["ended"] = end_referrals(incident)
        _take_along(incident, by)
    holder = incident.officer if incident.status in HELD else None
    if holder is None or may_hold(holder, incident):
        return noted
    if incident.category_code != RESTRICTED:
        incident.stale = True  # somebody who cannot come back: anyone may take it over, as from a silent console
        return noted
    noted |= {"was": holder.id, "cleared": _to_nobody(incident)}
    inform(session_of(incident), "let_go", by, incident.id)
    return noted


def leave_cases(session: Session, by: Viewer, officer: Officer) -> None:
    """Whose role or account has changed leaves what they may hold no longer: lapsed, or, about officers, let go."""
    if not (officer.active and officer.role in DUTY):
        leave_desk(session, officer.id, for_good=True)
        session.exec(delete(Presence).where(col(Presence.officer_id) == officer.id))  # or the clock would renew it
    held = select(Incident).where(Incident.officer_id == officer.id, col(Incident.status).in_(HELD))
    for incident in session.exec(held).all():
        if may_hold(officer, incident):
            continue
        before = incident.values()
        if incident.category_code == RESTRICTED:
            cleared = _to_nobody(incident)
            incident.note("release", by, before, officer=None, was=officer.id, cleared=cleared, reason=CHANGED)
            inform(session, "let_go", by, incident.id)
        elif not incident.stale:
            incident.stale = True
            incident.note("lapse", by, before, officer=officer.id)


def _to_nobody(incident: Incident) -> list[int | None]:
    cleared = bring_back(incident)
    incident.status = Status.NEW
    incident.wait_again()
    # Nobody is asked about what they may not see.
    incident.untold, incident.given_at, incident.known_at = "", None, None
    incident.due_at = incident.due()
    return cleared


def _take_along(incident: Incident, by: Viewer) -> None:
    """What is merged into it tells of the same: taken apart, it must not be read by those it is about."""
    session = session_of(incident)
    for id in sorted(tree(session, incident) - {incident.id}):
        merged = session.get_one(Incident, id)
        before = merged.values()
        merged.category, merged.category_code = incident.category, incident.category_code
        if merged.officer and not may_hold(merged.officer, merged):
            merged.officer, merged.officer_id, merged.stale = None, None, False
            merged.claimed_at = merged.handled_at = None
            merged.status_before = Status.NEW
        merged.note("recategorise", by, before, number=incident.number, ended=end_referrals(merged))

"""What an operator counts: how much is open and late, and what waits to be looked at. No names, no words, no exercises."""

from datetime import datetime

from sqlmodel import Session, and_, case, col, func, select

from models.incidents.evidence import Evidence, Transfer
from models.incidents.incident import Incident
from models.workflow import OPEN

PRIORITIES = (1, 2, 3, 4)


def by_priority(session: Session, at: datetime) -> dict[str, dict[int, int]]:
    """Open, unclaimed and late, each by priority."""
    late = col(Incident.due_at) <= at
    counted = (func.count(), _sum(col(Incident.status) == "new"), _sum(late))
    rows = select(Incident.priority, *counted).where(  # type: ignore[call-overload]
        col(Incident.status).in_(OPEN), col(Incident.exercise).is_(False)
    )
    found = {priority: tuple(map(int, counts)) for priority, *counts in session.exec(rows.group_by(Incident.priority))}
    return {
        name: {priority: found.get(priority, (0, 0, 0))[place] for priority in PRIORITIES}
        for place, name in enumerate(("open", "unclaimed", "late"))
    }


def evidence_queue(session: Session) -> dict[str, int]:
    """Files by what they wait for."""
    film = and_(col(Evidence.kind) == "video", col(Evidence.state) == "ready", col(Evidence.playable).is_(None))
    waits = col(Evidence.state) == "waiting", film
    look, render = (_one(session, select(func.count()).select_from(Evidence).where(which)) for which in waits)
    under_way = select(func.count()).select_from(Transfer).where(col(Transfer.finished_at).is_(None))
    return {"look": look, "render": render, "arrive": _one(session, under_way)}


def _sum(which: object) -> object:
    return func.coalesce(func.sum(case((which, 1), else_=0)), 0)  # type: ignore[arg-type]


def _one(session: Session, count: object) -> int:
    return int(session.exec(count).one())  # type: ignore[call-overload]

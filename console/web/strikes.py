"""Strikes: the third waits for a second officer; the blocked appeal; a supervisor answers and lifts."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, func, select
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from console.viewer import require
from console.web.forms import Act, done, read
from models.complaint import Complaint
from models.incident import Incident, visible_to
from models.people import DUTY, Citizen, Officer, Role, Viewer
from models.strikes import Appeal, Strike, answer, appeal, appeals, confirm, lift, waiting


class Words(Act):
    words: str = ""


class Answer(Words):
    granted: bool = False


class Reason(Act):
    reason: str = ""


@dataclass(frozen=True)
class Case:
    """One account before us: what it filed as pranks, and what is asked of whoever reads."""

    citizen: Citizen
    pranks: list[tuple[Strike, Complaint, Incident]]
    officers: dict[int, str]
    strike: Strike | None = None
    appeal: Appeal | None = None

    @property
    def since(self) -> datetime:
        asked = self.strike or self.appeal
        return asked.at if asked else self.citizen.blocked_at or self.citizen.added_at


async def show(request: Request) -> Response:
    viewer = require(request, *DUTY)
    return await request.state.read(
        lambda session: request.state.pages.page(request, "pages/strikes.html", **desk(session, viewer))
    )


def desk(session: Session, viewer: Viewer) -> dict[str, Any]:
    """Strikes for every officer; appeals and blocked accounts for supervisors."""
    supervises = viewer.role == Role.SUPERVISOR
    blocked = select(Citizen).where(col(Citizen.blocked_at).is_not(None)).order_by(col(Citizen.blocked_at).desc())
    states = session.exec(select(Strike.state, func.count()).group_by(Strike.state)).all()
    return {
        "waiting": [_case(session, viewer, row.citizen_id, strike=row) for row in waiting(session)],
        "appeals": [_case(session, viewer, row.citizen_id, appeal=row) for row in appeals(session)]
        if supervises
        else [],
        "blocked": [_case(session, viewer, row.id) for row in session.exec(blocked.limit(100))] if supervises else [],
        "counts": dict(states),
        "supervises": supervises,
    }


async def agree(request: Request) -> Response:
    viewer = require(request, *DUTY)
    await request.state.writer.run(confirm, viewer, request.path_params["id"])
    return done(request, "/strikes")


async def ask(request: Request) -> Response:
    """A blocked citizen's own words."""
    viewer = require(request, Role.CITIZEN)
    said = await read(request, Words)
    await request.state.writer.run(appeal, viewer, said.words)
    return done(request, "/complaints/new")


async def reply(request: Request) -> Response:
    viewer = require(request, Role.SUPERVISOR)
    said = await read(request, Answer)
    await request.state.writer.run(answer, viewer, request.path_params["id"], said.granted, said.words)
    return done(request, "/strikes")


async def free(request: Request) -> Response:
    viewer = require(request, Role.SUPERVISOR)
    said = await read(request, Reason)
    await request.state.writer.run(lift, viewer, request.path_params["id"], said.reason)
    return done(request, "/strikes")


def _case(
    session: Session, viewer: Viewer, citizen_id: int, strike: Strike | None = None, appeal: Appeal | None = None
) -> Case:
    """Of the pranks, those whose incidents this viewer may see: a strike opens no complaint about an officer."""
    filed = (
        select(Strike, Complaint, Incident)
        .join(Complaint, col(Complaint.id) == Strike.complaint_id)
        .join(Incident, col(Incident.id) == Complaint.incident_id)
        .where(Strike.citizen_id == citizen_id, col(Strike.state).in_(("counted", "pending")))
        .where(visible_to(viewer.audience))
        .order_by(col(Strike.at))
    )
    pranks = [(row, complaint, incident) for row, complaint, incident in session.exec(filed)]
    named = select(Officer).where(col(Officer.id).in_({row.by_id for row, _, _ in pranks}))
    officers = {officer.id: officer.title for officer in session.exec(named)}
    return Case(session.get_one(Citizen, citizen_id), pranks, officers, strike, appeal)


routes = [
    Route("/strikes", show),
    Route("/strikes/{id:int}/confirm", agree, methods=["POST"]),
    Route("/appeals", ask, methods=["POST"]),
    Route("/appeals/{id:int}/answer", reply, methods=["POST"]),
    Route("/citizens/{id:int}/lift", free, methods=["POST"]),
]

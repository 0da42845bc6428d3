"""A partner's desk: what was referred to it, at its tier, while the referral lasts. It answers by /incidents/{id}/{step}."""

from typing import Any

from sqlmodel import Session, select
from starlette.responses import Response
from starlette.routing import Route

from console.door.viewer import require
from console.state import Request
from console.web.showing import shown
from models.city.agency import Agency
from models.incidents.conferring import conference
from models.incidents.incident import Incident
from models.incidents.referral import Referral
from models.incidents.sharing import shared
from models.incidents.sight import WHOLE, visible_to
from models.reading.board import position
from models.reading.referred import history_of
from models.roles import Role
from models.viewer import Viewer
from models.workflow import Status


async def show(request: Request) -> Response:
    viewer = require(request, Role.LIAISON)
    return await shown(request, "pages/agency.html", lambda session: desk(session, viewer))


def desk(session: Session, viewer: Viewer) -> dict[str, Any]:
    """What waits for an answer first (models/city/agency.py)."""
    seq, epoch = position(session)
    rows = select(Incident).where(Incident.status != Status.MERGED, visible_to(viewer.audience)).options(*WHOLE)
    ours = [(incident, referral_of(incident, viewer)) for incident in session.exec(rows)]
    referred = [(one, referral, shared(one, referral), conference(one, referral)) for one, referral in ours]
    return {
        "agency": session.get(Agency, viewer.agency_id),
        "referred": sorted(referred, key=lambda one: (one[1].rank(one[0].priority, one[0].exercise), one[0].id)),
        "seq": seq,
        "epoch": epoch,
    }


def referral_of(incident: Incident, viewer: Viewer) -> Referral:
    return next(row for row in reversed(incident.referrals) if row.agency_id == viewer.agency_id and row.shows)


async def history(request: Request) -> Response:
    viewer = require(request, Role.LIAISON)

    def load(session: Session) -> dict[str, Any]:
        return {"agency": session.get_one(Agency, viewer.agency_id), "past": history_of(session, viewer)}

    return await shown(request, "pages/agency-history.html", load)


routes = [Route("/agency", show), Route("/agency/history", history)]

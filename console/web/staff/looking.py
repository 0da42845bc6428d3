"""Who looked at what: the supervisor's page over looks and sign-ins."""

from typing import Any

from sqlmodel import Session, col, select
from starlette.responses import Response
from starlette.routing import Route

from console.door.viewer import locale_of, require
from console.pages.words import say
from console.state import Request
from console.web.forms import known_id
from console.web.showing import shown
from models.errors import N_
from models.people.officers import Officer
from models.reading.looking import PAGE, at_the_door, looks
from models.roles import STAFF, Role

WHAT = {
    "identity": N_("nama dan nomor pelapor"),
    "evidence": N_("bukti"),
    "phone": N_("pencarian nomor telepon"),
    "panel": N_("kata pelapor"),
    "sign_in": N_("masuk"),
    "sign_out": N_("keluar dari akun"),
    "wrong_password": N_("kata sandi salah"),
    "lock": N_("mengunci layar"),
    "unlock": N_("membuka kunci layar"),
}


async def show(request: Request) -> Response:
    viewer, asked = require(request, Role.SUPERVISOR), request.query_params
    incident = asked.get("incident", "").strip()[:20]
    person, before = (_number(asked.get(name, "")) for name in ("person", "before"))

    words = {name: say(locale_of(request), sentence) for name, sentence in WHAT.items()}

    def load(session: Session) -> dict[str, Any]:
        people = select(Officer).where(col(Officer.role).in_(STAFF)).order_by(Officer.name)
        seen = looks(session, viewer, incident=incident, person=person, before=before)
        return {
            "what": words, "looks": seen, "incident": incident, "person": person, "people": session.exec(people).all(),
            "older": seen[-1].seq if len(seen) == PAGE else 0,
            "door": [] if incident or before else at_the_door(session, viewer, person=person),
        }  # fmt: skip

    return await shown(request, "pages/looks.html", load)


def _number(typed: str) -> int:
    return int(typed) if known_id(typed) else 0


routes = [Route("/duty/looks", show)]

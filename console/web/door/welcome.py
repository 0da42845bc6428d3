"""Through the door: a session, the device noted, the draft that waited sent, and on to where they wanted to go."""

from typing import Any

from sqlmodel import Session
from starlette.responses import RedirectResponse, Response

from console.door.cookies import DEVICE, DEVICE_SECONDS, cookie, set_cookie
from console.door.viewer import desk_of, hash_of, is_quiet, let_in, locale_of, new_secret, somebody
from console.state import Request
from console.web.citizen import drafts
from console.web.citizen.complaints import blocked
from console.web.citizen.home import inside
from console.web.door import knock
from models.errors import Blocked
from models.incidents.hushing import hush
from models.incidents.pressing import prove
from models.people.browsers import leave_browser
from models.people.citizens import Citizen, citizen_by
from models.people.devices import MOST_AGENT, REMEMBERED, forget_here, note_device, remembered, take_over
from models.people.officers import Officer
from models.people.sessions import came_in, sign_in, sign_out
from models.roles import RIGHTS, Role
from models.viewer import Viewer

TRUST = "remember"
TRUST_SECONDS = int(REMEMBERED.total_seconds())


async def welcome(request: Request, person: Officer | Citizen, target: str, *, proved: bool = False) -> Response:
    """`proved`: by a code just now, so that this device is remembered."""
    secret, hash = new_secret()
    chosen = locale_of(request) if cookie(request, "locale") else None
    token, agent = cookie(request, DEVICE) or new_secret()[0], request.headers.get("user-agent", "")
    trust, trust_hash = new_secret() if proved else ("", "")
    await request.state.writer.run(
        _open,
        somebody(request),
        type(person),
        person.id,
        hash,
        chosen,
        hash_of(token),
        agent,
        trust_hash,
        is_quiet(request),
    )
    viewer = person.viewer
    try:
        response = await drafts.finish(request, viewer) or on(viewer, target)
    except Blocked:
        response = await blocked(request, viewer)
    if viewer.role == Role.CITIZEN:
        set_cookie(request, response, DEVICE, token, DEVICE_SECONDS)
    if trust:
        set_cookie(request, response, TRUST, trust, TRUST_SECONDS)
    knock.drop(request, response)
    knock.make_known(request, response, person.phone if isinstance(person, Citizen) else person.login)
    return let_in(request, response, secret, RIGHTS[viewer.role].life.days if viewer.role == Role.CITIZEN else None)


def on(viewer: Viewer, target: str) -> Response:
    """To where they wanted to go; whoever wanted nowhere is at their desk."""
    to = inside(target)
    return RedirectResponse(desk_of(viewer) if to == "/" else to, 303)


async def known_here(request: Request, phone: str) -> Citizen | None:
    """The citizen with this number, if a code for it was given in this very browser within 30 days."""
    token = cookie(request, TRUST)
    return await request.state.read(_remembered, hash_of(token), phone) if token else None


def leave(session: Session, by: Viewer, hash: str) -> None:
    """Signed out is out: no push to this browser, and the number alone opens nothing on it."""
    leave_browser(session, hash)
    forget_here(session, hash)
    sign_out(session, by, hash)


def _remembered(session: Session, trust: str, phone: str) -> Citizen | None:
    citizen = citizen_by(session, phone)
    return citizen if citizen and remembered(session, trust, citizen.id) else None


def _open(
    session: Session, before: Viewer | None, table: type[Officer | Citizen], id: int, hash: str, locale: str | None,
    device: str, agent: str, trust: str, quiet: bool,
) -> None:  # fmt: skip
    """A new session; the language chosen at the door goes along, since what is pushed follows the account."""
    person: Any = session.get_one(table, id)  # either has a locale
    if locale:
        person.locale = locale
    seat = note_device(session, device, id, agent, trust) if table is Citizen else None
    if seat:
        if before and before.role == Role.GUEST:
            prove(session, before, person)  # what was pressed before the door goes along
        take_over(session, seat, hash)
        if quiet:
            hush(session, person.viewer, quiet)
    if before and before.session:
        leave_browser(session, before.session)
        sign_out(session, before, before.session)  # one browser, one session
    sign_in(session, person, hash, seat.id if seat else None, "" if seat else agent[:MOST_AGENT])
    came_in(session, person.viewer)

"""The door: sign in, sign up, sign out. One for everyone; what was written before it is not lost.

A number is let in by its password or by a code; the staff by a password and whatever second factor they have. Known and unknown numbers get the same answers: only who
holds the phone learns, by its code, whether there is an account.
"""

import re
from typing import Any

from sqlmodel import Session, select
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from console.door.cookies import cookie
from console.door.viewer import SESSION, hash_of, insider, let_out, locale_of, somebody
from console.errors import wants_json
from console.pages.words import say
from console.state import Request
from console.web.citizen import drafts
from console.web.citizen.home import inside
from console.web.door import codes, knock, second
from console.web.door.welcome import known_here, leave, on, welcome
from console.web.forms import Form, read
from console.web.showing import shown
from models.errors import N_, TooOften, WrongValue
from models.people.citizens import Citizen, citizen_by
from models.people.officers import Officer
from models.people.phones import as_phone, e164
from models.people.sessions import shut_out

NO_MATCH = N_("Nomor atau kata sandi tidak cocok.")
SHUT_OUT = N_("Akses instansi Anda sudah ditutup. Hubungi admin kepolisian.")
A_NAME = re.compile(r"[^\W\d_]")  # letters: the sign-in of the staff; all else is a number, however it is spelled


DESKS = (
    "/console",
    "/duty",
    "/agency",
    "/admin",
    "/incidents",
    "/wall",
    "/strikes",
    "/me",
)  # whoever was there comes back as staff


class Door(Form):
    login: str = ""
    password: str = ""
    next: str = "/"
    staff: bool = False  # asked for a name in place of a number


class Account(Form):
    phone: str = ""
    next: str = "/"


async def door(request: Request) -> Response:
    if viewer := insider(
        request
    ):  # a page whose session ended under it leads here, while its reader comes in beside it
        return on(viewer, request.query_params.get("next", "/"))
    secret = cookie(request, SESSION)
    shut = await request.state.read(shut_out, hash_of(secret)) if secret else False
    errors = {"form": say(locale_of(request), SHUT_OUT)} if shut else None  # their open page leads here when it closes
    asked = request.query_params
    next = inside(asked.get("next", "/"))
    typed = Door(next=next, staff="staff" in asked or next.startswith(DESKS))
    return await _shown(request, "pages/sign_in.html", typed, errors)


async def enter(request: Request) -> Response:
    typed = await read(request, Door)
    if not typed.password:
        return await _by_code(request, "pages/sign_in.html", typed, typed.login, "login")
    login = as_phone(typed.login) or typed.login.casefold()
    person = await request.state.read(person_of, login)
    try:
        known = await knock.proves(request, login, typed.password, person.password if person else None)
        if person is None or not known:
            return await _refused(request, "pages/sign_in.html", typed, WrongValue("form", NO_MATCH))
        if isinstance(person, Officer) and person.shut_out:  # only a right password learns that
            return await _refused(request, "pages/sign_in.html", typed, WrongValue("form", SHUT_OUT))
    except TooOften as error:
        return await _busy(request, "pages/sign_in.html", typed, error)
    if isinstance(person, Officer) and person.has_factor:
        return second.halfway(request, person, typed.next)
    return await welcome(request, person, typed.next)


async def registry(request: Request) -> Response:
    if viewer := insider(request):
        return on(viewer, request.query_params.get("next", "/"))
    return await _shown(request, "pages/sign_up.html", Account(next=inside(request.query_params.get("next", "/"))))


async def register(request: Request) -> Response:
    """The number comes first; name and password wait behind its code (console/web/door/codes.py)."""
    typed = await read(request, Account)
    return await _by_code(request, "pages/sign_up.html", typed, typed.phone, "phone")


async def out(request: Request) -> Response:
    secret = cookie(request, SESSION)
    if (viewer := somebody(request)) and secret:
        await request.state.writer.run(leave, viewer, hash_of(secret))
    response = let_out(request, RedirectResponse("/", 303))
    await drafts.drop(request, response)
    return response


def person_of(session: Session, login: str) -> Officer | Citizen | None:
    """Whose login this is: a number is a citizen's, anything else a member of the staff's."""
    if login.startswith("+"):
        return citizen_by(session, login)
    officer = session.exec(select(Officer).where(Officer.login == login)).first()
    return officer if officer and (officer.admitted or officer.shut_out) else None


async def _by_code(request: Request, template: str, typed: Door | Account, number: str, field: str) -> Response:
    """Straight in, where this browser is remembered; else by a code to the phone."""
    try:
        if field == "login" and A_NAME.search(number):
            raise WrongValue("password", N_("Tulis kata sandi."))
        phone = e164(number, field)
        if person := await known_here(request, phone):
            return await welcome(request, person, typed.next)
        knocked = await knock.send(request, knock.reachable(phone, field), inside(typed.next))
    except WrongValue as fault:
        return await _refused(request, template, typed, fault)
    except TooOften as error:
        return await _busy(request, template, typed, error, field)
    return knock.keep(request, RedirectResponse(codes.PAGE, 303), knocked)


async def _refused(request: Request, template: str, typed: Door | Account, fault: WrongValue) -> Response:
    if wants_json(request):
        raise fault
    return await _shown(request, template, typed, {fault.field: say(locale_of(request), fault.sentence)}, 422)


async def _busy(
    request: Request, template: str, typed: Door | Account, error: TooOften, field: str = "form"
) -> Response:
    if wants_json(request):
        raise error
    errors = {field: say(locale_of(request), error.sentence, error.values)}
    response = await _shown(request, template, typed, errors, 429)
    response.headers["Retry-After"] = str(error.seconds)
    return response


async def _shown(
    request: Request, template: str, typed: Door | Account, errors: dict[str, str] | None = None, status: int = 200
) -> Response:
    told: dict[str, Any] = {
        "typed": typed,
        "errors": errors or {},
        "next": typed.next,
        "draft": await drafts.waits(request),
    }
    return await shown(request, template, status=status, **told)


routes = [
    Route("/sign-in", door),
    Route("/sign-in", enter, methods=["POST"]),
    Route("/sign-up", registry),
    Route("/sign-up", register, methods=["POST"]),
    Route("/sign-out", out, methods=["POST"]),
    *second.routes,
    *codes.routes,
]

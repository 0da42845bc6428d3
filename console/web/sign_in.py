"""The door: sign in, sign up, sign out. One for everyone; what was written before it is not lost."""

from typing import Any

from sqlmodel import Session, col, select
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from console.errors import wants_json
from console.passwords import Crowded, fits, hashed, judge
from console.patience import Crowd, Patience, TooSoon
from console.phones import as_phone, e164
from console.viewer import hash_of, let_in, let_out, locale_of, new_secret, somebody
from console.web import drafts
from console.web.complaints import blocked
from console.web.forms import Form, read
from console.web.home import desk_of, inside
from console.words import say
from models.errors import N_, Blocked, WrongValue
from models.people import SESSION_LIFE, Citizen, Officer, Role, Viewer, sign_in, sign_out, sign_up
from models.pushes import leave_browser

NO_MATCH = N_("Nomor atau kata sandi tidak cocok.")
WAIT = N_("Terlalu sering. Coba lagi dalam {seconds} detik.")


class Door(Form):
    login: str = ""
    password: str = ""
    next: str = "/"


class Account(Form):
    name: str = ""
    phone: str = ""
    password: str = ""
    next: str = "/"


patience, crowd = Patience(), Crowd()


async def door(request: Request) -> Response:
    if viewer := somebody(request):
        return RedirectResponse(desk_of(viewer), 303)
    return await _door(request, Door(next=inside(request.query_params.get("next", "/"))))


async def enter(request: Request) -> Response:
    typed = await read(request, Door)
    who = (as_phone(typed.login) or typed.login.casefold(), _address(request))
    try:
        patience.check(who)
        person = await request.state.read(person_of, who[0])
        if not await fits(typed.password, person.password if person else None) or person is None:
            patience.note(who)
            return await _door(request, typed, 422, NO_MATCH)
    except (TooSoon, Crowded) as error:
        return await _busy(request, "pages/sign_in.html", typed, error)
    patience.forget(who)
    return await _welcome(request, person, typed.next)


async def registry(request: Request) -> Response:
    if viewer := somebody(request):
        return RedirectResponse(desk_of(viewer), 303)
    return await _registry(request, Account(next=inside(request.query_params.get("next", "/"))))


async def register(request: Request) -> Response:
    typed = await read(request, Account)
    try:
        phone = _checked(typed)
        crowd.enter(_address(request))
        secret = await hashed(typed.password)
        citizen = await request.state.writer.run(_sign_up, phone, typed.name, secret, locale_of(request))
    except Faults as error:
        return await _registry(request, typed, 422, error.faults)
    except WrongValue as error:
        return await _registry(request, typed, 422, [error])
    except (TooSoon, Crowded) as error:
        return await _busy(request, "pages/sign_up.html", typed, error)
    return await _welcome(request, citizen, typed.next)


async def leave(request: Request) -> Response:
    secret = request.cookies.get(request.state.settings.cookie)
    if (viewer := somebody(request)) and secret:
        await request.state.writer.run(_leave, viewer, hash_of(secret))
    return let_out(request, RedirectResponse("/", 303))


class Faults(Exception):
    def __init__(self, faults: list[WrongValue]):
        self.faults = faults


def person_of(session: Session, login: str) -> Officer | Citizen | None:
    """Whose login this is: a number is a citizen's, anything else a member of the staff's."""
    if login.startswith("+"):
        return session.exec(select(Citizen).where(Citizen.phone == login)).first()
    return session.exec(select(Officer).where(Officer.login == login, col(Officer.active))).first()


def _leave(session: Session, by: Viewer, hash: str) -> None:
    leave_browser(session, hash)
    sign_out(session, by, hash)


def _checked(typed: Account) -> str:
    """The number in E.164; raises Faults with everything that is wrong, at once."""
    faults: list[WrongValue] = []
    phone = ""
    if not 1 <= len(typed.name) <= 80:
        faults.append(WrongValue("name", N_("Tulis nama Anda.") if not typed.name else N_("Paling banyak 80 huruf.")))
    try:
        phone = e164(typed.phone)
    except WrongValue as error:
        faults.append(error)
    try:
        judge(typed.password, typed.phone, phone, typed.name)
    except WrongValue as error:
        faults.append(error)
    if faults:
        raise Faults(faults)
    return phone


def _sign_up(session: Session, phone: str, name: str, password: str, locale: str) -> Citizen:
    return sign_up(session, phone=phone, name=name, password=password, locale=locale)


def _open(session: Session, table: type[Officer | Citizen], id: int, hash: str, locale: str | None) -> None:
    """A new session; the language chosen at the door goes along, since what is pushed follows the account."""
    person: Any = session.get_one(table, id)  # either has a locale
    if locale:
        person.locale = locale
    sign_in(session, person, hash)


async def _welcome(request: Request, person: Officer | Citizen, target: str) -> Response:
    secret, hash = new_secret()
    chosen = locale_of(request) if "locale" in request.cookies else None
    await request.state.writer.run(_open, type(person), person.id, hash, chosen)
    viewer = person.viewer
    to = inside(target)
    try:
        response = await drafts.finish(request, viewer) or RedirectResponse(desk_of(viewer) if to == "/" else to, 303)
    except Blocked:
        response = await blocked(request, viewer)
    life = SESSION_LIFE.get(viewer.role)
    return let_in(request, response, secret, life.days if life and viewer.role == Role.CITIZEN else None)


async def _door(request: Request, typed: Door, status: int = 200, sentence: str = "") -> Response:
    if sentence and wants_json(request):
        raise WrongValue("login", sentence)
    errors = {"form": say(locale_of(request), sentence)} if sentence else {}
    return await _shown(request, "pages/sign_in.html", typed, errors, status)


async def _registry(
    request: Request, typed: Account, status: int = 200, faults: list[WrongValue] | None = None
) -> Response:
    if faults and wants_json(request):
        raise faults[0]
    errors = {fault.field: say(locale_of(request), fault.sentence, fault.values) for fault in faults or []}
    return await _shown(request, "pages/sign_up.html", typed, errors, status)


async def _busy(request: Request, template: str, typed: Door | Account, error: TooSoon | Crowded) -> Response:
    seconds = error.seconds if isinstance(error, TooSoon) else 2
    if wants_json(request):
        raise HTTPException(429, headers={"Retry-After": str(seconds)})
    errors = {"form": say(locale_of(request), WAIT, {"seconds": seconds})}
    response = await _shown(request, template, typed, errors, 429)
    response.headers["Retry-After"] = str(seconds)
    return response


async def _shown(
    request: Request, template: str, typed: Door | Account, errors: dict[str, str], status: int
) -> Response:
    shown = {"typed": typed, "errors": errors, "next": typed.next, "draft": await drafts.waits(request)}
    response: Response = request.state.pages.page(request, template, status, **shown)
    return response


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


routes = [
    Route("/sign-in", door),
    Route("/sign-in", enter, methods=["POST"]),
    Route("/sign-up", registry),
    Route("/sign-up", register, methods=["POST"]),
    Route("/sign-out", leave, methods=["POST"]),
]

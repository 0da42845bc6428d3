"""A citizen's own account: name, language, password, devices; taking everything away, and being forgotten."""

from typing import Any

from sqlmodel import Session
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from console.door.passwords import hashed
from console.door.sealing import seal
from console.door.viewer import let_out, locale_of, require
from console.errors import wants_json
from console.pages.words import say
from console.state import Request
from console.web.citizen import export
from console.web.door import codes, knock
from console.web.forms import Form, done, read
from console.web.showing import shown
from models.command.erasing import erase
from models.command.retention import INCIDENTS, periods
from models.errors import N_, TooOften, WrongValue
from models.people.account import change_password, rename
from models.people.citizens import Citizen
from models.people.devices import end_device, proved_just_now, seats
from models.people.phones import masked
from models.roles import Role
from models.time import local, now
from models.viewer import Viewer

PAGE, DELETE_PAGE = "/account", "/account/delete"
NOT_IT = N_("Kata sandi sekarang tidak cocok.")
PROVE_FIRST = N_("Buktikan dulu nomor Anda: minta kode.")


class Name(Form):
    name: str = ""


class Password(Form):
    """`old`: not needed within a quarter of an hour after a code."""

    old: str = ""
    password: str = ""


class Sure(Form):
    old: str = ""
    sure: bool = False


async def show(request: Request) -> Response:
    require(request, Role.CITIZEN)
    return await _page(request)


async def call_me(request: Request) -> Response:
    viewer, form = require(request, Role.CITIZEN), await read(request, Name)
    try:
        await request.state.writer.run(rename, viewer, form.name)
    except WrongValue as fault:
        return await _page(request, fault)
    return done(request, PAGE)


async def code(request: Request) -> Response:
    """A code to one's own number: with it the account may be changed without the password."""
    viewer = require(request, Role.CITIZEN)
    phone = await request.state.read(lambda session: session.get_one(Citizen, viewer.id).phone)
    try:
        knocked = await knock.send(request, phone, PAGE)
    except TooOften as error:
        return await _busy(request, error, "code")
    return knock.keep(request, RedirectResponse(codes.PAGE, 303), knocked)


async def password(request: Request) -> Response:
    """A first one or another one; every other device has to prove itself anew."""
    viewer, form = require(request, Role.CITIZEN), await read(request, Password)
    try:
        citizen = await _prove(request, viewer, form.old)
        codes.judge_own(form.password, citizen.phone, citizen.name)
        await request.state.writer.run(change_password, viewer, await hashed(form.password))
    except WrongValue as fault:
        return await _page(request, fault)
    except TooOften as error:
        return await _busy(request, error)
    return done(request, PAGE)


async def end(request: Request) -> Response:
    viewer, id = require(request, Role.CITIZEN), request.path_params["id"]
    await request.state.writer.run(end_device, viewer, id)
    return done(request, PAGE)


async def take_away(request: Request) -> Response:
    """Everything, as one file: data.json and the originals of the evidence."""
    viewer, store = require(request, Role.CITIZEN), request.state.store
    data, originals = await request.state.read(export.gather, viewer, store)
    name = f"siaga-{local(now()):%Y-%m-%d}.zip"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return StreamingResponse(export.stream(data, originals), media_type="application/zip", headers=headers)


async def ask_delete(request: Request) -> Response:
    require(request, Role.CITIZEN)
    return await _page(request, template="pages/account_delete.html")


async def delete(request: Request) -> Response:
    viewer, form = require(request, Role.CITIZEN), await read(request, Sure)
    template = "pages/account_delete.html"
    try:
        if not form.sure:
            raise WrongValue("sure", N_("Centang bila Anda yakin."))
        citizen = await _prove(request, viewer, form.old)
    except WrongValue as fault:
        return await _page(request, fault, template=template)
    except TooOften as error:
        return await _busy(request, error, template=template)
    key = request.state.settings.key
    number_hash = request.state.keys.number_hash(citizen.phone)
    sealed = seal(key, {"name": citizen.name, "phone": citizen.phone})
    await request.state.writer.run(erase, viewer, knock.phone_hash(key, citizen.phone), number_hash, sealed)
    return let_out(request, RedirectResponse("/", 303))


async def _prove(request: Request, viewer: Viewer, old: str) -> Citizen:
    """Whoever holds an open session is not yet its owner: the password, or a code given just now, says so."""
    citizen, proved = await request.state.read(_standing, viewer)
    if proved:
        return citizen
    if not citizen.password:
        raise WrongValue("code", PROVE_FIRST)
    if not await knock.proves(request, citizen.phone, old, citizen.password, viewer.session):
        raise WrongValue("old", NOT_IT)
    return citizen


def _standing(session: Session, viewer: Viewer) -> tuple[Citizen, bool]:
    return session.get_one(Citizen, viewer.id), proved_just_now(session, viewer)


async def _busy(
    request: Request, error: TooOften, field: str = "old", template: str = "pages/account.html"
) -> Response:
    if wants_json(request):
        raise error
    response = await _page(request, WrongValue(field, error.sentence, **error.values), 429, template)
    response.headers["Retry-After"] = str(error.seconds)
    return response


async def _page(
    request: Request, fault: WrongValue | None = None, status: int = 422, template: str = "pages/account.html"
) -> Response:
    if fault and wants_json(request):
        raise fault
    viewer = require(request, Role.CITIZEN)
    errors = {fault.field: say(locale_of(request), fault.sentence, fault.values)} if fault else {}

    def load(session: Session) -> dict[str, Any]:
        citizen, proved = _standing(session, viewer)
        return {
            "citizen": citizen, "proved": proved, "seats": seats(session, viewer), "errors": errors,
            "phone": masked(citizen.phone), "kept_days": periods(session).of(INCIDENTS),
        }  # fmt: skip

    return await shown(request, template, load, status if fault else 200)


routes = [
    Route(PAGE, show),
    Route(f"{PAGE}/name", call_me, methods=["POST"]),
    Route(f"{PAGE}/code", code, methods=["POST"]),
    Route(f"{PAGE}/password", password, methods=["POST"]),
    Route(f"{PAGE}/devices/{{id:int}}/end", end, methods=["POST"]),
    Route(f"{PAGE}/export", take_away),
    Route(DELETE_PAGE, ask_delete),
    Route(DELETE_PAGE, delete, methods=["POST"]),
]

"""A second factor of one's own, and whose door a supervisor or an administrator may open again."""

import secrets
from typing import Any

from sqlmodel import Session
from starlette.responses import Response
from starlette.routing import Route

from console.door import factors
from console.door.sealing import seal, unseal
from console.door.viewer import FACTORS, desk_of, locale_of, require, require_proof
from console.errors import wants_json
from console.pages.words import say
from console.state import Request
from console.web.door.second import place_of
from console.web.forms import Act, Form, done, read
from console.web.showing import shown
from console.web.staff.keeping import keeping
from models.acts import LENT
from models.command.deputy import latest
from models.errors import N_, NotAllowed, WrongMoment, WrongValue
from models.people.factors import (
    NAME_MOST,
    Factor,
    FactorKind,
    add_factor,
    codes_left,
    drop_factor,
    end_seats,
    factors_of,
    renew_codes,
    require_factor,
    reset_factors,
)
from models.people.staff import colleagues, own_account
from models.roles import STAFF, Role
from models.time import local
from models.viewer import Viewer

APP, PASSKEY, CODES = f"{FACTORS}/app", f"{FACTORS}/passkey", f"{FACTORS}/codes"
PEOPLE = "/duty/staff"
OFFERED_SECONDS = 600
TOO_LATE = N_("Halaman ini sudah terlalu lama terbuka. Mulai lagi.")
THEIRS = (Role.SUPERVISOR, Role.ADMIN)


class Adding(Form):
    name: str = ""
    offered: str = ""  # what this page offered, sealed
    code: str = ""
    passkey: str = ""


class Due(Act):
    due: bool = False


# One's own


async def show(request: Request) -> Response:
    viewer = require(request, *STAFF)

    def load(session: Session) -> dict[str, Any]:
        officer = own_account(session, viewer)
        return {
            "factors": factors_of(session, officer.id),
            "codes": codes_left(session, officer.id),
            "due": officer.factor_due,
            "desk": desk_of(viewer),
            "safe": request.url.scheme == "https" or place_of(request).id == "localhost",
        }

    return await shown(request, "pages/me_factors.html", load)


async def ask_app(request: Request) -> Response:
    viewer = require_proof(request, *STAFF)
    return await _app_page(request, viewer, factors.new_app_secret())


async def app(request: Request) -> Response:
    """The code proves that the app has the secret; it lets nobody in a second time."""
    viewer, typed = require(request, *STAFF), await read(request, Adding)
    secret = _offered(request, viewer, FactorKind.APP, typed.offered)
    step = factors.step_of(secret, factors.digits_of(typed.code))
    if step is None:
        return await _app_page(request, viewer, secret, typed.name, WrongValue("code", factors.WRONG))
    sealed = factors.sealed_secret(request.state.settings.key, secret)
    return await _add(request, viewer, Factor(kind=FactorKind.APP, name=typed.name, sealed=sealed, step=step))


async def ask_passkey(request: Request) -> Response:
    return await _passkey_page(request, require_proof(request, *STAFF))


async def passkey(request: Request) -> Response:
    viewer, typed = require(request, *STAFF), await read(request, Adding)
    challenge = bytes.fromhex(_offered(request, viewer, FactorKind.PASSKEY, typed.offered))
    try:
        made = factors.added(place_of(request), challenge, typed.name, typed.passkey)
    except WrongValue as fault:
        return await _passkey_page(request, viewer, typed.name, fault)
    return await _add(request, viewer, made)


async def drop(request: Request) -> Response:
    viewer = require_proof(request, *STAFF)
    await request.state.writer.run(drop_factor, viewer, request.path_params["id"])
    return done(request, FACTORS)


async def codes(request: Request) -> Response:
    """A new sheet, shown once."""
    viewer, fresh = require_proof(request, *STAFF), factors.new_codes()
    await request.state.writer.run(renew_codes, viewer, [factors.code_print(code) for code in fresh])
    return await shown(request, "pages/me_codes.html", codes=fresh, desk=desk_of(viewer))


# Others'


async def people(request: Request) -> Response:
    viewer = require(request, *THEIRS)
    if viewer.lent_until:
        raise NotAllowed(LENT)

    def load(session: Session) -> dict[str, Any]:
        return {"colleagues": colleagues(session, viewer), "latest": local(latest(session)).strftime("%Y-%m-%dT%H:%M")}

    return await shown(request, "pages/staff.html", load, desk=desk_of(viewer))


async def reset(request: Request) -> Response:
    viewer = require_proof(request, *THEIRS)
    await request.state.writer.run(reset_factors, viewer, request.path_params["id"])
    return done(request, PEOPLE)


async def end(request: Request) -> Response:
    viewer = require(request, *THEIRS)
    await request.state.writer.run(end_seats, viewer, request.path_params["id"])
    return done(request, PEOPLE)


async def due(request: Request) -> Response:
    viewer, form = require_proof(request, Role.ADMIN), await read(request, Due)
    await request.state.writer.run(require_factor, viewer, request.path_params["id"], form.due)
    return done(request, PEOPLE)


async def _add(request: Request, viewer: Viewer, factor: Factor) -> Response:
    """With the first one comes a sheet of codes, shown once."""
    fresh = factors.new_codes()
    prints = [factors.code_print(code) for code in fresh]
    first = await request.state.writer.run(add_factor, viewer, factor, prints)
    if not first:
        return done(request, FACTORS)
    return await shown(request, "pages/me_codes.html", codes=fresh, desk=desk_of(viewer))


def _offer(request: Request, viewer: Viewer, kind: FactorKind, what: str) -> str:
    """Only a page that saw the password just now makes one, and only for its own session."""
    return seal(request.state.settings.key, {"kind": kind, "what": what, "session": viewer.session})


def _offered(request: Request, viewer: Viewer, kind: FactorKind, token: str) -> str:
    said = unseal(request.state.settings.key, token, OFFERED_SECONDS) or {}
    if said.get("kind") != kind or said.get("session") != viewer.session:
        raise WrongMoment(TOO_LATE)
    return str(said["what"])


async def _app_page(
    request: Request, viewer: Viewer, secret: str, name: str = "", fault: WrongValue | None = None
) -> Response:
    def load(session: Session) -> dict[str, Any]:
        address = factors.app_address(secret, own_account(session, viewer).login)
        return {"picture": factors.picture(address), "address": address}

    offered = _offer(request, viewer, FactorKind.APP, secret)
    spelled = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
    return await _adding(request, viewer, "pages/me_app.html", load, name, fault, offered=offered, spelled=spelled)


async def _passkey_page(request: Request, viewer: Viewer, name: str = "", fault: WrongValue | None = None) -> Response:
    challenge = secrets.token_bytes(32)

    def load(session: Session) -> dict[str, Any]:
        me = own_account(session, viewer)
        mine = factors_of(session, me.id)
        return {"asked": factors.asked_to_add(place_of(request), challenge, me.id, me.login, me.title, mine)}

    offered = _offer(request, viewer, FactorKind.PASSKEY, challenge.hex())
    return await _adding(request, viewer, "pages/me_passkey.html", load, name, fault, offered=offered)


async def _adding(
    request: Request, viewer: Viewer, template: str, load: Any, name: str, fault: WrongValue | None, **known: Any
) -> Response:
    if fault and wants_json(request):
        raise fault
    errors = {fault.field: say(locale_of(request), fault.sentence, fault.values)} if fault else {}
    known |= {"errors": errors, "name": name, "most": NAME_MOST, "desk": desk_of(viewer)}
    return await shown(request, template, load, 422 if fault else 200, **known)


routes = [
    Route(FACTORS, show),
    Route(APP, ask_app),
    Route(APP, app, methods=["POST"]),
    Route(PASSKEY, ask_passkey),
    Route(PASSKEY, passkey, methods=["POST"]),
    Route(CODES, codes, methods=["POST"]),
    Route(f"{FACTORS}/{{id:int}}/drop", keeping(drop, show, FACTORS), methods=["POST"]),
    Route(PEOPLE, people),
    Route(f"{PEOPLE}/{{id:int}}/factors/reset", keeping(reset, people, PEOPLE), methods=["POST"]),
    Route(f"{PEOPLE}/{{id:int}}/sessions/end", keeping(end, people, PEOPLE), methods=["POST"]),
    Route(f"{PEOPLE}/{{id:int}}/factors/require", keeping(due, people, PEOPLE), methods=["POST"]),
]

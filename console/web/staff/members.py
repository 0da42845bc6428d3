"""Members in /admin: everybody who serves, one by one, or a whole roster from a spreadsheet."""

import codecs
from collections.abc import Mapping
from typing import Any

from sqlmodel import Session, col, select
from starlette.datastructures import UploadFile
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from console.door.bodies import WORDS_BYTES
from console.door.sealing import seal, unseal
from console.door.viewer import locale_of, require
from console.errors import sentence_of
from console.pages.words import say
from console.state import Request
from console.web.forms import Act, done, known_id, read, storable
from console.web.showing import shown
from console.web.staff.keeping import keeping
from models.city.seed.facts import load
from models.city.station import Station
from models.command import members as law
from models.command.roster import Imported, done_by, import_members, read_roster
from models.errors import N_
from models.people.officers import Officer
from models.people.phones import e164, masked
from models.roles import DUTY, Role

AT = "/admin/members"
WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # as Excel begins a file of its own, the new way and the old
IS_WORKBOOK = N_("Ini berkas Excel: simpan sebagai CSV, atau tempel isinya.")


class Enrolment(Act):
    nrp: str = ""
    rank: str = ""
    name: str = ""
    station: int = 0
    function: str = ""
    regu: str = ""
    desk: bool = False
    phone: str = ""
    officer: int | None = None


async def members(request: Request) -> Response:
    """`?imported=FIRST-END-SAME`: an import, just now, by the numbers of its events."""
    viewer = require(request, Role.ADMIN)
    said = request.query_params.get("imported", "").split("-")
    taken = Imported(*map(int, said)) if len(said) == 3 and all(map(known_id, said)) else None

    def load(session: Session) -> dict[str, Any]:
        return _all(session) | {"imported": taken, "did": done_by(session, viewer, taken) if taken else {}}

    return await _page(request, "pages/admin_members.html", load)


async def member(request: Request) -> Response:
    id = request.path_params["id"]
    return await _page(request, "admin/_member.html", lambda session: _one(session, id, request.state.settings.key))


async def add(request: Request) -> Response:
    viewer, form = require(request, Role.ADMIN), await read(request, Enrolment)
    await request.state.writer.run(law.add_member, viewer, _given(form, request.state.settings.key))
    return done(request, AT)


async def change(request: Request) -> Response:
    """An empty number stays what it is: the form never holds it."""
    viewer, form, id = require(request, Role.ADMIN), await read(request, Enrolment), request.path_params["id"]
    key = request.state.settings.key

    def act(session: Session) -> None:
        kept = "" if form.phone else law.find_member(session, id).phone
        law.change_member(session, viewer, id, _given(form, key, kept), form.version)

    await request.state.writer.run(act)
    return done(request, AT)


async def retire(request: Request) -> Response:
    await request.state.writer.run(law.retire_member, require(request, Role.ADMIN), request.path_params["id"])
    return done(request, AT)


async def reinstate(request: Request) -> Response:
    await request.state.writer.run(law.reinstate_member, require(request, Role.ADMIN), request.path_params["id"])
    return done(request, AT)


async def roster(request: Request) -> Response:
    """First what would become of it, line by line; with `sure` it is done, unless something is wrong."""
    viewer = require(request, Role.ADMIN)
    key, locale = request.state.settings.key, locale_of(request)
    async with request.form(max_files=1, max_fields=10, max_part_size=WORDS_BYTES) as form:
        file, typed, sure = form.get("file"), form.get("roster"), form.get("sure") == "yes"
        held = await file.read() if isinstance(file, UploadFile) and file.size else b""
    workbook = held.startswith(WORKBOOKS)
    text = "" if workbook else storable(decoded(held) if held else str(typed or ""))
    if sure:
        took: Imported = await request.state.writer.run(import_members, viewer, text, lambda phone: sealed(key, phone))
        return RedirectResponse(f"{AT}?imported={took.first}-{took.end}-{took.same}", 303)

    def load(session: Session) -> Mapping[str, Any]:
        if workbook:
            return {"lines": [], "faults": [(1, say(locale, IS_WORKBOOK))], "text": ""}
        found = read_roster(session, text, lambda phone: sealed(key, phone))
        faults = [(fault.number, sentence_of(fault.refusal, locale)) for fault in found.faults]
        return {"lines": found.lines, "faults": faults, "text": text}

    return await _page(request, "pages/admin_roster.html", load)


async def no_roster(request: Request) -> Response:
    """Back, after an import: what was shown there is done."""
    require(request, Role.ADMIN)
    return RedirectResponse(AT, 303)


def decoded(sent: bytes) -> str:
    """What Excel writes: UTF-8 with its mark, UTF-16 with tabs between, or the code page of an older one."""
    if sent.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return sent.decode("utf-16", errors="replace")
    try:
        return sent.decode("utf-8-sig")
    except UnicodeDecodeError:
        return sent.decode("cp1252", errors="replace")


def sealed(key: bytes, phone: str) -> str:
    return seal(key, {"phone": phone})


def _given(form: Enrolment, key: bytes, phone: str = "") -> law.Enrolled:
    phone = sealed(key, e164(form.phone)) if form.phone else phone
    return law.Enrolled(
        form.nrp, form.rank, form.name, form.station, form.function, form.regu, form.desk, phone, form.officer
    )


def _all(session: Session) -> dict[str, Any]:
    return {"members": law.members(session), "gone": law.members(session, active=False)}


def _one(session: Session, id: int, key: bytes) -> dict[str, Any]:
    member = law.find_member(session, id)
    said = unseal(key, member.phone, None) if member.phone else None
    return {"member": member, "phone": masked(said["phone"]) if said else ""}


async def _page(request: Request, template: str, data: Any) -> Response:
    require(request, Role.ADMIN)

    def read_all(session: Session) -> dict[str, Any]:
        accounts = select(Officer).where(Officer.active, col(Officer.role).in_(DUTY)).order_by(Officer.name)
        return {
            "stations": session.exec(select(Station).where(Station.active).order_by(col(Station.id))).all(),
            "station_names": {row.id: row.name for row in session.exec(select(Station))},
            "accounts": session.exec(accounts).all(),
            "functions": list(law.Function),
            "ranks": load().ranks,
        } | data(session)

    return await shown(request, template, read_all, back=AT)


routes = [
    Route(AT, members),
    Route(AT, keeping(add, members, AT), methods=["POST"]),
    Route(f"{AT}/roster", no_roster),
    Route(f"{AT}/roster", roster, methods=["POST"]),
    Route(f"{AT}/{{id:int}}", member),
    Route(f"{AT}/{{id:int}}", keeping(change, member, f"{AT}/{{id}}"), methods=["POST"]),
    Route(f"{AT}/{{id:int}}/retire", keeping(retire, member, f"{AT}/{{id}}"), methods=["POST"]),
    Route(f"{AT}/{{id:int}}/reinstate", keeping(reinstate, member, f"{AT}/{{id}}"), methods=["POST"]),
]

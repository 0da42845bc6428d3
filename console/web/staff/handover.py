"""Serah terima: what one shift leaves to the next, on one page for both, and on one sheet of paper."""

from datetime import timedelta
from typing import Any

from sqlmodel import Session, col, select
from starlette.responses import Response
from starlette.routing import Route

from console.door.viewer import require, require_seat
from console.pages.render import asks_for_part
from console.state import Request
from console.web.door import knock
from console.web.forms import Act, Id, done, known_id, read
from console.web.showing import shown
from console.web.staff.keeping import keeping
from models.command import handover_steps as law
from models.command.freezing import freeze as freeze_list
from models.command.handover import (
    NAME,
    WORDS,
    Answer,
    Handover,
    Line,
    Noted,
    find_handover,
    handover_of,
    lines,
    newest_handover,
)
from models.command.handover_sides import may
from models.command.handover_since import rewritten, since_frozen
from models.command.members import Member
from models.command.shifts import STATES, Shift, manned, on_duty, waiting
from models.errors import N_, WrongValue
from models.people.officers import Officer
from models.record.event import Event, Head
from models.roles import Role
from models.time import now
from models.viewer import Viewer

AT = "/duty/handover"
NEXT = "next"  # ?of=next: that of the shift on duty, while the last one is shown still
DONE_IS_SHOWN = timedelta(hours=1)
NOT_IT = N_("Kata sandi atau nama masuk tidak cocok.")


class Note(Act):
    happened: str = ""
    may_happen: str = ""
    goes_on: str = ""


class Question(Act):
    question: str = ""


class Rest(Act):
    """`seen`: the newest event of this handover on the page that was pressed."""

    seen: Id | None = None


class Reply(Act):
    reply: str = ""


class Signature(Act):
    side: str = ""
    login: str = ""
    password: str = ""
    sure: bool = False


async def show(request: Request) -> Response:
    viewer = require_seat(request, Role.SUPERVISOR)
    template = "duty/_handover.html" if asks_for_part(request) else "pages/handover.html"
    asked, chosen = request.query_params.get("of", ""), request.query_params.get("case", "")
    return await shown(request, template, lambda session: _page(session, viewer, asked, chosen))


async def paper(request: Request) -> Response:
    require_seat(request, Role.SUPERVISOR)
    id = request.path_params["id"]
    return await shown(request, "pages/handover_paper.html", lambda session: _told(session, find_handover(session, id)))


async def note(request: Request) -> Response:
    viewer, form, id = require(request, Role.SUPERVISOR), await read(request, Note), request.path_params["id"]
    said = Noted(form.happened, form.may_happen, form.goes_on)
    await request.state.writer.run(law.note_case, viewer, id, said, form.version)
    return done(request, AT)


async def freeze(request: Request) -> Response:
    viewer = require(request, Role.SUPERVISOR)
    await request.state.writer.run(freeze_list, viewer)
    return done(request, AT)


async def accept(request: Request) -> Response:
    viewer, form = require(request, Role.SUPERVISOR), await read(request, Act)
    await request.state.writer.run(law.accept_case, viewer, request.path_params["id"], form.version)
    return done(request, AT)


async def accept_rest(request: Request) -> Response:
    viewer, form = require(request, Role.SUPERVISOR), await read(request, Rest)
    await request.state.writer.run(law.accept_rest, viewer, request.path_params["id"], form.seen)
    return done(request, AT)


async def send_back(request: Request) -> Response:
    viewer, form = require(request, Role.SUPERVISOR), await read(request, Question)
    await request.state.writer.run(law.send_back, viewer, request.path_params["id"], form.question, form.version)
    return done(request, AT)


async def reply(request: Request) -> Response:
    viewer, form = require(request, Role.SUPERVISOR), await read(request, Reply)
    await request.state.writer.run(law.reply_case, viewer, request.path_params["id"], form.reply)
    return done(request, AT)


async def sign(request: Request) -> Response:
    """Two people at one screen: whoever signs says who they are, whoever is signed in on it."""
    viewer, form = require(request, Role.SUPERVISOR), await read(request, Signature)
    login = form.login.casefold()
    signer: Officer | None = await request.state.read(_by_login, login)
    known = viewer.session if signer and signer.id == viewer.id else ""
    if not await knock.proves(request, login, form.password, signer.password if signer else None, known) or not signer:
        raise WrongValue("password", NOT_IT)
    await request.state.writer.run(
        law.sign_handover, viewer, request.path_params["id"], form.side, signer.id, form.sure
    )
    return done(request, AT)


def _by_login(session: Session, login: str) -> Officer | None:
    officer = session.exec(select(Officer).where(Officer.login == login)).first()
    return officer if officer and officer.admitted else None


def _page(session: Session, viewer: Viewer, asked: str, chosen: str) -> dict[str, Any]:
    running = on_duty(session)
    handover = find_handover(session, int(asked)) if known_id(asked) else _newest(session, running)
    if asked == NEXT:
        handover = handover_of(session, running) if running else None
    told = _told(session, handover)
    head = session.get_one(Head, 1)
    picked = next((line for line in told["lines"] if str(line.incident_id) == chosen), None)
    return told | {
        "seq": head.seq, "epoch": head.epoch, "shifts": manned(session), "running": running,
        "coming": waiting(session), "picked": picked, "words_most": WORDS, "name_most": NAME,
        "past": _past(session), "may": may(session, viewer, handover),
    }  # fmt: skip


def _newest(session: Session, running: Shift | None) -> Handover | None:
    """Of the shift on duty; the last one that was signed while its cases are still being taken on, and for an hour: both
    want to see that it is done before the page is of the next one."""
    here = handover_of(session, running) if running else None
    if here or running is None:
        return here or newest_handover(session)
    last = newest_handover(session)
    if last is None or last.to_id != running.id:
        return None
    lately = last.in_at is not None and last.in_at > now() - DONE_IS_SHOWN
    return last if lately or _open_still(lines(session, last)) else None


def _open_still(listed: list[Line]) -> bool:
    return any(not line.closed and line.answer != "accepted" for line in listed)


def _told(session: Session, handover: Handover | None) -> dict[str, Any]:
    listed = lines(session, handover)
    taken = sum(line.answer == Answer.ACCEPTED for line in listed)
    answers = [line.answer for line in listed if not line.closed]
    return {
        "handover": handover, "lines": listed,
        "since": since_frozen(session, handover) if handover else None, "rewritten": rewritten(session, handover),
        "accepted": taken, "returned": answers.count("returned"), "left": answers.count(""),
        "closed": sum(line.closed and line.answer != Answer.ACCEPTED for line in listed),
        "unwritten": sum(not (line.said and line.said.may_happen) for line in listed if not line.closed),
        "unheld": sum(not line.holder for line in listed if not line.closed), "states": {one.state: one for one in STATES},
        "signers": {"out": _login(session, handover.shift if handover else None), "in": _login(session, handover.to if handover else None)},
        "nrp": _nrp(session, handover), "hash": _hash(session, handover), "at": handover.frozen_at if handover and handover.frozen_at else now(),
    }  # fmt: skip


def _login(session: Session, shift: Shift | None) -> str:
    """Of who leads it, if they have a sign-in."""
    lead = session.get(Member, shift.lead_id) if shift else None
    officer = session.get(Officer, lead.officer_id) if lead and lead.officer_id else None
    return officer.login if officer else ""


def _nrp(session: Session, handover: Handover | None) -> dict[int, str]:
    """By officer: of those who signed."""
    signed = (handover.out_id, handover.in_id) if handover else ()
    found = select(Member.officer_id, Member.nrp).where(col(Member.officer_id).in_([id for id in signed if id]))
    return {id: nrp for id, nrp in session.exec(found) if id}


def _hash(session: Session, handover: Handover | None) -> str:
    """That the chain has at the second signature; before it, at the number of the list."""
    seq = handover and (handover.done_seq or handover.frozen_seq)
    event = session.get(Event, seq) if seq else None
    return event.hash if event else ""


def _past(session: Session) -> list[Handover]:
    signed = select(Handover).where(col(Handover.in_at).is_not(None)).order_by(col(Handover.id).desc()).limit(7)
    return list(session.exec(signed))


routes = [
    Route(AT, show),
    Route(f"{AT}/freeze", keeping(freeze, show, AT), methods=["POST"]),
    Route(f"{AT}/notes/{{id:int}}", keeping(note, show, f"{AT}?case={{id}}"), methods=["POST"]),
    Route(f"{AT}/cases/{{id:int}}/accept", keeping(accept, show, AT), methods=["POST"]),
    Route(f"{AT}/cases/{{id:int}}/back", keeping(send_back, show, AT), methods=["POST"]),
    Route(f"{AT}/cases/{{id:int}}/reply", keeping(reply, show, AT), methods=["POST"]),
    Route(f"{AT}/{{id:int}}/rest", keeping(accept_rest, show, AT), methods=["POST"]),
    Route(f"{AT}/{{id:int}}/sign", keeping(sign, show, AT), methods=["POST"]),
    Route(f"{AT}/{{id:int}}/paper", paper),
]

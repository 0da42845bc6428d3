"""The journal: everything that was done and by whom, filtered, and as a table."""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from sqlmodel import Session, col, select
from starlette.responses import Response
from starlette.routing import Route

from console.door.viewer import locale_of, require
from console.pages.journal import role, told, who
from console.pages.words import say
from console.state import Request
from console.web.forms import known_id
from console.web.showing import shown
from console.web.staff.spreadsheet import spreadsheet
from models.city.station import Station
from models.command.shifts import on_duty
from models.errors import N_
from models.people.officers import Officer
from models.reading.journal import MOST, PAGE, Done, journal
from models.roles import STAFF, Role
from models.time import as_typed, local, now

AT = "/duty/journal"
READERS = (Role.SUPERVISOR, Role.ADMIN)
DAY = timedelta(days=1)
HEAD = (N_("Waktu"), N_("Oleh"), N_("Peran"), N_("Kejadian"), N_("Apa"), N_("Nomor catatan"))


async def show(request: Request) -> Response:
    viewer = require(request, *READERS)

    def load(session: Session) -> dict[str, Any]:
        asked = _asked(session, request)
        before = asked.pop("before")
        rows = journal(session, viewer, **asked, before=before)
        people = select(Officer).where(col(Officer.role).in_(STAFF)).order_by(Officer.name)
        return {
            "rows": _lines(session, request, rows), "people": session.exec(people).all(), "asked": asked,
            "since": f"{local(asked['since']):%Y-%m-%dT%H:%M}", "until": f"{local(asked['until']):%Y-%m-%dT%H:%M}",
            "back": _back(request, rows) if len(rows) == PAGE else "",
        }  # fmt: skip

    return await shown(request, "pages/journal.html", load)


async def table(request: Request) -> Response:
    """All of the span, up to twenty thousand lines, newest first; the last says so when there were more."""
    viewer, locale = require(request, *READERS), locale_of(request)

    def load(session: Session) -> list[list[str]]:
        asked = _asked(session, request)
        asked.pop("before")
        rows = journal(session, viewer, **asked, most=MOST)
        lines = [[say(locale, head) for head in HEAD]]
        for at, name, by, number, words, seq in _lines(session, request, rows):
            lines.append([f"{local(at):%Y-%m-%d %H:%M:%S}", name, by, number, words, str(seq)])
        if len(rows) == MOST:
            lines.append(["…"])
        return lines

    return spreadsheet(f"siaga-jurnal-{local(now()):%Y%m%d-%H%M}", await request.state.read(load))


def _lines(session: Session, request: Request, rows: list[Done]) -> list[tuple[datetime, str, str, str, str, int]]:
    locale = locale_of(request)
    names = {one.id: one.title for one in session.exec(select(Officer))}
    posts = {one.id: one.name for one in session.exec(select(Station))}
    return [
        (
            done.event.at, who(done, locale), role(done.event.by_role, locale), done.incident.number if done.incident else "",
            told(done, locale, names, posts), done.event.seq,
        )
        for done in rows
    ]  # fmt: skip


def _asked(session: Session, request: Request) -> dict[str, Any]:
    """Of the shift on duty, where nothing is said; without one, of the last day."""
    asked, shift = request.query_params, on_duty(session)
    begun = shift.began_at if shift and shift.began_at else now() - DAY
    return {
        "since": as_typed(asked.get("since", "")) or begun, "until": as_typed(asked.get("until", "")) or now(),
        "person": _number(asked.get("person", "")) or None, "incident": asked.get("incident", "").strip()[:20],
        "before": _number(asked.get("before", "")),
    }  # fmt: skip


def _back(request: Request, rows: list[Done]) -> str:
    """The query of the page before: the same question, of what is older than the last line."""
    return urlencode(dict(request.query_params) | {"before": rows[-1].event.seq})


def _number(typed: str) -> int:
    return int(typed) if known_id(typed) else 0


routes = [Route(AT, show), Route(f"{AT}.csv", table)]

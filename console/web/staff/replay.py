"""Replay for a debriefing: a past hour to look at and to move about in. Nothing on it acts on a case; only bookmarks are kept."""

from datetime import UTC, datetime
from typing import Any

from sqlmodel import Session, select
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from console.door.viewer import require, require_seat
from console.pages.diary import briefly
from console.state import Request
from console.web.forms import Act, done, read
from console.web.showing import shown
from console.web.staff.keeping import keeping
from models.city.category import Category
from models.command.bookmarks import bookmark, bookmarks
from models.people.officers import Officer
from models.reading.replay import HOUR, Card, Hour, Post, State, cards, hour_of, out, replay
from models.roles import Role
from models.time import local, now
from models.viewer import Viewer

CARD = "duty/_replay_card.html"


class Marked(Act):
    words: str = ""


async def show(request: Request) -> Response:
    viewer, asked = require_seat(request, Role.SUPERVISOR), request.query_params

    def load(session: Session) -> dict[str, Any]:
        at = request.path_params.get("id") or _number(asked.get("at", ""))
        hour = _hour(session, viewer, asked.get("from", ""), at)
        return _page(session, viewer, hour, min(at, hour.last) or hour.seq)

    return await shown(request, "pages/replay.html", load)


async def frames(request: Request) -> Response:
    """What the page moves about in: the board when the hour began, and what each event made of its incident."""
    viewer, begins = require_seat(request, Role.SUPERVISOR), request.query_params.get("from", "")

    def load(session: Session) -> Response:
        hour = _hour(session, viewer, begins, 0)
        drawn = _Drawn(request, session, viewer)
        told = {
            "start": [{"id": id, **drawn.frame(id, state)} for id, state in hour.start.items()],
            "frames": list(_moves(hour, drawn, briefly(session, [one.event for one in hour.changes], viewer.locale))),
        }
        return JSONResponse(told, headers={"Cache-Control": "no-store"})

    return await request.state.read(load)


async def mark(request: Request) -> Response:
    viewer, form, seq = require(request, Role.SUPERVISOR), await read(request, Marked), request.path_params["id"]
    await request.state.writer.run(bookmark, viewer, seq, form.words)
    return done(request, f"/duty/replay?at={seq}")


def _hour(session: Session, viewer: Viewer, moment: str, seq: int) -> Hour:
    begins = hour_of(session, moment, seq)
    return replay(session, viewer, begins, begins + HOUR)


def _page(session: Session, viewer: Viewer, hour: Hour, at: int) -> dict[str, Any]:
    events = [one.event for one in hour.changes]
    said, stood = briefly(session, events, viewer.locale), hour.at(at)
    return {
        "hour": hour,
        "at": at,
        "moment": next((event.at for event in events if event.seq == at), hour.begins),
        "told": [
            (one, said[one.event.seq], hour.numbers.get(one.id, "")) for one in hour.changes if one.event.seq in said
        ],
        "board": cards(stood),
        "out": _named(out(stood)),
        "marks": bookmarks(session, hour.seq, hour.last),
        "asked": _asked(hour.begins),
        "before": _asked(hour.begins - HOUR),
        "after": _asked(hour.ends) if hour.ends <= now() else "",
        "names": _names(session),
    }


class _Drawn:
    """Cards as HTML, each once: most events change nothing of what a card shows."""

    def __init__(self, request: Request, session: Session, viewer: Viewer) -> None:
        self._render, self._audience = request.state.pages.render, viewer.audience
        self._names = _names(session)
        self._known: dict[tuple[int, Card], str] = {}

    def frame(self, id: int, state: State) -> dict[str, Any]:
        return {"card": self._card(id, state.card), "out": _named(dict(state.out))}

    def _card(self, id: int, card: Card | None) -> str | None:
        if card is None:
            return None
        if (id, card) not in self._known:
            self._known[id, card] = self._render(CARD, self._audience, id=id, card=card, names=self._names).strip()
        return self._known[id, card]


def _moves(hour: Hour, drawn: _Drawn, said: dict[int, str]) -> Any:
    """What is told of, or changes what is shown; of what did not change, nothing."""
    stood = dict(hour.start)
    for one in hour.changes:
        event, before = one.event, stood.get(one.id, State())
        stood[one.id] = one.state
        if one.state == before and event.seq not in said:
            continue
        moved: dict[str, Any] = {"seq": event.seq, "at": round(event.at.timestamp() * 1000), "id": one.id}
        yield moved | (drawn.frame(one.id, one.state) if one.state != before else {})


def _named(counted: dict[Post, int]) -> dict[str, int]:
    """By the station's name of then, which is how people spoke of it."""
    named: dict[str, int] = {}
    for (_, name), n in counted.items():
        named[name] = named.get(name, 0) + n
    return named


def _asked(moment: datetime) -> str:
    """As the address has it."""
    return local(moment).strftime("%Y-%m-%dT%H:%M")


def _names(session: Session) -> dict[str, Any]:
    """Of categories and officers, as they are called today."""
    return {
        "categories": {row.code: row for row in session.exec(select(Category))},
        "officers": {row.id: row.short for row in session.exec(select(Officer))},
        "moment": lambda told: datetime.fromisoformat(told).astimezone(UTC),
    }


def _number(typed: str) -> int:
    return int(typed) if typed.isdecimal() and typed.isascii() and len(typed) <= 9 else 0


routes = [
    Route("/duty/replay", show),
    Route("/duty/replay.json", frames),
    Route("/duty/replay/{id:int}/bookmarks", keeping(mark, show, "/duty/replay"), methods=["POST"]),
]

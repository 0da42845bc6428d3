"""What a day, a week, a month was in numbers: a page, a sheet of paper for seven in the morning, a table for a spreadsheet."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, select
from starlette.responses import Response
from starlette.routing import Route

from console.door.viewer import locale_of, require, require_seat
from console.ground.points import distance_m
from console.pages.daily import Sheet, sheet
from console.pages.paper import pdf
from console.pages.words import say
from console.state import Request
from console.web.forms import Act, done, known_id, read
from console.web.showing import shown
from console.web.staff.keeping import keeping
from console.web.staff.spreadsheet import spreadsheet
from models.city.category import Category
from models.command.highlights import Highlight, highlight, highlighted
from models.command.turns import Mustered, Turn, mustered, turn
from models.errors import N_
from models.reading.figures import figures
from models.reading.measures import Figures, Pace, Span
from models.reading.periods import Period, period
from models.reading.recurring import Recurring, recurring
from models.roles import Role
from models.time import local, now
from models.viewer import Viewer

MOST_PLACES = 12  # kelurahan with a line of their own
Line = tuple[str, str, *tuple[str | int | float | None, ...]]
HEAD = (
    N_("Bagian"), N_("Nama"), N_("Jumlah"), N_("Periode sebelumnya"), N_("Median (detik)"), N_("Sembilan dari sepuluh dalam (detik)"),
    N_("Target (detik)"), N_("Terlambat"), N_("Alasan"),
)  # fmt: skip
PARTS = {
    "step": N_("Langkah"), "claim": N_("Diambil, menurut prioritas"), "arrive": N_("Tiba, menurut prioritas"),
    "category": N_("Kategori"), "station": N_("Polsek"), "officer": N_("Petugas"), "kelurahan": N_("Kelurahan"),
    "late_taken": N_("Terlambat diambil"), "late_arrived": N_("Terlambat tiba"), "strength": N_("Hadir, menurut regu"),
    "fewest_free": N_("Bebas paling sedikit"), "again_30_days": N_("Berulang dalam 30 hari"),
    "pranks": N_("Laporan iseng"), "forwarded": N_("Dilimpahkan"), "blocked": N_("Diblokir"), "ratings": N_("Penilaian"),
    "sent_less_suggested": N_("Dikirim dikurangi yang disarankan"),
}  # fmt: skip
STEPS = {
    "file": N_("Diterima"), "claim": N_("Diambil"), "dispatch": N_("Dikirim"), "arrive": N_("Tiba"),
    "close": N_("Ditutup"),
}  # fmt: skip


class Told(Act):
    words: str = ""


async def show(request: Request) -> Response:
    viewer, asked = require_seat(request, Role.SUPERVISOR), _asked(request)

    def load(session: Session) -> dict[str, Any]:
        page = _page(session, viewer, *asked)
        places = page.told.places
        day = page.of.first if isinstance(page.of, Period) else local(page.of.begins).date()
        kinds = {row.code: row for row in session.exec(select(Category))}
        return {
            **vars(page),
            "day_on": day.isoformat(),
            "grid": places[:MOST_PLACES],
            "rest": places[MOST_PLACES:],
            "kinds": kinds,
        }

    return await shown(request, "pages/figures.html", load)


async def report(request: Request) -> Response:
    """On paper: of a day, whatever was looked at."""
    load = _sheet(request)
    return await shown(request, "pages/daily_report.html", lambda session: {"sheet": load(session)})


async def report_pdf(request: Request) -> Response:
    """The same sheet as a file, to be sent on."""
    told = await request.state.read(_sheet(request))
    headers = {
        "Content-Disposition": f'inline; filename="siaga-laporan-harian-{told.on}.pdf"',
        "Cache-Control": "no-store",
    }
    return Response(await asyncio.to_thread(pdf, told), media_type="application/pdf", headers=headers)


def _sheet(request: Request) -> Callable[[Session], Sheet]:
    """What both say: worded in a reader's thread."""
    viewer, command = require_seat(request, Role.SUPERVISOR), request.state.pages.command
    of = period("day", request.query_params.get("on", ""))

    def load(session: Session) -> Sheet:
        return sheet(locale_of(request), command, of, *_told(session, viewer, of))

    return load


async def table(request: Request) -> Response:
    """A line for each figure, all of one shape, seconds whole; which part has which columns: docs/operating.md."""
    viewer, asked, locale = require_seat(request, Role.SUPERVISOR), _asked(request), locale_of(request)

    def load(session: Session) -> Page:
        return _page(session, viewer, *asked)

    page = await request.state.read(load)
    return spreadsheet(f"siaga-{page.of.kind}-{page.of.on}", in_words(page, locale))


async def stood_out(request: Request) -> Response:
    viewer, form = require(request, Role.SUPERVISOR), await read(request, Told)
    row = await request.state.writer.run(highlight, viewer, request.path_params["on"], form.words)
    return done(request, f"/duty/figures/{row.day.isoformat()}")


def _asked(request: Request) -> tuple[str, str]:
    """The kind of period, and which of them."""
    asked = request.query_params
    return asked.get("of", "day"), request.path_params.get("on") or asked.get("on", "")


@dataclass(frozen=True)
class Page:
    """`shifts`: those that took over in it; `again`: where it happened again in the thirty days up to its end."""

    of: Period | Turn
    told: Figures
    shifts: list[Mustered]
    again: list[Recurring]
    highlight: Highlight | None


def _page(session: Session, viewer: Viewer, kind: str, on: str) -> Page:
    of = turn(session, _number(on)) if kind == "shift" else period(kind, on)
    again = recurring(session, viewer, distance_m, min(of.ends, now()))
    told, shifts, stood = _told(session, viewer, of)
    return Page(of, told, shifts, again, stood)


def _told(session: Session, viewer: Viewer, of: Period | Turn) -> tuple[Figures, list[Mustered], Highlight | None]:
    stood = highlighted(session, of.first) if isinstance(of, Period) and of.kind == "day" else None
    return figures(session, viewer, of), mustered(session, of), stood


def _number(on: str) -> int | None:
    """Of a shift; 0, which none has, for what is no number."""
    return (int(on) if known_id(on) else 0) if on else None


def in_words(page: Page, locale: str) -> Iterator[list[str | int | None]]:
    """In plain words, every line as long as the head, and seconds without a fraction."""
    yield [say(locale, head) for head in HEAD]
    for part, name, *cells in lines(page):
        named = say(locale, STEPS[name]) if part == "step" else name
        whole = [round(cell) if isinstance(cell, float) else cell for cell in cells]
        yield [say(locale, PARTS[part]), named, *whole, *[None] * (len(HEAD) - 2 - len(whole))]


def lines(page: Page) -> Iterator[Line]:
    """One for each figure: part, name, n, n in the period before, median, P90, target, how many were late (of one that
    is late: by how many seconds), and what was said of it."""
    told = page.told
    for step, was in told.changes:
        yield "step", step.name, step.count, was, *_times(step.span)
    this, before = told.now, told.before
    for part, paces, were in (("claim", this.claims, before.claims), ("arrive", this.arrivals, before.arrivals)):
        yield from (_pace(part, *pair) for pair in zip(paces, were, strict=True))
    for row in told.categories:
        yield "category", row.of.label(), row.count, row.before, *_times(row.arrive)
    for station in told.stations:
        yield "station", station.of.name, station.count, station.before, *_times(station.arrive)
    for officer in told.officers:
        yield "officer", officer.of.title, officer.count, officer.before, *_times(officer.arrive)
    for name, hours in told.places:
        yield "kelurahan", name, sum(hours)
    for late in this.late:
        yield f"late_{late.step}", late.incident.number, 1, None, None, None, None, round(late.by), late.round.why
    for one in page.shifts:
        yield "strength", one.shift.regu, one.sums.present
    if this.fewest:
        yield "fewest_free", local(this.fewest[1]).isoformat(timespec="minutes"), this.fewest[0]
    for place in page.again:
        yield "again_30_days", place.middle.place, len(place.incidents)
    yield "pranks", "", this.pranks, before.pranks
    yield "forwarded", "", this.forwarded, before.forwarded
    yield "blocked", "", this.blocked, before.blocked
    yield "ratings", "", this.ratings, before.ratings
    for difference, n in this.decided.differences.items():
        yield "sent_less_suggested", str(difference), n


def _pace(part: str, now: Pace, before: Pace) -> Line:
    return part, f"P{now.priority}", now.span.of, before.span.of, *_times(now.span), now.target, now.late


def _times(span: Span) -> tuple[float | None, float | None]:
    return span.median, span.p90


routes = [
    Route("/duty/figures", show),
    Route("/duty/figures.csv", table),
    Route("/duty/figures/{on}", show),
    Route("/duty/figures/{on}/highlight", keeping(stood_out, show, "/duty/figures/{on}"), methods=["POST"]),
    Route("/duty/report", report),
    Route("/duty/report.pdf", report_pdf),
]

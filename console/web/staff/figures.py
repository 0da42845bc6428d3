"""What a day, a week, a month was in numbers: a page, a sheet of paper for seven in the morning, a table for a spreadsheet."""

from collections.abc import Iterator
from typing import Any

from sqlmodel import Session
from starlette.responses import Response
from starlette.routing import Route

from console.door.viewer import require_seat
from console.state import Request
from console.web.showing import shown
from console.web.staff.spreadsheet import spreadsheet
from models.reading.figures import Figures, Pace, Span, figures
from models.reading.periods import Period, period
from models.roles import Role

MOST_PLACES = 12  # kelurahan with a line of their own
Line = tuple[str, str, *tuple[str | int | float | None, ...]]


async def show(request: Request) -> Response:
    return await _shown(request, "pages/figures.html", _period(request))


async def report(request: Request) -> Response:
    """On paper: of a day, whatever was looked at."""
    return await _shown(request, "pages/daily_report.html", period("day", request.query_params.get("on", "")))


async def table(request: Request) -> Response:
    """Seconds as numbers."""
    viewer, of = require_seat(request, Role.SUPERVISOR), _period(request)
    found = await request.state.read(figures, viewer, of)
    return spreadsheet(f"siaga-{of.kind}-{of.first.isoformat()}", lines(found))


def _period(request: Request) -> Period:
    return period(request.query_params.get("of", "day"), request.query_params.get("on", ""))


async def _shown(request: Request, template: str, of: Period) -> Response:
    viewer = require_seat(request, Role.SUPERVISOR)

    def load(session: Session) -> dict[str, Any]:
        found = figures(session, viewer, of)
        return {"told": found, "of": of, "grid": found.places[:MOST_PLACES], "rest": found.places[MOST_PLACES:]}

    return await shown(request, template, load)


def lines(told: Figures) -> Iterator[Line]:
    """One for each figure: part, name, n, n in the period before, median, P90, target, how many were late."""
    yield "part", "name", "n", "before", "median_s", "p90_s", "target_s", "late"
    for step, was in told.changes:
        yield "step", step.name, step.count, was, *_times(step.span)
    now, before = told.now, told.before
    for part, paces, were in (("claim", now.claims, before.claims), ("arrive", now.arrivals, before.arrivals)):
        yield from (_pace(part, *pair) for pair in zip(paces, were, strict=True))
    for row in told.categories:
        yield "category", row.of.label(), row.count, row.before, *_times(row.arrive)
    for station in told.stations:
        yield "station", station.of.name, station.count, station.before, *_times(station.arrive)
    for officer in told.officers:
        yield "officer", officer.of.title, officer.count, officer.before, *_times(officer.arrive)
    for name, hours in told.places:
        yield "kelurahan", name, sum(hours)
    yield "pranks", "", now.pranks, before.pranks
    yield "blocked", "", now.blocked, before.blocked
    yield "ratings", "", now.ratings, before.ratings
    for difference, n in now.decided.differences.items():
        yield "sent_less_suggested", str(difference), n


def _pace(part: str, now: Pace, before: Pace) -> Line:
    return part, f"P{now.priority}", now.span.of, before.span.of, *_times(now.span), now.target, now.late


def _times(span: Span) -> tuple[float | None, float | None]:
    return span.median, span.p90


routes = [
    Route("/duty/figures", show),
    Route("/duty/figures.csv", table),
    Route("/duty/report", report),
]

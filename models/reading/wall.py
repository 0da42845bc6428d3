"""A wall's order: what needs somebody comes first. Nobody's, what is late before what is not; then a silent holder's; then
what is held and late; then the rest. In each what is true before an exercise, by priority, then by when it was opened.

Not the console's order (`by_rank`), where each has its own to take and late comes first of its priority by itself: at a
wall nobody acts, and whoever looks up asks what goes wrong now.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import and_, case
from sqlmodel import Session, col, func, select

from models.city.category import RESTRICTED
from models.city.seed.facts import load
from models.incidents.incident import Incident
from models.incidents.ranking import place
from models.incidents.strengths import Strength
from models.people.views import Part, View
from models.workflow import OPEN, Status


def is_late(incident: Incident) -> bool:
    """The clock has called its target out. That is an event, so a wall that only listens knows it as a fresh page does."""
    return incident.due_at is not None and incident.escalated_for == incident.due_at


def need(incident: Incident) -> int:
    """The order of `by_need` as one number."""
    new, late = incident.status == Status.NEW, is_late(incident)
    parts = (new and late, new, incident.stale, late, True)
    return place(parts.index(True), incident.exercise, incident.priority, incident.opened_at)


def by_need() -> tuple[Any, ...]:
    new, late = col(Incident.status) == Status.NEW, col(Incident.escalated_for) == col(Incident.due_at)
    part = case((and_(new, late), 0), (new, 1), (col(Incident.stale), 2), (late, 3), else_=4)
    return part, col(Incident.exercise), col(Incident.priority), col(Incident.opened_at), col(Incident.id)


class Tally(NamedTuple):
    """So many open incidents stand alike before every view."""

    status: str
    priority: int
    kecamatan: str
    station_id: int | None
    n: int


@dataclass(frozen=True)
class Beyond:
    """What a view leaves out: what nobody has taken, and what is in hand."""

    new: int
    held: int


def tallies(session: Session) -> list[Tally]:
    """What walls may show, whatever their view."""
    alike = [getattr(Incident, name) for name in Tally._fields[:-1]]
    counted: Any = select(*alike, func.count())  # type: ignore[call-overload]
    rows = counted.where(col(Incident.status).in_(OPEN), Incident.category_code != RESTRICTED)
    return [Tally(*row) for row in session.exec(rows.group_by(*alike))]


def beyond(rows: Iterable[Tally], view: View) -> Beyond:
    out = [row for row in rows if not view.holds(row)]
    new = sum(row.n for row in out if row.status == Status.NEW)
    return Beyond(new, sum(row.n for row in out) - new)


def posts(rows: list[Strength], view: View) -> list[Strength]:
    """The stations of a view: the polsek itself, or that of the kecamatan."""
    match view.part:
        case Part.STATION:
            return [row for row in rows if str(row.station.id) == view.of]
        case Part.DISTRICT:
            own = {district.station for district in load().districts if district.name == view.of}
            return [row for row in rows if row.station.code in own]
        case _:
            return rows


def ground(view: View, rows: Iterable[Strength]) -> list[str]:
    """The names of the kecamatan that its map is of; none: the whole city."""
    codes = {row.station.code for row in rows} if view.part is Part.STATION else set()
    if view.part is Part.DISTRICT:
        return [view.of]
    return [district.name for district in load().districts if district.station in codes]

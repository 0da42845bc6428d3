"""Suggesting: how many to send, from which stations, and why."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from statistics import median
from typing import Any

from sqlalchemy import exists, func
from sqlmodel import Session, col, select

from models.city.category import Category
from models.city.category import modifiers as open_modifiers
from models.city.station import Station, short_names
from models.incidents.dispatch import Dispatch
from models.incidents.incident import Incident
from models.incidents.strengths import Strength, force, strengths
from models.workflow import Status

ALIKE = 20  # how many past incidents the median looks at
Metres = Callable[[Any, Any], float]  # distance of two things that have lat and lon


@dataclass(frozen=True)
class Post:
    """A station as seen from an incident; `go`: how many the suggestion takes from it; `short`: its name on a button.

    `distance_m` is None while nobody knows where the incident is."""

    station: Station
    short: str
    distance_m: float | None
    row: Strength
    go: int

    @property
    def free(self) -> int | None:
        return self.row.free


@dataclass(frozen=True)
class Part:
    code: str
    label: str
    n: int


@dataclass(frozen=True)
class Suggestion:
    """A sum one can read aloud, beside the median of like cases. The officer's number decides."""

    parts: list[Part]
    median: int | None
    median_of: int
    free: int | None  # at all stations that are known; none: nobody stated any

    @property
    def total(self) -> int:
        return sum(part.n for part in self.parts)

    @property
    def short(self) -> int:
        """How many of the suggested personnel are known to be free nowhere."""
        return 0 if self.free is None else max(0, self.total - self.free)


def posts(session: Session, incident: Incident, wanted: int, metres: Metres) -> list[Post]:
    """Every station, with `wanted` personnel spread over the nearest that have some free: first those that send,
    then the others, each by distance.

    One whose strength nobody stated takes all that is left: nothing says that it cannot. What nobody has free
    stays with the nearest: there a reason is asked for. Without a place nothing is near: none is suggested, and those
    with most people free come first.
    """
    known = strengths(session)
    shorts = short_names([s.station for s in known])
    here = incident.point
    if here is None:
        rows = [Post(s.station, shorts[s.station.id], None, s, 0) for s in known]
        return sorted(rows, key=lambda post: (-(post.free or 0), post.station.id))
    near = sorted((metres(here, s.station), s.station.id, s) for s in known)
    rows = []
    for distance_m, id, strength in near:
        go = wanted if strength.free is None else min(wanted, strength.free)
        wanted -= go
        rows.append(Post(strength.station, shorts[id], distance_m, strength, go))
    if wanted and rows:
        rows[0] = replace(rows[0], go=rows[0].go + wanted)
    return sorted(rows, key=lambda post: not post.go)


def suggest(session: Session, incident: Incident, ticked: list[str], locale: str = "id") -> Suggestion:
    """Base of the category, plus what the officer ticked, beside the median of the last like cases."""
    category = session.get_one(Category, incident.category_code)
    parts = [Part("base", category.label(locale), category.personnel)]
    parts += [Part(row.code, row.label(locale), row.personnel) for row in open_modifiers(session) if row.code in ticked]
    # First the last few, each found by the index, then their sums: however long the past is.
    past = (
        select(Incident.id)
        .where(Incident.category_code == incident.category_code, Incident.status == Status.RESOLVED)
        .where(exists().where(col(Dispatch.incident_id) == Incident.id))
        .order_by(col(Incident.closed_at).desc())
        .limit(ALIKE)
    )
    sent = select(func.sum(Dispatch.personnel)).where(col(Dispatch.incident_id).in_(past))
    sums = list(session.exec(sent.group_by(col(Dispatch.incident_id))))
    return Suggestion(parts, round(median(sums)) if sums else None, len(sums), force(strengths(session)).free)

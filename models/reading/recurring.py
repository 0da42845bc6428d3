"""Places where it happens again: three incidents and more within two hundred metres in thirty days.

Of what is known well enough to say so: a point that a device or a person set, no kelurahan's middle.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from models.acts import act
from models.city.site import Point
from models.incidents.incident import Incident
from models.time import now
from models.viewer import Viewer
from models.workflow import Status

DAYS = timedelta(days=30)
NEAR_M = 200  # from the one in the middle
ENOUGH = 3
MOST = 12
EXACT = ("device", "pin", "place")
STEP = 0.002  # degrees: no less than NEAR_M anywhere that people live, so that neighbours lie in cells that touch


@dataclass(frozen=True)
class Recurring:
    """`middle`: the incident that has most of the others near it; `incidents`: all of them, the newest first."""

    middle: Incident
    incidents: list[Incident]

    @property
    def kinds(self) -> list[tuple[str, int]]:
        """Codes of categories, the commonest first."""
        return Counter(one.category_code for one in self.incidents).most_common()


@act
def recurring(
    session: Session, by: Viewer, metres: Callable[[Point, Point], float], until: datetime | None = None
) -> list[Recurring]:
    """The places with most of them first. `metres`: between two points."""
    ends = until or now()
    told = select(Incident).where(
        col(Incident.filed_at) >= ends - DAYS,
        col(Incident.filed_at) < ends,
        col(Incident.precision).in_(EXACT),
        col(Incident.exercise).is_(False),
        col(Incident.status).not_in((Status.MERGED, Status.DISMISSED, Status.FORWARDED)),
    )
    return list(_gathered([one for one in session.exec(told) if one.point and not one.rough], metres))


def _gathered(left: list[Incident], metres: Callable[[Point, Point], float]) -> Iterator[Recurring]:
    """Whoever has most near them first, and each incident at one place alone."""
    near = _near(left, metres)
    taken: set[int] = set()
    for _ in range(MOST):
        id = max(near, key=lambda one: (len(near[one] - taken), -one), default=None)
        members = near[id] - taken if id is not None else set()
        if id is None or len(members) < ENOUGH:
            return
        taken |= members
        of = {one.id: one for one in left}
        yield Recurring(of[id], sorted((of[one] for one in members), key=lambda one: one.filed_at, reverse=True))


def _near(left: list[Incident], metres: Callable[[Point, Point], float]) -> dict[int, set[int]]:
    """Of each: those within NEAR_M, itself too."""
    cells: dict[tuple[int, int], list[Incident]] = defaultdict(list)
    for one in left:
        cells[_cell(one)].append(one)
    return {
        one.id: {
            other.id
            for row in (-1, 0, 1)
            for column in (-1, 0, 1)
            for other in cells.get((_cell(one)[0] + row, _cell(one)[1] + column), ())
            if one.point and other.point and metres(one.point, other.point) <= NEAR_M
        }
        for one in left
    }


def _cell(one: Incident) -> tuple[int, int]:
    return int((one.lat or 0) // STEP), int((one.lon or 0) // STEP)

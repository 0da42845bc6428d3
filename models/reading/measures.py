"""Measures: what is told of a period, and how each of its numbers is worked out.

Median, and P90 by nearest rank, of those that came to a step; of fewer than FEW neither is said.
"""

from dataclasses import dataclass
from datetime import datetime
from math import ceil
from statistics import median
from typing import Generic, TypeVar

from models.city.category import Category, Modifier
from models.city.station import Station
from models.incidents.incident import Incident
from models.people.officers import Officer
from models.reading.rounds import Round

FEW = 5

T = TypeVar("T")


@dataclass(frozen=True)
class Span:
    """How long it took, in seconds. `of`: how many that is told of."""

    seconds: tuple[float, ...]

    @property
    def of(self) -> int:
        return len(self.seconds)

    @property
    def median(self) -> float | None:
        return median(self.seconds) if self.of >= FEW else None

    @property
    def p90(self) -> float | None:
        return sorted(self.seconds)[ceil(0.9 * self.of) - 1] if self.of >= FEW else None


@dataclass(frozen=True)
class Step:
    """One of the five that a complaint goes through: how many rounds came to it, and how long that took since another."""

    name: str
    since: str
    count: int
    span: Span


@dataclass(frozen=True)
class Pace:
    """Of one priority, from its filing on. `late`: how many came to it, or wait for it, beyond the target."""

    priority: int
    span: Span
    target: int | None
    late: int

    @property
    def over(self) -> bool:
        return self.target is not None and (self.span.p90 or 0) > self.target


@dataclass(frozen=True)
class Late:
    """`by`: seconds beyond the target of this step; `waits`: it has not come to it yet."""

    round: Round
    incident: Incident
    step: str
    by: float
    waits: bool


@dataclass(frozen=True)
class Row(Generic[T]):
    """Of one kind, station or officer. `arrive`: of its first two priorities, since filing."""

    of: T
    count: int
    before: int
    arrive: Span

    @property
    def change(self) -> int:
        return self.count - self.before

    @property
    def percent(self) -> int | None:
        """None where there were too few to speak of a share."""
        return round(100 * self.change / self.before) if self.before >= FEW else None


@dataclass(frozen=True)
class Decided:
    """What officers sent, less what was suggested: how many by that difference, and what they had ticked when it was more."""

    differences: dict[int, int]
    why: list[tuple[Modifier, int]]

    @property
    def of(self) -> int:
        return sum(self.differences.values())

    @property
    def same(self) -> int:
        return self.differences.get(0, 0)

    @property
    def more(self) -> int:
        return sum(n for difference, n in self.differences.items() if difference > 0)

    @property
    def fewer(self) -> int:
        return sum(n for difference, n in self.differences.items() if difference < 0)


@dataclass(frozen=True)
class Numbers:
    """One period, alone. `fewest`: how many were free just after a dispatch, when that was least, and when it was."""

    counted_at: datetime
    open_before: int
    open_after: int | None  # None: it is not over
    steps: list[Step]
    claims: list[Pace]
    arrivals: list[Pace]
    late: list[Late]
    pranks: int
    forwarded: int
    blocked: int
    ratings: int
    stars: float | None
    personnel: int
    fewest: tuple[int, datetime] | None
    decided: Decided

    @property
    def filed(self) -> int:
        return self.steps[0].count


@dataclass(frozen=True)
class Figures:
    """A period beside the one before it."""

    now: Numbers
    before: Numbers
    categories: list[Row[Category]]
    stations: list[Row[Station]]
    officers: list[Row[Officer]]
    places: list[tuple[str, list[int]]]  # kelurahan ("": unknown or beyond the command), by hour from seven on
    hours: list[int]
    first_event: int  # in the record, with the hash that its chain has at the last
    last_event: int
    seal: str

    @property
    def changes(self) -> list[tuple[Step, int]]:
        """Each step with how many there were in the period before."""
        return [(step, was.count) for step, was in zip(self.now.steps, self.before.steps, strict=True)]

"""Figures: what a day, a week, a month was, in numbers that say how they were counted.

A round (rounds.py) counts where it began. Median, and P90 by nearest rank, of those that came to it; of fewer than
FEW neither is said. Kinds, places and priorities are those that incidents have now, targets those that hold now.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from statistics import median
from typing import Any, Generic, TypeVar

from sqlmodel import Session, asc, col, desc, func, select

from models.acts import act
from models.city.category import Category, Modifier, Target
from models.city.station import Station
from models.incidents.incident import Incident
from models.incidents.rating import Rating
from models.people.officers import Officer
from models.reading.periods import BEGINS, Period
from models.reading.rounds import Round, open_at, rounds
from models.record.event import Event
from models.time import local, now
from models.viewer import Viewer

FEW = 5
PRIORITIES = (1, 2, 3, 4)
HOURS = 24
MOST_IDS = 5_000  # in one question

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
    """One period, alone."""

    period: Period
    counted_at: datetime
    open_before: int
    open_after: int | None  # None: it is not over
    steps: list[Step]
    claims: list[Pace]
    arrivals: list[Pace]
    late: list[Late]
    pranks: int
    blocked: int
    ratings: int
    stars: float | None
    personnel: int
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


@act
def figures(session: Session, by: Viewer, period: Period) -> Figures:
    told, was = (rounds(session, one.begins, one.ends) for one in (period, period.before))
    until = (
        period.before.ends if period.over else min(period.before.ends, now() - (period.begins - period.before.begins))
    )
    was = [one for one in was if one.begun < until]  # half a day is compared with the same half
    about = _about(session, told + was)
    targets = {target.priority: target for target in session.exec(select(Target))}
    places = _places(told, about)
    return Figures(
        _numbers(session, period, told, about, targets, period.ends),
        _numbers(session, period.before, was, about, targets, until),
        _rows(told, was, about, _by_id(session, Category, "code"), lambda one: about[one.incident_id].category_code),
        _rows(told, was, about, _by_id(session, Station), lambda one: about[one.incident_id].station_id),
        _rows(told, was, about, _by_id(session, Officer), lambda one: one.taker_id),
        places,
        [sum(hours[hour] for _, hours in places) for hour in range(HOURS)],
        *_pages(session, period),
    )


def _numbers(
    session: Session, period: Period, told: list[Round], about: dict[int, Incident], targets: dict[int, Target],
    until: datetime,
) -> Numbers:  # fmt: skip
    claims = [_pace(told, about, targets, priority, "taken") for priority in PRIORITIES]
    arrivals = [_pace(told, about, targets, priority, "arrived") for priority in PRIORITIES]
    given = session.exec(
        select(func.count(), func.avg(Rating.stars)).where(
            Rating.at >= period.begins, Rating.at < until, col(Rating.exercise).is_(False)
        )
    ).one()
    blocked = select(func.count()).where(Event.step == "block", Event.at >= period.begins, Event.at < until)
    return Numbers(
        period, now(), open_at(session, period.begins), open_at(session, period.ends) if period.over else None,
        _steps(told), claims, arrivals, _late(told, about, targets),
        sum(1 for one in told if one.dismissal == "prank"), session.exec(blocked).one(),
        given[0], float(given[1]) if given[0] >= FEW else None,
        sum(one.personnel for one in told), _decided(session, told),
    )  # fmt: skip


def _about(session: Session, told: list[Round]) -> dict[int, Incident]:
    """As they are now."""
    ids = sorted({one.incident_id for one in told})
    parts = (ids[at : at + MOST_IDS] for at in range(0, len(ids), MOST_IDS))
    rows = (row for part in parts for row in session.exec(select(Incident).where(col(Incident.id).in_(part))))
    return {row.id: row for row in rows}


def _steps(told: list[Round]) -> list[Step]:
    return [
        Step("file", "", len(told), Span(())),
        _step("claim", "file", told, "begun", "taken"),
        _step("dispatch", "claim", told, "taken", "sent"),
        _step("arrive", "file", told, "begun", "arrived"),
        _step("close", "file", told, "begun", "closed"),
    ]


def _step(name: str, since: str, told: list[Round], begins: str, ends: str) -> Step:
    return Step(name, since, sum(1 for one in told if getattr(one, ends)), _span(told, begins, ends))


def _span(told: Iterable[Round], begins: str, ends: str) -> Span:
    pairs = ((getattr(one, begins), getattr(one, ends)) for one in told)
    return Span(tuple((end - begin).total_seconds() for begin, end in pairs if begin and end))


def _pace(told: list[Round], about: dict[int, Incident], targets: dict[int, Target], priority: int, step: str) -> Pace:
    mine = [one for one in told if about[one.incident_id].priority == priority]
    target = _target(targets.get(priority), step)
    late = sum(1 for one in mine if _beyond(one, step, target) > 0)
    return Pace(priority, _span(mine, "begun", step), target, late)


def _target(row: Target | None, step: str) -> int | None:
    if row is None:
        return None
    return row.claim_s if step == "taken" else row.arrive_s


def _beyond(one: Round, step: str, target: int | None) -> float:
    """Seconds; none for a round that was closed without it: nobody had to go there."""
    if target is None:
        return 0
    came = getattr(one, step)
    if came is None and one.closed:
        return 0
    return max(0.0, ((came or now()) - one.begun).total_seconds() - target)


def _late(told: list[Round], about: dict[int, Incident], targets: dict[int, Target]) -> list[Late]:
    """The most urgent first, then the latest."""
    found = []
    for one in told:
        incident = about[one.incident_id]
        for step in ("taken", "arrived"):
            if by := _beyond(one, step, _target(targets.get(incident.priority), step)):
                found.append(Late(one, incident, step, by, getattr(one, step) is None))
    return sorted(found, key=lambda late: (late.incident.priority, late.round.begun, late.step == "arrived"))


def _decided(session: Session, told: list[Round]) -> Decided:
    sent = [one for one in told if one.sent and one.personnel]
    differences = Counter(one.personnel - one.suggested for one in sent)
    ticked = Counter(code for one in sent if one.personnel > one.suggested for code in one.seen)
    labels = _by_id(session, Modifier, "code")
    why = [(labels[code], n) for code, n in ticked.most_common(3) if code in labels]
    return Decided(dict(sorted(differences.items())), why)


def _rows(
    told: list[Round],
    was: list[Round],
    about: dict[int, Incident],
    things: dict[Any, T],
    key: Callable[[Round], Any],
) -> list[Row[T]]:
    """One for each thing that any round is of, the most first."""
    here, there = (_grouped(some, key) for some in (told, was))
    rows = [
        Row(things[id], len(here[id]), len(there[id]), _span(_urgent(here[id], about), "begun", "arrived"))
        for id in here.keys() | there.keys()
        if id in things
    ]
    return sorted(rows, key=lambda row: (-row.count, -row.before, str(row.of)))


def _grouped(told: list[Round], key: Callable[[Round], Any]) -> dict[Any, list[Round]]:
    groups: dict[Any, list[Round]] = defaultdict(list)
    for one in told:
        groups[key(one)].append(one)
    return groups


def _urgent(told: list[Round], about: dict[int, Incident]) -> list[Round]:
    return [one for one in told if about[one.incident_id].priority <= 2]


def _places(told: list[Round], about: dict[int, Incident]) -> list[tuple[str, list[int]]]:
    """Kelurahan by the hour at which rounds began there, from seven on; the most first. "": not known, or not ours."""
    groups = _grouped(told, lambda one: about[one.incident_id].kelurahan)
    counted = [
        (name, Counter((local(one.begun).hour - BEGINS.hour) % HOURS for one in some)) for name, some in groups.items()
    ]
    rows = [(name, [hours[hour] for hour in range(HOURS)]) for name, hours in counted]
    return sorted(rows, key=lambda row: (-sum(row[1]), row[0]))


def _by_id(session: Session, table: type[T], id: str = "id") -> dict[Any, T]:
    return {getattr(row, id): row for row in session.exec(select(table))}


def _pages(session: Session, period: Period) -> tuple[int, int, str]:
    """The numbers of the first and the last event of this period, and the hash that the chain has there: (0, 0, "")
    where nothing happened."""
    here = (col(Event.at) >= period.begins, col(Event.at) < period.ends)
    first, last = (
        session.exec(select(Event).where(*here).order_by(way(Event.at), way(Event.seq)).limit(1)).first()
        for way in (asc, desc)
    )
    return (first.seq, last.seq, last.hash) if first and last else (0, 0, "")

"""Figures: what a day, a week, a month, the turn of a regu was, in numbers that say how they were counted.

A round (rounds.py) counts where it began. Kinds, places and priorities are those that incidents have now, targets
those that hold now.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from sqlmodel import Session, asc, col, desc, func, select

from models.acts import act
from models.city.category import Category, Modifier, Target
from models.city.station import Station
from models.incidents.incident import Incident
from models.incidents.rating import Rating
from models.people.officers import Officer
from models.reading.measures import FEW, Decided, Figures, Late, Numbers, Pace, Row, Span, Step, T
from models.reading.periods import BEGINS, Compared, Stretch
from models.reading.rounds import Round, open_at, rounds
from models.record.event import Event
from models.time import local, now
from models.viewer import Viewer

PRIORITIES = (1, 2, 3, 4)
HOURS = 24
MOST_IDS = 5_000  # in one question
SENT = ("dispatch", "reinforce")


@act
def figures(session: Session, by: Viewer, period: Compared) -> Figures:
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
    session: Session, period: Stretch, told: list[Round], about: dict[int, Incident], targets: dict[int, Target],
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
        now(), open_at(session, period.begins), open_at(session, period.ends) if period.over else None,
        _steps(told), claims, arrivals, _late(told, about, targets),
        sum(1 for one in told if one.dismissal == "prank"), sum(1 for one in told if one.forwarded),
        session.exec(blocked).one(),
        given[0], float(given[1]) if given[0] >= FEW else None,
        sum(one.personnel for one in told), _fewest(session, period.begins, until), _decided(session, told),
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
    """Seconds; none for a round that was over without it: nobody had to go there."""
    if target is None:
        return 0
    came = getattr(one, step)
    if came is None and (one.closed or one.forwarded):
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


def _fewest(session: Session, begins: datetime, ends: datetime) -> tuple[int, datetime] | None:
    """None: nobody was sent, or nobody had stated a strength."""
    then = col(Event.at) >= begins, col(Event.at) < ends
    true = col(Incident.exercise).is_(False)
    sent = (
        select(Event)
        .join(Incident, col(Incident.id) == Event.incident_id)
        .where(col(Event.step).in_(SENT), *then, true)
    )
    told = ((one.body["free"], one) for one in session.exec(sent) if one.body.get("free") is not None)
    left = ((free - sum(out["personnel"] for out in one.body["sent"]), one.at) for free, one in told)
    return min(left, default=None)


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


def _pages(session: Session, period: Stretch) -> tuple[int, int, str]:
    """The numbers of the first and the last event of this period, and the hash that the chain has there: (0, 0, "")
    where nothing happened."""
    here = (col(Event.at) >= period.begins, col(Event.at) < period.ends)
    first, last = (
        session.exec(select(Event).where(*here).order_by(way(Event.at), way(Event.seq)).limit(1)).first()
        for way in (asc, desc)
    )
    return (first.seq, last.seq, last.hash) if first and last else (0, 0, "")

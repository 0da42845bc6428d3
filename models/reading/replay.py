"""Replay: an hour as it was, from the fold: the board before its first event, and then what each event changed.

Never folded from the first event on. What was open when the hour began is open still, or something has happened to it since:
of these incidents alone the events are read. What was swept since is told of by its numbers and nothing else.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlmodel import Session, col, or_, select

from models.acts import act
from models.errors import N_, NotFound, WrongValue
from models.incidents.incident import Incident
from models.incidents.sight import MOST_ID, visible_to
from models.reading.folding import Told
from models.record.event import Event
from models.time import local, now
from models.viewer import Viewer
from models.workflow import OPEN

HOUR = timedelta(hours=1)
Post = tuple[int | None, str]  # a station, and what it was called then; None where only its name was told


@dataclass(frozen=True)
class Card:
    """An open incident as it was shown then. Holds no word and no name of a reporter."""

    status: str
    priority: int
    category_code: str
    number: str
    lat: float | None
    lon: float | None
    kelurahan: str
    landmark: str
    outside: bool
    neighbour: str | None
    officer_id: int | None
    stale: bool
    filed_at: str
    opened_at: str
    due_at: str | None
    personnel: int
    arrived: int
    complaint_count: int
    exercise: bool

    @property
    def coming(self) -> int:
        """Out, and not there yet."""
        return self.personnel - self.arrived

    @property
    def rank(self) -> tuple[int, bool, int, str]:
        """The order of the board (models/incidents/incident.py: `by_rank`), by what was told then."""
        return (0 if self.status == "new" else 1 if self.stale else 2), self.exercise, self.priority, self.opened_at


@dataclass(frozen=True)
class State:
    """Of one incident. `card`: None while it is not open. `known`: False once it was emptied, when nobody knows which."""

    card: Card | None = None
    out: tuple[tuple[Post, int], ...] = ()
    known: bool = True


@dataclass(frozen=True)
class Change:
    """One event of the hour, and what it made of its incident."""

    event: Event
    state: State

    @property
    def id(self) -> int:
        return self.event.incident_id or 0


@dataclass(frozen=True)
class Hour:
    """`seq`: the number before its first event; `start`: what stood then."""

    begins: datetime
    ends: datetime
    seq: int
    start: dict[int, State]
    changes: Sequence[Change]
    numbers: dict[int, str]  # of incidents, as they are spoken

    @property
    def last(self) -> int:
        return self.changes[-1].event.seq if self.changes else self.seq

    @property
    def gone(self) -> int:
        """Incidents that were emptied since: whether they were open then, nobody knows."""
        states = [*self.start.items(), *((one.id, one.state) for one in self.changes)]
        return len({id for id, state in states if not state.known})

    def at(self, seq: int) -> dict[int, State]:
        """All of them, as they stood after this event."""
        return self.start | {one.id: one.state for one in self.changes if one.event.seq <= seq}


def cards(states: dict[int, State]) -> dict[int, Card]:
    """What was open, by rank."""
    known = [(id, state.card) for id, state in states.items() if state.card]
    return dict(sorted(known, key=lambda pair: (pair[1].rank, pair[0])))


def out(states: dict[int, State]) -> dict[Post, int]:
    """Personnel out then, by station."""
    counted: dict[Post, int] = {}
    for state in states.values():
        for post, n in state.out:
            counted[post] = counted.get(post, 0) + n
    return counted


@act
def replay(session: Session, by: Viewer, begins: datetime, ends: datetime) -> Hour:
    """Sees with the eyes of today: what this viewer may not see now is not there, whatever it was then."""
    start, last = _before(session, begins), _before(session, ends)
    concerned = col(Incident.filed_at) < ends, or_(col(Incident.status).in_(OPEN), Incident.seq > start)
    about = select(Incident.id).where(visible_to(by.audience), *concerned)
    named = select(Incident.id, Incident.number).where(visible_to(by.audience), *concerned)
    numbers = {id: number for id, number in session.exec(named)}
    told = {id: Told() for id in numbers}
    for event in session.exec(_events().where(col(Event.incident_id).in_(about), col(Event.seq) <= start)):
        told[event.incident_id or 0].take(event)
    stood = {id: state_of(one) for id, one in told.items() if one.seq}
    there = set(session.exec(select(Incident.id).where(col(Incident.id).in_(_touched(start, last)))))
    events = session.exec(_events().where(col(Event.seq) > start, col(Event.seq) <= last))
    return Hour(begins, ends, start, stood, list(_changes(events, told, there)), numbers)


def _changes(events: Any, told: dict[int, Told], there: set[int]) -> Iterator[Change]:
    for event in events:
        if one := told.get(event.incident_id):
            one.take(event)
            yield Change(event, state_of(one))
        elif event.incident_id not in there:
            yield Change(event, State(known=False))  # swept


def state_of(told: Told) -> State:
    if not told.known:
        return State(known=False)
    sent = tuple(((one.station_id, one.station), one.personnel) for one in told.sent.values() if not one.back)
    return State(_card(told.columns) if told.open else None, sent)


def _card(columns: dict[str, Any]) -> Card:
    """A column that was told of by no event is as the table makes it (an event from before the column was)."""
    fields = Incident.model_fields
    return Card(**{name: columns[name] if name in columns else fields[name].default for name in Card.__annotations__})


def _events() -> Any:
    return select(Event).where(col(Event.incident_id).is_not(None)).order_by(col(Event.seq))


def _touched(start: int, last: int) -> Any:
    return select(Event.incident_id).where(col(Event.seq) > start, col(Event.seq) <= last)


def _before(session: Session, moment: datetime) -> int:
    """The number of the last event before this moment: times follow the numbers."""
    newest = select(Event.seq).where(col(Event.at) < moment).order_by(col(Event.at).desc(), col(Event.seq).desc())
    return session.exec(newest.limit(1)).first() or 0


def hour_of(session: Session, moment: str = "", seq: int = 0) -> datetime:
    """When the hour begins that this event lies in, or this moment (2026-11-21T06:30, here); else the last full one.

    Raises NotFound for an event that there is not, WrongValue for what is no moment, or lies ahead.
    """
    if seq:
        at = session.exec(select(Event.at).where(Event.seq == min(seq, MOST_ID))).first()
        if at is None:
            raise NotFound()
        return _full(at)
    if not moment:
        return _full(now()) - HOUR
    try:
        found = datetime.fromisoformat(moment)
        begins = _full(found if found.tzinfo else found.replace(tzinfo=local(now()).tzinfo))
        _ = begins - HOUR, begins + 2 * HOUR  # a calendar has ends
    except (ValueError, OverflowError):
        raise WrongValue("from", N_("Tulis jamnya, misalnya 2026-11-21T06:00.")) from None
    if begins > now():
        raise WrongValue("from", N_("Jam itu belum tiba."))
    return begins


def _full(moment: datetime) -> datetime:
    return local(moment).replace(minute=0, second=0, microsecond=0).astimezone(UTC)

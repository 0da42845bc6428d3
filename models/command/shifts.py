"""Shifts: which regu is on duty, from when to when, and what the apel found of each of its members.

At most one shift is on duty, and at most one more is open before it begins: its apel is held while the other still
works. Whoever is there stays on duty until somebody of the same function and station has come, or until they are sent
home: the end that was planned relieves nobody.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from sqlalchemy import Index, String, UniqueConstraint
from sqlmodel import Field, Relationship, Session, col, func, select

from models.city.station import Station, is_command
from models.city.unit import Unit, UnitState
from models.command.members import Function, Member
from models.errors import N_, NotFound
from models.time import local, zone
from models.versioned import Versioned

TIRED = timedelta(hours=24)  # on duty for longer is counted, and said


class Pattern(StrEnum):
    """`24`: 1×24, from seven to seven; `8`: three a day; `12`: two a day; `own`: times of its own."""

    DAY = "24"
    EIGHT = "8"
    TWELVE = "12"
    OWN = "own"


HOURS = {Pattern.DAY: (7,), Pattern.EIGHT: (7, 15, 23), Pattern.TWELVE: (7, 19)}


class State(StrEnum):
    PRESENT = "present"
    SICK = "sick"
    LEAVE = "leave"
    DETACHED = "detached"  # bawah kendali operasi: lent to another command
    LATE = "late"
    COURT = "court"
    OFF = "off"

    @property
    def word(self) -> str:
        """How it is called at an apel."""
        return next(one.word for one in STATES if one.state == self)


@dataclass(frozen=True)
class Called:
    """How one state is called at an apel; `key`: the letter that stands for it."""

    state: State
    key: str
    word: str


STATES = (
    Called(State.PRESENT, "H", N_("hadir")),
    Called(State.SICK, "S", N_("sakit")),
    Called(State.LEAVE, "I", N_("izin")),
    Called(State.DETACHED, "B", N_("BKO")),
    Called(State.LATE, "T", N_("terlambat")),
    Called(State.COURT, "D", N_("sidang")),
    Called(State.OFF, "L", N_("lepas dinas")),
)


class Shift(Versioned, table=True):
    """`seq`: the newest event that tells of it or of anybody in it. `began_at`: it took over, `closed_at`: it is over."""

    id: int = Field(default=None, primary_key=True)
    regu: str = Field(index=True)
    pattern: Pattern = Field(sa_type=String)
    starts: datetime
    ends: datetime
    lead_id: int = Field(foreign_key="member.id")
    opened_at: datetime
    opened_by: str  # as they were called then
    began_at: datetime | None = None
    closed_at: datetime | None = Field(default=None, index=True)
    closed_by: str = ""
    seq: int = 0
    lead: Member = Relationship(sa_relationship_kwargs={"lazy": "joined"})

    @property
    def on_duty(self) -> bool:
        return self.began_at is not None and self.closed_at is None


class Duty(Versioned, table=True):
    """A member in a shift. No `state`: nobody has called them yet.

    On duty from `came_at`, or from when the shift began, until `left_at`. `relieved_by_id`: the duty that followed.
    """

    __table_args__ = (UniqueConstraint("shift_id", "member_id"), Index("ix_duty_member", "member_id", "left_at"))
    id: int = Field(default=None, primary_key=True)
    shift_id: int = Field(foreign_key="shift.id")
    member_id: int = Field(foreign_key="member.id")
    station_id: int = Field(foreign_key="station.id")
    function: Function = Field(sa_type=String)
    at_desk: bool = False
    state: State | None = Field(default=None, sa_type=String)
    note: str = ""
    since: datetime | None = None
    said_by: str = ""  # as they were called then
    came_at: datetime | None = None
    left_at: datetime | None = Field(default=None, index=True)
    relieved_by_id: int | None = Field(default=None, foreign_key="duty.id", index=True)
    shift: Shift = Relationship()
    member: Member = Relationship(sa_relationship_kwargs={"lazy": "joined"})
    station: Station = Relationship(sa_relationship_kwargs={"lazy": "joined"})

    @property
    def there(self) -> bool:
        """Present, and not gone again."""
        return self.state == State.PRESENT and self.left_at is None

    @property
    def leads(self) -> bool:
        return self.member_id == self.shift.lead_id

    def lasts(self, at: datetime) -> timedelta | None:
        """How long they are on duty; None: not yet."""
        if self.came_at is None or self.shift.began_at is None:
            return None
        return max(timedelta(), (self.left_at or at) - max(self.came_at, self.shift.began_at))


@dataclass(frozen=True)
class Sums:
    """As an apel is reported: jumlah, kurang, hadir, belum apel, then why they are missing."""

    total: int
    present: int
    uncalled: int
    why: dict[State, int]

    @property
    def missing(self) -> int:
        return sum(self.why.values())


def sums(rows: Iterable[Duty]) -> Sums:
    """Whoever is late is missing until they have come. Total = missing + present + uncalled, always."""
    return _summed(Counter(duty.state for duty in rows))


def _summed(states: Mapping[State | None, int]) -> Sums:
    why: dict[State, int] = {one.state: states.get(one.state, 0) for one in STATES if one.state != State.PRESENT}
    return Sums(sum(states.values()), states.get(State.PRESENT, 0), states.get(None, 0), why)


@dataclass(frozen=True)
class Group:
    """Those who are called together: of the command itself a function, elsewhere a station."""

    key: str
    station: Station
    function: Function | None
    duties: list[Duty]

    @property
    def sums(self) -> Sums:
        return sums(self.duties)


def group_of(duty: Duty) -> str:
    return str(duty.function) if is_command(duty.station) else f"station-{duty.station_id}"


def grouped(duties: Iterable[Duty]) -> list[Group]:
    """In the order in which an apel is read: the command itself by function, then each station."""
    groups: dict[str, Group] = {}
    for duty in sorted(duties, key=lambda duty: not is_command(duty.station)):
        function = Function(duty.function) if is_command(duty.station) else None
        groups.setdefault(group_of(duty), Group(group_of(duty), duty.station, function, [])).duties.append(duty)
    return [*groups.values()]


@dataclass(frozen=True)
class Manned:
    """A shift that is open, how many of it are what, and how many of all units are ready."""

    shift: Shift
    sums: Sums
    ready: int
    units: int
    kept: int = 0  # of the one on duty: who is there still from shifts that are over


def manned(session: Session) -> list[Manned]:
    """The shift on duty, then the one whose apel is held."""
    shifts = open_shifts(session)
    states = select(Duty.shift_id, Duty.state, func.count()).where(col(Duty.shift_id).in_([one.id for one in shifts]))
    counts: dict[int, dict[State | None, int]] = defaultdict(dict)
    for id, state, n in session.exec(states.group_by(col(Duty.shift_id), col(Duty.state))):
        counts[id][State(state) if state else None] = n
    units = dict(session.exec(select(Unit.state, func.count()).where(Unit.active).group_by(col(Unit.state))).all())
    ready, all_ = units.get(UnitState.READY, 0), sum(units.values())
    kept = len(stayed(session)) if shifts else 0
    return [Manned(shift, _summed(counts[shift.id]), ready, all_, kept if shift.on_duty else 0) for shift in shifts]


def on_duty(session: Session) -> Shift | None:
    """The one that works now."""
    return next((shift for shift in open_shifts(session) if shift.began_at), None)


def waiting(session: Session) -> Shift | None:
    """The one that is open and has not begun."""
    return next((shift for shift in open_shifts(session) if not shift.began_at), None)


def open_shifts(session: Session) -> list[Shift]:
    return list(session.exec(select(Shift).where(col(Shift.closed_at).is_(None)).order_by(col(Shift.id))))


def before(session: Session, shift: Shift) -> Shift | None:
    """The one that hands over to this one."""
    earlier = select(Shift).where(col(Shift.id) < shift.id).order_by(col(Shift.id).desc()).limit(1)
    return session.exec(earlier).first()


def newest(session: Session) -> Shift | None:
    return session.exec(select(Shift).order_by(col(Shift.id).desc()).limit(1)).first()


def roll(session: Session, shift: Shift) -> list[Duty]:
    """Everybody in it, by station and function."""
    rows = session.exec(select(Duty).where(Duty.shift_id == shift.id)).all()
    return sorted(rows, key=lambda duty: (duty.station_id, [*Function].index(Function(duty.function)), duty.id))


def stayed(session: Session) -> list[Duty]:
    """Of shifts that are over: who is there still, for nobody came for them and nobody sent them home."""
    rows = select(Duty).join(Shift, col(Shift.id) == Duty.shift_id)
    here = (col(Duty.left_at).is_(None), Duty.state == State.PRESENT, col(Shift.closed_at).is_not(None))
    return list(session.exec(rows.where(*here).order_by(col(Duty.id))))


def find_shift(session: Session, id: int) -> Shift:
    shift = session.get(Shift, id)
    if shift is None:
        raise NotFound()
    return shift


def find_duty(session: Session, id: int) -> Duty:
    duty = session.get(Duty, id)
    if duty is None:
        raise NotFound()
    return duty


def begins(pattern: Pattern, at: datetime) -> datetime:
    """When the next shift of this pattern begins, on the command's own clock; a quarter of its length late is not yet late."""
    hours = HOURS.get(pattern, (7,))
    since = at - timedelta(hours=24 / len(hours) / 4)
    day = local(since).date()
    moments = (_clock(day + timedelta(days=n), hour) for n in (0, 1) for hour in hours)
    return next(moment for moment in moments if moment >= since)


def lasts(pattern: Pattern, starts: datetime) -> datetime:
    """When a shift of this pattern that starts then ends: by the clock on the wall, whatever the zone does in between."""
    here = local(starts)
    hours = 24 // len(HOURS.get(pattern, (7,)))
    return (here.replace(tzinfo=None) + timedelta(hours=hours)).replace(tzinfo=zone()).astimezone(UTC)


def _clock(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=zone()).astimezone(UTC)

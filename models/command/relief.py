"""Relief: who follows whom, of the same function at the same station, the Pawas by the Pawas alone; who stays because
nobody came."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, func, select

from models.command.shifts import TIRED, Duty, Shift, State
from models.record.event import record
from models.time import lately, now
from models.viewer import Viewer

LISTED = timedelta(minutes=30)  # before the shift ends
SLIP = timedelta(minutes=10)
RESTED, RESTED_AFTER_DAY = timedelta(hours=8), timedelta(hours=12)


@dataclass(frozen=True)
class Relief:
    """One who is on duty, and who follows. `called`: was anybody of the next shift called there?"""

    duty: Duty
    follower: Duty | None
    called: bool
    lasts: timedelta

    @property
    def done(self) -> bool:
        return self.follower is not None and self.follower.state == State.PRESENT

    @property
    def tired(self) -> bool:
        return self.lasts > TIRED

    @property
    def missing(self) -> bool:
        """An apel was held, and nobody stands in their place."""
        return self.called and not self.done


def reliefs(out: Sequence[Duty], following: Sequence[Duty], at: datetime) -> list[Relief]:
    """Those who came first are relieved first, by those who are present first. Worst first: too long, missing, uncalled."""
    called = {duty.station_id for duty in following if duty.state is not None}
    free = sorted(following, key=lambda duty: (duty.state != State.PRESENT, duty.id))
    rows = []
    for duty in sorted(out, key=lambda duty: (duty.came_at or at, duty.id)):
        follower = next((one for one in free if _like(one, duty)), None)
        if follower:
            free.remove(follower)
        rows.append(Relief(duty, follower, duty.station_id in called, duty.lasts(at) or timedelta()))
    return sorted(rows, key=lambda row: (row.done, not row.tired, not row.missing, -row.lasts, row.duty.id))


def relieve(session: Session, by: Viewer, out: Sequence[Duty], came: Sequence[Duty]) -> list[Duty]:
    """Whoever stayed and has one of `came` in their place goes."""
    session.flush()
    used = set(session.exec(select(Duty.relieved_by_id).where(col(Duty.relieved_by_id).in_([d.id for d in came]))))
    left = []
    for row in reliefs(out, [duty for duty in came if duty.id not in used and duty.there], now()):
        if row.done and row.follower:
            row.duty.left_at, row.duty.relieved_by_id = now(), row.follower.id
            left.append(row.duty)
            record(
                session, "relieve", by, shift=row.duty.shift_id, duty=row.duty.id, name=row.duty.member.title,
                follower=row.follower.id, by=row.follower.member.title,
            )  # fmt: skip
    return left


def unrelieve(session: Session, follower: Duty) -> None:
    """Whoever was called present by a slip relieved nobody."""
    went = select(Duty).where(Duty.relieved_by_id == follower.id, lately(Duty.left_at, SLIP))
    for duty in session.exec(went):
        duty.left_at, duty.relieved_by_id = None, None


def rests(session: Session, shift: Shift, members: Sequence[int]) -> dict[int, timedelta]:
    """By member: how long they have been off duty when this shift begins, where that is too short."""
    ended = select(Duty.member_id, func.max(Duty.left_at)).where(col(Duty.member_id).in_(members))
    served = (Duty.shift_id != shift.id, col(Duty.left_at).is_not(None), col(Duty.came_at).is_not(None))
    rows = session.exec(ended.where(*served).group_by(col(Duty.member_id)))
    starts = shift.began_at or shift.starts
    enough = RESTED_AFTER_DAY if shift.ends - shift.starts > timedelta(hours=12) else RESTED
    return {member: rest for member, left in rows if left and timedelta() <= (rest := starts - left) < enough}


def _like(one: Duty, other: Duty) -> bool:
    """Whoever leads a shift is followed by whoever leads the next, of whatever function and station these are."""
    if one.leads or other.leads:
        return one.leads and other.leads
    return (one.station_id, one.function, one.at_desk) == (other.station_id, other.function, other.at_desk)

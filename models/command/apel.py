"""Apel: a shift is opened, its members are called, it takes over from the one before, it is closed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from models.acts import act
from models.command.members import REGU_LONGEST, Member, find_member
from models.command.relief import relieve, unrelieve
from models.command.shifts import (
    Duty,
    Pattern,
    Shift,
    State,
    find_duty,
    find_shift,
    group_of,
    lasts,
    on_duty,
    roll,
    stayed,
    waiting,
)
from models.command.strength import recount
from models.errors import N_, Outdated, WrongMoment, WrongValue, bounded, need
from models.record.event import coming_seq, record
from models.time import now
from models.viewer import Viewer

LONGEST = timedelta(hours=48)
FAR = timedelta(days=7)
NOTE_LONGEST = 80  # letters beside a name
NO_SHIFT = N_("Regu ini sudah ditutup.")


@dataclass(frozen=True)
class Planned:
    """A shift to open. `ends` is asked of times of one's own alone; `who`: ids of members."""

    regu: str
    pattern: str
    starts: datetime
    lead_id: int
    who: Sequence[int]
    ends: datetime | None = None


@act
def open_shift(session: Session, by: Viewer, planned: Planned) -> Shift:
    """Its apel can be held from now on. Where no shift is on duty, it is on duty at once."""
    if other := waiting(session):
        raise WrongMoment(N_("Regu {regu} sudah dibuka dan belum mulai."), regu=other.regu)
    shift = _checked(session, by, planned)
    session.add(shift)
    session.flush()
    for id in dict.fromkeys([*planned.who, planned.lead_id]):
        _put_in(session, shift, find_member(session, id))
    shift.seq = record(
        session, "open_shift", by, shift=shift.id, regu=shift.regu, pattern=str(shift.pattern),
        starts=shift.starts.isoformat(), ends=shift.ends.isoformat(), lead=shift.lead_id,
        members=[duty.member_id for duty in roll(session, shift)],
    )  # fmt: skip
    if not on_duty(session):
        _begin(session, by, shift)
    return shift


@act
def start_shift(session: Session, by: Viewer, id: int) -> Shift:
    """It takes over. The one before is closed: whoever has somebody in their place goes, the others stay."""
    shift = find_shift(session, id)
    if shift.began_at:
        raise WrongMoment(N_("Regu {regu} sudah bertugas."), regu=shift.regu)
    if shift.closed_at:
        raise WrongMoment(NO_SHIFT)
    if before := on_duty(session):
        _end(session, by, before)
    _begin(session, by, shift, before.closed_at if before else None)
    return shift


@act
def close_shift(session: Session, by: Viewer, id: int, reason: str) -> None:
    """It is over and nobody follows: all of it go, and no station has a number."""
    shift, reason = find_shift(session, id), need(reason)
    if shift.closed_at:
        raise WrongMoment(NO_SHIFT)
    _end(session, by, shift)
    gone = [duty for duty in stayed(session) if duty.shift_id == id]
    for duty in gone:
        duty.left_at = now()
    shift.seq = record(session, "close_shift", by, shift=id, regu=shift.regu, reason=reason, left=len(gone))
    recount(session, by, anew=True)


@act
def muster(session: Session, by: Viewer, id: int, state: str, note: str = "", version: int | None = None) -> Duty:
    """One member is called, and this is how they are. The same again changes nothing."""
    duty, note = find_duty(session, id), bounded(note.strip(), "note", NOTE_LONGEST)
    if state not in [*State]:
        raise WrongValue("state", N_("Pilih salah satu."))
    if duty.shift.closed_at:
        raise WrongMoment(NO_SHIFT)
    if (duty.state, duty.note) == (state, note):
        return duty
    if version is not None and version != duty.version:
        raise Outdated(N_("{who} lebih dulu mencatat {name}. Lihat barisnya, lalu tekan lagi bila perlu."),
                       who=duty.said_by or by.name, name=duty.member.title)  # fmt: skip
    _call(session, by, duty, State(state), note)
    recount(session, by)
    return duty


@act
def muster_rest(session: Session, by: Viewer, id: int, group: str) -> int:
    """Whoever of this group nobody has called yet is present. How many that were."""
    shift = find_shift(session, id)
    if shift.closed_at:
        raise WrongMoment(NO_SHIFT)
    rest = [duty for duty in roll(session, shift) if duty.state is None and group_of(duty) == group]
    for duty in rest:
        _call(session, by, duty, State.PRESENT, "")
    recount(session, by)
    return len(rest)


@act
def add_to_shift(session: Session, by: Viewer, id: int, member_id: int) -> Duty:
    shift = find_shift(session, id)
    if shift.closed_at:
        raise WrongMoment(NO_SHIFT)
    member = find_member(session, member_id)
    if member_id in (duty.member_id for duty in roll(session, shift)):
        raise WrongValue("member", N_("{name} sudah ada di regu ini."), name=member.title)
    duty = _put_in(session, shift, member)
    shift.seq = record(session, "add_to_shift", by, shift=id, member=member_id, name=member.title)
    return duty


@act
def change_lead(session: Session, by: Viewer, id: int, member_id: int) -> Shift:
    """Another Pawas, from now on: whoever was to lead is sick, or somebody else took the watch over."""
    shift = find_shift(session, id)
    if shift.closed_at:
        raise WrongMoment(NO_SHIFT)
    member, was = find_member(session, member_id), shift.lead
    if member.id == was.id:
        return shift
    if member_id not in (duty.member_id for duty in roll(session, shift)):
        _put_in(session, shift, member)
    shift.lead_id, shift.lead = member.id, member
    shift.seq = record(session, "change_lead", by, shift=id, was=was.id, lead=member.id, name=member.title)
    return shift


@act
def take_off_shift(session: Session, by: Viewer, id: int) -> None:
    """A slip of the roster: whoever was called already is not taken off, but has a state."""
    duty = find_duty(session, id)
    if duty.shift.closed_at or duty.state is not None:
        raise WrongMoment(N_("{name} sudah diapel: catat keadaannya."), name=duty.member.title)
    if duty.member_id == duty.shift.lead_id:
        raise WrongMoment(N_("{name} adalah Pawas regu ini."), name=duty.member.title)
    who = duty.member
    duty.shift.seq = record(session, "take_off_shift", by, shift=duty.shift_id, member=who.id, name=who.title)
    session.delete(duty)


@act
def send_home(session: Session, by: Viewer, id: int) -> None:
    """Nobody came for them, and they go all the same."""
    duty = find_duty(session, id)
    if not duty.there:
        return
    duty.left_at = now()
    duty.shift.seq = record(session, "send_home", by, shift=duty.shift_id, duty=id, name=duty.member.title)
    recount(session, by)


def last_of(session: Session, regu: str) -> list[int]:
    """Ids of the members that this regu last served with, those who are there no more aside; else those it is made of."""
    last = session.exec(select(Shift).where(Shift.regu == regu).order_by(col(Shift.id).desc()).limit(1)).first()
    if last:
        return [duty.member_id for duty in roll(session, last) if duty.member.active]
    rows = select(Member.id).where(Member.active, Member.regu == regu).order_by(col(Member.id))
    return list(session.exec(rows))


def _begin(session: Session, by: Viewer, shift: Shift, at: datetime | None = None) -> None:
    """`at`: when the one before was over, so that no moment is nobody's."""
    shift.began_at = at or now()
    left = relieve(session, by, stayed(session), roll(session, shift))
    shift.seq = record(session, "start_shift", by, shift=shift.id, regu=shift.regu, relieved=len(left))
    recount(session, by, anew=True)


def _end(session: Session, by: Viewer, shift: Shift) -> None:
    """Of its members those who are there stay until they are relieved."""
    shift.closed_at, shift.closed_by, shift.seq = now(), by.name, coming_seq(session)
    for duty in roll(session, shift):
        if not duty.there and duty.left_at is None:
            duty.left_at = now()
    session.flush()


def _call(session: Session, by: Viewer, duty: Duty, state: State, note: str) -> None:
    was = duty.state
    duty.state, duty.note, duty.since, duty.said_by = state, note, now(), by.name
    if state == State.PRESENT:
        duty.came_at, duty.left_at = duty.came_at or now(), None
    elif was == State.PRESENT:
        duty.left_at = now()
        unrelieve(session, duty)
    duty.shift.seq = record(
        session, "muster", by, shift=duty.shift_id, duty=duty.id, name=duty.member.title, was=was, state=str(state),
        note=note,
    )  # fmt: skip
    if state == State.PRESENT and duty.shift.on_duty:
        relieve(session, by, stayed(session), [duty])


def _put_in(session: Session, shift: Shift, member: Member) -> Duty:
    if not member.active:
        raise WrongValue("member", N_("{name} tidak aktif lagi."), name=member.title)
    duty = Duty(
        shift_id=shift.id, member_id=member.id, station_id=member.station_id,
        function=member.function, at_desk=member.at_desk,
    )  # fmt: skip
    session.add(duty)
    session.flush()
    return duty


def _checked(session: Session, by: Viewer, planned: Planned) -> Shift:
    if planned.pattern not in [*Pattern]:
        raise WrongValue("pattern", N_("Pilih salah satu."))
    pattern, starts = Pattern(planned.pattern), planned.starts
    if abs(starts - now()) > FAR:
        raise WrongValue("starts", N_("Mulainya paling jauh tujuh hari dari sekarang."))
    if pattern is Pattern.OWN and planned.ends is None:
        raise WrongValue("ends", N_("Tulis kapan selesai."))
    ends = planned.ends if pattern is Pattern.OWN and planned.ends else lasts(pattern, starts)
    if not timedelta() < ends - starts <= LONGEST:
        raise WrongValue("ends", N_("Selesai sesudah mulai, paling lama 48 jam."))
    lead = find_member(session, planned.lead_id)
    return Shift(
        regu=bounded(need(planned.regu, "regu", N_("Tulis regunya.")).upper(), "regu", REGU_LONGEST), pattern=pattern,
        starts=starts, ends=ends, lead_id=lead.id, opened_at=now(), opened_by=by.name,
    )  # fmt: skip

"""Strength: how many are in the field at each station, counted from the apel and kept with the station.

Boards, panels and walls read that one number and join nothing (`strengths` in models/incidents/strengths.py). Before
the first shift begins a station's number is what somebody stated; from then on it is counted, and what is stated
instead holds for the shift on duty alone. Where nobody was called there is no number.
"""

from sqlmodel import Session, col, func, select

from models.city.station import Station
from models.command.shifts import Duty, Shift, State, on_duty
from models.time import now
from models.viewer import Viewer


def recount(session: Session, by: Viewer, *, anew: bool = False) -> None:
    """Every station's number as the apel has it now. `anew`: another shift, so that what was stated is over."""
    counts = counted(session)
    for station in session.exec(select(Station).where(Station.active)):
        stated = station.strength is not None and not station.counted
        if anew or not stated:
            _put(station, by, counts.get(station.id))


def put_count(session: Session, by: Viewer, station: Station) -> None:
    """What was stated of this one counts no more."""
    _put(station, by, counted(session).get(station.id))


def counted(session: Session) -> dict[int, int]:
    """In the field by station, desks apart: the shift on duty, and whoever stayed from one before. Uncalled: nothing."""
    session.flush()
    shift = on_duty(session)
    called = select(Duty.station_id).where(Duty.shift_id == shift.id, col(Duty.state).is_not(None)) if shift else None
    numbers = dict.fromkeys(session.exec(called.distinct()), 0) if called is not None else {}
    rows = select(Duty.station_id, func.count()).join(Shift, col(Shift.id) == Duty.shift_id)
    there = (col(Duty.left_at).is_(None), Duty.state == State.PRESENT, col(Shift.began_at).is_not(None))
    field = rows.where(*there, col(Duty.at_desk).is_(False)).group_by(col(Duty.station_id))
    return numbers | dict(session.exec(field).all())


def _put(station: Station, by: Viewer, number: int | None) -> None:
    if (station.strength, station.counted) == (number, True) or (number is None and station.strength is None):
        return
    station.strength, station.counted = number, number is not None
    station.stated_why, station.stated_until = "", None
    station.stated_at, station.stated_by = (None, "") if number is None else (now(), by.name)

"""What is done with units: they are entered, changed, and reported ready, out or broken."""

from typing import Any

from sqlmodel import Session, col, select

from models.acts import act
from models.city.names import unused
from models.city.station import Station
from models.city.unit import Kind, Unit, UnitState
from models.command.shifts import open_shifts
from models.errors import N_, NotFound, Outdated, WrongMoment, WrongValue, bounded, need
from models.record.event import record
from models.viewer import Viewer

LONGEST = 24  # letters of a callsign
NOTE_LONGEST = 60
SEATS_MOST = 60


@act
def add_unit(session: Session, by: Viewer, callsign: str, kind: str, seats: int, station_id: int) -> Unit:
    unit = Unit(callsign="", kind=Kind.CAR, seats=0, station_id=station_id)
    _describe(session, unit, callsign, kind, seats, station_id)
    session.add(unit)
    session.flush()
    record(session, "add_unit", by, unit=unit.id, **_described(unit))
    return unit


@act
def change_unit(
    session: Session, by: Viewer, id: int, callsign: str, kind: str, seats: int, station_id: int
) -> Unit:  # fmt: skip
    unit = find_unit(session, id)
    before = _described(unit)
    _describe(session, unit, callsign, kind, seats, station_id)
    if before != _described(unit):
        record(session, "change_unit", by, unit=id, **_described(unit))
    return unit


@act
def report_unit(
    session: Session, by: Viewer, id: int, state: str, note: str = "", version: int | None = None
) -> Unit:  # fmt: skip
    """Ready, out or broken. The same again changes nothing."""
    unit, note = find_unit(session, id), bounded(note.strip(), "note", NOTE_LONGEST)
    if state not in [*UnitState]:
        raise WrongValue("state", N_("Pilih salah satu."))
    if (unit.state, unit.note) == (state, note):
        return unit
    if version is not None and version != unit.version:
        raise Outdated(N_("{callsign} baru saja dicatat orang lain. Lihat barisnya."), callsign=unit.callsign)
    said: dict[str, Any] = {"unit": id, "callsign": unit.callsign, "was": str(unit.state), "state": state, "note": note}
    seq = record(session, "report_unit", by, **said)
    unit.state, unit.note = UnitState(state), note
    for shift in open_shifts(session):  # whose apel shows what there is to drive
        shift.seq = seq
    return unit


@act
def retire_unit(session: Session, by: Viewer, id: int) -> None:
    unit = find_unit(session, id)
    if unit.state == UnitState.OUT:
        raise WrongMoment(N_("{callsign} masih keluar."), callsign=unit.callsign)
    unit.active = False
    record(session, "retire_unit", by, unit=id, callsign=unit.callsign)


def units(session: Session) -> list[Unit]:
    return list(session.exec(select(Unit).where(Unit.active).order_by(col(Unit.callsign), col(Unit.id))))


def find_unit(session: Session, id: int) -> Unit:
    unit = session.get(Unit, id)
    if unit is None or not unit.active:
        raise NotFound()
    return unit


def _describe(session: Session, unit: Unit, callsign: str, kind: str, seats: int, station_id: int) -> None:
    callsign = bounded(need(callsign, "callsign", N_("Tulis nama panggilnya.")), "callsign", LONGEST)
    others = (other.callsign for other in units(session) if other.id != unit.id)
    unit.callsign = unused(callsign, others, "callsign")
    if kind not in [*Kind]:
        raise WrongValue("kind", N_("Pilih salah satu."))
    if not 1 <= seats <= SEATS_MOST:
        raise WrongValue("seats", N_("Antara {least} dan {most}."), least=1, most=SEATS_MOST)
    station = session.get(Station, station_id)
    if station is None or not station.active:
        raise WrongValue("station", N_("Pilih pos yang ada."))
    unit.kind, unit.seats, unit.station_id = Kind(kind), seats, station_id


def _described(unit: Unit) -> dict[str, Any]:
    return {"callsign": unit.callsign, "kind": str(unit.kind), "seats": unit.seats, "station": unit.station_id}

"""Driving: units that go with personnel who are sent, and are ready again when those are back."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Annotated

from sqlmodel import Session, col, select

from models.asked import Asked
from models.city.unit import Unit, UnitState
from models.errors import N_, WrongValue

if TYPE_CHECKING:
    from models.incidents.dispatch import Dispatch

Driven = Annotated[Sequence[str], Asked("ticks", needed=False)]


def drive(session: Session, sent: Sequence["Dispatch"], ids: Sequence[str], where: str) -> dict[int, list[str]]:
    """These go, each with the personnel of its own station, else with the first: callsigns by dispatch."""
    callsigns: dict[int, list[str]] = defaultdict(list)
    wanted = [int(id) for id in ids if id.isdecimal() and len(id) < 10]
    for unit in session.exec(select(Unit).where(col(Unit.id).in_(wanted), Unit.active).order_by(col(Unit.id))):
        if unit.state != UnitState.READY:
            raise WrongValue("unit", N_("{callsign} tidak siap lagi."), callsign=unit.callsign)
        own = next((row for row in sent if row.station_id == unit.station_id), sent[0])
        unit.state, unit.note, unit.dispatch_id = UnitState.OUT, where, own.id
        callsigns[own.id].append(unit.callsign)
    return callsigns


def park(session: Session, dispatches: Collection[int | None]) -> None:
    """Whoever they took is back. One that was reported broken meanwhile stays so."""
    for unit in _of(session, dispatches, UnitState.OUT):
        unit.state, unit.note = UnitState.READY, ""


def drive_again(session: Session, dispatches: Collection[int | None], where: str) -> None:
    """They were not back. One that went elsewhere meanwhile, or broke, stays what it is."""
    for unit in _of(session, dispatches, UnitState.READY):
        unit.state, unit.note = UnitState.OUT, where


def forget_drives(session: Session, dispatches: Collection[int | None]) -> None:
    """These dispatches are no more."""
    for unit in session.exec(select(Unit).where(col(Unit.dispatch_id).in_(dispatches))):
        unit.dispatch_id = None
    session.flush()


def ready_units(session: Session) -> list[Unit]:
    ready = select(Unit).where(Unit.active, Unit.state == UnitState.READY)
    return list(session.exec(ready.order_by(col(Unit.callsign), col(Unit.id))))


def driving(session: Session, dispatches: Collection[int]) -> dict[int, list[str]]:
    """Callsigns of those that are out, by dispatch."""
    found: dict[int, list[str]] = defaultdict(list)
    for unit in _of(session, dispatches, UnitState.OUT):
        found[unit.dispatch_id or 0].append(unit.callsign)
    return found


def _of(session: Session, dispatches: Collection[int | None], state: UnitState) -> Sequence[Unit]:
    with_them = select(Unit).where(col(Unit.dispatch_id).in_(dispatches), Unit.state == state)
    return session.exec(with_them.order_by(col(Unit.callsign))).all()

"""Strengths: how many of each station are out, and how many could go."""

from dataclasses import dataclass

from sqlalchemy import func
from sqlmodel import Session, col, select

from models.city.station import Station
from models.incidents.dispatch import Dispatch


@dataclass(frozen=True)
class Strength:
    """A station and who of it is out. On shift is what the apel counted or somebody stated, else nobody knows."""

    station: Station
    out: int

    @property
    def strength(self) -> int | None:
        return self.station.strength

    @property
    def left(self) -> int | None:
        """Below none where more are out than are on shift: shown as it is."""
        return None if self.strength is None else self.strength - self.out

    @property
    def free(self) -> int | None:
        """How many can be sent: never below none."""
        return None if self.left is None else max(0, self.left)

    @property
    def low(self) -> bool:
        """Fewer are left than the command wants here."""
        return self.station.least is not None and self.left is not None and self.left < self.station.least

    @property
    def over(self) -> bool:
        return self.strength is not None and self.out > self.strength


@dataclass(frozen=True)
class Force:
    """All stations together: those whose strength was stated. `unstated`: how many others there are."""

    free: int | None
    strength: int | None
    unstated: int


def strengths(session: Session) -> list[Strength]:
    out = select(Dispatch.station_id, func.sum(Dispatch.personnel)).where(col(Dispatch.cleared_at).is_(None))
    away = dict(session.exec(out.group_by(col(Dispatch.station_id))).all())
    stations = session.exec(select(Station).where(Station.active).order_by(col(Station.id)))
    return [Strength(station, away.get(station.id, 0)) for station in stations]


def force(rows: list[Strength]) -> Force:
    known = [row for row in rows if row.strength is not None]
    if not known:
        return Force(None, None, len(rows))
    free, strength = sum(row.free or 0 for row in known), sum(row.strength or 0 for row in known)
    return Force(free, strength, len(rows) - len(known))

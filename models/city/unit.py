"""Unit: what personnel drive, by the callsign that the radio knows it by."""

from enum import StrEnum

from sqlalchemy import String
from sqlmodel import Field

from models.errors import N_
from models.versioned import Versioned


class Kind(StrEnum):
    MOTORCYCLE = "R2"
    CAR = "R4"
    TRUCK = "truk"


class UnitState(StrEnum):
    READY = "ready"
    OUT = "out"
    BROKEN = "broken"


UNIT_WORDS = {UnitState.READY: N_("siap"), UnitState.OUT: N_("keluar"), UnitState.BROKEN: N_("rusak")}


class Unit(Versioned, table=True):
    """`note`: where it is, or what is broken. `dispatch_id`: whom it took last. Not `active`: sold or scrapped; its callsign stays in what was."""

    id: int = Field(default=None, primary_key=True)
    callsign: str
    kind: Kind = Field(sa_type=String)
    seats: int
    station_id: int = Field(foreign_key="station.id")
    state: UnitState = Field(default=UnitState.READY, sa_type=String)
    note: str = ""
    dispatch_id: int | None = Field(default=None, foreign_key="dispatch.id", index=True)
    active: bool = True

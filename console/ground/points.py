"""Points on the earth: is this one possible, how far apart are two, which is nearest."""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, TypeVar

from geopy.distance import geodesic, great_circle

from models.errors import N_, WrongValue

SOUTH, NORTH, WEST, EAST = -11.2, 6.3, 94.7, 141.1  # Indonesia, with its waters
NOTHING = 0.01  # 0, 0 is what some phones say when they do not know

T = TypeVar("T")


class HasPoint(Protocol):
    """A place, a station, an incident: whatever stands somewhere."""

    @property
    def lat(self) -> float: ...
    @property
    def lon(self) -> float: ...


@dataclass(frozen=True)
class Place:
    """Degrees, WGS 84."""

    lat: float
    lon: float


class Fault(StrEnum):
    NAN = "nan"
    SWAPPED = "swapped"
    OUTSIDE = "outside_indonesia"
    FAR = "far"  # of the ground that this installation knows


SENTENCES = {
    Fault.NAN: N_("Titik lokasi tidak terbaca."),
    Fault.SWAPPED: N_("Lintang dan bujur tertukar."),
    Fault.OUTSIDE: N_("Titik ini di luar Indonesia. Bila mendesak, telepon 110."),
    Fault.FAR: N_(
        "Titik ini terlalu jauh dari wilayah kami, jadi laporan tidak dikirim. Telepon 110: polisi di sana yang datang."
    ),
}


class WrongPlace(WrongValue, ValueError):
    """A point that cannot be; `reason` says how."""

    def __init__(self, field: str, reason: Fault):
        super().__init__(field, SENTENCES[reason])
        self.reason = reason

    @property
    def elsewhere(self) -> bool:
        """A point that can be, where nobody of ours is: not a slip of a phone."""
        return self.reason in (Fault.OUTSIDE, Fault.FAR)


def valid_point(lat: float, lon: float) -> Place:
    """The point, or WrongPlace. A swapped pair is named, not mended: a guess would send people astray."""
    for field, degrees in (("lat", lat), ("lon", lon)):
        if not math.isfinite(degrees):
            raise WrongPlace(field, Fault.NAN)
    if in_indonesia(lat, lon):
        return Place(lat, lon)
    if abs(lat) < NOTHING and abs(lon) < NOTHING:
        raise WrongPlace("lat", Fault.NAN)
    if in_indonesia(lon, lat):
        raise WrongPlace("lat", Fault.SWAPPED)
    raise WrongPlace("lon" if SOUTH <= lat <= NORTH else "lat", Fault.OUTSIDE)


def in_indonesia(lat: float, lon: float) -> bool:
    return SOUTH <= lat <= NORTH and WEST <= lon <= EAST


def distance_m(a: HasPoint, b: HasPoint) -> float:
    """On the ellipsoid: the number people read. 75 µs."""
    return float(geodesic((a.lat, a.lon), (b.lat, b.lon)).meters)


def rough_distance_m(a: HasPoint, b: HasPoint) -> float:
    """On the sphere, up to 0.6 % off: enough to rank. 5 µs."""
    return float(great_circle((a.lat, a.lon), (b.lat, b.lon)).meters)


def nearest(
    point: HasPoint, things: Iterable[T], key: Callable[[T], HasPoint] | None = None, limit: int | None = None
) -> list[tuple[T, float]]:
    """Things with their distance in metres, nearest first; `key` finds the point of a thing that has none itself."""
    at: Callable[[T], HasPoint] = key or (lambda thing: thing)  # type: ignore[assignment,return-value]
    ranked = sorted(things, key=lambda thing: rough_distance_m(point, at(thing)))
    return [(thing, distance_m(point, at(thing))) for thing in ranked[:limit]]

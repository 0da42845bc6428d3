"""Site: a point and what is known of it, as places finds it and the law keeps it; or that nothing is known yet."""

from dataclasses import dataclass
from typing import Any, NamedTuple

UNKNOWN = "none"  # the precision of what has no place yet


class Point(NamedTuple):
    """Degrees, WGS 84."""

    lat: float
    lon: float


@dataclass(frozen=True)
class Site:
    """`precision`: device, pin, place, area or none; `neighbour`: whose area it is when `outside`; `doubt`: another
    place, which the words that came with the point name."""

    lat: float | None
    lon: float | None
    precision: str
    centre_lat: float | None
    centre_lon: float | None
    accuracy_m: float | None = None
    kelurahan: str = ""
    kecamatan: str = ""
    landmark: str = ""
    outside: bool = False
    neighbour: str | None = None
    station: str = ""  # code of the polsek whose area it is, if it is one of ours
    doubt: str = ""

    @property
    def point(self) -> Point | None:
        return None if self.lat is None or self.lon is None else Point(self.lat, self.lon)

    @classmethod
    def unknown(cls, landmark: str = "") -> "Site":
        """No place yet: the reporter's words of it at most. A guess would be taken for knowledge."""
        return cls(None, None, UNKNOWN, None, None, landmark=landmark)

    def columns(self, station_id: int | None) -> dict[str, Any]:
        """As an incident keeps it, with its station's id instead of the code."""
        values = dict(vars(self)) | {"station_id": station_id}
        del values["station"]
        return values

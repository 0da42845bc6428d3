"""Site: a point and what is known of it, as places finds it and the law keeps it."""

from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, select

from models.city.station import Station


@dataclass(frozen=True)
class Site:
    """Degrees WGS 84. `precision`: device, pin, place or area; `neighbour`: whose area it is when `outside`."""

    lat: float
    lon: float
    precision: str
    centre_lat: float
    centre_lon: float
    accuracy_m: float | None = None
    kelurahan: str = ""
    kecamatan: str = ""
    landmark: str = ""
    outside: bool = False
    neighbour: str | None = None
    station: str = ""  # code of the polsek whose area it is, if it is one of ours

    def columns(self, session: Session) -> dict[str, Any]:
        """As an incident keeps it."""
        values = dict(vars(self))
        code = values.pop("station")
        return values | {"station_id": session.exec(select(Station.id).where(Station.code == code)).first()}

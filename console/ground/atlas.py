"""The map that is always there: whose ground a point is on, and the outlines that pages draw.

Outlines are approximate (`cells`) until `admin import-boundaries` brings true ones.
What is drawn and what is answered come from the same rings, so the map never contradicts a card.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from console.ground import rings
from console.ground.boundaries import read_boundaries
from console.ground.cells import Centre, cells
from console.ground.files import BOUNDARIES
from console.ground.rings import KM_PER_DEGREE, Ring
from models.city.seed.facts import OUTLINES, District, Neighbour, Village, in_use, load

EDGE_M = 300  # a drawn border is about this uncertain: just outside the city still counts as inside


@dataclass(frozen=True)
class Spot:
    """Where a point lies. Names are '' where nobody knows.

    `police`: the nearest unit that answers there. `outside`: another command than ours has it,
    and `neighbour` names it, or is None far from here.
    """

    kelurahan: str
    kecamatan: str
    outside: bool
    neighbour: str | None
    police: str
    station: str = ""  # code of the polsek, where it is one of ours


@dataclass(frozen=True)
class Area:
    """Rings of one district or village, outer and holes alike: inside an odd number of them is inside."""

    code: str
    rings: tuple[Ring, ...]

    @cached_property
    def box(self) -> tuple[float, float, float, float]:
        lats, lons = zip(*(corner for ring in self.rings for corner in ring), strict=True)
        return min(lats), min(lons), max(lats), max(lons)

    def holds(self, lat: float, lon: float) -> bool:
        south, west, north, east = self.box
        if not (south <= lat <= north and west <= lon <= east):
            return False
        return sum(rings.inside(ring, lat, lon) for ring in self.rings) % 2 == 1

    def away_m(self, lat: float, lon: float) -> float:
        return min(rings.away_m(ring, lat, lon) for ring in self.rings)


class Atlas:
    """Outlines of districts and villages and the questions put to them. Immutable: see `atlas()`."""

    def __init__(self, boundaries: Mapping[str, Any] | None = None):
        facts = load()
        self.city, self._attribution = facts.city, facts.attribution
        self.our_command = facts.headquarters.name
        self.districts = {district.code: district for district in facts.districts}
        self.villages = {village.code: village for village in facts.villages}
        self.neighbours = {neighbour.code: neighbour for neighbour in facts.neighbours}
        self.stations = {station.code: station for station in facts.stations}
        self.approximate = boundaries is None
        self._imported = boundaries or {}

    def village_at(self, lat: float, lon: float) -> Village | None:
        """The kelurahan that holds this point, None outside the city."""
        for area in self.village_areas:
            if area.holds(lat, lon):
                return self.villages[area.code]
        if not self.approximate:
            district = self._district_holding(lat, lon)
            return self._likely_village(lat, lon, district) if district else None
        beside = [area for area in self.village_areas if _near(area, lat, lon)]
        away_m, code = min(((area.away_m(lat, lon), area.code) for area in beside), default=(EDGE_M + 1, ""))
        return self.villages[code] if away_m <= EDGE_M else None

    def district_at(self, lat: float, lon: float) -> District | None:
        """The kecamatan that holds this point, None outside the city."""
        if not self.approximate and (district := self._district_holding(lat, lon)):
            return district
        village = self.village_at(lat, lon)
        return self.districts[village.district] if village else None

    def neighbour_at(self, lat: float, lon: float) -> Neighbour | None:
        """Among the kecamatan around the city: the one imported as a polygon, else the nearest centre."""
        for area in self._areas("neighbours"):
            if area.holds(lat, lon):
                return self.neighbours[area.code]
        if not self.city.serves(lat, lon):
            return None
        return min(self.neighbours.values(), key=lambda place: _square(place, lat, lon))

    def describe(self, lat: float, lon: float) -> Spot:
        district = self.district_at(lat, lon)
        village = self.village_at(lat, lon) if district else None
        ground = district or self.neighbour_at(lat, lon)
        if ground is None:
            return Spot("", "", True, None, "")
        outside = ground.polres != self.our_command
        police = self.stations[ground.station].name if ground.station else ground.polres
        name, neighbour = village.name if village else "", ground.polres if outside else None
        return Spot(name, ground.name, outside, neighbour, police, ground.station or "")

    @cached_property
    def village_areas(self) -> list[Area]:
        if not self.approximate:
            return self._areas("villages")
        centres = [
            Centre(village.lat, village.lon, village.area_km2, village.district) for village in self.villages.values()
        ]
        return [Area(code, (ring,)) for code, ring in zip(self.villages, cells(centres), strict=True)]

    @cached_property
    def district_areas(self) -> list[Area]:
        """As imported, else what their villages cover together."""
        if given := self._areas("districts"):
            return given
        parts: dict[str, list[Ring]] = {code: [] for code in self.districts}
        for area in self.village_areas:
            parts[self.villages[area.code].district] += area.rings
        return [Area(code, tuple(rings.dissolved(pieces) or pieces)) for code, pieces in parts.items() if pieces]

    @cached_property
    def level0(self) -> dict[str, Any]:
        """What a page needs to draw: Leaflet's order (lat, lon), rings by the even-odd rule."""
        attribution = self._attribution if self.approximate else self._imported.get("attribution", "")
        boxes = [area.box for area in self.district_areas]
        return {
            "attribution": attribution,
            "approximate": self.approximate,
            "note": "batas perkiraan" if self.approximate else "",
            "bounds": [
                [min(box[0] for box in boxes), min(box[1] for box in boxes)],
                [max(box[2] for box in boxes), max(box[3] for box in boxes)],
            ],
            "districts": [
                {
                    "code": area.code,
                    "name": self.districts[area.code].name,
                    "short": self.districts[area.code].name.removeprefix(f"{self.city.called} "),
                    "ours": self.districts[area.code].polres == self.our_command,
                    "label": rings.label(max(area.rings, key=rings.area_km2)),
                    "rings": area.rings,
                }
                for area in self.district_areas
            ],
            "villages": [
                {
                    "name": self.villages[area.code].name,
                    "district": self.villages[area.code].district,
                    "label": [round(self.villages[area.code].lat, 5), round(self.villages[area.code].lon, 5)],
                    "rings": area.rings,
                }
                for area in self.village_areas
            ],
            "neighbours": [
                {"name": place.name, "lat": round(place.lat, 5), "lon": round(place.lon, 5)}
                for place in self.neighbours.values()
            ],
        }

    @cached_property
    def level0_json(self) -> bytes:
        """`level0`, encoded once and as small as JSON gets."""
        return json.dumps(self.level0, separators=(",", ":"), ensure_ascii=False).encode()

    @cached_property
    def level0_tag(self) -> str:
        """By which a browser knows it again."""
        return f'"{sha256(self.level0_json).hexdigest()[:16]}"'

    def _areas(self, kind: str) -> list[Area]:
        return self._read.get(kind, [])

    @cached_property
    def _read(self) -> dict[str, list[Area]]:
        return {
            kind: [Area(row["code"], _rings(row["rings"])) for row in self._imported.get(kind, [])]
            for kind in ("districts", "villages", "neighbours")
        }

    def _district_holding(self, lat: float, lon: float) -> District | None:
        return next((self.districts[area.code] for area in self.district_areas if area.holds(lat, lon)), None)

    def _likely_village(self, lat: float, lon: float, district: District) -> Village:
        """Nearest centre, with large villages reaching farther: 0.15 of the area off the squared distance."""
        of_district = (village for village in self.villages.values() if village.district == district.code)
        return min(of_district, key=lambda village: _square(village, lat, lon) - 0.15 * village.area_km2)


def atlas(data_dir: Path | None = None) -> Atlas:
    """The atlas of an installation; read again only when its imported boundaries change."""
    file = data_dir / BOUNDARIES if data_dir else None
    try:
        return _atlas(in_use(), file, file.stat().st_mtime_ns) if file else _atlas(in_use(), None, 0)
    except FileNotFoundError:
        return _atlas(in_use(), None, 0)


@lru_cache(maxsize=8)
def _atlas(city: Path, file: Path | None, changed_ns: int) -> Atlas:
    """What was imported goes before what the city's folder brings."""
    if file:
        return Atlas(json.loads(file.read_text("utf-8")))
    brought = city / OUTLINES
    return Atlas(read_boundaries(brought, load().attribution) if brought.exists() else None)


def _rings(rows: Iterable[Iterable[Iterable[float]]]) -> tuple[Ring, ...]:
    return tuple(tuple((lat, lon) for lat, lon in ring) for ring in rows)


def _near(area: Area, lat: float, lon: float) -> bool:
    """A quick no for most: 0.004 degrees are more than EDGE_M."""
    south, west, north, east = area.box
    return south - 0.004 <= lat <= north + 0.004 and west - 0.004 <= lon <= east + 0.004


def _square(place: Village | Neighbour, lat: float, lon: float) -> float:
    """Squared distance in km, near the equator."""
    return ((place.lat - lat) ** 2 + (place.lon - lon) ** 2) * KM_PER_DEGREE**2

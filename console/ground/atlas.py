"""The map that is always there: whose ground a point is on, and the outlines that pages draw.

What is drawn and what is answered come from the same borders, so the map never contradicts a card.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from console.ground import rings
from console.ground.boundaries import read_boundaries
from console.ground.drawn import Borders
from console.ground.files import BOUNDARIES, WrongFile
from console.ground.landmarks import read_seeded
from console.ground.outlines import Area, Outlines, from_rings, read_outlines
from console.ground.rings import KM_PER_DEGREE
from models.city.seed.facts import OUTLINES, PLACES, District, Neighbour, Village, in_use, load

WEIGHTS = {"crossing": 1, "terminal": 1, "market": 1, "hospital": 1, "mall": 1, "university": 1, "street": 3, "stop": 3}
EDGE_M = 300  # a river, a pier, a strip that no outline holds: it belongs to whoever is nearest


@dataclass(frozen=True)
class Spot:
    """Where a point lies. Names are '' where nobody knows.

    `police`: the nearest unit that answers there. `outside`: another command than ours has it,
    and `neighbour` names it, or is None far from here. `kelurahan` is a desa where `regency` names another
    regency than the city's. `centre`: a point inside the kelurahan that tells nothing more exact.
    """

    kelurahan: str
    kecamatan: str
    outside: bool
    neighbour: str | None
    police: str
    station: str = ""  # code of the polsek, where it is one of ours
    regency: str = ""
    centre: tuple[float, float] | None = None


NOWHERE = Spot("", "", True, None, "")


class Atlas:
    """Outlines of districts and villages and the questions put to them. Immutable: see `atlas()`."""

    def __init__(self, outlines: Outlines):
        facts = load()
        self.city = facts.city
        self.our_command = facts.headquarters.name
        self.districts = {district.code: district for district in facts.districts}
        self.villages = {village.code: village for village in facts.villages}
        self.neighbours = {neighbour.code: neighbour for neighbour in facts.neighbours}
        self.stations = {station.code: station for station in facts.stations}
        self.outlines = outlines

    def village_at(self, lat: float, lon: float) -> Village | None:
        """The kelurahan that holds this point, None outside the city."""
        district = self.district_at(lat, lon)
        if district is None:
            return None
        area = self.outlines.at("villages", lat, lon)
        if area and self.villages[area.code].district == district.code:
            return self.villages[area.code]
        return self._likely_village(lat, lon, district)

    def district_at(self, lat: float, lon: float) -> District | None:
        """The kecamatan that holds this point, None outside the city."""
        ground = self._ground(lat, lon)
        return ground if isinstance(ground, District) else None

    def away_km(self, lat: float, lon: float) -> float:
        """How far from every outline we know, the city's and those around it; 0 within one."""
        if self._ground(lat, lon):
            return 0.0
        known = (*self.outlines.villages, *self.outlines.districts, *self.outlines.neighbours)
        return min(area.away_m(lat, lon) for area in known) / 1000

    def command_away_m(self, name: str, lat: float, lon: float) -> float | None:
        """How far from the ground of this command, 0 within it; None where no outline of it is known."""
        places: tuple[District | Neighbour, ...] = (*self.districts.values(), *self.neighbours.values())
        theirs = {one.code for one in places if one.polres == name}
        areas = [area for area in (*self.district_areas, *self.outlines.neighbours) if area.code in theirs]
        return min((0.0 if area.holds(lat, lon) else area.away_m(lat, lon) for area in areas), default=None)

    def describe(self, lat: float, lon: float) -> Spot:
        ground = self._ground(lat, lon)
        if ground is None:
            return NOWHERE
        outside = ground.polres != self.our_command
        police = self.stations[ground.station].name if ground.station else ground.polres
        neighbour = ground.polres if outside else None
        if isinstance(ground, Neighbour):
            hamlet = self._hamlet_at(lat, lon, ground)
            name, regency = hamlet.name if hamlet else "", ground.regency
            centre = hamlet.label if hamlet else (ground.lat, ground.lon)
        else:
            village, regency = self.village_at(lat, lon), ""
            name = village.name if village else ""
            centre = self.labels[village.code] if village else (ground.lat, ground.lon)
        return Spot(name, ground.name, outside, neighbour, police, ground.station or "", regency, centre)

    @cached_property
    def labels(self) -> dict[str, tuple[float, float]]:
        """Where each name stands: inside its own outline."""
        named = (*self.outlines.villages, *self.district_areas, *self.outlines.neighbours)
        known: tuple[Village | District | Neighbour, ...] = (
            *self.villages.values(),
            *self.districts.values(),
            *self.neighbours.values(),
        )
        return {place.code: (round(place.lat, 5), round(place.lon, 5)) for place in known} | {
            area.code: area.label for area in named
        }

    @cached_property
    def district_areas(self) -> tuple[Area, ...]:
        """As brought, else what their villages cover together."""
        if self.outlines.districts:
            return self.outlines.districts
        parts: dict[str, list[rings.Ring]] = {code: [] for code in self.districts}
        for area in self.outlines.villages:
            parts[self.villages[area.code].district] += area.rings
        together = {code: rings.dissolved(pieces) or pieces for code, pieces in parts.items() if pieces}
        return from_rings({"districts": [{"code": code, "rings": each} for code, each in together.items()]}).districts

    @cached_property
    def level0(self) -> dict[str, Any]:
        """What a page needs to draw (static/js/ground.js): each border once, rings as the numbers of theirs."""
        boxes = [area.box for area in self.district_areas]
        borders = Borders()
        return {
            "attribution": self.outlines.attribution,
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
                    "label": self.labels[area.code],
                    "rings": borders.of(area),
                }
                for area in self.district_areas
            ],
            "villages": [
                {
                    "name": self.villages[area.code].name,
                    "district": self.villages[area.code].district,
                    "label": self.labels[area.code],
                    "rings": borders.of(area),
                }
                for area in self.outlines.villages
            ],
            "neighbours": [
                {
                    "name": place.name,
                    "lat": self.labels[place.code][0],
                    "lon": self.labels[place.code][1],
                    "rings": borders.of(area, coarse=True) if (area := self._around.get(place.code)) else [],
                }
                for place in self.neighbours.values()
            ],
            "borders": borders.drawn,
            "places": list(_labels()),
        }

    @cached_property
    def level0_json(self) -> bytes:
        """`level0`, encoded once and as small as JSON gets."""
        return json.dumps(self.level0, separators=(",", ":"), ensure_ascii=False).encode()

    @cached_property
    def level0_tag(self) -> str:
        """By which a browser knows it again."""
        return f'"{sha256(self.level0_json).hexdigest()[:16]}"'

    @cached_property
    def _around(self) -> dict[str, Area]:
        return {area.code: area for area in self.outlines.neighbours}

    def _ground(self, lat: float, lon: float) -> District | Neighbour | None:
        """The kecamatan of a point: the one that holds it, else the nearest within EDGE_M.

        A city that brings no outline of its neighbours knows them by their centres alone.
        """
        for kind in (
            ("villages", "districts", "neighbours") if not self.outlines.districts else ("districts", "neighbours")
        ):
            if area := self.outlines.at(kind, lat, lon):
                return self._place(area)
        beside = [area for kind in ("villages", "neighbours") for area in self.outlines.grid.about(kind, lat, lon)]
        away_m, _, nearest = min(
            ((area.away_m(lat, lon), area.code, area) for area in beside), default=(EDGE_M + 1, "", None)
        )
        if nearest and away_m <= EDGE_M:
            return self._place(nearest)
        if self.outlines.neighbours or not self.city.serves(lat, lon):
            return None
        return min(self.neighbours.values(), key=lambda place: _square(place, lat, lon))

    def _place(self, area: Area) -> District | Neighbour | None:
        if village := self.villages.get(area.code):
            return self.districts[village.district]
        return self.districts.get(area.code) or self.neighbours.get(area.code)

    def _hamlet_at(self, lat: float, lon: float, around: Neighbour) -> Area | None:
        """The desa of a point; its code begins with its kecamatan's."""
        area = self.outlines.at("hamlets", lat, lon)
        return area if area and area.code.startswith(f"{around.code}.") else None

    def _likely_village(self, lat: float, lon: float, district: District) -> Village:
        """Of a point that no village of the district holds: the nearest outline, or where none is known the nearest
        centre, with large villages reaching farther (0.15 of the area off the squared distance)."""
        of_district = [village for village in self.villages.values() if village.district == district.code]
        if drawn := [area for area in self.outlines.villages if self.villages[area.code].district == district.code]:
            return self.villages[min(drawn, key=lambda area: area.away_m(lat, lon)).code]
        return min(of_district, key=lambda village: _square(village, lat, lon) - 0.15 * village.area_km2)


def _labels() -> Iterator[tuple[float, float, str, int]]:
    """What is written on the map, each with how near one comes before it is: 1 from far, 3 from near."""
    file = in_use() / PLACES
    for place in read_seeded(file) if file.exists() else ():
        if "Halte" in place.name and place.kind == "stop":
            continue  # they have their names from what stands beside them
        name = place.name.partition(" (")[0].partition(" / ")[0]
        yield round(place.lat, 5), round(place.lon, 5), name, WEIGHTS.get(place.kind, 2)


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
    brought = _brought(city)
    return Atlas(brought.beneath(from_rings(json.loads(file.read_text("utf-8")))) if file else brought)


def _brought(city: Path) -> Outlines:
    topology, features = (city / name for name in OUTLINES)
    attribution = load().attribution
    if topology.exists():
        return read_outlines(topology, attribution)
    if features.exists():
        return from_rings(read_boundaries(features, attribution))
    raise WrongFile(f"{' or '.join(OUTLINES)} is missing: whose ground a point is on would not be known")


def _square(place: Village | Neighbour, lat: float, lon: float) -> float:
    """Squared distance in km, near the equator."""
    return ((place.lat - lat) ** 2 + (place.lon - lon) ** 2) * KM_PER_DEGREE**2

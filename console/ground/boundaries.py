"""True boundaries, brought by an operator as GeoJSON."""

import math
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from console.ground.files import BOUNDARIES, WrongFile, features, store
from console.ground.names import plain
from console.ground.points import Fault, Place, WrongPlace, rough_distance_m, valid_point
from console.ground.rings import Ring, area_km2, crossing, label
from models.city.seed.facts import District, Neighbour, Village, load

MOST_CORNERS = 500_000
KINDS = ("districts", "villages", "neighbours")
SLIVER_KM2 = 1e-6  # 1 m²: a leftover of somebody's editing
AREA_TIMES = 2.0  # so many times the known area, or less than its part: another place, or another unit
BEYOND_DEGREES = 0.05  # 5 km outside of the box of the city and its neighbours

VILLAGE_KEYS = ("kelurahan", "desa", "village", "wadmkd", "name_4")  # wadm…: Badan Informasi Geospasial
DISTRICT_KEYS = ("kecamatan", "district", "wadmkc", "name_3")
FAULTS = {
    Fault.NAN: "not a number",
    Fault.SWAPPED: "latitude and longitude are swapped",
    Fault.OUTSIDE: "outside Indonesia",
}
NAME_KEYS = ("name", "nama", "namobj")


def import_boundaries(path: Path, data_dir: Path, attribution: str = "") -> dict[str, int]:
    """Takes true boundaries from a GeoJSON file of named (multi)polygons in WGS 84; how many of each kind.

    A feature is a kelurahan, a kecamatan, or a kecamatan around the city, by its names; each is held against what
    is known of that place. The file replaces what was imported before. Raises WrongFile with the feature's number,
    name and fault, and then nothing has changed.
    """
    content = read_boundaries(path, attribution or path.name)
    store(data_dir / BOUNDARIES, content)
    return {kind: len(content[kind]) for kind in KINDS}


def read_boundaries(path: Path, attribution: str) -> dict[str, Any]:
    """The same, kept nowhere."""
    found: dict[str, dict[str, list[Ring]]] = {kind: {} for kind in KINDS}
    given: dict[tuple[str, str], int] = {}
    corners = 0
    for number, feature in enumerate(features(path), 1):
        where = f"{path.name}, feature {number}"
        properties = {str(key).lower(): value for key, value in (feature.get("properties") or {}).items()}
        kind, code = _meant(properties, where)
        place = _known(kind, code)
        where = f"{where} ({place.name})"
        if first := given.get((kind, code)):
            raise WrongFile(f"{where}: given before, as feature {first}; the parts of a place are one MultiPolygon")
        given[kind, code] = number
        rings = list(_polygon_rings(feature.get("geometry") or {}, where))
        corners += sum(map(len, rings))
        if corners > MOST_CORNERS:
            raise WrongFile(f"{path.name}: more than {MOST_CORNERS} corners; simplify it first")
        if rings:
            _hold_against(place, rings, where)
            found[kind][code] = rings
    if not found["districts"] and not found["villages"]:
        raise WrongFile(f"{path.name}: no kecamatan or kelurahan of {load().city.name}")
    for kind, known in (("villages", load().villages), ("districts", load().districts)):
        missing = [place.name for place in known if place.code not in found[kind]]
        if found[kind] and missing:
            raise WrongFile(f"{path.name}: {kind} missing: {', '.join(missing[:5])} ({len(missing)} in all)")
    return {"attribution": attribution} | {
        kind: [{"code": code, "rings": rings} for code, rings in rows.items()] for kind, rows in found.items()
    }


def _meant(properties: Mapping[str, Any], where: str) -> tuple[str, str]:
    """Which place a feature is: its kind and code."""
    facts = load()
    village, district, name = (_first(properties, keys) for keys in (VILLAGE_KEYS, DISTRICT_KEYS, NAME_KEYS))
    village = village or (name if district and plain(name) != plain(district) else "")
    called = plain(facts.city.called)
    districts = {plain(place.name): place.code for place in facts.districts}
    neighbours = {plain(place.name): place.code for place in facts.neighbours}
    if village:
        within = districts.get(plain(district)) or districts.get(f"{called} {plain(district)}")
        codes = [
            place.code
            for place in facts.villages
            if plain(village) in map(plain, (place.name, *place.aliases)) and within in (None, place.district)
        ]
        exact = [place.code for place in facts.villages if place.code in codes and plain(place.name) == plain(village)]
        if len(exact or codes) == 1:
            return "villages", (exact or codes)[0]
        raise WrongFile(f"{where}: {'two kelurahan are' if codes else 'no kelurahan is'} called {village!r}")
    wanted = plain(district or name)
    if code := districts.get(wanted):
        return "districts", code
    if district and (code := districts.get(f"{called} {wanted}")) and wanted not in neighbours:
        return "districts", code
    if code := neighbours.get(wanted):
        return "neighbours", code
    codes = [place.code for place in facts.villages if wanted in map(plain, (place.name, *place.aliases))]
    if len(codes) == 1:
        return "villages", codes[0]
    raise WrongFile(f"{where}: no kecamatan or kelurahan is called {district or name!r}")


def _known(kind: str, code: str) -> District | Village | Neighbour:
    places: Iterable[District | Village | Neighbour] = getattr(load(), kind)
    return next(place for place in places if place.code == code)


def _hold_against(known: District | Village | Neighbour, rings: list[Ring], where: str) -> None:
    """Is it there, where this place is known to be, and about as large?"""
    west, south, east, north = load().city.service_bbox
    for lat, lon in (corner for ring in rings for corner in ring):
        in_box = south <= lat + BEYOND_DEGREES and lat - BEYOND_DEGREES <= north
        if not (in_box and west <= lon + BEYOND_DEGREES and lon - BEYOND_DEGREES <= east):
            raise WrongFile(f"{where}: point {lon}, {lat} lies outside of {load().city.name} and its neighbours")
    if isinstance(known, Neighbour):
        return
    area = sum(map(area_km2, rings))
    if not known.area_km2 / AREA_TIMES <= area <= known.area_km2 * AREA_TIMES:
        raise WrongFile(f"{where}: {area:.2f} km², where {known.area_km2:.2f} km² are known")
    middle = Place(*label(rings))
    away_km, reach_km = rough_distance_m(middle, known) / 1000, 1 + 2 * math.sqrt(known.area_km2 / math.pi)
    if away_km > reach_km:
        raise WrongFile(f"{where}: its middle lies {away_km:.1f} km from where {known.name} is")


def _first(properties: Mapping[str, Any], keys: Iterable[str]) -> str:
    return next((str(properties[key]).strip() for key in keys if properties.get(key)), "")


def _polygon_rings(geometry: Mapping[str, Any], where: str) -> Iterable[Ring]:
    """Rings of a (multi)polygon: outer ones counter-clockwise, holes clockwise, so that edges can cancel out."""
    polygons = {"Polygon": lambda c: [c], "MultiPolygon": lambda c: c}.get(str(geometry.get("type")))
    if polygons is None:
        raise WrongFile(f"{where}: not a polygon")
    try:
        for polygon in polygons(geometry["coordinates"]):
            for nth, points in enumerate(polygon):
                ring = _ring(points, where)
                if abs(area_km2(ring)) > SLIVER_KM2:
                    yield _wound(ring, outer=nth == 0)
    except (TypeError, ValueError, KeyError, IndexError) as error:
        raise error if isinstance(error, WrongFile) else WrongFile(f"{where}: broken coordinates") from error


def _ring(points: Iterable[Iterable[float]], where: str) -> Ring:
    corners: list[tuple[float, float]] = []
    exact: list[tuple[float, float]] = []  # rounded, a fine border would seem to cross itself
    for lon, lat, *_ in points:
        try:
            valid_point(float(lat), float(lon))
        except WrongPlace as wrong:
            raise WrongFile(f"{where}: point {lon}, {lat}: {FAULTS[wrong.reason]}") from wrong
        exact.append((float(lat), float(lon)))
        corner = (round(float(lat), 5), round(float(lon), 5))
        if not corners or corners[-1] != corner:
            corners.append(corner)
    if len(corners) > 1 and corners[0] == corners[-1]:
        corners.pop()
    if len(corners) < 3:
        raise WrongFile(f"{where}: a ring with fewer than three corners")
    if crossed := crossing(exact):
        raise WrongFile(f"{where}: its border crosses itself near {crossed[1]:.5f}, {crossed[0]:.5f}")
    return tuple(corners)


def _wound(ring: Ring, *, outer: bool) -> Ring:
    return ring if (area_km2(ring) > 0) == outer else ring[::-1]

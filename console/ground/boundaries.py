"""True boundaries, brought by an operator as GeoJSON."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from console.ground.atlas import BOUNDARIES
from console.ground.files import WrongFile, features, store
from console.ground.names import plain
from console.ground.rings import Ring, area_km2
from console.points import WrongPlace, valid_point
from models.seed.medan import load

MOST_CORNERS = 500_000
SLIVER_KM2 = 1e-6  # 1 m²: a leftover of somebody's editing

VILLAGE_KEYS = ("kelurahan", "desa", "village", "wadmkd", "name_4")  # wadm…: Badan Informasi Geospasial
DISTRICT_KEYS = ("kecamatan", "district", "wadmkc", "name_3")
NAME_KEYS = ("name", "nama", "namobj")


def import_boundaries(path: Path, data_dir: Path, attribution: str = "") -> dict[str, int]:
    """Takes true boundaries from a GeoJSON file of named (multi)polygons in WGS 84; how many of each kind.

    A feature is a kelurahan, a kecamatan, or a kecamatan around the city, by its names. The file replaces
    what was imported before. Raises WrongFile, and then nothing has changed.
    """
    found: dict[str, dict[str, list[Ring]]] = {"districts": {}, "villages": {}, "neighbours": {}}
    corners = 0
    for number, feature in enumerate(features(path), 1):
        where = f"{path.name}, feature {number}"
        properties = {str(key).lower(): value for key, value in (feature.get("properties") or {}).items()}
        kind, code = _meant(properties, where)
        rings = list(_polygon_rings(feature.get("geometry") or {}, where))
        corners += sum(map(len, rings))
        if corners > MOST_CORNERS:
            raise WrongFile(f"{path.name}: more than {MOST_CORNERS} corners; simplify it first")
        if rings:
            found[kind].setdefault(code, []).extend(rings)
    if not found["districts"] and not found["villages"]:
        raise WrongFile(f"{path.name}: no kecamatan or kelurahan of {load().city.name}")
    for kind, known in (("villages", load().villages), ("districts", load().districts)):
        missing = [place.name for place in known if place.code not in found[kind]]
        if found[kind] and missing:
            raise WrongFile(f"{path.name}: {kind} missing: {', '.join(missing[:5])} ({len(missing)} in all)")
    store(
        data_dir / BOUNDARIES,
        {"attribution": attribution or path.name}
        | {kind: [{"code": code, "rings": rings} for code, rings in rows.items()] for kind, rows in found.items()},
    )
    return {kind: len(rows) for kind, rows in found.items()}


def _meant(properties: Mapping[str, Any], where: str) -> tuple[str, str]:
    """Which place a feature is: its kind and code."""
    facts = load()
    village, district, name = (_first(properties, keys) for keys in (VILLAGE_KEYS, DISTRICT_KEYS, NAME_KEYS))
    village = village or (name if district and plain(name) != plain(district) else "")
    districts = {plain(place.name): place.code for place in facts.districts}
    neighbours = {plain(place.name): place.code for place in facts.neighbours}
    if village:
        within = districts.get(plain(district)) or districts.get("medan " + plain(district))
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
    if district and (code := districts.get("medan " + wanted)) and wanted not in neighbours:
        return "districts", code
    if code := neighbours.get(wanted):
        return "neighbours", code
    codes = [place.code for place in facts.villages if wanted in map(plain, (place.name, *place.aliases))]
    if len(codes) == 1:
        return "villages", codes[0]
    raise WrongFile(f"{where}: no kecamatan or kelurahan is called {district or name!r}")


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
    for lon, lat, *_ in points:
        try:
            valid_point(float(lat), float(lon))
        except WrongPlace as wrong:
            raise WrongFile(f"{where}: point {lon}, {lat}: {wrong.reason}") from wrong
        corner = (round(float(lat), 5), round(float(lon), 5))
        if not corners or corners[-1] != corner:
            corners.append(corner)
    if len(corners) > 1 and corners[0] == corners[-1]:
        corners.pop()
    if len(corners) < 3:
        raise WrongFile(f"{where}: a ring with fewer than three corners")
    return tuple(corners)


def _wound(ring: Ring, *, outer: bool) -> Ring:
    return ring if (area_km2(ring) > 0) == outer else ring[::-1]

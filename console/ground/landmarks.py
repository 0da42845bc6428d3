"""Landmarks, brought by an operator as a sheet or as GeoJSON: what people name when they name no street."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from console.ground.files import WrongFile, features, read_json, store
from console.ground.names import LANDMARKS, plain, spelled_name
from console.ground.points import WrongPlace, valid_point
from console.ground.sheets import SHEETS, rows_of
from console.pages.decimals import decimal

MOST_PLACES = 50_000
NEEDED = ("name", "lat", "lon")
COLUMNS = {name: name for name in (*NEEDED, "kind", "aliases")} | {
    "nama": "name", "latitude": "lat", "lintang": "lat", "longitude": "lon", "lng": "lon", "bujur": "lon",
    "jenis": "kind", "alias": "aliases", "nama lain": "aliases",
}  # fmt: skip


def import_places(path: Path, data_dir: Path) -> int:
    """Takes landmarks from CSV (name, lat, lon, kind, aliases with ;) or GeoJSON points; how many.

    The file replaces what was imported before. Raises WrongFile, and then nothing has changed.
    """
    places = read_places(path)
    store(data_dir / LANDMARKS, places)
    return len(places)


def read_places(path: Path) -> list[dict[str, Any]]:
    """The same, kept nowhere."""
    rows = rows_of(path, COLUMNS, NEEDED) if path.suffix.lower() in SHEETS else _geojson_rows(path)
    places: dict[tuple[str, float, float], dict[str, Any]] = {}
    for where, row in rows:
        place = _landmark(row, where)
        places[plain(place["name"]), place["lat"], place["lon"]] = place
        if len(places) > MOST_PLACES:
            raise WrongFile(f"{path.name}: more than {MOST_PLACES} places")
    if not places:
        raise WrongFile(f"{path.name}: no places in it")
    return list(places.values())


@dataclass(frozen=True)
class Seeded:
    """A place of the city's folder (places.json), as its `about` explains. `kelurahan_along`: codes, of a street."""

    name: str
    kind: str
    lat: float
    lon: float
    precision_m: int
    confidence: str
    aliases: tuple[str, ...] = ()
    line: tuple[tuple[float, float], ...] = ()
    kelurahan_along: tuple[str, ...] = ()
    extent_m: int = 0


def read_seeded(path: Path) -> list[Seeded]:
    """Raises WrongFile with the row."""
    known = {each.name for each in fields(Seeded)}
    content = read_json(path)
    places: list[Seeded] = []
    for number, row in enumerate(content.get("places", ()) if isinstance(content, dict) else (), 1):
        try:
            place = Seeded(**{key: value for key, value in row.items() if key in known})
            valid_point(float(place.lat), float(place.lon))
        except (TypeError, ValueError, AttributeError) as error:
            raise WrongFile(f"{path.name}, row {number}: {error}") from error
        places.append(place)
    if not places:
        raise WrongFile(f"{path.name}: no places in it")
    return places


def _landmark(row: dict[str, Any], where: str) -> dict[str, Any]:
    name = str(row.get("name") or row.get("nama") or "").strip()
    if not spelled_name(name) or len(name) > 120:
        raise WrongFile(f"{where}: a name of 1 to 120 characters is missing")
    try:
        at = valid_point(*(float(decimal(str(row[name]))) for name in ("lat", "lon")))
    except WrongPlace as wrong:
        raise WrongFile(f"{where}: {wrong.field}: {wrong.reason}") from wrong
    except (KeyError, TypeError, ValueError) as error:
        raise WrongFile(f"{where}: lat and lon must be degrees, as 3.5952 or 3,5952") from error
    aliases = row.get("aliases") or ""
    listed = aliases if isinstance(aliases, list) else re.split(r"[;|]", str(aliases))
    return {
        "name": name,
        "lat": round(at.lat, 6),
        "lon": round(at.lon, 6),
        "kind": str(row.get("kind") or "").strip()[:40],
        "aliases": [alias for alias in (str(item).strip() for item in listed) if spelled_name(alias)][:20],
    }


def _geojson_rows(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    for number, feature in enumerate(features(path), 1):
        where = f"{path.name}, feature {number}"
        geometry = feature.get("geometry")
        if not isinstance(geometry, dict) or geometry.get("type") != "Point":
            raise WrongFile(f"{where}: not a point")
        coordinates: list[Any] = geometry.get("coordinates") or []
        lon, lat, *_ = [*coordinates, None, None]
        yield where, {**(feature.get("properties") or {}), "lat": lat, "lon": lon}

"""Landmarks, brought by an operator as a sheet or as GeoJSON: what people name when they name no street."""

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from console.ground.files import LARGEST_BYTES, WrongFile, features, store
from console.ground.names import LANDMARKS, plain, spelled_name
from console.points import WrongPlace, valid_point

MOST_PLACES = 50_000


def import_places(path: Path, data_dir: Path) -> int:
    """Takes landmarks from CSV (name, lat, lon, kind, aliases with ;) or GeoJSON points; how many.

    The file replaces what was imported before. Raises WrongFile, and then nothing has changed.
    """
    if path.stat().st_size > LARGEST_BYTES:
        raise WrongFile(f"{path.name}: larger than {LARGEST_BYTES >> 20} MiB")
    rows = _csv_rows(path) if path.suffix.lower() == ".csv" else _geojson_rows(path)
    places: dict[tuple[str, float, float], dict[str, Any]] = {}
    for where, row in rows:
        place = _landmark(row, where)
        places[plain(place["name"]), place["lat"], place["lon"]] = place
        if len(places) > MOST_PLACES:
            raise WrongFile(f"{path.name}: more than {MOST_PLACES} places")
    if not places:
        raise WrongFile(f"{path.name}: no places in it")
    store(data_dir / LANDMARKS, list(places.values()))
    return len(places)


def _landmark(row: dict[str, Any], where: str) -> dict[str, Any]:
    name = str(row.get("name") or row.get("nama") or "").strip()
    if not spelled_name(name) or len(name) > 120:
        raise WrongFile(f"{where}: a name of 1 to 120 characters is missing")
    try:
        at = valid_point(float(row["lat"]), float(row["lon"]))
    except WrongPlace as wrong:
        raise WrongFile(f"{where}: {wrong.field}: {wrong.reason}") from wrong
    except (KeyError, TypeError, ValueError) as error:
        raise WrongFile(f"{where}: lat and lon must be degrees") from error
    aliases = row.get("aliases") or ""
    listed = aliases if isinstance(aliases, list) else re.split(r"[;|]", str(aliases))
    return {
        "name": name,
        "lat": round(at.lat, 6),
        "lon": round(at.lon, 6),
        "kind": str(row.get("kind") or "").strip()[:40],
        "aliases": [alias for alias in (str(item).strip() for item in listed) if spelled_name(alias)][:20],
    }


def _csv_rows(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        try:
            for row in (reader := csv.DictReader(lines)):
                yield f"{path.name}, line {reader.line_num}", {str(key).strip().lower(): row[key] for key in row}
        except (csv.Error, UnicodeDecodeError) as error:
            raise WrongFile(f"{path.name}: not CSV: {error}") from error


def _geojson_rows(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    for number, feature in enumerate(features(path), 1):
        where = f"{path.name}, feature {number}"
        geometry = feature.get("geometry")
        if not isinstance(geometry, dict) or geometry.get("type") != "Point":
            raise WrongFile(f"{where}: not a point")
        coordinates: list[Any] = geometry.get("coordinates") or []
        lon, lat, *_ = [*coordinates, None, None]
        yield where, {**(feature.get("properties") or {}), "lat": lat, "lon": lon}

"""A city that nobody has heard of, as the folder that an operator writes for it: Kota Rimbajaya, in the zone of Makassar."""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

KM = 1 / 111
LAT, LON = -2.5, 121.0
SERVICE = [120.8, -2.7, 121.2, -2.3]


def village(code: str, name: str, north: float, east: float) -> dict[str, Any]:
    at = {"lat": round(LAT + north * KM, 5), "lon": round(LON + east * KM, 5)}
    return {"code": code, "name": name, "district": code[:2], "postal_code": "", **at, "area_km2": 4.0, "aliases": []}


def district(code: str, name: str, north: float, station: str) -> dict[str, Any]:
    at = {"lat": round(LAT + north * KM, 5), "lon": LON}
    police = {"polres": "Polres Rimbajaya", "station": station, "status": "confirmed"}
    return {"code": code, "name": name, **at, "bbox": SERVICE, "area_km2": 8.0, **police}


def station(code: str, name: str, north: float, districts: list[str]) -> dict[str, Any]:
    at = {"lat": round(LAT + north * KM, 5), "lon": LON}
    return {"code": code, "name": name, "aliases": [], **at, "address": "", "districts": districts}


def kind(code: str, label_id: str, label_en: str, priority: int, **more: Any) -> dict[str, Any]:
    shown = {"priority": priority, "personnel": 3, "tile": label_id, "lead_unit": "", "partner": "", "choosable": True}
    return {"code": code, "label_id": label_id, "label_en": label_en, **shown, "sensitive": False, **more}


def square(village: dict[str, Any]) -> dict[str, Any]:
    lat, lon, half = village["lat"], village["lon"], 1 / 111
    ring = [[lon + e * half, lat + n * half] for e, n in ((-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1))]
    names = {"kelurahan": village["name"]}
    return {"type": "Feature", "properties": names, "geometry": {"type": "Polygon", "coordinates": [ring]}}


VILLAGES = [village("01.1", "Damar", 1, -1), village("01.2", "Meranti", 1, 1), village("02.1", "Ulin", -1, -1),
            village("02.2", "Gaharu", -1, 1)]  # fmt: skip

CITY: dict[str, Any] = {
    "city.json": {
        "attribution": "Peta karangan",
        "city": {"code": "99.01", "name": "Kota Rimbajaya", "lat": LAT, "lon": LON, "bbox": [120.96, -2.54, 121.04, -2.46],
                 "service_bbox": SERVICE, "area_km2": 16.0, "timezone": "Asia/Makassar"},
        "headquarters": station("RJ-POLRES", "Polres Rimbajaya", 0.3, []),
        "tiles": {"KAPAL": "wave", "GAJAH": "sound"},
    },
    "districts.json": [district("01", "Rimbajaya Utara", 1, "RJ-UTARA"), district("02", "Rimbajaya Selatan", -1, "RJ-SELATAN")],
    "villages.json": VILLAGES,
    "outlines.geojson": {"type": "FeatureCollection", "features": [square(one) for one in VILLAGES]},
    "neighbours.json": [{"code": "99", "name": "Lembah Sagu", "lat": LAT, "lon": LON + 15 * KM, "polres": "Polres Sagu",
                         "station": None, "status": "confirmed", "aliases": []}],
    "stations.json": [station("RJ-UTARA", "Polsek Rimbajaya Utara", 1, ["01"]), station("RJ-SELATAN", "Polsek Rimbajaya Selatan", -1, ["02"])],
    "hospitals.json": [{"name": "RSUD Rimbajaya", "address": "", "area": "Damar, Rimbajaya Utara"}],
    "categories.json": [
        kind("DARURAT_NYAWA", "Jiwa terancam", "Threat to life", 1),
        kind("KAPAL", "Kapal karam", "Ship in distress", 1, partner="SAR"),
        kind("GAJAH", "Gajah masuk kampung", "Elephants in a village", 2),
        kind("OKNUM", "Pengaduan terhadap anggota", "Complaint about an officer", 3, sensitive=True),
    ],
    "priorities.json": [
        {"priority": n, "label_id": word, "label_en": said, "claim_s": 60 * n, "arrive_s": None if n == 4 else 600 * n}
        for n, word, said in ((1, "Darurat", "Emergency"), (2, "Segera", "Urgent"), (3, "Biasa", "Routine"), (4, "Catat", "File"))
    ],
    "modifiers.json": [{"code": "night", "label_id": "Malam", "label_en": "Night", "personnel": 1},
                       {"code": "waves", "label_id": "Ombak tinggi", "label_en": "High waves", "personnel": 2}],
    "agencies.json": [{"code": "SAR", "name": "Basarnas Rimbajaya", "gloss_en": "search and rescue"}],
    "ranks.json": [{"order": 1, "abbr": "Bripda", "name": "Brigadir Polisi Dua", "group": "Bintara"}],
    "likeness.json": {"minutes": 60, "alone_minutes": 15, "metres": 150, "most_metres": 500, "seen_by_many": ["KAPAL"],
                      "never": ["OKNUM"], "also_called": {"KAPAL": ["DARURAT_NYAWA"]}, "grave": ["anak"], "blank": ["ada"]},
    "words.json": {"spellings": {"rj": "rimbajaya"}, "everyday": ["damar"], "never_alone": ["utara", "selatan"]},
}  # fmt: skip


def written(folder: Path, **changed: Any) -> Path:
    """The folder, with these files changed: a function of their content, text to stand there, or None for no file."""
    folder.mkdir(parents=True)
    for name, content in deepcopy(CITY).items():
        change = changed.pop(name.partition(".")[0], lambda same: same)
        if isinstance(change, str):
            (folder / name).write_text(change)
        elif change is not None:
            (folder / name).write_text(json.dumps(change(content) or content, indent=1))
    for name, text in changed.items():
        (folder / name.replace("_", ".")).write_text(text)
    return folder

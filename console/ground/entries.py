"""Everything with a name and a point: the city's areas, its police, its hospitals, imported landmarks."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from console.ground.atlas import Atlas, atlas
from console.ground.files import read_json
from console.ground.landmarks import read_places
from console.ground.names import spelled_name
from models.city.seed.facts import LANDMARKS as SEEDED
from models.city.seed.facts import in_use, load


class Precision(StrEnum):
    """How exact the point of an answer is."""

    LANDMARK = "landmark"  # imported: a point of its own
    PLACE = "place"  # a building known by an online geocoder
    KELURAHAN = "kelurahan"
    KECAMATAN = "kecamatan"


@dataclass(frozen=True)
class Entry:
    """Something with a name: `names` are already spelled our way."""

    title: str
    names: tuple[str, ...]
    lat: float
    lon: float
    precision: Precision
    kelurahan: str
    kecamatan: str
    kind: str = ""

    @property
    def address(self) -> str:
        parts = (self.title, self.kelurahan, self.kecamatan)
        return ", ".join(dict.fromkeys(part for part in parts if part))


@lru_cache(maxsize=8)
def entries(file: Path | None, changed_ns: int, ground: Atlas) -> dict[str, list[Entry]]:
    found: dict[str, list[Entry]] = {}
    for entry in (*_known(), *_imported(file, ground)):
        for name in entry.names:
            found.setdefault(name, []).append(entry)
    return found


def _known() -> Iterator[Entry]:
    """Names of the city itself."""
    facts = load()
    for district in facts.districts:
        names = _names(district.name, district.name.removeprefix(f"{facts.city.called} "))
        yield Entry("", names, district.lat, district.lon, Precision.KECAMATAN, "", district.name)
    for village in facts.villages:
        names = _names(village.name, *village.aliases, *_longhand(village.name))
        kecamatan = facts.district(village.district).name
        yield Entry("", names, village.lat, village.lon, Precision.KELURAHAN, village.name, kecamatan)
    for around in facts.neighbours:
        names = _names(around.name, *around.aliases)
        yield Entry("", names, around.lat, around.lon, Precision.KECAMATAN, "", around.name)
    yield from _stations()
    yield from _hospitals()


def _stations() -> Iterator[Entry]:
    """As exact as their points are: the middle of a kecamatan, or of a kelurahan for the headquarters."""
    facts = load()
    ground = {place.code: place.name for place in facts.districts} | {
        place.code: place.name for place in facts.neighbours
    }
    for station in facts.stations:
        names = _names(station.name, *station.aliases, station.name.replace(f" {facts.city.called} ", " "))
        kecamatan = ground[station.districts[0]]
        yield Entry(station.name, names, station.lat, station.lon, Precision.KECAMATAN, "", kecamatan, "polsek")
    hq = facts.headquarters
    spot = atlas().describe(hq.lat, hq.lon)
    yield Entry(
        hq.name, _names(hq.name, *hq.aliases), hq.lat, hq.lon,
        Precision.KELURAHAN, spot.kelurahan, spot.kecamatan, "polrestabes",
    )  # fmt: skip


def _hospitals() -> Iterator[Entry]:
    """Only their kelurahan or kecamatan is known: the point is its middle, and `precision` says so."""
    facts = load()
    noise = re.compile(rf"^(RSUP|RSUD|RS)\b|\b(H|Dr)\.|\b{re.escape(facts.city.called)}$")
    for hospital in facts.hospitals:
        short = noise.sub("", hospital.name)
        names = _names(hospital.name, f"rs {short}", f"rumah sakit {short}")
        *inner, kecamatan = hospital.area.split(", ")
        if inner:
            village = next(place for place in facts.villages if place.name == inner[0])
            lat, lon, precision = village.lat, village.lon, Precision.KELURAHAN
        else:
            district = next(place for place in facts.districts if place.name == kecamatan)
            lat, lon, precision = district.lat, district.lon, Precision.KECAMATAN
        yield Entry(hospital.name, names, lat, lon, precision, "".join(inner), kecamatan, "hospital")


def _imported(file: Path | None, ground: Atlas) -> Iterator[Entry]:
    """What was imported; before anything was, what the city's folder brings."""
    brought = (in_use() / name for name in SEEDED)
    rows = read_json(file) if file else [row for path in brought if path.exists() for row in read_places(path)]
    for row in rows:
        spot = ground.describe(row["lat"], row["lon"])
        names = _names(row["name"], *row["aliases"])
        yield Entry(
            row["name"], names, row["lat"], row["lon"],
            Precision.LANDMARK, spot.kelurahan, spot.kecamatan, row["kind"] or "landmark",
        )  # fmt: skip


def _names(*texts: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(map(spelled_name, texts)))


def _longhand(name: str) -> Iterator[str]:
    """What people say for the short names in the list: P Bulan Selayang is Padang Bulan Selayang."""
    if name.startswith("Pulo Berayan") or "Berayan" in name:
        yield "Brayan " + name.split("Berayan ")[-1]
    if name.startswith("Tegal S "):
        yield name.replace("Tegal S ", "Tegal Sari ")
        yield name.replace("Tegal S ", "")

"""Everything with a name and a point: the city's areas, its police, its hospitals, landmarks, crossings and streets."""

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property, lru_cache
from pathlib import Path

from console.ground.atlas import Atlas
from console.ground.files import read_json
from console.ground.landmarks import read_places, read_seeded
from console.ground.names import COMMON, core_of, named, numbers_in, spelled_name
from models.city.seed.facts import LANDMARKS as SEEDED
from models.city.seed.facts import PLACES, in_use, load

LONG_M = 1000  # a street that goes on for longer has no middle to go to
BESIDE_M = 300  # of a street that we know one point of: how far the rest may be


class Precision(StrEnum):
    """How exact the point of an answer is."""

    LANDMARK = "landmark"  # a point of its own
    PLACE = "place"  # a building known by an online geocoder
    KELURAHAN = "kelurahan"
    KECAMATAN = "kecamatan"


@dataclass(frozen=True)
class Name:
    """`core`: what is left without the words that only say what kind of place it is; `kinds`: those words."""

    core: str
    kinds: frozenset[str]
    length: int
    common: bool
    numbers: tuple[str, ...]

    @classmethod
    def of(cls, text: str, whole: bool = False) -> "Name":
        """`whole`: an area or a street, whose name may begin with such a word: Pasar Merah Barat."""
        words = named(text)
        kinds = 0
        while not whole and kinds < len(words) - 1 and words[kinds].kind:
            kinds += 1
        rest = words[kinds:]
        city = spelled_name(load().city.called)
        common = all(word.text in COMMON or word.text == city or not word.text.isalpha() or word.kind for word in rest)
        return cls(core_of(rest), frozenset(word.text for word in words[:kinds]), len(rest), common, numbers_in(rest))


@dataclass(frozen=True)
class Entry:
    """Something with a name. `line`: the points that are known of a street; `crosses`: the streets of a crossing."""

    title: str
    names: tuple[Name, ...]
    lat: float
    lon: float
    precision: Precision
    kelurahan: str
    kecamatan: str
    kind: str = ""
    regency: str = ""
    outside: bool = False
    neighbour: str | None = None
    precision_m: int = 0
    estimated: bool = False
    along: tuple[str, ...] = ()
    extent_m: int = 0
    crosses: frozenset[str] = field(default_factory=frozenset)

    @property
    def area(self) -> bool:
        return self.kind in ("kelurahan", "desa")

    @property
    def wide(self) -> bool:
        return self.kind == "kecamatan"

    @property
    def long(self) -> bool:
        return self.kind == "street" and (self.extent_m > LONG_M or len(self.along) > 1)

    @cached_property
    def address(self) -> str:
        parts = (self.title, self.kelurahan, self.kecamatan, self.regency)
        return ", ".join(dict.fromkeys(part for part in parts if part))


class Index:
    """Every entry by the cores of its names."""

    def __init__(self, entries: Iterable[Entry]):
        self.entries = tuple(entries)
        self.cores: dict[str, list[tuple[Name, Entry]]] = {}
        self._crossings: dict[str, list[int]] = {}  # the numbers of those that each street meets others at
        for number, entry in enumerate(self.entries):
            for name in entry.names:
                self.cores.setdefault(name.core, []).append((name, entry))
            for street in entry.crosses:
                self._crossings.setdefault(street, []).append(number)

    @cached_property
    def areas(self) -> frozenset[str]:
        return frozenset(name.core for entry in self.entries if entry.area or entry.wide for name in entry.names)

    @cached_property
    def shared(self) -> frozenset[str]:
        """Names that are first those of areas and streets: what is only called after them says its kind."""
        return self.areas | {name.core for entry in self.entries if entry.kind == "street" for name in entry.names}

    @cached_property
    def kelurahan(self) -> tuple[Entry, ...]:
        return tuple(entry for entry in self.entries if entry.kind == "kelurahan")

    @cached_property
    def addresses(self) -> dict[str, Entry]:
        """Where somebody can go, by what a list calls it; a long street is no place."""
        return {entry.address: entry for entry in reversed(self.entries) if not entry.long}

    def crossings_of(self, streets: frozenset[str]) -> list[Entry]:
        """Those at which these streets meet; of one street alone: all along it."""
        few = min(len(streets), 2)
        numbers = {number for street in streets for number in self._crossings.get(street, ())}
        near = (self.entries[number] for number in sorted(numbers))
        return [entry for entry in near if len(entry.crosses & streets) >= few]


@lru_cache(maxsize=8)
def index(file: Path | None, changed_ns: int, ground: Atlas) -> Index:
    exact = (*_imported(file, ground), *_seeded(ground))
    known = {name for entry in exact if entry.kind == "hospital" for name in entry.names}
    rough = (entry for entry in _hospitals(ground) if known.isdisjoint(entry.names))
    return Index((*_areas(ground), *_stations(ground), *rough, *exact))


def _areas(ground: Atlas) -> Iterator[Entry]:
    """Names of the city itself and of what lies around it."""
    facts = load()
    for district in facts.districts:
        names = _whole(district.name, district.name.removeprefix(f"{facts.city.called} "))
        yield _entry(ground, "", names, *ground.labels[district.code], Precision.KECAMATAN, "kecamatan",
                     radius=_radius(district.area_km2), kelurahan="")  # fmt: skip
    for village in facts.villages:
        names = _whole(village.name, *village.aliases, *_longhand(village.name))
        yield _entry(ground, "", names, *ground.labels[village.code], Precision.KELURAHAN, "kelurahan",
                     radius=_radius(village.area_km2))  # fmt: skip
    for around in facts.neighbours:
        names = _whole(around.name, *around.aliases)
        yield _entry(ground, "", names, *ground.labels[around.code], Precision.KECAMATAN, "kecamatan",
                     radius=5000, kelurahan="")  # fmt: skip
    for hamlet in ground.outlines.hamlets:
        yield _entry(ground, "", _whole(hamlet.name), *hamlet.label, Precision.KELURAHAN, "desa", radius=1000)


def _stations(ground: Atlas) -> Iterator[Entry]:
    """As exact as their points are: the middle of a kecamatan, or of a kelurahan for the headquarters."""
    facts = load()
    for station in facts.stations:
        names = (station.name, *station.aliases, station.name.replace(f" {facts.city.called} ", " "))
        yield _entry(ground, station.name, _names(*names), station.lat, station.lon, Precision.KECAMATAN, "polsek",
                     radius=2000, kelurahan="", estimated=True)  # fmt: skip
    hq = facts.headquarters
    yield _entry(ground, hq.name, _names(hq.name, *hq.aliases), hq.lat, hq.lon, Precision.KELURAHAN, "polrestabes",
                 radius=600, estimated=True)  # fmt: skip


def _hospitals(ground: Atlas) -> Iterator[Entry]:
    """Only their kelurahan or kecamatan is known: the point is its middle, and `precision` says so."""
    facts = load()
    noise = re.compile(rf"^(RSUP|RSUD|RS)\b|\b(H|Dr)\.|\b{re.escape(facts.city.called)}$")
    for hospital in facts.hospitals:
        *inner, kecamatan = hospital.area.split(", ")
        place = next(place for place in (facts.villages if inner else facts.districts)
                     if place.name == (inner or [kecamatan])[0])  # fmt: skip
        yield _entry(ground, hospital.name, _names(hospital.name, f"rs {noise.sub('', hospital.name)}"),
                     *ground.labels[place.code], Precision.KELURAHAN if inner else Precision.KECAMATAN, "hospital",
                     radius=_radius(place.area_km2), kelurahan=None if inner else "", estimated=True)  # fmt: skip


def _imported(file: Path | None, ground: Atlas) -> Iterator[Entry]:
    """What was imported; before anything was, the sheet of the city's folder."""
    brought = (in_use() / name for name in SEEDED)
    rows = read_json(file) if file else [row for path in brought if path.exists() for row in read_places(path)]
    for row in rows:
        names = _names(row["name"], *row["aliases"])
        yield _entry(ground, row["name"], names, row["lat"], row["lon"], Precision.LANDMARK, row["kind"] or "landmark",
                     radius=50)  # fmt: skip


def _seeded(ground: Atlas) -> Iterator[Entry]:
    path = in_use() / PLACES
    rows = read_seeded(path) if path.exists() else ()
    streets = {
        core_of(named(name)): row.name for row in rows if row.kind == "street" for name in (row.name, *row.aliases)
    }
    for row in rows:
        title, _, pair = row.name.partition(" (")
        title = title if row.kind == "crossing" else row.name
        crosses = (streets.get(core_of(named(street))) for street in pair.removesuffix(")").split(" – "))
        along = tuple(
            dict.fromkeys(ground.villages[c].name if c in ground.villages else c for c in row.kelurahan_along)
        )
        alone = row.kind == "street" and row.extent_m == 0
        texts = (*title.split(" / "), title.removesuffix(f" {load().city.called}"), *row.aliases)
        yield _entry(
            ground, title, _whole(*texts) if row.kind == "street" else _names(*texts), row.lat, row.lon, Precision.LANDMARK, row.kind,
            radius=BESIDE_M if alone else row.precision_m, estimated=row.confidence == "estimated" or alone, along=along,
            extent_m=row.extent_m, crosses=frozenset(filter(None, crosses)) if row.kind == "crossing" else frozenset(),
        )  # fmt: skip


def _entry(
    ground: Atlas, title: str, names: Iterable[Name], lat: float, lon: float, precision: Precision, kind: str, *,
    radius: int, kelurahan: str | None = None, estimated: bool = False, along: tuple[str, ...] = (), extent_m: int = 0,
    crosses: frozenset[str] = frozenset(),
) -> Entry:  # fmt: skip
    """`kelurahan`: '' where the point tells no more than the kecamatan."""
    spot = ground.describe(lat, lon)
    return Entry(
        title, tuple(dict.fromkeys(names)), lat, lon, precision, spot.kelurahan if kelurahan is None else kelurahan,
        spot.kecamatan, kind, spot.regency, spot.outside, spot.neighbour, radius, estimated, along, extent_m, crosses,
    )  # fmt: skip


def _names(*texts: str) -> Iterator[Name]:
    return (Name.of(text) for text in texts)


def _whole(*texts: str) -> Iterator[Name]:
    return (Name.of(text, whole=True) for text in texts)


def _radius(area_km2: float) -> int:
    return round(1000 * math.sqrt(area_km2 / math.pi))


def _longhand(name: str) -> Iterator[str]:
    """What people say for the short names in the list: P Bulan Selayang is Padang Bulan Selayang."""
    if name.startswith("Pulo Berayan") or "Berayan" in name:
        yield "Brayan " + name.split("Berayan ")[-1]
    if name.startswith("Tegal S "):
        yield name.replace("Tegal S ", "Tegal Sari ")
        yield name.replace("Tegal S ", "")

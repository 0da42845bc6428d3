"""A city as it is known: the facts of a folder as values. Storing them is up to the caller.

`medan/` is the one that Siaga brings; docs/city.md tells how another is written. What is approximate or a proposal,
and where each fact comes from, stands in `notes`.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import ConfigDict, TypeAdapter, ValidationError

from models.city.agency import Kind

MEDAN = Path(__file__).with_name("medan")
Box = tuple[float, float, float, float]


class WrongSeed(ValueError):
    """The folder is no city; the message names file, row and fault."""


class Fact:
    """What a file may hold, and nothing besides."""

    __pydantic_config__ = ConfigDict(extra="forbid")


@dataclass(frozen=True)
class City(Fact):
    """Boxes are west, south, east, north in degrees; `service_bbox` also holds the districts around the city."""

    code: str
    name: str
    lat: float
    lon: float
    bbox: Box
    service_bbox: Box
    area_km2: float
    timezone: str

    @property
    def called(self) -> str:
        """As its districts and stations are named after it: Medan."""
        return self.name.removeprefix("Kota ").removeprefix("Kabupaten ")

    def serves(self, lat: float, lon: float) -> bool:
        west, south, east, north = self.service_bbox
        return south <= lat <= north and west <= lon <= east


@dataclass(frozen=True)
class District(Fact):
    """A kecamatan of the city. `station` is the code of its polsek, None where another command has it."""

    code: str
    name: str
    lat: float
    lon: float
    bbox: Box
    area_km2: float
    polres: str
    station: str | None
    status: str


@dataclass(frozen=True)
class Village(Fact):
    """A kelurahan; `district` is its kecamatan's code, the point the centroid of its true polygon."""

    code: str
    name: str
    district: str
    postal_code: str
    lat: float
    lon: float
    area_km2: float
    aliases: tuple[str, ...]


@dataclass(frozen=True)
class Neighbour(Fact):
    """A kecamatan beside the city; some belong to its command all the same. `regency`: whose it is, as people say it."""

    code: str
    name: str
    lat: float
    lon: float
    polres: str
    station: str | None
    status: str
    aliases: tuple[str, ...]
    regency: str = ""


@dataclass(frozen=True)
class StationFact(Fact):
    """A polsek, or the headquarters. The point is the centre of its kecamatan, not the building."""

    code: str
    name: str
    aliases: tuple[str, ...]
    lat: float
    lon: float
    address: str
    districts: tuple[str, ...]


@dataclass(frozen=True)
class HospitalFact(Fact):
    """`area` is "kelurahan, kecamatan" or a kecamatan alone: no surveyed point is known."""

    name: str
    address: str
    area: str


@dataclass(frozen=True)
class CategoryFact(Fact):
    """`partner` is the agency to refer to, '' where there is none."""

    code: str
    label_id: str
    label_en: str
    priority: int
    personnel: int
    tile: str
    lead_unit: str
    partner: str
    choosable: bool
    sensitive: bool
    short_id: str = ""  # where the name is too long for a card or a tag
    short_en: str = ""
    tile_en: str = ""  # empty: its whole name
    advice_id: str = ""  # to whoever reported it and waits
    advice_en: str = ""


@dataclass(frozen=True)
class PriorityTarget(Fact):
    """Seconds from filing; None where nobody is sent."""

    priority: int
    label_id: str
    label_en: str
    claim_s: int
    arrive_s: int | None


@dataclass(frozen=True)
class ModifierFact(Fact):
    code: str
    label_id: str
    label_en: str
    personnel: int


@dataclass(frozen=True)
class AgencyFact(Fact):
    code: str
    name: str
    gloss_en: str
    kind: Kind = Kind.INSTITUTION


@dataclass(frozen=True)
class Rank(Fact):
    order: int
    abbr: str
    name: str
    group: str


@dataclass(frozen=True)
class Likeness(Fact):
    """When two reports may tell of one thing (models/incidents/likeness.py). `about` says why these numbers."""

    minutes: int
    alone_minutes: int
    metres: int
    most_metres: int
    seen_by_many: tuple[str, ...]
    never: tuple[str, ...]
    also_called: Mapping[str, tuple[str, ...]]
    grave: tuple[str, ...]
    blank: tuple[str, ...]
    about: tuple[str, ...] = ()


@dataclass(frozen=True)
class Words(Fact):
    """How people here write names. `everyday`: names that are other words besides; they count where nothing else was
    said, or their kecamatan. `never_alone`: parts of names that mean nothing by themselves."""

    spellings: dict[str, str]
    everyday: frozenset[str]
    never_alone: frozenset[str]


@dataclass(frozen=True)
class Head(Fact):
    """city.json. `tiles`: the categories that most come for, in the order of a thumb, each with its icon."""

    city: City
    headquarters: StationFact
    attribution: str
    notes: tuple[str, ...] = ()
    tiles: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Facts:
    city: City
    headquarters: StationFact
    attribution: str
    notes: tuple[str, ...]
    tiles: Mapping[str, str]
    districts: tuple[District, ...]
    villages: tuple[Village, ...]
    neighbours: tuple[Neighbour, ...]
    stations: tuple[StationFact, ...]
    hospitals: tuple[HospitalFact, ...]
    categories: tuple[CategoryFact, ...]
    priorities: tuple[PriorityTarget, ...]
    modifiers: tuple[ModifierFact, ...]
    agencies: tuple[AgencyFact, ...]
    ranks: tuple[Rank, ...]
    likeness: Likeness
    words: Words

    def district(self, code: str) -> District:
        return next(district for district in self.districts if district.code == code)


LISTS: dict[str, type[Any]] = {
    "districts": District, "villages": Village, "neighbours": Neighbour, "stations": StationFact, "hospitals": HospitalFact,
    "categories": CategoryFact, "priorities": PriorityTarget, "modifiers": ModifierFact, "agencies": AgencyFact, "ranks": Rank,
}  # fmt: skip
FILES = ("city.json", *(f"{name}.json" for name in LISTS), "likeness.json", "words.json")
OUTLINES = ("outlines.json", "outlines.geojson")  # one of them is needed
LANDMARKS, PLACES = ("places.csv", "places.geojson"), "places.json"  # where a folder has them

_folder = MEDAN


def use(folder: Path) -> None:
    """From now on `load` tells of this city. Each process does it once, as it starts."""
    global _folder
    _folder = folder


def in_use() -> Path:
    return _folder


def load() -> Facts:
    """The facts of the city in use, read once."""
    return read(_folder)


@cache
def read(folder: Path) -> Facts:
    """Raises WrongSeed for what is missing or not of its kind; whether it fits together is asked by `checking`."""
    if not folder.is_dir():
        raise WrongSeed(f"{folder} is no folder")
    if missing := [name for name in FILES if not (folder / name).is_file()]:
        raise WrongSeed(f"{folder} lacks {', '.join(missing)}")
    rows: dict[str, Any] = {name: _rows(folder / f"{name}.json", kind) for name, kind in LISTS.items()}
    head = _value(Head, _json(folder / "city.json"), "city.json")
    likeness = _value(Likeness, _json(folder / "likeness.json"), "likeness.json")
    words = _value(Words, _json(folder / "words.json"), "words.json")
    return Facts(**vars(head), **rows, likeness=likeness, words=words)


def _rows(file: Path, kind: type[Any]) -> tuple[Any, ...]:
    rows = _json(file)
    if not isinstance(rows, list):
        raise WrongSeed(f"{file.name}: not a list of rows")
    return tuple(_value(kind, row, row_of(file.name, number, row)) for number, row in enumerate(rows, 1))


def row_of(file: str, number: int, row: Any) -> str:
    """Where a row stands, as its writer finds it: categories.json, row 3 (KEBAKARAN)."""
    named = row if isinstance(row, dict) else getattr(row, "__dict__", {})
    name = next((named[key] for key in ("code", "name", "priority", "abbr") if named.get(key)), "")
    return f"{file}, row {number}{f' ({name})' if name else ''}"


def _json(file: Path) -> Any:
    try:
        return json.loads(file.read_text("utf-8-sig"))
    except json.JSONDecodeError as error:
        raise WrongSeed(
            f"{file.name}, line {error.lineno}, letter {error.colno}: no JSON, {error.msg.lower()}"
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise WrongSeed(f"{file.name} cannot be read ({type(error).__name__})") from None


def _value(kind: Any, row: Any, where: str) -> Any:
    """A row as its dataclass. A key the class lacks fails here, so file and class cannot drift apart."""
    try:
        return _adapter(kind).validate_python(row)
    except ValidationError as error:
        wrong = error.errors(include_url=False)[0]
        path = ".".join(str(part) for part in wrong["loc"])
        said = SAID.get(wrong["type"], wrong["msg"].lower())
        raise WrongSeed(f"{where}: {f'`{path}` ' if path else ''}{said}") from None


SAID = {
    "missing": "is missing",
    "unexpected_keyword_argument": "is not asked for",
    "dataclass_type": "is not a row of names and values",
}


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)

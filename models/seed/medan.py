"""Medan as it is known: the facts of `medan.json` as values. Storing them is up to the caller.

What is approximate or a proposal, and where each fact comes from, stands in `facts.notes`.
"""

import json
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

FILE = Path(__file__).with_name("medan.json")
T = TypeVar("T")


@dataclass(frozen=True)
class City:
    """Boxes are west, south, east, north in degrees; `service_bbox` also holds the districts around the city."""

    code: str
    name: str
    lat: float
    lon: float
    bbox: tuple[float, ...]
    service_bbox: tuple[float, ...]
    area_km2: float
    timezone: str


@dataclass(frozen=True)
class District:
    """A kecamatan of the city. `station` is the code of its polsek, None where another command has it."""

    code: str
    name: str
    lat: float
    lon: float
    bbox: tuple[float, ...]
    area_km2: float
    polres: str
    station: str | None
    status: str


@dataclass(frozen=True)
class Village:
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
class Neighbour:
    """A kecamatan of Deli Serdang beside the city; many belong to Polrestabes Medan all the same."""

    code: str
    name: str
    lat: float
    lon: float
    polres: str
    station: str | None
    status: str
    aliases: tuple[str, ...]


@dataclass(frozen=True)
class StationFact:
    """A polsek, or the headquarters. The point is the centre of its kecamatan, not the building."""

    code: str
    name: str
    aliases: tuple[str, ...]
    lat: float
    lon: float
    address: str
    districts: tuple[str, ...]


@dataclass(frozen=True)
class HospitalFact:
    """`area` is "kelurahan, kecamatan" or a kecamatan alone: no surveyed point is known."""

    name: str
    address: str
    area: str


@dataclass(frozen=True)
class CategoryFact:
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


@dataclass(frozen=True)
class PriorityTarget:
    """Seconds from filing; None where nobody is sent."""

    priority: int
    label_id: str
    label_en: str
    claim_s: int
    arrive_s: int | None


@dataclass(frozen=True)
class ModifierFact:
    code: str
    label_id: str
    label_en: str
    personnel: int


@dataclass(frozen=True)
class AgencyFact:
    code: str
    name: str
    gloss_en: str


@dataclass(frozen=True)
class Rank:
    order: int
    abbr: str
    name: str
    group: str


@dataclass(frozen=True)
class Facts:
    attribution: str
    notes: tuple[str, ...]
    city: City
    polrestabes: StationFact
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

    def district(self, code: str) -> District:
        return next(district for district in self.districts if district.code == code)


@cache
def load() -> Facts:
    """The facts, read once."""
    data = json.loads(FILE.read_text("utf-8"))

    def rows(kind: type[T], key: str) -> tuple[T, ...]:
        return tuple(_value(kind, row) for row in data[key])

    return Facts(
        attribution=data["about"]["attribution"],
        notes=tuple(data["about"]["notes"]),
        city=_value(City, data["city"]),
        polrestabes=_value(StationFact, data["polrestabes"]),
        districts=rows(District, "districts"),
        villages=rows(Village, "villages"),
        neighbours=rows(Neighbour, "neighbours"),
        stations=rows(StationFact, "stations"),
        hospitals=rows(HospitalFact, "hospitals"),
        categories=rows(CategoryFact, "categories"),
        priorities=rows(PriorityTarget, "priorities"),
        modifiers=rows(ModifierFact, "modifiers"),
        agencies=rows(AgencyFact, "agencies"),
        ranks=rows(Rank, "ranks"),
    )


def _value(kind: type[T], row: dict[str, Any]) -> T:
    """A row as its dataclass. A key the class lacks fails here, so file and class cannot drift apart."""
    unknown = set(row) - {field.name for field in fields(kind)}  # type: ignore[arg-type]
    if unknown:
        raise ValueError(f"{kind.__name__} has no {', '.join(sorted(unknown))}")
    return kind(**{key: tuple(value) if isinstance(value, list) else value for key, value in row.items()})

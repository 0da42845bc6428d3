"""Outlines of a city and of what lies around it: read from TopoJSON, in which neighbours share the border between them.

A border is kept once and belongs to both sides, so what is answered has no gap and no overlap, and what is drawn is
sent once. An operator's GeoJSON (`boundaries`) comes as rings, each a border of its own.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate
from pathlib import Path
from typing import Any

from console.ground import rings
from console.ground.files import WrongFile
from console.ground.rings import Ring

Border = tuple[tuple[float, float], ...]  # (lat, lon), its ends too
Piece = tuple[Border, bool]  # True: walked backwards
KINDS = ("villages", "districts", "neighbours", "hamlets")
CALLED = {  # as a TopoJSON file of a city names them
    "kelurahan": "villages", "kecamatan": "districts", "neighbour_kecamatan": "neighbours", "neighbour_desa": "hamlets",
}  # fmt: skip


@dataclass(frozen=True)
class Area:
    """A district, a village, or one of those around. Inside an odd number of its rings, holes among them, is inside."""

    code: str
    sides: tuple[tuple[Piece, ...], ...]  # for each ring the borders it is made of
    name: str = ""

    @cached_property
    def rings(self) -> tuple[Ring, ...]:
        return tuple(_joined(pieces) for pieces in self.sides)

    @cached_property
    def box(self) -> tuple[float, float, float, float]:
        lats, lons = zip(*(corner for ring in self.rings for corner in ring), strict=True)
        return min(lats), min(lons), max(lats), max(lons)

    @cached_property
    def label(self) -> tuple[float, float]:
        """Where its name stands: inside, also where its middle is not."""
        return rings.label(self.rings)

    def holds(self, lat: float, lon: float) -> bool:
        south, west, north, east = self.box
        if not (south <= lat <= north and west <= lon <= east):
            return False
        return sum(rings.inside(ring, lat, lon) for ring in self.rings) % 2 == 1

    def away_m(self, lat: float, lon: float) -> float:
        return min(rings.away_m(ring, lat, lon) for ring in self.rings)


@dataclass(frozen=True)
class Outlines:
    """`hamlets` are the villages of the districts around the city."""

    attribution: str
    villages: tuple[Area, ...] = ()
    districts: tuple[Area, ...] = ()
    neighbours: tuple[Area, ...] = ()
    hamlets: tuple[Area, ...] = ()
    grid: "Grid" = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "grid", Grid((kind, area) for kind in KINDS for area in getattr(self, kind)))

    def beneath(self, newer: "Outlines") -> "Outlines":
        """What was brought goes before what was there, kind by kind; of what lies around, place by place."""
        around = {area.code: area for area in (*self.neighbours, *newer.neighbours)}
        return Outlines(
            newer.attribution,
            newer.villages or self.villages,
            newer.districts or (() if newer.villages else self.districts),
            tuple(around.values()),
            self.hamlets,
        )

    def at(self, kind: str, lat: float, lon: float) -> Area | None:
        """The one of its kind that holds this point."""
        return next((area for area in self.grid.near(kind, lat, lon) if area.holds(lat, lon)), None)


class Grid:
    """Which areas reach into a square of a hundredth of a degree: a point is held against a few of hundreds."""

    STEPS = 100

    def __init__(self, areas: Iterable[tuple[str, Area]]):
        self._squares: dict[tuple[str, int, int], list[Area]] = {}
        for kind, area in areas:
            south, west, north, east = (int(edge * self.STEPS) for edge in area.box)
            for row in range(south, north + 1):
                for column in range(west, east + 1):
                    self._squares.setdefault((kind, row, column), []).append(area)

    def near(self, kind: str, lat: float, lon: float) -> list[Area]:
        return self._squares.get((kind, int(lat * self.STEPS), int(lon * self.STEPS)), [])

    def about(self, kind: str, lat: float, lon: float) -> list[Area]:
        """Also those of the squares around: whatever begins within a kilometre."""
        step = 1 / self.STEPS
        found = (self.near(kind, lat + n * step, lon + e * step) for n in (-1, 0, 1) for e in (-1, 0, 1))
        return list({area.code: area for areas in found for area in areas}.values())


def read_outlines(file: Path, attribution: str) -> Outlines:
    """From TopoJSON whose ids are the codes of the city. Raises WrongFile."""
    try:
        topology = json.loads(file.read_text("utf-8-sig"))
        borders = [tuple(_unpacked(arc, topology["transform"])) for arc in topology["arcs"]]
        found = {
            CALLED[name]: tuple(_area(one, borders) for one in group["geometries"])
            for name, group in topology["objects"].items()
        }
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise WrongFile(f"{file.name}: no TopoJSON of outlines ({type(error).__name__}: {error})") from error
    return Outlines(attribution, **found)


def from_rings(content: Mapping[str, Any]) -> Outlines:
    """As `boundaries` reads and keeps them."""
    kinds: dict[str, tuple[Area, ...]] = {
        kind: tuple(Area(row["code"], tuple(_whole(ring) for ring in row["rings"])) for row in content.get(kind, ()))
        for kind in KINDS
    }
    return Outlines(content.get("attribution", ""), **kinds)


def _whole(ring: Iterable[Iterable[float]]) -> tuple[Piece, ...]:
    """A ring that shares nothing: one border, back to where it began."""
    corners = tuple((lat, lon) for lat, lon in ring)
    return (((*corners, corners[0]), False),)


def _unpacked(arc: list[list[int]], transform: Mapping[str, list[float]]) -> Iterator[tuple[float, float]]:
    """TopoJSON notes each corner by its steps from the one before, longitude first."""
    (east, north), (west, south) = transform["scale"], transform["translate"]
    columns, rows = accumulate(east for east, _ in arc), accumulate(north for _, north in arc)
    return (
        (round(south + row * north, 5), round(west + column * east, 5))
        for row, column in zip(rows, columns, strict=True)
    )


def _area(geometry: Mapping[str, Any], borders: list[Border]) -> Area:
    polygons = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
    sides = tuple(
        tuple((borders[~arc], True) if arc < 0 else (borders[arc], False) for arc in ring)
        for polygon in polygons
        for ring in polygon
    )
    return Area(geometry["id"], sides, geometry["properties"]["name"])


def _joined(pieces: Iterable[Piece]) -> Ring:
    """Each border ends where the next begins."""
    return tuple(corner for border, back in pieces for corner in (border[:0:-1] if back else border[:-1]))

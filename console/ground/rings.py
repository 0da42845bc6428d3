"""Rings on the map: what they hold, how large they are, what they cover together."""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from console.ground.points import HasPoint

Ring = tuple[tuple[float, float], ...]  # (lat, lon) counter-clockwise; the last point is not the first again
Point = tuple[float, float]  # east and north in km

KM_PER_DEGREE = 110.574  # of latitude at the equator; good to 0.1 % as far as Jakarta


def dissolved(rings: Iterable[Ring]) -> list[Ring]:
    """The outlines of what neighbouring rings cover together: every edge that only one of them has."""
    sides = {edge for ring in rings for edge in edges(ring)}
    onward = defaultdict(list)
    for start, end in sorted(sides):
        if (end, start) not in sides:
            onward[start].append(end)
    outlines = []
    while onward:
        start = at = next(iter(onward))
        outline = []
        while at in onward:
            outline.append(at)
            after = onward[at].pop()
            if not onward[at]:
                del onward[at]
            at = after
            if at == start:
                break
        if at == start and len(outline) > 2:
            outlines.append(tuple(outline))
    return sorted(outlines, key=area_km2, reverse=True)


def inside(ring: Ring, lat: float, lon: float) -> bool:
    """Whether a ray to the east crosses the ring an odd number of times."""
    odd = False
    for (lat1, lon1), (lat2, lon2) in edges(ring):
        if (lat1 > lat) != (lat2 > lat) and lon < lon1 + (lat - lat1) / (lat2 - lat1) * (lon2 - lon1):
            odd = not odd
    return odd


def away_m(ring: Ring, lat: float, lon: float) -> float:
    """Metres from a point to the nearest edge of the ring, on a plane touching the earth at the point."""
    plane = Plane(lat, lon)
    return 1000 * min(off((0.0, 0.0), plane.km(*start), plane.km(*end)) for start, end in edges(ring))


def area_km2(ring: Ring) -> float:
    """Negative for a clockwise ring: a hole."""
    return moments([Plane(*ring[0]).km(*corner) for corner in ring])[0]


def crossing(ring: Sequence[tuple[float, float]]) -> tuple[float, float] | None:
    """Where a ring crosses itself, None for one that does not. Touching is no crossing.

    Each edge is held against those that share a square of a grid with it, so that a border of 100,000 corners
    takes seconds.
    """
    corners = [corner for corner, after in zip(ring, [*ring[1:], *ring[:1]], strict=True) if corner != after]
    south, west = min(lat for lat, _ in corners), min(lon for _, lon in corners)
    span = max(max(lat for lat, _ in corners) - south, max(lon for _, lon in corners) - west)
    step = span / math.sqrt(len(corners)) or 1.0
    squares: dict[tuple[int, int], list[tuple[tuple[float, float], tuple[float, float]]]] = defaultdict(list)
    for start, end in edges(tuple(corners)):
        rows = sorted((int((start[0] - south) / step), int((end[0] - south) / step)))
        columns = sorted((int((start[1] - west) / step), int((end[1] - west) / step)))
        for row in range(rows[0], rows[1] + 1):
            for column in range(columns[0], columns[1] + 1):
                for other in squares[row, column]:
                    if _cross(start, end, *other):
                        return start
                squares[row, column].append((start, end))
    return None


def _cross(a: Point, b: Point, c: Point, d: Point) -> bool:
    """Do two edges cross within both? Shared corners and edges that lie on each other do not."""
    return _side(a, b, c) * _side(a, b, d) < 0 and _side(c, d, a) * _side(c, d, b) < 0


def _side(start: Point, end: Point, at: Point) -> float:
    """Positive to the left, negative to the right. An ulp's worth counts as on the line."""
    side = (end[0] - start[0]) * (at[1] - start[1]) - (end[1] - start[1]) * (at[0] - start[0])
    return 0.0 if abs(side) < 1e-15 else side


def label(rings: Sequence[Ring]) -> tuple[float, float]:
    """Where a name stands well: the centroid of the largest ring, or in a bent shape the middle of its widest stretch."""
    ring = max(rings, key=lambda ring: abs(area_km2(ring)))
    plane = Plane(*ring[0])
    centre = plane.degrees(moments([plane.km(*corner) for corner in ring])[1])
    if sum(inside(each, *centre) for each in rings) % 2 == 1:
        return centre
    south, north = min(lat for lat, _ in ring), max(lat for lat, _ in ring)
    stretches = []
    for row in range(1, 32):
        lat = south + (north - south) * row / 32
        crossed = sorted(
            lon1 + (lat - lat1) / (lat2 - lat1) * (lon2 - lon1)
            for each in rings
            for (lat1, lon1), (lat2, lon2) in edges(each)
            if (lat1 > lat) != (lat2 > lat)
        )
        stretches += [(lat, west, east) for west, east in zip(crossed[::2], crossed[1::2], strict=True)]
    lat, west, east = max(stretches, key=lambda stretch: stretch[2] - stretch[1])
    return round(lat, 5), round((west + east) / 2, 5)


@dataclass(frozen=True)
class Plane:
    """A flat map around a point: under 0.1 % wrong within 30 km, which is a city."""

    lat: float
    lon: float

    @classmethod
    def around(cls, points: Sequence[HasPoint]) -> "Plane":
        return cls(sum(at.lat for at in points) / len(points), sum(at.lon for at in points) / len(points))

    @property
    def _km_per_lon(self) -> float:
        return 111.320 * math.cos(math.radians(self.lat))

    def km(self, lat: float, lon: float) -> Point:
        return (lon - self.lon) * self._km_per_lon, (lat - self.lat) * KM_PER_DEGREE

    def degrees(self, point: Point) -> tuple[float, float]:
        return round(self.lat + point[1] / KM_PER_DEGREE, 5), round(self.lon + point[0] / self._km_per_lon, 5)


def moments(corners: Sequence[Point]) -> tuple[float, Point]:
    """Signed area and centroid."""
    area = east = north = 0.0
    for (a, b), (c, d) in zip(corners, [*corners[1:], corners[0]], strict=True):
        cross = a * d - c * b
        area, east, north = area + cross / 2, east + (a + c) * cross, north + (b + d) * cross
    return area, (east / (6 * area), north / (6 * area)) if area else corners[0]


def off(at: Point, start: Point, end: Point) -> float:
    """How far a point is from a line segment."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    square = dx * dx + dy * dy
    along = ((at[0] - start[0]) * dx + (at[1] - start[1]) * dy) / square if square else 0.0
    along = min(1.0, max(0.0, along))
    return math.dist(at, (start[0] + along * dx, start[1] + along * dy))


def edges(ring: Ring) -> Iterable[tuple[tuple[float, float], tuple[float, float]]]:
    return zip(ring, ring[1:] + ring[:1], strict=True)

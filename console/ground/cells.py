"""Draws a map out of centres and areas: one cell a kelurahan, approximate and honest about it.

True boundaries come in no package, but each kelurahan's centroid and area do. A power diagram
(a Voronoi diagram whose cells have weights) is bent until cells have these areas and centroids.
The land beyond takes part as a loose grid of sites of its own, so the city's edge is drawn by the
same rule as its inner borders: bays and narrow waists appear that a hull round the points would fill.
Cells are convex and meet exactly: neighbours share their vertices to the last digit.
"""

import math
from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from console.ground.rings import Plane, Point, Ring, edges, moments, off

ROUNDS = 10  # areas settle to 5 % and centroids to 70 m; more rounds let small cells wander
OUTSIDE_STEP_KM = 1.6  # a finer grid draws blobs round the outer villages, a coarser one loses the bays
OUTSIDE_REACH = 1.3  # nothing outside within so many radii of a village (a disc of its area)
BRIDGE_KM = 0.8, 3.0  # nothing outside so near to the line between two villages of a district so close
REACH_KM = 7.5  # no border runs between places farther apart: the largest village is 4.8 km across
STRAIGHT_KM = 0.08  # the edge to the outside is drawn no finer than this


@dataclass(frozen=True)
class Centre:
    """What is known of a village: the centroid of its polygon and its area; `group` is its district."""

    lat: float
    lon: float
    area_km2: float
    group: Hashable


def cells(centres: Sequence[Centre]) -> list[Ring]:
    """A ring for each centre, in the same order, rounded to 5 decimals (1 m)."""
    plane = Plane.around(centres)
    diagram = _Diagram([plane.km(centre.lat, centre.lon) for centre in centres], centres)
    diagram.settle()
    rings = [tuple(plane.degrees(corner) for corner in corners) for corners in diagram.corners()]
    return _straightened([_without_repeats(ring) for ring in rings], plane)


class _Diagram:
    """The power diagram: a place belongs to the site with the least (distance² - weight)."""

    def __init__(self, wanted: list[Point], centres: Sequence[Centre]):
        self.wanted, self.areas = wanted, [centre.area_km2 for centre in centres]
        beyond = _beyond(wanted, centres)
        self.sites = wanted + beyond
        self.weights = [0.15 * area for area in self.areas] + [0.0] * len(beyond)
        self.near = [
            sorted(
                (j for j in range(len(self.sites)) if j != i and math.dist(at, self.sites[j]) < REACH_KM),
                key=lambda j: math.dist(at, self.sites[j]),
            )
            for i, at in enumerate(wanted)
        ]

    def settle(self) -> None:
        """Moves sites and weights until cells have the wanted areas and centroids, in ever smaller steps."""
        for round_ in range(ROUNDS):
            step = 0.93**round_
            sites, weights = self.sites.copy(), self.weights.copy()
            for i, (wanted, area) in enumerate(zip(self.wanted, self.areas, strict=True)):
                cell = self._cell(i)
                covered, (east, north) = moments([corner for corner, _ in cell])
                # how fast the cell grows with its weight: each edge moves by 1 / (2 · distance to its other side)
                growth = sum(
                    math.dist(corner, after) / (2 * math.dist(self.sites[i], self.sites[j]))
                    for (corner, j), (after, _) in zip(cell, cell[1:] + cell[:1], strict=True)
                )
                weights[i] += 0.6 * step * (area - covered) / max(growth, 0.3)
                x, y = self.sites[i]
                sites[i] = x + 0.4 * step * (wanted[0] - east), y + 0.4 * step * (wanted[1] - north)
            self.sites, self.weights = sites, weights
            self._keep_centres_inside()

    def corners(self) -> list[list[Point]]:
        """The cells. A corner is reckoned from its three sites in one order, so all three cells get the same."""
        found: dict[tuple[int, ...], Point] = {}
        rings = []
        for i in range(len(self.wanted)):
            sides = [j for _, j in self._cell(i)]
            ring = []
            for before, after in zip(sides[-1:] + sides[:-1], sides, strict=True):
                three = tuple(sorted((i, before, after)))
                if three not in found:
                    found[three] = self._meeting(*three)
                ring.append(found[three])
            rings.append(ring)
        return rings

    def _cell(self, i: int) -> list[tuple[Point, int]]:
        """Corners of cell i counter-clockwise, each with the site beyond the edge that leaves it."""
        x, y = self.sites[i]
        weight, heaviest = self.weights[i], max(self.weights)
        cell = [((x + dx, y + dy), -1) for dx, dy in ((-6, -6), (6, -6), (6, 6), (-6, 6))]
        reach = 72.0
        for j in self.near[i]:
            dx, dy = self.sites[j][0] - x, self.sites[j][1] - y
            square = dx * dx + dy * dy
            least = square + weight - heaviest
            if least > 0 and least * least > 4 * square * reach:
                break  # near[i] is by distance: none of the rest can reach the cell
            limit = (square + weight - self.weights[j]) / 2
            beyond = [(a - x) * dx + (b - y) * dy - limit for (a, b), _ in cell]
            if max(beyond) <= 0:
                continue
            cell = _cut(cell, beyond, j)
            reach = max((a - x) ** 2 + (b - y) ** 2 for (a, b), _ in cell)
        return cell

    def _keep_centres_inside(self) -> None:
        """Raises a weight until the village's own centroid lies well in its cell: it is where its people are."""
        for i, wanted in enumerate(self.wanted):
            own = math.dist(wanted, self.sites[i]) ** 2
            self.weights[i] = max(
                self.weights[i],
                *(
                    self.weights[j]
                    - math.dist(wanted, self.sites[j]) ** 2
                    + own
                    + 0.12 * math.dist(self.sites[i], self.sites[j]) ** 2
                    for j in self.near[i][:30]
                ),
            )

    def _meeting(self, i: int, j: int, k: int) -> Point:
        """The point with the same power to three sites: two lines crossing."""
        (x, y), weight = self.sites[i], self.weights[i]
        a, b = self.sites[j][0] - x, self.sites[j][1] - y
        c, d = self.sites[k][0] - x, self.sites[k][1] - y
        first, second = (a * a + b * b + weight - self.weights[j]) / 2, (c * c + d * d + weight - self.weights[k]) / 2
        cross = a * d - b * c
        return x + (first * d - second * b) / cross, y + (a * second - c * first) / cross


def _beyond(points: list[Point], centres: Sequence[Centre]) -> list[Point]:
    """Sites for the land outside: a triangular grid, but for what lies in the city or is enclosed by it."""
    radii = [math.sqrt(centre.area_km2 / math.pi) for centre in centres]
    margin, across = BRIDGE_KM
    bridges = [
        (points[i], points[j])
        for i in range(len(points))
        for j in range(i)
        if centres[i].group == centres[j].group and math.dist(points[i], points[j]) < across
    ]
    west, south = min(x for x, _ in points) - 5, min(y for _, y in points) - 5
    east, north = max(x for x, _ in points) + 5, max(y for _, y in points) + 5
    rise = OUTSIDE_STEP_KM * math.sqrt(3) / 2
    grid = {
        (row, column): (west + (column + row % 2 / 2) * OUTSIDE_STEP_KM, south + row * rise)
        for row in range(int((north - south) / rise) + 1)
        for column in range(int((east - west) / OUTSIDE_STEP_KM) + 1)
    }

    def free(at: Point) -> bool:
        return all(
            math.dist(at, point) > OUTSIDE_REACH * radius + 0.15 for point, radius in zip(points, radii, strict=True)
        ) and all(off(at, *bridge) > margin for bridge in bridges)

    open_ = {key for key, at in grid.items() if free(at)}
    reached, frontier = {(0, 0)}, [(0, 0)]
    while frontier:
        row, column = frontier.pop()
        slant = column + (1 if row % 2 else -1)
        beside = {(row, column - 1), (row, column + 1)} | {(row + r, c) for r in (-1, 1) for c in (column, slant)}
        fresh = (beside & open_) - reached
        reached |= fresh
        frontier += fresh
    return [grid[key] for key in sorted(reached)]


def _cut(cell: list[tuple[Point, int]], beyond: list[float], j: int) -> list[tuple[Point, int]]:
    """The part of a convex cell where `beyond` is not positive; the new edge is labelled j."""
    kept = []
    for k, ((corner, label_), here) in enumerate(zip(cell, beyond, strict=True)):
        after, there = cell[(k + 1) % len(cell)][0], beyond[(k + 1) % len(cell)]
        if here <= 0:
            kept.append((corner, label_))
        if (here <= 0) != (there <= 0):
            share = here / (here - there)
            crossing = corner[0] + (after[0] - corner[0]) * share, corner[1] + (after[1] - corner[1]) * share
            kept.append((crossing, j if here <= 0 else label_))
    return kept


def _without_repeats(ring: Ring) -> Ring:
    """Corners closer than the rounding are one corner."""
    return tuple(corner for corner, after in edges(ring) if corner != after)


def _straightened(rings: list[Ring], plane: Plane) -> list[Ring]:
    """Drops corners that only one cell has and that hardly bend its edge; shared ones must stay."""
    uses = Counter(corner for ring in rings for corner in ring)
    smoothed = []
    for ring in rings:
        first = next((k for k, corner in enumerate(ring) if uses[corner] > 1), None)
        if first is None:  # an island
            smoothed.append(ring)
            continue
        kept, run = [], [ring[first]]
        for corner in ring[first + 1 :] + ring[: first + 1]:
            run.append(corner)
            if uses[corner] > 1:
                kept += _thinned(run, plane)[:-1]
                run = [corner]
        smoothed.append(tuple(kept))
    return smoothed


def _thinned(line: list[tuple[float, float]], plane: Plane) -> list[tuple[float, float]]:
    """The line with no more corners than STRAIGHT_KM asks for (Douglas and Peucker)."""
    start, end = plane.km(*line[0]), plane.km(*line[-1])
    offs = [off(plane.km(*corner), start, end) for corner in line]
    worst = max(range(len(line)), key=offs.__getitem__)
    if offs[worst] <= STRAIGHT_KM:
        return [line[0], line[-1]]
    return _thinned(line[: worst + 1], plane)[:-1] + _thinned(line[worst:], plane)

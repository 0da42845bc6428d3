"""The drawn map: what it covers, how its pieces meet, and how near it comes to the facts."""

import json
import math
from collections import Counter
from itertools import pairwise

import pytest

from console.ground import rings
from console.ground.atlas import Atlas, atlas
from models.city.seed.facts import load


@pytest.fixture(scope="module")
def drawn() -> Atlas:
    return atlas()


def edges(ring):
    return list(pairwise((*ring, ring[0])))


def area_km2(areas):
    return sum(rings.area_km2(ring) for area in areas for ring in area.rings)


def test_every_village_centre_lies_in_its_own_cell(drawn):
    for area in drawn.village_areas:
        village = drawn.villages[area.code]
        assert area.holds(village.lat, village.lon), village.name
    assert len(drawn.village_areas) == 151


def test_every_district_has_one_outline_with_its_name_inside(drawn):
    assert len(drawn.district_areas) == 21
    for area, shown in zip(drawn.district_areas, drawn.level0["districts"], strict=True):
        assert len(area.rings) == 1, shown["name"]
        assert area.holds(*shown["label"]), shown["name"]


def test_cells_are_convex_and_counter_clockwise(drawn):
    for area in drawn.village_areas:
        (ring,) = area.rings
        for (a, b), (c, d), (e, f) in zip(ring, ring[1:] + ring[:1], ring[2:] + ring[:2], strict=True):
            turn = (d - b) * (e - c) - (c - a) * (f - d)
            assert turn > -1e-9, area.code  # rounding to 1 m may dent an edge by as much


def test_neighbours_share_their_corners_to_the_last_digit(drawn):
    sides = Counter(edge for area in drawn.village_areas for ring in area.rings for edge in edges(ring))
    assert set(sides.values()) == {1}
    inner = {edge for edge in sides if edge[::-1] in sides}
    (outline,) = rings.dissolved(ring for area in drawn.village_areas for ring in area.rings)
    assert set(edges(outline)) == sides.keys() - inner  # nothing but the city's edge is left: no gap, no overlap


def test_districts_cover_exactly_what_their_villages_cover(drawn):
    (outline,) = rings.dissolved(ring for area in drawn.village_areas for ring in area.rings)
    assert area_km2(drawn.village_areas) == pytest.approx(rings.area_km2(outline), rel=1e-3)
    assert area_km2(drawn.district_areas) == pytest.approx(rings.area_km2(outline), rel=1e-3)


def test_areas_come_near_the_true_ones(drawn):
    true, shown = 0.0, 0.0
    for area in drawn.village_areas:
        true += drawn.villages[area.code].area_km2
        shown += abs(area_km2([area]) - drawn.villages[area.code].area_km2)
    assert shown / true < 0.06
    assert area_km2(drawn.village_areas) == pytest.approx(load().city.area_km2, rel=0.04)


def test_districts_keep_to_their_true_boxes(drawn):
    off_km = []
    for area in drawn.district_areas:
        west, south, east, north = drawn.districts[area.code].bbox
        off_km += [abs(a - b) * 111 for a, b in zip(area.box, (south, west, north, east), strict=True)]
    assert sum(off_km) / len(off_km) < 0.25
    assert max(off_km) < 1.6


def test_the_narrow_waist_is_not_filled_to_a_triangle(drawn):
    assert drawn.village_at(3.65, 98.63) is None  # between Helvetia and Marelan
    assert drawn.village_at(3.66, 98.72) is None  # between Tembung and Labuhan
    assert drawn.district_at(3.66, 98.672).name == "Medan Deli"


def test_the_json_is_small_and_rounded(drawn):
    assert len(drawn.level0_json) < 60_000
    level0 = json.loads(drawn.level0_json)
    assert {"attribution", "approximate", "note", "bounds", "districts", "villages", "neighbours"} == level0.keys()
    assert level0["approximate"] and level0["note"] == "batas perkiraan" and level0["attribution"]
    for shape in level0["districts"] + level0["villages"]:
        for ring in shape["rings"]:
            assert all(degrees == round(degrees, 5) for corner in ring for degrees in corner)
    (south, west), (north, east) = level0["bounds"]
    assert south < 3.5 and north > 3.78 and west < 98.6 and east > 98.73


def test_the_same_facts_draw_the_same_map(drawn):
    assert Atlas().level0_json == drawn.level0_json


def test_two_squares_dissolve_to_one_outline():
    left = ((0.0, 0.0), (0.0, 1.0), (1.0, 1.0), (1.0, 0.0))
    right = ((0.0, 1.0), (0.0, 2.0), (1.0, 2.0), (1.0, 1.0))
    (outline,) = rings.dissolved([left, right])
    assert rings.area_km2(outline) == pytest.approx(rings.area_km2(left) + rings.area_km2(right), rel=1e-3)
    assert rings.inside(outline, 0.5, 1.5) and not rings.inside(outline, 0.5, 2.5)
    assert rings.away_m(outline, 0.5, 3.0) == pytest.approx(111_320 * math.cos(math.radians(0.5)), rel=1e-3)


def test_a_ring_of_squares_keeps_its_hole():
    squares = [
        ((row, column), (row, column + 1.0), (row + 1.0, column + 1.0), (row + 1.0, column))
        for row in (0.0, 1.0, 2.0)
        for column in (0.0, 1.0, 2.0)
        if (row, column) != (1.0, 1.0)
    ]
    outer, hole = rings.dissolved(squares)
    assert rings.area_km2(outer) > 0 > rings.area_km2(hole)


def test_the_name_of_a_bent_shape_stands_inside_it():
    bent = ((0.0, 0.0), (0.0, 3.0), (3.0, 3.0), (3.0, 2.8), (0.2, 2.8), (0.2, 0.0))
    assert rings.inside(bent, *rings.label(bent))

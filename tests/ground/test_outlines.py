"""The drawn map: true outlines, how their pieces meet, what a point is answered, and what pages get."""

import gzip
import json
import math
from collections import Counter
from itertools import pairwise

import pytest

from console.ground import rings
from console.ground.atlas import EDGE_M, Atlas, atlas
from console.ground.places import Places
from models.city.seed.facts import District, Village, load


@pytest.fixture(scope="module")
def drawn() -> Atlas:
    return atlas()


def edges(ring):
    return list(pairwise((*ring, ring[0])))


def area_km2(area):
    """By the even-odd rule: a ring within another is a hole."""
    sizes = [abs(rings.area_km2(ring)) for ring in area.rings]
    holes = [
        any(
            other is not ring and rings.inside(other, *ring[0]) and abs(rings.area_km2(other)) > size
            for other in area.rings
        )
        for ring, size in zip(area.rings, sizes, strict=True)
    ]
    return sum(-size if hole else size for size, hole in zip(sizes, holes, strict=True))


def test_every_kelurahan_and_kecamatan_has_its_outline_of_the_known_size(drawn):
    areas = {area.code: area for area in (*drawn.outlines.villages, *drawn.district_areas)}
    places: list[Village | District] = [*load().villages, *load().districts]
    assert areas.keys() == {place.code for place in places}
    for place in places:
        assert area_km2(areas[place.code]) == pytest.approx(place.area_km2, rel=0.02, abs=0.006), place.name


def test_every_name_stands_inside_its_own_outline(drawn):
    """Three kelurahan are bent round their middle."""
    bent = 0
    for area in (*drawn.outlines.villages, *drawn.district_areas, *drawn.outlines.neighbours, *drawn.outlines.hamlets):
        assert area.holds(*area.label), area.name
        village = drawn.villages.get(area.code)
        bent += bool(village) and not area.holds(village.lat, village.lon)
    assert bent == 3


def test_kelurahan_meet_without_a_gap_or_an_overlap(drawn):
    sides = Counter(edge for area in drawn.outlines.villages for ring in area.rings for edge in edges(ring))
    assert set(sides.values()) == {1}
    inner = {edge for edge in sides if edge[::-1] in sides}
    assert sum(map(area_km2, drawn.outlines.villages)) == pytest.approx(
        sum(map(area_km2, drawn.district_areas)), rel=1e-3
    )
    assert sum(map(area_km2, drawn.outlines.villages)) == pytest.approx(load().city.area_km2, rel=0.01)
    outer = {edge for area in drawn.district_areas for ring in area.rings for edge in edges(ring)}
    assert sides.keys() - inner <= outer  # kecamatan are made of the same borders


def test_a_point_in_a_neighbouring_desa_is_told_by_its_name(drawn):
    spot = drawn.describe(3.5253, 98.7983)
    assert (spot.kelurahan, spot.kecamatan, spot.regency) == ("Tanjung Morawa-B", "Tanjung Morawa", "Deli Serdang")
    assert spot.outside and spot.neighbour == "Polresta Deli Serdang"
    binjai = drawn.describe(3.6, 98.48)
    assert (binjai.kelurahan, binjai.regency, binjai.neighbour) == ("Satria", "Binjai", "Polres Binjai")
    ours = drawn.describe(3.658989, 98.752583)
    assert (ours.kelurahan, ours.regency, ours.outside, ours.station) == (
        "Saentis",
        "Deli Serdang",
        False,
        "MDN-TEMBUNG",
    )


def test_beyond_every_outline_nobody_is_named_but_a_pier_is_its_shores(drawn):
    assert drawn.describe(3.93, 98.75).neighbour is None  # the strait
    assert drawn.describe(3.40, 98.86).kecamatan == ""  # a kecamatan that we know no outline of
    tip = max((c for area in drawn.district_areas for ring in area.rings for c in ring), key=lambda corner: corner[0])
    beside = tip[0] + 0.8 * EDGE_M / 111_000, tip[1]
    assert drawn.district_at(*beside).name == "Medan Belawan" and drawn.village_at(*beside)
    assert drawn.district_at(tip[0] + 1.5 * EDGE_M / 111_000, tip[1]) is None


def test_what_a_wall_shows_of_a_sensitive_case_lies_in_its_kelurahan_and_tells_no_more(drawn):
    places = Places()
    for area in (*drawn.outlines.villages, *drawn.outlines.hamlets[:60]):
        corner = area.rings[0][0]
        at = tuple((c + 4 * m) / 5 for c, m in zip(corner, area.label, strict=True))
        if not area.holds(*at):
            continue
        site = places.site(*at, precision="pin")
        assert site.kelurahan == area.name and (site.centre_lat, site.centre_lon) == area.label


def unpacked(level0):
    """As static/js/ground.js does it."""
    borders = []
    for steps in level0["borders"]:
        lat = lon = 0
        corners = [(lat := lat + n, lon := lon + e) for n, e in zip(steps[::2], steps[1::2], strict=True)]
        borders.append([(n / 1e5, e / 1e5) for n, e in corners])
    walk = lambda n: (borders[~n][::-1] if n < 0 else borders[n])[:-1]  # noqa: E731
    return lambda area: [tuple(corner for n in ring for corner in walk(n)) for ring in area["rings"]]


def test_a_page_gets_each_border_once_and_draws_what_is_answered(drawn):
    level0 = json.loads(drawn.level0_json)
    rings_of = unpacked(level0)
    for kind, areas in (("villages", drawn.outlines.villages), ("districts", drawn.district_areas)):
        assert [rings_of(one) for one in level0[kind]] == [list(area.rings) for area in areas]
    assert [one["name"] for one in level0["neighbours"]] == [place.name for place in load().neighbours]
    for one, area in zip(level0["neighbours"], drawn.outlines.neighbours, strict=True):
        assert 0 < sum(map(len, rings_of(one))) < sum(map(len, area.rings))  # a backdrop: coarser
    (south, west), (north, east) = level0["bounds"]
    assert south < 3.5 and north > 3.78 and west < 98.6 and east > 98.73
    assert len(gzip.compress(drawn.level0_json)) < 34_000


def test_what_people_name_is_written_where_it_stands(drawn):
    written = {name: (lat, lon, weight) for lat, lon, name, weight in json.loads(drawn.level0_json)["places"]}
    assert written["Simpang Pos"][2] == 1 and written["Jl. Pandu"][2] == 3
    assert drawn.describe(*written["Masjid Raya Al-Mashun"][:2]).kelurahan == "Mesjid"
    assert not any("(" in name or " / " in name or name.startswith("Halte") for name in written)


def test_the_atlas_of_an_installation_is_decoded_once(tmp_path):
    assert atlas() is atlas() and atlas(tmp_path) is atlas()


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
    assert not rings.inside(hole, *rings.label([outer, hole]))


def test_the_name_of_a_bent_shape_stands_inside_it():
    bent = ((0.0, 0.0), (0.0, 3.0), (3.0, 3.0), (3.0, 2.8), (0.2, 2.8), (0.2, 0.0))
    assert rings.inside(bent, *rings.label([bent]))

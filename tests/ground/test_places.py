"""Places: whose ground a point is on, what words mean, and what is refused."""

import asyncio
import json
import math
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from geopy.exc import GeocoderUnavailable
from geopy.geocoders.base import Geocoder
from geopy.location import Location

from console.ground.places import (
    Answer,
    Gazetteer,
    Place,
    Places,
    Why,
    WrongFile,
    WrongPlace,
    atlas,
    chain,
    describe,
    distance_m,
    district_at,
    import_boundaries,
    import_places,
    nearest,
    rough_distance_m,
    valid_point,
    village_at,
)
from console.ground.rings import crossing
from console.web.citizen.sites import site_of
from models.city.seed.facts import load
from models.errors import WrongValue


@pytest.fixture(scope="module")
def gazetteer():
    return Gazetteer()


# -- whose ground ------------------------------------------------------------------------------------------------------


def test_a_point_in_the_city_has_kelurahan_kecamatan_and_polsek():
    spot = describe(3.580852, 98.657024)
    assert (spot.kelurahan, spot.kecamatan, spot.police) == ("Babura", "Medan Baru", "Polsek Medan Baru")
    assert not spot.outside and spot.neighbour is None


def test_belawan_belongs_to_another_command():
    spot = describe(3.78331, 98.688591)
    assert spot.kecamatan == "Medan Belawan" and spot.outside
    assert spot.neighbour == spot.police == "Polres Pelabuhan Belawan"


def test_percut_is_in_deli_serdang_but_ours():
    spot = describe(3.658989, 98.752583)
    assert (spot.kelurahan, spot.kecamatan, spot.outside) == ("Saentis", "Percut Sei Tuan", False)
    assert spot.police == "Polsek Medan Tembung"


def test_tanjung_morawa_belongs_to_polresta_deli_serdang():
    assert describe(3.5253, 98.7983).neighbour == "Polresta Deli Serdang"


def test_jakarta_is_outside_and_nobodys_neighbour():
    spot = describe(-6.2, 106.8166)
    assert spot.outside and spot.neighbour is None and (spot.kecamatan, spot.police) == ("", "")


def test_every_village_is_found_where_its_name_stands():
    for village in load().villages:
        assert village_at(*atlas().labels[village.code]) == village
        assert district_at(*atlas().labels[village.code]).code == village.district


# -- points ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lat", "lon", "field", "reason"),
    [
        (float("nan"), 98.6, "lat", "nan"),
        (3.5, float("inf"), "lon", "nan"),
        (98.67, 3.59, "lat", "swapped"),
        (0.0, 0.0, "lat", "nan"),
        (52.5, 13.4, "lat", "outside_indonesia"),
        (3.59, 981.0, "lon", "outside_indonesia"),
    ],
)
def test_impossible_points_are_refused_with_a_reason(lat, lon, field, reason):
    with pytest.raises(WrongPlace) as refused:
        valid_point(lat, lon)
    assert (refused.value.field, refused.value.reason) == (field, reason)
    assert isinstance(refused.value, ValueError) and isinstance(refused.value, WrongValue) and str(refused.value)


def test_a_possible_point_is_a_place():
    assert valid_point(3.59, 98.67) == Place(3.59, 98.67)


def test_the_rough_distance_is_near_the_true_one():
    a, b = Place(3.568, 98.659), Place(3.602, 98.679)
    assert distance_m(a, b) == pytest.approx(4366, abs=15)
    assert rough_distance_m(a, b) == pytest.approx(distance_m(a, b), rel=0.006)


def test_the_nearest_station_comes_first_with_its_metres():
    here = Place(3.5685, 98.6590)
    ranked = nearest(here, load().stations)
    assert ranked[0][0].name == "Polsek Medan Baru" and len(ranked) == 13
    assert [metres for _, metres in ranked] == sorted(metres for _, metres in ranked)
    wrapped = [{"at": station} for station in load().stations]
    assert nearest(here, wrapped, key=lambda row: row["at"], limit=1)[0][0]["at"].code == "MDN-BARU"


# -- words -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "kelurahan", "kecamatan"),
    [
        ("Babura, Medan Baru", "Babura", "Medan Baru"),
        ("Kel Babura Kec Medan Sunggal", "Babura Sunggal", "Medan Sunggal"),
        ("Helvetia Tengha", "Helvetia Tengah", "Medan Helvetia"),
        ("Pulo Brayan Darat 1", "P Berayan Darat I", "Medan Timur"),
        ("padang bulan selayang 2", "P Bulan Selayang II", "Medan Selayang"),
        ("Tegal Sari Mandala 3", "Tegal S Mandala III", "Medan Denai"),
        ("Pangkalan Masyhur", "Pangkalan Mansur", "Medan Johor"),
        ("kuala bekala", "Kwala Bekala", "Medan Johor"),
        ("Tj Rejo", "Tanjung Rejo", "Medan Sunggal"),
        ("tanah 600", "Tanah Enam Ratus", "Medan Marelan"),
        ("kotamatsum 3", "Kotamatsum III", "Medan Kota"),
        ("Sei Sikambing C2", "Sei Sikambing C II", "Medan Helvetia"),
        ("sicanang", "Belawan Sicanang", "Medan Belawan"),
        ("Sei Mati, Medan Maimun", "Sei Mati", "Medan Maimun"),
        ("kel. sei mati kec. medan labuhan", "Sei Mati", "Medan Labuhan"),
        ("Jl. Gatot Subroto No. 12, Kel. Lalang, Medan Sunggal", "Lalang", "Medan Sunggal"),
        ("Jl. Letda Sujono Sidorejo", "Sidorejo", "Medan Tembung"),
        ("Jl. Karya Wisata dekat sekolah, Gedung Johor", "Gedung Johor", "Medan Johor"),
        ("Jl. Denai Gg. Jati, Tegal Sari Mandala III", "Tegal S Mandala III", "Medan Denai"),
        ("Kel. Pahlawan", "Pahlawan", "Medan Perjuangan"),
        ("dekat kantor lurah, Mangga, Medan Tuntungan", "Mangga", "Medan Tuntungan"),
        ("Gang Buntu, Medan Timur", "Gang Buntu", "Medan Timur"),
        ("Medn Tembung", "", "Medan Tembung"),
        ("kec. Baru", "", "Medan Baru"),
        ("Belawan", "", "Medan Belawan"),
        ("Percut", "", "Percut Sei Tuan"),
        ("polsek helvetia", "", "Medan Helvetia"),
        ("Polrestabes Medan", "Gaharu", "Medan Timur"),
    ],
)
def test_words_find_their_place(gazetteer, words, kelurahan, kecamatan):
    found = gazetteer.geocode(words)
    assert (found.raw["kelurahan"], found.raw["kecamatan"]) == (kelurahan, kecamatan)
    assert found.raw["precision"] == ("kelurahan" if kelurahan else "kecamatan")
    assert found.raw["score"] >= 82 and not found.raw["ambiguous"]


def test_a_landmark_has_a_point_of_its_own(gazetteer):
    found = gazetteer.geocode("rumah sakit pirngadi")
    assert (found.raw["kelurahan"], found.raw["precision"]) == ("Perintis", "landmark")


@pytest.mark.parametrize(
    "words",
    [
        "",
        " ,,",
        "Jakarta",
        "rumah baru saya di kota",
        "Jl. Merdeka",
        "jl binjai km 10",
        "di gang buntu dekat rumah",
        "🚓",
        "a" * 9999,
    ],
)
def test_what_is_no_place_here_finds_nothing(gazetteer, words):
    assert gazetteer.geocode(words) is None
    assert gazetteer.geocode(words, exactly_one=False) is None


def test_every_name_and_alias_finds_its_own_village(gazetteer):
    for village in load().villages:
        district = load().district(village.district).name
        for name in (village.name, *village.aliases):
            for words in (f"Kelurahan {name}, Kecamatan {district}", f"Jl. Mawar No. 3, {name}, {district}"):
                found = gazetteer.geocode(words)
                assert (found.raw["kelurahan"], found.raw["kecamatan"]) == (village.name, district), words


def test_one_name_in_two_districts_offers_both_and_nearness_decides(gazetteer):
    both = gazetteer.geocode("Sei Mati", exactly_one=False)
    assert {found.raw["kecamatan"] for found in both} == {"Medan Labuhan", "Medan Maimun"}
    assert all(found.raw["ambiguous"] for found in both)
    near = gazetteer.geocode("Sei Mati", near=Place(3.567, 98.687))
    assert near.raw["kecamatan"] == "Medan Maimun"


def test_a_name_comes_before_the_same_alias(gazetteer):
    found = gazetteer.geocode("babura", exactly_one=False)
    assert [place.raw["kelurahan"] for place in found] == ["Babura", "Babura Sunggal"]


def test_the_gazetteer_is_a_geopy_geocoder_without_a_network(gazetteer):
    assert isinstance(gazetteer, Geocoder)
    with pytest.raises(GeocoderUnavailable):
        gazetteer.adapter.get_json("http://127.0.0.1/", timeout=1, headers={})
    with gazetteer as same:
        found = same.geocode("Lalang", timeout=1)
    assert isinstance(found, Location) and (found.latitude, found.longitude) == (3.59261, 98.61155)
    assert isinstance(gazetteer.geocode("Lalang", exactly_one=False), list)


def test_reverse_names_the_ground(gazetteer):
    found = gazetteer.reverse((3.580852, 98.657024))
    assert found.address == "Babura, Medan Baru" and found.raw["precision"] == "kelurahan"
    assert gazetteer.reverse("3.658989, 98.752583", exactly_one=False)[0].address == "Saentis, Percut Sei Tuan"
    assert gazetteer.reverse((-6.2, 106.8)) is None


# -- imported ----------------------------------------------------------------------------------------------------------


def test_imported_landmarks_are_found_at_once(tmp_path):
    places = Places(tmp_path)
    assert places.find("Plaza Ungu") == []
    sheet = tmp_path / "landmarks.csv"
    sheet.write_text("name,lat,lon,kind,aliases\nPlaza Ungu,3.5820,98.6716,mall,Ungu;Ungu Plaza\n", "utf-8-sig")
    assert import_places(sheet, tmp_path) == 1
    (found,) = places.find("Jl. Zainul Arifin, depan plasa ungu")
    assert found.raw["precision"] == "landmark" and found.raw["kecamatan"] == "Medan Polonia"
    assert import_places(sheet, tmp_path) == 1 and len(places.find("Ungu Plaza")) == 1


def test_landmarks_come_from_geojson_too(tmp_path):
    file = tmp_path / "points.geojson"
    feature = {
        "type": "Feature",
        "properties": {"name": "Istana Maimun", "aliases": ["Istana"]},
        "geometry": {"type": "Point", "coordinates": [98.6838, 3.5752]},
    }
    file.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    assert import_places(file, tmp_path) == 1
    assert Places(tmp_path).find("istana maimun")[0].address.startswith("Istana Maimun, ")


EXCEL = 'Nama;Lintang;Bujur;Jenis;Alias\r\nSun Plaza;3,5820;98,6716;mal;"Sun;Plaza Sun"\r\n;;;;\r\n'
QUOTED = 'name,lat,lon,kind,aliases\nSun Plaza,"3,5820","98,6716",mal,Sun;Plaza Sun\n'


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", EXCEL.encode()),
        ("a.csv", EXCEL.encode("utf-8-sig")),
        ("a.CSV", EXCEL.encode("utf-16")),
        ("a.csv", b"\xfe\xff" + EXCEL.encode("utf-16-be")),
        (
            "a.txt",
            EXCEL.replace(";;;;", "\t\t\t\t")
            .replace(";", "\t")
            .replace("Sun\tPlaza Sun", "Sun;Plaza Sun")
            .encode("utf-16"),
        ),
        ("a.csv", b"sep=;\r\n" + EXCEL.encode()),
        ("a.csv", b"\xef\xbb\xbfsep=;\r\n" + EXCEL.encode()),
        ("a.csv", b'"sep=;"\r\n' + EXCEL.encode()),
        ("a.csv", b"sep=\t\r\n" + EXCEL.replace(";", "\t").replace("Sun\tPlaza Sun", "Sun;Plaza Sun").encode()),
        ("a.csv", EXCEL.replace("Sun;", "Caf\xe9;").encode("cp1252")),
        ("a.csv", EXCEL.replace("\r\n", "\r").encode()),
        ("a.csv", QUOTED.encode()),
    ],
)
def test_a_sheet_of_an_indonesian_excel_is_taken_as_it_was_saved(tmp_path, name, content):
    sheet = tmp_path / name
    sheet.write_bytes(content)
    assert import_places(sheet, tmp_path) == 1
    (found,) = json.loads((tmp_path / "places.json").read_text())
    assert (found["name"], found["lat"], found["lon"], found["kind"]) == ("Sun Plaza", 3.582, 98.6716, "mal")
    assert found["aliases"] == ["Café" if "é".encode("cp1252") in content else "Sun", "Plaza Sun"]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"PK\x03\x04rest", "a workbook: save it as CSV"),
        (EXCEL.encode("utf-16-le"), "not text that can be read: save it"),
        (EXCEL.encode("utf-16")[:-1], "not text that can be read"),
        (EXCEL.encode("utf-32"), "not text that can be read"),
        (b"", "names no name, no lat, no lon"),
        (b"sep=;\n", "names no name"),
        (b"nama;alamat\nSun Plaza;Jl. Zainul Arifin\n", "names no lat, no lon"),
        (b"nama,lat,lon\nSun Plaza,3,5820,98,6716\n", "line 2: more cells than columns"),
        (b"sep=;\nnama;lat;lon\nSun Plaza;3.582.000;98,6716\n", "line 3: lat and lon must be degrees"),
        (b"nama;lat;lon\nSun Plaza;35820;98,6716\n", "line 2: lat: outside"),
        (b'nama;lat;lon\n"Sun Plaza;3,5820;98,6716\nCentre;3,58;98,67\n', "line 3: not CSV"),
    ],
)
def test_a_sheet_that_cannot_be_taken_names_its_trouble(tmp_path, content, says):
    sheet = tmp_path / "bad.csv"
    sheet.write_bytes(content)
    with pytest.raises(WrongFile, match=says):
        import_places(sheet, tmp_path)
    assert not (tmp_path / "places.json").exists()


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("Sun Plaza,98.6716,3.5833,mal,", "line 2: lat: swapped"),
        ("Sun Plaza,abc,98.6,mal,", "line 2: lat and lon must be degrees"),
        (",3.58,98.6,mal,", "line 2: a name"),
        ("", "no places"),
    ],
)
def test_a_bad_list_of_landmarks_changes_nothing(tmp_path, row, says):
    sheet = tmp_path / "bad.csv"
    sheet.write_text("name,lat,lon,kind,aliases\n" + row + "\n")
    with pytest.raises(WrongFile, match=says):
        import_places(sheet, tmp_path)
    assert not (tmp_path / "places.json").exists()


def collection(features):
    return json.dumps({"type": "FeatureCollection", "features": features})


def polygon(rings):
    return [[[lon, lat] for lat, lon in (*ring, ring[0])] for ring in rings]


def feature(properties, rings):
    parts = [polygon([ring]) for ring in rings]
    return {"type": "Feature", "properties": properties, "geometry": {"type": "MultiPolygon", "coordinates": parts}}


def villages_as_features():
    return [
        feature(
            {"WADMKD": village.name.upper(), "WADMKC": load().district(village.district).name},
            atlas().outlines.villages[number].rings,
        )
        for number, village in enumerate(load().villages)
    ]


def test_imported_boundaries_replace_those_that_siaga_brings(tmp_path):
    file = tmp_path / "kelurahan.geojson"
    file.write_text(collection(villages_as_features()))
    places = Places(tmp_path)
    assert import_boundaries(file, tmp_path, "Sumber: BIG")["villages"] == 151
    level0 = places.level0()
    assert level0["attribution"] == "Sumber: BIG"
    assert len(level0["districts"]) == 21 and len(level0["villages"]) == 151
    assert places.describe(3.580852, 98.657024).kelurahan == "Babura"


def districts(**other):
    """Every kecamatan as it is drawn; `other`: rings by name, in the place of the drawn ones."""
    drawn = {load().district(area.code).name: area.rings for area in atlas().district_areas}
    return [feature({"name": name}, rings) for name, rings in (drawn | other).items()]


def test_an_island_and_a_hole_are_understood(tmp_path):
    belawan = next(area for area in atlas().district_areas if load().district(area.code).name == "Medan Belawan")
    island = ((3.815, 98.66), (3.815, 98.69), (3.83, 98.69), (3.83, 98.66))
    hole = ((3.820, 98.67), (3.825, 98.67), (3.825, 98.68), (3.820, 98.68))
    parts = {"type": "MultiPolygon", "coordinates": [*map(polygon, [[belawan.rings[0]], [island, hole]])]}
    others = [row for row in districts() if row["properties"]["name"] != "Medan Belawan"]
    file = tmp_path / "kecamatan.geojson"
    file.write_text(collection([*others, {"properties": {"name": "MEDAN BELAWAN"}, "geometry": parts}]))
    import_boundaries(file, tmp_path)
    places = Places(tmp_path)
    assert places.district_at(3.8175, 98.665).name == "Medan Belawan"
    assert places.district_at(3.8225, 98.675) is None
    assert places.district_at(3.78331, 98.688591).name == "Medan Belawan"


def test_districts_alone_still_name_the_likely_village(tmp_path):
    file = tmp_path / "kecamatan.geojson"
    features = [feature({"name": load().district(area.code).name}, area.rings) for area in atlas().district_areas]
    file.write_text(collection(features))
    assert import_boundaries(file, tmp_path) == {"districts": 21, "villages": 0, "neighbours": 0}
    assert Places(tmp_path).describe(3.580852, 98.657024).kelurahan == "Babura"
    assert Places(tmp_path).village_at(3.4, 98.5) is None


def test_imported_neighbours_decide_outside(tmp_path):
    square = ((3.60, 98.80), (3.60, 98.83), (3.63, 98.83), (3.63, 98.80))
    features = [feature({"name": load().district(area.code).name}, area.rings) for area in atlas().district_areas]
    file = tmp_path / "with.geojson"
    file.write_text(collection([*features, feature({"kecamatan": "Batang Kuis"}, [square])]))
    assert import_boundaries(file, tmp_path)["neighbours"] == 1
    assert Places(tmp_path).describe(3.61, 98.81).neighbour == "Polresta Deli Serdang"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("{", "not JSON"),
        ("[]", "not a GeoJSON FeatureCollection"),
        (collection([]), "no kecamatan or kelurahan"),
        (collection([feature({"name": "Atlantis"}, [((3.5, 98.6), (3.5, 98.7), (3.6, 98.7))])]), "Atlantis"),
        (collection([feature({"name": "Medan Baru"}, [((98.6, 3.5), (98.7, 3.5), (98.7, 3.6))])]), "swapped"),
        (collection([feature({"name": "Medan Baru"}, [((3.5, 98.6), (3.5, 98.7))])]), "fewer than three"),
        (collection([feature({"name": "Medan Kota"}, atlas().district_areas[0].rings)]), "missing"),
        (collection([feature({"name": "Medan Baru"}, [((3.5, 98.6), (3.5, 98.7), (3.5, 98.8))])]), "no kecamatan"),
        (collection([{"properties": {"name": "Medan Baru"}, "geometry": None}]), "not a polygon"),
        (
            collection([{"properties": {"name": "Medan Baru"}, "geometry": {"type": "Polygon", "coordinates": [1]}}]),
            "broken coordinates",
        ),
    ],
)
def test_a_bad_boundary_file_changes_nothing(tmp_path, content, says):
    file = tmp_path / "bad.geojson"
    file.write_text(content)
    with pytest.raises(WrongFile, match=says):
        import_boundaries(file, tmp_path)
    assert not (tmp_path / "boundaries.json").exists()


def near(lat, lon, half=0.012):
    """A square about a point."""
    return ((lat - half, lon - half), (lat - half, lon + half), (lat + half, lon + half), (lat + half, lon - half))


KOTA = next(district for district in load().districts if district.name == "Medan Kota")
BOW = tuple(near(KOTA.lat, KOTA.lon)[n] for n in (0, 2, 1, 3))


@pytest.mark.parametrize(
    ("other", "says"),
    [
        (
            {"Medan Kota": [near(KOTA.lat, KOTA.lon, 0.06)]},
            r"feature 1 \(Medan Kota\): \d+\.\d+ km², where 5\.70 km² are known",
        ),
        ({"Medan Kota": [near(KOTA.lat, KOTA.lon, 0.001)]}, r"feature 1 \(Medan Kota\): 0\.05 km²"),
        ({"Medan Kota": [near(3.72, 98.66)]}, r"feature 1 \(Medan Kota\): its middle lies 1\d\.\d km from"),
        ({"Medan Kota": [near(-6.2, 106.8)]}, r"feature 1 \(Medan Kota\): point 106\.788, -6\.212 lies outside of"),
        ({"Medan Kota": [BOW]}, r"feature 1 \(Medan Kota\): its border crosses itself near 98\.\d+, 3\.\d+"),
        (
            {"Medan Kota": [near(98.69, 3.57)]},
            r"feature 1 \(Medan Kota\): point .*: latitude and longitude are swapped",
        ),
        ({"medan  kota": [near(KOTA.lat, KOTA.lon)]}, r"feature 22 \(Medan Kota\): given before, as feature 1;"),
    ],
)
def test_what_is_known_of_a_place_is_held_against_the_file(tmp_path, other, says):
    """Of all the kecamatan one is wrong: its number and its name are said, and nothing is taken over."""
    file = tmp_path / "kecamatan.geojson"
    file.write_text(collection(districts()))
    import_boundaries(file, tmp_path)
    before = (tmp_path / "boundaries.json").read_bytes()
    file.write_text(collection(districts(**other)))
    with pytest.raises(WrongFile, match=says):
        import_boundaries(file, tmp_path)
    assert (tmp_path / "boundaries.json").read_bytes() == before


def test_a_border_that_touches_itself_or_is_as_fine_as_sand_does_not_cross():
    pinched = ((0, 0), (0, 4), (2, 2), (4, 4), (4, 0), (2, 2))
    assert crossing(pinched) is None
    circle = [(3.5 + math.sin(n / 9000) / 50, 98.6 + math.cos(n / 9000) / 50) for n in range(int(2 * math.pi * 9000))]
    assert crossing(circle) is None
    circle[100], circle[40_000] = circle[40_000], circle[100]
    assert crossing(circle) is not None


# -- online ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def nominatim():
    """A stand-in for an operator's Nominatim: answers with `server.answer`, keeps what it was asked."""

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self):
            server.asked.append(urlsplit(self.path))
            self.send_response(server.status)
            self.end_headers()
            self.wfile.write(json.dumps(server.answer).encode())

        def log_message(self, *args):
            return

    server: Any = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    server.asked, server.status, server.answer = [], 200, []
    server.url = f"http://127.0.0.1:{server.server_port}/nominatim"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def test_a_server_refines_what_the_gazetteer_knows_only_by_area(nominatim):
    nominatim.answer = [{"lat": "3.5812", "lon": "98.6571", "display_name": "Jalan Iskandar Muda 5"}]
    found = chain(nominatim.url).geocode("Jl. Iskandar Muda No. 5, Babura")
    assert (found.address, found.raw["precision"], found.raw["kelurahan"]) == (
        "Jalan Iskandar Muda 5",
        "place",
        "Babura",
    )
    (asked,) = nominatim.asked
    assert asked.path == "/nominatim/search" and parse_qs(asked.query)["bounded"] == ["1"]
    assert parse_qs(asked.query)["viewbox"] == ["98.44,3.23,98.87,3.91"]


def test_a_failing_server_leaves_the_offline_answer(nominatim, caplog):
    nominatim.status = 503
    found = chain(nominatim.url).geocode("Babura, Medan Baru")
    assert found.raw["kelurahan"] == "Babura" and "did not answer" in caplog.text
    assert "Babura" not in caplog.text  # the words of a complaint stay out of the log


def test_an_answer_far_away_is_not_believed(nominatim):
    nominatim.answer = [{"lat": "-6.2", "lon": "106.8", "display_name": "Jakarta"}]
    assert chain(nominatim.url).geocode("Jl. Sudirman") is None


def test_without_a_server_nothing_is_asked():
    assert chain().online is None
    assert chain().geocode("Babura, Medan Baru").raw["precision"] == "kelurahan"
    assert chain().reverse((3.580852, 98.657024)).address == "Babura, Medan Baru"


def test_a_server_address_must_be_http():
    with pytest.raises(ValueError, match="SIAGA_GEOCODER_URL"):
        chain("ftp://peta.example")


# -- facts -------------------------------------------------------------------------------------------------------------


def test_the_facts_hang_together():
    facts = load()
    districts = {district.code for district in facts.districts}
    ground = districts | {neighbour.code for neighbour in facts.neighbours}
    stations = {station.code for station in facts.stations}
    agencies = {agency.code for agency in facts.agencies}
    assert (len(districts), len(facts.villages), len(stations)) == (21, 151, 13)
    assert {village.district for village in facts.villages} == districts
    assert {code for station in facts.stations for code in station.districts} <= ground
    assert {getattr(place, "station", None) for place in (*facts.districts, *facts.neighbours)} <= stations | {None}
    assert {category.partner for category in facts.categories} <= agencies | {""}
    assert {category.priority for category in facts.categories} == {target.priority for target in facts.priorities}


# -- what a list offers ------------------------------------------------------------------------------------------------


def test_whatever_a_list_can_offer_is_found_by_its_label():
    places, known = Places(), Gazetteer().index
    offered = [entry for entry in known.entries if not entry.long]
    assert len(offered) > 500
    for entry in offered:
        found = places.labelled(f" {entry.address} ")
        assert found and found.label == entry.address
    assert all(
        places.labelled(words) is None
        for words in ("", "Jl. Tidak Ada", *(entry.title for entry in known.entries if entry.long))
    )


def test_streets_meet_at_the_crossings_that_name_both():
    known = Gazetteer().index
    crossings = [entry for entry in known.entries if len(entry.crosses) >= 2]
    assert crossings
    for entry in crossings:
        assert entry in known.crossings_of(entry.crosses)
        for street in entry.crosses:
            assert entry in known.crossings_of(frozenset({street}))
            assert entry not in known.crossings_of(frozenset({street, "Jl. Tidak Ada"}))
    assert known.crossings_of(frozenset()) == []


def test_words_are_read_off_the_loop_that_serves_everybody(monkeypatch):
    """300 letters of them take it 10 ms."""
    read_in = []

    def meant(self, words, near=None):
        read_in.append(threading.current_thread())
        return Answer(None, (), Why.UNKNOWN)

    monkeypatch.setattr(Places, "answer", meant)
    asyncio.run(site_of(Places(), "3.58", "98.66", "Jl. Iskandar Muda", "depan minimarket", precision="pin"))
    assert read_in and threading.main_thread() not in read_in

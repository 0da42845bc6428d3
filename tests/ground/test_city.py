"""Another city without a line of source: a folder that an operator names, and every wrong one is one sentence."""

import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from console.ground.atlas import atlas
from console.ground.city import BROUGHT, check_city, fault_of, folder_of
from console.operator import admin, backups, restoring
from console.operator.checks import check
from console.operator.inspection import report
from console.settings import Settings, WrongSettings
from models import time as here
from models.city.seed import checking
from models.city.seed.facts import FILES, MEDAN, load, read, use
from tests.pages.test_zone import WHOSE, pages
from tests.support.cities import CITY, written
from tests.support.town import Town, ref_of, town_of

DAMAR = {"lat": str(CITY["villages.json"][0]["lat"]), "lon": str(CITY["villages.json"][0]["lon"])}
ELSEWHERE = r".{0,40}(?:Medan|WIB|Deli Serdang|MDN-|Polrestabes).{0,20}"
SQUARE = {
    "type": "Polygon",
    "coordinates": [[[120.97, -2.49], [121.0, -2.49], [121.0, -2.47], [120.97, -2.47], [120.97, -2.49]]],
}


@pytest.fixture(autouse=True)
def put_back() -> Iterator[None]:
    yield
    use(MEDAN)
    here.keep_time("Asia/Jakarta")


def row(number: int, **values: Any) -> Callable[[list[dict[str, Any]]], None]:
    return lambda rows: rows[number - 1].update(values)


def head(part: str, **values: Any) -> Callable[[dict[str, Any]], None]:
    return lambda content: content[part].update(values)


def without(number: int, key: str) -> Callable[[list[dict[str, Any]]], None]:
    return lambda rows: rows[number - 1].pop(key) and None


def named(*features: dict[str, Any]) -> str:
    return json.dumps({"type": "FeatureCollection", "features": list(features)})


WRONG: dict[str, tuple[dict[str, Any], str]] = {  # what is changed in the folder, and what the sentence says
    "a file that is missing": ({"stations": None, "words": None}, "lacks stations.json, words.json"),
    "broken JSON": ({"agencies": '[\n {"code": "SAR",}\n]'}, "agencies.json, line 2, letter 17: no JSON"),
    "no list": ({"agencies": "{}"}, "agencies.json: not a list of rows"),
    "a row of words": ({"agencies": '["SAR"]'}, "agencies.json, row 1: is not a row"),
    "a value that is missing": ({"stations": without(2, "districts")}, "stations.json, row 2 (RJ-SELATAN): `districts` is missing"),
    "a value that nobody asks for": ({"categories": row(2, colour="red")}, "categories.json, row 2 (KAPAL): `colour` is not asked for"),
    "words for a number": ({"categories": row(3, personnel="many")}, "categories.json, row 3 (GAJAH): `personnel` input should be a valid integer"),
    "no rows": ({"agencies": "[]"}, "agencies.json: at least one row"),
    "a zone of no place": ({"city": head("city", timezone="Asia/Rimbajaya")}, "city.json: `timezone` is 'Asia/Rimbajaya'"),
    "a box turned round": ({"city": head("city", bbox=[-2.6, 120.9, -2.4, 121.1][::-1])}, "city.json: `bbox` is not west, south"),
    "a place of another country": ({"city": head("city", service_bbox=[100.0, -80.0, 121.2, -2.3])}, "outside indonesia"),
    "an unknown icon": ({"city": head("tiles", KAPAL="boat")}, "city.json: `tiles` gives KAPAL the icon boat"),
    "a tile of no category": ({"city": head("tiles", BEGAL="moto")}, "city.json: `tiles` names BEGAL"),
    "a code twice": ({"categories": row(3, code="KAPAL")}, "categories.json, row 3 (KAPAL): has the code of categories.json, row 2"),
    "a name twice": ({"categories": row(3, label_en="ship in  DISTRESS")}, "categories.json, row 3 (GAJAH): has the name of categories.json, row 2"),
    "a code in small letters": ({"agencies": row(1, code="sar")}, "agencies.json, row 1 (sar): a code is"),
    "a name too long for a card": ({"categories": row(2, short_id="x" * 25)}, "categories.json, row 2 (KAPAL): `short_id` has more than 24"),
    "an unknown partner": ({"categories": row(2, partner="TIMSAR")}, "categories.json, row 2 (KAPAL): `partner` is TIMSAR"),
    "an unknown priority": ({"categories": row(2, priority=5)}, "categories.json, row 2 (KAPAL): `priority` is 5"),
    "no restricted category": ({"categories": lambda rows: rows[:3]}, "categories.json: a choosable OKNUM is missing"),
    "no panic button": ({"categories": row(1, choosable=False)}, "a choosable DARURAT_NYAWA is missing"),
    "an unknown category": ({"likeness": lambda said: said | {"never": ["GEMPA"]}}, "likeness.json: `never` names GEMPA, which categories.json does not hold"),
    "a priority too few": ({"priorities": lambda rows: rows[:3]}, "priorities.json: a row for each"),
    "an unknown station": ({"districts": row(1, station="RJ-BARAT")}, "districts.json, row 1 (01): `station` is RJ-BARAT"),
    "an unknown district": ({"villages": row(4, district="03")}, "villages.json, row 4 (02.2): `district` is 03"),
    "an unknown hospital's place": ({"hospitals": row(1, area="Nipah")}, "hospitals.json, row 1 (RSUD Rimbajaya): `area` is Nipah"),
    "a station outside the box": ({"stations": row(2, lat=-3.9)}, "stations.json, row 2 (RJ-SELATAN): -3.9, 121.0 lies outside"),
    "a station outside the outline": ({"stations": row(2, lon=121.13)}, "stations.json, row 2 (RJ-SELATAN): -2.50901, 121.13 lies outside of the ground of Polres Rimbajaya"),
    "a command without ground": ({"districts": lambda rows: [one | {"polres": "Polres Lain"} for one in rows]}, "no row has the `polres` Polres Rimbajaya"),
    "no outlines": ({"outlines": None}, "outlines.json or outlines.geojson is missing"),
    "outlines in another form": ({"outlines_json": "{}"}, "outlines.json: no TopoJSON of outlines (KeyError: 'arcs')"),
    "outlines of another city": ({"outlines_json": (MEDAN / "outlines.json").read_text()}, "outlines.json: 12.71.01.1001 is none of villages.json"),
    "an outline of another place": ({"outlines_geojson": named({"type": "Feature", "properties": {"name": "Nipah"}, "geometry": SQUARE})}, "outlines.geojson, feature 1: no kecamatan or kelurahan is called 'Nipah'"),
    "a landmark without a point": ({"places_csv": "name,lat,lon\nDermaga,-2.5,\n"}, "places.csv, line 2: lat and lon"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_folder_is_one_sentence_that_names_file_and_row(name: str, tmp_path: Path) -> None:
    changed, says = WRONG[name]
    folder = written(tmp_path / "rimbajaya", **changed)
    with pytest.raises(WrongSettings) as refused:
        check(Settings(data_dir=tmp_path / "var", seed=str(folder)))
    said = str(refused.value)
    assert said.startswith(f"SIAGA_SEED is {folder}, which is no city to serve: ") and said.endswith(".")
    assert says in said and "\n" not in said and not (tmp_path / "var").exists()
    assert load().city.name == "Kota Medan"  # asking changes nothing


def test_no_folder_at_all_is_said_too(tmp_path: Path) -> None:
    with pytest.raises(WrongSettings, match="is no folder"):
        check(Settings(data_dir=tmp_path / "var", seed=str(tmp_path / "gone")))


def test_another_city_with_the_codes_of_medan_is_refused(tmp_path: Path) -> None:
    """Its database would take it for Medan, and Medan's for it."""
    folder = Path(shutil.copytree(MEDAN, tmp_path / "copied"))
    facts = json.loads((folder / "city.json").read_text())
    facts["city"] |= {"code": "99.01", "name": "Kota Coba"}
    (folder / "city.json").write_text(json.dumps(facts))
    assert "give the stations codes of their own" in (fault_of(folder) or "")


def test_the_city_that_siaga_brings_fits_together(tmp_path: Path) -> None:
    checking.fits(read(MEDAN))
    assert fault_of(Path(shutil.copytree(MEDAN, tmp_path / "medan"))) is None


@pytest.fixture
def medans() -> str:
    """The mark of its map, asked for before another city is served."""
    return atlas().level0_tag


@pytest.fixture
def rimbajaya(tmp_path: Path, sqlite_url: str, redis_url: str) -> Iterator[Town]:
    folder = written(tmp_path / "rimbajaya", places_csv="name,lat,lon,kind\nDermaga Ulin,-2.507,120.992,port\n")
    with town_of(tmp_path / "data", sqlite_url, redis_url, seed=str(folder)) as town:
        yield town


def wrecked(town: Town) -> str:
    return ref_of(town.ann.file(category="KAPAL", place="Dermaga", **DAMAR))


def test_another_city_is_served_by_its_folder_alone(medans: str, rimbajaya: Town) -> None:
    town = rimbajaya
    form = town.ann.get("/complaints/new").text
    assert "Kapal karam" in form and "Gajah masuk kampung" in form and "egal" not in form
    incident = town.incident_of(wrecked(town))
    assert (incident.kelurahan, incident.kecamatan, incident.outside) == ("Damar", "Rimbajaya Utara", False)
    assert incident.due_at
    assert town.client.app_state["places"].find("dekat dermaga ulin")[0].raw["kelurahan"] == "Ulin"
    shown = town.hendra.get(f"/incidents/{incident.id}").text
    assert "<small>WITA</small>" in shown and not re.search(ELSEWHERE, shown)
    assert "Rimbajaya" in town.anyone.get("/manifest.webmanifest").text
    ground = town.sari.get("/map/level0.json")
    assert town.sari.get("/map/level0.json", headers={"if-none-match": ground.headers["etag"]}).status_code == 304
    assert town.sari.get("/map/level0.json", headers={"if-none-match": medans}).status_code == 200
    assert [one["short"] for one in town.client.app_state["places"].level0()["districts"]] == ["Utara", "Selatan"]


def test_no_page_of_another_city_names_medan(rimbajaya: Town) -> None:
    town, ref = rimbajaya, wrecked(rimbajaya)
    id = town.incident_of(ref).id or 0
    town.act(ref, "claim", town.hendra)
    town.act(ref, "refer", town.hendra, agency=1, tier="full", note="tiga orang di air")
    shown = [town.hendra.get(f"/incidents/{id}").text, *walk(town, id, ref)]
    for word in ("Basarnas Rimbajaya", "Ombak tinggi", "Polres Rimbajaya", "<small>WITA</small>"):
        assert any(word in each for each in shown), word
    assert [found for each in shown for found in re.findall(ELSEWHERE, each)] == []


def walk(town: Town, id: int, ref: str) -> Iterator[str]:
    for path in pages(id, ref):
        who = next(who for prefix, who in WHOSE.items() if path.startswith(prefix))
        answer = getattr(town, who, town.anyone).get(path)
        if answer.status_code == 200 and "html" in answer.headers["content-type"]:
            yield answer.text


def test_an_operator_hands_the_folder_over_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = tmp_path / "data"
    monkeypatch.setenv("SIAGA_DATA_DIR", str(data))
    folder = written(tmp_path / "rimbajaya")
    assert admin.seed(folder).startswith("Polres Rimbajaya, Kota Rimbajaya: 2 districts, 2 stations, 4 categories")
    shutil.rmtree(folder)
    settings = Settings()
    assert folder_of(settings) == data / BROUGHT and sorted(path.name for path in (data / BROUGHT).iterdir()) == sorted(
        (*FILES, "outlines.geojson")
    )
    admin.create_key("app")  # plants
    assert backups.make(settings, tmp_path / "kept.tar.gz")
    shutil.rmtree(data / BROUGHT)
    with pytest.raises(WrongSettings, match=r"This database is another city's: it knows no MDN-RESTABES"):
        check_city(settings)
    assert "BAD  database: This database is another city's" in report(settings)[0]
    restoring.put_back(settings, tmp_path / "kept.tar.gz")
    check_city(settings)
    assert fault_of(folder_of(settings)) is None
    with pytest.raises(WrongSettings, match=r"medan is no city to serve: .*lacks city.json"):
        admin.seed(written(tmp_path / "medan", city=None))
    with pytest.raises(WrongSettings, match="This database is another city's"):
        admin.seed(Path(shutil.copytree(MEDAN, tmp_path / "other")))
    assert folder_of(settings.model_copy(update={"demo": True})) == MEDAN  # whose people and streets it plays

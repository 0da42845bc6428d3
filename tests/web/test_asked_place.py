"""Asked, not guessed: which of several places, and whether here or where the words say. Filed first, asked after."""

import re
import time
from html import unescape

import pytest

from tests.support.law import PLACES, Law
from tests.support.town import Town, ref_of

NOWHERE = {"lat": "", "lon": "", "accuracy": "", "precision": ""}
SEI_MATI = "sei mati dekat jembatan"
MARELAN = "Jl. Marelan Raya pasar 5, Rengas Pulau"
HX = {"HX-Request": "true"}


def page_of(town: Town, ref: str) -> str:
    return town.ann.get(f"/complaints/{ref}").text


def choices(page: str) -> list[str]:
    return re.findall(r'name="choice" value="([^"]+)"', page)


def panel_of(town: Town, ref: str) -> str:
    page = town.hendra.get(f"/incidents/{town.incident_of(ref).id}", headers=HX).text
    return unescape(page).replace("\xa0", " ")


def test_a_name_of_two_places_is_filed_at_none_and_asked(sqlite_town: Town) -> None:
    town = sqlite_town
    ref = ref_of(town.ann.file(**NOWHERE, place=SEI_MATI))
    assert town.incident_of(ref).point is None
    page = page_of(town, ref)
    assert "Sei Mati yang mana?" in page
    assert choices(page) == ["Sei Mati, Medan Maimun", "Sei Mati, Medan Labuhan", "unsure"]  # ours first
    answer = {"choice": "Sei Mati, Medan Maimun", "place": SEI_MATI}
    assert town.ann.post(f"/complaints/{ref}/locate", data=answer).status_code == 303
    incident = town.incident_of(ref)
    assert (incident.kelurahan, incident.kecamatan, incident.precision) == ("Sei Mati", "Medan Maimun", "area")
    assert choices(page_of(town, ref)) == []


def test_who_does_not_know_is_not_asked_again_and_the_officer_sees_both(sqlite_town: Town) -> None:
    town = sqlite_town
    ref = ref_of(town.ann.file(**NOWHERE, place=SEI_MATI))
    town.act(ref, "claim", town.hendra)
    panel = panel_of(town, ref)
    assert panel.index("Sei Mati</b>, Medan Maimun") < panel.index("Sei Mati</b>, Medan Labuhan")
    assert "Polres Pelabuhan Belawan" in panel
    assert town.ann.post(f"/complaints/{ref}/locate", data={"choice": "unsure", "place": SEI_MATI}).status_code == 303
    page = page_of(town, ref)
    assert choices(page) == [] and town.incident_of(ref).point is None and "Anda mengirim lokasi" not in page
    panel = panel_of(town, ref)
    assert "tidak tahu tempat mana yang dimaksud" in panel
    label = re.findall(r'name="label" value="([^"]+)"', panel)[0]
    sent = {"label": label, "landmark": SEI_MATI, "reason": "dari kata pelapor"}
    assert town.hendra.post(f"/incidents/{town.incident_of(ref).id}/relocate", data=sent, headers=HX).status_code == 204
    incident = town.incident_of(ref)
    assert (incident.kelurahan, incident.precision, incident.landmark) == ("Sei Mati", "area", SEI_MATI)


def test_a_long_street_is_asked_by_its_crossings(sqlite_town: Town) -> None:
    ref = ref_of(sqlite_town.ann.file(**NOWHERE, place="jl gatot subroto"))
    page = page_of(sqlite_town, ref)
    assert "Di bagian mana Jl. Jenderal Gatot Subroto?" in page and len(choices(page)) > 3


def test_words_that_name_another_kelurahan_than_the_point_are_asked_and_marked(sqlite_town: Town) -> None:
    town = sqlite_town
    ref = ref_of(town.ann.file(place=MARELAN))
    assert (town.incident_of(ref).kelurahan, town.incident_of(ref).doubt) == ("Babura", "Rengas Pulau")
    assert "atau Rengas Pulau?" in town.hendra.get("/console").text and "atau Rengas Pulau?" in panel_of(town, ref)
    page = page_of(town, ref)
    assert (
        "Kejadiannya di sini atau di Rengas Pulau?" in page
        and "Di sini, Babura" in page
        and "tempat HP Anda tadi" in page
    )
    assert choices(page) == ["Rengas Pulau, Medan Marelan", "here", "unsure"]
    assert town.ann.post(f"/complaints/{ref}/locate", data={"choice": "here"}).status_code == 303
    incident = town.incident_of(ref)
    assert (incident.kelurahan, incident.doubt, incident.precision) == ("Babura", "", "device")
    assert "Anda memastikan lokasinya" in page_of(town, ref)
    assert "atau Rengas Pulau?" not in town.hendra.get("/console").text
    assert "memastikan titiknya, bukan Rengas Pulau" in panel_of(town, ref)


def test_where_the_words_say_is_one_press_away(sqlite_town: Town) -> None:
    ref = ref_of(sqlite_town.ann.file(place=MARELAN))
    label = choices(page_of(sqlite_town, ref))[0]
    assert sqlite_town.ann.post(f"/complaints/{ref}/locate", data={"choice": label}).status_code == 303
    incident = sqlite_town.incident_of(ref)
    assert (incident.kelurahan, incident.doubt, incident.outside) == ("Rengas Pulau", "", True)


@pytest.mark.parametrize("place", ["Jl. Iskandar Muda", "Babura", "dkt indomaret", "Petisah Hulu"])
def test_words_that_agree_or_say_nothing_raise_no_doubt(sqlite_town: Town, place: str) -> None:
    ref = ref_of(sqlite_town.ann.file(place=place))
    assert sqlite_town.incident_of(ref).doubt == "" and choices(page_of(sqlite_town, ref)) == []


def test_no_question_keeps_an_urgent_report_from_being_filed(sqlite_town: Town) -> None:
    ref = ref_of(sqlite_town.ann.file(category="DARURAT_NYAWA", description="", **NOWHERE, place=SEI_MATI))
    assert sqlite_town.incident_of(ref).status == "new"


def test_an_officer_sees_what_the_reporter_sent_after_the_correction_and_takes_it(sqlite_town: Town) -> None:
    town = sqlite_town
    ref = ref_of(town.ann.file())
    town.act(ref, "claim", town.hendra)
    town.act(ref, "relocate", town.hendra, site=PLACES.site(3.592, 98.668, precision="pin"), reason="dari foto")
    town.ann.post(f"/complaints/{ref}/locate", data={"lat": "3.5796", "lon": "98.6585", "accuracy": "9"})
    panel = panel_of(town, ref)
    assert "dikirim setelah titiknya dipindahkan petugas" in panel and "Pakai, ±10 m" in panel


def test_what_is_chosen_from_a_list_is_known_again(law: Law) -> None:
    """Every label that a list may offer names its place; and a list costs nobody time."""
    offered = {one.label: one for a in "abcdefghijklmnoprstuw" for b in "aeiou" for one in PLACES.suggest(a + b, 200)}
    assert len(offered) > 300
    known = {label: PLACES.labelled(label) for label in offered}
    where = {label: one and (one.kelurahan, one.kecamatan) for label, one in known.items()}
    assert where == {label: (one.kelurahan, one.kecamatan) for label, one in offered.items()}


def test_suggestions_come_at_once_to_anybody(sqlite_town: Town) -> None:
    found = sqlite_town.anyone.get("/places", params={"q": "simp. pos"}).json()
    assert found[0] == {
        "name": "Simpang Pos",
        "where": found[0]["where"],
        "label": f"Simpang Pos, {found[0]['where']}",
        "lat": found[0]["lat"], "lon": found[0]["lon"],
    }  # fmt: skip
    assert 3.4 < found[0]["lat"] < 3.8 and 98.5 < found[0]["lon"] < 98.8  # where the map goes
    assert sqlite_town.anyone.get("/places", params={"q": "s"}).json() == []
    assert sqlite_town.anyone.get("/places").json() == []
    areas = {one["name"]: one["where"] for one in sqlite_town.anyone.get("/places", params={"q": "medan sung"}).json()}
    assert areas["Medan Sunggal"] == ""  # what it is called is not said twice
    began = time.perf_counter()
    for _ in range(20):
        sqlite_town.anyone.get("/places", params={"q": "sei"})
    assert (time.perf_counter() - began) / 20 < 0.25  # a machine under load; 10 ms on an idle one


def test_the_form_offers_nobodys_home(sqlite_town: Town) -> None:
    page = sqlite_town.anyone.get("/complaints/new").text
    assert "street-address" not in page and 'data-suggest="place-list"' in page


def test_a_rough_position_says_so_and_its_distances_carry_it(sqlite_town: Town) -> None:
    ref = ref_of(sqlite_town.ann.file(accuracy="450"))
    panel = panel_of(sqlite_town, ref)
    assert "±450 m, kurang teliti" in panel and re.search(r"km\s*±450 m", panel)
    fine = panel_of(sqlite_town, ref_of(sqlite_town.zed.file(accuracy="30")))
    assert "kurang teliti" not in fine and not re.search(r"km\s*±", fine)

"""Exercise mode over HTTP: started and ended by plain forms, said on every page of the staff, filed from the console's form."""

import pytest

from tests.support.town import Town

AT = "/duty/exercise"


def begin(town: Town) -> None:
    assert town.sari.post(AT, data={"reason": "Kebakaran pasar", "minutes": "60"}).status_code == 303


def test_every_page_of_the_staff_says_so_while_it_runs_and_none_before_or_after(sqlite_town: Town) -> None:
    town = sqlite_town
    pages = (
        (town.hendra, "/console"), (town.sari, "/console"), (town.sari, "/duty"), (town.sari, "/duty/figures"),
        (town.hendra, "/strikes"), (town.sari, "/duty/journal"), (town.dewi, "/admin"), (town.hendra, "/me"),
        (town.sari, AT),
    )  # fmt: skip

    def said() -> list[bool]:
        return [('class="practice"' in (html := who.get(path).text)) and "LATIHAN" in html for who, path in pages]

    assert said() == [False] * len(pages)
    begin(town)
    assert said() == [True] * len(pages)
    html = town.hendra.get("/console").text
    assert "Kebakaran pasar" in html and "dimulai Sari Ginting" in html and "sampai " in html
    assert town.ann.get("/").text.count("practice") == 0  # no citizen is troubled
    assert town.sari.post(f"{AT}/end").status_code == 303
    assert said() == [False] * len(pages)
    assert "diakhiri" in town.sari.get(AT).text


def test_a_form_that_is_refused_comes_back_as_it_was_typed(sqlite_town: Town) -> None:
    answer = sqlite_town.sari.post(AT, data={"reason": "Kebakaran pasar", "minutes": "7"})
    assert answer.status_code == 422 and 'value="Kebakaran pasar"' in answer.text and "Pilih berapa lama" in answer.text
    begin(sqlite_town)
    assert sqlite_town.sari.post(AT, data={"reason": "Lagi", "minutes": "60"}).status_code == 409


@pytest.mark.parametrize(
    ("who", "ticked", "status"), [("sari", True, 303), ("sari", False, 303), ("hendra", True, 422)]
)
def test_a_supervisors_tick_alone_makes_an_exercise_of_it(
    sqlite_town: Town, who: str, ticked: bool, status: int
) -> None:
    town = sqlite_town
    assert 'name="exercise"' not in town.sari.get("/incidents/new", headers={"HX-Request": "true"}).text
    begin(town)
    form = getattr(town, who).get("/incidents/new", headers={"HX-Request": "true"}).text
    assert ('name="exercise"' in form) == (who == "sari")
    sent = {"source": "caller", "category": "KEBAKARAN", "description": "Api di los pasar"}
    sent |= {"place": "Jl. Iskandar Muda, Kelurahan Babura"} | ({"exercise": "1"} if ticked else {})
    assert getattr(town, who).post("/complaints", data=sent).status_code == status
    assert [one.exercise for one in town.complaints()] == ([ticked] if status == 303 else [])
    if ticked and status == 303:
        assert "LAT-" in town.sari.get(AT).text

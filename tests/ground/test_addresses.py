"""Words as citizens type them: what is sure is right, what nobody could go to is said to be unknown, the rest is asked."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from console.ground.places import Answer, Place, Places, Precision, Why, atlas
from models.city.seed.facts import load

TABLE = Path(__file__).with_name("addresses.tsv")


@pytest.fixture(scope="module")
def places() -> Places:
    return Places()


@dataclass(frozen=True)
class Row:
    words: str
    meant: str
    kelurahan: tuple[str, ...] = ()
    kecamatan: str = ""

    def right(self, answer: Answer) -> bool:
        sure = answer.sure
        if sure is None:
            return False
        return (self.kelurahan == ("*",) and sure.kecamatan == self.kecamatan) or sure.kelurahan in self.kelurahan

    def wrong(self, answer: Answer) -> bool:
        """Said as if it were sure, and not marked as an estimate."""
        return answer.sure is not None and not answer.sure.estimated and not self.right(answer)


def table() -> list[Row]:
    rows = [line.split("\t") for line in TABLE.read_text().splitlines() if not line.startswith("#")]
    return [Row(words, meant, tuple("".join(rest[:1]).split("|")), "".join(rest[1:])) for words, meant, *rest in rows]


def test_of_two_hundred_addresses_the_sure_ones_are_right_and_the_unknown_ones_are_said(places):
    rows = {row: places.answer(row.words) for row in table()}
    of = {
        meant: {row: found for row, found in rows.items() if row.meant == meant}
        for meant in ("in", "out", "ask", "unknown")
    }
    assert len(of["in"]) > 100 and len(of["out"]) >= 10 and len(of["unknown"]) > 20 and len(of["ask"]) > 10
    right = [row.words for row, found in of["in"].items() if row.right(found)]
    assert len(right) / len(of["in"]) > 0.85, [row.words for row in of["in"] if row.words not in right]
    assert [row.words for row, found in of["out"].items() if found.sure and not row.right(found)] == []
    assert sum(row.right(found) for row, found in of["out"].items()) / len(of["out"]) > 0.85
    assert [row.words for row, found in of["unknown"].items() if found.candidates] == []
    assert [row.words for row, found in of["ask"].items() if found.sure or not found.candidates] == []
    assert len([row.words for row, found in rows.items() if row.wrong(found)]) <= 2


def test_the_truth_of_the_table_names_places_that_there_are():
    known = {area.name for area in atlas().outlines.hamlets} | {village.name for village in load().villages}
    assert {name for row in table() for name in row.kelurahan} - {"", "*", "Kenangan Baru"} <= known


def test_a_place_never_wins_on_common_words_alone(places):
    for words in ("simpang empat dkt mesjid", "pajak pagi", "depan rumah sakit", "jalan raya", "terminal"):
        found = places.answer(words)
        assert (found.sure, found.candidates, found.why in (Why.COMMON, Why.UNKNOWN)) == (None, (), True), words
    assert places.answer("simpang mabar").sure.name == "Simpang Mabar"
    assert places.answer("mesjid raya").sure.name == "Masjid Raya Al-Mashun"
    assert places.answer("lap merdeka").sure.name == "Lapangan Merdeka" and not places.answer("raya").candidates


def test_a_long_street_is_asked_and_offers_its_crossings(places):
    found = places.answer("jl gatot subroto no 12 dkt lampu merah")
    assert (found.sure, found.why, found.street) == (None, Why.LONG_STREET, "Jl. Jenderal Gatot Subroto")
    kinds = [one.kind for one in found.candidates]
    assert kinds.count("crossing") >= 4 and "kelurahan" in kinds
    for words in ("gatsu simp asrama", "Jl. Asrama simpang Gatot Subroto", "simpang manhattan"):
        assert places.answer(words).sure.name == "Simpang Manhattan / Gatsu Asrama", words
    assert places.answer("Jl. Letda Sujono, Sidorejo").sure.kelurahan == "Sidorejo"


def test_a_name_of_several_places_comes_back_as_all_of_them_those_inside_first(places):
    found = places.answer("Sei Mati")
    assert found.sure is None and found.why == Why.AMBIGUOUS
    assert {one.kecamatan for one in found.candidates} == {"Medan Labuhan", "Medan Maimun"}
    assert places.answer("Sei Mati", near=Place(3.567, 98.687)).sure.kecamatan == "Medan Maimun"
    twins = places.answer("Helvetia").candidates
    assert [one.outside for one in twins] == sorted(one.outside for one in twins) and twins[0].kelurahan == "Helvetia"
    assert places.answer("pasar 3 padang bulan").sure.name != "Pasar VII Jamin Ginting"


def test_a_neighbouring_desa_says_whose_it_is(places):
    desa = places.answer("desa tumpatan nibung").sure
    assert (desa.outside, desa.neighbour, desa.regency) == (True, "Polresta Deli Serdang", "Deli Serdang")
    assert desa.label == "Tumpatan Nibung, Batang Kuis, Deli Serdang"
    ours = places.answer("desa sampali").sure
    assert (ours.outside, ours.regency) == (False, "Deli Serdang")


def test_what_is_estimated_stays_so(places):
    stop = places.answer("kampus uisu").sure
    assert stop.estimated and stop.precision_m == 150
    site = places.site_of(stop, "kampus uisu")
    assert (site.precision, site.accuracy_m, site.landmark) == ("place", 150, "kampus uisu")
    area = places.answer("kel. Sei Agul").sure
    assert area.precision == Precision.KELURAHAN and places.site_of(area).precision == "area"
    assert places.site_of(area).accuracy_m is None


def test_a_kecamatan_alone_names_no_kelurahan(places):
    """Its middle lies in one, which nobody said."""
    site = places.site_of(places.answer("kec. Medan Helvetia").sure, "kec. Medan Helvetia")
    assert (site.kelurahan, site.kecamatan, site.precision, site.station) == (
        "",
        "Medan Helvetia",
        "area",
        "MDN-HELVETIA",
    )


def test_where_somebody_goes_is_not_where_they_are(places):
    assert places.answer("flyover brayan arah belawan").sure.kelurahan == "Pulo Berayan Kota"
    assert places.answer("menuju belawan").candidates == ()


def test_suggestions_go_on_with_what_is_typed(places):
    assert [one.name for one in places.suggest("simp. po")] == ["Simpang Polonia", "Simpang Pos"]
    assert {one.kecamatan for one in places.suggest("sei ma")} == {"Medan Maimun", "Medan Labuhan"}
    streets = places.suggest("jl gatot su")
    assert streets and {one.kind for one in streets} == {"crossing"}
    assert (
        places.suggest("x") == places.suggest("") == places.suggest("?,") == ()
        and len(places.suggest("si", limit=3)) == 3
    )

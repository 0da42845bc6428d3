"""The numbers of a day as they are asked for: a page, a sheet of paper, a table for a spreadsheet; for supervisors alone."""

import csv
import re
from datetime import timedelta
from io import StringIO

import pytest
from httpx2 import Response
from sqlmodel import select

from models.city.category import Category, Target
from models.reading.periods import BEGINS
from models.time import local, now
from tests.support.asking import Asker
from tests.support.house import Running
from tests.support.pickets import pickets
from tests.support.serving import Cast
from tests.support.town import Town, ref_of

TODAY = local(now() - timedelta(hours=BEGINS.hour)).date().isoformat()  # of a day from seven to seven
MONTH = f"?of=month&on={TODAY}"


def evening(town: Town) -> None:
    for _ in range(5):
        ref = ref_of(town.ann.file())
        town.act(ref, "claim", town.hendra)
        town.act(ref, "dismiss", town.hendra, reason="empty")
    town.ann.file(category="KERIBUTAN", lat="", lon="", place="rumah nenek", description="Ribut sekali")


def seen(answer: Response) -> str:
    assert answer.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())


def test_the_page_and_the_paper_say_what_was(sqlite_town: Town) -> None:
    town = sqlite_town
    evening(town)
    page = seen(town.sari.get(f"/duty/figures{MONTH}"))
    assert re.search(r"Diterima 6 \+6 dari 0", page) and re.search(r"Diambil dari diterima 5 \+5 dari 0", page)
    assert "belum diketahui, luar wilayah" in page and "belum selesai" in page
    paper = seen(town.sari.get(f"/duty/report?on={TODAY}"))
    assert "Laporan harian" in paper and "bukan Laporan Polisi" in paper and "SHA-256" in paper


def test_a_spreadsheet_takes_it_and_no_word_for_a_formula(sqlite_town: Town) -> None:
    town = sqlite_town
    evening(town)
    town.write(lambda session: setattr(session.get_one(Category, "CURAS_BEGAL"), "label_id", "=HYPERLINK(1)"))
    answer = town.sari.get(f"/duty/figures.csv{MONTH}")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"].startswith('attachment; filename="siaga-month-')
    rows = list(csv.reader(StringIO(answer.text.removeprefix("\ufeff")), delimiter=";"))
    assert rows[0][:5] == ["Bagian", "Nama", "Jumlah", "Periode sebelumnya", "Median (detik)"]
    assert {len(row) for row in rows} == {len(rows[0])}
    cells = [tuple(cell for cell in row if cell) for row in rows]
    assert ("Langkah", "Diterima", "6", "0") in cells
    assert ("Laporan iseng", "0", "0") in cells and ("Kelurahan", "1") in cells  # what has no name is no formula either
    assert ("Kategori", "'=HYPERLINK(1)", "5", "0") in cells
    assert len({row[1] for row in rows if row[0] == "Diambil, menurut prioritas"}) == 4
    assert not any("." in cell for row in rows[1:] for cell in row[2:8])  # whole seconds


@pytest.mark.parametrize(
    "query",
    [
        "?of=year",
        "?of=shift&on=x",
        "?of=shift&on=" + "9" * 30,
        "?on=kemarin",
        "?of=day&on=0001-01-01",
        "?on=2026-13-01",
    ],
)
def test_what_is_no_period_is_refused_with_words(sqlite_town: Town, query: str) -> None:
    for path in ("figures", "figures.csv"):
        assert sqlite_town.sari.get(f"/duty/{path}{query}").status_code == 422


def test_what_stood_out_is_written_on_the_page_and_read_on_the_paper(sqlite_town: Town) -> None:
    town = sqlite_town
    at, told = f"/duty/figures/{TODAY}", {"words": "Tawuran <b>, Sidorejo"}
    assert town.sari.post(f"{at}/highlight", data=told).status_code in (204, 303)
    for page in (at, f"/duty/report?on={TODAY}"):
        text = town.sari.get(page).text
        assert "Tawuran &lt;b&gt;, Sidorejo" in text and "Sari Ginting" in text
    long = town.sari.post(f"{at}/highlight", data={"words": "x" * 401}, headers={"accept": "text/html"})
    assert long.status_code == 422 and f'action="{at}/highlight"' in long.text and "x" * 401 in long.text


def test_why_it_was_late_is_read_where_the_lateness_is(sqlite_town: Town) -> None:
    town = sqlite_town
    ref = ref_of(town.ann.file())
    town.act(ref, "claim", town.hendra)
    town.write(lambda session: [setattr(row, "claim_s", 0) for row in session.exec(select(Target))])
    assert "belum ditulis" in seen(town.sari.get(f"/duty/figures{MONTH}"))
    town.act(ref, "explain", town.hendra, reason="=macet")
    page, paper = (seen(town.sari.get(path)) for path in (f"/duty/figures{MONTH}", f"/duty/report?on={TODAY}"))
    assert "=macet" in page and "=macet" in paper
    rows = csv.reader(StringIO(town.sari.get(f"/duty/figures.csv{MONTH}").text), delimiter=";")
    assert [row[8] for row in rows if row[0] == "Terlambat diambil"] == ["'=macet"]


def test_the_turn_of_a_regu_has_its_own_figures(cast: Cast, server: Running) -> None:
    sari = Asker(server, cast.cookies["sari"])
    assert sari.get("/duty/figures?of=shift").status_code == 422  # no regu has worked here yet
    _, b, _ = pickets(cast)
    cast.file()
    page = seen(sari.get("/duty/figures?of=shift"))
    assert "Regu B" in page and "2 belum dipanggil" in page and "Diterima 1" in page
    assert sari.get(f"/duty/figures.csv?of=shift&on={b.id}").status_code == 200

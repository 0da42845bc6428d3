"""The numbers of a day as they are asked for: a page, a sheet of paper, a table for a spreadsheet; for supervisors alone."""

import csv
import re
from datetime import timedelta
from io import StringIO

import pytest
from httpx2 import Response

from models.city.category import Category
from models.reading.periods import BEGINS
from models.time import local, now
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
    assert rows[0] == ["part", "name", "n", "before", "median_s", "p90_s", "target_s", "late"]
    assert ["step", "file", "6", "0", "", ""] in rows
    assert ["pranks", "", "0", "0"] in rows and ["kelurahan", "", "1"] in rows  # what has no name is no formula either
    assert ["category", "'=HYPERLINK(1)", "5", "0", "", ""] in rows
    assert len({row[1] for row in rows if row[0] == "claim"}) == 4


@pytest.mark.parametrize("query", ["?of=year", "?on=kemarin", "?of=day&on=0001-01-01", "?on=2026-13-01"])
def test_what_is_no_period_is_refused_with_words(sqlite_town: Town, query: str) -> None:
    for path in ("figures", "figures.csv"):
        assert sqlite_town.sari.get(f"/duty/{path}{query}").status_code == 422

"""The laporan harian as a PDF: what the page says, all of it, on one sheet, for supervisors alone."""

import asyncio
import re
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser
from io import BytesIO

import pytest
from pypdf import PdfReader
from sqlmodel import Session, select

from console.pages.daily import Cell, Delay, Sheet, Table, sheet
from console.pages.paper import ALL, TIGHT, pdf
from console.pages.words import say
from console.web.staff import figures
from models.city.category import Target
from models.people.officers import Officer
from models.reading.periods import period
from tests.support.town import Town, ref_of
from tests.web.test_figures import TODAY, evening


class Seen(HTMLParser):
    """The words of the sheet, but what is for those who listen alone."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self._in: list[bool] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ("br", "meta", "link", "use", "rect", "line", "path", "circle", "img", "input"):
            shown = (dict(attrs).get("class") != "unseen" and self._in[-1]) if self._in and any(self._in) else False
            self._in.append(shown or (tag == "main"))

    def handle_endtag(self, tag: str) -> None:
        if tag not in ("br", "use", "rect", "line", "path", "circle"):
            self._in.pop()

    def handle_data(self, data: str) -> None:
        if self._in and self._in[-1]:
            self.words += data.split()


def words_of(page: str) -> Counter[str]:
    reader = Seen()
    reader.feed(page)
    return Counter(word for word in reader.words if word != "·")


def set_lines(file: bytes) -> list[str]:
    """Whatever is set on its one page."""
    (page,) = PdfReader(BytesIO(file)).pages
    found: list[str] = []
    page.extract_text(visitor_text=lambda text, *_: found.append(text))
    return [line.strip() for text in found for line in text.splitlines()]


def printed(file: bytes) -> Counter[str]:
    return Counter(" ".join(set_lines(file)).split())


def a_day(town: Town) -> None:
    """With what stood out, and a lateness whose reason was said."""
    evening(town)
    ref = ref_of(town.ann.file())
    town.act(ref, "claim", town.hendra)
    town.write(lambda session: [setattr(row, "claim_s", 0) for row in session.exec(select(Target))])
    town.act(ref, "explain", town.hendra, reason="macet, kereta lewat")
    told = {"words": "Tawuran, Sidorejo: 60 orang\nKebakaran, Sukaramai II"}
    town.sari.post(f"/duty/figures/{TODAY}/highlight", data=told)


def sheet_of(town: Town, on: str = TODAY, locale: str = "id") -> Sheet:
    def load(session: Session) -> Sheet:
        of = period("day", on)
        viewer = session.get_one(Officer, town.sari.id).viewer
        return sheet(locale, "Polrestabes Medan", of, *figures._told(session, viewer, of))

    return town.read(load)


@pytest.mark.parametrize("locale", ["id", "en"])
def test_it_says_all_that_the_page_says(sqlite_town: Town, monkeypatch: pytest.MonkeyPatch, locale: str) -> None:
    """Of one moment: how long somebody waits is longer in the next."""
    town = sqlite_town
    a_day(town)
    sheet = sheet_of(town, locale=locale)
    monkeypatch.setattr(figures, "_sheet", lambda request: lambda session: sheet)
    page = words_of(town.sari.get(f"/duty/report?on={TODAY}").text)
    answer = town.sari.get(f"/duty/report.pdf?on={TODAY}")
    assert answer.status_code == 200 and answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"] == f'inline; filename="siaga-laporan-harian-{TODAY}.pdf"'
    assert answer.headers["cache-control"] == "no-store"
    assert {"macet,", "Sukaramai", "Sari", "SHA-256", "07", "Laporan" if locale == "id" else "report"} <= {*page}
    assert page - printed(answer.content) == Counter()


def test_one_day_is_one_file_byte_for_byte_and_says_whose(sqlite_town: Town) -> None:
    a_day(sqlite_town)
    sheet = sheet_of(sqlite_town, locale="en")
    file = pdf(sheet)
    assert file == pdf(sheet)
    reader = PdfReader(BytesIO(file))
    assert reader.metadata and reader.metadata.title == f"Daily report · {sheet.day}"
    assert reader.metadata.author == "POLRESTABES MEDAN" and reader.metadata.creator == "Siaga"
    assert reader.metadata.creation_date == sheet.counted_at.replace(microsecond=0)
    assert reader.root_object["/Lang"] == "en"


@pytest.mark.parametrize("locale", ["id", "en"])
def test_an_empty_day_says_so(sqlite_town: Town, locale: str) -> None:
    town = sqlite_town
    town.write(lambda session: setattr(session.get_one(Officer, town.sari.id), "locale", locale))
    none = ("Tidak ada laporan yang diterima.", "Tidak ada yang lewat target.", "Tidak ada catatan pada hari ini")
    sentences = " ".join(say(locale, sentence) for sentence in none)
    for path in ("/duty/report", "/duty/report.pdf"):
        answer = town.sari.get(f"{path}?on=2020-02-02")
        said = words_of(answer.text) if path.endswith("report") else printed(answer.content)
        assert Counter(sentences.split()) - said == Counter(), path


LINES = 40


def fuller(sheet: Sheet, late: int, kinds: int) -> Sheet:
    why = "hujan deras, Jl. Kapten Sumarsono ditutup, unit memutar lewat jalan tol dan menunggu kereta"
    row = [Cell("Kekerasan dalam rumah tangga dan perlindungan anak"), Cell(bar=(1, 0.5))]
    row += [Cell(words, figure=True) for words in ("x1200", "+1100", "+900\u00a0%")]
    return replace(
        sheet,
        late=[Delay(1, "16:42", "Curas, begal, Kelurahan Babura", "belum tiba", f"+{n}", why) for n in range(late)],
        kinds=Table(*sheet.kinds[:3], [row] * kinds, sheet.kinds.total),
        stood_out=["Tawuran, Sidorejo"] * LINES,
    )


@pytest.mark.parametrize(("late", "kinds"), [(6, 24), (30, 30), (900, 60)])
def test_a_day_too_full_for_a_sheet_says_what_it_leaves_out(sqlite_town: Town, late: int, kinds: int) -> None:
    a_day(sqlite_town)
    said = set_lines(pdf(fuller(sheet_of(sqlite_town), late, kinds)))
    shown = [sum(line.startswith(word) for line in said) for word in ("16:42", "x1200", "Tawuran, S")]
    left = [int(found[1]) for line in said if (found := re.fullmatch(r"\+(\d+) lagi, lihat di layar", line))]
    assert min(shown) > 0 and sum(shown) + sum(left) == late + kinds + LINES
    assert len(left) == sum(n < whole for n, whole in zip(shown, (late, kinds, LINES), strict=True))


def test_a_sheet_that_nothing_fits_on_is_still_one(sqlite_town: Town) -> None:
    whole = fuller(sheet_of(sqlite_town), 50, 50)
    sheet = replace(whole, command="POLRESTABES " * 90, stood_out=["x" * 400] * 3, day="Sabtu " * 200)
    said = printed(pdf(sheet))
    assert any(word.endswith("…") for word in said) and said["SHA-256"] <= 1
    assert TIGHT[0] == (1.0, ALL) and TIGHT[-1].most == 1


def test_a_letter_that_it_does_not_have_is_told(sqlite_town: Town) -> None:
    sheet = replace(sheet_of(sqlite_town), stood="Menonjol", stood_out=["Bendera 🚩 → selesai"])
    said = printed(pdf(sheet))
    assert said["�"] == 2 and said["→"] and said["huruf"]
    assert "huruf" not in printed(pdf(replace(sheet, stood_out=["Bendera"])))


def test_it_is_set_in_a_thread_and_loaded_with_the_first(sqlite_town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    def set_(_: Sheet) -> bytes:
        with pytest.raises(RuntimeError):
            asyncio.get_running_loop()
        return b"set"

    monkeypatch.setattr(figures, "pdf", set_)
    assert sqlite_town.sari.get("/duty/report.pdf").content == b"set"
    code = "import sys, console.app; print(*sys.modules.keys() & {'fpdf', 'fontTools', 'brotli'})"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split() == []


def test_nobody_else_gets_it(sqlite_town: Town) -> None:
    town = sqlite_town
    for visitor, code in ((town.hendra, 403), (town.dewi, 403), (town.ann, 403), (town.anyone, 303)):
        answer = visitor.get("/duty/report.pdf")
        assert answer.status_code == code and not answer.content.startswith(b"%PDF")
    assert town.sari.get("/duty/report.pdf?on=kemarin").status_code == 422

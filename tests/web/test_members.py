"""Members in /admin: a form for one, a roster for all: shown first, taken whole or not at all."""

import codecs
import re
from typing import Any

import pytest
from sqlmodel import Session, select

from models.command.members import Member, members
from tests.support.asking import Asker
from tests.support.house import Running
from tests.support.law import Law
from tests.support.serving import Cast
from tests.support.town import Town

HEAD = "Nama;NRP;Pangkat;Fungsi;Polsek;Regu;HP;Tugas"
BUDI = "Budi Harahap;78050912;aipda;samapta;Medan Baru;b;081234567890;"
SITI = "Siti Aminah;79050913;Bripka;SPKT;Polrestabes;B;;meja"
AT = "/admin/members/roster"


def paste(asker: Asker, *lines: str, **more: str) -> str:
    answer = asker.post(AT, files={"roster": (None, "\r\n".join(lines)), **{k: (None, v) for k, v in more.items()}})
    assert answer.status_code in (200, 303), answer.text[:300]
    return answer.text


def kept(law: Law) -> list[Member]:
    return law.read(members)


def test_a_roster_is_shown_before_it_is_taken(cast: Cast, server: Running) -> None:
    dewi = Asker(server, cast.cookies["dewi"])
    page = paste(dewi, HEAD, BUDI, SITI)
    assert "2 baru, 0 diperbarui, 0 tetap" in page and "Aipda Budi Harahap" in page and kept(cast) == []
    paste(dewi, HEAD, BUDI, SITI, sure="yes")
    budi, siti = kept(cast)
    assert (budi.rank, budi.function, budi.regu, budi.station.name, budi.at_desk) == (
        "Aipda", "Samapta", "B", "Polsek Medan Baru", False,
    )  # fmt: skip
    assert siti.at_desk and budi.phone and "81234567890" not in budi.phone
    again = paste(dewi, HEAD, BUDI.replace("081234567890", ""), SITI.replace("Bripka", "Aiptu"))
    assert "0 baru, 1 diperbarui, 1 tetap" in again
    page = dewi.get(f"/admin/members/{budi.id}").text
    assert "0812 •••• 7890" in page and "81234567890" not in page


@pytest.mark.parametrize(
    ("line", "lines", "says"),
    [
        (1, ["NRP;Nama;Pangkat;Polsek;Fungsi;Gaji", BUDI], "Kolom Gaji tidak dikenal."),
        (1, ["NRP;Nama;Pangkat;Polsek", BUDI], "Kolom Fungsi tidak ada."),
        (1, ["NRP;Nama;Pangkat;Polsek;Fungsi;NRP", BUDI], "Kolom NRP ada dua kali."),
        (3, [HEAD, BUDI, SITI.replace("79050913", "7905091")], "NRP adalah 8 angka."),
        (3, [HEAD, BUDI, SITI.replace("79050913", "78050912")], "NRP ini sudah ada di baris 2."),
        (3, [HEAD, BUDI, SITI.replace("Siti Aminah", "budi  harahap")], "Nama ini sudah ada di baris 2."),
        (2, [HEAD, BUDI.replace("Medan Baru", "Binjai")], "Pos Binjai tidak dikenal."),
        (2, [HEAD, BUDI.replace("samapta", "Dapur")], "Fungsi Dapur tidak dikenal."),
        (2, [HEAD, BUDI.replace("aipda", "Sersan")], "Pangkat Sersan tidak dikenal."),
        (2, [HEAD, BUDI.replace("081234567890", "0812")], "Nomor ini tidak lengkap atau tidak ada."),
        (2, [HEAD, BUDI + "libur;x"], "Ada 9 sel, judulnya 8."),
        (4, [HEAD, BUDI, "", SITI.replace("meja", "dapur")], "Tugas adalah lapangan atau meja, bukan dapur."),
        (1, [HEAD], "Tidak ada baris di bawah judulnya."),
        (1, [" "], "Tempelkan tabelnya"),
    ],
)
def test_a_wrong_line_says_which_and_why_and_nothing_is_taken(
    sqlite_town: Town, line: int, lines: list[str], says: str
) -> None:
    text = "\n".join(lines)
    page = sqlite_town.dewi.post(AT, files={"roster": (None, text)}).text
    told = re.findall(r'<th scope="row">(\d+)</th>\s*<td class="roster-fault">([^<]*)', page)
    assert len(told) == 1 and int(told[0][0]) == line and says in told[0][1]
    refused = sqlite_town.dewi.post(AT, files={"roster": (None, text), "sure": (None, "yes")})
    assert refused.status_code == 422 and sqlite_town.read(_count) == 0


@pytest.mark.parametrize(
    "sent",
    [
        codecs.BOM_UTF8 + "\r\n".join((HEAD, BUDI, SITI)).encode(),
        "\r\n".join((HEAD, BUDI, SITI)).replace(";", "\t").encode("utf-16"),
        "\n".join((HEAD, BUDI, SITI)).replace(";", ",").encode(),
        "\r\n".join((HEAD, BUDI.replace("Budi", "Bùdi"), SITI)).encode("cp1252"),
    ],
    ids=["excel utf-8", "excel unicode text", "commas", "older excel"],
)
def test_every_kind_of_file_that_excel_writes_is_read(sqlite_town: Town, sent: bytes) -> None:
    page = sqlite_town.dewi.post(AT, files={"file": ("regu.csv", sent, "text/csv")}).text
    assert "2 baru, 0 diperbarui, 0 tetap" in page
    hidden = re.search(r"<textarea name=\"roster\" hidden>(.*?)</textarea>", page, re.S)
    assert hidden and ("Budi" in hidden[1] or "Bùdi" in hidden[1])


def test_one_is_added_and_changed_by_a_form(sqlite_town: Town) -> None:
    dewi = sqlite_town.dewi
    said: dict[str, Any] = {
        "nrp": "78050912", "rank": "Aipda", "name": "Budi", "station": "2", "function": "Samapta", "regu": "b",
        "phone": "0812 3456 7890", "desk": "true",
    }  # fmt: skip
    assert dewi.post("/admin/members", data=said).status_code == 303
    budi = sqlite_town.read(lambda session: session.exec(select(Member)).one())
    del said["phone"], said["desk"]
    assert dewi.post(f"/admin/members/{budi.id}", data=said | {"version": str(budi.version)}).status_code == 303
    after = sqlite_town.read(lambda session: session.exec(select(Member)).one())
    assert (after.at_desk, after.phone) == (False, budi.phone)
    wrong = dewi.post("/admin/members", data=said | {"nrp": "123"})
    assert wrong.status_code == 422 and "NRP adalah 8 angka." in wrong.text and 'value="Budi"' in wrong.text


def _count(session: Session) -> int:
    return len(session.exec(select(Member)).all())


def test_whoever_came_or_changed_by_an_import_is_marked_in_words(sqlite_town: Town) -> None:
    dewi = sqlite_town.dewi
    lines = ["78050911;Aipda;Budi;Polsek Medan Baru;Samapta", "78050912;Aipda;Citra;Polsek Medan Baru;Samapta"]

    def take(*rows: str) -> tuple[str, dict[str, str]]:
        text = "\r\n".join(("NRP;Pangkat;Nama;Pos;Fungsi", *rows))
        taken = dewi.post(AT, files={"roster": (None, text), "sure": (None, "yes")})
        page = dewi.get(taken.headers["location"]).text
        rows_of = re.findall(r'<th scope="row">\s*(.*?)</th>', page, re.S)
        said = [re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", row)).strip() for row in rows_of]
        return page, dict(re.fullmatch(r"(Ai\w+ \w+) ?(.*)", one).groups() for one in said)  # type: ignore[union-attr,misc]

    page, marks = take(*lines)
    assert "2 baru, 0 diperbarui, 0 tetap." in page and set(marks.values()) == {"baru"}
    page, marks = take(lines[0], lines[1].replace("Aipda", "Aiptu"), "78050913;Aipda;Dina;Polsek Medan Baru;Samapta")
    assert "1 baru, 1 diperbarui, 1 tetap. Yang tidak bertanda tidak berubah." in page
    assert marks == {"Aipda Budi": "", "Aiptu Citra": "diperbarui", "Aipda Dina": "baru"}
    page, marks = take(*lines[:1])
    assert "0 baru, 0 diperbarui, 1 tetap." in page and set(marks.values()) == {""}
    for odd in ("", "1", "1-2", "1-2-x", "-1-2-3", "9-9-9-9", "999999999-999999999-9"):
        assert dewi.get(f"/admin/members?imported={odd}").status_code == 200


def test_a_workbook_is_called_one_and_back_from_an_import_is_the_list(sqlite_town: Town) -> None:
    dewi = sqlite_town.dewi
    for begins in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0"):
        page = dewi.post(AT, files={"file": ("regu.xlsx", begins + b"\0docProps/app.xml")}).text
        assert "Ini berkas Excel" in page and "docProps" not in page
    text = "NRP;Pangkat;Nama;Pos;Fungsi\r\n78050911;Aipda;Budi;Polsek Medan Baru;Samapta"
    taken = dewi.post(AT, files={"roster": (None, text), "sure": (None, "yes")})
    assert taken.status_code == 303 and taken.headers["location"].startswith("/admin/members?imported=")
    assert "1 baru, 0 diperbarui, 0 tetap." in dewi.get(taken.headers["location"]).text
    assert dewi.get(AT).headers["location"] == "/admin/members"

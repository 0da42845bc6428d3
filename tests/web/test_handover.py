"""Serah terima over HTTP: by forms alone, signed by two people on one screen, and on paper."""

import re
from datetime import timedelta

import pytest
from sqlmodel import Session

from models.command.handover import Handover, newest_handover, open_incidents
from models.command.shifts import on_duty
from models.time import local, now
from tests.support.asking import Asker
from tests.support.house import Running
from tests.support.pickets import pickets
from tests.support.screen import Board, screen
from tests.support.serving import Cast
from tests.support.town import HASHED, PASSWORD


@pytest.fixture
def two(cast: Cast, server: Running) -> tuple[Asker, Asker]:
    """(Sari, Surya): the outgoing and the incoming Pawas; two cases are open, one of them held."""
    surya, _, _ = pickets(cast, HASHED)
    claimed, _ = cast.file(), cast.file(category="KEBAKARAN")
    cast.take(claimed, "claim", cast.hendra)
    cookie = cast.sign_in(surya, "the secret of surya")
    return Asker(server, cast.cookies["sari"]), Asker(server, f"siaga={cookie}")


def test_a_watch_is_handed_over_by_forms_alone(cast: Cast, two: tuple[Asker, Asker]) -> None:
    sari, surya = two
    page = sari.get("/duty/handover").text
    assert "belum dibekukan" in page and page.count("belum ada yang mengambil") == 1
    incident = re.findall(r'href="/duty/handover\?case=(\d+)#note"', page)[0]
    form = sari.get(f"/duty/handover?case={incident}").text
    assert f'action="/duty/handover/notes/{incident}"' in form
    wrong = sari.post(f"/duty/handover/notes/{incident}", data={"happened": "x" * 161})
    assert wrong.status_code == 422
    said = {"happened": "Damkar di TKP", "may_happen": "Warga menolak pindah", "goes_on": "Aipda Hendra"}
    assert sari.post(f"/duty/handover/notes/{incident}", data=said).status_code == 303
    assert sari.post("/duty/handover/freeze").status_code == 303
    page = surya.get("/duty/handover").text
    assert "dibekukan pada peristiwa" in page and "Damkar di TKP" in page
    first, second = re.findall(r'action="/duty/handover/cases/(\d+)/accept"', page)
    assert surya.post(f"/duty/handover/cases/{first}/accept").status_code == 303
    assert surya.post(f"/duty/handover/cases/{second}/back", data={"question": "CCTV disimpan?"}).status_code == 303
    assert sari.post(f"/duty/handover/cases/{second}/reply", data={"reply": "Tujuh hari"}).status_code == 303
    handover = cast.read(newest_handover)
    refused = sari.post(
        f"/duty/handover/{handover.id}/sign", data={"side": "out", "login": "sari", "password": "salah"}
    )
    assert refused.status_code == 422 and "tidak cocok" in refused.text
    planned = local(cast.read(lambda session: session.get_one(Handover, handover.id).to.starts)).strftime("%H:%M")
    assert f"Serah terima {planned}" in sari.get("/duty/handover").text
    for side, login in (("out", "sari"), ("in", "surya")):  # both on Sari's screen
        signed = sari.post(
            f"/duty/handover/{handover.id}/sign", data={"side": side, "login": login, "password": PASSWORD}
        )
        assert signed.status_code == 303
    assert cast.read(on_duty).regu == "C"
    paper = surya.get(f"/duty/handover/{handover.id}/paper").text
    done = cast.read(newest_handover).done_seq
    assert "Tujuh hari" in paper and "AKP Surya Ginting" in paper and f"<b>{done}</b>" in paper
    assert re.search(r"<code>[0-9a-f]{64}</code>", paper) and "+62812" not in paper and "Ann" not in paper
    assert "1 belum diterima tetap pada" in paper and re.search(r"NRP \d{8}", paper)
    left = surya.get("/duty/handover").text
    assert f"/duty/handover/cases/{second}/accept" in left  # until it is accepted
    assert surya.post(f"/duty/handover/cases/{second}/accept").status_code == 303
    paper = surya.get(f"/duty/handover/{handover.id}/paper").text
    assert "1 belum diterima tetap pada" in paper and paper.count("sesudah tanda tangan") == 1  # signed is signed
    done = surya.get("/duty/handover").text
    ended = local(cast.read(newest_handover).in_at).strftime("%H:%M")
    assert ended != planned and f"Serah terima {ended}" in done and f"Serah terima {planned}" not in done
    assert "Selesai " in done and "belum dibekukan" not in done and "/duty/handover?of=next" in done
    assert "belum dibekukan" in surya.get("/duty/handover?of=next").text  # the next one is their own
    held = next(one for one in cast.read(open_incidents) if one.officer_id)
    cast.take(held, "resolve", cast.hendra, outcome="handled")
    later = surya.get("/duty/handover").text
    assert "<b>2</b> diterima" in later and "selesai sesudah dibekukan" in later  # what was signed stays as it was
    assert "Sejak beku" not in later

    def an_hour_ago(session: Session) -> None:
        session.get_one(Handover, handover.id).in_at = now() - timedelta(hours=1)

    cast.run(an_hour_ago)
    assert "belum dibekukan" in surya.get("/duty/handover").text


def test_whoever_hands_over_cannot_accept_and_reads_why(two: tuple[Asker, Asker]) -> None:
    sari, surya = two
    sari.post("/duty/handover/freeze")
    first = re.findall(r"/duty/handover/cases/(\d+)/accept", surya.get("/duty/handover").text)[0]
    assert f"/duty/handover/cases/{first}/accept" not in sari.get("/duty/handover").text
    refused = sari.post(f"/duty/handover/cases/{first}/accept")
    assert refused.status_code == 403 and "regu berikutnya" in refused.text


@pytest.mark.parametrize("moment", ["0001-01-01T00:00", "9999-12-31T23:59", "kemarin"])
def test_a_moment_beyond_any_calendar_is_no_fault_of_the_server(two: tuple[Asker, Asker], moment: str) -> None:
    for url in (f"/duty/journal?since={moment}", f"/duty/journal.csv?until={moment}"):
        assert two[0].get(url).status_code == 200
    planned = {"regu": "D", "pattern": "24", "starts": moment, "lead": "1", "member": "1"}
    assert two[0].post("/duty/shifts", data=planned).status_code in (409, 422)


@pytest.mark.parametrize("url", ["/duty/handover?of=", "/duty/shift?shift="])
def test_a_number_that_no_row_can_have_is_no_fault_of_the_server(two: tuple[Asker, Asker], url: str) -> None:
    for number in ("99999999999999999999", "٣", "-1"):
        assert two[0].get(url + number).status_code == 200


def test_a_press_of_the_other_is_a_new_shift_line(cast: Cast, server: Running, two: tuple[Asker, Asker]) -> None:
    sari, surya = two
    sari.post("/duty/handover/freeze")
    page = sari.get("/duty/handover").text
    first = re.findall(r"/duty/handover/cases/(\d+)/accept", surya.get("/duty/handover").text)[0]
    with screen(server.ws, Board.of(page), view="duty", cookie=sari.cookie) as watching:
        surya.post(f"/duty/handover/cases/{first}/accept")
        seq = cast.read(lambda session: on_duty(session).seq)
        while f'data-seq="{seq}"' not in watching.next():
            pass

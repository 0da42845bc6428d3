"""The apel over HTTP: by forms alone, by two supervisors at once, and what every screen shows of it."""

import re
from typing import Any

from models.command.apel import Planned, muster_rest, open_shift
from models.command.shifts import Duty, Shift, on_duty, roll, waiting
from models.time import now
from tests.support.asking import Asker
from tests.support.house import Running
from tests.support.law import Law
from tests.support.rosters import enrol
from tests.support.screen import Board, screen
from tests.support.serving import Cast
from tests.support.town import Town

POSTS = ((1, "SPKT"), (1, "Samapta"), (2, "Samapta"), (2, "Reskrim"))


def opened(law: Law, regu: str = "B", posts: tuple[tuple[int, str], ...] = POSTS) -> Shift:
    who = enrol(law, law.dewi, regu, posts, desks=1)
    return law.run(open_shift, law.sari, Planned(regu, "24", now(), who[0], who))


def duties(law: Law, shift: Shift) -> list[Duty]:
    return law.read(roll, shift)


def test_a_shift_is_opened_called_and_takes_over_by_forms_alone(sqlite_town: Town) -> None:
    town, sari = sqlite_town, sqlite_town.sari
    page = sari.get("/duty/shift").text
    assert "Belum pernah ada apel di sini." in page and "apel belum diadakan" in page
    for nrp in ("78050911", "78050912"):
        said = {"nrp": nrp, "rank": "Aipda", "name": f"Budi {nrp}", "station": "2", "function": "Samapta", "regu": "B"}
        assert town.dewi.post("/admin/members", data=said).status_code == 303
    form = sari.get("/duty/shifts/new").text
    assert form.count('name="member"') == 2 and len(re.findall(r'name="member"[^>]*checked', form)) == 2
    starts = re.search(r'name="starts"[^>]*value="([^"]+)"', form)
    assert starts
    planned: dict[str, Any] = {"regu": "B", "pattern": "24", "starts": starts[1], "lead": "1", "member": ["1", "2"]}
    wrong = sari.post("/duty/shifts", data=planned | {"regu": ""})
    assert wrong.status_code == 422 and "Tulis regunya." in wrong.text
    assert sari.post("/duty/shifts", data=planned).status_code == 303
    page = sari.get("/duty/shift?duty=2").text
    assert 'action="/duty/duties/2"' in page and page.count("– belum apel") >= 14
    done = sari.post("/duty/duties/2", data={"state": "sick", "note": "surat dokter", "version": "1"})
    assert (done.status_code, done.headers["location"]) == (303, "/duty/shift?duty=2#duty-2")
    page = sari.get("/duty/shift").text
    assert "sakit, surat dokter" in page
    assert [re.search(rf'id="s-{name}">(\d+)', page)[1] for name in ("total", "missing", "present", "uncalled")] == [
        "2", "1", "0", "1",
    ]  # fmt: skip
    assert sari.post("/duty/shifts/1/rest", data={"group": "station-2"}).status_code == 303
    assert sari.post("/duty/shifts/1/close", data={}).status_code == 422
    assert sari.post("/duty/shifts/1/close", data={"reason": "selesai"}).status_code == 303
    assert town.read(on_duty) is None and town.audited() == []


def test_two_supervisors_press_at_once_and_the_second_reads_why(cast: Cast, server: Running) -> None:
    shift = opened(cast)
    duty = duties(cast, shift)[0]
    sari = Asker(server, cast.cookies["sari"], part=True)
    said = {"version": str(duty.version)}
    first = sari.post(f"/duty/duties/{duty.id}", data={"state": "present"} | said)
    assert first.status_code == 204 and int(first.headers["siaga-version"]) > duty.version
    second = sari.post(f"/duty/duties/{duty.id}", data={"state": "sick"} | said)
    assert second.status_code == 409 and "lebih dulu mencatat Bripka B 0" in second.text
    assert duties(cast, shift)[0].state == "present"


def test_every_press_is_seen_by_the_other_desks_and_by_every_screen_with_strength(cast: Cast, server: Running) -> None:
    shift = opened(cast)
    sari, hendra = Asker(server, cast.cookies["sari"]), Asker(server, cast.cookies["hendra"])
    desk, console = Board.of(sari.get("/duty/shift").text), Board.of(hendra.get("/console").text)
    with (
        screen(server.ws, desk, view="duty", cookie=sari.cookie) as one,
        screen(server.ws, console, cookie=hendra.cookie) as other,
    ):
        cast.run(muster_rest, cast.sari, shift.id, "station-2")
        one.until(lambda board: any(row.id == f"shift-{shift.id}" and "2" in str(row) for row in line(board)))
        other.until(lambda board: any(row.id == "station-2" and row["free"] == "2" for row in board.sides["#stations"]))
        fresh = Board.of(sari.get("/duty/shift").text)
        one.until(lambda board: line(board) == line(fresh))


def test_where_no_apel_was_held_every_screen_says_so(cast: Cast, server: Running) -> None:
    opened(cast)
    for url, who in {"/console": "hendra", "/duty": "sari", "/wall": "wall"}.items():
        page = Asker(server, cast.cookies[who]).get(url).text
        assert page.count('data-says="– belum apel"') == 14, url
        assert "/<span>65</span>" not in page, url


def test_a_supervisor_adds_somebody_and_takes_them_off(cast: Cast, server: Running) -> None:
    shift = opened(cast)
    late = enrol(cast, cast.dewi, "Z", ((3, "Lantas"),))[0]
    sari = Asker(server, cast.cookies["sari"])
    assert sari.post(f"/duty/shifts/{shift.id}/members", data={"member": str(late)}).status_code == 303
    added = next(duty for duty in duties(cast, shift) if duty.member_id == late)
    assert sari.post(f"/duty/duties/{added.id}/off").status_code == 303
    assert late not in [duty.member_id for duty in duties(cast, shift)]


def test_the_next_apel_is_held_while_the_shift_before_works(cast: Cast, server: Running) -> None:
    first = opened(cast)
    cast.run(muster_rest, cast.sari, first.id, "station-2")
    second = opened(cast, "C")
    assert cast.read(waiting).id == second.id
    cast.run(muster_rest, cast.sari, second.id, "Samapta")
    sari = Asker(server, cast.cookies["sari"])
    page = sari.get("/duty/shift").text
    assert "Apel Regu C" in page and "– belum apel" in page and "2 orang" in page
    cast.run(muster_rest, cast.sari, second.id, "SPKT")  # at a desk, but not of the regu on duty
    assert re.search(r"regu B, sampai diganti.*\b0\s+di meja", sari.get("/duty/shift").text, re.DOTALL)
    assert re.search(r"T−14\d\d\smenit", page)  # a day of its own is ahead of it
    assert sari.post(f"/duty/shifts/{second.id}/start").status_code == 303
    page = sari.get("/duty/shift").text
    assert page.count("/home") == 4  # two stayed, and each may be sent home by form or by script
    assert "Bripka B 2" in page


def test_vehicles_are_entered_and_reported(cast: Cast, server: Running) -> None:
    sari = Asker(server, cast.cookies["sari"])
    said: dict[str, Any] = {"callsign": "PRC 01", "kind": "R4", "seats": "5", "station": "1"}
    assert sari.post("/duty/units", data=said).status_code == 303
    assert sari.post("/duty/units", data=said | {"callsign": "prc01"}).status_code == 422
    assert sari.post("/duty/units", data=said | {"callsign": "PRC 02", "seats": "0"}).status_code == 422
    assert sari.post("/duty/units/1/report", data={"state": "broken", "note": "rem"}).status_code == 303
    page = sari.get("/duty/shift").text
    assert 'data-u="broken"' in page and "rusak, rem" in page
    assert sari.post("/duty/units/1/retire").status_code == 303
    assert "PRC 01" not in sari.get("/duty/shift").text


def test_a_number_that_is_stated_instead_says_who_why_and_until_when(cast: Cast, server: Running) -> None:
    shift = opened(cast)
    cast.run(muster_rest, cast.sari, shift.id, "station-2")
    sari, dewi = Asker(server, cast.cookies["sari"]), Asker(server, cast.cookies["dewi"])
    said = {"strength": "9", "reason": "dibantu Brimob"}
    assert sari.post("/duty/stations/2/strength", data=said).status_code == 303
    form = sari.get("/duty/stations/2").text
    assert "Alasan: dibantu Brimob." in form and "Berlaku untuk regu ini, sampai" in form
    assert "diisi AKP Sari Ginting: dibantu Brimob, sampai" in sari.get("/duty").text
    assert dewi.post("/admin/stations/2/least", data={"least": "3"}).status_code == 303
    assert "bebas, di bawah" not in sari.get("/duty").text
    assert sari.post("/duty/stations/2/count").status_code == 303
    page = sari.get("/duty").text
    assert 'data-says="2 bebas, di bawah 3"' in page and "dibantu Brimob" not in page
    assert dewi.post("/admin/stations/2/least", data={}).status_code == 303
    assert "di bawah" not in sari.get("/duty").text


def test_a_unit_is_chosen_at_the_dispatch_and_named_wherever_it_is(cast: Cast, server: Running) -> None:
    shift = opened(cast)
    sari, hendra = Asker(server, cast.cookies["sari"]), Asker(server, cast.cookies["hendra"], part=True)
    assert sari.post("/duty/units", data={"callsign": "PRC 01", "kind": "R4", "seats": "5", "station": "1"}).is_redirect
    incident = cast.take(cast.file(), "claim", cast.hendra)
    assert 'name="unit" value="1"' in hendra.get(f"/incidents/{incident.id}").text
    with screen(server.ws, Board.of(sari.get("/duty").text), view="duty", cookie=sari.cookie) as desk:
        said = {"personnel": "2", "station": "2", "unit": "1", "reason": "belum apel"}
        assert hendra.post(f"/incidents/{incident.id}/dispatch", data=said).status_code == 204
        desk.until(lambda board: any("0 /1 kendaraan siap" in row.words for row in line(board)))
    panel = hendra.get(f"/incidents/{incident.id}").text
    assert "(PRC 01)" in panel and "<small>PRC 01</small>" in panel
    assert f"keluar, {incident.number}" in sari.get(f"/duty/shift?shift={shift.id}").text
    assert hendra.post(f"/incidents/{incident.id}/resolve", data={"outcome": "handled"}).status_code == 204
    assert 'data-u="ready"' in sari.get("/duty/shift").text


def line(board: Board) -> list[Any]:
    return board.sides["#shiftline"]

"""Three pranks over HTTP: two officers, the reporter who is blocked, and the supervisor who gives it back."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from httpx2 import Response
from sqlmodel import Session, col, select

from models.incidents.incident import Incident
from models.incidents.strikes import CONFIRM_HOURS, Strike
from models.people.citizens import Citizen
from models.reading.board import position
from models.reading.prank_counts import pranks
from models.record.event import Event
from models.time import now
from tests.server.test_idempotency import at_once
from tests.support.house import Running
from tests.support.law import waiting as strikes_waiting
from tests.support.screen import Board, screen
from tests.support.serving import Cast, browser, cast_of, child, in_thread, report
from tests.support.town import Town, Visitor, town_of

ROUNDS, PRANKS = 3, 5
BECAUSE = {"reason": "Anaknya memang hilang."}
OF_AN_ACCOUNT = ("strike", "confirm", "block", "appeal", "answer", "lift")


@pytest.fixture
def town(database_url: str, redis_url: str, tmp_path: Path) -> Iterator[Town]:
    with town_of(tmp_path, database_url, redis_url) as town:
        yield town


@pytest.fixture
def doors(database_url: str, redis_url: str, tmp_path: Path) -> Iterator[tuple[Cast, list[Any]]]:
    """On SQLite one server, twice; on PostgreSQL two processes on one database."""
    with ExitStack() as stack:
        cast = stack.enter_context(cast_of(database_url, redis_url))
        if database_url.startswith("sqlite"):
            yield cast, [stack.enter_context(in_thread(cast, tmp_path, redis_url))] * 2
        else:
            yield cast, [stack.enter_context(child(cast, tmp_path / name, redis_url)) for name in "ab"]


def test_two_officers_at_two_doors_block_one_account_exactly_at_the_third(doors: tuple[Cast, list[Any]]) -> None:
    """Dismissed, confirmed, appealed, given back, each by two at the same moment; then the whole of it anew."""
    cast, (one, other) = doors

    def visit(door: Any, who: str, url: str, **sent: str) -> Callable[[], Response]:
        def act() -> Response:
            with browser(door, cast.cookies[who]) as visitor:
                return visitor.post(url, data=sent)

        return act

    def race(*visits: Callable[[], Response]) -> list[int]:
        return [answer.status_code for answer in at_once(list(visits))]

    for _ in range(ROUNDS):
        began, _ = cast.read(position)
        urls = [f"/incidents/{cast.file().id}/dismiss" for _ in range(PRANKS)]
        said = race(
            *(
                visit(door, who, url, reason="prank")
                for url in urls
                for door, who in ((one, "hendra"), (other, "ratna"))
            )
        )
        assert [sorted(pair) for pair in zip(said[::2], said[1::2], strict=True)] == [[303, 409]] * PRANKS
        rows = cast.read(
            lambda s: s.exec(select(Strike).order_by(col(Strike.id)).where(Strike.state != "lifted")).all()
        )
        assert [row.state for row in rows] == ["counted", "counted", "pending", "pending", "pending"]
        assert not _ann(cast).blocked_at and _ann(cast).strikes == PRANKS

        seconds = []
        for row in rows[2:]:
            striker, second = ("hendra", "ratna") if row.by_id == cast.hendra.id else ("ratna", "hendra")
            url = f"/strikes/{row.id}/confirm"
            assert race(visit(one, striker, url)) == [403]
            seconds += [visit(one, second, url), visit(other, "dinda", url), visit(other, striker, url)]
        said = race(*seconds)
        assert [sorted(said[at : at + 2]) for at in range(0, len(said), 3)] == [[303, 409]] * 3
        assert set(said[2::3]) <= {403, 409}  # whoever struck, before it is decided and after
        assert _ann(cast).blocked_at and visit(other, "ann", "/complaints", **report())().status_code == 403

        assert sorted(race(*(visit(door, "ann", "/appeals", words="Anak saya.") for door in (one, other)))) == [
            303,
            409,
        ]
        with browser(one, cast.cookies["sari"]) as sari:
            (appeal,) = re.findall(r"/appeals/\d+/answer", sari.get("/strikes").text)
        given_back = (visit(door, "sari", appeal, words="Baik.", granted="true") for door in (one, other))
        assert sorted(race(*given_back)) == [303, 409]
        assert [visit(door, "ann", "/complaints", **report())().status_code for door in (one, other)] == [303, 303]
        taken = cast.read(lambda s, began=began: s.exec(_steps_after(began)).all())
        decided = ["confirm", "block", "confirm", "confirm"]  # at the third; the fourth and fifth block nobody again
        assert taken == [*["strike"] * PRANKS, *decided, "appeal", "answer", "lift"]


def test_a_block_is_felt_at_once_and_what_was_filed_stays_to_be_read(cast: Cast, server: Running) -> None:
    for _ in range(3):
        incident = cast.take(cast.file(), "dismiss", cast.hendra, reason="prank")
    ref = cast.read(lambda session: session.get_one(Incident, incident.id).complaints[0].ref)
    (third,) = cast.read(strikes_waiting)
    with browser(server, cast.cookies["ann"]) as ann, browser(server, cast.cookies["ratna"]) as ratna:
        board = Board.of(ann.get("/complaints").text)
        with screen(server.ws, board, view="citizen", cookie=cast.cookies["ann"]) as seen:
            assert ratna.post(f"/strikes/{third.id}/confirm").status_code == 303
            seen.closed(5)
        assert ann.post("/complaints", data=report()).status_code == 403
        assert ann.get(f"/complaints/{ref}").status_code == 200


def _ann(cast: Cast) -> Citizen:
    return cast.read(lambda session: session.get_one(Citizen, cast.ann.id))


def _steps_after(seq: int) -> Any:
    return select(Event.step).where(Event.seq > seq, col(Event.step).in_(OF_AN_ACCOUNT)).order_by(col(Event.seq))


def prank(town: Town, by: Visitor) -> None:
    assert town.ann.file().status_code == 303
    id = max(int(id) for id in re.findall(r'id="incident-(\d+)"', by.get("/console").text))
    assert by.post(f"/incidents/{id}/dismiss", data={"reason": "prank"}).status_code == 303


def waiting(by: Visitor) -> list[str]:
    return re.findall(r"/strikes/(\d+)/confirm", by.get("/strikes").text)


def test_blocked_at_the_third_by_two_officers_then_heard_and_freed(town: Town) -> None:
    for _ in range(3):
        prank(town, town.hendra)
    assert waiting(town.hendra) == []  # his own: another officer decides
    (strike,) = waiting(town.sari)
    assert town.hendra.post(f"/strikes/{strike}/confirm").status_code == 403
    assert town.ann.file().status_code == 303  # until then they may still file
    assert town.sari.post(f"/strikes/{strike}/confirm").status_code == 303
    assert town.sari.post(f"/strikes/{strike}/confirm").status_code == 409

    assert town.ann.file().status_code == 403
    page = town.ann.get("/complaints/new")
    assert page.status_code == 403 and "tel:110" in page.text and 'action="/appeals"' in page.text
    assert town.ann.post("/appeals", data={"words": "Anak saya <b>yang</b> mengirim."}).status_code == 303
    page = town.ann.get("/complaints/new")
    assert 'action="/appeals"' not in page.text and "Anak saya &lt;b&gt;yang" in page.text

    assert "/appeals/" not in town.hendra.get("/strikes").text  # appeals are for supervisors
    (appeal,) = re.findall(r"/appeals/(\d+)/answer", town.sari.get("/strikes").text)
    said = {"words": "Baik, sekali ini.", "granted": "true"}
    assert town.hendra.post(f"/appeals/{appeal}/answer", data=said).status_code == 403
    assert town.sari.post(f"/appeals/{appeal}/answer", data=said).status_code == 303
    assert town.sari.post(f"/appeals/{appeal}/answer", data=said).status_code == 409
    assert town.ann.file().status_code == 303


def test_a_second_officer_who_does_not_agree_says_why_and_the_account_goes_on(town: Town) -> None:
    for _ in range(3):
        prank(town, town.hendra)
    ref = town.complaints()[-1].ref
    told = town.ann.get(f"/complaints/{ref}").text
    assert f"sesudah {CONFIRM_HOURS} jam pengawas" in told and f"dalam {CONFIRM_HOURS} jam" not in told
    (strike,) = waiting(town.sari)
    url = f"/strikes/{strike}/acquit"
    own = town.hendra.get("/strikes").text
    assert url not in own and "Menunggu petugas lain" in own
    assert town.hendra.post(url, data=BECAUSE).status_code == 403
    wordless = town.sari.post(url, data={"reason": " "})
    assert wordless.status_code == 422 and 'id="fault-reason"' in wordless.text
    assert town.sari.post(url, data=BECAUSE).status_code == 303
    assert town.sari.post(url, data=BECAUSE).status_code == 409 and waiting(town.sari) == []
    assert "Peringatan:" not in town.ann.get(f"/complaints/{ref}").text
    assert "Peringatan: 2 dari 3" in town.ann.get(f"/complaints/{town.complaints()[0].ref}").text
    assert f"tidak menyetujui teguran ketiga: {BECAUSE['reason']}" in town.sari.get("/duty/journal").text
    assert town.ann.file().status_code == 303 and town.audited() == []


def test_the_row_says_how_long_it_waits_and_after_a_day_only_a_supervisor_has_its_buttons(sqlite_town: Town) -> None:
    town = sqlite_town
    for _ in range(3):
        prank(town, town.hendra)

    def waits(hours: int) -> tuple[str, str]:
        def age(session: Session) -> None:
            (row,) = strikes_waiting(session)
            row.at, row.by_id = now() - timedelta(hours=hours), town.dewi.id or 0  # neither of the two who look

        town.write(age)
        return town.hendra.get("/strikes").text, town.sari.get("/strikes").text

    late = f"lewat {CONFIRM_HOURS} jam: pengawas memutuskan"
    early = waits(3)
    assert all("menunggu 3 jam" in page and late not in page for page in early)
    assert all("/acquit" in page and "/confirm" in page and "ini yang diputuskan" in page for page in early)
    officer, supervisor = waits(CONFIRM_HOURS + 2)
    assert all("menunggu 26 jam" in page and late in page for page in (officer, supervisor))
    assert "/acquit" not in officer and "/confirm" not in officer and "Menunggu pengawas." in officer
    assert "/acquit" in supervisor and "/confirm" in supervisor


def test_a_refused_appeal_is_answered_in_words_and_a_supervisor_lifts(town: Town) -> None:
    for _ in range(3):
        prank(town, town.hendra)
    town.sari.post(f"/strikes/{waiting(town.sari)[0]}/confirm")
    town.ann.post("/appeals", data={"words": "tolong"})
    (appeal,) = re.findall(r"/appeals/(\d+)/answer", town.sari.get("/strikes").text)
    town.sari.post(f"/appeals/{appeal}/answer", data={"words": "Tiga kali dalam seminggu.", "granted": "false"})
    page = town.ann.get("/complaints/new").text
    assert "Tiga kali dalam seminggu." in page and 'action="/appeals"' in page
    assert town.sari.post(f"/citizens/{town.ann.id}/lift", data={"reason": ""}).status_code == 422
    assert town.sari.post("/citizens/99999/lift", data={"reason": "tidak ada"}).status_code == 404
    assert town.sari.post(f"/citizens/{town.ann.id}/lift", data={"reason": "salah orang"}).status_code == 303
    assert town.ann.get("/complaints/new").status_code == 200


def test_the_desk_names_no_reporter(town: Town) -> None:
    for _ in range(3):
        prank(town, town.hendra)
    page = town.sari.get("/strikes").text
    assert "Dua orang naik matic hitam" in page and "Ann Siregar" not in page and "4471" not in page


def test_the_reporter_reads_how_many_are_left_and_that_the_third_is_not_yet_sure(town: Town) -> None:
    refs = []
    for _ in range(3):
        prank(town, town.hendra)
        refs.append(town.complaints()[-1].ref)
        page = town.ann.get(f"/complaints/{refs[-1]}").text
        assert f"Peringatan: {len(refs)} dari 3" in page
        assert ("2 kali lagi, akun Anda diblokir" in page) is (len(refs) == 1)
        assert ("Sekali lagi, akun Anda diblokir" in page) is (len(refs) == 2)
    assert "petugas kedua memeriksanya" in page
    town.sari.post(f"/strikes/{waiting(town.sari)[0]}/confirm")
    assert "Akun Anda diblokir" in town.ann.get(f"/complaints/{refs[0]}").text
    appeals = town.ann.get("/appeals")
    assert appeals.status_code == 200 and all(ref in appeals.text for ref in refs)
    assert "/appeals" in town.ann.get("/").text
    assert town.zed.get("/complaints").status_code == 200 and "Peringatan:" not in town.zed.get("/").text


def test_the_answer_stays_to_be_read_once_the_account_is_free(town: Town) -> None:
    for _ in range(3):
        prank(town, town.hendra)
    town.sari.post(f"/strikes/{waiting(town.sari)[0]}/confirm")
    empty = town.ann.post("/appeals", data={"words": " "})
    assert empty.status_code == 422 and 'id="fault-words"' in empty.text
    town.ann.post("/appeals", data={"words": "salah paham"})
    (appeal,) = re.findall(r"/appeals/(\d+)/answer", town.sari.get("/strikes").text)
    town.sari.post(f"/appeals/{appeal}/answer", data={"words": "Baik.", "granted": "true"})
    page = town.ann.get("/appeals").text
    assert "Keberatan Anda diterima" in page and "Baik." in page and "Akun ini diblokir" not in page


def test_a_fourth_prank_is_no_second_case_and_whoever_struck_it_may_decide_the_third(sqlite_town: Town) -> None:
    town = sqlite_town
    for _ in range(3):
        prank(town, town.hendra)
    prank(town, town.sari)
    (third,), (fourth,) = waiting(town.sari), waiting(town.hendra)
    assert third != fourth
    assert "<b>1</b>" in town.sari.get("/strikes", headers={"HX-Request": "true"}).text
    page = town.sari.get("/strikes").text
    assert "4 teguran, menunggu petugas kedua" in page and "Teguran ketiga menunggu" not in page
    lift = re.search(r'<form[^>]*/lift"[^>]*data-proof>(?:<input[^>]*>)?<fieldset><legend>.*?</fieldset></form>', page)
    assert lift and 'name="reason"' in lift[0] and "Cabut semua teguran" in lift[0] and "blokir" not in lift[0]
    town.hendra.post(f"/strikes/{fourth}/confirm")
    assert waiting(town.sari) == waiting(town.hendra) == []
    assert "Akun diblokir" in town.sari.get("/strikes").text


def test_a_strike_over_a_complaint_about_officers_is_for_supervisors_alone(town: Town) -> None:
    for _ in range(2):
        prank(town, town.hendra)
    town.ann.file(category="OKNUM", description="tentang anggota")
    ref = town.complaints()[-1].ref
    town.act(ref, "dismiss", town.sari, reason="prank")
    (strike,) = town.read(lambda session: [row.id for row in strikes_waiting(session)])
    assert waiting(town.hendra) == [] and "tentang anggota" not in town.hendra.get("/strikes").text
    assert town.hendra.post(f"/strikes/{strike}/confirm").status_code == 404
    assert "tentang anggota" in town.sari.get("/strikes").text


def test_a_third_strike_is_not_shown_beside_two_when_one_is_about_officers(town: Town) -> None:
    town.ann.file(category="OKNUM", description="tentang anggota")
    town.act(town.complaints()[-1].ref, "dismiss", town.sari, reason="prank")
    for _ in range(2):
        prank(town, town.sari)
    (strike,) = town.read(lambda session: [row.id for row in strikes_waiting(session)])
    assert waiting(town.hendra) == [] and town.hendra.post(f"/strikes/{strike}/confirm").status_code == 404
    assert "Menunggu petugas lain" in town.sari.get("/strikes").text


def test_pranks_are_counted_by_day_and_week_and_account(town: Town) -> None:
    prank(town, town.hendra)
    prank(town, town.hendra)
    town.zed.file()
    found = town.read(pranks)
    assert (found.days[0].filed, found.days[0].struck, round(found.days[0].share)) == (3, 2, 67)
    assert (found.weeks[0].filed, found.weeks[0].struck) == (3, 2) and found.days[1].filed == 0
    assert found.repeat == 1
    assert "66,7&nbsp;%" in town.hendra.get("/strikes").text and "1 akun ditegur" in town.hendra.get("/strikes").text


def test_the_desk_says_how_many_wait(town: Town) -> None:
    for _ in range(3):
        prank(town, town.hendra)
    page = town.sari.get("/duty").text
    assert re.search(r"Teguran ketiga menunggu</a><b>1</b>", page)
    part = town.sari.get("/strikes", headers={"hx-request": "true"}).text
    assert part.lstrip().startswith("<ul") and "<b>1</b>" in part


def test_no_part_tells_an_officer_what_the_page_hides(town: Town) -> None:
    for _ in range(3):
        prank(town, town.hendra)
    told = {who: getattr(town, who).get("/strikes", headers={"hx-request": "true"}).text for who in ("hendra", "sari")}
    for words in ("Banding", "Akun diblokir", "/ratings"):
        assert words in told["sari"] and words not in told["hendra"]
    assert re.search(r"Teguran ketiga menunggu</a><b>1</b>", told["hendra"])

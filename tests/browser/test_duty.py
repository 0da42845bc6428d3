"""The desks of supervisors, partners and administrators in a real browser."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import Session

from models.administration.stations import strengthen
from models.command.calling import Fate, Rung, Telling, Way
from models.command.deputy import deputise, end_deputy
from models.incidents.incident import Incident
from models.time import now
from models.viewer import CLOCK
from tests.browser.test_queue import CUT
from tests.models.test_strength import silence
from tests.support.house import Running, wait_until
from tests.support.serving import Cast
from tests.web.test_agency import refer


@pytest.fixture
def visit(cast: Cast, server: Running, new_page: Callable[..., Page]) -> Callable[..., Page]:
    """visit("sari", "/duty"): that page, as that person."""

    def open_page(who: str, path: str, theme: str = "dark", **options: str) -> Page:
        page = new_page("console", theme=theme, **options)
        name, _, secret = cast.cookies[who].partition("=")
        page.context.add_cookies([{"name": name, "value": secret, "url": server.http}])
        page.add_init_script(f"localStorage.setItem('siaga-theme', '{theme}')")
        page.goto(server.http + path)
        if path in ("/duty", "/agency"):
            expect(page.locator("#lamp")).to_have_attribute("data-is", "well")
        return page

    return open_page


def held(cast: Cast, **more: str) -> Incident:
    return cast.take(cast.file(**more), "claim", cast.hendra)


def lane(page: Page, id: int | None) -> str:
    return f"#lane-{id}"


def test_a_strip_is_dragged_to_another_officer_with_a_reason(cast: Cast, visit: Callable[..., Page]) -> None:
    incident = held(cast)
    cast.take(cast.file(category="CURANMOR"), "claim", cast.ratna)
    page = visit("sari", "/duty")
    strip = page.locator(f"#strip-{incident.id}")
    expect(page.locator(f"#lane-{cast.hendra.id} .strip")).to_have_count(1)
    strip.drag_to(page.locator(f"#lane-{cast.ratna.id} .lane-who"))
    expect(page.locator("#move")).to_be_visible()
    expect(page.locator("#move :checked")).to_have_value(str(cast.ratna.id))
    page.locator("#move textarea").fill("beban")
    page.locator("#move .btn--hand").click()
    page.get_by_role("button", name="Ya, tetap ke").click()
    expect(page.locator(f"#lane-{cast.ratna.id} .strip")).to_have_count(2)
    assert cast.incident(incident.id).officer_id == cast.ratna.id


def test_the_same_by_keyboard_and_a_refusal_stays_in_the_dialog(cast: Cast, visit: Callable[..., Page]) -> None:
    incident = held(cast)
    page = visit("sari", "/duty")
    page.locator(f"#strip-{incident.id}").focus()
    page.keyboard.press("a")
    page.locator("#move [value=me]").check()
    page.locator("#move textarea").fill("saya lebih dekat")
    cast.take(incident, "note", cast.hendra, words="baru")  # the page is now a moment behind, or not: both are fine
    cast.take(incident, "resolve", cast.hendra, outcome="handled")
    page.locator("#move .btn--hand").click()
    expect(page.locator("#move .wrong")).not_to_be_empty()
    page.keyboard.press("Escape")
    other = held(cast)
    page.locator(f"#lane-{cast.hendra.id} #strip-{other.id}").focus()  # it waited in another lane a moment ago
    page.keyboard.press("a")
    page.locator("#move [value=me]").check()
    page.locator("#move textarea").fill("saya lebih dekat")
    page.locator("#move .btn--hand").click()
    expect(page.locator(f"#lane-{cast.sari.id} .strip")).to_have_count(1)


def test_what_waits_is_taken_and_what_is_late_is_listed(cast: Cast, visit: Callable[..., Page]) -> None:
    incident = cast.file(category="CURANMOR")
    page = visit("sari", "/duty")
    expect(page.locator("#lane-0 .load")).to_have_text("1")
    expect(page.locator("#well")).to_be_visible()
    page.evaluate("siaga.server.now = () => Date.now() + 400_000")  # the target of a P2 is three minutes
    row = page.locator(f"#late-{incident.id}")
    expect(row).to_contain_text("belum diambil, target 3:00")
    row.get_by_role("button", name="Beri").click()
    page.locator("#move [value=me]").check()
    page.get_by_role("button", name="Saya ambil").click()
    expect(page.locator(f"#lane-{cast.sari.id} .strip")).to_have_count(1)
    expect(page.locator("#lane-0 .load")).to_have_text("0")


def needed(page: Page) -> list[str]:
    rows: list[str] = page.evaluate("[...document.querySelectorAll('#late > li')].map(row => row.id)")
    return rows


def test_what_needs_the_supervisor_stands_by_who_knows_of_it_then_by_priority(
    cast: Cast, visit: Callable[..., Page]
) -> None:
    late = cast.file(category="CURANMOR")
    held_late, unknown = held(cast, category="KEBAKARAN"), cast.file(category="KEBAKARAN")
    cast.take(unknown, "assign", cast.sari, officer=cast.ratna.id, reason="dekat")
    left = cast.take(held(cast, category="CURANMOR"), "release", cast.hendra, reason="salah ambil")
    page = visit("sari", "/duty")
    page.evaluate("siaga.server.now = () => Date.now() + 4_000_000")
    expect(page.locator("#late > li")).to_have_count(4)
    assert needed(page) == [f"late-{one.id}" for one in (late, left, unknown, held_late)]
    expect(page.locator(f"#late-{left.id}")).to_contain_text("dilepas Aipda Hendra Siregar")
    expect(page.locator(f"#late-{unknown.id}")).to_contain_text("oleh AKP Sari Ginting, belum diketahui")


def test_what_is_seen_or_shelved_stands_last_and_comes_back(cast: Cast, visit: Callable[..., Page]) -> None:
    first, second = cast.file(category="CURANMOR"), cast.file(category="CURANMOR")
    page = visit("sari", "/duty")
    page.evaluate("siaga.server.now = () => Date.now() + 400_000")
    expect(page.locator("#late > li")).to_have_count(2)
    row, other = page.locator(f"#late-{first.id}"), page.locator(f"#late-{second.id}")
    expect(page.locator(".late-acts:visible")).to_have_count(1)  # of the chosen one, which is the first
    page.keyboard.press("d")
    expect(row.locator(".seen")).to_contain_text("AKP Sari Ginting")
    assert needed(page) == [f"late-{second.id}", f"late-{first.id}"]
    cast.take(first, "note", cast.hendra, words="pelaku masih di tempat")
    expect(row.locator(".seen")).to_have_count(0)
    assert needed(page) == [f"late-{first.id}", f"late-{second.id}"]
    page.keyboard.press("j")
    page.keyboard.press("s")
    page.locator("#shelve [value='30']").check()
    page.locator("#shelve [name=note]").press("Enter")
    expect(page.locator("#shelve")).to_be_visible()  # never without a word
    page.locator("#shelve [name=note]").fill("Lantas 11 dekat")
    page.locator("#shelve [name=note]").press("Enter")
    expect(other.locator(".seen")).to_contain_text("“Lantas 11 dekat”")
    expect(page.locator("#late-n")).to_have_text("2, 1 sudah dilihat")
    assert page.evaluate("id => siaga.quiet(document.getElementById(`incident-${id}`))", second.id)
    page.evaluate("siaga.server.now = () => Date.now() + 400_000 + 31 * 60_000")
    expect(other.locator(".seen")).to_have_count(0)


def test_the_list_of_keys_opens_on_every_page_that_has_keys(cast: Cast, visit: Callable[..., Page]) -> None:
    for path, says in (
        ("/duty", "beri atau alihkan"), ("/duty/shift", "lepas dinas"), ("/duty/handover", "terima sisanya"),
        ("/duty/figures", "laporan harian"), ("/duty/replay", "awal jam"),
    ):  # fmt: skip
        page = visit("sari", path)
        page.keyboard.press("?")
        expect(page.locator("#keys")).to_contain_text(says)
        expect(page.locator("#keys")).to_be_visible()
        assert ("kunci layar" in page.locator("#keys").inner_text()) == (path != "/duty/shift")  # L is a state there
        page.keyboard.press("Escape")
        page.context.close()


def chosen(page: Page) -> str:
    """The row whose acts are seen."""
    row = page.locator("#late > li", has=page.locator(".late-acts:visible"))
    return row.get_attribute("id") or ""


def test_what_is_set_aside_leaves_its_place_to_the_next_and_stays_above_what_is_less_grave(
    cast: Cast, visit: Callable[..., Page]
) -> None:
    grave, other = cast.file(category="KEBAKARAN"), cast.file(category="KEBAKARAN")
    light = [cast.file(category="KERIBUTAN") for _ in range(2)]
    page = visit("sari", "/duty")
    page.evaluate("siaga.server.now = () => Date.now() + 1_500_000")
    rows = [f"late-{one.id}" for one in (grave, other, *light)]
    expect(page.locator("#late > li")).to_have_count(4)
    assert needed(page) == rows and chosen(page) == rows[0]
    page.keyboard.press("d")
    expect(page.locator(f"#{rows[0]} .seen")).to_have_count(1)
    assert needed(page) == [rows[1], rows[0], *rows[2:]]  # beneath its like, above P3s
    assert chosen(page) == rows[1]
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert chosen(page) == rows[2]
    page.keyboard.press("s")
    page.locator("#shelve [value='60']").check()
    page.locator("#shelve [name=note]").fill("besok")
    page.locator("#shelve [name=note]").press("Enter")
    expect(page.locator(f"#{rows[2]} .seen")).to_have_count(1)
    assert needed(page) == [rows[1], rows[0], rows[3], rows[2]] and chosen(page) == rows[3]


def test_what_was_given_is_said_and_who_got_it_is_in_sight(cast: Cast, visit: Callable[..., Page]) -> None:
    first, second = cast.file(category="CURANMOR"), cast.file(category="CURANMOR")
    page = visit("sari", "/duty")
    page.evaluate("siaga.server.now = () => Date.now() + 4_000_000")
    expect(page.locator("#late > li")).to_have_count(2)
    page.locator(f"#late-{first.id}").get_by_role("button", name="Beri").click()
    page.locator(f"#move [value='{cast.ratna.id}']").check()
    for name in ("Beri ke Ipda Ratna", "Ya, tetap ke Ipda Ratna"):
        page.locator("#move").get_by_role("button", name=name).click()
    expect(page.locator("#done")).to_contain_text("Diberikan ke Ipda Ratna Simanjuntak: ")
    expect(page.locator("#done")).to_contain_text(first.number)
    expect(page.locator("#lanes > .lane:visible").nth(1)).to_have_attribute("id", f"lane-{cast.ratna.id}")
    page.locator(f"#late-{second.id} b").click()
    for _ in range(2):  # more is late with Hendra
        held(cast, category="CURANMOR")
    expect(page.locator(f"#lane-{cast.hendra.id} .strip")).to_have_count(2)
    expect(page.locator("#lanes > .lane:visible").nth(1)).to_have_attribute("id", f"lane-{cast.hendra.id}")


def test_each_row_says_who_was_told_and_who_will_be(cast: Cast, visit: Callable[..., Page]) -> None:
    incident = cast.file(category="CURANMOR")
    page = visit("sari", "/duty")
    ladder = page.evaluate("JSON.parse(document.getElementById('late').dataset.ladder)['2']")
    cast.run(lambda session: setattr(session.get_one(Incident, incident.id), "alerted_at", now()))
    cast.take(incident, "note", cast.hendra, words="x")
    due = page.locator(f"#late-{incident.id} .rung[data-is=due]")
    expect(due).to_have_count(len([seconds for seconds in ladder if seconds]))
    expect(due.first).to_contain_text(re.compile(r"meja \d:\d\d lagi"))
    cast.run(told_desk, incident.id)
    told = page.locator(f"#late-{incident.id} .rung")
    expect(told.and_(page.locator("[data-is=told]"))).to_contain_text(re.compile(r"meja \d\d:\d\d"))
    for fate in Fate:  # whatever becomes of a call has words here
        cast.run(lead_called, incident.id, fate)
    for fate in Fate:
        expect(told.and_(page.locator(f"[data-is={fate}]")).filter(has_text="browser Pawas")).to_have_count(1)
    expect(told.and_(page.locator("[data-is=unknown]"))).to_have_text("browser Pawas mungkin sampai")


def lead_called(session: Session, id: int, fate: Fate) -> None:
    incident = session.get_one(Incident, id)
    told = {"fate": fate, "way": Way.PUSH, "made_at": now(), "ended_at": now()}
    session.add(Telling(key=f"x {fate}", incident_id=id, since=incident.opened_at, rung=Rung.LEAD, **told))
    incident.note("alert", CLOCK, incident.values(), rung=Rung.LEAD, delivered=fate == Fate.TOLD)


def told_desk(session: Session, id: int) -> None:
    incident = session.get_one(Incident, id)
    told = {"fate": Fate.TOLD, "made_at": now(), "ended_at": now()}
    session.add(Telling(key="x", incident_id=id, since=incident.opened_at, rung=Rung.DESK, **told))
    incident.note("alert", CLOCK, incident.values(), rung=Rung.DESK, delivered=True)


def test_whoever_is_not_at_the_desk_is_asked_about_once(cast: Cast, visit: Callable[..., Page]) -> None:
    incident = cast.file()
    page = visit("sari", "/duty")
    page.locator(f"#strip-{incident.id}").focus()
    page.keyboard.press("a")
    page.locator(f"#move [value='{cast.ratna.id}']").check()
    page.locator("#move .btn--hand").click()
    expect(page.locator("#move .wrong")).to_contain_text("Ipda Ratna Simanjuntak tidak di meja")
    assert cast.incident(incident.id).status == "new"
    page.get_by_role("button", name="Ya, tetap ke Ipda Ratna Simanjuntak").click()
    expect(page.locator("#move")).to_be_hidden()
    expect(page.locator(f"#late-{incident.id} .rung[data-is=told]")).to_contain_text("meja")  # it sounds at once
    assert cast.incident(incident.id).officer_id == cast.ratna.id


def test_who_cannot_says_so_by_a_key_and_it_is_back_with_who_gave_it(cast: Cast, visit: Callable[..., Page]) -> None:
    incident = cast.take(cast.file(), "assign", cast.sari, officer=cast.hendra.id, reason="dekat")
    console, page = visit("hendra", "/console"), visit("sari", "/duty")
    hand = console.locator(f"#hand-{incident.id}")
    expect(hand).to_contain_text("AKP Sari Ginting memberi Anda")
    console.keyboard.press("q")
    console.keyboard.type("masih di TKP lain")
    console.keyboard.press("Enter")
    expect(hand).to_have_count(0)
    expect(page.locator(f"#hand-{incident.id}")).to_contain_text("Aipda Hendra Siregar tidak bisa")
    expect(page.locator(f"#hand-{incident.id}")).to_contain_text("masih di TKP lain")
    page.keyboard.press("Enter")
    expect(page.locator(f"#hand-{incident.id}")).to_have_count(0)
    assert cast.incident(incident.id).officer_id == cast.sari.id


def test_atensi_is_pinned_on_every_console_and_says_who_read_it(cast: Cast, visit: Callable[..., Page]) -> None:
    console, page = visit("hendra", "/console"), visit("sari", "/duty")
    expect(console.locator(".briefs-pane")).to_be_hidden()
    page.locator(".briefs-pane").get_by_role("button", name="Tulis").click()
    page.locator("#brief [name=words]").fill("Unras buruh, Kantor Gubernur")
    page.locator("#brief .btn--hand").click()
    expect(page.locator("#briefs li")).to_contain_text("belum: Hendra S.")
    expect(page.locator(".brief-read")).to_be_hidden()  # whoever wrote it has read it
    expect(console.locator("#briefs-n")).to_have_text("1, 1 belum Anda baca")
    console.locator(".briefs-pane summary").click()
    console.get_by_role("button", name="Sudah baca").click()
    expect(console.locator("#briefs-n")).to_have_text("1")
    expect(page.locator("#briefs li")).to_contain_text("dibaca 2")
    page.get_by_role("button", name="Akhiri atensi").click()  # asked first, and the driver says no
    expect(page.locator("#briefs li")).to_have_count(1)
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Akhiri atensi").click()
    expect(page.locator("#briefs li")).to_have_count(0)
    expect(console.locator(".briefs-pane")).to_be_hidden()


def test_who_acts_as_a_supervisor_stands_on_the_desk_until_somebody_who_may_ends_it(
    cast: Cast, visit: Callable[..., Page]
) -> None:
    page, console = visit("sari", "/duty"), visit("hendra", "/console")
    expect(page.locator("#deputies > li")).to_have_count(0)
    for by, to in ((cast.sari, cast.hendra), (cast.dewi, cast.ratna)):
        cast.run(deputise, by, to.id, now() + timedelta(minutes=30), "Pawas ke TKP")
    row = page.locator(f"#deputy-{cast.hendra.id}")
    expect(row).to_contain_text(re.compile(r"Pejabat sementara sampai \d\d:\d\d\s+Aipda Hendra Siregar\s+Pawas ke TKP"))
    expect(page.locator(f"#deputy-{cast.ratna.id} form")).to_be_hidden()  # given by somebody else
    about = cast.file(category="OKNUM")
    expect(console.locator(f"#incident-{about.id}")).to_be_attached()  # it started anew by itself
    row.get_by_role("button", name="Akhiri wewenangnya").click()
    expect(page.locator("#deputies > li")).to_have_count(1)
    expect(console.locator(f"#incident-{about.id}")).not_to_be_attached()


def test_what_is_half_written_outlives_the_end_of_a_lent_power(cast: Cast, visit: Callable[..., Page]) -> None:
    cast.run(deputise, cast.sari, cast.hendra.id, now() + timedelta(minutes=30), "Pawas ke TKP")
    console = visit("hendra", "/console")
    about = cast.file(category="OKNUM")
    expect(console.locator(f"#incident-{about.id}")).to_be_attached()
    console.keyboard.press("n")
    sheet = console.locator("#sheet")
    sheet.locator("[name=category]").select_option("CURANMOR")
    sheet.locator("[name=description]").fill("Motor hilang di parkiran")
    cast.run(end_deputy, cast.sari, cast.hendra.id)
    expect(console.locator(f"#incident-{about.id}")).not_to_be_attached()
    expect(sheet).to_contain_text("Yang sudah Anda tulis masih ada")
    expect(sheet.locator("[name=description]")).to_have_value("Motor hilang di parkiran")
    expect(sheet.locator("[name=category]")).to_have_value("CURANMOR")
    console.reload()
    expect(sheet).to_be_hidden()  # kept for that once


@pytest.mark.parametrize("where", ["/duty", "/console"])
def test_what_any_form_held_when_a_lent_power_ended_is_said_and_there_again(
    cast: Cast, visit: Callable[..., Page], where: str
) -> None:
    cast.run(deputise, cast.sari, cast.hendra.id, now() + timedelta(minutes=30), "Pawas ke TKP")
    incident = cast.file()
    cast.take(incident, "claim", cast.hendra)
    page, about = visit("hendra", where), cast.file(category="OKNUM")
    expect(page.locator(f"#incident-{about.id}")).to_be_attached()
    words = "Pelaku memakai jaket merah"
    if where == "/duty":
        page.locator("#brief").evaluate("dialog => dialog.showModal()")
        page.locator("#brief [name=words]").fill(words)
    else:
        page.locator(f"#incident-{incident.id}").click()
        page.locator(f"#note-{incident.id} [name=words]").fill(words)
    cast.run(end_deputy, cast.sari, cast.hendra.id)
    expect(page.locator(f"#incident-{about.id}")).not_to_be_attached()
    if where == "/duty":
        page.evaluate("location.assign('/console')")  # the desk is no place of theirs any more
    said = page.locator("#half")
    expect(said).to_contain_text(f"wewenang atau sesi Anda berubah. Belum terkirim: “{words}”")
    if where == "/console":
        page.locator(f"#incident-{incident.id}").click()
        field = page.locator(f"#note-{incident.id} [name=words]")
        expect(field).to_have_value(words)
        field.click()  # nothing lies over it
    said.get_by_role("button").click()
    expect(said).to_be_hidden()
    page.reload()
    expect(page.locator("#board")).to_be_attached()
    expect(said).to_be_hidden()  # said once


def test_a_burst_is_one_strip_and_one_row(cast: Cast, visit: Callable[..., Page]) -> None:
    many = [cast.file(category="KEBAKARAN", at=(3.5796, 98.6585), words="api besar di pasar") for _ in range(4)]
    page = visit("sari", "/duty")
    expect(page.locator("#lane-0 .strip")).to_have_count(1)
    expect(page.locator("#lane-0 .strip b")).to_contain_text("×4")
    expect(page.locator("#lane-0 .load")).to_have_text("1")
    page.evaluate("siaga.server.now = () => Date.now() + 4_000_000")
    expect(page.locator("#late > li")).to_have_count(1)
    page.keyboard.press("d")
    expect(page.locator("#late .seen")).to_have_count(1)
    assert all(cast.incident(one.id).noticed_at for one in many)


def test_strength_changes_with_a_reason_and_is_seen_at_once(cast: Cast, visit: Callable[..., Page]) -> None:
    page = visit("sari", "/duty")
    page.locator("#force button").first.click()
    page.locator("#edit [name=strength]").fill("30")
    page.locator("#edit textarea").fill("bantuan Brimob")
    page.locator("#edit .btn--hand").click()
    expect(page.locator("#force li").first.locator("b")).to_have_text("30")
    expect(page.locator("#edit")).to_be_hidden()


def test_a_strength_that_nobody_stated_is_a_dash_until_somebody_states_it(
    cast: Cast, visit: Callable[..., Page]
) -> None:
    cast.run(silence)
    incident = cast.take(cast.file(), "claim", cast.hendra)
    console, page = visit("hendra", "/console"), visit("sari", "/duty")
    for screen in (console, page):
        expect(screen.locator("#n-free")).to_have_text(re.compile(r"^–\s*belum apel$"), use_inner_text=True)
    expect(page.locator("#force li").first).to_contain_text("– belum apel")
    console.locator(f"#incident-{incident.id}").click()
    post = console.locator("#panel .send-form .post").first
    expect(post.locator(".post-free")).to_have_text("– belum apel")
    console.locator("#panel .stepper-n").fill("40")
    expect(post.locator(".post-go")).to_have_value("40")
    expect(console.locator("#panel .over")).not_to_have_attribute("data-needed", "")
    expect(console.locator(".station text").first).to_have_text("–")
    nearest = int(post.get_attribute("data-station") or 0)
    cast.run(strengthen, cast.sari, nearest, 6, "apel")
    expect(post.locator(".post-free")).to_have_text("6 bebas")
    expect(console.locator("#panel .over")).to_have_attribute("data-needed", "")
    for screen in (console, page):
        expect(screen.locator("#n-free")).to_have_text(re.compile(r"6\s*/6\s*personel bebas, 13 pos belum apel"))
        assert screen.evaluate(CUT, ["#n-free", "#n-free span", "#n-scene", ".clock", "#wall-clock"]) == []


def test_a_wall_is_paired_at_the_desk(
    cast: Cast, server: Running, visit: Callable[..., Page], new_page: Callable[..., Page]
) -> None:
    wall, page = new_page("wall"), visit("sari", "/duty")
    wall.goto(f"{server.http}/wall")
    expect(wall.locator(".code span")).to_have_count(2)
    page.get_by_role("button", name="Pasangkan").click()
    page.locator("#pair [name=code]").fill("AAAAAA")
    page.locator("#pair [name=name]").fill("Lobi")
    page.locator("#pair .btn--hand").click()
    expect(page.locator("#pair .fault")).to_contain_text("Tidak ada layar")
    page.locator("#pair [name=code]").fill(wall.locator(".code").inner_text().strip())
    page.locator("#pair .btn--hand").click()
    expect(page.locator("#walls")).to_contain_text("Lobi")
    expect(wall.locator("#board")).to_be_attached()


def test_a_reason_that_may_be_left_out_says_so(cast: Cast, visit: Callable[..., Page]) -> None:
    incident = cast.file()
    page = visit("sari", "/duty")
    page.locator(f"#strip-{incident.id}").focus()
    page.keyboard.press("a")
    page.locator("#move [value=me]").check()
    expect(page.locator("#move .field").filter(has_text="Alasan")).to_contain_text("boleh kosong")
    cast.take(incident, "claim", cast.hendra)
    page.keyboard.press("Escape")
    page.locator(f"#lane-{cast.hendra.id} #strip-{incident.id}").focus()
    page.keyboard.press("a")
    page.locator("#move [value=me]").check()
    expect(page.locator("#move-free")).to_be_hidden()


def test_a_partners_counts_stay_in_sight_on_a_phone(cast: Cast, visit: Callable[..., Page]) -> None:
    incident = refer(cast, "summary")
    cast.take(incident, "accept", cast.damkar)
    cast.take(incident, "resolve", cast.hendra, outcome="handled")
    page = visit("damkar", "/agency")
    page.set_viewport_size({"width": 390, "height": 844})
    expect(page.locator(".topbar-numbers")).to_be_visible()
    expect(page.locator("#n-closed")).to_have_text("1")
    for words in ("menunggu jawaban", "diterima", "perlu catatan akhir"):
        expect(page.locator(".topbar-numbers").get_by_text(words)).to_be_in_viewport()


def test_a_partner_answers_and_sees_it_live(cast: Cast, visit: Callable[..., Page]) -> None:
    page = visit("damkar", "/agency")
    expect(page.locator("#calm")).to_be_visible()
    incident = refer(cast, "full", note="Dua unit.")
    case = page.locator(f"#incident-{incident.id}")
    expect(case).to_contain_text("kenari-kata")
    expect(page.locator("#n-asked")).to_have_text("1")
    case.get_by_role("button", name="Terima").click()
    expect(case).to_have_attribute("data-state", "accepted")
    note = case.locator(f"#finish-{incident.id} textarea")

    def opened() -> bool:  # what took the place of the button that was pressed takes no second tap for a while
        case.locator("summary", has_text="Akhiri rujukan").click()
        return note.is_visible()

    wait_until(opened)
    note.fill("api padam")
    case.locator(f"#finish-{incident.id}").get_by_role("button", name="Kirim").click()
    expect(case).not_to_be_attached()


def test_a_first_password_is_shown_once(cast: Cast, visit: Callable[..., Page]) -> None:
    page = visit("dewi", "/admin")
    page.get_by_role("button", name="Tambah orang").click()
    page.locator("#enlist [name=login]").fill("hendra")
    page.locator("#enlist [name=name]").fill("Budi Rangkuti")
    page.locator("#enlist [value=officer]").check()
    page.locator("#enlist .btn--hand").click()
    expect(page.locator("#enlist .fault")).to_contain_text("sudah dipakai")
    page.locator("#enlist [name=login]").fill("budi")
    page.locator("#enlist .btn--hand").click()
    expect(page.locator("#secret")).to_have_text(re.compile(r"^[0-9A-Z]{4}(-[0-9A-Z]{4}){3}$"))
    page.get_by_role("button", name="Sudah saya simpan").click()
    expect(page.locator("#people")).to_contain_text("Budi Rangkuti")
    expect(page.locator("#secret")).to_have_count(0)


def test_administration_says_what_it_has_saved(cast: Cast, visit: Callable[..., Page]) -> None:
    page = visit("dewi", "/admin/agencies")
    page.locator("[data-edit]").first.click()
    form = page.locator("#edit form", has=page.locator("[name=name]")).first
    form.locator("[name=name]").fill("Damkar Kota")
    form.get_by_role("button").click()
    expect(page.locator("#saved")).to_contain_text("Ganti nama")
    page.reload()
    expect(page.locator("#saved")).to_be_hidden()  # said once


def test_what_is_typed_in_another_form_of_the_window_is_named_before_it_goes(visit: Callable[..., Page]) -> None:
    page = visit("dewi", "/admin/agencies")
    page.locator("[data-edit]").first.click()
    page.locator("#edit form [name=name]").first.fill("Damkar Kota")
    other = page.locator("#edit form[action$='/line']")
    other.locator("button:not([type=button])").click()
    expect(other.locator(".wrong")).to_contain_text("Belum disimpan: Ganti nama")
    expect(page.locator("#edit")).to_be_visible()


def test_what_is_missing_of_several_stands_beneath_them_and_not_in_one(visit: Callable[..., Page]) -> None:
    page = visit("dewi", "/admin")
    page.locator("[commandfor=enlist]").first.click()
    form = page.locator("#enlist form")
    for name in ("login", "name"):
        form.locator(f"[name={name}]").fill("budi")
    form.locator("button:not([type=button])").last.click()
    expect(form.locator("fieldset > .need")).to_have_text("Pilih salah satu.")
    expect(form.locator("label .need")).to_have_count(0)


def test_a_station_is_dragged_and_moves_only_when_it_is_sent(cast: Cast, visit: Callable[..., Page]) -> None:
    page = visit("dewi", "/admin/stations")
    shield = page.locator(".shield").nth(3)
    box = shield.bounding_box()
    assert box
    before = page.locator("#station-list tbody tr").nth(3).get_attribute("data-lat")
    page.mouse.move(box["x"] + 17, box["y"] + 17)
    page.mouse.down()
    page.mouse.move(box["x"] + 40, box["y"] + 60, steps=5)
    page.mouse.up()
    expect(page.locator("#move-form [name=lat]")).not_to_have_value(before or "")
    page.locator("#move-form button").click()
    expect(page.locator("#station-list tbody tr").nth(3)).not_to_have_attribute("data-lat", before or "")
    expect(page.locator("#station-list tbody tr").nth(3)).not_to_contain_text("perkiraan")


DESKS = {
    "sari": ["/duty"],
    "damkar": ["/agency"],
    "dewi": ["/admin", "/admin/stations", "/admin/categories", "/admin/keys"],
}


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_no_desk_falls_short(
    cast: Cast,
    visit: Callable[..., Page],
    violations: Callable[[Page], list[str]],
    page_errors: list[str],
    theme: str,
) -> None:
    cast.file(category="CURANMOR")
    refer(cast, "full")
    for who, paths in DESKS.items():
        for path in paths:
            page = visit(who, path, theme)
            assert page_errors == [], path
            assert violations(page) == [], path
            page_errors[:] = [error for error in page_errors if "inline style" not in error]  # axe's own probes


def test_a_slip_in_a_new_password_is_said_before_anything_is_sent(visit: Callable[..., Page]) -> None:
    page = visit("hendra", "/me/password")
    again, fault = page.locator("#again"), "field => field.validationMessage"
    page.locator("#password").fill("durian jatuh malam minggu")
    again.fill("durian jatuh malam senin")
    assert again.evaluate(fault) == "Tidak sama dengan yang di atas."
    page.locator("#password").fill("durian jatuh malam senin")
    assert again.evaluate(fault) == ""


def test_nothing_of_what_one_holds_is_cut_and_one_thing_has_one_word(
    cast: Cast, server: Running, new_page: Callable[..., Page]
) -> None:
    """At a desk of 1440 pixels, with long names and places; the top bar speaks as the console's does."""
    held = cast.take(cast.file(category="OKNUM", landmark="persimpangan Jalan Letda Sujono"), "claim", cast.sari)
    given = cast.file(category="ORANG_HILANG", landmark="belakang gudang pelabuhan lama")
    cast.take(given, "assign", cast.sari, officer=cast.hendra.id)
    page = new_page("console")
    name, _, secret = cast.cookies["sari"].partition("=")
    page.context.add_cookies([{"name": name, "value": secret, "url": server.http}])
    page.goto(f"{server.http}/duty")
    expect(page.locator(f"#strip-{given.id} small")).to_contain_text("menunggu diketahui")
    expect(page.locator(f"#strip-{held.id} b")).to_be_visible()
    shown = [
        ".strip b",
        ".strip small span",
        ".lane-who b",
        ".lane-who small",
        ".late b",
        ".late small",
        ".force-name",
        ".force-says",
    ]
    assert page.evaluate(CUT, shown) == []
    assert (
        page.evaluate(
            "names => names.filter(name => [...document.querySelectorAll(name)].some(one => getComputedStyle(one).textOverflow === 'ellipsis'))",
            shown,
        )
        == []
    )
    words = [page.locator(f"#{id} span:last-child").last.inner_text() for id in ("n-new", "n-free")]
    page.goto(f"{server.http}/console")
    assert (
        words
        == [page.locator(f"#{id} span:last-child").last.inner_text() for id in ("n-new", "n-free")]
        == ["menunggu", "personel bebas"]
    )


def test_the_clock_is_whole_beside_the_longest_wait(new_page: Callable[..., Page], cast: Cast, server: Running) -> None:
    waits = cast.file()
    cast.run(lambda session: setattr(session.get_one(Incident, waits.id), "filed_at", now() - timedelta(hours=11)))
    page = new_page("console", base_url=server.http)
    name, _, secret = cast.cookies["sari"].partition("=")
    cut = """() => [...document.querySelectorAll(".topbar, .topbar-end, .clock")].filter(one =>
        one.getBoundingClientRect().right > innerWidth + 1 || one.scrollWidth > one.clientWidth + 1).length"""
    for locale in ("id", "en"):
        for cookie, value in ((name, secret), ("locale", locale)):
            page.context.add_cookies([{"name": cookie, "value": value, "url": server.http}])
        for url in ("/duty", "/duty/shift", "/duty/handover", "/duty/figures", "/duty/replay", "/console"):
            page.goto(url)
            expect(page.locator(".topbar").first).to_be_visible()
            assert page.evaluate(cut) == 0, f"{url} {locale}"

"""Respons Cepat under a thumb and under a key; what is new; a phone without a signal. In a real browser."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from models.command.bulletin import Draft, publish
from models.incidents.complaint import Complaint
from models.incidents.talking import thread
from models.people.citizens import Citizen
from tests.browser.test_citizen import BABURA, BOTH, Pages, complaints, follow_one
from tests.browser.test_citizen import phone as phone
from tests.support.inbox import listening
from tests.support.serving import Cast
from tests.support.town import jpeg

HERE: dict[str, Any] = {"geolocation": BABURA, "permissions": ["geolocation"]}
PETISAH = {"latitude": 3.592, "longitude": 98.668, "accuracy": 25}
BUTTON = "#fast button"
WORKS_IN = """
async (lang) => {
  const worker = async () => (await navigator.serviceWorker.ready).active;
  while (!(await worker()).scriptURL.endsWith(lang) || (await worker()).state !== "activated") {
    await new Promise((go) => setTimeout(go, 50));
  }
}
"""
FOLLOWS = re.compile(r"/complaints/[0-9A-Z]{4}-[0-9A-Z]{4}$")


def press(page: Page) -> None:
    """A finger that stays."""
    page.locator(BUTTON).hover()
    page.mouse.down()


def test_held_for_two_seconds_it_files_and_asks_for_words(phone: Pages, cast: Cast) -> None:
    page = phone("ann", **HERE)
    page.goto("/")
    press(page)
    expect(page.locator("#fast-said")).to_have_text("Terus tahan…")
    page.wait_for_url(FOLLOWS)
    page.mouse.up()
    (complaint,) = complaints(cast)
    assert (complaint.category_code, complaint.lat, complaint.accuracy_m) == ("DARURAT_NYAWA", 3.5796, 18)
    expect(page.locator("#receipt")).to_be_in_viewport()  # nothing takes the page away from it
    expect(page.locator("#words")).not_to_be_focused()
    expect(page.locator("#urge")).to_contain_text("Babura")
    expect(page.locator("#lamp")).to_have_attribute("data-is", "well")
    page.get_by_role("button", name="Saya sembunyi").click()
    expect(page.locator(".bubble--us")).to_contain_text("Saya sembunyi")
    pressed = page.locator("#urge [aria-pressed=true]")
    expect(pressed).to_contain_text(["Saya sembunyiterkirim"])
    page.get_by_role("button", name="Pelaku bawa senjata").click()
    expect(pressed).to_have_count(2)
    expect(page.locator("#urge .tog")).to_have_count(6)
    page.locator("#words").fill("Mereka di dapur")
    page.get_by_role("button", name="Kirim", exact=True).click()
    expect(page.locator(".bubble--us")).to_have_count(3)
    expect(pressed).to_have_count(2)


def test_let_go_too_soon_it_files_nothing(phone: Pages, cast: Cast) -> None:
    page = phone("ann", **HERE)
    page.goto("/")
    press(page)
    expect(page.locator("#fast-said")).to_have_text("Terus tahan…")
    page.mouse.up()
    expect(page.locator("#fast-said")).to_have_text("Terlalu cepat dilepas. Tahan sampai lingkarannya penuh.")
    expect(page.locator(f"{BUTTON} .fills")).to_have_attribute("stroke-dashoffset", "100")
    assert complaints(cast) == []


@pytest.mark.parametrize("key", ["Enter", " "])
def test_a_key_that_is_held_does_the_same(phone: Pages, cast: Cast, key: str) -> None:
    page = phone("ann", **HERE)
    page.goto("/")
    page.locator(BUTTON).focus()
    page.keyboard.down(key)
    page.keyboard.up(key)
    expect(page.locator("#fast-said")).to_contain_text("Terlalu cepat")
    page.keyboard.down(key)
    page.wait_for_url(FOLLOWS)
    page.keyboard.up(key)
    assert len(complaints(cast)) == 1


def test_a_switch_that_cannot_hold_gets_the_form(phone: Pages) -> None:
    page = phone("ann")
    page.goto("/")
    page.locator(BUTTON).dispatch_event("click")
    page.wait_for_url("**/complaints/new?category=DARURAT_NYAWA")


def test_without_a_position_it_is_filed_and_asked_for(phone: Pages, cast: Cast) -> None:
    page = phone("ann")  # the phone's owner has said no
    page.goto("/")
    press(page)
    page.wait_for_url(FOLLOWS)
    page.mouse.up()
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation(BABURA)
    expect(page.locator("#lamp")).to_have_attribute("data-is", "well")
    expect(page.locator("#where")).to_contain_text("Petugas belum tahu lokasinya.")
    page.get_by_role("button", name="Kirim lokasi saya").click()
    expect(page.locator("#where")).to_contain_text("Babura, ±18 m")
    page.context.set_geolocation(PETISAH)
    page.get_by_role("button", name="Saya sudah pindah").click()
    expect(page.locator("#where")).to_contain_text("Petisah Tengah, ±25 m")
    [complaint] = complaints(cast)
    assert cast.incident(complaint.incident_id).point == (PETISAH["latitude"], PETISAH["longitude"])


@pytest.mark.parametrize("swallowed", ["citizen.js", "citizen-follow.js", "citizen-store.js"])
def test_a_script_that_a_lost_signal_swallowed_comes_all_the_same(phone: Pages, cast: Cast, swallowed: str) -> None:
    incident = cast.file(cast.ann)
    page = phone("ann", service_workers="block")
    lost: list[Route] = []

    def swallow(route: Route) -> None:
        if lost:
            route.continue_()
            return
        lost.append(route)
        route.abort("connectionreset")

    page.route(f"**/{swallowed}*", swallow)
    page.goto(f"/complaints/{complaints(cast)[0].ref}")
    cast.take(incident, "claim", cast.hendra)
    expect(page.locator("#stage")).to_have_text("Sedang diperiksa")
    cast.send(incident, cast.hendra, (None, 1))  # the page itself may have come again: only its scripts can show this
    expect(page.locator("#stage")).to_have_text("Petugas menuju lokasi")
    assert lost


def test_a_press_without_a_signal_is_sent_with_the_signal_and_once(phone: Pages, cast: Cast) -> None:
    page = phone("ann", service_workers="block", **HERE)  # what goes through a worker is not ours to lose
    page.goto("/")
    lost: list[str] = []
    signal: list[str] = []

    def lose_the_answer(route: Route) -> None:
        if signal or route.request.method != "POST":
            route.continue_()
            return
        if not lost:
            route.fetch()
        lost.append(route.request.url)
        route.abort("connectionreset")

    page.route("**/complaints", lose_the_answer)
    press(page)
    expect(page.locator("#fast-said")).to_contain_text("Sinyal putus.")
    page.mouse.up()
    signal.append("there again")
    page.goto("/")  # even over a page that was closed meanwhile
    page.wait_for_url(FOLLOWS)
    assert len(complaints(cast)) == 1 and lost


def test_before_the_door_the_press_is_filed_and_its_page_opens(phone: Pages, cast: Cast) -> None:
    page = phone(**HERE)
    page.goto("/")
    press(page)
    page.wait_for_url(FOLLOWS)
    page.mouse.up()
    expect(page.get_by_label("Nomor HP Anda, supaya petugas bisa menelepon")).to_be_visible()
    expect(page.locator(".sos")).to_be_visible()
    (complaint,) = complaints(cast)
    incident = complaint.incident_id
    expect(page.locator("html[data-live=well]")).to_be_attached()
    cast.take(incident, "claim", cast.hendra)
    expect(page.locator("#board [data-stage=claimed]")).to_be_attached()  # pushed to a guest, too


def test_mode_senyap_never_buzzes_and_leaves_by_one_press(phone: Pages, cast: Cast) -> None:
    page = phone("ann", **HERE)
    page.add_init_script("window.buzzed = 0; navigator.vibrate = () => { sessionStorage.buzzed = 'yes'; };")
    page.route("https://www.bmkg.go.id/**", lambda route: route.fulfill(body="Cuaca", content_type="text/html"))
    page.goto("/")
    page.get_by_role("button", name="Mode senyap").click()
    expect(page.locator("html[data-quiet=yes]")).to_be_attached()
    expect(page).to_have_title("Catatan")
    press(page)
    page.wait_for_url(FOLLOWS)
    page.mouse.up()
    expect(page).to_have_title("Catatan")
    assert page.evaluate("sessionStorage.buzzed") is None
    page.get_by_role("link", name="Tutup").click()
    expect(page).to_have_url("https://www.bmkg.go.id/")
    assert len(complaints(cast)) == 1


def test_without_javascript_the_button_is_a_link(phone: Pages) -> None:
    page = phone("ann", java_script_enabled=False)
    page.goto("/")
    page.get_by_role("link", name="Respons Cepat").click()
    expect(page.locator("[value=DARURAT_NYAWA]")).to_be_checked()


def test_a_message_is_marked_on_the_tile_and_in_the_thread_and_then_read(phone: Pages, cast: Cast) -> None:
    page = phone("ann")
    incident = cast.file()
    page.goto("/")
    expect(page.locator("html[data-live=well]")).to_be_attached()
    cast.take(incident, "claim", cast.hendra)
    cast.take(incident, "ask", cast.hendra, words="Aman?")
    expect(page.locator("#board .unread")).to_contain_text("1 baru")  # pushed
    page.add_init_script("document.addEventListener('htmx:after:swap', () => { window.morphed = true; })")
    page.locator("#board a").click()
    new = page.locator(".bubble[data-new]")
    expect(new).to_contain_text("Baru")
    new.scroll_into_view_if_needed()
    expect(page.locator("#board .unread")).to_have_count(0)  # that it was read has come by push
    page.wait_for_function("() => window.morphed")  # and so the page was fetched again
    expect(new).to_have_count(1)  # and yet what was new stays marked for a while
    page.go_back()
    page.reload()
    expect(page.locator("#board li")).to_have_count(1)
    expect(page.locator("#board .unread")).to_have_count(0)


def test_a_hidden_page_reads_nothing(phone: Pages, cast: Cast) -> None:
    page = phone("ann")
    follow_one(page, cast)
    incident = complaints(cast)[-1].incident_id
    page.evaluate("Object.defineProperty(document, 'hidden', { get: () => window.away ?? false, configurable: true })")
    page.evaluate("window.away = true")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    cast.take(incident, "claim", cast.hendra)
    cast.take(incident, "ask", cast.hendra, words="Aman?")
    expect(page.locator("#board .unread")).to_have_count(1)  # it heard
    cast.send(incident, cast.hendra, (None, 1))  # the sentinel: a look at what came before would have begun by now
    expect(page.locator("#board [data-stage=dispatched]")).to_have_count(1)
    assert asked == []
    assert page.locator(".bubble").count() == 0 and complaints(cast)[-1].read_seq == 0
    page.evaluate("window.away = false; document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.locator(".bubble")).to_contain_text("Aman?")


def test_the_end_is_rated_where_it_is_read(phone: Pages, cast: Cast) -> None:
    page = phone("ann")
    follow_one(page, cast)
    incident = complaints(cast)[-1].incident_id
    cast.take(incident, "claim", cast.hendra)
    cast.take(incident, "resolve", cast.hendra, outcome="handled")
    expect(page.locator("#rating")).to_be_visible()
    page.get_by_label("5 Sangat baik").check()
    page.fill("#note", "Terima kasih pak")
    page.get_by_role("button", name="Kirim penilaian").click()
    expect(page.locator("#rated")).to_contain_text("Penilaian Anda: Sangat baik")


def test_without_a_signal_a_page_of_ours_keeps_the_draft(phone: Pages) -> None:
    page = phone("ann")
    page.goto("/complaints/new")
    page.fill("#description", "Setiap malam")
    page.evaluate("() => navigator.serviceWorker.ready")
    page.context.set_offline(True)
    page.goto("/complaints/new")
    expect(page.get_by_role("heading", name="Tidak ada sinyal")).to_be_visible()
    expect(page.locator("#words")).to_have_value("Setiap malam")
    expect(page.locator("#kept-here")).to_be_visible()
    expect(page.locator(".sos")).to_have_css("position", "static")
    assert page.evaluate("getComputedStyle(document.querySelector('.phone')).maxWidth") == "520px"  # it has its styles
    page.fill("#words", "Setiap malam, jam dua")
    kept = page.evaluate(
        "async () => (await (await caches.open('siaga-offline')).keys()).map(({ url }) => new URL(url).pathname)"
    )
    assert {path for path in kept if not path.startswith("/static/")} == {"/offline"}
    page.context.set_offline(False)
    page.get_by_role("button", name="Coba lagi").click()
    expect(page.locator("#description")).to_have_value("Setiap malam, jam dua")


@pytest.mark.parametrize(("locale", "said"), [("id", "Tidak ada sinyal"), ("en", "No signal")])
def test_without_a_signal_the_page_speaks_as_the_last_one_did(phone: Pages, locale: str, said: str) -> None:
    page = phone(locale="en" if locale == "id" else "id")  # chosen here, whatever the browser's own is
    page.goto("/")
    page.locator(f"[name=locale][value={locale}]").click()
    expect(page.locator("html")).to_have_attribute("lang", locale)
    page.evaluate(WORKS_IN, f"lang={locale}")
    page.context.set_offline(True)
    page.goto("/bulletins")
    expect(page.get_by_role("heading", name=said)).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", locale)
    expect(page.locator(".sos")).to_have_attribute("href", "tel:110")


@pytest.mark.parametrize("back_on", ["the offline page", "the home page"])
def test_sent_without_a_signal_it_goes_with_the_signal_and_once(phone: Pages, cast: Cast, back_on: str) -> None:
    page = phone("ann")
    page.goto("/complaints/new")
    page.locator("[value=CURAS_BEGAL]").check()
    page.fill("#description", "Dua orang naik matic hitam")
    page.fill("#place", "Jl. Iskandar Muda")
    page.set_input_files("#photo", {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": jpeg("red")})
    expect(page.locator("#ups")).to_have_attribute("data-kept", "yes")
    page.evaluate("() => navigator.serviceWorker.ready")
    page.context.set_offline(True)
    page.get_by_role("button", name="Kirim laporan").click()
    expect(page.locator("#sending")).to_contain_text("Sinyal putus")
    page.goto("/")
    expect(page.locator("#lost-waits")).to_be_visible()
    expect(page.locator("#words")).to_have_value("Dua orang naik matic hitam")
    if back_on == "the home page":
        page.close()
        page = page.context.new_page()
    page.context.set_offline(False)
    if back_on == "the home page":
        page.goto("/")
    page.wait_for_url(FOLLOWS)
    expect(page.locator("#receipt")).to_be_visible()
    expect(page.locator("#photos .up")).to_have_count(1)
    (complaint,) = complaints(cast)
    assert len(complaint.evidence) == 1
    page.goto("/")
    page.goto("/complaints/new")
    expect(page.locator("#description")).to_have_value("")
    assert len(complaints(cast)) == 1


def test_without_a_signal_it_says_what_waits(phone: Pages, cast: Cast) -> None:
    page = phone("ann", **HERE)
    cast.file()
    page.goto(f"/complaints/{complaints(cast)[-1].ref}")
    page.route("**/uploads*", lambda route: route.abort())
    page.set_input_files("#add input[type=file]", {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": jpeg("red")})
    expect(page.locator("#queue .up")).to_be_visible()
    page.goto("/")
    page.evaluate("() => navigator.serviceWorker.ready")
    page.context.set_offline(True)
    press(page)
    expect(page.locator("#fast-said")).to_contain_text("telepon 110")
    page.mouse.up()
    page.goto("/")
    expect(page.locator("#files-wait")).to_contain_text("1")
    expect(page.locator("#fast-waits")).to_contain_text("telepon 110 sekarang")


def said(cast: Cast) -> list[str]:
    complaint = complaints(cast)[-1]
    return [line.words for line in cast.read(lambda session: thread(session, session.get_one(Complaint, complaint.id)))]


@pytest.mark.parametrize("lost", ["offline", "the answer"])
def test_a_message_without_a_connection_says_so_and_goes_by_itself_once(phone: Pages, cast: Cast, lost: str) -> None:
    cast.file(cast.ann)
    page = phone("ann", service_workers="block")
    page.goto(f"/complaints/{complaints(cast)[-1].ref}")
    expect(page.locator("#lamp")).to_have_attribute("data-is", "well")

    signal: list[str] = []

    def lose_the_answer(route: Route) -> None:
        if signal:
            route.continue_()
            return
        route.fetch()
        route.abort("connectionreset")

    page.route("**/reply", lose_the_answer) if lost == "the answer" else page.context.set_offline(True)
    page.fill("#words", "Pelaku kembali")
    page.locator("#say button").click()
    expect(page.locator("#say [role=alert]")).to_contain_text("Belum terkirim: tidak ada sambungan")
    expect(page.locator("#words")).to_have_value("Pelaku kembali")
    if lost == "offline":
        expect(page.locator("#lamp")).to_have_attribute("data-is", "gone")
        assert said(cast) == []
    page.locator("#say button").click()  # pressed again: still the same message
    signal.append("there again")
    page.context.set_offline(False)
    expect(page.locator("#say [role=alert]")).to_be_hidden()
    expect(page.locator(".bubble--us")).to_contain_text("Pelaku kembali")
    expect(page.locator("#words")).to_have_value("")
    page.fill("#words", "Pelaku kembali")  # the same words once more, on purpose
    page.locator("#say button").click()
    expect(page.locator(".bubble--us")).to_have_count(2)
    assert said(cast) == ["Pelaku kembali"] * 2


def test_every_form_of_the_page_waits_for_a_connection(phone: Pages, cast: Cast) -> None:
    cast.file(cast.ann, category="DARURAT_NYAWA", words="Respons Cepat ditekan, tanpa kata.")
    page = phone("ann", service_workers="block")
    page.goto(f"/complaints/{complaints(cast)[-1].ref}")
    page.context.set_offline(True)
    page.get_by_role("button", name="Pelaku bawa senjata").click()
    page.get_by_role("button", name="Ada yang luka").click()
    expect(page.locator("#urge > [role=alert]")).to_contain_text("Belum terkirim: tidak ada sambungan")
    page.context.set_offline(False)
    expect(page.locator(".bubble--us")).to_have_count(2)
    assert sorted(said(cast)) == ["Ada yang luka", "Pelaku bawa senjata"]
    incident = complaints(cast)[-1].incident_id
    cast.take(incident, "claim", cast.hendra)
    cast.take(incident, "resolve", cast.hendra, outcome="handled")
    expect(page.locator("#rating")).to_be_visible()
    page.context.set_offline(True)
    page.get_by_label("2 Kurang").check()
    page.get_by_role("button", name="Kirim penilaian").click()
    page.fill("#reason", "Masih ribut")
    page.locator(".reopen button").click()
    for form in (".rate", ".reopen"):
        expect(page.locator(f"{form} [role=alert]")).to_contain_text("Belum terkirim")
    page.context.set_offline(False)
    expect(page.locator(".rate, .reopen")).to_have_count(0)
    expect(page.locator("#stage")).to_have_text("Diterima")


def test_a_message_that_was_not_sent_goes_from_the_home_page_too(phone: Pages, cast: Cast) -> None:
    cast.file(cast.ann)
    page = phone("ann", service_workers="block")
    page.goto(f"/complaints/{complaints(cast)[-1].ref}")
    page.context.set_offline(True)
    page.fill("#words", "Pelaku kembali")
    page.locator("#say button").click()
    expect(page.locator("#say [role=alert]")).to_contain_text("Belum terkirim")
    page.close()
    page = page.context.new_page()
    page.context.set_offline(False)
    with page.expect_response("**/reply"):
        page.goto("/")
    assert said(cast) == ["Pelaku kembali"]


def test_words_half_typed_come_back_after_a_reload_to_their_writer_alone(phone: Pages, cast: Cast) -> None:
    cast.file(cast.ann)
    ref = complaints(cast)[-1].ref
    cast.file(cast.ann, category="CURAT")
    other = complaints(cast)[-1].ref
    page = phone("ann")
    page.goto(f"/complaints/{ref}")
    page.fill("#words", "Dia masih")
    page.reload()
    expect(page.locator("#words")).to_have_value("Dia masih")
    page.goto(f"/complaints/{other}")
    expect(page.locator("#words")).to_have_value("")
    page.goto(f"/complaints/{ref}")
    page.locator("#say button").click()
    expect(page.locator(".bubble--us")).to_contain_text("Dia masih")
    page.reload()
    expect(page.locator("#words")).to_have_value("")
    page.fill("#words", "Dan lagi")
    page.goto("/")
    page.get_by_role("button", name="Keluar", exact=True).click()
    expect(page.get_by_role("link", name="Masuk untuk melihat kabarnya")).to_be_visible()
    assert page.evaluate("localStorage.getItem('siaga.said')") is None


def test_mode_senyap_keeps_no_words_and_the_way_out_stays_in_sight(phone: Pages, cast: Cast) -> None:
    cast.file(cast.ann, category="DARURAT_NYAWA", words="Respons Cepat ditekan, tanpa kata.")
    page = phone("ann")
    page.goto(f"/complaints/{complaints(cast)[-1].ref}")
    page.fill("#words", "Dia masih")
    page.goto("/")
    page.get_by_role("button", name="Mode senyap").click()
    expect(page.locator("html[data-quiet=yes]")).to_be_attached()
    page.goto(f"/complaints/{complaints(cast)[-1].ref}")
    expect(page.locator("#words")).to_have_value("")
    assert page.evaluate("scrollY") == 0
    page.fill("#words", "Dia masih di sini")
    assert "Dia masih" not in page.evaluate("JSON.stringify(localStorage) + JSON.stringify(sessionStorage)")
    page.get_by_text("Isi catatan", exact=True).click()
    page.mouse.wheel(0, 5000)
    page.wait_for_function("() => scrollY > 100")
    expect(page.get_by_role("link", name="Tutup")).to_be_in_viewport(ratio=1)
    page.reload()
    expect(page.locator("#words")).to_have_value("")


TELLING = ("polisi", "petugas", "personel", "lapor", "siaga", "respons", "darurat", "kdrt", "begal", "bahaya", "tkp")


def test_in_mode_senyap_nothing_in_sight_tells(phone: Pages, cast: Cast) -> None:
    """Also what is pushed while the page is open: a push knows nothing of the mode."""
    page = phone("ann")
    incident = cast.file(category="KDRT_PPA", words="Suami saya marah")
    ref = complaints(cast)[-1].ref
    page.goto("/")
    page.get_by_role("button", name="Mode senyap").click()
    expect(page.locator("html[data-quiet=yes]")).to_be_attached()
    for path in ("/", "/complaints", f"/complaints/{ref}"):
        page.goto(path)
        expect(page.locator("html[data-live=well]")).to_be_attached()
        seen = page.locator("body").inner_text().lower().replace("mode senyap: tanpa getar", "")
        assert "catatan" in seen and [word for word in TELLING if word in seen] == [], path
        assert page.get_by_role("link", name="Tutup").count() == 1, path
    expect(page.locator("#stage")).to_have_text("Kabar: belum dibaca")
    cast.take(incident, "claim", cast.hendra)
    expect(page.locator("#stage")).to_have_text("Kabar: sudah dibaca")
    page.goto("/complaints")
    expect(page.locator("html[data-live=well]")).to_be_attached()
    cast.send(incident, cast.hendra, (None, 3))
    expect(page.locator("#board .tile b")).to_contain_text("Kabar: sedang jalan")
    assert [word for word in TELLING if word in page.locator("body").inner_text().lower()] == []
    page.goto(f"/complaints/{ref}")
    cast.take(incident, "ask", cast.hendra, words="Aman?")
    expect(page.get_by_text("1 balasan", exact=True)).to_be_visible()  # theirs, not one's own
    page.get_by_text("Isi catatan", exact=True).click()
    expect(page.get_by_text("Suami saya marah")).to_be_visible()
    page.get_by_text("1 balasan", exact=True).click()
    expect(page.locator("#words")).to_be_visible()


@pytest.mark.parametrize(("theme", "locale"), BOTH)
def test_every_page_is_within_wcag_and_within_the_screen(
    phone: Pages, cast: Cast, violations: Callable[[Page], list[str]], theme: str, locale: str
) -> None:
    cast.run(lambda session: setattr(session.get_one(Citizen, cast.ann.id), "locale", locale))
    said = Draft("Waspada banjir di bantaran Sungai Deli", "Naikkan barang.", "peringatan", "Medan Maimun", pinned=True)
    id = cast.run(lambda session: publish(session, cast.sari, said).id)
    urgent = cast.file(category="DARURAT_NYAWA", words="Respons Cepat ditekan, tanpa kata.", landmark="")
    out = cast.file()
    cast.take(out, "claim", cast.hendra)
    cast.take(out, "ask", cast.hendra, words="Aman?")
    cast.send(out, cast.hendra, (None, 3))
    over = cast.file()
    cast.take(over, "claim", cast.hendra)
    cast.take(over, "resolve", cast.hendra, outcome="handled")
    refs = {complaint.incident_id: complaint.ref for complaint in complaints(cast)}
    own = ("/", *(f"/complaints/{refs[one.id]}" for one in (urgent, out, over)))
    everybody = ("/", "/bulletins", f"/bulletins/{id}", "/offline")
    for who, paths in (
        ("", everybody),
        ("ann", own),
        ("bob", ("/",)),
        ("sari", ("/bulletins", "/bulletins/new", f"/bulletins/{id}/edit")),
        ("quiet", own),
    ):
        page = phone("ann" if who == "quiet" else who, theme=theme, locale=locale, reduced_motion="reduce")
        if who == "quiet":
            page.goto("/")
            page.locator("[name=quiet]").click()
        for path in paths:
            page.goto(path)
            for folded in page.locator("summary").all():
                folded.click()
            page.evaluate("scrollTo(0, 0)")  # what lies under 110 cannot be pressed
            assert violations(page) == [], f"{who} {path}"
            wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert wide <= 0, f"{who} {path} is {wide} px too wide"


# Read is what was read


def asked_on(page: Page, cast: Cast, incident: int, words: str) -> int:
    """A question of the officer's; returns its number once the page has it."""
    seq = int(cast.take(incident, "ask", cast.hendra, words=words).seq)
    expect(page.locator(f"#line-{seq}")).to_be_attached()
    return seq


def own(who: str, cast: Cast) -> tuple[int, str]:
    """A long page to read: an account's report, or a guest's call for help."""
    incident = cast.press() if who == "guest" else cast.file()
    cast.take(incident, "claim", cast.hendra)
    return incident.id, complaints(cast)[-1].ref


@pytest.mark.parametrize("who", ["ann", "guest"])
def test_a_message_is_read_once_it_stood_in_sight_and_announced_until_then(
    phone: Pages, cast: Cast, who: str, violations: Callable[[Page], list[str]]
) -> None:
    page, (incident, ref) = phone(who), own(who, cast)
    read = lambda: next(row.read_seq for row in complaints(cast) if row.ref == ref)  # noqa: E731
    page.goto(f"/complaints/{ref}")
    expect(page.locator("html[data-live=well]")).to_be_attached()
    page.evaluate("document.querySelector('#talk').style.marginTop = '1200px'")  # as beneath a long story
    seq = asked_on(page, cast, incident, "Di lantai berapa Anda bersembunyi?")
    news = page.locator("#heard")
    expect(news).to_contain_text("1 pesan baru dari petugas")
    expect(news).to_contain_text("Di lantai berapa Anda")
    expect(news).to_be_in_viewport()
    page.reload()  # a page that was loaded was not read
    page.evaluate("document.querySelector('#talk').style.marginTop = '1200px'")
    expect(news).to_be_in_viewport()
    expect(page.locator(f"#line-{seq}")).not_to_be_in_viewport()
    page.evaluate("() => new Promise(done => setTimeout(done, 1500))")  # longer than a look takes
    assert read() == 0 and violations(page) == []
    news.get_by_role("link").click()
    expect(page.locator(f"#line-{seq}")).to_be_in_viewport()
    expect(news).to_be_empty()
    assert read() == seq
    expect(page.locator(f"#line-{seq}")).to_have_attribute("data-new", "")  # it stays marked for a while


def test_what_stands_above_and_was_never_in_sight_is_not_read_with_the_last(phone: Pages, cast: Cast) -> None:
    page, (incident, ref) = phone("ann"), own("ann", cast)
    page.goto(f"/complaints/{ref}")
    expect(page.locator("html[data-live=well]")).to_be_attached()
    page.evaluate("document.querySelector('#talk').style.marginTop = '1200px'")
    first = asked_on(page, cast, incident, "Di lantai berapa?\n" + "Jawab bila aman.\n" * 60)
    last = asked_on(page, cast, incident, "Masih di sana?")
    page.locator(f"#line-{last}").scroll_into_view_if_needed()
    page.evaluate("() => new Promise(done => setTimeout(done, 1500))")
    assert complaints(cast)[-1].read_seq < first
    expect(page.locator("#heard")).to_contain_text("2 pesan baru")


def test_mode_senyap_says_only_that_there_is_something_and_opens_it(phone: Pages, cast: Cast) -> None:
    page, (incident, ref) = phone("ann"), own("ann", cast)
    page.goto("/")
    page.get_by_role("button", name="Mode senyap").click()
    expect(page.locator("html[data-quiet=yes]")).to_be_attached()
    page.goto(f"/complaints/{ref}")
    expect(page.locator("html[data-live=well]")).to_be_attached()
    seq = asked_on(page, cast, incident, "Pelaku masih di rumah?")
    expect(page.locator("#heard")).to_have_text("1 balasan baru")
    page.locator("#heard a").click()
    expect(page.locator(f"#line-{seq}")).to_be_in_viewport()
    expect(page.locator("#heard")).to_be_empty()


def test_without_javascript_it_is_read_by_a_press(phone: Pages, cast: Cast) -> None:
    page, (incident, ref) = phone("ann", java_script_enabled=False), own("ann", cast)
    cast.take(incident, "ask", cast.hendra, words="Aman?")
    page.goto(f"/complaints/{ref}")
    page.reload()
    assert complaints(cast)[-1].read_seq == 0
    page.get_by_role("button", name="Sudah dibaca").click()
    expect(page.locator("#heard")).to_be_empty()
    assert complaints(cast)[-1].read_seq > 0


# A call for help


def test_how_it_stands_is_on_the_first_screen_at_every_step(phone: Pages, cast: Cast) -> None:
    page = phone("guest", viewport={"width": 390, "height": 844})
    incident, ref = cast.press(), complaints(cast)[-1].ref
    page.goto(f"/complaints/{ref}")
    expect(page.locator("#receipt")).to_be_in_viewport(ratio=1)
    for step, said in (("claim", "Sedang diperiksa"), ("ask", "Sedang ditindaklanjuti"), ("dispatch", "Petugas menuju"), ("arrive", "Petugas di lokasi"), ("resolve", "Selesai")):  # fmt: skip
        if step == "dispatch":
            cast.send(incident, cast.hendra, (None, 2))
        else:
            given = {"ask": {"words": "Aman?"}, "resolve": {"outcome": "handled"}}.get(step, {})
            cast.take(incident, step, cast.hendra, **given)
        expect(page.locator("#stage")).to_contain_text(said)
        expect(page.locator("#stage")).to_be_in_viewport(ratio=1)
        assert page.evaluate("scrollY") == 0


def test_whoever_proves_their_number_there_stays_there(phone: Pages, cast: Cast) -> None:
    """Their session as a guest ends with it, and the open line says so while the answer is on its way."""
    page = phone("guest")
    cast.press()
    page.goto(f"/complaints/{(ref := complaints(cast)[-1].ref)}")
    expect(page.locator("html[data-live=well]")).to_be_attached()
    page.fill("#phone", "0812 7777 8888")
    with listening() as inbox:
        page.locator("#need-number button").click()
        page.fill("#code", inbox.code())
    expect(page.locator("html[data-live=well]")).to_be_attached()

    def slow(route: Route) -> None:
        here = route.request.headers | {"sec-fetch-site": "same-origin"}  # as the browser's own form has it
        answer = route.fetch(max_redirects=0, headers=here)
        page.wait_for_timeout(700)  # the line is closed meanwhile
        on = f"<meta http-equiv=refresh content='0;url={answer.headers['location']}'>"
        route.fulfill(status=200, content_type="text/html", body=on)  # a browser follows no redirect of a test's

    page.route("**/sign-in/code", slow)
    page.locator("#need-code button").click()
    expect(page.locator("#need")).to_have_count(0)
    assert page.url.endswith(f"/complaints/{ref}")
    page.goto(f"/sign-in?next=/complaints/{ref}")  # and whoever is inside is led on to where they wanted to go
    assert page.url.endswith(f"/complaints/{ref}")

"""The citizen's doors in a real browser: what a phone keeps, what arrives by itself, what works without JavaScript."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect
from sqlalchemy.orm import selectinload
from sqlmodel import col, select

from models.incidents.complaint import Complaint
from models.people.citizens import Citizen
from tests.support.house import Running
from tests.support.inbox import listening
from tests.support.serving import Cast
from tests.support.town import jpeg

Pages = Callable[..., Page]
PUBLIC = ("/", "/sign-in", "/sign-up", "/complaints/new", "/complaints/new?category=DARURAT_NYAWA", "/nowhere")
ELSEWHERE = "https://www.bmkg.go.id/"
KEPT_PHOTOS = """() => new Promise(done => {
    const opening = indexedDB.open("siaga");
    opening.onsuccess = () => {
        const counted = opening.result.transaction("photos").objectStore("photos").count();
        counted.onsuccess = () => done(counted.result);
    };
})"""
FIRST_PAGE_BYTES = 60_000
BABURA = {"latitude": 3.5796, "longitude": 98.6585, "accuracy": 18}

BOTH = [("light", "id"), ("dark", "en")]  # colours hang on the one, lengths on the other


@pytest.fixture
def phone(server: Running, cast: Cast, new_page: Pages) -> Pages:
    """A function that opens an empty page on a phone, as somebody of the cast; it closes before the server does."""

    def open_phone(who: str = "", **options: object) -> Page:
        page = new_page("phone", base_url=server.http, **options)
        if who:
            name, _, secret = cast.cookies[who].partition("=")
            page.context.add_cookies([{"name": name, "value": secret, "url": server.http}])
        return page

    return open_phone


def complaints(cast: Cast) -> list[Complaint]:
    rows = select(Complaint).options(selectinload(Complaint.evidence)).order_by(col(Complaint.id))  # type: ignore[arg-type]
    return cast.read(lambda session: list(session.exec(rows)))


def fill(page: Page, words: str = "Dua orang naik matic hitam", place: str = "Jl. Iskandar Muda") -> None:
    page.locator("[value=CURAS_BEGAL]").check()
    page.fill("#description", words)
    page.fill("#place", place)


def add_photo(page: Page, name: str = "foto.jpg", colour: str = "red") -> None:
    page.set_input_files("#photo", {"name": name, "mimeType": "image/jpeg", "buffer": jpeg(colour)})


def follow_one(page: Page, cast: Cast) -> None:
    """Ann's page of a complaint just filed, once it listens."""
    cast.file()
    page.goto(f"/complaints/{complaints(cast)[-1].ref}")
    expect(page.locator("#lamp")).to_have_attribute("data-is", "well")


def test_fill_in_first_sign_up_last(phone: Pages, cast: Cast) -> None:
    page = phone()
    page.goto("/")
    page.get_by_role("link", name="Lapor Kata dan foto").click()
    fill(page)
    add_photo(page)
    page.get_by_role("button", name="Kirim laporan").click()
    expect(page.get_by_text("Belum terkirim")).to_be_visible()
    page.get_by_role("link", name="Daftar").click()
    page.fill("#phone", "0812 7777 8888")
    with listening() as inbox:
        page.get_by_role("button", name="Kirim kode").click()
        page.fill("#code", inbox.code())
    page.get_by_role("button", name="Masuk dan kirim").click()
    page.fill("#name", "Rina")
    page.get_by_role("button", name="Daftar dan kirim").click()
    expect(page.locator("#receipt")).to_be_visible()
    expect(page.locator(".up img")).to_be_visible()  # seen by the media child, shown by itself
    (complaint,) = complaints(cast)
    assert complaint.words == "Dua orang naik matic hitam" and len(complaint.evidence) == 1
    page.goto("/complaints/new")
    expect(page.locator("#description")).to_have_value("")  # sent: the device keeps nothing


def test_sent_by_the_form_itself_it_is_sent_once_and_kept_no_more(phone: Pages, cast: Cast) -> None:
    page = phone("ann")
    page.route("**/citizen-send.js*", lambda route: None)  # never comes: the page has all but what sends
    page.goto("/complaints/new", wait_until="commit")
    expect(page.locator("#here")).to_be_visible()  # the last one before it has run
    fill(page)
    add_photo(page)
    expect(page.locator("#ups")).to_have_attribute("data-kept", "yes")
    page.get_by_role("button", name="Kirim laporan").click()
    expect(page.locator("#receipt")).to_be_visible()
    expect(page.locator(".up img")).to_be_visible()
    page.unroute_all()
    page.goto("/complaints/new")
    expect(page.get_by_text("Tulisan Anda tadi masih ada")).to_be_hidden()
    expect(page.locator("#description")).to_have_value("")
    (complaint,) = complaints(cast)
    assert len(complaint.evidence) == 1


def test_a_closed_tab_loses_nothing(phone: Pages) -> None:
    page = phone("ann")
    page.goto("/complaints/new")
    page.get_by_label("Lainnya", exact=True).check()
    page.get_by_label("Judi").check()
    page.fill("#description", "Setiap malam")
    add_photo(page)
    expect(page.locator(".up")).to_have_count(1)
    expect(page.locator("#ups")).to_have_attribute("data-kept", "yes")  # on the device, not only on the page
    key = page.locator("[name=idempotency_key]").input_value()
    context = page.context
    page.close()
    again = context.new_page()
    again.goto("/complaints/new")
    expect(again.get_by_text("Tulisan Anda tadi masih ada")).to_be_visible()
    expect(again.locator("#description")).to_have_value("Setiap malam")
    expect(again.locator("[value=JUDI]")).to_be_checked()
    expect(again.locator(".up")).to_have_count(1)
    expect(again.locator("[name=idempotency_key]")).to_have_value(key)
    again.get_by_role("button", name="Hapus tulisan ini").click()
    expect(again.locator("#description")).to_have_value("")
    expect(again.locator(".up")).to_have_count(0)


def test_a_kind_without_a_tile_is_found_by_a_word(phone: Pages) -> None:
    page = phone("ann")
    page.goto("/complaints/new")
    page.get_by_label("Lainnya", exact=True).check()
    kinds = page.locator(".rest .option:visible")
    words = kinds.locator("span").all_text_contents()
    assert len(words) > 8 and words == sorted(words, key=str.casefold)
    page.get_by_label("Cari jenis kejadian").fill("ditipu")
    expect(kinds).to_have_text(["Ditipu, penipuan online"])
    page.get_by_label("Cari jenis kejadian").press("Enter")  # looks for a kind, and sends nothing
    page.get_by_label("Ditipu").check()
    page.get_by_label("Cari jenis kejadian").fill("xqzt")
    expect(page.get_by_text("Tidak ada yang cocok")).to_be_hidden()  # what was chosen stays
    expect(page.get_by_label("Ditipu")).to_be_checked()


def test_photos_add_up_and_one_can_be_dropped(phone: Pages) -> None:
    page = phone("ann")
    page.goto("/complaints/new")
    add_photo(page, "a.jpg")
    add_photo(page, "b.jpg", "blue")
    expect(page.locator(".up")).to_have_count(2)
    page.get_by_role("button", name="Buang foto 1").click()
    expect(page.locator(".up")).to_have_count(1)
    names = page.evaluate("[...document.querySelector('#photo').files].map(file => file.name)")
    assert names == ["b.jpg"]


def test_a_lost_signal_sends_it_again_and_only_once(phone: Pages, cast: Cast) -> None:
    page = phone("ann")
    page.goto("/complaints/new")
    fill(page)
    lost: list[str] = []

    def lose_the_answer(route: Route) -> None:
        if route.request.method != "POST" or lost:
            route.continue_()
            return
        lost.append(route.request.url)
        route.fetch(max_redirects=0)  # it arrives, but its answer never does
        route.abort("connectionreset")

    page.route("**/complaints", lose_the_answer)
    page.get_by_role("button", name="Kirim laporan").click()
    expect(page.get_by_text("Sinyal putus")).to_be_visible()
    expect(page.locator("#receipt")).to_be_visible()
    assert len(lost) == 1 and len(complaints(cast)) == 1


def test_what_is_wrong_stands_beside_its_field_and_the_words_stay(phone: Pages) -> None:
    page = phone("ann")
    page.goto("/complaints/new")
    page.fill("#description", "Ada api")
    page.get_by_role("button", name="Kirim laporan").click()
    expect(page.locator("#fault-category")).to_have_text("Pilih apa yang terjadi.")
    expect(page.locator("#fault-place")).to_be_visible()
    expect(page.locator("#description")).to_have_value("Ada api")


def test_the_form_of_respons_cepat_asks_for_the_position_at_once(phone: Pages, cast: Cast) -> None:
    page = phone("ann", geolocation=BABURA, permissions=["geolocation"])
    page.goto("/complaints/new?category=DARURAT_NYAWA")
    expect(page.locator("#here-me")).to_contain_text("±18 m")
    page.get_by_role("button", name="Kirim laporan").click()
    expect(page.locator("#receipt")).to_be_visible()
    (complaint,) = complaints(cast)
    assert (complaint.category_code, complaint.lat, complaint.accuracy_m) == ("DARURAT_NYAWA", 3.5796, 18.0)


def test_the_map_moves_under_the_pin(phone: Pages) -> None:
    page = phone("ann")
    page.goto("/complaints/new")
    page.locator("#here").scroll_into_view_if_needed()
    page.locator("#here-map.leaflet-container").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#precision")).to_have_value("pin")
    assert 94.7 < float(page.locator("#lon").input_value()) < 141.1


def test_a_refused_position_leaves_the_words(phone: Pages) -> None:
    page = phone("ann")
    page.goto("/complaints/new")
    page.get_by_role("button", name="Lokasi saya").click()
    expect(page.locator("#here-said")).to_have_text("Izin lokasi ditolak. Geser peta atau tulis alamat.")
    expect(page.locator("#lat")).to_have_value("")


def test_the_follow_page_moves_by_itself_and_half_typed_words_stay(phone: Pages, cast: Cast) -> None:
    page = phone("ann")
    follow_one(page, cast)
    page.fill("#words", "Saya di")
    incident = complaints(cast)[-1].incident_id
    cast.take(incident, "claim", cast.hendra)
    expect(page.locator("#stage")).to_have_text("Sedang diperiksa")
    cast.take(incident, "ask", cast.hendra, words="Apakah Ibu aman sekarang?")
    expect(page.locator(".bubble")).to_contain_text("Apakah Ibu aman sekarang?")
    expect(page.locator("#stage")).to_have_text("Sedang ditindaklanjuti")
    cast.send(incident, cast.hendra, (None, 7))
    expect(page.get_by_text("7 personel berangkat")).to_be_visible()
    expect(page.locator("#words")).to_have_value("Saya di")
    expect(page.locator("#lamp")).to_contain_text("Tersambung")


def test_a_reply_appears_without_a_reload(phone: Pages, cast: Cast) -> None:
    page = phone("ann")
    follow_one(page, cast)
    page.evaluate("window.sameDocument = true")
    page.fill("#words", "Sudah di dalam minimarket pak.")
    page.get_by_role("button", name="Kirim", exact=True).click()
    expect(page.locator(".bubble--us")).to_contain_text("Sudah di dalam minimarket pak.")
    expect(page.locator("#words")).to_have_value("")
    assert page.evaluate("window.sameDocument")


def test_home_hears_of_ones_own_complaints_only(phone: Pages, cast: Cast) -> None:
    page = phone("ann")
    cast.file()
    page.goto("/")
    mine = page.locator("#board > li")
    expect(mine).to_have_count(1)
    expect(page.locator("html[data-live=well]")).to_be_attached()
    cast.file(by=cast.zed)  # must stay silent
    incident = cast.file()  # the sentinel
    expect(mine).to_have_count(2)
    cast.take(incident, "claim", cast.hendra)
    expect(page.locator("#board > li").first).to_contain_text("Sedang diperiksa")  # newest first
    expect(mine).to_have_count(2)


def leave_quickly(page: Page) -> None:
    page.context.route(f"{ELSEWHERE}**", lambda route: route.fulfill(body="Cuaca", content_type="text/html"))
    page.get_by_role("link", name="Keluar cepat").click()
    expect(page).to_have_url(ELSEWHERE)


def test_leaving_quickly_leaves_nothing(phone: Pages, cast: Cast) -> None:
    page = phone("ann")
    cast.file(category="KDRT_PPA")
    page.goto("/complaints")  # two pages of ours stand in the history before the one that is left
    page.goto("/")
    page.goto("/complaints/new")
    page.get_by_label("KDRT, anak").check()
    page.fill("#description", "Tolong")
    add_photo(page)
    expect(page.locator(".up")).to_have_count(1)
    leave_quickly(page)
    for _ in range(2):
        page.go_back(wait_until="commit")
        expect(page).to_have_url(ELSEWHERE)
        expect(page.locator("body")).to_have_text("Cuaca")
    page.goto("/")
    expect(page.get_by_text("Sudah pernah melapor?")).to_be_visible()  # nobody is signed in
    expect(page.locator("#board")).to_have_count(0)
    assert page.evaluate(KEPT_PHOTOS) == 0  # not only out of sight
    page.goto("/complaints/new")
    expect(page.locator("#description")).to_have_value("")
    expect(page.locator(".up")).to_have_count(0)


def test_left_without_a_signal_nobody_stays_signed_in(phone: Pages, cast: Cast) -> None:
    page = phone("ann")
    cast.file(category="KDRT_PPA")
    page.goto("/")
    page.goto("/complaints/new")
    page.route("**/sign-out", lambda route: route.abort())
    leave_quickly(page)
    page.go_back(wait_until="commit")  # elsewhere still, though it has yet to sign out
    expect(page).to_have_url(ELSEWHERE)
    page.unroute("**/sign-out")
    page.goto("/complaints", wait_until="commit")
    expect(page.get_by_text("Sudah pernah melapor?")).to_be_visible()
    expect(page.locator("html")).not_to_have_attribute("hidden", "")


def test_files_on_their_way_outlive_a_quick_leave_unseen(phone: Pages, cast: Cast) -> None:
    page = phone("ann")
    page.goto("/complaints/new")
    fill(page)
    page.get_by_label("KDRT, anak").check()
    add_photo(page)
    expect(page.locator("#ups")).to_have_attribute("data-kept", "yes")
    page.route("**/uploads*", lambda route: route.abort())
    page.get_by_role("button", name="Kirim laporan").click()
    expect(page.locator("#queue .up")).to_be_visible()
    leave_quickly(page)
    page.unroute("**/uploads*")
    page.goto("/")
    expect(page.get_by_text("Sudah pernah melapor?")).to_be_visible()
    expect(page.locator("#onway")).to_have_count(0)
    assert complaints(cast)[-1].evidence == []
    secret = cast.sign_in(cast.ann, "ann again")
    page.context.add_cookies([{"name": "siaga", "value": secret, "url": page.url}])
    page.goto("/complaints/" + complaints(cast)[-1].ref)
    expect(page.locator("#photos .up")).to_have_count(1)
    assert len(complaints(cast)[-1].evidence) == 1


@pytest.mark.parametrize("category", ["KDRT, anak", "Keributan, bising"])
def test_a_sensitive_draft_is_seen_by_nobody_else_who_opens_the_phone(phone: Pages, category: str) -> None:
    page = phone()
    page.goto("/complaints/new")
    page.get_by_label(category).check()
    page.fill("#description", "Setiap malam")
    add_photo(page)
    expect(page.locator("#ups")).to_have_attribute("data-kept", "yes")  # the photo lies on the phone
    page.reload()
    expect(page.locator("#description")).to_have_value("Setiap malam")  # its writer's tab
    expect(page.locator(".up")).to_have_count(1)
    again = page.context.new_page()
    page.close()
    again.goto("/complaints/new")
    sensitive = category == "KDRT, anak"
    expect(again.locator("#kept")).to_be_visible(visible=not sensitive)
    expect(again.locator("#description")).to_have_value("" if sensitive else "Setiap malam")
    expect(again.locator(".up")).to_have_count(0 if sensitive else 1)


def test_a_sensitive_draft_comes_back_to_its_account(phone: Pages) -> None:
    page = phone("ann")
    page.goto("/complaints/new")
    page.get_by_label("KDRT, anak").check()
    page.fill("#description", "Setiap malam")
    again = page.context.new_page()
    page.close()
    again.goto("/complaints/new")
    expect(again.locator("#description")).to_have_value("Setiap malam")


def test_all_of_it_works_without_javascript(phone: Pages, cast: Cast) -> None:
    page = phone(java_script_enabled=False)
    page.goto("/complaints/new")
    fill(page)
    add_photo(page)
    page.get_by_role("button", name="Kirim laporan").click()
    page.get_by_role("link", name="Daftar").click()
    page.fill("#phone", "0812 7777 8888")
    with listening() as inbox:
        page.get_by_role("button", name="Kirim kode").click()
        page.fill("#code", inbox.code())
    page.get_by_role("button", name="Masuk dan kirim").click()
    page.fill("#name", "Rina")
    page.get_by_role("button", name="Daftar dan kirim").click()
    expect(page.locator("#receipt")).to_be_visible()
    page.fill("#words", "Masih di sini")
    page.get_by_role("button", name="Kirim", exact=True).click()
    expect(page.locator(".bubble--us")).to_contain_text("Masih di sini")
    (complaint,) = complaints(cast)
    assert len(complaint.evidence) == 1


def test_the_first_page_is_light(phone: Pages) -> None:
    page = phone("ann")
    sizes: list[int] = []
    page.on("requestfinished", lambda request: sizes.append(request.sizes()["responseBodySize"]))
    page.goto("/", wait_until="load")
    expect(page.locator("html[data-live=well]")).to_be_attached()
    assert 0 < sum(sizes) <= FIRST_PAGE_BYTES, sizes


@pytest.mark.parametrize(("theme", "locale"), BOTH)
def test_every_page_is_within_wcag_and_within_the_screen(
    phone: Pages, cast: Cast, violations: Callable[[Page], list[str]], theme: str, locale: str
) -> None:
    cast.run(lambda session: setattr(session.get_one(Citizen, cast.ann.id), "locale", locale))
    incident = cast.file(category="KDRT_PPA", at=(3.7838, 98.6853))
    cast.take(incident, "claim", cast.hendra)
    cast.take(incident, "ask", cast.hendra, words="Apakah Ibu aman sekarang?")
    closed = cast.file(place="Jl. Gatot Subroto")
    cast.take(closed, "dismiss", cast.hendra, reason="empty")
    refs = [complaint.ref for complaint in complaints(cast)]
    private = ("/", "/complaints", "/complaints/new", *(f"/complaints/{ref}" for ref in refs))
    for who, paths in (("", PUBLIC), ("ann", private), ("bob", ("/complaints/new",)), ("hendra", ("/complaints/new",))):
        page = phone(who, theme=theme, locale=locale, reduced_motion="reduce")
        for path in paths:
            page.goto(path)
            assert violations(page) == [], path
            wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert wide <= 0, f"{path} is {wide} px too wide"


def test_a_place_is_chosen_while_one_types_and_known_again(phone: Pages, cast: Cast) -> None:
    page = phone("ann")
    page.goto("/complaints/new")
    field, rows = page.get_by_label("Jalan atau kelurahan"), page.get_by_role("option")
    expect(field).to_have_attribute("aria-expanded", "false")
    field.press_sequentially("sei mati")
    expect(rows).to_have_count(2)
    field.press("Escape")
    expect(rows).to_have_count(0)
    field.press("Backspace")
    expect(rows.first).to_contain_text("Medan Maimun")
    field.press("ArrowDown")
    expect(rows.first).to_have_attribute("aria-selected", "true")
    expect(field).to_have_attribute("aria-activedescendant", "place-list-0")
    field.press("Enter")
    expect(field).to_have_value("Sei Mati, Medan Maimun")
    expect(rows).to_have_count(0)
    page.locator("[value=TAWURAN_GENG]").check()
    page.get_by_label("Ceritakan singkat").fill("Ada yang berkelahi")
    page.get_by_role("button", name="Kirim").last.click()
    page.wait_for_url(re.compile(r"/complaints/[0-9A-Z]{4}-[0-9A-Z]{4}$"))
    [complaint] = complaints(cast)
    incident = cast.incident(complaint.incident_id)
    assert (incident.kelurahan, incident.kecamatan, incident.precision) == ("Sei Mati", "Medan Maimun", "area")


def test_what_is_asked_is_answered_by_one_press(phone: Pages, cast: Cast) -> None:
    incident = cast.file(nowhere=True, landmark="sei mati dekat jembatan")
    page = phone("ann")
    page.goto(f"/complaints/{cast.read(lambda s: s.get_one(Complaint, 1).ref)}")
    expect(page.locator("#question h2")).to_have_text("Sei Mati yang mana?")
    page.get_by_role("button", name="Labuhan").click()
    expect(page.locator("#question")).to_have_count(0)
    expect(page.locator("#where")).to_contain_text("Anda mengirim lokasi")
    assert cast.incident(incident.id).kecamatan == "Medan Labuhan"


def test_after_a_refusal_the_list_leads_to_the_fields_and_what_is_mended_goes(phone: Pages) -> None:
    page = phone("ann")
    page.goto("/complaints/new")
    page.get_by_label("Begal, jambret").check()
    page.get_by_role("button", name="Kirim laporan").click()
    expect(page).to_have_title("Periksa lagi: Lapor · Siaga")
    expect(page.locator("#stop")).to_be_focused()
    faults = page.locator("#stop li")
    expect(faults).to_have_count(2)  # the words and the place
    faults.filter(has_text="Ceritakan singkat").get_by_role("link").click()
    expect(page.locator("#description")).to_be_in_viewport()
    page.fill("#description", "Dua orang naik matic")
    expect(faults).to_have_count(1)
    expect(page.locator("#fault-description")).to_have_count(0)
    expect(page.locator("#description")).not_to_have_attribute("aria-invalid", "true")


def test_a_picture_that_cannot_be_drawn_is_said_to_be_broken_when_it_is_picked(phone: Pages) -> None:
    page = phone("ann")
    page.goto("/complaints/new")
    broken = {"name": "rusak.jpg", "mimeType": "image/jpeg", "buffer": b"\xff\xd8 no picture at all"}
    page.set_input_files("#photo", [broken])
    expect(page.locator("#ups-said")).to_have_text("Foto 1 tampaknya rusak: pilih yang lain bila ada.")
    expect(page.locator("#ups img")).to_have_count(0)


def test_a_place_taken_from_the_list_is_what_the_map_shows(phone: Pages) -> None:
    page = phone("ann")
    page.goto("/complaints/new")
    page.locator("#here").scroll_into_view_if_needed()
    expect(page.locator("#here-map.leaflet-container")).to_be_visible()
    name = page.locator("#here-map").get_by_text("Sei Mati", exact=True)
    expect(name).to_have_count(0)  # the whole city is in sight
    with page.expect_response("**/places?**"):
        page.locator("#place").press_sequentially("sei mati")
    page.get_by_role("option").first.click()
    expect(page.locator("#place")).to_have_value("Sei Mati, Medan Maimun")
    expect(name.first).to_be_visible()
    expect(page.locator("#lat")).to_have_value("")  # the words say where, nobody gave a point

"""Serah terima on two screens: twelve open cases, two sent back, two signatures; by keys on one, by finger on the other."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from models.command.freezing import freeze
from models.command.handover import newest_handover
from models.command.shifts import on_duty
from tests.support.house import Running
from tests.support.pickets import pickets
from tests.support.serving import Cast
from tests.support.town import HASHED, PASSWORD

Pages = Callable[..., Page]


def at(
    new_page: Pages,
    server: Running,
    cookie: str,
    size: str = "console",
    path: str = "/duty/handover",
    lamp: bool = True,
) -> Page:
    page = new_page(size, base_url=server.http, bypass_csp=True)
    name, _, secret = cookie.partition("=")
    page.context.add_cookies([{"name": name, "value": secret, "url": server.http}])
    page.goto(path)
    if lamp:
        expect(page.locator("#lamp[data-is=well]")).to_be_attached()
    return page


def sign(page: Page) -> None:
    """By both, on one screen; then the next regu is on duty."""
    for side in ("out", "in"):
        form = page.locator(f"form[data-signs={side}]")
        form.locator("[name=password]").fill(PASSWORD)
        form.get_by_role("button").click()
        if side == "out":
            expect(page.locator(".sig").first).to_contain_text("ditandatangani")
    expect(page.locator("#shiftline")).not_to_contain_text("Regu B")


def evening(cast: Cast, cases: int = 12) -> str:
    """Twelve cases, some of them held; the cookie of Surya."""
    surya, _, _ = pickets(cast, HASHED)
    open_cases = [cast.file(category="KEBAKARAN" if n % 3 == 0 else "CURAS_BEGAL") for n in range(cases)]
    for incident in open_cases[:5]:
        cast.take(incident, "claim", cast.hendra)
    return f"siaga={cast.sign_in(surya, 'the secret of surya')}"


def test_the_watch_is_handed_over_on_two_screens(
    new_page: Pages, cast: Cast, server: Running, violations: Callable[[Page], list[str]]
) -> None:
    surya = evening(cast)
    sari, other = at(new_page, server, cast.cookies["sari"]), at(new_page, server, surya, "phone")
    sari.keyboard.press("j")
    sari.keyboard.press("o")
    sari.keyboard.type("4 personel menyisir Jl. Gajah Mada")
    sari.keyboard.press("Tab")
    sari.keyboard.type("Pelaku bisa muncul di Jl. S. Parman")
    sari.keyboard.press("Enter")
    expect(sari.locator("#handed li.handed").first).to_contain_text("Pelaku bisa muncul")
    expect(sari.locator("#note")).to_be_hidden()
    sari.get_by_role("button", name="Bekukan daftar").click()
    expect(sari.locator(".h-head")).to_contain_text("dibekukan pada peristiwa")
    expect(other.locator("#handed li.handed")).to_have_count(12)
    expect(other.locator("#handed li.handed").first).to_contain_text("Pelaku bisa muncul")
    assert violations(sari) == [] and violations(other) == []

    for n in (0, 1):  # sent back, by finger
        other.locator("#handed li.handed").nth(n).get_by_text("Tanya").click()
        other.locator("#back input[name=question]").fill(f"Siapa meminta CCTV {n}?")
        other.locator("#back").get_by_role("button", name="Kembalikan").click()
        expect(other.locator("#back")).to_be_hidden()
    expect(sari.locator("#handed li.handed[data-st=returned]")).to_have_count(2)
    other.once("dialog", lambda dialog: dialog.accept())
    other.get_by_role("button", name="Terima sisanya").click()
    expect(sari.locator("#handed li.handed[data-st=accepted]")).to_have_count(10)

    sari.keyboard.press("k")
    sari.keyboard.press("r")
    sari.keyboard.type("Bripka Yusuf, tujuh hari")
    sari.keyboard.press("Enter")
    answered = other.locator("#handed li.handed").first
    expect(answered).to_contain_text("tujuh hari")
    answered.get_by_role("button", name="Terima").click()
    expect(sari.locator("#handed li.handed[data-st=accepted]")).to_have_count(11)

    sign(sari)
    assert cast.read(on_duty).regu == "C"
    expect(sari.locator(".rule")).to_contain_text("1 belum diterima tetap pada AKP Sari Ginting")
    for page in (sari, other):
        expect(page.locator("#handed")).to_contain_text("Yang lalu")
        shown = page.locator("#handed").inner_text()
        page.reload()
        assert page.locator("#handed").inner_text() == shown  # as a page made anew


def test_a_half_typed_password_outlives_what_the_other_presses(new_page: Pages, cast: Cast, server: Running) -> None:
    evening(cast, 2)
    cast.run(freeze, cast.sari)
    sari = at(new_page, server, cast.cookies["sari"])
    sari.locator("form[data-signs=out] [name=password]").fill("kata san")
    late = cast.file()
    cast.run(freeze, cast.sari)
    expect(sari.locator(f"#case-{late.id}")).to_be_attached()
    expect(sari.locator("form[data-signs=out] [name=password]")).to_have_value("kata san")


def test_only_what_works_is_offered_and_the_signatures_stay_in_sight(
    new_page: Pages, cast: Cast, server: Running
) -> None:
    surya = evening(cast, 2)
    cast.run(freeze, cast.sari)
    for _ in range(14):
        cast.file()
    sari, other = at(new_page, server, cast.cookies["sari"]), at(new_page, server, surya)
    assert sari.locator("form[data-signs=out] button").bounding_box()["y"] < 860  # of 900
    expect(sari.locator("#since")).to_contain_text("tetap pada Regu B")
    expect(sari.locator("#since summary")).to_have_text("dan 11 lagi")
    expect(sari.locator(".hand-keys")).not_to_contain_text("terima")
    expect(sari.locator(".hand-keys")).not_to_contain_text("jawab")  # nothing is asked yet
    expect(other.locator(".hand-keys")).not_to_contain_text("tulis")
    expect(other.locator("[data-opens=note]")).to_have_count(0)
    sari.keyboard.press("j")
    sari.keyboard.press("t")
    expect(sari.locator("#errors")).to_contain_text("tidak menunggu itu dari Anda")
    other.locator("#handed li.handed").first.get_by_text("Tanya").click()
    other.locator("#back input[name=question]").fill("CCTV?")
    other.locator("#back").get_by_role("button", name="Kembalikan").click()
    expect(sari.locator("[data-opens=reply]")).to_have_count(1)
    expect(sari.locator(".hand-keys")).to_contain_text("jawab")
    expect(other.locator("#handed li.handed").first).to_contain_text("menunggu jawaban")
    expect(other.locator("[data-opens=reply]")).to_have_count(0)
    sign(sari)
    sari.reload()
    expect(sari.locator("#since")).to_contain_text("tetap pada Regu B")
    sari.goto(f"/duty/handover/{cast.read(newest_handover).id}/paper")
    expect(sari.locator(".paper-list li")).to_have_count(14)


def test_it_is_printed_on_one_sheet(new_page: Pages, cast: Cast, server: Running) -> None:
    evening(cast)
    cast.run(freeze, cast.sari)
    sari = at(new_page, server, cast.cookies["sari"])
    sari.goto(f"/duty/handover/{cast.read(newest_handover).id}/paper")
    pdf = sari.pdf(format="A4")
    assert pdf.count(b"/Type /Page\n") + pdf.count(b"/Type /Page ") == 1

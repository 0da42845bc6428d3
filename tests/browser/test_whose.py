"""A tab that outlives whoever opened it, in a real browser: what it sends is refused, and what was typed stays."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.test_citizen import Pages, complaints, follow_one
from tests.browser.test_citizen import phone as phone
from tests.support.serving import Cast


def sit_down(page: Page, cast: Cast, who: str) -> None:
    """Somebody else signs in, in another tab of this browser."""
    name, _, secret = cast.cookies[who].partition("=")
    page.context.add_cookies([{"name": name, "value": secret, "url": page.evaluate("location.origin")}])


def test_a_half_written_report_is_not_filed_as_anothers(phone: Pages, cast: Cast) -> None:
    page = phone("ann")
    page.goto("/complaints/new")
    page.locator("[value=CURAS_BEGAL]").check()
    page.fill("#description", "Dua orang naik matic hitam")
    page.fill("#place", "Jl. Iskandar Muda")
    sit_down(page, cast, "zed")
    page.get_by_role("button", name="Kirim laporan").click()
    expect(page.get_by_role("heading", name="Tidak ada yang terkirim")).to_be_visible()
    expect(page.get_by_text("Dua orang naik matic hitam")).to_be_visible()
    assert complaints(cast) == []
    sit_down(page, cast, "ann")
    page.goto("/complaints/new")
    expect(page.locator("#description")).to_have_value("Dua orang naik matic hitam")
    page.get_by_role("button", name="Kirim laporan").click()
    expect(page.locator("#receipt")).to_be_visible()


def test_a_reply_stays_where_it_was_typed(phone: Pages, cast: Cast) -> None:
    page = phone("ann")
    follow_one(page, cast)
    page.fill("#words", "Mereka di dapur")
    sit_down(page, cast, "zed")
    page.get_by_role("button", name="Kirim", exact=True).click()
    expect(page.locator("#say .wrong")).to_contain_text("Tidak ada yang terkirim")
    expect(page.locator("#words")).to_have_value("Mereka di dapur")


def test_a_colleagues_console_takes_nothing(console: Callable[..., Page], cast: Cast) -> None:
    incident = cast.file()
    page = console("hendra", incident=incident.id)
    sit_down(page, cast, "ratna")
    page.locator(f"#incident-{incident.id}").get_by_role("button", name="Ambil").click()
    expect(page.locator("#errors")).to_contain_text("Tidak ada yang terkirim")
    page.keyboard.press("c")
    expect(page.locator("#errors")).to_contain_text("Tidak ada yang terkirim")
    assert cast.incident(incident.id).status == "new"

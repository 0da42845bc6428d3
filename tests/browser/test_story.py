"""The main job, lived in two browsers, while the server dies before every step and nobody reloads a page."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.support.mortal import Mortal
from tests.support.serving import Cast
from tests.support.town import jpeg

Pages = Callable[..., Page]


@pytest.fixture
def server(cast: Cast, tmp_path: Path, redis_url: str) -> Iterator[Mortal]:
    server = Mortal(cast, tmp_path / "data", redis_url)
    yield server
    server.end()


def test_filed_seen_claimed_sent_and_seen_through_by_a_server_that_keeps_dying(
    cast: Cast, server: Mortal, new_page: Pages, page_errors: list[str]
) -> None:
    def enter(who: str, size: str, path: str) -> Page:
        page = new_page(size, base_url=server.child.http)
        name, _, secret = cast.cookies[who].partition("=")
        page.context.add_cookies([{"name": name, "value": secret, "url": server.child.http}])
        page.goto(path)
        return page

    desk = enter("hendra", "console", "/console")
    desk.evaluate("window.loaded = 'once'")
    expect(desk.locator("#lamp")).to_have_attribute("data-is", "well")
    phone = enter("ann", "phone", "/complaints/new")
    phone.locator("[value=CURAS_BEGAL]").check()
    phone.fill("#description", "Dua orang naik matic hitam")
    phone.fill("#place", "Jl. Iskandar Muda, Kelurahan Babura")
    phone.set_input_files("#photo", {"name": "foto.jpg", "mimeType": "image/jpeg", "buffer": jpeg("red")})
    expect(phone.locator("#ups .up")).to_have_count(1)

    server.dies(desk)
    phone.get_by_role("button", name="Kirim laporan").click()
    expect(phone.locator("#receipt")).to_be_visible()
    phone.wait_for_load_state()  # a page that lost one of its scripts asks for itself again: that is another test
    expect(phone.locator("#lamp")).to_have_attribute("data-is", "well")
    phone.evaluate("window.loaded = 'once'")
    card = desk.locator("#board > .card")
    expect(card).to_have_attribute("data-status", "new")
    expect(desk.locator(".map g.pin[data-id]")).to_have_count(1)

    server.dies(desk, phone)
    desk.keyboard.press("c")
    expect(card).to_have_attribute("data-officer", str(cast.hendra.id))
    expect(phone.locator("#stage")).to_have_text("Sedang diperiksa")

    server.dies(desk, phone)
    desk.locator(".thumb[data-look=photo]").click()
    expect(desk.locator("#viewer-stage img")).to_have_js_property("complete", True)
    desk.keyboard.press("Escape")

    server.dies(desk, phone)
    expect(desk.locator("#panel .send-form")).to_be_visible()
    desk.keyboard.press("4")
    desk.keyboard.press("d")
    expect(card).to_have_attribute("data-status", "dispatched")
    expect(phone.locator("#stage")).to_have_text("Petugas menuju lokasi")
    expect(phone.get_by_text("4 personel berangkat")).to_be_visible()

    server.dies(desk, phone)
    expect(desk.locator("#panel [data-key=t]")).to_be_visible()
    desk.keyboard.press("t")
    expect(card).to_have_attribute("data-status", "on_scene")
    expect(phone.get_by_text("Petugas sudah di lokasi")).to_be_visible()

    server.dies(desk, phone)
    expect(desk.locator("#panel [data-key=e]")).to_be_visible()
    desk.keyboard.press("e")
    desk.locator("dialog:modal [value=handled]").check()
    desk.locator("dialog:modal").get_by_role("button", name="Selesai").click()
    expect(phone.locator("#stage")).to_have_text("Selesai")
    expect(card).to_have_count(0)

    assert (desk.evaluate("window.loaded"), phone.evaluate("window.loaded")) == ("once", "once")
    page_errors[:] = [
        error
        for error in page_errors
        if not re.match(r"htmx: |WebSocket|An unknown error occurred when fetching", error)
    ]

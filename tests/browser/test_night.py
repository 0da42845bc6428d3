"""One night of six: two officers, the Pawas who goes and the one who comes, a wall, a partner. By keyboard, by finger and by
drag; the server dies in the middle of the handover; and at the end each screen is what a fresh page would be."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from models.command.handover import newest_handover
from models.command.shifts import on_duty
from models.incidents.incident import Incident
from tests.browser.test_handover import sign
from tests.support.mortal import Mortal
from tests.support.pickets import pickets
from tests.support.serving import Cast
from tests.support.town import HASHED

Pages = Callable[..., Page]
# What stands on a list and what each thing on it is, without what only time changes.
STANDS = """([list, marks]) => [...document.querySelectorAll(list)].map(one =>
  [one.id, ...marks.map(mark => one.getAttribute(mark) ?? "")])"""
LISTS = {
    "/console": ("#board > .card", ["data-status", "data-officer", "data-priority", "data-untold", "data-version"]),
    "/duty": (".strip", ["data-status", "data-officer", "data-version"]),
    "/duty/handover": ("#handed li.handed", ["data-st", "data-version", "data-question"]),
    "/wall": ("#board > .row", ["data-status", "data-priority", "data-seq"]),
    "/agency": ("li.case", ["data-state", "data-status", "data-version"]),
}


@pytest.fixture
def server(cast: Cast, tmp_path: Path, redis_url: str) -> Iterator[Mortal]:
    server = Mortal(cast, tmp_path / "data", redis_url)
    yield server
    server.end()


@pytest.fixture
def sit(cast: Cast, server: Mortal, new_page: Pages) -> Callable[..., Page]:
    """sit(cookie, "/duty"): whoever that is, at that page, connected."""

    def sit(cookie: str, path: str, size: str = "console") -> Page:
        page = new_page(size, base_url=server.child.http)
        name, _, secret = cookie.partition("=")
        page.context.add_cookies([{"name": name, "value": secret, "url": server.child.http}])
        page.goto(path)
        connected(page)
        return page

    return sit


def connected(page: Page) -> None:
    expect(page.locator("#lamp[data-is=well], #alive:has-text('Hidup')").first).to_be_attached()


def evening(cast: Cast) -> list[Incident]:
    """Twelve cases, as far from each other as tests file them; nobody has any yet."""
    return [cast.file(category="KEBAKARAN" if n % 4 == 1 else "CURAS_BEGAL") for n in range(12)]


def test_an_evening_a_handover_and_the_morning_after(
    cast: Cast, server: Mortal, sit: Callable[..., Page], page_errors: list[str]
) -> None:
    surya_is, _, _ = pickets(cast, HASHED)
    surya_at = f"siaga={cast.sign_in(surya_is, 'the secret of surya')}"
    first, fire, given, *_ = evening(cast)
    hendra, ratna = sit(cast.cookies["hendra"], "/console"), sit(cast.cookies["ratna"], "/console")
    desk, sari = sit(cast.cookies["sari"], "/duty"), sit(cast.cookies["sari"], "/duty/handover")
    surya = sit(surya_at, "/duty/handover", "phone")
    partner, wall = sit(cast.cookies["damkar"], "/agency"), sit(cast.cookies["wall"], "/wall", "wall")

    # The evening. Hendra by keys alone: what waits longest, four personnel, and a fire for the brigade.
    hendra.keyboard.press("c")
    expect(hendra.locator(f"#incident-{first.id}")).to_have_attribute("data-officer", str(cast.hendra.id))
    expect(hendra.locator("#panel .send-form")).to_be_visible()
    hendra.keyboard.press("4")
    hendra.keyboard.press("d")
    expect(hendra.locator(f"#incident-{first.id}")).to_have_attribute("data-status", "dispatched")
    cast.take(fire, "claim", cast.hendra)
    cast.take(fire, "refer", cast.hendra, agency=cast.damkar.agency_id, tier="full")
    asked = partner.locator(f"#incident-{fire.id}")
    asked.get_by_role("button", name="Terima").click()
    expect(asked).to_have_attribute("data-state", "accepted")
    # Sari drags what waits onto Ratna, who hears of it on her own screen and says that she knows.
    lane = desk.locator(f"#lane-{cast.ratna.id} .lane-who")
    desk.locator(f"#strip-{given.id}").drag_to(lane)
    desk.get_by_role("button", name="Beri ke Ipda Ratna Simanjuntak").click()
    mine = ratna.locator(f"#incident-{given.id}")
    expect(mine).to_have_attribute("data-untold", re.compile(rf"\b{cast.ratna.id}\b"))
    expect(ratna.locator("#handed")).to_contain_text(
        "Sari Ginting"
    )  # who gave it, before anybody can say that they know
    ratna.keyboard.press("Enter")
    expect(mine).not_to_have_attribute("data-untold", re.compile(rf"\b{cast.ratna.id}\b"))

    # The handover. Surya by finger: two sent back; then the server dies, and the rest is accepted.
    sari.get_by_role("button", name="Bekukan daftar").click()
    cases = surya.locator("#handed li.handed")
    expect(cases).to_have_count(12)
    for n in (0, 1):
        cases.nth(n).get_by_text("Tanya").tap()
        surya.locator("#back input[name=question]").fill(f"Siapa meminta CCTV {n}?")
        surya.locator("#back").get_by_role("button", name="Kembalikan").tap()
        expect(surya.locator("#back")).to_be_hidden()
    returned = sari.locator("#handed li.handed[data-st=returned]")
    expect(returned).to_have_count(2)
    server.dies(hendra, ratna, desk, sari, surya, partner)
    connected(wall)
    for n in (0, 1):
        returned.nth(n).get_by_role("link", name="Jawab").click()
        sari.locator("#reply input[name=reply], #reply textarea").fill("Bripka Yusuf")
        sari.locator("#reply").get_by_role("button", name="Jawab").click()
        expect(sari.locator("#reply")).to_be_hidden()
    surya.once("dialog", lambda dialog: dialog.accept())
    surya.get_by_role("button", name="Terima sisanya").tap()
    for n in (0, 1):
        cases.nth(n).get_by_role("button", name="Terima").tap()
        expect(cases.nth(n)).to_have_attribute("data-st", "accepted")
    expect(sari.locator("#handed li.handed[data-st=accepted]")).to_have_count(12)
    sign(sari)
    assert cast.read(on_duty).regu == "C"

    cast.take(fire, "note", cast.hendra, words="Damkar di TKP")
    # Silence is told by what is filed last: once it stands on a screen, so does all that was before it.
    last = cast.file(category="TAWURAN_GENG")
    for screen in (hendra, ratna, wall):
        expect(screen.locator(f"#incident-{last.id}, #row-{last.id}").first).to_be_attached()
    expect(desk.locator(f"#strip-{last.id}")).to_be_attached()
    expect(surya.locator(".h-done")).to_contain_text("Selesai")
    surya.get_by_role("link", name="Siapkan yang berikutnya").tap()
    expect(surya.locator(f"#case-{last.id}")).to_be_attached()
    for page in (hendra, ratna, desk, wall, partner, surya):
        path = page.evaluate("location.pathname")
        query = page.evaluate("location.search") if path == "/duty/handover" else ""
        stood = page.evaluate(STANDS, list(LISTS[path]))
        fresh = page.context.new_page()
        fresh.goto(path + query)
        connected(fresh)
        assert stood == fresh.evaluate(STANDS, list(LISTS[path])) and (stood or path == "/duty/handover"), path
        fresh.close()

    # The morning's papers, each one sheet.
    for paper in (f"/duty/handover/{cast.read(newest_handover).id}/paper", "/duty/report"):
        sari.goto(paper)
        assert len(re.findall(rb"/Type /Page\b", sari.pdf(prefer_css_page_size=True))) == 1, paper
    page_errors[:] = [
        error for error in page_errors if not re.match(r"htmx: |WebSocket|An unknown error occurred", error)
    ]

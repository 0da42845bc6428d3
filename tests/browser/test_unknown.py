"""What has no place yet, under an officer's hand: the tray at the map's edge, the question, the mark on the map."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.test_wall import hang
from tests.support.house import Running
from tests.support.law import BABURA, PLACES
from tests.support.serving import Cast

WORDS = "dkt indomaret simpang pos"


def test_the_map_counts_what_it_cannot_show_and_leads_to_the_oldest(cast: Cast, console: Callable[..., Page]) -> None:
    page = console("hendra")
    tray = page.locator("#unplaced")
    oldest = cast.file(nowhere=True, landmark=WORDS)
    expect(tray).to_have_text("1 tanpa lokasi")
    later = cast.file(cast.zed, "PUNGLI", nowhere=True)
    placed = cast.file(cast.zed, "LAKA")
    expect(tray).to_have_text("2 tanpa lokasi")
    expect(page.locator(f'#map .pin[data-id="{placed.id}"]')).to_have_count(1)
    expect(page.locator("#map .pin")).to_have_count(1)
    tray.click()
    expect(page.locator("#panel .lost")).to_contain_text(WORDS)
    expect(page).to_have_url(re.compile(f"incident={oldest.id}$"))
    for incident in (oldest, later):
        cast.take(incident, "dismiss", cast.sari, reason="empty")
    expect(tray).to_be_hidden()


def test_one_key_asks_its_reporter_and_the_answer_is_a_pin(cast: Cast, console: Callable[..., Page]) -> None:
    incident = cast.take(cast.file(nowhere=True, landmark=WORDS), "claim", cast.hendra)
    page = console("hendra", incident.id)
    expect(page.locator("#panel .post").first).not_to_have_attribute("data-metres", re.compile("."))
    expect(page.locator("#panel [data-sends]")).to_be_disabled()
    page.keyboard.press("y")
    expect(page.locator("#panel .bubble--us")).to_contain_text("Di mana lokasinya?")
    expect(page.locator("#panel .lost")).to_contain_text("Ditanyakan")
    cast.take(incident, "locate", cast.ann, site=PLACES.site(*BABURA, precision="device", accuracy_m=15.0))
    expect(page.locator(f'#map .pin[data-id="{incident.id}"]')).to_have_count(1)
    expect(page.locator("#panel .inc-place")).to_contain_text("Babura")
    expect(page.locator("#panel .lost")).to_have_count(0)
    expect(page.locator("#panel [data-sends]")).to_be_enabled()


def test_one_key_and_a_press_on_the_map_give_it_a_place(cast: Cast, console: Callable[..., Page]) -> None:
    incident = cast.take(cast.file(nowhere=True, landmark=WORDS), "claim", cast.hendra)
    page = console("hendra", incident.id)
    expect(page.locator("#panel .lost")).to_be_visible()
    page.keyboard.press("Shift+Y")
    window = page.locator(f"#relocate-{incident.id}")
    expect(window).to_have_attribute("data-docked", "")
    expect(window.get_by_label("Alasan")).to_have_value("Lokasi belum diketahui")
    box = page.locator("#map").bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(window.get_by_role("button", name="Pindahkan lokasi")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(f'#map .pin[data-id="{incident.id}"]')).to_have_count(1)
    placed = cast.incident(incident.id)
    assert placed.precision == "pin" and placed.point and placed.landmark == WORDS


def test_a_wall_says_it_and_draws_no_pin(new_page: Callable[..., Page], cast: Cast, server: Running) -> None:
    wall = hang(new_page("wall"), cast, server)
    lost, placed = cast.file(nowhere=True, landmark=WORDS), cast.file(cast.zed, "LAKA")
    expect(wall.locator(f"#incident-{lost.id}")).to_contain_text("lokasi belum diketahui")
    expect(wall.locator(f"#incident-{placed.id}")).to_be_visible()
    expect(wall.locator("#map .pin")).to_have_count(1)
    expect(wall.get_by_text(WORDS)).to_have_count(0)


def test_of_a_burst_whose_first_has_no_place_the_first_that_has_one_is_the_pin(
    cast: Cast, console: Callable[..., Page]
) -> None:
    words = "los kain pasar sambas terbakar api besar"
    first = cast.file(category="KEBAKARAN", words=words, nowhere=True)
    second = cast.file(cast.zed, "KEBAKARAN", words=words)
    assert second.like_id == first.id
    page = console("hendra")
    expect(page.locator("#map .pin")).to_have_count(1)
    expect(page.locator(f'#map .pin[data-id="{second.id}"] .pin-n')).to_have_text("2")
    assert second.point
    cast.take(first, "locate", cast.ann, site=PLACES.site(*second.point, precision="device", accuracy_m=15.0))
    expect(page.locator(f'#map .pin[data-id="{first.id}"] .pin-n')).to_have_text("2")
    expect(page.locator("#map .pin")).to_have_count(1)

"""What a citizen writes on a closed case is heard: by whoever closed it, else by the supervisor; and the phone says what it is."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_alarm import listen, rings
from tests.browser.test_citizen import Pages, complaints, phone
from tests.browser.test_desk_heard import armed
from tests.support.serving import Cast

__all__ = ["listen", "phone"]
WORDS = "Korban baru ditemukan di parit!"


@pytest.mark.parametrize("who", ["ann", "guest"])
def test_words_on_a_closed_case_sound_where_it_was_closed_and_a_press_opens_it_with_them(
    phone: Pages,
    listen: Callable[..., Page],
    cast: Cast,
    who: str,
    violations: Callable[[Page], list[str]],
    page_errors: list[str],
) -> None:
    incident = cast.press() if who == "guest" else cast.file()
    cast.take(incident, "claim", cast.hendra)
    cast.take(incident, "resolve", cast.hendra, outcome="handled")
    closer, other, desk = armed(listen("hendra")), armed(listen("ratna")), armed(listen("sari", "/duty"))
    for page in (closer, other, desk):
        page.evaluate("window.rung = []")
    page, row = phone(who), f"#unheard-{incident.id}"
    page.goto(f"/complaints/{complaints(cast)[-1].ref}")
    expect(page.get_by_text("Laporan sudah ditutup.")).to_have_count(0)
    page.fill("#words", WORDS)
    page.locator("#say").get_by_role("button").click()
    expect(page.locator(".after")).to_contain_text("Laporan sudah ditutup. Kalau belum selesai:")
    assert violations(page) == []

    expect(closer.locator(row)).to_contain_text("Pelapor menulis sesudah ditutup")
    rings(closer, "handed")
    assert violations(closer) == []
    expect(other.locator(row)).to_be_hidden()
    expect(desk.locator(row)).to_be_hidden()  # whoever closed it sits there, and has a minute
    desk.evaluate("siaga.server.now = () => Date.now() + 61_000")
    expect(desk.locator(row)).to_be_visible()
    expect(desk.locator("#late-n")).to_have_text("1")
    rings(desk, "handed")
    assert violations(desk) == [] and other.evaluate("window.rung") == []
    page_errors[:] = [error for error in page_errors if "inline style" not in error]  # axe's own probes

    closer.locator(row).get_by_role("link", name="Buka").click()
    expect(closer.locator("#panel")).to_contain_text(WORDS)
    expect(closer.locator(row)).to_be_visible()  # opened is not yet said to be read
    page.locator(".after").get_by_role("button", name="Belum selesai, buka lagi").click()
    expect(closer.locator(f'#incident-{incident.id}[data-status="new"]')).to_be_visible()
    expect(closer.locator("#panel .diary")).to_contain_text(f"membuka lagi: {WORDS}")
    for screen in (closer, desk):
        expect(screen.locator(row)).to_have_count(0)
    expect(page.locator(".after")).to_have_count(0)


def test_the_desk_has_it_at_once_while_whoever_closed_it_is_away_and_until_it_is_read(
    listen: Callable[..., Page], cast: Cast
) -> None:
    incident = cast.take(cast.file(), "claim", cast.hendra)
    cast.take(incident, "dismiss", cast.hendra, reason="empty")
    cast.take(incident, "reply", cast.ann, words=WORDS)
    desk = armed(listen("sari", "/duty"))  # loaded afterwards: it is state
    row = desk.locator(f"#unheard-{incident.id}")
    expect(row).to_be_visible()
    expect(row.locator("time")).to_have_css("--age", re.compile(r"\d+:\d\d"))
    row.get_by_role("button", name="Sudah dibaca").click()
    expect(row).to_have_count(0)
    expect(desk.locator("#late-n")).to_have_text("0")

"""What a dispatch says of itself before it goes: how many, and from every station, never cut, however many there are."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SIZES
from tests.support.house import Running
from tests.support.serving import Cast

# How far the words of the button stick out of it, and it out of what holds it.
STICKS_OUT = """button => {
    const box = button.getBoundingClientRect(), range = document.createRange();
    range.selectNodeContents(button);
    const words = range.getBoundingClientRect();
    const holder = (button.closest("dialog, .panel") ?? document.body).getBoundingClientRect();
    const out = { right: words.right - box.right, left: box.left - words.left, top: box.top - words.top,
        bottom: words.bottom - box.bottom, wide: button.scrollWidth - button.clientWidth,
        high: button.scrollHeight - button.clientHeight, "past the right": box.right - Math.min(innerWidth, holder.right),
        "past the left": Math.max(0, holder.left) - box.left };
    return Object.entries(out).filter(([, px]) => px >= 1); }"""
GIVE = """(form, numbers) => form.querySelectorAll(".post").forEach((post, n) => {
    const field = post.querySelector(".post-go");
    field.value = numbers[n] ?? "0";
    field.dispatchEvent(new Event("input", { bubbles: true })); })"""


@pytest.mark.parametrize("font", [True, False], ids=["ours", "dejavu"])
@pytest.mark.parametrize("wide", [1440, 390])
def test_a_dispatch_names_every_station_and_cuts_none(
    cast: Cast, server: Running, new_page: Callable[..., Page], wide: int, font: bool
) -> None:
    first, out = (cast.take(cast.file(), "claim", cast.hendra) for _ in range(2))
    cast.send(out, cast.hendra, (None, 1))
    page = new_page(viewport={"width": wide, "height": SIZES["console"][1]})
    if not font:
        page.route("**/*.woff2", lambda route: route.abort())
    name, _, secret = cast.cookies["hendra"].partition("=")
    page.context.add_cookies([{"name": name, "value": secret, "url": server.http}])
    for incident, sheet in ((first, "#panel .send-form"), (out, f"#reinforce-{out.id}")):
        page.goto(f"{server.http}/console?incident={incident.id}")
        expect(page.locator("#lamp")).to_have_attribute("data-is", "well")
        page.locator(sheet).evaluate("sheet => sheet.showModal?.()")
        form, send = page.locator(sheet), page.locator(f"{sheet} [data-sends]")
        expect(form).to_be_visible()
        shorts = form.locator(".post").evaluate_all("posts => posts.map(post => post.dataset.short)")
        assert len(shorts) > 8
        form.evaluate(GIVE, ["99"])
        reach = form.locator("[data-reach]")
        expect(reach).to_contain_text(shorts[5])
        reach.scroll_into_view_if_needed()
        assert reach.evaluate(STICKS_OUT) == [], (sheet, reach.inner_text())
        form.evaluate(GIVE, ["9"] * len(shorts))
        for short in shorts:
            expect(send).to_contain_text(f"{short} 9")
        send.scroll_into_view_if_needed()
        assert send.evaluate(STICKS_OUT) == [], (sheet, send.inner_text())

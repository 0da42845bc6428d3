"""What waits keeps a piece of the queue, however far it is scrolled, and keys lead back to its top without opening a case."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.support.serving import Cast

Open = Callable[..., Page]
SEEN = """() => { const list = document.getElementById("queue-list").getBoundingClientRect(), head = document.getElementById("waiting");
  return [...document.querySelectorAll('#board > [data-status="new"]')].filter(card => { const box = card.getBoundingClientRect();
    const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
    return box.height && box.top >= head.getBoundingClientRect().bottom - 2 && box.bottom <= list.bottom && card.contains(top);
  }).map(card => Number(card.id.slice(9))); }"""
TOP = "() => document.getElementById('queue-list').scrollTop"


@pytest.mark.parametrize("size", [(1440, 900), (1920, 1080)], ids=lambda size: f"{size[0]}×{size[1]}")
def test_the_first_that_wait_stay_in_sight_after_a_claim_and_keys_lead_back(
    cast: Cast, console: Open, size: tuple[int, int]
) -> None:
    mine = [cast.take(cast.file(category="CURANMOR"), "claim", cast.ratna) for _ in range(8)]
    waits = [cast.file(category="KEBAKARAN") for _ in range(12)]
    page = console("hendra", mine[0].id)
    page.set_viewport_size({"width": size[0], "height": size[1]})
    expect(page.locator(f"#incident-{waits[1].id}")).to_be_visible()
    page.wait_for_function("() => siaga.choice.settled() && !siaga.choice.reading()")
    page.keyboard.press("c")
    expect(page.locator(f"#incident-{waits[0].id}")).to_have_attribute("data-status", "claimed")
    page.locator("#queue-list").evaluate("list => list.scrollTo(0, list.scrollHeight)")
    page.wait_for_function(f"id => ({SEEN})().includes(id)", arg=waits[1].id)
    kept = page.evaluate(SEEN)
    assert kept[:2] == [waits[1].id, waits[2].id]
    more = page.locator("#kept-more")
    left = 11 - len(kept)  # one of them may be half in sight
    expect(more).to_have_text(re.compile(rf"^({left}|{left - 1}) lagi di atas ↑$"))
    more.evaluate("more => more.click()")  # the list may still be on its way to the card that was taken
    page.wait_for_function(f"() => ({TOP})() === 0")
    expect(more).to_be_hidden()
    page.locator("#queue-list").evaluate("list => list.scrollTo(0, list.scrollHeight)")
    expect(more).to_be_visible()
    page.wait_for_function("() => siaga.choice.settled() && !siaga.choice.reading()")
    chosen = page.evaluate("siaga.choice.id()")
    page.keyboard.press("Escape")
    page.wait_for_function(f"() => ({TOP})() === 0")
    page.keyboard.press("End")
    page.wait_for_function(f"() => ({TOP})() > 300")
    page.keyboard.press("Home")
    page.wait_for_function(f"() => ({TOP})() === 0")
    page.keyboard.press("PageDown")
    page.wait_for_function(f"() => ({TOP})() > 100")
    page.keyboard.press("PageUp")
    page.wait_for_function(f"() => ({TOP})() === 0")
    assert page.evaluate("siaga.choice.id()") == chosen

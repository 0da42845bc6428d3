"""Replay on a screen: by keys alone, at every stand the page that a fresh one would be, on a phone, to every reader."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from unittest.mock import patch

import pytest
from playwright.sync_api import Page, Route, expect
from sqlmodel import Session

from console.ground.points import distance_m
from models.time import as_of, local, now
from tests.support.house import Running
from tests.support.serving import Cast

Pages = Callable[..., Page]
BOARD = """() => ({
  lanes: [...document.querySelectorAll('.thens')].map(lane => lane.innerText),
  counts: [...document.querySelectorAll('[data-count]')].map(one => one.textContent.trim()),
  pins: [...document.querySelectorAll('.pin')].map(pin => pin.dataset.card + pin.dataset.status),
  out: document.getElementById('out').innerText,
  clock: document.getElementById('then').textContent,
  told: document.querySelector('#told [aria-current]')?.id,
  address: location.pathname + location.search,
})"""


@pytest.fixture
def began(cast: Cast) -> datetime:
    """Yesterday from six to seven: three come in, one is dealt with to its end, one is claimed. Told before the server
    runs, whose clock would put in a word of today."""
    begins = local(now() - timedelta(days=1)).replace(hour=6, minute=0, second=0, microsecond=0)

    def at(minute: int, act: Callable[..., Any], *given: Any, **named: Any) -> Any:
        def then(function: Callable[..., Any], *arguments: Any) -> Any:
            def do(session: Session) -> Any:
                with as_of(begins + timedelta(minutes=minute)):
                    return function(session, *arguments)

            return run(do)

        run = cast.run
        with patch.object(cast, "run", then):
            return act(*given, **named)

    first = at(2, cast.file)
    second = at(10, cast.file, category="KEBAKARAN")
    at(12, cast.take, first, "claim", cast.hendra)
    at(14, cast.take, first, "dispatch", cast.hendra, sent=[(None, 3)], metres=distance_m)
    at(20, cast.take, second, "claim", cast.ratna)
    at(30, cast.take, first, "arrive", cast.hendra)
    at(40, cast.file, nowhere=True)
    at(50, cast.take, first, "resolve", cast.hendra, outcome="handled")
    return begins


def opened(
    new_page: Pages, cast: Cast, server: Running, path: str, size: str = "console", theme: str = "dark", **more: Any
) -> Page:
    page = new_page(size, theme=theme, base_url=server.http, bypass_csp=True, **more)
    name, _, secret = cast.cookies["sari"].partition("=")
    page.context.add_cookies([{"name": name, "value": secret, "url": server.http}])
    page.goto(path)
    return page


def ready(page: Page) -> Page:
    expect(page.locator("#replay[data-ready]")).to_be_attached()
    return page


def test_it_is_walked_by_keys_alone_and_equals_a_fresh_page(
    new_page: Pages, cast: Cast, began: datetime, server: Running
) -> None:
    page = ready(opened(new_page, cast, server, f"/duty/replay?from={began.isoformat()[:16]}"))
    clock, counts = page.locator("#then"), page.locator("[data-count]")
    expect(counts).to_have_text(["0", "0", "0", "0"])
    page.keyboard.press("End")
    expect(clock).to_have_text("07:00:00")
    expect(counts).to_have_text(["1", "1", "0", "0"])
    page.keyboard.press("ArrowLeft")  # before the last event: it was at the scene still
    expect(counts).to_have_text(["1", "1", "0", "1"])
    page.keyboard.press("Shift+ArrowLeft")
    expect(clock).to_have_text("06:39:00")
    expect(counts).to_have_text(["0", "1", "0", "1"])
    expect(page.locator("#out-n")).to_have_text("3")
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    expect(clock).to_have_text("06:02:00")
    expect(page.locator(".pin")).to_have_count(1)
    page.keyboard.press("Shift+ArrowRight")
    expect(clock).to_have_text("06:03:00")
    page.keyboard.press("5")
    expect(page.locator("[data-speed='60']")).to_have_attribute("aria-checked", "true")
    page.keyboard.press(" ")
    expect(page.locator("#play span").first).to_have_text("Henti")
    expect(counts).to_have_text(["2", "0", "0", "0"], timeout=15_000)  # 06:10, by itself
    page.keyboard.press(" ")
    expect(page.locator("#play span").first).to_have_text("Putar")
    page.keyboard.press("End")
    page.keyboard.press("ArrowLeft")
    expect(clock).to_have_text("06:40:00")
    fresh = ready(opened(new_page, cast, server, page.url))
    expect(fresh.locator("#then")).to_have_text("06:40:00")
    assert fresh.evaluate(BOARD) == page.evaluate(BOARD)


def test_a_bookmark_is_set_by_keys_and_its_link_leads_there(
    new_page: Pages, cast: Cast, began: datetime, server: Running
) -> None:
    page = ready(opened(new_page, cast, server, f"/duty/replay?from={began.isoformat()[:16]}"))
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#then")).to_have_text("06:10:00")
    page.keyboard.press("b")
    page.keyboard.type("api besar")
    page.keyboard.press("Enter")
    expect(page.locator("#marks a")).to_have_text("api besar")
    assert re.search(r"\?at=\d+$", page.url)
    ready(page)
    page.keyboard.press("End")
    expect(page.locator("#then")).to_have_text("07:00:00")
    page.locator("#marks a").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#then")).to_have_text("06:10:00")
    expect(page.locator("#told [aria-current] time")).to_have_text("06:10:00")


def test_without_a_script_each_event_leads_to_its_board(
    new_page: Pages, cast: Cast, began: datetime, server: Running
) -> None:
    path = f"/duty/replay?from={began.isoformat()[:16]}"
    page = opened(new_page, cast, server, path, java_script_enabled=False)
    assert not page.locator("#controls").is_visible()
    page.locator("#told a").nth(3).click()
    expect(page.locator("[data-count]")).to_have_text(["1", "0", "1", "0"])
    expect(page.locator("#out-n")).to_have_text("3")


def test_an_hour_that_does_not_come_is_said(new_page: Pages, cast: Cast, began: datetime, server: Running) -> None:
    page = opened(new_page, cast, server, "/duty/replay")
    expect(page.locator("#says")).to_contain_text("Tidak ada yang terjadi")
    page.route("**/duty/replay.json*", lambda route: route.fulfill(status=503))
    page.reload()
    expect(page.locator("#says")).to_contain_text("tidak dapat dimuat")
    waiting: list[Route] = []
    page.unroute("**/duty/replay.json*")
    page.route("**/duty/replay.json*", lambda route: waiting.append(route))
    page.reload()
    expect(page.locator("#says")).to_contain_text("Masih memuat")
    waiting[-1].continue_()
    ready(page)


@pytest.mark.parametrize(("size", "theme"), [("console", "dark"), ("phone", "light")])
def test_it_stays_on_the_screen_and_everybody_can_read_it(
    new_page: Pages,
    cast: Cast,
    began: datetime,
    server: Running,
    violations: Callable[[Page], list[str]],
    size: str,
    theme: str,
) -> None:
    page = ready(opened(new_page, cast, server, f"/duty/replay?from={began.isoformat()[:16]}", size, theme))
    page.keyboard.press("End")
    page.keyboard.press("ArrowLeft")
    expect(page.locator("[data-count]")).to_have_text(["1", "1", "0", "1"])
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert violations(page) == []

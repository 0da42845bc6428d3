"""A real browser: one for each worker, a fresh context for each page.

Playwright's driver keeps a loop running in the thread of the tests from here on, hence no `async def`
anywhere, and these tests come last (tests/conftest.py).
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from tests.browser.chromium import MISSING, find, required
from tests.support.house import Running
from tests.support.patience import PATIENCE_SECONDS
from tests.support.serving import Cast

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
AXE_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
SIZES = {"console": (1440, 900), "twice": (720, 450), "wall": (1920, 1080), "phone": (360, 740)}
PATIENCE_MS = PATIENCE_SECONDS * 1000

CALM = {"reduced_motion": "reduce"}  # what breathes paints sixty times a second, in four browsers at once
SOUNDS = "--autoplay-policy=no-user-gesture-required"  # as on a kiosk; tests/browser/test_alarm.py has the other kind
REMEMBERS = "--enable-features=BackForwardCache,CacheControlNoStoreEnterBackForwardCache"

# Chromium calls every refusal of ours an error of the page, and htmx every request that leaving the page cut off;
# tests look at refusals themselves.
REFUSALS = ("Failed to load resource", "WebSocket connection to", "htmx: htmx:")


@pytest.fixture(scope="session")
def launch() -> Iterator[Callable[..., Browser]]:
    """A function that starts a browser, and the same one for the same wish: launch(whole=True).

    `remembers`: Back brings pages from its memory, as on a phone; only a whole one can, and Playwright forbids it.
    """
    expect.set_options(timeout=PATIENCE_MS)
    started: dict[tuple[bool, bool], Browser] = {}
    with sync_playwright() as playwright:

        def start(whole: bool = False, remembers: bool = False) -> Browser:
            chromium = find(whole)
            if chromium is None:
                (pytest.fail if required() else pytest.skip)(MISSING)
            wish = (whole, remembers)
            if wish not in started:
                started[wish] = playwright.chromium.launch(
                    executable_path=chromium.path,
                    args=[*chromium.arguments, SOUNDS, *[REMEMBERS] * remembers],
                    ignore_default_args=["--disable-back-forward-cache"] * remembers,
                    env=os.environ | chromium.environment,
                )
            return started[wish]

        yield start
        for browser in started.values():
            browser.close()


@pytest.fixture(autouse=True)
def by_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """At night one more is suggested for every incident, ticked before anyone looks: counts hold at whatever hour tests run."""
    monkeypatch.setattr("console.web.staff.incidents.is_night", lambda _: False)


@pytest.fixture(scope="session")
def browser(launch: Callable[..., Browser]) -> Browser:
    return launch()


@pytest.fixture
def page_errors() -> list[str]:
    """What the consoles of this test's pages called wrong, scripts and CSP included.

    Whatever is left at the end fails the test: one that means to provoke an error takes it out.
    """
    return []


@pytest.fixture
def new_page(browser: Browser, page_errors: list[str]) -> Iterator[Callable[..., Page]]:
    """A function that opens an empty page in a context (cookies, cache) of its own.

    page = new_page("phone", theme="dark", locale="en", base_url=url)
    """
    contexts = []

    def open_page(size: str = "console", theme: str = "light", locale: str = "id", **options: Any) -> Page:
        width, height = SIZES[size]
        phone = {"is_mobile": True, "has_touch": True, "device_scale_factor": 2} if size == "phone" else {}
        context = browser.new_context(
            color_scheme=theme,
            locale=locale,
            timezone_id="Asia/Jakarta",
            **({"viewport": {"width": width, "height": height}, **CALM} | phone | options),
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        context.on("console", lambda message: _note(message, page_errors))
        context.on("weberror", lambda error: page_errors.append(str(error.error)))
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()
    assert page_errors == []


@pytest.fixture
def console(cast: Cast, server: Running, new_page: Callable[..., Page]) -> Callable[..., Page]:
    """console("hendra", incident=3): that officer's console, connected."""

    def open_console(who: str, incident: int | None = None, theme: str = "dark", **options: Any) -> Page:
        page = new_page("console", theme=theme, **options)
        page.add_init_script(f"localStorage.setItem('siaga-theme', '{theme}')")
        name, _, secret = cast.cookies[who].partition("=")
        page.context.add_cookies([{"name": name, "value": secret, "url": server.http}])
        page.goto(f"{server.http}/console" + (f"?incident={incident}" if incident else ""))
        expect(page.locator("#lamp")).to_have_attribute("data-is", "well")
        return page

    return open_console


@pytest.fixture(scope="session")
def violations() -> Callable[[Page], list[str]]:
    """A function that asks axe what on this page falls short of WCAG 2.2 AA: a line for each element."""
    axe = AXE.read_text()

    def ask(page: Page) -> list[str]:
        page.evaluate("scrollTo(0, 0)")  # a button half under the head of the page is no small button
        page.evaluate(axe)  # evaluated, not added as a script: the page's CSP stays as it is
        found = page.evaluate("rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})", AXE_RULES)[
            "violations"
        ]
        return [f"{rule['id']}: {node['html']} {node['failureSummary']}" for rule in found for node in rule["nodes"]]

    return ask


def _note(message: ConsoleMessage, errors: list[str]) -> None:
    if message.type == "error" and not message.text.startswith(REFUSALS):
        errors.append(message.text)

"""A page's modules in a real browser: in one scope, and each falls alone."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from console.pages.bundles import SCRIPTS, entry
from console.pages.modules import graph, linked, read
from tests.support.serving import Cast
from tests.tree.test_modules import TOP


def test_no_name_of_a_module_is_one_of_the_browsers(new_page: Callable[..., Page]) -> None:
    """In one scope it would hide the browser's from every other module."""
    names = {name for bundle in SCRIPTS for path in graph(entry(bundle)) for name in TOP.findall(read(path))}
    page = new_page()
    assert page.evaluate("names => names.filter(name => name in window)", sorted(names)) == []


def test_a_browser_can_read_every_bundle(new_page: Callable[..., Page]) -> None:
    """One name said twice, and nothing of a page runs."""
    page, scripts = new_page(), {bundle: linked(entry(bundle)) for bundle in SCRIPTS}
    unread = """scripts => Object.entries(scripts).flatMap(([name, text]) => {
        try { new Function(text); return []; } catch (fault) { return [`${name}: ${fault}`]; }
    })"""
    assert page.evaluate(unread, scripts) == []


def test_a_part_that_falls_takes_no_other_along(
    cast: Cast, console: Callable[..., Page], page_errors: list[str]
) -> None:
    cast.file()
    page = console("hendra")
    page.add_init_script("addEventListener('DOMContentLoaded', () => document.getElementById('undo').remove(), true)")
    page.reload()
    expect(page.locator("#lamp")).to_have_attribute("data-is", "well")
    expect(page.locator("#sound")).to_have_attribute("data-state", "armed")
    expect(page.locator("#n-new b")).to_have_text("1")
    page.keyboard.press("c")
    expect(page.locator("#board > .card")).to_have_attribute("data-status", "claimed")
    assert len(page_errors) == 1 and "null" in page_errors[0]  # and it is told
    page_errors.clear()

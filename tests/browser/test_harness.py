"""The harness itself: it must notice what is wrong, or every page would pass."""

from collections.abc import Callable

from playwright.sync_api import Page


def test_a_page_has_the_size_the_theme_and_the_language_asked_for(new_page: Callable[..., Page]) -> None:
    page = new_page("phone", theme="dark", locale="en")
    dark = "matchMedia('(prefers-color-scheme: dark)').matches"
    assert page.evaluate(f"[screen.width, {dark}, navigator.language]") == [360, True, "en"]


def test_an_error_on_a_page_is_noticed(new_page: Callable[..., Page], page_errors: list[str]) -> None:
    page = new_page()
    with page.expect_console_message():
        page.evaluate("console.error('a script broke')")
    with page.context.expect_event("weberror"):
        page.evaluate("setTimeout(() => { throw Error('uncaught') })")
    assert [page_errors.pop(0), page_errors.pop(0)] == ["a script broke", "uncaught"]


def test_what_falls_short_of_wcag_is_named(
    new_page: Callable[..., Page], violations: Callable[[Page], list[str]]
) -> None:
    page = new_page()
    page.set_content("<html lang=id><title>Siaga</title><main><h1>Siaga</h1><img src='data:,'></main></html>")
    assert [line.partition(":")[0] for line in violations(page)] == ["image-alt"]

"""A key that leads to a list or a field: what is pressed next goes there or nowhere, however fast it is pressed."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.support.serving import Cast

Open = Callable[..., Page]
AT_ONCE = """keys => { for (const key of keys) (document.activeElement ?? document.body).dispatchEvent(
  new KeyboardEvent("keydown", { key, code: `Key${key.toUpperCase()}`, bubbles: true, cancelable: true })); }"""


def ready(page: Page, id: int) -> None:
    expect(page.locator(f"#incident-open-{id}")).to_be_visible()
    page.wait_for_function("() => siaga.choice.settled() && !siaga.choice.reading()")


def test_a_letter_after_the_menus_key_goes_to_the_menu_before_it_has_the_focus(cast: Cast, console: Open) -> None:
    incident = cast.send(cast.take(cast.file(), "claim", cast.hendra), cast.hendra, (None, 2))
    page = console("hendra", incident.id)
    ready(page, incident.id)
    page.evaluate(AT_ONCE, [".", "t"])
    expect(page.locator(f"#dismiss-{incident.id}")).to_be_visible()
    page.keyboard.press("Escape")
    page.evaluate(AT_ONCE, [".", "d", "1", "c"])  # of no letter of the menu
    expect(page.locator("#panel .menu:popover-open")).to_be_visible()
    assert cast.incident(incident.id).status == "dispatched"


@pytest.mark.parametrize("key", [".", "q", "f"])
def test_where_it_led_nowhere_the_next_one_means_nothing(cast: Cast, console: Open, key: str) -> None:
    incident = cast.send(cast.take(cast.file(), "claim", cast.hendra), cast.hendra, (None, 2))
    page = console("hendra", incident.id)
    ready(page, incident.id)
    page.evaluate(
        "document.querySelectorAll('#panel [data-key]').forEach(one => { if (one.dataset.key !== 't') one.dataset.key = ''; })"
    )
    page.evaluate(AT_ONCE, [key, "t"])
    expect(page.locator("#errors")).to_contain_text("tidak berlaku")
    page.keyboard.press("Escape")
    assert cast.incident(incident.id).status == "dispatched"
    page.evaluate(AT_ONCE, ["t"])
    expect(page.locator(f"#incident-{incident.id}")).to_have_attribute("data-status", "on_scene")


def test_the_press_that_starts_the_sound_leads_nowhere(cast: Cast, console: Open) -> None:
    cast.file(category="KEBAKARAN")
    incident = cast.take(cast.file(), "claim", cast.hendra)
    page = console("hendra", incident.id)
    ready(page, incident.id)
    page.evaluate("document.getElementById('unarmed').hidden = false")
    page.keyboard.press(".")
    page.keyboard.press("r")
    expect(page.locator("#panel [data-key=r]:visible")).not_to_be_focused()

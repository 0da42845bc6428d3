"""A partner's page under a thumb: what was typed is not lost, what was refused is said where the thumb is."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from models.incidents.incident import Incident
from tests.support.house import Running
from tests.support.serving import Cast


@pytest.fixture
def partner(cast: Cast, server: Running, new_page: Callable[..., Page]) -> Callable[..., tuple[Page, Incident]]:
    """The page of damkar on a phone, with one case that it was asked about."""

    def open_page(**options: Any) -> tuple[Page, Incident]:
        incident = cast.take(cast.file(), "claim", cast.hendra)
        cast.take(incident, "refer", cast.hendra, agency=cast.damkar.agency_id, tier="summary")
        page = new_page("phone", base_url=server.http, **options)
        name, _, secret = cast.cookies["damkar"].partition("=")
        page.context.add_cookies([{"name": name, "value": secret, "url": server.http}])
        page.goto("/agency")
        expect(page.locator("#lamp")).to_have_attribute("data-is", "well")
        return page, incident

    return open_page


def test_what_was_typed_and_not_sent_becomes_the_last_note(
    partner: Callable[..., tuple[Page, Incident]], cast: Cast
) -> None:
    page, incident = partner()
    cast.take(incident, "accept", cast.damkar)
    page.locator("#board .confer-say input[name=words]").fill("Kami di depan pintu, terkunci")
    cast.take(incident, "resolve", cast.hendra, outcome="handled")
    note = page.locator("form[action$='/finish']")
    expect(note.locator("textarea, input[name=note]")).to_have_value("Kami di depan pintu, terkunci")
    expect(note).to_contain_text("belum terkirim: polisi sudah menutup kejadian ini")


def test_what_has_no_field_any_more_is_read_where_it_can_be_copied(
    partner: Callable[..., tuple[Page, Incident]], cast: Cast
) -> None:
    page, incident = partner()
    cast.take(incident, "accept", cast.damkar)
    page.locator("#board .confer-say input[name=words]").fill("Kami di depan pintu")
    cast.take(incident, "finish", cast.damkar, note="Padam")  # a colleague's, on another device
    expect(page.locator("#board > li")).to_have_count(0)
    expect(page.locator("#errors")).to_contain_text("Kami di depan pintu")


def test_a_refusal_stands_beside_the_button_that_was_pressed(
    partner: Callable[..., tuple[Page, Incident]], cast: Cast, page_errors: list[str]
) -> None:
    page, incident = partner(viewport={"width": 390, "height": 500})
    page.context.set_offline(True)
    accept = page.locator("form[action$='/accept']")
    accept.get_by_role("button").click()
    expect(accept.locator(".wrong")).to_contain_text("Tidak terkirim")
    expect(accept.locator(".wrong")).to_be_in_viewport()
    page.context.set_offline(False)
    cast.take(incident, "accept", cast.damkar)
    page.reload()
    page.get_by_text("Akhiri rujukan").click()
    finish = page.locator("form[action$='/finish']")
    finish.locator("textarea, input[name=note]").fill("Pintu dibuka")
    page.context.set_offline(True)
    finish.get_by_role("button").click()
    expect(finish.locator(".wrong")).to_contain_text("Tidak terkirim")
    expect(finish.locator(".wrong")).to_be_in_viewport()
    page.context.set_offline(False)
    finish.get_by_role("button").click()
    expect(page.locator("#board > li")).to_have_count(0)
    page_errors.clear()


def test_a_second_tap_presses_nothing_that_took_the_place_of_the_first(
    partner: Callable[..., tuple[Page, Incident]],
) -> None:
    page, _ = partner()
    box: Any = page.locator("form[action$='/accept'] button").bounding_box() or {}
    page.touchscreen.tap(box["x"] + 20, box["y"] + 20)
    expect(page.locator("#board > li")).to_have_attribute("data-state", "accepted")
    page.locator("details[id^=finish-] summary").dispatch_event("click")
    expect(page.locator("details[id^=finish-]")).not_to_have_attribute("open", "")
    expect(page.locator("#unarmed .by-key")).not_to_be_visible()  # and no key is named to a finger


def test_the_sign_of_a_place_stands_beside_its_words(partner: Callable[..., tuple[Page, Incident]]) -> None:
    page, _ = partner(viewport={"width": 390, "height": 844})
    where = page.locator(".case-where")
    pin: Any = where.locator("svg").bounding_box()
    words: Any = where.locator("span").bounding_box()
    assert abs(pin["y"] + pin["height"] / 2 - words["y"] - 12) < words["height"] and words["x"] > pin["x"] + 8
    assert pin["y"] + pin["height"] > words["y"]

"""A burst in a real browser: many reports are one row and one pin, and two keys make them one incident."""

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from models.incidents.merging import gather
from models.incidents.sight import find
from tests.support.law import BABURA
from tests.support.serving import Cast

MANY = 8


def card(page: Page, id: int | None) -> Any:
    return page.locator(f"#incident-{id}")


def fire(cast: Cast, words: str = "api besar di los kain", **more: str):
    return cast.file(cast.zed, "KEBAKARAN", at=BABURA, words=words, **more)


def armed(page: Page) -> Page:
    page.locator("#sound").click()
    return page


def test_a_burst_is_one_row_with_its_count_and_one_pin(cast: Cast, console: Callable[..., Page]) -> None:
    other = cast.file()
    first, *others = [fire(cast) for _ in range(MANY)]
    page = console("hendra")
    expect(page.locator("#board > .card:visible")).to_have_count(2)
    expect(card(page, first.id)).to_be_visible()
    expect(card(page, others[0].id)).to_be_hidden()
    expect(page.locator("#waiting b")).to_have_text("2")
    expect(page.locator("#waiting")).to_contain_text(f"{MANY + 1} laporan")
    expect(page.locator("#n-new b")).to_have_text("2")
    expect(page.locator(".pin")).to_have_count(2)
    expect(page.locator(f'.pin[data-id="{first.id}"] .pin-n')).to_have_text(str(MANY))
    fire(cast)  # one more flows in
    expect(page.locator(f'.pin[data-id="{first.id}"] .pin-n')).to_have_text(str(MANY + 1))
    expect(page.locator("#board > .card:visible")).to_have_count(2)
    expect(card(page, other.id)).to_be_visible()


def test_what_waits_never_steps_behind_what_somebody_holds(cast: Cast, console: Callable[..., Page]) -> None:
    first = cast.take(fire(cast), "claim", cast.ratna)
    page = console("hendra")
    late = [fire(cast), fire(cast)]
    expect(card(page, first.id)).to_be_visible()
    expect(card(page, late[0].id)).to_be_visible()
    expect(card(page, late[1].id)).to_be_hidden()
    expect(page.locator("#waiting b")).to_have_text("1")


def test_a_filter_that_hides_the_first_shows_the_next_of_the_burst(
    cast: Cast,
    console: Callable[..., Page],
) -> None:
    first = fire(cast)
    button = cast.file(cast.ann, "KERIBUTAN", at=BABURA, words="ramai orang, api di los kain")
    page = console("hendra")
    expect(card(page, button.id)).to_be_hidden()
    page.locator("[popovertarget=narrow]").click()
    page.locator("#narrow [name=category]").select_option("KERIBUTAN")
    expect(card(page, first.id)).to_be_hidden()
    expect(card(page, button.id)).to_be_visible()


def test_two_keys_make_a_burst_one_incident_and_one_undo_brings_all_back(
    cast: Cast,
    console: Callable[..., Page],
) -> None:
    first, *others = [fire(cast) for _ in range(MANY)]
    page = armed(console("hendra", first.id))
    expect(page.locator(f"#like-{first.id}")).to_be_visible()
    page.keyboard.press("m")
    expect(page.locator(".merge [data-joins]")).to_contain_text(f"Gabungkan {MANY}")
    page.keyboard.press("Enter")
    expect(card(page, first.id)).to_have_attribute("data-reports", str(MANY))
    expect(card(page, first.id)).to_have_attribute("data-officer", str(cast.hendra.id))
    expect(page.locator("#board > .card")).to_have_count(1)
    page.evaluate("id => siaga.act(id, 'undo', { step: 'merge' })", first.id)
    expect(page.locator("#board > .card")).to_have_count(MANY)
    expect(card(page, first.id)).to_have_attribute("data-status", "new")
    assert {cast.incident(one.id).like_id for one in others} == {first.id}


def test_what_is_unticked_stays_apart_and_what_is_taken_meanwhile_is_named(
    cast: Cast,
    console: Callable[..., Page],
) -> None:
    first, second, third, taken = [fire(cast) for _ in range(4)]
    page = armed(console("hendra", first.id))
    page.keyboard.press("m")
    page.locator(f"#source-{second.id}").uncheck()
    late = fire(cast, words="asap tebal los kain")  # flows in, ticked; what was unticked stays so
    expect(page.locator(f"#source-{late.id}")).to_be_checked()
    expect(page.locator(f"#source-{second.id}")).not_to_be_checked()
    page.route("**/alike**", lambda route: route.abort())  # the comparison hears of nothing more
    cast.take(taken, "claim", cast.ratna)
    page.keyboard.press("Enter")
    expect(page.locator("#errors")).to_contain_text(taken.number)
    expect(page.locator("#errors")).to_contain_text("Ratna")
    expect(card(page, first.id)).to_have_attribute("data-reports", "3")
    assert cast.incident(second.id).into_id is None and cast.incident(third.id).into_id == first.id


def test_one_more_is_added_by_the_last_digits_of_its_number(cast: Cast, console: Callable[..., Page]) -> None:
    first, far = fire(cast), cast.file(cast.ann, "LAKA")
    page = armed(console("hendra", first.id))
    page.evaluate("id => siaga.merge(id)", first.id)
    number = page.locator("[data-also]")
    number.fill(far.number[-4:])
    number.press("Enter")
    expect(page.locator(f"#source-{far.id}")).to_be_checked()
    expect(page.locator(".mlist")).to_be_focused()
    page.keyboard.press("Enter")
    expect(card(page, first.id)).to_have_attribute("data-reports", "2")
    assert cast.incident(far.id).into_id == first.id


def test_each_reporter_has_a_thread_and_one_answer_reaches_all(cast: Cast, console: Callable[..., Page]) -> None:
    first, second = fire(cast), cast.file(cast.ann, "KEBAKARAN", at=BABURA, words="ada anak di lantai dua, api besar")
    cast.run(lambda session: gather(find(session, cast.hendra, first.id), cast.hendra, [second.id], True) and None)
    page = armed(console("hendra", first.id))
    expect(page.locator(".fact--new")).to_contain_text("ada anak di lantai dua")
    expect(page.locator(".per")).to_have_count(2)
    page.locator(".per").nth(1).click()
    page.keyboard.press("r")
    page.keyboard.type("Di sisi mana?")
    page.keyboard.press("Enter")
    expect(page.locator(".talk:visible .bubble")).to_have_text(re.compile("Di sisi mana"))
    page.locator(".per").nth(0).click()
    expect(page.locator(".talk:visible .bubble")).to_have_count(0)
    page.keyboard.press("Shift+R")
    page.keyboard.type("Menjauhlah")
    page.keyboard.press("Enter")
    expect(page.locator(".talk .bubble", has_text="Menjauhlah")).to_have_count(2)
    page.locator(".per").nth(1).click()
    page.locator(".talk:visible form.apart button").click()
    expect(page.locator("#board > .card")).to_have_count(2)

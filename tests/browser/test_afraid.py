"""Hands that shake, a signal that is slow, somebody who may look over the shoulder."""

from playwright.sync_api import Route, expect

from tests.browser.test_citizen import Pages, complaints, fill
from tests.browser.test_citizen import phone as phone
from tests.support.serving import Cast

# Folds that are shut and whose sign says open, or the other way round; and words that the next fold covers.
WRONG_FOLDS = """() => [...document.querySelectorAll("#follow details")].filter(one => one.checkVisibility()).flatMap(one => {
  const fold = one.querySelector(":scope > summary .fold"), next = one.nextElementSibling?.matches("details") && one.nextElementSibling;
  const turned = fold && (getComputedStyle(fold).rotate === "180deg") !== one.open;
  const covers = next && next.getBoundingClientRect().top < one.getBoundingClientRect().bottom - 1;
  return turned || covers ? [[one.querySelector("summary").textContent.trim(), turned, covers]] : [];
})"""


def test_after_sending_back_tells_nobody_what_it_was_about(phone: Pages) -> None:
    page = phone("ann")
    page.goto("/complaints/new")
    fill(page)
    page.locator("[value=KDRT_PPA]").check()
    page.get_by_role("button", name="Kirim laporan").click()
    expect(page.locator("#receipt")).to_be_visible()
    page.go_back()
    expect(page.locator("#description")).to_have_value("")
    expect(page.locator("[name=category]:checked")).to_have_count(0)


def test_a_quick_word_shows_that_it_was_pressed_before_it_has_come(phone: Pages, cast: Cast) -> None:
    cast.file(category="DARURAT_NYAWA", words="Respons Cepat ditekan, tanpa kata.")
    page = phone("ann", service_workers="block")
    page.goto(f"/complaints/{complaints(cast)[0].ref}")
    expect(page.locator("#lamp")).to_have_attribute("data-is", "well")
    held: list[Route] = []
    page.route("**/reply", lambda route: held.append(route))
    word = page.get_by_role("button", name="Saya sembunyi")
    plain = word.evaluate("word => getComputedStyle(word).boxShadow")
    with page.expect_request("**/reply"):
        word.click()
    assert word.evaluate("word => getComputedStyle(word).boxShadow") != plain
    held[0].continue_()
    expect(word).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".tog[aria-busy]")).to_have_count(0)


def test_in_mode_senyap_a_shut_fold_says_so_and_covers_no_word(phone: Pages, cast: Cast) -> None:
    cast.file(category="KDRT_PPA")
    page = phone("ann", reduced_motion="reduce")
    page.goto("/")
    page.locator("[name=quiet]").click()
    page.goto(f"/complaints/{complaints(cast)[0].ref}")
    page.locator("#calm-all > summary").click()
    expect(page.locator("#where")).to_be_visible()
    assert page.evaluate(WRONG_FOLDS) == []

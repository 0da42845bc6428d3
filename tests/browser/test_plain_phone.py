"""Mode senyap on a phone: also without a signal nothing in sight says whose page it is."""

from playwright.sync_api import expect

from tests.browser.test_citizen import Pages, complaints, phone
from tests.browser.test_following import WORKS_IN
from tests.support.serving import Cast
from tests.web.test_plain import TELLS

__all__ = ["phone"]


def test_without_a_signal_the_page_is_plain_and_named_again_once_they_leave_it(phone: Pages) -> None:
    page = phone("ann")
    page.goto("/")
    page.get_by_role("button", name="Mode senyap").click()
    expect(page.locator("html[data-quiet=yes]")).to_be_attached()
    page.evaluate(WORKS_IN, "quiet=yes")
    page.context.set_offline(True)
    page.goto("/complaints")
    expect(page.get_by_role("heading", name="Tidak ada sinyal")).to_be_visible()
    assert page.title() == "Catatan" and TELLS.findall(page.inner_text("body")) == []
    expect(page.locator("link[rel=manifest]")).to_have_count(0)
    page.context.set_offline(False)
    expect(page.get_by_role("heading", name="Tidak ada sinyal")).to_have_count(0)  # it comes back by itself
    page.wait_for_load_state()
    page.goto("/")
    page.get_by_role("button", name="Matikan").click()
    page.evaluate(WORKS_IN, "lang=id")
    page.context.set_offline(True)
    page.goto("/complaints")
    expect(page.locator(".brand")).to_have_text("Siaga")


def test_a_press_without_a_place_asks_for_it_in_sight_in_neutral_words(phone: Pages, cast: Cast) -> None:
    page = phone("ann")
    page.goto("/")
    page.get_by_role("button", name="Mode senyap").click()
    expect(page.locator("html[data-quiet=yes]")).to_be_attached()
    cast.file(category="DARURAT_NYAWA", words="Respons Cepat ditekan, tanpa kata.", nowhere=True, landmark="")
    page.goto(f"/complaints/{complaints(cast)[-1].ref}")
    fold = page.locator("#calm-where")
    expect(fold.locator("summary").first).to_have_text("Tempat belum ada: tulis")
    assert TELLS.findall(page.inner_text("main")) == []
    fold.locator("summary").first.click()
    page.fill("#where-place", "Jl. Iskandar Muda, Kelurahan Babura")
    page.locator("#where-said button").click()
    expect(fold).to_have_count(0)

"""A referral goes to whom its holder means, says before what it gives away, and a slip of a key is taken back."""

from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from tests.support.serving import Cast

Open = Callable[..., Page]


def dialog(page: Page, id: int) -> Locator:
    expect(page.locator(f"#incident-open-{id}")).to_be_visible()
    page.wait_for_function("() => siaga.choice.settled() && !siaga.choice.reading()")
    page.keyboard.press(".")
    page.keyboard.press("r")
    shown = page.locator(f"#refer-{id}")
    expect(shown).to_be_visible()
    return shown


def test_its_usual_partner_is_chosen_beforehand_and_typing_a_short_name_finds_it(cast: Cast, console: Open) -> None:
    fire = cast.take(cast.file(category="KEBAKARAN"), "claim", cast.hendra)
    page = console("hendra", fire.id)
    refer = dialog(page, fire.id)
    chosen = refer.locator("select option:checked")
    expect(chosen).to_contain_text("DAMKARMAT · Dinas Pemadam")
    send = refer.locator("[data-refers]")
    expect(send).to_have_text("Rujuk ke DAMKARMAT")
    refer.locator("select").focus()
    for typed, name in (("dish", "DISHUB"), ("damk", "DAMKARMAT")):
        page.evaluate("document.activeElement.blur()")  # what was typed before is over
        refer.locator("select").focus()
        page.keyboard.type(typed)
        expect(send).to_have_text(f"Rujuk ke {name}")
    refer.locator("select").select_option("")
    expect(send).to_be_disabled()
    refer.locator("[value=full]").check()
    page.keyboard.press("Control+Enter")
    expect(refer.locator(".need")).to_be_visible()
    expect(page.locator("#panel .referrals")).to_have_count(0)


def test_all_of_it_to_another_is_asked_once_more_and_z_takes_it_back(cast: Cast, console: Open) -> None:
    fire = cast.take(cast.file(category="KEBAKARAN"), "claim", cast.hendra)
    page = console("hendra", fire.id)
    refer = dialog(page, fire.id)
    refer.locator("select").select_option(label="DPRD · Dewan Perwakilan Rakyat Daerah")
    refer.locator("[value=full]").check()
    for _ in range(2):  # the same keys again are no answer
        with page.expect_response("**/refer"):
            page.keyboard.press("Control+Enter")
    expect(refer.locator(".fault")).to_have_text(
        "Dewan Perwakilan Rakyat Daerah akan membaca semua kata laporan dan melihat buktinya. Benar ke sana?"
    )
    expect(refer.locator(".asks")).to_be_focused()
    refer.get_by_text("Tidak", exact=True).click()
    expect(refer.locator(".asks")).to_have_count(0)
    with page.expect_response("**/refer"):
        page.keyboard.press("Enter")
    refer.get_by_text("Ya, benar").click()
    expect(page.locator("#undo")).to_contain_text("ke DPRD")
    expect(page.locator("#panel .referrals")).to_contain_text("menunggu")
    page.wait_for_function("() => siaga.choice.settled()")
    page.keyboard.press("z")
    expect(page.locator("#panel .referrals")).to_contain_text("berakhir")
    expect(page.locator("#panel .diary")).to_contain_text("berakhir, mungkin sudah dibaca")

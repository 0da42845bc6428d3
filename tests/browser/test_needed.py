"""What a form lacks is said by us: in the language of whoever sits there, beside the field, for eyes and ears, until it is right."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.support.house import Running
from tests.support.serving import Cast


def lacks(field: Locator, words: str) -> None:
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description(words)
    expect(field).to_be_focused()


def test_a_new_report_says_what_it_lacks_and_lets_go_of_it_when_it_is_there(
    cast: Cast, console: Callable[..., Page]
) -> None:
    page = console("hendra")
    page.keyboard.press("n")
    form = page.locator("#sheet-body form")
    kind, words = form.locator("[name=category]"), form.locator("[name=description]")
    form.get_by_role("button", name="Catat laporan").click()
    lacks(kind, "Pilih salah satu.")
    expect(words).to_have_accessible_description("Isi bagian ini.")
    assert form.locator(".need").count() == 2
    kind.select_option("LAKA")
    expect(kind).not_to_have_attribute("aria-invalid", "true")
    form.get_by_role("button", name="Catat laporan").click()
    lacks(words, "Isi bagian ini.")
    words.fill("Dua motor bertabrakan")
    expect(form.locator(".need")).to_have_count(0)
    expect(words).not_to_have_attribute("aria-describedby", "")


def test_a_choice_is_asked_for_once_for_all_of_it(cast: Cast, console: Callable[..., Page]) -> None:
    case = cast.take(cast.file(), "claim", cast.hendra)
    page = console("hendra", case.id)
    page.locator("#panel .inc-head").wait_for()
    page.keyboard.press("e")
    dialog = page.locator(f"#resolve-{case.id}")
    dialog.locator(".dialog-foot .btn--hand").click()
    expect(dialog.locator("fieldset .need")).to_have_text(["Pilih salah satu."])
    lacks(dialog.locator("[name=outcome]").first, "Pilih salah satu.")
    dialog.locator("[name=outcome]").nth(2).check()
    expect(dialog.locator(".need")).to_have_count(0)


def test_a_line_without_a_label_says_it_where_one_types(cast: Cast, console: Callable[..., Page]) -> None:
    case = cast.take(cast.file(), "claim", cast.hendra)
    page = console("hendra", case.id)
    note = page.locator(f"#note-{case.id} [name=words]")
    note.press("Enter")
    lacks(note, "Isi bagian ini.")
    expect(page.locator(f"#note-{case.id} .need")).to_have_attribute("role", "alert")


@pytest.mark.parametrize(
    ("who", "path", "opens", "form", "words"),
    [
        ("sari", "/duty", "[commandfor=pair]", "#pair form", "Fill this in."),
        ("dewi", "/admin/keys", "main [commandfor], .admin-head [commandfor]", "dialog[open] form", "Fill this in."),
        ("dewi", "/admin/categories", "[data-edit]", "dialog[open] form", "Fill this in."),
        ("hendra", "/me", "", ".me-form", "Fill this in."),
    ],
)
def test_every_desk_says_it_in_its_own_language(
    cast: Cast, server: Running, new_page: Callable[..., Page], who: str, path: str, opens: str, form: str, words: str
) -> None:
    page = new_page("console")
    name, _, secret = cast.cookies[who].partition("=")
    page.context.add_cookies([{"name": name, "value": secret, "url": server.http}])
    page.context.add_cookies([{"name": "locale", "value": "en", "url": server.http}])
    page.request.post(f"{server.http}/language", form={"locale": "en", "next": path}, headers={"origin": server.http})
    page.goto(server.http + path)
    if opens:
        page.locator(opens).first.click()
    fields = page.locator(form).first.locator("[required]:not([type=radio])")
    fields.first.fill("")
    page.locator(form).first.evaluate("form => form.requestSubmit()")
    lacks(fields.first, words)

"""What was typed into a case is there again when it is opened again, until it is sent or given up."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.support.serving import Cast

SETTLED = "() => siaga.choice.settled() && !siaga.choice.reading()"


def test_words_typed_into_a_case_outlive_a_look_at_another(cast: Cast, console: Callable[..., Page]) -> None:
    first, second = (cast.take(cast.file(category="CURANMOR"), "claim", cast.hendra) for _ in range(2))
    page = console("hendra", first.id)

    def show(id: int) -> None:
        page.locator(f"#incident-{id} h3").click()
        expect(page.locator(f"#incident-open-{id}")).to_be_visible()
        page.wait_for_function(SETTLED)

    page.wait_for_function(SETTLED)
    note, reply = page.locator(".reply--note [name=words]"), page.locator(".reply:not(.reply--note) [name=words]").first
    release = page.locator(f"#release-{first.id}")
    note.fill("Ciri pelaku: jaket merah")
    reply.fill("Masih di sana?")
    release.evaluate("dialog => dialog.showModal()")
    release.locator("[name=reason]").fill("Piket lain lebih dekat")
    page.keyboard.press("Escape")
    show(second.id)
    for field in (note, reply):
        expect(field).to_have_value("")
    note.fill("Yang kedua")

    show(first.id)
    expect(note).to_have_value("Ciri pelaku: jaket merah")
    expect(reply).to_have_value("Masih di sana?")
    expect(release.locator("[name=reason]")).to_have_value("Piket lain lebih dekat")
    note.press("Enter")  # sent
    expect(page.locator("#panel .diary")).to_contain_text("jaket merah")
    release.evaluate("dialog => dialog.showModal()")
    release.get_by_role("button", name="Batal").click()  # given up
    show(second.id)
    expect(note).to_have_value("Yang kedua")
    show(first.id)
    for field in (note, release.locator("[name=reason]")):
        expect(field).to_have_value("")
    expect(reply).to_have_value("Masih di sana?")
    assert page.evaluate("[localStorage, sessionStorage].every(kept => !JSON.stringify(kept).includes('Masih'))")


def test_words_that_were_on_their_way_do_not_come_back_to_be_sent_twice(
    cast: Cast, console: Callable[..., Page]
) -> None:
    first, second = (cast.take(cast.file(category="CURANMOR"), "claim", cast.hendra) for _ in range(2))
    page = console("hendra", first.id)
    page.wait_for_function(SETTLED)
    waiting: list[Callable[[], None]] = []
    page.route("**/note", lambda route: waiting.append(route.continue_))
    note = page.locator(".reply--note [name=words]")
    note.fill("Sekali saja")
    note.press("Enter")
    for id in (second.id, first.id):
        page.locator(f"#incident-{id} h3").click()
        expect(page.locator(f"#incident-open-{id} .reply--note")).to_be_visible()
    expect(note).to_have_value("Sekali saja")  # not answered: it may still be lost
    waiting[0]()
    expect(page.locator("#panel .diary")).to_contain_text("Sekali saja")
    expect(note).to_have_value("")

"""Whatever the reporter or a partner writes on a case one holds is told, whichever case is open, and one key opens it."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.support.serving import Cast

Open = Callable[..., Page]


def test_words_on_my_case_are_said_marked_and_opened_by_a_key(cast: Cast, console: Open) -> None:
    mine, other, theirs = (cast.take(cast.file(), "claim", by) for by in (cast.hendra, cast.hendra, cast.ratna))
    for case, by in ((mine, cast.hendra), (theirs, cast.ratna)):
        cast.take(case, "refer", by, agency=cast.damkar.agency_id, tier="summary")
    page = console("hendra", other.id)
    expect(page.locator(f"#incident-open-{other.id}")).to_be_visible()
    said, card = page.locator("#said"), page.locator(f"#incident-{mine.id}")
    cast.take(mine, "respond", cast.damkar, words="Jalan masuk dari mana?")
    expect(said).to_contain_text("DAMKARMAT menulis ke Anda: Curas")
    expect(page.locator("#heard")).to_contain_text("DAMKARMAT menulis ke Anda")
    cast.take(mine, "reply", cast.ann, words="Mereka balik lagi bawa parang!")
    expect(said).to_contain_text("Pelapor menulis: Curas")
    expect(card).to_contain_text("pelapor menulis")
    cast.take(theirs, "reply", cast.ann, words="Bukan untuk Anda")
    expect(page.locator(f"#incident-{theirs.id}")).to_contain_text("pelapor menulis")
    expect(said).to_contain_text(card.locator(".card-where").inner_text())  # no word of a colleague's case
    page.wait_for_function("() => siaga.choice.settled() && !siaga.choice.reading()")
    page.keyboard.press("h")
    expect(page.locator(f"#incident-open-{mine.id}")).to_be_visible()
    cast.take(mine, "ask", cast.hendra, words="Petugas menuju ke sana.")
    expect(card).not_to_contain_text("pelapor menulis")


def test_c_takes_nothing_that_a_filter_hides(cast: Cast, console: Open) -> None:
    mine, waits = cast.take(cast.file(), "claim", cast.hendra), cast.file(category="KEBAKARAN")
    page = console("hendra", mine.id)
    page.locator("#filters [data-show=mine]").click()
    expect(page.locator(f"#incident-{waits.id}")).to_be_hidden()
    page.wait_for_function("() => siaga.choice.settled() && !siaga.choice.reading()")
    page.keyboard.press("c")
    expect(page.locator("#errors")).to_contain_text("tersembunyi oleh saringan")
    expect(page.locator(f"#incident-{waits.id}")).to_be_visible()
    assert cast.incident(waits.id).status == "new"
    page.keyboard.press("c")
    expect(page.locator(f"#incident-{waits.id}")).to_have_attribute("data-status", "claimed")


def test_the_searchs_head_says_how_late_and_the_first_that_waits_stays_when_another_is_opened(
    cast: Cast, console: Open
) -> None:
    first, hit = cast.file(category="KEBAKARAN"), cast.file(category="KERIBUTAN", words="karaoke kapuk")
    page = console("hendra", first.id)
    page.evaluate("siaga.server.skew += 751_000; siaga.tell('tick')")
    page.keyboard.press("/")
    page.keyboard.type("kapuk")
    expect(page.locator("#waits")).to_contain_text("+11:")  # of a minute's target, twelve and a half old
    page.keyboard.press("Enter")
    expect(page.locator(f"#incident-open-{hit.id}")).to_be_visible()
    expect(page.locator(f"#incident-{first.id}")).to_be_in_viewport()

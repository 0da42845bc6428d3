"""What a screen reader is told, and an assignment that reaches its receiver: by ear, by line, also after a reload."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.test_alarm import listen, rings
from tests.live.test_receipts import stored
from tests.support.house import wait_until
from tests.support.serving import Cast

__all__ = ["listen"]

# Writes down what every live region comes to say.
RECORDER = """() => {
  window.told = [];
  const live = "[role=status], [role=alert], [role=log], [aria-live]:not([aria-live=off])";
  new MutationObserver(changes => {
    for (const { target } of changes) {
      const region = (target.closest ? target : target.parentElement)?.closest(live);
      const words = region?.checkVisibility?.() && region.textContent.trim();
      if (words && !window.told.at(-1)?.startsWith(`${region.id} ${words}`)) window.told.push(`${region.id} ${words}`);
    }
  }).observe(document.body, { subtree: true, childList: true, characterData: true });
}"""
TICKS = """() => new Promise(done => { let ticks = 0; document.addEventListener("siaga:tick", () => ++ticks > 4 && done()); })"""


def well(page: Page) -> Page:
    expect(page.locator("#lamp")).to_have_attribute("data-is", "well")
    expect(page.locator("#sound")).to_have_attribute("data-state", "armed")
    return page


def told(page: Page) -> list[str]:
    return [words for words in page.evaluate("window.told") if words.startswith("heard ")]


def test_one_sentence_for_each_arrival_and_none_each_second(cast: Cast, listen: Callable[..., Page]) -> None:
    page = well(listen("hendra"))
    page.evaluate(RECORDER)
    cast.file()
    page.wait_for_function("() => window.told.length > 0")
    page.evaluate(TICKS)
    assert page.evaluate("window.told") == [
        "heard Baru, P1 Darurat: Curas / begal / jambret, Babura · depan minimarket"
    ]


def test_what_comes_after_is_told_in_words_too(cast: Cast, listen: Callable[..., Page]) -> None:
    page = well(listen("hendra"))
    page.evaluate(RECORDER)
    for n, category in enumerate(("CURAS_BEGAL", "KEBAKARAN", "LAKA"), 1):
        cast.file(category=category)
        page.wait_for_function("n => window.told.length >= n", arg=n)
    assert all(words.startswith("heard Baru, P") and "object" not in words for words in told(page))


def test_a_flood_is_told_as_a_number(cast: Cast, listen: Callable[..., Page]) -> None:
    incident = cast.file()
    page = well(listen("hendra"))
    page.evaluate(RECORDER)
    page.evaluate(
        """id => { for (const n of [1, 2, 3, 4, 5, 6, 7])
        siaga.tell("placed", { list: document.getElementById("board"), node: document.getElementById(`incident-${id}`) }); }""",
        incident.id,
    )
    page.wait_for_function("() => window.told.length > 0")
    page.evaluate(TICKS)
    assert told(page) == ["heard 7 baru, 7 darurat"]


def test_a_claim_won_is_told_and_what_a_colleague_does_once(cast: Cast, listen: Callable[..., Page]) -> None:
    first, other = cast.file(), cast.take(cast.file(category="CURANMOR"), "claim", cast.ratna)
    page = well(listen("hendra"))
    page.evaluate(RECORDER)
    page.evaluate("id => siaga.act(id, 'claim')", first.id)
    page.wait_for_function("() => window.told.some(words => words.includes('Anda memegang 26'))")
    cast.send(other, cast.ratna, (None, 2))
    expect(page.locator("#said")).to_contain_text("mengirim 2 personel")
    page.wait_for_function("() => window.told.some(words => words.includes('mengirim 2 personel'))")
    page.evaluate(TICKS)
    assert sum("mengirim 2 personel" in words for words in page.evaluate("window.told")) == 1
    assert page.locator("#said[role], #said [role=status]").count() == 0


def test_what_is_no_word_is_never_told(cast: Cast, listen: Callable[..., Page]) -> None:
    page = well(listen("hendra"))
    filled = """() => [siaga.fill("{what}, {n}", { what: { id: 7 }, n: 2 }), siaga.fill("{n}", ["x"]), siaga.fill("{n}", null), siaga.fill("{n} baru", 7)]"""
    assert page.evaluate(filled) == [", 2", "", "", "7 baru"]


# An assignment


def test_what_was_given_sounds_and_stays_until_it_was_seen(cast: Cast, listen: Callable[..., Page]) -> None:
    page = well(listen("ratna"))
    incident = cast.take(cast.file(), "assign", cast.sari, officer=cast.ratna.id, reason="korban menelepon lagi")
    line = page.locator(f"#hand-{incident.id}")
    expect(line).to_contain_text("AKP Sari Ginting memberi Anda Curas / begal / jambret")
    expect(line).to_contain_text("korban menelepon lagi")
    rings(page, "handed")
    page.reload()
    expect(line).to_be_visible()
    rings(page, "handed")
    page.keyboard.press("Enter")
    expect(line).not_to_be_attached()
    expect(page.locator(f"#incident-open-{incident.id}")).to_be_visible()
    assert cast.incident(incident.id).known_at
    page.reload()
    expect(page.locator(f"#incident-{incident.id}")).to_be_visible()
    assert line.count() == 0


def test_a_console_that_was_off_hears_of_it_when_it_comes(cast: Cast, listen: Callable[..., Page]) -> None:
    incident = cast.take(cast.file(), "claim", cast.hendra)
    cast.take(incident, "reassign", cast.sari, officer=cast.ratna.id, reason="beban")
    page = listen("hendra")
    line = page.locator(f"#hand-{incident.id}")
    expect(line).to_contain_text("kini dipegang Ipda Ratna Simanjuntak")
    expect(line).to_contain_text("beban")
    rings(page, "handed")
    line.get_by_role("button", name="Dilihat").click()
    expect(line).not_to_be_attached()
    assert cast.incident(incident.id).untold == str(cast.ratna.id)


def test_a_colleague_hears_nothing_of_it(cast: Cast, listen: Callable[..., Page]) -> None:
    page = well(listen("dinda"))
    incident = cast.take(cast.file(), "assign", cast.sari, officer=cast.ratna.id)
    expect(page.locator(f"#incident-{incident.id}")).to_have_attribute("data-untold", str(cast.ratna.id))
    page.evaluate(TICKS)
    assert 523 not in page.evaluate("window.rung")
    assert page.locator(".hand").count() == 0


LEVELS = """
const ramp = AudioParam.prototype.linearRampToValueAtTime;
window.levels = [];
AudioParam.prototype.linearRampToValueAtTime = function (level, at) { levels.push(level); return ramp.call(this, level, at); };
"""


def test_what_one_chose_to_hear_holds_on_every_screen_and_silences_nothing_urgent(
    cast: Cast, listen: Callable[..., Page]
) -> None:
    mine = listen("hendra", "/me")
    mine.get_by_label("Pelan").check()
    mine.get_by_label("Diamkan").check()
    mine.locator("form[action='/me/sounds'] button").click()
    expect(mine.get_by_label("Pelan")).to_be_checked()
    expect(mine.get_by_label("Diamkan")).to_be_checked()
    page, other = well(listen("hendra", without=LEVELS)), well(listen("ratna"))
    expect(page.locator("#sound")).to_contain_text("P3/P4 diam")
    minor = cast.file(category="BARANG_HILANG")
    other.wait_for_function("() => window.rung.length > 0")
    card = page.locator(f"#incident-{minor.id}")
    expect(card).to_be_attached()
    page.evaluate(TICKS)
    assert page.evaluate("window.rung") == []
    wait_until(
        lambda: (
            {(row.officer_id, row.silent) for row in stored(cast.read)}
            == {(cast.hendra.id, "chosen"), (cast.ratna.id, "")}
        )
    )

    card.evaluate("card => { card.dataset.alerted = ''; }")  # the ladder calls for it
    page.wait_for_function("() => window.rung.length > 0")
    cast.file()
    rings(page)
    loudest = page.evaluate("Math.max(...levels)")
    assert 0.1 < loudest < 0.2

"""The supervisor's and the partner's desk: heard like a console, worked on a phone, and what was given is seen to be known."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from models.incidents.exercise import start_exercise
from tests.browser.test_alarm import listen, rings
from tests.browser.test_heard import TICKS
from tests.support.serving import Cast
from tests.web.test_agency import refer
from tests.web.test_shift import opened

__all__ = ["listen"]
PHONE = {"size": "phone", "viewport": {"width": 390, "height": 844}}
SHORT = """() => [...document.querySelectorAll("button, .nav a, .strip, .choose-row, .accounts a, .tabs a")]
    .filter(one => one.checkVisibility() && one.getBoundingClientRect().height < 43.5).map(one => one.outerHTML.slice(0, 120))"""


def armed(page: Page) -> Page:
    expect(page.locator("#lamp")).to_have_attribute("data-is", "well")
    expect(page.locator("#sound")).to_have_attribute("data-state", "armed")
    return page


def attended(cast: Cast, listen: Callable[..., Page]) -> Page:
    """A desk, while an officer is at a console."""
    armed(listen("hendra"))
    page = armed(listen("sari", "/duty"))
    expect(page.locator(f"#officer-{cast.hendra.id}:not(.person--silent)")).to_be_attached()
    page.evaluate("window.rung = []")
    return page


def test_the_desk_sounds_for_what_no_console_took(cast: Cast, listen: Callable[..., Page]) -> None:
    page = attended(cast, listen)
    incident = cast.file(category="CURANMOR")
    expect(page.locator(f"#strip-{incident.id}")).to_be_visible()
    page.evaluate(TICKS)
    assert page.evaluate("window.rung") == []
    page.evaluate("siaga.server.now = () => Date.now() + 400_000")
    page.wait_for_function("() => window.rung.includes(740)")


def test_it_sounds_at_once_for_what_only_supervisors_see(cast: Cast, listen: Callable[..., Page]) -> None:
    page = attended(cast, listen)
    cast.file(category="OKNUM")
    page.wait_for_function("() => window.rung.length > 0")


def test_it_sounds_at_once_while_nobody_is_at_a_console(cast: Cast, listen: Callable[..., Page]) -> None:
    page = armed(listen("sari", "/duty"))
    cast.file()
    rings(page)


def test_both_desks_say_that_they_cannot_be_heard(cast: Cast, listen: Callable[..., Page]) -> None:
    refer(cast, "summary")
    cast.file()
    for who, path in (("sari", "/duty"), ("damkar", "/agency")):
        page = listen(who, path, wants=True)
        expect(page.locator("#unarmed")).to_contain_text("1 menunggu")
        page.keyboard.press("s")
        expect(page.locator("#unarmed")).to_be_hidden()
        expect(page.locator("#sound")).to_have_attribute("data-state", "armed")  # the press hushed nothing
        page.keyboard.press("s")
        if path == "/agency":
            expect(page.locator("#sound")).to_have_attribute("data-state", "hushed")


def test_a_referral_sounds_until_it_is_answered(cast: Cast, listen: Callable[..., Page]) -> None:
    page = armed(listen("damkar", "/agency"))
    incident = refer(cast, "summary")
    page.wait_for_function("() => window.rung.includes(740)")
    page.locator(f"#incident-{incident.id} h2").click()
    expect(page.locator("#sound")).to_have_attribute("data-state", "hushed")
    page.locator(f"#incident-{incident.id}").get_by_role("button", name="Terima").click()
    expect(page.locator("#sound")).to_have_attribute("data-state", "armed")


def test_what_is_not_answered_sounds_on_a_screen_that_heard_of_no_event(
    cast: Cast, listen: Callable[..., Page]
) -> None:
    """It was away when it was referred, and comes back: what it shows sounds. Answered elsewhere meanwhile: it keeps still."""
    incident = refer(cast, "presence")
    page = armed(listen("damkar", "/agency"))
    page.wait_for_function("() => window.rung.includes(740)")
    page.context.set_offline(True)
    page.evaluate("window.dispatchEvent(new Event('offline'))")
    cast.take(incident, "accept", cast.damkar)
    page.context.set_offline(False)
    page.reload()
    armed(page)
    expect(page.locator(f"#incident-{incident.id}")).to_have_attribute("data-state", "accepted")
    page.evaluate("window.rung = []")
    page.evaluate(TICKS)
    assert page.evaluate("window.rung") == []
    page.context.set_offline(True)
    refer(cast, "summary")
    page.context.set_offline(False)
    page.wait_for_function("() => window.rung.includes(740)")


def test_what_officers_wrote_sounds_until_somebody_says_that_it_is_read(
    cast: Cast, listen: Callable[..., Page], violations: Callable[[Page], list[str]], page_errors: list[str]
) -> None:
    incident = cast.take(refer(cast, "summary"), "accept", cast.damkar)
    page = armed(listen("damkar", "/agency", **PHONE))
    card = page.locator(f"#incident-{incident.id}")
    cast.take(incident, "consult", cast.hendra, words="Hidran depan sekolah mati")
    expect(card).to_contain_text("Hidran depan sekolah mati")
    page.wait_for_function("() => window.rung.length > 0")
    card.get_by_label("Tulis ke petugas").fill("setengah diketik")
    card.get_by_role("button", name="Sudah saya baca (1)").tap()
    expect(card).not_to_have_attribute("data-unread", "1")
    expect(card.get_by_label("Tulis ke petugas")).to_have_value("setengah diketik")
    page.evaluate("window.rung = []")
    page.evaluate(TICKS)
    assert page.evaluate("window.rung") == [] and page_errors == [] and violations(page) == []
    page_errors.clear()  # axe's own probes
    card.get_by_role("button", name="Kirim", exact=True).tap()
    expect(card).to_contain_text("setengah diketik")
    cast.take(incident, "resolve", cast.hendra, outcome="handled")
    expect(card).to_contain_text("Polisi menutup kejadian ini")
    page.wait_for_function("() => window.rung.length > 0")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_partners_words_sound_softly_to_the_holder_once_for_each_message(
    cast: Cast, listen: Callable[..., Page]
) -> None:
    incident = cast.take(refer(cast, "summary"), "accept", cast.damkar)
    holder, other = armed(listen("hendra")), armed(listen("ratna"))
    for page in (holder, other):
        page.evaluate("window.rung = []")
    for n, words in enumerate(("Dua unit berangkat", "Hidran mati"), 1):
        cast.take(incident, "respond", cast.damkar, words=words)
        holder.wait_for_function("n => window.rung.length === n", arg=2 * n)
        expect(other.locator(f"#incident-{incident.id}")).to_have_attribute("data-written", str(n))
    for page in (holder, other):
        page.evaluate(TICKS)
    assert holder.evaluate("window.rung") == [587, 440] * 2 and other.evaluate("window.rung") == []
    cast.take(incident, "consult", cast.hendra, words="Pakai hidran pasar")  # an answer is a reading
    expect(holder.locator(f"#incident-{incident.id}")).not_to_have_attribute("data-written", "2")
    cast.take(incident, "respond", cast.damkar, words="Siap")
    holder.wait_for_function("() => window.rung.length === 6")


def test_paper_gets_nothing_of_a_referral(cast: Cast, listen: Callable[..., Page]) -> None:
    refer(cast, "full")
    page = armed(listen("damkar", "/agency"))
    expect(page.get_by_text("Rujukan tidak dicetak.")).to_be_hidden()
    page.emulate_media(media="print")
    expect(page.get_by_text("Rujukan tidak dicetak.")).to_be_visible()
    expect(page.locator("#board")).to_be_hidden()


def test_what_waits_is_given_by_keyboard_and_is_seen_to_be_known(cast: Cast, listen: Callable[..., Page]) -> None:
    incident = cast.file()
    page = armed(listen("sari", "/duty"))
    strip = page.locator(f"#strip-{incident.id}")
    strip.focus()
    page.keyboard.press("a")
    page.locator(f"#move [value='{cast.ratna.id}']").check()
    page.locator("#move textarea").fill("paling dekat")
    page.get_by_role("button", name="Beri ke Ipda Ratna Simanjuntak").click()
    page.get_by_role("button", name="Ya, tetap ke Ipda Ratna Simanjuntak").click()  # she is not at a desk
    expect(page.locator(f"#lane-{cast.ratna.id} .strip")).to_contain_text("menunggu diketahui 0:")
    expect(page.locator(f"#late-{incident.id}")).to_contain_text("belum diketahui")
    cast.take(incident, "acknowledge", cast.ratna)
    expect(strip).to_contain_text("✓ diketahui 0:")
    expect(page.locator(f"#late-{incident.id}")).not_to_be_attached()


def test_what_waits_is_dragged_to_an_officer(cast: Cast, listen: Callable[..., Page]) -> None:
    incident, other = cast.file(), cast.take(cast.file(category="CURANMOR"), "claim", cast.ratna)
    page = armed(listen("sari", "/duty"))
    expect(page.locator(f"#strip-{other.id}")).to_be_visible()
    page.locator(f"#strip-{incident.id}").drag_to(page.locator(f"#lane-{cast.ratna.id} .lane-who"))
    page.get_by_role("button", name="Beri ke Ipda Ratna Simanjuntak").click()
    page.get_by_role("button", name="Ya, tetap ke Ipda Ratna Simanjuntak").click()  # she is not at a desk
    expect(page.locator(f"#lane-{cast.ratna.id} .strip")).to_have_count(2)
    assert cast.incident(incident.id).officer_id == cast.ratna.id


def test_a_complaint_about_an_officer_is_offered_to_supervisors_alone(cast: Cast, listen: Callable[..., Page]) -> None:
    incident = cast.file(category="OKNUM")
    page = armed(listen("sari", "/duty"))
    page.locator(f"#strip-{incident.id}").focus()
    page.keyboard.press("a")
    expect(page.locator("#move input[type=radio]")).to_have_count(1)
    expect(page.locator("#move input[type=radio]")).to_have_value("me")


def test_on_a_phone_a_tap_gives_and_nothing_scrolls_sideways(cast: Cast, listen: Callable[..., Page]) -> None:
    incident = cast.file()
    page = armed(listen("sari", "/duty", **PHONE))
    expect(page.locator("#late-h")).to_be_visible()
    expect(page.locator("#board-h")).to_be_hidden()
    page.locator(".tabs").get_by_text("Papan").tap()
    expect(page.locator("#late-h")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.locator(f"#strip-{incident.id}").tap()
    expect(page.locator("#move")).to_be_visible()
    assert page.evaluate(SHORT) == []
    page.locator(f"#move label:has([value='{cast.ratna.id}'])").tap()
    page.get_by_role("button", name="Beri ke Ipda Ratna Simanjuntak").tap()
    page.get_by_role("button", name="Ya, tetap ke Ipda Ratna Simanjuntak").tap()
    expect(page.locator("#move")).to_be_hidden()
    assert cast.incident(incident.id).officer_id == cast.ratna.id


def test_on_a_phone_four_numbers_stand_on_top_and_rows_are_worked_by_the_thumb(
    cast: Cast, listen: Callable[..., Page], violations: Callable[[Page], list[str]], page_errors: list[str]
) -> None:
    opened(cast)  # the first: it is on duty at once
    cast.run(start_exercise, cast.sari, "gempa", 60)  # its band is one more thing above
    first, *_ = [cast.file(category="CURANMOR", at=(3.55 + n / 50, 98.6585)) for n in range(6)]
    page = armed(listen("sari", "/duty", **PHONE))
    page.evaluate("siaga.server.now = () => Date.now() + 400_000")
    expect(page.locator("#tab-n")).to_have_text("6")
    four = page.locator(".four div:visible")
    expect(four).to_have_text(
        [
            re.compile(says)
            for says in (r"hadir\s*\d+/\d+", r"bebas\s*–", r"kendaraan", r"serah terima\s*23 j\s\d+\smnt")
        ]
    )
    page.locator(f"#late-{first.id} b").tap()
    acts = page.locator(f"#late-{first.id} .late-acts .btn:visible")
    expect(acts).to_have_text([re.compile(says) for says in ("Beri", "Dilihat", "Redam", "Buka")])
    for theme in ("dark", "light"):
        page.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)
        assert page.evaluate(SHORT) == [] and page_errors == [] and violations(page) == []
        page_errors.clear()  # axe's own probes
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.keyboard.press("End")
    last = page.locator("#late > li").last
    last.locator("b").tap()
    last.get_by_text("Redam").tap()  # nothing stands over it, at the very end of the page
    page.locator("#shelve [name=note]").fill("Lantas 11 dekat")
    page.locator("#shelve").get_by_role("button", name="Redam").tap()
    expect(page.locator("#late .seen")).to_contain_text("“Lantas 11 dekat”")
    expect(page.locator("#tab-n")).to_have_text("5")
    page.locator(f"#late-{first.id} b").tap()
    page.locator(f"#late-{first.id}").get_by_text("Buka").tap()
    expect(page).to_have_url(re.compile(f"/incidents/{first.id}$"))

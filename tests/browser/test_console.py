"""The console in a real browser, over a real server: what an officer sees, presses and may not lose."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import Session

from models.incidents.incident import Incident
from models.incidents.strengths import strengths
from tests.browser.test_alarm import BLIND
from tests.browser.test_queue import CUT
from tests.support.house import Running
from tests.support.serving import Cast

AGE = "(id => document.getElementById(`incident-${id}`).style.getPropertyValue('--age'))"
CARDS = """() => [...document.querySelectorAll("#board > .card")]
    .map(card => card.outerHTML.replaceAll(/ (data-htmx-powered|style)="[^"]*"/g, ""))"""  # the style is the ages, which tick


def card(page: Page, id: int | None) -> Any:
    return page.locator(f"#incident-{id}")


def test_one_key_takes_what_waits_and_one_gives_it_back(cast: Cast, console: Callable[..., Page]) -> None:
    page = console("hendra")
    incident = cast.file()
    expect(card(page, incident.id)).to_have_attribute("data-status", "new")
    page.keyboard.press("c")
    expect(card(page, incident.id)).to_have_attribute("data-officer", str(cast.hendra.id))
    expect(page.locator("#undo")).to_be_visible()
    page.keyboard.press("z")
    expect(card(page, incident.id)).to_have_attribute("data-status", "new")


def test_the_loser_of_a_race_reads_who_has_it(cast: Cast, console: Callable[..., Page]) -> None:
    incident = cast.file()
    page = console("ratna", incident.id)
    cast.take(incident, "claim", cast.hendra)
    page.evaluate("id => siaga.act(id, 'claim')", incident.id)
    expect(page.locator("#errors")).to_contain_text("Hendra Siregar")


def test_the_number_of_personnel_is_typed_and_sent(cast: Cast, console: Callable[..., Page]) -> None:
    incident = cast.take(cast.file(), "claim", cast.hendra)
    page = console("hendra", incident.id)
    expect(page.locator("#panel .send-form")).to_be_visible()
    page.keyboard.press("6")
    expect(page.get_by_role("button", name="Kirim 6 ·")).to_be_visible()
    page.keyboard.press("d")
    expect(card(page, incident.id)).to_have_attribute("data-status", "dispatched")
    assert cast.incident(incident.id).personnel == 6


def test_a_tick_changes_the_sum_until_a_hand_has_set_the_number(cast: Cast, console: Callable[..., Page]) -> None:
    incident = cast.take(cast.file(), "claim", cast.hendra)
    page = console("hendra", incident.id)
    number, before = page.locator("#panel .stepper-n"), int(page.locator("[data-sum-total]").inner_text())
    page.get_by_text("Bersenjata", exact=True).click()
    expect(number).to_have_value(str(before + 4))
    page.keyboard.press("2")
    page.get_by_text("Api", exact=True).click()
    expect(number).to_have_value("2")


def test_words_half_typed_outlive_what_a_colleague_does(cast: Cast, console: Callable[..., Page]) -> None:
    incident = cast.take(cast.file(), "claim", cast.hendra)
    page = console("hendra", incident.id)
    reply = page.get_by_label("Balas pelapor")
    reply.fill("Apakah Ibu aman")
    cast.take(incident, "note", cast.sari, words="periksa CCTV")
    expect(page.locator("#panel .diary")).to_contain_text("periksa CCTV")
    expect(page.locator("#said")).to_contain_text("AKP Sari Ginting")
    expect(reply).to_have_value("Apakah Ibu aman")
    expect(reply).to_be_focused()


def test_a_screen_that_only_listened_equals_a_page_loaded_afresh(cast: Cast, console: Callable[..., Page]) -> None:
    first = cast.file()
    page = console("hendra")
    for category in ("KEBAKARAN", "KERIBUTAN", "CURANMOR"):
        cast.file(category=category)
    cast.take(first, "claim", cast.ratna)
    cast.take(cast.file(), "dismiss", cast.ratna, reason="empty")
    last = cast.file(words="penjaga")
    expect(card(page, last.id)).to_be_attached()
    page.evaluate("siaga.tell('tick')")
    assert page.evaluate(CARDS) == console("hendra").evaluate(CARDS)


def test_a_page_that_a_dying_server_did_not_answer_is_asked_for_again(console: Callable[..., Page]) -> None:
    page, answers = console("hendra"), [lambda route: route.abort(), lambda route: route.fulfill(status=503)]
    page.route("**/console", lambda route: (answers.pop(0) if answers else lambda last: last.continue_())(route))
    assert page.evaluate("siaga.freshPage('/console').then(fresh => fresh.getElementById('board') !== null)")
    assert answers == []


def test_older_news_and_news_of_what_has_left_are_ignored(cast: Cast, console: Callable[..., Page]) -> None:
    incident = cast.file()
    page = console("hendra")
    push = """async (html) => htmx.swap({ sourceElement: document.getElementById("live"), target: "#live", swap: "none",
        text: `<hx-partial hx-target="#board" hx-swap="place">${html}</hx-partial>` })"""
    old = page.evaluate(CARDS)[0]
    cast.take(incident, "claim", cast.ratna)
    expect(card(page, incident.id)).to_have_attribute("data-status", "claimed")
    page.evaluate(push, old)
    expect(card(page, incident.id)).to_have_attribute("data-status", "claimed")
    cast.take(incident, "dismiss", cast.ratna, reason="empty")
    expect(card(page, incident.id)).to_have_count(0)
    page.evaluate(push, old)
    expect(card(page, incident.id)).to_have_count(0)


def test_new_work_hidden_by_a_filter_is_said_aloud(cast: Cast, console: Callable[..., Page]) -> None:
    page = console("hendra")
    page.locator("[data-show=mine]").click()
    incident = cast.file()
    expect(page.locator("#missed")).to_contain_text("1 baru tersembunyi")
    expect(card(page, incident.id)).to_be_hidden()
    page.locator("#missed").click()
    expect(card(page, incident.id)).to_be_visible()


def test_s_hushes_what_waits_and_anything_new_sounds(cast: Cast, console: Callable[..., Page]) -> None:
    page, sound = console("hendra"), "#sound"
    expect(page.locator(sound)).to_have_attribute("data-state", "armed")  # this browser lets it
    cast.file()
    expect(page).to_have_title("(1) Konsol · Siaga")
    page.keyboard.press("s")
    expect(page.locator(sound)).to_have_attribute("data-state", "hushed")
    cast.file(category="KEBAKARAN")
    expect(page.locator(sound)).to_have_attribute("data-state", "armed")


def test_narrowing_shows_what_fits_and_counts_the_rest(cast: Cast, console: Callable[..., Page]) -> None:
    mine = cast.take(cast.file(category="CURANMOR"), "claim", cast.hendra)
    cast.file(category="KEBAKARAN")
    page = console("hendra")
    page.locator("[data-show=mine]").click()
    expect(page.locator("#board > .card:visible")).to_have_count(1)
    expect(page.locator("#board > .card:visible")).to_have_id(f"incident-{mine.id}")
    page.locator("[data-show=all]").click()
    page.locator("[popovertarget=narrow]").click()
    page.locator("#narrow [name=category]").select_option("CURANMOR")
    expect(page.locator("#board > .card:visible")).to_have_count(1)
    expect(page.locator("#board > .card:visible")).to_have_id(f"incident-{mine.id}")
    expect(page.locator("#missed b")).to_have_text("1")
    page.locator("#narrow [type=reset]").click()
    expect(page.locator("#board > .card:visible")).to_have_count(2)


def test_what_is_out_of_sight_neither_ages_nor_flashes_until_it_is_scrolled_to(
    cast: Cast, console: Callable[..., Page]
) -> None:
    cards = [cast.file(category="KEBAKARAN" if n % 2 else "CURAS_BEGAL") for n in range(70)]
    page = console("hendra", reduced_motion="no-preference")
    last = card(page, cards[-1].id)
    moving = """() => document.getAnimations()
        .filter(one => one.animationName === "flash" && one.playState === "running").length"""
    page.wait_for_function(f"() => 0 < ({moving})() && ({moving})() < 70")
    # All are drawn once before the browser has said what it skips.
    page.evaluate(f"window.before = {AGE}('{cards[-1].id}')")
    page.wait_for_function(f"first => {AGE}(first) >= '\"0:03\"'", arg=cards[0].id)
    assert page.evaluate(f"window.before === {AGE}('{cards[-1].id}')")
    last.scroll_into_view_if_needed()
    page.wait_for_function(f"last => window.before !== {AGE}(last)", arg=cards[-1].id)


def test_map_and_queue_point_at_each_other(cast: Cast, console: Callable[..., Page]) -> None:
    there, here = cast.file(at=(3.61, 98.7)), cast.file(at=(3.56, 98.64))
    page = console("hendra", here.id)
    card(page, there.id).hover()
    expect(page.locator(f'.pin[data-id="{there.id}"]')).to_have_attribute("data-hot", "")
    page.locator(f'.pin[data-id="{there.id}"]').click()
    expect(page.locator(f"#incident-open-{there.id}")).to_be_visible()


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_the_console_is_accessible(
    cast: Cast,
    console: Callable[..., Page],
    violations: Callable[[Page], list[str]],
    page_errors: list[str],
    theme: str,
) -> None:
    incident = cast.take(cast.file(), "claim", cast.hendra)
    cast.file(category="KEBAKARAN")
    page = console("hendra", incident.id, theme=theme, reduced_motion="reduce")
    expect(page.locator("#panel .send-form")).to_be_visible()
    found = violations(page)
    page_errors[:] = [error for error in page_errors if "inline style" not in error]  # axe's own probes
    assert found == []


def test_signing_out_elsewhere_leads_to_the_door(cast: Cast, server: Running, console: Callable[..., Page]) -> None:
    page = console("hendra")
    page.evaluate("() => { fetch('/sign-out', { method: 'POST' }) }")  # not awaited: the page leaves meanwhile
    page.wait_for_url("**/sign-in?next=%2Fconsole**")


def test_four_of_seven_are_never_said_to_be_there_all(cast: Cast, console: Callable[..., Page]) -> None:
    """On the card, its pin and the panel; the next arrival keeps its key."""
    first, second = cast.read(strengths)[:2]
    case = cast.take(cast.file(), "claim", cast.hendra)
    cast.send(case, cast.hendra, (first.station.id, 4), (second.station.id, 3))
    page = console("hendra", case.id)
    card, panel, tag = (
        page.locator(f"#incident-{case.id}"),
        page.locator("#panel"),
        page.locator(f'.pin-tag[data-id="{case.id}"]'),
    )
    page.keyboard.press("t")
    said = "4 di TKP · 3 di jalan"
    expect(card.locator(".steps")).to_have_text(said)
    expect(tag.locator(".t2")).to_have_text(said)
    expect(panel.locator(f"#out-{case.id}")).to_have_text(said)
    assert page.evaluate(CUT, [".card-holder", "#board .steps", ".inc-kicker"]) == []
    page.wait_for_function(
        "id => siaga.choice.id() === id && siaga.choice.settled() && !siaga.choice.reading()", arg=str(case.id)
    )
    expect(panel.locator('.sent [data-key="t"]')).to_be_visible()
    page.keyboard.press("t")
    expect(card.locator(".steps")).to_have_text("Di TKP")
    expect(tag.locator(".t2")).to_have_text("7 di TKP")
    expect(panel.locator(f"#out-{case.id}")).to_have_text("7 di TKP")


def test_nothing_sticks_out_or_runs_together_at_the_narrowest_desk(cast: Cast, console: Callable[..., Page]) -> None:
    first = cast.take(cast.file(at=(3.58, 98.66)), "claim", cast.hendra)
    cast.file(cast.zed, at=(3.5801, 98.6601))

    def elsewhere(session: Session) -> None:
        row = session.get_one(Incident, first.id)
        row.accuracy_m, row.outside, row.neighbour = 18.0, True, "Polres Pelabuhan Belawan"

    cast.run(elsewhere)
    page = console("hendra", first.id)
    panel = page.locator("#panel")
    expect(panel.locator(".inc-place")).to_contain_text("±18 m·wilayah Polres Pelabuhan Belawan")
    assert "±18\u00a0m" in (panel.locator(".inc-place").text_content() or "")
    expect(panel.locator(".alike .btn")).to_be_visible()
    out = """() => [...document.querySelectorAll("#panel .alike > *, #panel .quick > *")].filter(one => one.checkVisibility()).filter(one => {
        const box = one.getBoundingClientRect(), about = one.parentElement.getBoundingClientRect();
        return box.right > about.right - (one.closest(".alike") ? 8 : 0) || box.left < about.left;
    }).map(one => one.textContent.trim())"""
    assert page.evaluate(out) == []
    assert (
        page.evaluate(
            "() => [...document.querySelectorAll('#panel .quick')].filter(one => one.scrollWidth > one.clientWidth).length"
        )
        == 0
    )
    assert "\u00a0km" in (panel.locator(".post-km").last.text_content() or "")


# What the band of a lost connection lies over, of all that is said and typed.
UNDER = """() => ["#q", "#errors", ".inc-head h1", ".inc-kicker", ".panel-back"].flatMap(name => [...document.querySelectorAll(name)])
    .filter(node => node.checkVisibility({ visibilityProperty: true }) && node.getClientRects().length).map(node => {
        const band = document.getElementById("blind").getBoundingClientRect(), box = node.getBoundingClientRect();
        return [node.id || node.className, box.top < band.bottom - 1 && box.bottom > band.top + 1];
    }).filter(([, under]) => under).map(([name]) => name)"""


@pytest.mark.parametrize("width", [390, 1440, 1920])
def test_a_lost_connection_takes_its_own_room(cast: Cast, console: Callable[..., Page], width: int) -> None:
    """Its band lay over the open incident's number and the words that something was not sent."""
    incident = cast.take(cast.file(), "claim", cast.hendra)
    page = console("hendra", incident.id)
    page.set_viewport_size({"width": width, "height": 844 if width == 390 else 900})
    expect(page.locator(".inc-head h1")).to_be_visible()
    page.evaluate(BLIND)
    expect(page.locator("#blind")).to_be_visible()
    page.evaluate("document.getElementById('errors').textContent = document.getElementById('errors').dataset.unsent")
    page.evaluate(
        "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done))))"
    )
    assert page.evaluate(UNDER) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    if width == 390:
        return
    panel = page.locator("#side").bounding_box()
    assert panel and panel["y"] + panel["height"] <= 900


def test_what_is_open_goes_on_after_it_is_closed(cast: Cast, console: Callable[..., Page]) -> None:
    """A partner's last note, a rating: no card is on the board any more that could change."""
    incident = cast.take(cast.file(), "claim", cast.hendra)
    cast.take(incident, "refer", cast.hendra, agency=cast.damkar.agency_id, tier="summary")
    cast.take(incident, "accept", cast.damkar)
    page = console("hendra", incident.id)
    cast.take(incident, "resolve", cast.hendra, outcome="handled")
    referral = page.locator("#panel .referrals")
    expect(referral).to_contain_text("catatan akhir belum ditulis")
    cast.take(incident, "finish", cast.damkar, note="Pintu dibuka")
    expect(referral).to_contain_text("Pintu dibuka")
    expect(referral).not_to_contain_text("belum ditulis")
    cast.take(incident, "rate", cast.ann, stars=4)
    expect(page.locator("#panel")).to_contain_text("Pelapor memberi nilai 4 dari 5")


def test_what_is_open_has_its_tag_however_thick_it_is_there(cast: Cast, console: Callable[..., Page]) -> None:
    """Another's tag beneath its ring would be read as its own."""
    own = cast.file(category="KERIBUTAN", at=(3.5825, 98.6725))
    for n in range(80):  # fires all round, and each of them calls
        cast.file(category="KEBAKARAN", at=(3.58 + (n // 9 - 4) * 0.005, 98.67 + (n % 9 - 4) * 0.005))
    page = console("hendra", own.id)
    expect(page.locator(".pin-tag")).not_to_have_count(0)
    expect(page.locator(f'.pin-tag[data-id="{own.id}"]')).to_have_count(1)

"""Phones whose clock jumps, whose storage or owner never answers, and two pages that send the same photo."""

import re

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from models.incidents.evidence import Evidence
from tests.browser.test_citizen import Pages, add_photo, complaints, fill
from tests.browser.test_citizen import phone as phone
from tests.browser.test_following import press
from tests.browser.test_press import UNANSWERED, incident_of, lose
from tests.browser.test_uploads import evidence
from tests.support.house import wait_until
from tests.support.serving import Cast

HOUR = 3600
DAY = 24 * HOUR
IN_1970 = -56 * 365 * DAY
JUMPS = (IN_1970, 0, DAY + HOUR, -DAY, HOUR, 10 * DAY)
NO_LOCKS = "Object.defineProperty(navigator, 'locks', { value: undefined });"
NEVER_ANSWERS = "IDBFactory.prototype.open = () => ({});"
WAITS = "() => new Promise(done => { const asked = indexedDB.open('siaga', 2); asked.onsuccess = () => { const work = asked.result.transaction('queue').objectStore('queue').count(); work.onsuccess = () => { asked.result.close(); done(work.result); }; }; })"


def at(context: BrowserContext, seconds: int) -> Page:
    """A page of a phone whose clock is so many seconds off."""
    page = context.new_page()
    page.add_init_script(f"{{ const now = Date.now; Date.now = () => now() + {seconds} * 1000; }}")
    return page


def cut(route: Route) -> None:
    route.abort("connectionreset")


def with_photos_that_wait(page: Page, many: int = 1) -> None:
    """Filed, and what was picked is on the phone still."""
    page.context.route("**/uploads", cut)
    page.goto("/complaints/new")
    fill(page)
    add_photo(page, "dua.jpg", "blue")
    expect(page.locator("#ups")).to_have_attribute("data-kept", "yes")
    page.get_by_role("button", name="Kirim laporan").click()
    expect(page.locator("#queue .up")).to_have_count(many)


def states(cast: Cast) -> list[str]:
    found: list[Evidence] = evidence(cast)
    return [one.state for one in found]


def test_a_clock_that_jumps_loses_no_draft_and_no_photo_that_waits(phone: Pages, cast: Cast) -> None:
    page = phone("ann", service_workers="block")
    context = page.context
    page.close()
    first = at(context, JUMPS[0])
    first.goto("/complaints/new")
    fill(first, words="Ditulis pada tahun 1970")
    add_photo(first)
    expect(first.locator("#ups")).to_have_attribute("data-kept", "yes")
    first.close()
    for jump in JUMPS[1:]:
        page = at(context, jump)
        page.goto("/complaints/new")
        expect(page.locator("#description")).to_have_value("Ditulis pada tahun 1970")
        expect(page.locator("#ups .up")).to_have_count(1)
        page.close()
    page = at(context, IN_1970)
    with_photos_that_wait(page, 2)
    page.close()
    context.unroute("**/uploads", cut)
    at(context, 10 * DAY).goto("/")  # any of our pages goes on with it
    wait_until(lambda: states(cast) == ["ready"] * 2)


def test_what_the_server_calls_older_than_a_day_is_a_draft_no_more(phone: Pages) -> None:
    page = phone("ann")
    page.goto("/complaints/new")
    page.fill("#description", "Kemarin dulu")
    page.evaluate("""() => {
      const draft = JSON.parse(localStorage["siaga.draft"]);
      localStorage["siaga.draft"] = JSON.stringify({ ...draft, since: draft.since - 25 * 3600 * 1000 });
    }""")
    page.reload()
    expect(page.locator("#description")).to_have_value("")


@pytest.mark.parametrize("jump", [IN_1970, 2 * DAY, -HOUR])
def test_a_press_outlives_a_clock_that_is_put_right(phone: Pages, cast: Cast, jump: int) -> None:
    page = phone(None, service_workers="block")
    context = page.context
    page.close()
    page = at(context, jump)
    page.goto("/")
    lose(page, answered=False)
    press(page)
    expect(page.locator("#fast-said")).to_contain_text("Sinyal putus.")
    page.close()
    at(context, 0).goto("/bulletins")
    wait_until(lambda: len(complaints(cast)) == 1)
    (complaint,) = complaints(cast)
    assert ("menit" in complaint.words) == (jump == -HOUR)  # else nobody knows how long it lay there
    assert incident_of(cast).standing == "guest"


def test_storage_that_never_answers_holds_up_neither_words_nor_photo(phone: Pages, cast: Cast) -> None:
    page = phone("ann", service_workers="block")
    page.add_init_script(NEVER_ANSWERS)
    page.goto("/complaints/new")
    fill(page)
    add_photo(page)
    page.get_by_role("button", name="Kirim laporan").click()
    expect(page.locator("#receipt")).to_be_visible()
    wait_until(lambda: states(cast) == ["ready"])


def test_a_question_about_the_position_that_nobody_answers_ends(phone: Pages, cast: Cast) -> None:
    page = phone("ann")
    page.add_init_script(UNANSWERED)
    page.clock.install()
    cast.file()
    page.goto(f"/complaints/{complaints(cast)[-1].ref}")
    button = page.locator("[data-where]")
    button.click()
    expect(button).to_have_text("Mencari lokasi…")
    page.clock.fast_forward(21_000)
    expect(button).to_be_enabled()
    expect(page.locator("#where")).to_contain_text("Lokasi tidak didapat. Tulis tempatnya.")
    page.goto("/complaints/new")
    page.locator("#here-me").click()
    page.clock.fast_forward(21_000)
    expect(page.locator("#here-said")).to_contain_text("Lokasi tidak didapat.")


def test_two_pages_that_send_the_same_photo_send_it_once(phone: Pages, cast: Cast) -> None:
    first = phone("ann", service_workers="block")
    first.context.add_init_script(NO_LOCKS)  # an older browser: nothing keeps them apart
    with_photos_that_wait(first)
    second = first.context.new_page()
    second.goto(first.url)
    expect(second.locator("#queue .up")).to_be_visible()
    first.context.unroute("**/uploads", cut)
    for page in (first, second):
        page.evaluate("dispatchEvent(new Event('online'))")
    for page in (first, second):
        expect(page.locator("#queue .up")).to_have_count(0)
    wait_until(lambda: states(cast) == ["ready"])
    assert first.evaluate(WAITS) == 0


def test_a_photo_called_back_on_one_page_is_not_sent_by_the_other(phone: Pages, cast: Cast) -> None:
    first = phone("ann", service_workers="block")
    with_photos_that_wait(first)
    held: list[Route] = []
    first.context.route("**/uploads", lambda route: held.append(route))
    first.evaluate("dispatchEvent(new Event('online'))")
    wait_until(lambda: (first.wait_for_timeout(50), len(held) == 1)[1])
    second = first.context.new_page()
    second.goto(first.url)
    second.locator("#queue button").click()
    expect(second.locator("#queue .up")).to_have_count(0)
    expect(first.locator("#queue .up")).to_have_count(0)
    held[0].continue_()
    first.reload()
    expect(first.locator("#receipt, #follow").first).to_be_visible()
    assert first.evaluate(WAITS) == 0
    assert evidence(cast) == []


def test_a_page_shown_again_asks_what_still_waits(phone: Pages, cast: Cast) -> None:
    first = phone("ann", service_workers="block")
    first.add_init_script("BroadcastChannel.prototype.postMessage = () => {};")
    with_photos_that_wait(first)
    first.evaluate("() => indexedDB.deleteDatabase('siaga')")  # sent elsewhere while this page was put away
    first.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    expect(first.locator("#queue .up")).to_have_count(0)


# What the browser inside WhatsApp, Facebook or Instagram may lack, or have shut.
TAKEN_AWAY = """
for (const name of ["serviceWorker", "geolocation", "permissions", "locks", "vibrate"])
  delete Navigator.prototype[name];
for (const name of ["PushManager", "Notification", "BroadcastChannel", "indexedDB"]) delete window[name];
delete AbortSignal.timeout;
for (const name of ["localStorage", "sessionStorage"])
  Object.defineProperty(window, name, { get() { throw new DOMException("shut", "SecurityError"); } });
"""


def test_in_another_apps_browser_everything_goes_by_form_and_says_what_it_lacks(phone: Pages, cast: Cast) -> None:
    page = phone("ann", service_workers="block")
    page.add_init_script(TAKEN_AWAY)
    page.goto("/complaints/new")
    expect(page.get_by_text("Browser ini tidak menyimpan apa-apa")).to_be_visible()
    expect(page.locator("#here-said")).to_contain_text("Lokasi tidak didapat. Geser peta atau tulis alamat.")
    expect(page.locator("#here-me")).to_be_hidden()
    fill(page)
    add_photo(page)
    page.get_by_role("button", name="Kirim laporan").click()
    expect(page.locator("#receipt")).to_be_visible()
    expect(page.locator("#push")).to_be_hidden()
    page.fill("#words", "Masih di sini")
    page.get_by_role("button", name="Kirim", exact=True).click()
    expect(page.locator(".bubble--us")).to_contain_text("Masih di sini")
    wait_until(lambda: states(cast) == ["ready"])
    page.goto("/")
    press(page)
    page.wait_for_url(re.compile(r"/complaints/[0-9A-Z]{4}-[0-9A-Z]{4}$"))
    page.mouse.up()
    expect(page.locator("#where-place")).to_be_visible()  # by words, where there is no position
    assert len(complaints(cast)) == 2


def test_in_another_apps_browser_leaving_quickly_still_leaves(phone: Pages, cast: Cast) -> None:
    page = phone("ann", service_workers="block")
    page.add_init_script(TAKEN_AWAY)
    page.route("https://www.bmkg.go.id/**", lambda route: route.fulfill(body="elsewhere"))
    page.goto("/")
    page.get_by_role("button", name="Mode senyap").click()
    expect(page.locator("html[data-quiet=yes]")).to_be_attached()
    page.get_by_role("link", name="Tutup").click()
    page.wait_for_url("https://www.bmkg.go.id/**")
    page.goto("/complaints")
    expect(page.get_by_role("heading", name="Masuk")).to_be_visible()

"""The alarm: armed by a press that does nothing else, never silent and calm at once, and heard when the screen is blind."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.support.house import Running
from tests.support.serving import Cast

# Counts what sounds. `wants`: a browser that plays nothing before somebody has pressed.
EARS = """(wants) => {
  const Real = AudioContext;
  let pressed = !wants;
  window.rung = [];
  for (const kind of ["pointerdown", "keydown"]) addEventListener(kind, event => { if (event.isTrusted) pressed = true; }, true);
  window.AudioContext = class extends Real {
    constructor() { super(); window.context = this; }
    get state() { return pressed ? super.state : "suspended"; }
    resume() { return pressed ? super.resume() : new Promise(() => {}); }
    createOscillator() {
      const tone = super.createOscillator();
      setTimeout(() => { window.rung.push(tone.frequency.value); document.documentElement.dataset.rung = ""; });
      return tone;
    }
  };
}"""
BLIND = """() => {
  addEventListener("htmx:ws:before:message:incoming", event => event.stopImmediatePropagation(), true);
  const since = performance.now.bind(performance);
  performance.now = () => since() + 13_000;
}"""
PITCH = {"call": 880, "blind": 330, "handed": 523}


@pytest.fixture
def listen(cast: Cast, server: Running, new_page: Callable[..., Page]) -> Callable[..., Page]:
    """listen("hendra", "/console", wants=True): that page with ears; what is taken away is gone before any script runs."""

    def open_page(who: str, path: str = "/console", wants: bool = False, without: str = "", **options: Any) -> Page:
        page = new_page(options.pop("size", "console"), theme="dark", base_url=server.http, **options)
        name, _, secret = cast.cookies[who].partition("=")
        page.context.add_cookies([{"name": name, "value": secret, "url": server.http}])
        page.add_init_script(f"({EARS})({str(wants).lower()})")
        if without:
            page.add_init_script(without)
        page.goto(path)
        return page

    return open_page


def rings(page: Page, kind: str = "call") -> None:
    page.wait_for_function("pitch => window.rung.includes(pitch)", arg=PITCH[kind])


def is_calm(page: Page) -> None:
    expect(page.locator("#unarmed")).to_be_hidden()


# Not armed, not calm


def test_a_browser_that_allows_it_is_armed_without_a_press(cast: Cast, listen: Callable[..., Page]) -> None:
    cast.file()
    page = listen("hendra")
    expect(page.locator("#sound")).to_have_attribute("data-state", "armed")
    is_calm(page)
    rings(page)


def test_the_press_that_arms_does_nothing_else(cast: Cast, listen: Callable[..., Page]) -> None:
    incident = cast.file()
    page = listen("hendra", wants=True)
    expect(page.locator("#unarmed")).to_be_visible()
    expect(page.locator("#unarmed")).to_contain_text("Alarm belum menyala")
    expect(page.locator("#unarmed")).to_contain_text("1 menunggu, terlama ")
    expect(page.locator("#sound")).to_have_text("Alarm mati")
    posts: list[str] = []
    page.on("request", lambda request: posts.append(request.url) if request.method == "POST" else None)
    page.keyboard.press("c")
    is_calm(page)
    rings(page)
    assert [url for url in posts if "/incidents/" in url] == []
    assert cast.incident(incident.id).status == "new"
    page.keyboard.press("c")
    expect(page.locator(f"#incident-{incident.id}")).to_have_attribute("data-officer", str(cast.hendra.id))


def test_a_click_on_a_button_arms_and_presses_nothing(cast: Cast, listen: Callable[..., Page]) -> None:
    incident = cast.file(category="KEBAKARAN")
    page = listen("hendra", wants=True)
    expect(page.locator("#unarmed")).to_be_visible()
    page.locator(f"#incident-{incident.id} .btn--take").click()
    is_calm(page)
    rings(page)
    assert cast.incident(incident.id).status == "new"
    page.locator(f"#incident-{incident.id} .btn--take").click()
    expect(page.locator(f"#incident-{incident.id}")).to_have_attribute("data-status", "claimed")


def test_what_one_writes_is_not_lost_to_the_arming(cast: Cast, listen: Callable[..., Page]) -> None:
    page = listen("hendra", wants=True)
    is_calm(page)  # nothing waits
    expect(page.locator("#sound")).to_have_attribute("data-state", "off")
    page.evaluate("document.getElementById('q').focus()")
    cast.file()
    expect(page.locator("#unarmed")).to_be_visible()
    page.keyboard.type("babura")
    expect(page.locator("#q")).to_have_value("babura")
    is_calm(page)


def test_it_takes_no_second_press_where_the_first_did_not_help(cast: Cast, listen: Callable[..., Page]) -> None:
    """A machine without a voice must still be worked on; the band stays and says so."""
    incident = cast.file()
    page = listen("hendra", without="AudioContext.prototype.createOscillator = () => { throw new Error('no device'); }")
    band = page.locator("#unarmed")
    expect(band).to_contain_text("Alarm berhenti berbunyi")
    page.keyboard.press("c")
    expect(band).to_be_visible()
    assert cast.incident(incident.id).status == "new"
    page.keyboard.press("c")
    expect(page.locator(f"#incident-{incident.id}")).to_have_attribute("data-officer", str(cast.hendra.id))


# Never dead without a word


def test_a_context_that_the_system_suspends_is_said_and_a_press_brings_it_back(
    cast: Cast, listen: Callable[..., Page]
) -> None:
    page = listen("hendra")
    expect(page.locator("#sound")).to_have_attribute("data-state", "armed")
    page.evaluate("context.resume = () => new Promise(() => {}), context.suspend()")
    expect(page.locator("#unarmed")).to_contain_text("Suara dijeda oleh sistem")
    page.keyboard.press("j")
    is_calm(page)
    cast.file()
    rings(page)


def test_a_closed_context_and_a_lost_device_are_said(listen: Callable[..., Page]) -> None:
    page = listen("hendra")
    for harm in ("context.close()", "context.dispatchEvent(new Event('error'))"):
        expect(page.locator("#sound")).to_have_attribute("data-state", "armed")
        page.evaluate(harm)
        expect(page.locator("#unarmed")).to_contain_text("Alarm berhenti berbunyi")
        page.evaluate(
            "siaga.sound.start()"
        )  # a press on another screen would do; the first press here is taken once a minute
        is_calm(page)


def test_a_device_whose_time_stands_still_is_said(listen: Callable[..., Page]) -> None:
    stuck = "Object.defineProperty(AudioContext.prototype, 'currentTime', { get: () => 1 })"
    page = listen("hendra", without=stuck)
    expect(page.locator("#unarmed")).to_contain_text("Perangkat suara tidak menjawab")


def test_an_error_in_what_sounds_is_said(cast: Cast, listen: Callable[..., Page]) -> None:
    page = listen("hendra")
    page.evaluate("siaga.alarm(() => { throw new Error('x'); })")
    expect(page.locator("#unarmed")).to_contain_text("Ada kesalahan pada program alarm")


TAKEN = {
    "language": "Map.groupBy Object.groupBy Map Set WeakMap Promise.race Math.hypot Object.assign Object.fromEntries"
    " Array.prototype.flatMap Array.prototype.findLast Array.prototype.some Array.prototype.at String.prototype.padStart"
    " Intl.DateTimeFormat performance.now",
    "sound": "AudioContext AudioContext.prototype.resume BaseAudioContext.prototype.createOscillator"
    " BaseAudioContext.prototype.createGain AudioParam.prototype.setValueAtTime"
    " AudioParam.prototype.exponentialRampToValueAtTime AudioNode.prototype.connect",
    "page": "Element.prototype.toggleAttribute Element.prototype.replaceChildren Element.prototype.checkVisibility"
    " CSSStyleSheet.prototype.replaceSync Document.prototype.adoptedStyleSheets Document.prototype.getAnimations"
    " ResizeObserver MutationObserver BroadcastChannel CustomEvent requestAnimationFrame CSS.escape HTMLElement.prototype.popover",
}


GONE = """const taken = new URLSearchParams(location.search).get("without");
if (taken) try {
  const [name, ...path] = taken.split(".").reverse(), owner = path.reverse().reduce((one, part) => one[part], window);
  delete owner[name];
  if (name in owner) Object.defineProperty(owner, name, { value: undefined });
} catch {}"""


@pytest.mark.parametrize("where", TAKEN)
def test_without_any_one_built_in_it_sounds_or_says_that_it_does_not(
    cast: Cast, listen: Callable[..., Page], page_errors: list[str], where: str
) -> None:
    cast.file()
    page = listen("hendra", "/offline", without=GONE)
    page.route("**/map*.js", lambda route: route.abort())  # the land is drawn for seconds, and sounds nothing
    page.goto("/console")
    rings(page)  # with all of them there
    assert page.locator("#floor").count() == 0
    for built_in in TAKEN[where].split():
        page.goto(f"/console?without={built_in}")
        said = page.locator("#floor, #unarmed:not([hidden]), html[data-rung]")
        expect(said.first, f"without {built_in}").to_be_attached()
    page_errors.clear()  # other scripts may fall; that is what is said


def test_a_browser_below_the_floor_is_told_before_anything_else(listen: Callable[..., Page]) -> None:
    page = listen("hendra", without="delete HTMLElement.prototype.popover")
    expect(page.locator("#floor")).to_contain_text("Browser ini terlalu lama untuk Siaga")
    expect(page.locator("#floor")).to_contain_text("popover")
    assert page.evaluate("document.querySelector('script').src").endswith("/js/floor.js")


def test_a_browser_above_it_is_told_nothing(listen: Callable[..., Page]) -> None:
    page = listen("hendra")
    expect(page.locator("#sound")).to_have_attribute("data-state", "armed")
    assert page.locator("#floor").count() == 0


def test_an_alarm_that_never_came_alive_is_said(listen: Callable[..., Page], page_errors: list[str]) -> None:
    page = listen("hendra", without="delete window.WeakSet")  # its scripts fall before anything starts
    expect(page.locator("#floor")).to_contain_text("Alarm tidak jalan di layar ini", timeout=20_000)
    page_errors.clear()


# Blind is heard


def test_blind_in_a_quiet_hour_sounds_until_it_was_seen_or_hushed(cast: Cast, listen: Callable[..., Page]) -> None:
    page = listen("hendra")
    expect(page.locator("#lamp")).to_have_attribute("data-is", "well")
    page.evaluate(BLIND)
    rings(page, "blind")
    expect(page.locator("#blind")).to_be_visible()
    page.keyboard.press("j")
    page.evaluate(
        "window.rung = []; for (const n of [1, 2, 3]) { performance.now = (was => () => was() + 20_000)(performance.now); siaga.tell('refetched'); }"
    )
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => setTimeout(done, 50)))")
    assert page.evaluate("window.rung") == []


def test_blind_does_not_sound_where_it_is_hushed(listen: Callable[..., Page]) -> None:
    page = listen("hendra")
    expect(page.locator("#sound")).to_have_attribute("data-state", "armed")
    page.evaluate("siaga.hush(600, 'blind')")
    page.evaluate(BLIND)
    expect(page.locator("#blind")).to_be_visible()
    expect(page.locator("#sound")).to_have_attribute("data-state", "hushed")
    assert page.evaluate("window.rung") == []


def test_on_a_phone_a_mute_alarm_covers_nothing_and_is_not_cut(cast: Cast, listen: Callable[..., Page]) -> None:
    cast.file()
    page = listen("hendra", wants=True, size="phone")
    expect(page.locator("#unarmed")).to_be_visible()
    cut = "one => [...one.children].some(part => part.getBoundingClientRect().bottom > one.getBoundingClientRect().bottom)"
    assert not page.locator("#unarmed").evaluate(cut)
    over = "() => unarmed.getBoundingClientRect().bottom - stage.getBoundingClientRect().top"
    assert page.evaluate(over) <= 0

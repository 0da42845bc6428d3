"""An exercise on the screens: the frame comes and goes without a reload, and what is true is heard beside what is not."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from models.incidents.exercise import end_exercise, start_exercise
from tests.browser.test_alarm import EARS
from tests.support.house import Running
from tests.support.serving import Cast

KNOCK, ALARM = 392, 880


def open_as(who: str, path: str, cast: Cast, server: Running, new_page: Callable[..., Page], size: str) -> Page:
    page = new_page(size, theme="dark", base_url=server.http)
    name, _, secret = cast.cookies[who].partition("=")
    page.context.add_cookies([{"name": name, "value": secret, "url": server.http}])
    page.add_init_script(f"({EARS})(false)")
    page.goto(path)
    return page


def heard(page: Page, pitch: int) -> int:
    count: int = page.evaluate("pitch => window.rung.filter(one => one === pitch).length", pitch)
    return count


def test_the_frame_comes_and_goes_on_every_open_screen(
    cast: Cast, server: Running, new_page: Callable[..., Page], violations: Callable[[Page], list[str]]
) -> None:
    screens = [
        open_as("hendra", "/console", cast, server, new_page, "console"),
        open_as("sari", "/duty", cast, server, new_page, "console"),
        open_as("wall", "/wall", cast, server, new_page, "wall"),
    ]
    for page in screens:
        expect(page.locator(".practice")).to_have_count(0)
    cast.run(start_exercise, cast.sari, "Kebakaran pasar", 60)
    for page in screens:
        expect(page.locator(".practice")).to_contain_text("LATIHAN")
        frame = page.locator(".practice").evaluate("one => getComputedStyle(one, '::after').borderTopStyle")
        assert frame == "dashed"  # a shape, whatever becomes of its colour
        over = page.evaluate("() => document.documentElement.scrollHeight - innerHeight")
        assert over <= 0, "the band pushes the page out of the screen"
    console, _, wall = screens
    cast.file(cast.sari, exercise=True)
    cast.file(at=(3.6, 98.7), landmark="depan masjid")
    expect(wall.locator("#band h2 + p")).to_contain_text("+1 lagi")
    expect(wall.locator("#band h2 + p")).not_to_contain_text(
        "LATIHAN"
    )  # the true one is called out, whichever is older
    assert "AKP Sari Ginting" in console.locator(".practice").inner_text()
    assert "Ginting" not in wall.locator(".practice").inner_text()
    assert violations(wall) == []
    foot, top = wall.locator(".pulse").bounding_box(), wall.locator(".wall-top").bounding_box()
    band = wall.locator(".practice").bounding_box()
    assert (
        foot and top and band and top["y"] >= band["y"] + band["height"] - 8
    )  # what stands still moves by that, so that nothing burns in
    assert foot["y"] + foot["height"] <= wall.viewport_size["height"] + 12  # type: ignore[index]
    cast.run(end_exercise, cast.sari)
    for page in screens:
        expect(page.locator(".practice")).to_have_count(0)


def test_what_is_practised_knocks_and_what_is_true_rings_beside_it(
    cast: Cast, server: Running, new_page: Callable[..., Page]
) -> None:
    cast.run(start_exercise, cast.sari, "Kebakaran pasar", 60)
    page = open_as("hendra", "/console", cast, server, new_page, "console")
    expect(page.locator("#sound")).to_have_attribute("data-state", "armed")
    drill = cast.file(cast.sari, exercise=True)
    page.wait_for_function("pitch => window.rung.includes(pitch)", arg=KNOCK)
    expect(page.locator(f"#incident-{drill.id} .card-exercise")).to_be_visible()
    assert heard(page, ALARM) == 0
    cast.file(category="CURANMOR", at=(3.6, 98.7))  # true, and less urgent than what is practised
    page.wait_for_function("() => window.rung.includes(740)")


def test_a_mute_console_in_an_exercise_keeps_its_numbers_and_its_clock(
    cast: Cast, server: Running, new_page: Callable[..., Page]
) -> None:
    """The band of a mute alarm stands beneath the top line, wherever the exercise has moved that."""
    cast.run(start_exercise, cast.sari, "Kebakaran pasar", 60)
    page = open_as("hendra", "/console", cast, server, new_page, "console")
    expect(page.locator(".practice")).to_be_visible()
    top, band = page.evaluate("""() => { // at once: the page takes the band away again, since its alarm does sound
      document.documentElement.dataset.unarmed = ""; unarmed.hidden = false;
      return [document.querySelector(".topbar"), unarmed].map(one => one.getBoundingClientRect().y);
    }""")
    assert band >= top + 50, (top, band)


def test_what_is_practised_is_counted_apart_and_taken_after_what_is_true(
    cast: Cast, server: Running, new_page: Callable[..., Page]
) -> None:
    cast.run(start_exercise, cast.sari, "Kebakaran pasar", 60)
    drill = cast.file(cast.sari, exercise=True)
    pages = {
        "/console": open_as("hendra", "/console", cast, server, new_page, "console"),
        "/duty": open_as("sari", "/duty", cast, server, new_page, "console"),
        "/wall": open_as("wall", "/wall", cast, server, new_page, "wall"),
    }
    for page in pages.values():
        expect(page.locator("#n-new b")).to_have_text("0")
        expect(page.locator("#n-new span")).to_contain_text("+1 latihan")
        expect(page.locator("#n-oldest b")).to_have_text("–")
        assert not page.title().startswith("(")
    right = pages["/duty"].evaluate("""() => { // also when the night is long
      for (const [id, words] of [["n-new", "12"], ["n-oldest", "1:19:31"]]) document.querySelector(`#${id} b`).textContent = words;
      return clock.getBoundingClientRect().right;
    }""")
    assert right <= 1440
    console = pages["/console"]
    for name in ("/console", "/wall"):
        expect(pages[name].locator(".pin .pin-practice")).to_be_visible()
        expect(pages[name].locator(".pin-tag .t1")).to_contain_text("Latihan: ")
        expect(pages[name].locator(".pin-call")).to_have_count(0)  # it calls nobody on the map
    true = cast.file(category="BARANG_HILANG", at=(3.6, 98.7))
    for page in pages.values():
        expect(page.locator("#n-new b")).to_have_text("1")
    expect(console.locator("#board > .card").first).to_have_id(f"incident-{true.id}")
    expect(console.locator("#running ~ .card")).to_have_count(0)  # both stand where what waits does
    console.goto("/console")  # whoever comes anew
    expect(console.locator("#lamp")).to_have_attribute("data-is", "well")
    console.keyboard.press("c")
    expect(console.locator(f"#incident-{true.id}")).to_have_attribute("data-status", "claimed")
    expect(console.locator(f"#incident-{drill.id}")).to_have_attribute("data-status", "new")
    expect(console.locator("#n-new b")).to_have_text("0")

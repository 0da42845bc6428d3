"""The apel on a screen: by keys, by finger, by two supervisors at once, and on one sheet of paper."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from models.command.apel import muster
from models.command.shifts import Shift, roll
from tests.support.house import Running
from tests.support.rosters import enrol
from tests.support.serving import Cast
from tests.web.test_shift import opened

Pages = Callable[..., Page]
TWELVE = tuple((station, "Samapta") for station in (1, 2, 3) for _ in range(4))


def desk(new_page: Pages, cast: Cast, server: Running, size: str = "console", who: str = "sari") -> Page:
    page = new_page(size, base_url=server.http, bypass_csp=True)
    name, _, secret = cast.cookies[who].partition("=")
    page.context.add_cookies([{"name": name, "value": secret, "url": server.http}])
    page.goto("/duty/shift")
    expect(page.locator("#lamp[data-is=well]")).to_be_attached()
    return page


def states(cast: Cast, shift: Shift) -> list[str | None]:
    return [duty.state for duty in cast.read(roll, shift)]


def test_a_regu_is_called_by_keys_alone(new_page: Pages, cast: Cast, server: Running) -> None:
    shift = opened(cast, posts=TWELVE)
    page = desk(new_page, cast, server)
    page.keyboard.press("j")
    for key in "hhsj":  # present moves on to the next; whoever is not, stays chosen for a remark
        page.keyboard.press(key)
    page.keyboard.press("Shift+H")
    expect(page.locator("#s-present")).to_have_text("3")
    expect(page.locator("#s-missing")).to_have_text("1")
    expect(page.locator("#s-uncalled")).to_have_text("8")
    assert states(cast, shift)[:5] == ["present", "present", "sick", "present", None]
    page.keyboard.press("k")
    page.keyboard.press("o")
    page.keyboard.type("surat dokter")
    page.keyboard.press("Escape")
    page.locator("#bar [value=sick]").click()
    expect(page.locator("#roll .m[data-state=sick] .m-word")).to_have_text("sakit, surat dokter")
    page.keyboard.press("h")
    page.keyboard.press("t")  # at once, before the answer: the second press waits for the first
    expect(page.locator("#roll .m[data-state=late]")).to_have_count(1)
    expect(page.locator("#errors")).to_be_empty()


def test_two_supervisors_see_one_truth(new_page: Pages, cast: Cast, server: Running) -> None:
    shift = opened(cast, posts=TWELVE)
    one, other = desk(new_page, cast, server), desk(new_page, cast, server)
    first = cast.read(roll, shift)[0]
    for page in (one, other):
        page.locator(f"#duty-{first.id} a").click()
    one.keyboard.press("s")
    expect(other.locator(f"#duty-{first.id}[data-state=sick]")).to_be_attached()
    expect(other.locator("#bar [value=sick]")).to_have_attribute("aria-pressed", "true")
    other.evaluate(
        "fetch = (real => (url, more) => more?.method === 'POST' || !String(url).includes('shift') ? real(url, more) : new Promise(() => {}))(fetch)"
    )
    cast.run(muster, cast.sari, first.id, "leave")
    other.keyboard.press("b")  # of a page that has not heard of it
    expect(other.locator("#errors")).to_contain_text("lebih dulu mencatat Bripka B 0")
    expect(one.locator(f"#duty-{first.id}[data-state=leave]")).to_be_attached()


def test_by_finger_on_a_phone(
    new_page: Pages, cast: Cast, server: Running, violations: Callable[[Page], list[str]]
) -> None:
    shift = opened(cast, posts=TWELVE)
    page = desk(new_page, cast, server, "phone")
    page.set_viewport_size({"width": 390, "height": 844})
    second = cast.read(roll, shift)[1]
    page.locator(f"#duty-{second.id} a").click()
    expect(page.locator("#bar-name")).to_have_text("Bripka B 1")
    page.locator("#bar [value=late]").click()
    expect(page.locator(f"#duty-{second.id}[data-state=late]")).to_be_attached()
    for press in page.locator("#bar .btn:visible, #roll .m > a").all()[:12]:
        assert press.bounding_box()["height"] >= 44
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    page.locator("#bar").evaluate("bar => { bar.style.position = 'static'; }")  # wherever one stands it covers a row
    assert violations(page) == []


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_everybody_can_read_it(
    new_page: Pages, cast: Cast, server: Running, violations: Callable[[Page], list[str]], theme: str
) -> None:
    shift = opened(cast, posts=TWELVE)
    for duty, state in zip(cast.read(roll, shift), ("present", "sick", "late", "detached"), strict=False):
        cast.run(muster, cast.sari, duty.id, state, "ket")
    page = desk(new_page, cast, server)
    page.evaluate(f"document.documentElement.dataset.theme = '{theme}'")
    page.keyboard.press("j")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_sixty_five_are_one_sheet_of_paper(new_page: Pages, cast: Cast, server: Running) -> None:
    opened(cast, posts=tuple((station, "Samapta") for station in range(1, 14) for _ in range(5)))
    page = desk(new_page, cast, server)
    paper = page.pdf(prefer_css_page_size=True)
    assert re.findall(rb"/Count (\d+)", paper) == [b"1"]


def test_the_sheet_says_whose_it_is_when_it_was_printed_and_has_room_to_sign(
    new_page: Pages, cast: Cast, server: Running
) -> None:
    opened(cast, posts=TWELVE)
    second = opened(cast, "C", posts=TWELVE)
    page = desk(new_page, cast, server)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    expect(page.locator(".apel-kop")).to_contain_text("Apel Regu C")
    expect(page.locator(".apel-kop .printed")).to_contain_text("dicetak")
    expect(page.locator(".sign-here")).to_contain_text("Yang menyerahkan, Regu B")
    expect(page.locator(".sign-here")).to_contain_text(second.lead.title)
    line = page.locator(".sign-here b").first.bounding_box()
    above = page.locator(".sign-here p").first.bounding_box()
    assert line and above and line["y"] - above["y"] > 40


def test_a_vehicle_and_somebody_more_by_their_windows(new_page: Pages, cast: Cast, server: Running) -> None:
    opened(cast, posts=TWELVE)
    enrol(cast, cast.dewi, "Z")
    page = desk(new_page, cast, server)
    page.locator(".units .btn").click()
    page.locator("#unit-new [name=callsign]").fill("PRC 01")
    page.locator("#unit-new [value=R4]").check()
    page.locator("#unit-new [name=seats]").fill("5")
    page.locator("#unit-new .btn--hand").click()
    page.locator("[data-unit]").click()
    page.locator("#edit [value=broken]").check()
    page.locator("#edit .btn--hand").click()
    expect(page.locator(".units [data-u=broken]")).to_contain_text("PRC 01")
    page.locator(".roll-acts [commandfor=join]").click()
    page.locator("#join select").select_option(label="Bripka Z 0, Samapta")
    page.locator("#join .btn--hand").click()
    expect(page.locator("#s-total")).to_have_text("13")

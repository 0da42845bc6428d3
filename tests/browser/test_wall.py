"""The wall in a real browser: let in, read from afar, honest when it is blind, and never touched."""

import math
import re
import signal
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import Session

from models.administration.stations import strengthen
from models.command.handover_steps import accept_case
from models.command.walls import read_px
from models.incidents.incident import Incident
from models.incidents.strengths import strengths
from models.people.machines import Wall
from tests.browser.test_queue import CUT, evening
from tests.models.test_handover import Night
from tests.models.test_strength import silence
from tests.support.asking import Asker
from tests.support.house import Running
from tests.support.pickets import pickets
from tests.support.serving import Cast, Child, child

ROWS = "() => [...document.querySelectorAll('#board > .row')].map(row => row.outerHTML.replaceAll(/ (data-htmx-powered|style)=\"[^\"]*\"/g, ''))"


def code_of(page: Page, server: Running | Child) -> str:
    page.goto(f"{server.http}/wall")
    expect(page.locator(".code span")).to_have_count(2)
    return page.locator(".code").inner_text().replace(" ", "").strip()


def hang(page: Page, cast: Cast, server: Running | Child, **sizes: str) -> Page:
    """A wall that was let in, connected."""
    form = {"code": code_of(page, server), "name": "Lobi", "distance_m": "6", "px_per_mm": "1.157", **sizes}
    assert Asker(server, cast.cookies["sari"], part=True).post("/duty/walls", data=form).status_code == 204  # type: ignore[arg-type]
    expect(page.locator("#board")).to_be_attached()
    expect(page.locator("#alive")).to_contain_text("Hidup")
    return page


def fill(cast: Cast, count: int = 14) -> None:
    for n in range(count):
        category = ("CURANMOR", "KEBAKARAN", "KDRT_PPA", "KERIBUTAN", "BARANG_HILANG")[n % 5]
        incident = cast.file(category=category, at=(3.56 + n % 4 * 0.012, 98.64 + n % 7 * 0.011))
        if n % 3:
            cast.take(incident, "claim", cast.hendra)


def test_a_screen_lets_itself_in_and_asks_again_when_it_is_let_out(
    cast: Cast, server: Running, new_page: Callable[..., Page]
) -> None:
    page = hang(new_page("wall"), cast, server)
    sari = Asker(server, cast.cookies["sari"])
    newest = max(int(part.split('"')[0]) for part in sari.get("/duty/walls").text.split('id="wall-')[1:])
    assert sari.post(f"/duty/walls/{newest}/unpair").status_code == 303
    expect(page.locator(".waiting-code")).to_be_visible()
    expect(page.locator(".code span")).to_have_count(2)


def test_a_new_emergency_stands_across_the_wall_until_somebody_takes_it(
    cast: Cast, server: Running, new_page: Callable[..., Page]
) -> None:
    page = hang(new_page("wall"), cast, server)
    band = page.locator("#band")
    expect(band).to_be_hidden()
    expect(page.locator("#calm")).to_be_visible()
    incident = cast.file(category="TAWURAN_GENG")
    expect(band).to_be_visible()
    expect(band.locator("h2")).to_have_text("Tawuran / geng motor / sajam")
    expect(band.locator("p")).to_have_text("Babura, Medan Baru · belum ada yang mengambil")
    expect(page.locator("#band-age span")).to_have_text("target 1:00")
    second = cast.file(category="KEBAKARAN")
    expect(band.locator("p b")).to_have_text("+1 lagi")
    box = band.bounding_box()
    assert box and box["width"] >= 1920
    for row in (incident, second):
        cast.take(row, "claim", cast.hendra)
    expect(band).to_be_hidden()
    expect(page.locator("#n-new b")).to_have_text("0")


# Every line of words that stands on the wall whole, and how high its capitals are in pixels: as large as it is drawn, in
# the letter that is drawn, also where a drawing is scaled. What a part of the screen cuts off is not there.
CAPITALS = """() => {
    const pen = document.createElement("canvas").getContext("2d"), known = new Map();
    const face = style => {
        const key = [style.fontStyle, style.fontWeight, style.fontFamily].join(" ");
        if (!known.has(key)) {
            pen.font = `${style.fontStyle} ${style.fontWeight} 1000px ${style.fontFamily}`;
            const high = letter => pen.measureText(letter).actualBoundingBoxAscent / 1000;
            known.set(key, { capital: high("H"), x: high("x") });
        }
        return known.get(key);
    };
    const own = node => [...node.childNodes].some(child => child.nodeType === 3 && child.data.trim());
    const drawn = node => ["::before", "::after"].some(part => !["none", "normal", '""'].includes(getComputedStyle(node, part).content));
    const seen = node => node.checkVisibility({ visibilityProperty: true }) && !node.closest(".unseen, symbol, #blind");
    const within = (inner, outer) => inner.bottom <= outer.bottom + 1 && inner.right <= outer.right + 1;
    return [...document.querySelectorAll("body *")].filter(node => seen(node) && (own(node) || drawn(node))).map(node => {
        const style = getComputedStyle(node), { capital, x } = face(style), box = node.getBoundingClientRect();
        const cut = node.closest(".wall-legend");
        if (!box.width || (cut && !within(box, cut.getBoundingClientRect()))) return null;
        const adjust = style.fontSizeAdjust === "none" ? 1 : parseFloat(style.fontSizeAdjust) / x;
        const part = drawn(node) && !own(node) ? getComputedStyle(node, "::before") : style;
        const size = Math.max(parseFloat(part.fontSize), parseFloat(style.fontSize)) * (node.getScreenCTM?.().a ?? 1);
        return [node.closest("[class]").classList[0], size * adjust * capital];
    }).filter(Boolean);
}"""
# Read by whoever stands in front of it, or said by a shape besides: the proof of life in the foot.
NEAR = {"pulse"}


def arc_minutes(page: Page, distance_m: float, px_per_mm: float) -> dict[str, float]:
    """How large the words of each part of a wall are to the eye: the smallest of them."""
    smallest: dict[str, float] = {}
    for part, px in page.evaluate(CAPITALS):
        minutes = math.degrees(math.atan(px / px_per_mm / (distance_m * 1000))) * 60
        smallest[part] = min(minutes, smallest.get(part, math.inf))
    return smallest


def table(rows: dict[tuple[str, ...], dict[str, float]]) -> str:
    """As Markdown: a line for each part, a column for each wall."""
    parts = sorted({part for seen in rows.values() for part in seen})
    lines = ["| part | " + " | ".join(" ".join(wall) for wall in rows) + " |", "|---|" + "---|" * len(rows)]
    for part in parts:
        lines.append(
            f"| {part} | " + " | ".join(f"{seen[part]:.1f}" if part in seen else "–" for seen in rows.values()) + " |"
        )
    return "\n".join(lines)


# A screen and how far away it hangs: 75 inches at 1080 and at 2160 lines, one of a stadium for the farthest.
HANGS = [(1920, 1.157, 1), (1920, 1.157, 4), (1920, 1.157, 6), (1920, 1.157, 8), (1920, 0.3, 30),
         (3840, 2.314, 1), (3840, 2.314, 6), (3840, 2.314, 8), (3840, 0.6, 30)]  # fmt: skip


@pytest.mark.parametrize("font", [True, False], ids=["roboto", "dejavu"])
def test_whatever_one_must_read_is_sixteen_minutes_of_arc(
    cast: Cast, server: Running, new_page: Callable[..., Page], font: bool
) -> None:
    """docs/ux.md#wall, computed from what is drawn: 1 m to 30 m, 1080 and 2160 lines. `-s` prints the table."""
    evening(cast)
    page = new_page("wall")
    if not font:
        page.route("**/*.woff2", lambda route: route.abort())
    hang(page, cast, server)
    seen: dict[tuple[str, ...], dict[str, float]] = {}
    for width, px_per_mm, metres in HANGS:
        page.set_viewport_size({"width": width, "height": width * 9 // 16})
        page.evaluate(READ, read_px(Wall(distance_m=metres, px_per_mm=px_per_mm)))
        page.evaluate(SETTLED)
        assert page.locator("#reach").is_hidden(), (width, metres)
        wall = (f"{metres} m", f"{width}", "roboto" if font else "dejavu")
        seen[wall] = arc_minutes(page, metres, px_per_mm)
        assert {"age", "row-state", "row-late", "row-where", "card-what", "big", "t2", "wall-clock"} <= seen[
            wall
        ].keys() | {"t2"}
        assert {
            part: round(minutes, 1) for part, minutes in seen[wall].items() if minutes < 16 and part not in NEAR
        } == {}
    print("\n" + table(seen))


READ = "px => { const own = new CSSStyleSheet(); own.replaceSync(`:root{--read:${px}px !important}`); document.adoptedStyleSheets.push(own); dispatchEvent(new Event('resize')); }"
SETTLED = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 50))))"
WHOLE = [".big > b", ".big > span", "#wall-clock", "#wall-day", "#more b", "#more > span", ".band h2", ".band p", ".band-age",
         ".row h3", ".row-what p", ".row .age", ".row-state", ".row-late", ".pulse > span", "#reach", ".wall-legend > span"]  # fmt: skip
# Lines that stick out of the part of the screen that is theirs, at a wall's own moved edge.
OUT = """names => names.flatMap(([name, within]) => [...document.querySelectorAll(name)].filter(node => node.checkVisibility()).map(node => {
    const box = node.getBoundingClientRect(), room = (node.closest(within) ?? document.querySelector(within)).getBoundingClientRect();
    return [name, Math.round(Math.max(box.right - room.right, box.bottom - room.bottom, room.left - box.left, room.top - box.top))];
}).filter(([, out]) => out > 1))"""


@pytest.mark.parametrize("font", [True, False], ids=["ours", "dejavu"])
def test_clock_date_and_what_is_left_out_are_whole_however_a_wall_hangs(
    cast: Cast, server: Running, new_page: Callable[..., Page], font: bool
) -> None:
    """At 1080 and 2160 lines, from one metre to thirty, with the letters that are in the picture."""
    evening(cast)
    page = new_page("wall")
    if not font:
        page.route("**/*.woff2", lambda route: route.abort())
    hang(page, cast, server)
    for width, metres in (
        (1920, 1),
        (1920, 4),
        (1920, 6),
        (1920, 10),
        (1920, 30),
        (3840, 1),
        (3840, 6),
        (3840, 30),
        (1280, 6),
    ):
        page.set_viewport_size({"width": width, "height": width * 9 // 16})
        page.evaluate(READ, read_px(Wall(distance_m=metres, px_per_mm=1.157 * max(1, width / 1920))))
        page.evaluate(SETTLED)
        where = (width, metres)
        assert (where, page.evaluate(CUT, WHOLE)) == (where, [])
        inside = [["#wall-clock", ".wall-top"], ["#wall-day", ".wall-top"], [".big", ".wall-top"], ["#more", ".wall-queue"],
                  ["#more b", "#more"], [".row", ".wall-queue"], [".row-what *", ".row-what"], [".wall-top", ".wall"],
                  [".pulse", ".wall"]]  # fmt: skip
        assert (where, page.evaluate(OUT, inside)) == (where, [])
        new, held = (page.locator(f"#more [data-of={of}]") for of in ("new", "held"))
        expect(held).to_have_text(re.compile(r"^\+\d+ berjalan$"))
        if metres > 4:
            expect(new).to_have_text(re.compile(r"^\+\d+ belum diambil$"))
        expect(page.locator("#reach")).to_be_visible(
            visible=metres > 8 or width < 1920
        )  # a small screen reaches less far


@pytest.mark.parametrize("hangs", [{"view": "urgent"}, {"view": "district:Medan Baru"}, {"mapless": "true"}], ids=str)
def test_a_wall_of_a_part_and_a_list_alone_are_whole_and_readable(
    cast: Cast, server: Running, new_page: Callable[..., Page], hangs: dict[str, str]
) -> None:
    """While a handover runs, as loud as it gets: what a view leaves out, and how far the handover is, is whole too."""
    evening(cast, 12, 24)
    surya, b, c = pickets(cast)
    rows = Night(cast, surya, b, c).freeze()
    cast.run(accept_case, surya, rows[0].id)
    page = new_page("wall")
    hang(page, cast, server, **hangs)
    expect(page.locator(".handing")).to_contain_text(re.compile(r"Serah terima Regu B → C.*dari \d+ diterima", re.S))
    for width, px_per_mm, metres in (
        (1920, 1.157, 1),
        (1920, 1.157, 6),
        (1920, 1.157, 8),
        (3840, 2.314, 6),
        (3840, 0.6, 30),
    ):
        page.set_viewport_size({"width": width, "height": width * 9 // 16})
        page.evaluate(READ, read_px(Wall(distance_m=metres, px_per_mm=px_per_mm)))
        page.evaluate(SETTLED)
        where = (width, metres)
        assert (
            where,
            page.evaluate(CUT, [*WHOLE, ".view h2", ".view-beyond > span", ".handing > h2", ".handing > p"]),
        ) == (where, [])
        inside = [[".row", ".wall-queue"], ["#more b", ".wall-queue"], [".view *", ".view"], [".handing *", ".handing"],
                  ["#wall-clock", ".wall-top"], [".pulse", ".wall"], [".row-what *", ".row"]]  # fmt: skip
        assert (where, page.evaluate(OUT, inside)) == (where, [])
        small = {part for part, minutes in arc_minutes(page, metres, px_per_mm).items() if minutes < 16}
        assert (where, small - NEAR) == (where, set())
    shown = page.locator("#board > .row:visible").count()
    left = [int(words.split()[0]) for words in page.locator("#more b:visible").all_inner_texts()]
    assert shown + sum(left) == page.locator("#board > .row").count() > 0


@pytest.mark.parametrize("hangs", [{}, {"mapless": "true"}], ids=str)
def test_what_needs_somebody_has_rows_before_strip_and_map_have_room(
    cast: Cast, server: Running, new_page: Callable[..., Page], hangs: dict[str, str]
) -> None:
    """Many wait, a P1 across the wall, a handover under way, eight metres off."""
    evening(cast, 30, 24)
    cast.file(category="KEBAKARAN")
    surya, b, c = pickets(cast)
    Night(cast, surya, b, c).freeze()
    page = new_page("wall")
    hang(page, cast, server, **hangs)
    expect(page.locator("#band")).to_be_visible()
    for width, metres in ((1920, 8), (3840, 8), (1920, 6)):
        page.set_viewport_size({"width": width, "height": width * 9 // 16})
        page.evaluate(READ, read_px(Wall(distance_m=metres, px_per_mm=1.157 * width / 1920)))
        page.evaluate(SETTLED)
        where = (width, metres)
        rows = page.locator("#board > .row:visible")
        assert (where, rows.count() >= 2) == (where, True)
        assert {row.get_attribute("data-status") for row in rows.all()[:2]} == {"new"}
        assert (where, page.evaluate(OUT, [[".row", ".wall-queue"], [".row-what *", ".row"]])) == (where, [])
        small = {part for part, minutes in arc_minutes(page, metres, 1.157 * width / 1920).items() if minutes < 16}
        assert (where, small - NEAR) == (where, set())


# Every pin that sticks out of the map.
BEYOND = """() => { const map = document.getElementById("map").getBoundingClientRect();
    return [...document.querySelectorAll(".map-pins .pin")].map(pin => pin.getBoundingClientRect())
        .filter(box => box.left < map.left || box.right > map.right || box.top < map.top || box.bottom > map.bottom).length; }"""


def test_pins_that_would_lie_on_each_other_are_one_heap_with_its_number_and_its_gravest_face(
    cast: Cast, server: Running, new_page: Callable[..., Page]
) -> None:
    """The list keeps each; a heap calls while one in it calls, and an exercise is nobody's face over what is true."""
    here, there = (3.5810, 98.6600), (3.6300, 98.7100)
    light = cast.take(cast.file(category="BARANG_HILANG", at=here), "claim", cast.hendra)
    cast.file(category="KERIBUTAN", at=(3.5811, 98.6601))
    cast.file(category="KERIBUTAN", at=there)
    page = hang(new_page("wall"), cast, server)
    heap = page.locator(".map-pins .pin:has(.pin-n)")
    expect(heap.locator("text")).to_have_text("×2")
    expect(heap).to_have_attribute("data-p", "3")
    expect(heap.locator(".pin-call")).to_have_count(0)
    expect(page.locator("#heaped")).to_contain_text("kejadian")
    cast.file(category="KEBAKARAN", at=(3.5809, 98.6601))
    expect(heap.locator("text")).to_have_text("×3")
    expect(heap).to_have_attribute("data-p", "1")
    expect(heap.locator(".pin-call")).to_have_count(2)
    expect(page.locator(".map-pins .pin")).to_have_count(2)
    expect(page.locator("#board > .row")).to_have_count(4)
    expect(page.locator(f"#incident-{light.id}")).to_be_attached()


@pytest.mark.parametrize("width", [1920, 3840])
def test_counts_and_clock_share_one_row_and_the_map_shows_every_pin(
    cast: Cast, server: Running, new_page: Callable[..., Page], width: int
) -> None:
    """On an evening like others, six metres away: what the head does not take is the queue's."""
    late = evening(cast, 12, 24)[0]

    def wait_long(session: Session) -> None:
        row = session.get_one(Incident, late.id)
        row.filed_at = row.opened_at = row.filed_at - timedelta(hours=1)
        row.due_at = row.due()

    cast.run(wait_long)
    page = new_page("wall")
    page.set_viewport_size({"width": width, "height": width * 9 // 16})
    hang(page, cast, server, px_per_mm=str(1.157 * width / 1920))
    expect(page.locator(".map-pins .pin").first).to_be_attached()
    page.wait_for_function(BEYOND.replace(".length", ".length === 0"))
    heaped = "pins => pins.reduce((n, pin) => n + Number(pin.querySelector('text')?.textContent.slice(1) ?? 1), 0)"
    assert page.locator(".map-pins .pin").evaluate_all(heaped) == page.locator("#board > .row").count() == 36
    for station in (
        None,
        cast.read(strengths)[0].station.id,
    ):  # every one has stated its strength; one has, the others not
        if station:
            cast.run(silence)
            cast.run(strengthen, cast.sari, station, 9, "apel")
            expect(page.locator("#n-free")).to_contain_text("13 pos belum apel")
        tops = page.evaluate(
            "[...document.querySelectorAll('.wall-top > :not(.unseen)')].map(node => node.getBoundingClientRect()).map(({ top, bottom }) => [top, bottom])"
        )
        assert max(top for top, _ in tops) < min(bottom for _, bottom in tops)
        head = page.locator(".wall-top").bounding_box()
        assert head and head["height"] <= 190 * width / 1920
        assert page.evaluate(CUT, [".big", ".big span", "#wall-clock", "#wall-day"]) == []


def test_what_nobody_has_taken_stands_first_on_a_wall(
    cast: Cast, server: Running, new_page: Callable[..., Page]
) -> None:
    filed = evening(cast, 4, 20)
    page = hang(new_page("wall"), cast, server)
    first = page.locator("#board > .row:visible")
    expect(first.nth(3)).to_have_attribute("data-status", "new")
    late = page.locator("#board > .row[data-priority='1']").first
    expect(late).to_have_id(f"incident-{filed[0].id}")
    shown = first.count()
    expect(page.locator("#more [data-of=held]")).to_have_text(f"+{24 - shown} berjalan")
    expect(page.locator("#more [data-of=new]")).to_be_hidden()


def test_a_wall_that_only_listened_equals_one_loaded_afresh(
    cast: Cast, server: Running, new_page: Callable[..., Page]
) -> None:
    fill(cast, 4)
    page = hang(new_page("wall"), cast, server)
    incident = cast.take(cast.file(), "claim", cast.hendra)
    cast.send(incident, cast.hendra)
    gone = cast.file(category="CURANMOR")
    cast.take(gone, "dismiss", cast.hendra, reason="empty")
    mark = cast.file()  # the sentinel
    expect(page.locator(f"#incident-{mark.id}")).to_be_attached()
    expect(page.locator(f"#incident-{gone.id}")).not_to_be_attached()
    heard = page.evaluate(ROWS)
    page.reload()
    assert heard == page.evaluate(ROWS)


def test_blind_is_not_quiet(cast: Cast, tmp_path: Path, new_page: Callable[..., Page]) -> None:
    """A frozen server: the whole screen greys and says since when; when it thaws, so does the wall."""
    with child(cast, tmp_path / "frozen") as server:
        page = hang(new_page("wall"), cast, server)
        server.signal(signal.SIGSTOP)
        expect(page.locator("#blind")).to_be_visible()
        expect(page.locator("#blind-since")).to_have_text(page.locator("#alive").inner_text().split()[-1])
        assert "grayscale" in page.evaluate("getComputedStyle(document.querySelector('.wall-queue')).filter")
        server.signal(signal.SIGCONT)
        expect(page.locator("#blind")).to_be_hidden()


def test_a_wall_takes_up_a_new_program_by_itself(cast: Cast, server: Running, new_page: Callable[..., Page]) -> None:
    page = hang(new_page("wall"), cast, server)
    with page.expect_navigation():
        page.evaluate("document.getElementById('console').dataset.program = 'an older one'")
    expect(page.locator("#console")).not_to_have_attribute("data-program", "an older one")


def test_night_falls_at_six(cast: Cast, server: Running, new_page: Callable[..., Page]) -> None:
    page = hang(new_page("wall"), cast, server)
    seen = page.evaluate("""() => ["2026-11-24T05:59:30", "2026-11-24T06:00:30", "2026-11-24T17:59:30", "2026-11-24T18:00:30"].map(at => {
        const now = siaga.server.now;
        siaga.server.now = () => Date.parse(at + "+07:00");
        siaga.tell("tick");
        siaga.server.now = now;
        return document.documentElement.dataset.theme;
    })""")
    assert seen == ["dark", "light", "light", "dark"]


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_a_wall_falls_short_of_nothing(
    cast: Cast, server: Running, new_page: Callable[..., Page], violations: Callable[[Page], list[str]], theme: str
) -> None:
    fill(cast, 6)
    page = new_page("wall", theme=theme)
    code_of(page, server)
    assert violations(page) == []
    hang(page, cast, server)
    page.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)
    assert violations(page) == []


def test_a_wall_tells_who_is_there_from_who_is_still_coming(
    cast: Cast, server: Running, new_page: Callable[..., Page]
) -> None:
    first, second = cast.read(strengths)[:2]
    case = cast.take(cast.file(category="KEBAKARAN"), "claim", cast.hendra)
    cast.send(case, cast.hendra, (first.station.id, 4), (second.station.id, 3))
    page = hang(new_page("wall"), cast, server)
    row, tag = page.locator(f"#incident-{case.id} .row-state"), page.locator(".pin-tag .t2")
    cast.take(case, "arrive", cast.hendra, dispatch=1)
    expect(row).to_have_text("4 di TKP · 3 di jalan")
    expect(tag).to_have_text("4 di TKP · 3 di jalan")
    assert page.evaluate(CUT, [".row-state", ".row-what p"]) == []
    cast.take(case, "arrive", cast.hendra, dispatch=2)
    expect(tag).to_have_text("7 di TKP")
    expect(row).to_contain_text("7")
    cast.run(silence)
    cast.run(strengthen, cast.sari, first.station.id, 9, "apel")
    expect(page.locator("#n-free")).to_contain_text("personel bebas, 13 pos belum apel")
    assert page.evaluate(CUT, [".big", ".big span", "#wall-clock"]) == []

"""The queue and the bar above it: what waits comes first and in view, what must be read is whole, in our letter and in the
widest one that a bare machine has."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import Session

from models.incidents.incident import Incident
from models.people.officers import Officer, note_presence
from models.roles import Role
from models.time import now
from models.viewer import CLOCK
from tests.support.house import Running
from tests.support.serving import Cast

TEN = ("Aipda Dewi Lestari", "Bripka Yusuf Nasution", "Bripka Tengku Rizal", "Briptu Kevin Tarigan", "Bripka Suresh Pillai",
       "Aiptu Maruli Sitorus", "Briptu Ayu Ginting", "Brigadir Budi Harahap")  # fmt: skip
WAITING = (  # category, how long ago in seconds, where
    ("TAWURAN_GENG", 82, "Jl. Letda Sujono, simpang rel"), ("KEBAKARAN", 52, "Jl. M.T. Haryono, los kain"),
    ("CURAS_BEGAL", 34, "dekat Indomaret Simpang Pos"), ("CURANMOR", 353, "ruko Jl. Matahari Raya"),
    ("CURAT", 160, "Jl. A.R. Hakim, Gg. Kantil"), ("BALAP_LIAR", 72, "Jl. Adi Sucipto, dua arah"),
    ("KERIBUTAN", 271, "Jl. Setia Budi, kafe"), ("PUNGLI", 135, "parkiran dekat gereja"),
    ("BARANG_HILANG", 245, "dalam angkot 64, Jl. Gatot Subroto"),
)  # fmt: skip
RUNNING = ("ORANG_HILANG", "CURAS_BEGAL", "LAKA", "KDRT_PPA", "PERAS_PREMAN", "UNRAS", "MACET", "CURAT", "ANIAYA", "JUDI",
           "CURANMOR", "NARKOBA", "BENCANA", "KERIBUTAN", "KEBAKARAN")  # fmt: skip

# Elements whose words do not fit them, or that another covers, or that stick out of the screen: name → what is wrong.
CUT = """names => names.flatMap(name => [...document.querySelectorAll(name)].filter(node => node.checkVisibility({ contentVisibilityAuto: true }))
    .map(node => {
        const box = node.getBoundingClientRect(), range = document.createRange();
        range.selectNodeContents(node);
        const spoken = [...node.children].some(one => getComputedStyle(one).clipPath !== "none");  // read aloud, not seen
        const words = range.getBoundingClientRect().width ? range.getBoundingClientRect() : box;
        const wide = node.matches("input") || spoken ? 0 : Math.max(node.scrollWidth - node.clientWidth, words.right - box.right, box.left - words.left);
        const out = Math.max(box.right - innerWidth, -box.left);
        return [name, node.textContent.trim().slice(0, 40), Math.round(wide), Math.round(out)];
    }).filter(([, , wide, out]) => wide > 1 || out > 0))"""


def evening(cast: Cast, waiting: int = len(WAITING), running: int = len(RUNNING)) -> list[Incident]:
    """Ten on duty, one of them silent, and so many cases as the mock of the console has."""

    def come(session: Session) -> None:
        rows = []
        for n, name in enumerate(TEN):
            rank, _, rest = name.partition(" ")
            rows.append(Officer(login=f"ten{n}", name=rest, rank=rank, role=Role.OFFICER, password="-"))
        session.add_all(rows)
        session.flush()
        note_presence(session, [id for id in (cast.hendra.id, cast.ratna.id, *(row.id for row in rows)) if id])

    def age(session: Session, id: int, seconds: int) -> None:
        row = session.get_one(Incident, id)
        row.filed_at = row.opened_at = now() - timedelta(seconds=seconds)
        row.due_at = row.due()

    cast.run(come)
    filed = []
    for n in range(waiting):
        category, seconds, where = WAITING[n % len(WAITING)]
        at = (3.56 + n % 5 * 0.012, 98.63 + n % 7 * 0.011)
        incident = cast.file(category=category, landmark=where, at=at, by=(cast.ann, cast.ratna)[n % 2])
        cast.run(age, incident.id, seconds + n // len(WAITING))
        filed.append(incident)
    for n in range(running):
        incident = cast.file(
            category=RUNNING[n % len(RUNNING)], at=(3.55 + n % 6 * 0.01, 98.65 + n % 4 * 0.012), by=cast.ratna
        )
        holder = (cast.hendra, cast.ratna)[n % 2]
        cast.take(incident, "claim", holder)
        if n % 3:
            cast.send(incident, holder, (None, 1))
        if n % 3 == 2:
            cast.take(incident, "arrive", holder)
        cast.run(age, incident.id, 240 + 60 * n)
        filed.append(incident)
    if running:
        cast.run(lambda session: setattr(session.get_one(Incident, filed[-running].id), "stale", True))
    return filed


@pytest.fixture
def console(cast: Cast, server: Running, new_page: Callable[..., Page]) -> Callable[..., Page]:
    """console("hendra", font=False): that officer's console, connected; without our letter, if told so."""

    def open_console(who: str = "hendra", path: str = "/console", font: bool = True, size: str = "console") -> Page:
        page = new_page(size, theme="dark")
        if not font:
            page.route("**/*.woff2", lambda route: route.abort())
        name, _, secret = cast.cookies[who].partition("=")
        page.context.add_cookies([{"name": name, "value": secret, "url": server.http}])
        page.goto(server.http + path)
        expect(page.locator("#lamp")).to_have_attribute("data-is", "well")
        page.evaluate("document.fonts.ready")
        return page

    return open_console


ORDER = "() => [...document.querySelectorAll('#board > li')].map(li => li.id)"
IN_VIEW = """() => {
    const [first, second] = document.querySelectorAll(".part"), list = document.getElementById("queue-list").getBoundingClientRect();
    const top = first.getBoundingClientRect().bottom, end = second.getBoundingClientRect().top;
    const seen = card => { const box = card.getBoundingClientRect(); return box.top >= top - 1 && box.bottom <= list.bottom + 1; };
    const cards = [...document.querySelectorAll("#board > .card")].filter(seen), waits = card => card.dataset.status === "new";
    return [cards.filter(card => waits(card) && card.getBoundingClientRect().bottom <= end + 1).length, cards.filter(card => !waits(card)).length];
}"""
# Words and fields of the console that are never cut, whatever the letter.
WHOLE = [".brand", ".numeral", "#sound", "#lamp", "#clock", ".person > [aria-hidden]", ".part", ".part-end", ".queue-filters .chip",
         "#q", ".card-what", ".card-where", ".card-late", ".card .age", ".card-holder", ".card-right", ".btn--take"]  # fmt: skip


def head(page: Page, id: str) -> Any:
    return page.locator(f"#{id}")


def test_the_queue_has_two_parts_whose_heads_count_what_is_there(cast: Cast, console: Callable[..., Page]) -> None:
    held = cast.take(cast.file(category="KEBAKARAN"), "claim", cast.hendra)
    page = console()
    expect(head(page, "waiting")).to_have_text("Menunggu 0", use_inner_text=True)
    low, high = cast.file(category="BARANG_HILANG"), cast.file()
    expect(head(page, "waiting")).to_have_text("Menunggu 2 2 laporan", use_inner_text=True)
    order = ["waiting", f"incident-{high.id}", f"incident-{low.id}", "running", f"incident-{held.id}"]
    assert page.evaluate(ORDER) == order
    cast.take(cast.file(), "merge", cast.hendra, into=high.id)
    expect(head(page, "waiting")).to_have_text("Menunggu 2 3 laporan", use_inner_text=True)
    cast.take(low, "claim", cast.ratna)
    expect(head(page, "waiting")).to_have_text("Menunggu 1 2 laporan", use_inner_text=True)
    expect(head(page, "running")).to_have_text("Berjalan 2", use_inner_text=True)
    cast.run(lambda session: session.get_one(Incident, low.id).take("lapse", CLOCK) and None)
    expect(head(page, "running")).to_have_text("Berjalan 2 1 terputus dulu", use_inner_text=True)
    cast.take(cast.send(held, cast.hendra), "arrive", cast.hendra)
    expect(head(page, "running")).to_contain_text("1 di TKP")
    heard = ["waiting", f"incident-{high.id}", "running", f"incident-{low.id}", f"incident-{held.id}"]
    assert page.evaluate(ORDER) == heard
    assert console("sari").evaluate(ORDER) == heard


def test_a_head_counts_what_a_filter_hides_and_what_a_full_board_leaves_out(
    cast: Cast, console: Callable[..., Page], monkeypatch: pytest.MonkeyPatch
) -> None:
    cast.take(cast.file(category="CURANMOR"), "claim", cast.hendra)
    for _ in range(3):
        cast.file(category="KEBAKARAN")
    page = console()
    page.locator("[data-show=mine]").click()
    expect(head(page, "waiting")).to_have_text("Menunggu 3 0 tampil", use_inner_text=True)
    expect(head(page, "running")).to_have_text("Berjalan 1", use_inner_text=True)
    page.evaluate("() => siaga.freshPage('/console').then(fresh => siaga.relist(fresh, 'board'))")
    expect(head(page, "waiting")).to_have_text("Menunggu 3 0 tampil", use_inner_text=True)
    monkeypatch.setattr("models.reading.board.BOARD_SIZE", 2)
    monkeypatch.setattr("models.reading.board.SHORTENED_TO", 2)
    page = console("ratna")
    expect(head(page, "waiting")).to_contain_text("Menunggu 2+")
    expect(head(page, "running")).to_have_text("Berjalan 0+", use_inner_text=True)
    expect(page.locator("#n-new b")).to_have_text("2+")


def test_only_the_card_that_c_takes_says_so(cast: Cast, console: Callable[..., Page]) -> None:
    held = cast.take(cast.file(category="KEBAKARAN"), "claim", cast.hendra)
    first, second = cast.file(), cast.file(category="KEBAKARAN")
    page = console(path=f"/console?incident={held.id}")
    says = page.locator("#board .btn--take:visible")
    said_by = page.locator("#board > .card:has(.btn--take:visible)")
    fill = "id => getComputedStyle(document.getElementById(id)).backgroundColor"
    expect(said_by).to_have_id(f"incident-{first.id}")  # nothing that waits is chosen: the first
    red = page.evaluate(fill, f"incident-{first.id}")
    assert red != page.evaluate(fill, f"incident-{second.id}")
    page.locator(f"#incident-{second.id}").click()
    expect(said_by).to_have_id(f"incident-{second.id}")  # the chosen one
    assert page.evaluate(fill, f"incident-{second.id}") == red
    page.keyboard.press("c")
    expect(page.locator(f"#incident-{second.id}")).to_have_attribute("data-status", "claimed")
    expect(said_by).to_have_id(f"incident-{first.id}")
    cast.take(first, "claim", cast.ratna)
    expect(says).to_have_count(0)


@pytest.mark.parametrize("font", [True, False], ids=["ours", "dejavu"])
def test_with_ten_on_duty_nothing_that_tells_is_cut(cast: Cast, console: Callable[..., Page], font: bool) -> None:
    held = evening(cast)[len(WAITING) + 6]
    page = console(font=font, path=f"/console?incident={held.id}")
    expect(page.locator("#duty > li")).to_have_count(10)
    expect(page.locator("#panel .send-form")).to_be_visible()
    page.wait_for_function("() => document.querySelector('#waiting .part-end').textContent")
    expect(page.locator("#sound")).to_have_text("Suara siap")  # by itself; the band that says it is not has gone
    expect(page.locator("#unarmed")).to_be_hidden()
    assert page.evaluate(CUT, [*WHOLE, ".reply", ".reply input", ".inc-place", ".inc-kicker"]) == []
    below = "() => Math.max(...[...document.querySelectorAll('#panel .reply')].map(field => field.getBoundingClientRect().bottom)) - innerHeight"
    assert page.evaluate(below) <= 0
    page.evaluate("() => { document.getElementById('queue-list').scrollTop = 0 }")
    waiting, running = page.evaluate(IN_VIEW)
    assert waiting == 9 and running >= 2
    page.evaluate(
        "() => { document.querySelector('#sound span').textContent = 'Suara tertahan, tekan untuk menyalakan lagi sekarang' }"
    )
    expect(page.locator(".brand > span")).to_be_hidden()  # the town's name goes first
    expect(page.locator("#others")).to_contain_text("+")
    expect(page.locator(f"#officer-{cast.hendra.id}")).to_be_visible()
    assert page.evaluate(CUT, WHOLE) == []


@pytest.mark.parametrize("font", [True, False], ids=["ours", "dejavu"])
def test_at_twice_the_size_count_lamp_sound_and_clock_are_still_there(
    cast: Cast, console: Callable[..., Page], font: bool
) -> None:
    evening(cast, 3, 2)
    page = console(font=font, size="twice")
    top = ["#n-new", "#n-oldest", "#sound", "#lamp", "#clock"]
    for name in top:
        expect(page.locator(name)).to_be_visible()
    assert page.evaluate(CUT, [*top, ".topbar", ".part"]) == []


def test_staff_and_walls_read_our_letter_and_a_reporter_fetches_none(
    cast: Cast, server: Running, new_page: Callable[..., Page]
) -> None:
    def fetched(who: str, *paths: str) -> set[str]:
        page, files = new_page(), []
        page.on("request", lambda request: files.append(request.url.rpartition("/")[2]))
        name, _, secret = cast.cookies[who].partition("=")
        page.context.add_cookies([{"name": name, "value": secret, "url": server.http}])
        for path in paths:
            page.goto(server.http + path)
            page.evaluate("document.fonts.ready")
        read = page.evaluate("document.fonts.check('600 13px \"Roboto Variable\"') && document.fonts.size > 0")
        assert read == ("roboto.woff2" in files)
        return {name for name in files if name.endswith((".woff2", "base.css"))}

    ours = {"roboto.woff2", "base.css"}
    assert fetched("hendra", "/console") == fetched("sari", "/duty") == fetched("dewi", "/admin") == ours
    assert fetched("wall", "/wall") == fetched("damkar", "/agency") == ours
    assert fetched("ann", "/", "/complaints", "/complaints/new", "/account") == set()

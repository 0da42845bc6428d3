"""Every staff page at 400 %, with names of eighty letters, in the system's own contrast, and on paper."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import Session, select

from models.city.agency import Agency
from models.city.station import Station
from models.command.bulletin import Draft, publish
from models.people.citizens import Citizen
from models.people.officers import Officer
from tests.support.house import Running
from tests.support.pickets import pickets
from tests.support.serving import Cast

LONG = "Simanjuntakhutabaratsiregarnasutionlubisharahapginting"
NAME = (LONG * 2)[:80]
LINK = "https://contoh.example/" + "a1b2c3d4" * 40
MOST_COVERED = 0.4

PAGES = {  # whose eyes → which pages; {id}: the incident that is open, {bulletin}: what was published
    "hendra": ["/console", "/console?incident={id}", "/incidents/{id}", "/incidents?q=motor", "/incidents/new", "/strikes", "/me"],
    "sari": [
        "/duty", "/duty/walls", "/console?incident={id}", "/incidents/{id}", "/ratings", "/strikes",
        "/duty/shift", "/duty/handover", "/duty/figures", "/duty/report", "/duty/journal", "/duty/looks", "/duty/exercise",
        "/duty/replay", "/duty/shifts/new", "/me",
        "/bulletins", "/bulletins/new", "/bulletins/{bulletin}", "/bulletins/{bulletin}/edit",
    ],
    "dewi": [
        "/admin", "/admin/people/{officer}", "/admin/stations", "/admin/stations/{station}", "/admin/categories",
        "/admin/categories/CURAS_BEGAL", "/admin/targets/1", "/admin/retention", "/admin/keys", "/admin/messages", "/admin/agencies",
    ],
    "damkar": ["/agency", "/agency/history"],
    "": ["/sign-in"],
}  # fmt: skip

# What reaches beyond the page, and what scrolls sideways by itself: nothing may but the map, the grid of hours by
# kelurahan, and where there is room the row of quick replies.
SIDEWAYS = """() => {
  const name = node => node.tagName + "." + node.className + (node.id ? "#" + node.id : ""), page = document.documentElement, found = [];
  if (page.scrollWidth > page.clientWidth) found.push(`the page: ${page.scrollWidth} px`);
  for (const node of document.querySelectorAll("body *")) {
    if (node.closest(".map, .admin-map, .scrolls, svg, .unseen, [hidden]") || !node.checkVisibility() || innerWidth > 600 && node.closest(".quick")) continue;
    const scrolls = /auto|scroll/.test(getComputedStyle(node).overflowX) && !/^(INPUT|TEXTAREA|SELECT)$/.test(node.tagName);
    if (scrolls && node.scrollWidth > node.clientWidth + 1) found.push(`${name(node)}: ${node.scrollWidth} of ${node.clientWidth} px`);
    const box = node.getBoundingClientRect();
    if (found.length && box.width && box.right > innerWidth + 1 && !node.firstElementChild) found.push(`${name(node)} ends at ${box.right | 0}`);
  }
  return found;
}"""

# How much of the height is taken by what does not scroll away.
COVERED = """() => {
  const stays = [...document.querySelectorAll("body *")].filter(node => {
    const { position } = getComputedStyle(node), box = node.getBoundingClientRect();
    return /fixed|sticky/.test(position) && node.checkVisibility({ visibilityProperty: true }) && box.height > 1
      && !node.matches(".panel, .map *, dialog, [popover]") && !node.parentElement.closest(".map, dialog, [popover]");
  });
  const rows = new Set();
  for (const node of stays) {
    const box = node.getBoundingClientRect();
    for (let y = Math.max(0, box.top | 0); y < Math.min(innerHeight, box.bottom); y++) rows.add(y);
  }
  return rows.size / innerHeight;
}"""

# Every field and button, focused in turn, down and up again: which of them lie beneath something that sticks?
BENEATH = """() => {
  const fields = [...document.querySelectorAll("a[href], button, input, select, textarea, summary")].filter(node =>
    !node.disabled && !node.closest(".map, dialog:not([open]), [popover]:not(:popover-open)") && node.checkVisibility({ visibilityProperty: true, opacityProperty: true }));
  const under = [];
  for (const node of [...fields, ...fields.toReversed()]) {
    node.focus();
    if (document.activeElement !== node) continue;
    const box = node.getBoundingClientRect(), x = box.left + Math.min(box.width / 2, innerWidth / 2), y = box.top + Math.min(box.height / 2, 16);
    const top = document.elementFromPoint(x, y);
    if (!top || node.contains(top) || top.contains(node) || top.closest("label")?.control === node) continue;
    const sticks = [...function* (one) { for (; one; one = one.parentElement) yield one; }(top)].find(one => /fixed|sticky/.test(getComputedStyle(one).position));
    if (sticks && !sticks.contains(node)) under.push(`${node.tagName} ${node.name || node.textContent.trim().slice(0, 30)} beneath ${sticks.className}`);
  }
  return [...new Set(under)];
}"""


def stretched(cast: Cast) -> dict[str, Any]:
    """An incident in the middle of its life, every name in it as long as one can be; what the paths need."""
    incident = cast.file(cast.ann, words=f"Lihat {LINK} {NAME}", landmark=NAME)
    cast.take(incident, "claim", cast.hendra)
    cast.take(incident, "ask", cast.hendra, words=f"Apakah ini {LINK}?")
    cast.take(incident, "note", cast.hendra, words=NAME * 2)
    cast.send(incident, cast.hendra, (None, 4))
    fire = cast.run(lambda session: session.exec(select(Agency).where(Agency.code == "DAMKARMAT")).one().id)
    cast.take(incident, "refer", cast.hendra, agency=fire, tier="full")
    other = cast.file(cast.zed, words=NAME, landmark=NAME)
    cast.take(other, "merge", cast.hendra, into=incident.id)
    for n in range(6):
        cast.file(cast.zed, category="TAWURAN_GENG" if n % 2 else "CURANMOR", words=f"motor {NAME}", landmark=NAME)
    pickets(cast)
    said = Draft(f"Waspada {NAME}", f"{LINK} {NAME}", "peringatan", "Medan Maimun", pinned=True)
    bulletin = cast.run(lambda session: publish(session, cast.sari, said).id)

    def rename(session: Session) -> int:
        for table in (Officer, Citizen, Agency, Station):
            for row in session.exec(select(table)):  # type: ignore[call-overload]
                row.name = f"{row.name} {NAME}"[:80]  # type: ignore[attr-defined]
        return session.exec(select(Station.id)).first() or 0

    station = cast.run(rename)
    return {"id": incident.id, "bulletin": bulletin, "station": station, "officer": cast.hendra.id}


@pytest.fixture
def visit(server: Running, cast: Cast, new_page: Callable[..., Page]) -> Callable[..., Page]:
    """visit("sari", "/duty", viewport=…): her page, with its folds open. She goes from one to the next in one tab."""
    tabs: dict[str, Page] = {}

    def open_page(who: str, path: str, **options: Any) -> Page:
        if who not in tabs:
            tabs[who] = new_page(base_url=server.http, reduced_motion="reduce", **options)
            if who:
                name, _, secret = cast.cookies[who].partition("=")
                tabs[who].context.add_cookies([{"name": name, "value": secret, "url": server.http}])
        page = tabs[who]
        answer = page.goto(path)
        assert answer and answer.ok, f"{path}: {answer and answer.status}"
        if "/console?incident" in path:
            expect(page.locator("#panel .below")).to_be_visible()
        page.evaluate("() => document.querySelectorAll('details').forEach(folded => { folded.open = true; })")
        return page

    return open_page


@pytest.mark.parametrize("who", PAGES)
@pytest.mark.parametrize("size", [(320, 256), (1440, 900)], ids=lambda size: f"{size[0]}×{size[1]}")
def test_only_the_map_moves_sideways_and_little_stands_before_the_page(
    cast: Cast, visit: Callable[..., Page], who: str, size: tuple[int, int]
) -> None:
    named, wrong = stretched(cast), {}
    for path in (path.format_map(named) for path in PAGES[who]):
        page = visit(who, path, viewport={"width": size[0], "height": size[1]})
        found = page.evaluate(SIDEWAYS)
        if (covered := page.evaluate(COVERED)) > MOST_COVERED and size[0] == 320:
            found.append(f"{covered:.0%} of the height is covered")
        found += page.evaluate(BENEATH)
        if found:
            wrong[path] = found
    assert wrong == {}


# What one can press or fill in and has no edge of its own; a field may have that of the box around it.
BARE = """() => [...document.querySelectorAll("button, .btn, .chip, .tick, input, select, textarea")].filter(node => {
  const edged = one => { const { outlineStyle, borderStyle } = getComputedStyle(one); return outlineStyle !== "none" || borderStyle !== "none"; };
  return node.checkVisibility({ opacityProperty: true }) && !node.closest(".stepper, .map, .sos-bar") && !edged(node) && !edged(node.closest(".search, .reply, label") ?? node);
}).map(node => node.outerHTML.slice(0, 120))"""

# The drawings of the first two priorities, and marks whose digit has the colour of what it stands on.
MARKS = """() => [1, 2].map(p => [...document.querySelector(`#board .mark[data-p="${p}"]`).children].map(one => one.getAttribute("href") ?? one.getAttribute("d")).join())"""
UNREAD = """() => [...document.querySelectorAll("#board .mark")].filter(mark => {
  const style = getComputedStyle(mark), [fill, ink] = ["fill", "ink"].map(part => style.getPropertyValue(`--mark-${part}`));
  return fill === ink || style.forcedColorAdjust !== "none";
}).map(mark => mark.dataset.p)"""

COLOURS = """() => {
  const canvas = document.querySelector("#map canvas"), seen = new Set();
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  for (let i = 0; i < data.length; i += 4) seen.add(data.slice(i, i + 4).join());
  return seen.size;
}"""


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_in_the_systems_own_contrast_everything_keeps_an_edge(
    cast: Cast, visit: Callable[..., Page], theme: str
) -> None:
    named = stretched(cast)
    own: dict[str, Any] = {"forced_colors": "active", "theme": theme}
    for who, path in (
        ("hendra", "/console?incident={id}"),
        ("hendra", "/incidents/{id}"),
        ("sari", "/duty"),
        ("damkar", "/agency"),
        ("dewi", "/admin/stations"),
    ):
        page = visit(who, path.format_map(named), **own)
        assert page.evaluate(BARE) == [], path

    page = visit("hendra", f"/console?incident={named['id']}", **own)
    ground = "node => getComputedStyle(node).backgroundColor"
    chips = page.locator("#filters [aria-pressed]")
    assert chips.first.evaluate(ground) != chips.nth(1).evaluate(ground)
    expect(page.locator("#map canvas")).to_be_attached()
    page.wait_for_function(f"() => ({COLOURS})() > 1")
    marks = page.evaluate(MARKS)
    assert len(set(marks)) == 2, marks
    assert page.evaluate(UNREAD) == []
    page.locator("#q").focus()
    assert page.evaluate("() => getComputedStyle(document.querySelector('.search')).outlineWidth") == "3px"


CUT = """() => [...document.querySelectorAll(".panel, .panel *")].filter(node => node.checkVisibility()
  && /auto|scroll|hidden|clip/.test(getComputedStyle(node).overflowY) && node.scrollHeight > node.clientHeight + 1
  && !node.matches(".unseen")).map(node => node.className)"""
NOT_PRINTED = ".topbar, .queue, .stage, .panel button, .panel form, .panel img, .panel input, .unarmed, .blind"


@pytest.mark.parametrize("path", ["/console?incident={id}", "/incidents/{id}"])
def test_the_open_incident_is_printed_whole_and_nothing_else(cast: Cast, visit: Callable[..., Page], path: str) -> None:
    named = stretched(cast)
    for n in range(30):
        cast.take(named["id"], "note", cast.hendra, words=f"catatan ke-{n}")
    page = visit("hendra", path.format_map(named))
    page.evaluate("() => document.querySelectorAll('details').forEach(folded => { folded.open = false; })")
    page.emulate_media(media="print")
    said = page.locator("#panel").inner_text()
    number = cast.incident(named["id"]).number
    for words in (number, "Curas / begal / jambret", "Babura", "Ann S.", LINK, "Dirujuk ke", "berangkat", "Apakah ini"):
        assert words in said, words
    assert [n for n in range(30) if f"catatan ke-{n}" not in said] == []
    assert said.count(NAME) >= 5  # the words of the one merged in, too, though they were folded
    assert re.search(r"Dicetak \d+ \w+ \d{4} \d\d:\d\d\sWIB oleh Aipda Hendra Siregar", said), said[:400]
    assert "sisa sampai" not in said and page.locator("#panel time:is(.ago, .left)").filter(visible=True).count() == 0
    assert page.evaluate(CUT) == []
    shown = page.locator(NOT_PRINTED).filter(visible=True)
    assert shown.evaluate_all("found => found.map(node => node.outerHTML.slice(0, 100))") == []
    assert page.evaluate("() => getComputedStyle(document.documentElement).colorScheme") == "light"
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")

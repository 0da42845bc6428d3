"""The citizen's pages at 400 %, with letters of 160 %, and with the spacing of WCAG 1.4.12: nothing moves sideways, little
stands before the page, no word is broken and nothing is cut."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from models.command.bulletin import Draft, publish
from models.incidents.incident import Incident
from tests.browser.test_citizen import Pages, complaints
from tests.browser.test_citizen import phone as phone
from tests.browser.test_fit import BENEATH, COVERED, MOST_COVERED, SIDEWAYS
from tests.browser.test_following import FOLLOWS, press
from tests.support.serving import Cast

ZOOMED, COMMON, SMALL = (
    {"width": 320, "height": 256},
    {"width": 360, "height": 740},
    {"width": 360, "height": 640},
)
PAGES = {
    "": ["/", "/sign-in", "/sign-up", "/complaints/new", "/bulletins", "/bulletins/{bulletin}", "/offline", "/nowhere"],
    "ann": [
        "/", "/complaints", "/complaints/new", "/complaints/new?category=DARURAT_NYAWA", "/account",
        "/complaints/{urgent}", "/complaints/{out}", "/complaints/{over}",
    ],
    "bob": ["/", "/complaints/new"],
    "quiet": ["/", "/complaints/new", "/complaints/{urgent}", "/complaints/{over}"],
}  # fmt: skip
STYLE = """css => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  document.adoptedStyleSheets = [sheet];
}"""
LETTERS = {
    "letters of 160 %": ":root { font-size: 160% !important; }",
    "spaced": "* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }",
}

# Words that go over two lines, and boxes whose text is cut or spills.
CUT = r"""() => {
  const found = new Set(), walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), range = document.createRange();
  for (let text; (text = walker.nextNode());) {
    if (!text.parentElement.checkVisibility({ visibilityProperty: true }) || text.parentElement.closest("script, style, svg, textarea, option, .unseen, .map, .here-map")) continue;
    for (const word of text.data.matchAll(/[\p{L}\p{N}]{2,}/gu)) {
      range.setStart(text, word.index);
      range.setEnd(text, word.index + word[0].length);
      if (new Set([...range.getClientRects()].map(({ top }) => Math.round(top / 4))).size > 1) found.add(`broken: ${word[0]}`);
    }
  }
  for (const node of document.querySelectorAll("body *")) {
    if (!node.textContent.trim() || !node.checkVisibility({ visibilityProperty: true }) || node.closest("svg, .unseen, .map, .here-map") || node.matches("textarea, select")) continue;
    const { overflowX, overflowY, display } = getComputedStyle(node), name = `${node.tagName}.${node.className} ${node.textContent.trim().slice(0, 30)}`;
    if (display === "inline" || !node.clientWidth) continue;
    const wide = node.scrollWidth > node.clientWidth + 1, high = node.scrollHeight > node.clientHeight + 1;
    if (wide && /hidden|clip/.test(overflowX) || high && /hidden|clip/.test(overflowY)) found.add(`cut: ${name}`);
    else if ((wide || high) && node.matches("a, button, label, summary, .tile")) found.add(`spills: ${name}`);
  }
  return [...found];
}"""


@pytest.fixture
def named(cast: Cast) -> dict[str, object]:
    """What the paths need."""
    said = Draft("Waspada banjir di bantaran Sungai Deli", "Naikkan barang.", "peringatan", "Medan Maimun", pinned=True)
    bulletin = cast.run(lambda session: publish(session, cast.sari, said).id)
    urgent = cast.file(category="DARURAT_NYAWA", words="Respons Cepat ditekan, tanpa kata.", landmark="")
    out = cast.file()
    cast.take(out, "claim", cast.hendra)
    cast.take(out, "ask", cast.hendra, words="Aman?")
    cast.send(out, cast.hendra, (None, 3))
    over = finished(cast)
    refs = {complaint.incident_id: complaint.ref for complaint in complaints(cast)}
    return {"bulletin": bulletin, "urgent": refs[urgent.id], "out": refs[out.id], "over": refs[over.id]}


def finished(cast: Cast) -> Incident:
    """Over, and asked to be rated."""
    over = cast.take(cast.file(), "claim", cast.hendra)
    return cast.take(over, "resolve", cast.hendra, outcome="handled")


def visits(phone: Pages, who: str, named: dict[str, object]) -> Iterator[tuple[str, Page]]:
    """Each page with its folds open."""
    page = phone("ann" if who == "quiet" else who, reduced_motion="reduce")
    if who == "quiet":
        page.goto("/")
        page.locator("[name=quiet]").click()
    for path in PAGES[who]:
        page.set_viewport_size(ZOOMED)
        page.goto(path.format_map(named))
        page.evaluate("() => document.querySelectorAll('details').forEach(folded => { folded.open = true; })")
        yield path, page


@pytest.mark.parametrize("who", PAGES)
def test_at_400_percent_and_in_large_letters_all_of_a_page_is_there(
    phone: Pages, named: dict[str, object], who: str
) -> None:
    wrong: dict[str, list[str]] = {}
    for path, page in visits(phone, who, named):
        found = page.evaluate(SIDEWAYS) + page.evaluate(BENEATH)
        if (covered := page.evaluate(COVERED)) > MOST_COVERED:
            found.append(f"{covered:.0%} of the height is covered")
        page.set_viewport_size(COMMON)
        for name, css in LETTERS.items():
            page.evaluate(STYLE, css)
            found += [f"{name}: {fault}" for fault in page.evaluate(SIDEWAYS) + page.evaluate(CUT)]
        if found:
            wrong[path] = found
    assert wrong == {}


def test_after_a_press_the_way_to_say_where_stays_in_sight(phone: Pages) -> None:
    page = phone(None, viewport=SMALL, service_workers="block")
    page.goto("/")
    press(page)
    page.wait_for_url(FOLLOWS)
    page.mouse.up()
    button = page.get_by_role("button", name="Kirim lokasi saya")
    expect(button).to_be_in_viewport(ratio=1)
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    expect(button).to_be_in_viewport(ratio=1)
    assert page.evaluate(COVERED) <= MOST_COVERED
    assert page.evaluate(BENEATH) == []


# What is focused in the rating and lies, by a part of its box, beneath something that sticks; and 110, if it is not whole.
UNDER = """() => {
  const found = [], box = node => node.getBoundingClientRect();
  const sticky = [...document.querySelectorAll("body *")].filter(node => /fixed|sticky/.test(getComputedStyle(node).position) && box(node).height > 1);
  const fields = [...document.querySelectorAll("#rating :is(input:not([type=hidden]), textarea, button), .reopen :is(textarea, button)")];
  for (const node of [...fields, ...fields.toReversed()]) {
    node.focus();
    const own = box(node.closest(".grade") ?? node);
    for (const one of sticky)
      if (own.top < box(one).bottom - 1 && own.bottom > box(one).top + 1) found.push(`${node.name || node.textContent.trim()} under ${one.className}`);
    const call = box(document.querySelector('a[href="tel:110"]'));
    const hit = document.elementFromPoint(call.x + call.width / 2, call.y + call.height / 2);
    if (call.top < 0 || call.bottom > innerHeight || !hit?.closest('a[href="tel:110"]')) found.push(`no 110 at ${node.name}`);
  }
  return found;
}"""


@pytest.mark.parametrize("quiet", [False, True], ids=["plain", "quiet"])
def test_the_rating_at_400_percent_lies_beside_110_and_not_beneath_it(phone: Pages, cast: Cast, quiet: bool) -> None:
    finished(cast)
    page = phone("ann", viewport=ZOOMED, reduced_motion="reduce")
    if quiet:
        page.goto("/")
        page.locator("[name=quiet]").click()
    page.goto(f"/complaints/{complaints(cast)[-1].ref}")
    page.evaluate("() => document.querySelectorAll('details').forEach(folded => { folded.open = true; })")
    expect(page.locator("#rating .grade input")).to_have_count(5)
    assert page.evaluate(UNDER) == []
    page.locator("#rating").scroll_into_view_if_needed()
    assert page.evaluate(COVERED) <= MOST_COVERED
    page.get_by_label("4 Baik").check()  # pressed by a finger where it stands

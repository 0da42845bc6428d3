"""A hundred names on a page: what is typed leaves those that fit, whoever is ticked stays, and paper holds what the screen held."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.test_handover import at, evening
from tests.support.house import Running
from tests.support.rosters import enrol
from tests.support.serving import Cast


def test_a_list_of_names_is_narrowed_by_typing(new_page: Callable[..., Page], cast: Cast, server: Running) -> None:
    enrol(cast, cast.dewi, "B", tuple((station, "Samapta") for station in range(1, 6)))
    enrol(cast, cast.dewi, "C", ((1, "Lantas"),))
    members = at(new_page, server, cast.cookies["dewi"], path="/admin/members", lamp=False)
    rows = members.locator("#members tbody tr:visible")
    expect(rows).to_have_count(6)
    members.get_by_label("Cari nama, pos, fungsi").fill("lantas c")
    expect(rows).to_have_count(1)
    expect(members.locator(".names [role=status]")).to_have_text("1")

    opening = at(new_page, server, cast.cookies["sari"], path="/duty/shifts/new?regu=B", lamp=False)
    who = opening.locator(".who label:has([name=member]):visible")
    expect(who).to_have_count(6)
    opening.get_by_label("Cari nama, pos, fungsi").fill("lantas")
    expect(who).to_have_count(6)  # five of regu B are ticked, and the one that was looked for
    opening.get_by_role("checkbox", name="B 0").uncheck()
    opening.get_by_label("Cari nama, pos, fungsi").press_sequentially("c")
    opening.get_by_label("Cari nama, pos, fungsi").press("Enter")
    expect(who).to_have_count(4)
    assert opening.url.endswith("regu=B")


def test_a_handover_on_paper_has_all_of_its_columns(new_page: Callable[..., Page], cast: Cast, server: Running) -> None:
    evening(cast, 3)
    page = at(new_page, server, cast.cookies["sari"])
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 794, "height": 1123})
    row = page.locator("#handed li.handed").last
    widths = row.evaluate("row => [...row.children].map(cell => cell.getBoundingClientRect().width)")
    assert min(widths[1:]) > 50, widths  # a word fits

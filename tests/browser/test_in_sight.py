"""What needs a hand is on the screen: the next step and the menu of the others, however much there is to read above them."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import Session, select

from models.city.agency import Agency
from models.incidents.incident import Incident
from tests.support.serving import Cast

Open = Callable[..., Page]
LONG = " dan Penanggulangan Keadaan Darurat Terpadu Kota Medan dan Sekitarnya"
OVERLAP = """() => {
  const boxes = [...document.querySelectorAll("#panel .referrals > li, #panel .referrals .confer-say, #panel .referrals summary")];
  const over = (a, b) => a.bottom > b.top + 1 && b.bottom > a.top + 1;
  return boxes.flatMap((one, n) => boxes.slice(n + 1).filter(two => !one.contains(two) && !two.contains(one)
    && over(one.getBoundingClientRect(), two.getBoundingClientRect())).map(two => `${one.className} ${two.className}`));
}"""
REACHED = """node => {
  const box = node.getBoundingClientRect(), top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
  return box.top >= 0 && box.bottom <= innerHeight && box.height > 10 && (node.contains(top) || top.contains(node));
}"""


def referred(cast: Cast, *more: Any) -> Incident:
    """Two partners, one of whom wrote; several reporters who said much."""
    fire = cast.file(category="KEBAKARAN", words="Api besar di gudang belakang, banyak anak kos di lantai dua. " * 6)
    cast.take(fire, "claim", cast.hendra)
    for other in range(3):
        like = cast.file(cast.zed, category="KEBAKARAN", words=f"Rumah terbakar {other}, apinya dari belakang. " * 4)
        cast.take(like, "merge", cast.hendra, into=fire.id)

    def rename(session: Session) -> None:
        for row in session.exec(select(Agency)):
            row.name = f"{row.name}{LONG}"[:80]

    cast.run(rename)
    for partner in (cast.damkar, cast.bnpt):
        cast.take(fire, "refer", cast.hendra, agency=partner.agency_id, tier="summary")
        cast.take(fire, "accept", partner)
    cast.take(fire, "respond", cast.damkar, words="Jalan masuk mobil tangga dari mana?")
    return fire


@pytest.mark.parametrize("size", [(1440, 900), (1920, 1080)], ids=lambda size: f"{size[0]}×{size[1]}")
def test_the_next_step_and_the_menu_are_in_sight_and_referrals_lie_over_nothing(
    cast: Cast, console: Open, size: tuple[int, int]
) -> None:
    fire = referred(cast)
    page = console("hendra", fire.id)
    page.set_viewport_size({"width": size[0], "height": size[1]})
    act = page.locator("#panel .act .btn--big")
    for step in ("dispatch", "arrive"):
        expect(act).to_have_attribute("data-key", "d" if step == "dispatch" else "t")
        expect(page.locator("#panel .referrals .bubble")).to_be_visible()  # what nobody has read stands open
        assert page.evaluate(OVERLAP) == []
        for y in (0, 10_000):
            page.locator("#panel").evaluate("(panel, y) => panel.scrollTo(0, y)", y)
            assert act.evaluate(REACHED), (step, y)
        page.keyboard.press(".")
        first = page.locator("#panel .menu .menu-item:visible").first
        assert first.evaluate(REACHED) and page.locator("#panel .menu .menu-item:visible").last.evaluate(REACHED)
        page.keyboard.press("Escape")
        page.locator("#panel .referrals summary").nth(1).click()
        if step == "dispatch":
            cast.send(fire, cast.hendra, *[(id, 1) for id in (1, 2, 3, 4, 5)])

"""The numbers of a day on a screen, on a phone, and on one sheet of paper."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.support.house import Running
from tests.support.serving import Cast
from tests.web.test_figures import TODAY

Pages = Callable[..., Page]


def opened(new_page: Pages, cast: Cast, server: Running, path: str, size: str, theme: str = "light") -> Page:
    page = new_page(size, theme=theme, base_url=server.http, bypass_csp=True)  # axe writes styles of its own
    name, _, secret = cast.cookies["sari"].partition("=")
    page.context.add_cookies([{"name": name, "value": secret, "url": server.http}])
    page.goto(path)
    return page


@pytest.mark.parametrize(("size", "theme"), [("console", "dark"), ("phone", "light")])
def test_they_stay_on_the_screen_and_everybody_can_read_them(
    new_page: Pages, cast: Cast, server: Running, violations: Callable[[Page], list[str]], size: str, theme: str
) -> None:
    for _ in range(5):
        cast.take(cast.take(cast.file(), "claim", cast.hendra), "resolve", cast.hendra, outcome="handled")
    cast.file(category="KERIBUTAN")
    for path in (f"/duty/figures?of=month&on={TODAY}", f"/duty/report?on={TODAY}"):
        page = opened(new_page, cast, server, path, size, theme)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        assert violations(page) == []


def test_the_daily_report_is_one_sheet(new_page: Pages, cast: Cast, server: Running) -> None:
    for category in ("CURAS_BEGAL", "CURANMOR", "KERIBUTAN", "PENIPUAN", "LAKA"):
        cast.file(category=category)
    page = opened(new_page, cast, server, f"/duty/report?on={TODAY}", "console")
    paper = page.pdf(prefer_css_page_size=True)
    assert b"/Count 1" in paper and b"/Count 2" not in paper

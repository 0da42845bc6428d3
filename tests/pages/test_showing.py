"""No page is rendered on the loop: while one is made, frames and other answers go out."""

import threading
from typing import Any

import pytest

from console.pages.render import Pages
from tests.support.town import Town, ref_of

PAGES = {
    "anyone": ("/", "/complaints/new", "/sign-in", "/sign-up", "/bulletins", "/wall", "/offline"),
    "ann": ("/", "/complaints", "/complaints/new", "/complaints/{ref}", "/account"),
    "hendra": ("/console", "/incidents", "/incidents/new", "/incidents/1", "/strikes", "/me", "/bulletins"),
    "sari": ("/duty", "/duty/server", "/duty/walls", "/duty/looks", "/ratings", "/bulletins/new"),
    "dewi": ("/admin", "/admin/stations", "/admin/messages", "/admin/retention", "/admin/keys"),
}


def test_every_page_is_rendered_by_a_reader(sqlite_town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    ref, rendered = ref_of(sqlite_town.ann.file()), list[str]()
    page = Pages.page

    def watched(self: Pages, *given: Any, **named: Any) -> Any:
        rendered.append(threading.current_thread().name)
        return page(self, *given, **named)

    monkeypatch.setattr(Pages, "page", watched)
    for who, urls in PAGES.items():
        for url in urls:
            rendered.clear()
            assert getattr(sqlite_town, who).get(url.format(ref=ref)).status_code == 200, url
            assert [name.partition("_")[0] for name in rendered] == ["reader"], url

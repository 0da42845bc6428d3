"""No page is rendered on the loop: while one is made, frames and other answers go out."""

import threading
from pathlib import Path
from typing import Any

import pytest
from markupsafe import Markup

from console.pages.render import Pages
from console.pages.words import WORDS, worded_once
from tests.support.serving import Cast, browser, in_thread
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


def test_a_server_that_listens_has_its_cards_already(
    cast: Cast, tmp_path: Path, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Everybody whom a restart threw out asks for the first console after it."""
    cast.file()
    card, rendered, render = "incidents/_card.html", list[str](), Pages.render

    def watched(self: Pages, template: str, *given: Any, **named: Any) -> str:
        rendered.append(template)
        return render(self, template, *given, **named)

    monkeypatch.setattr(Pages, "render", watched)
    with in_thread(cast, tmp_path, redis_url) as server, browser(server, cast.cookies["hendra"]) as hendra:
        assert card in rendered
        rendered.clear()
        assert 'id="incident-' in hendra.get("/console").text
        assert card not in rendered


def test_a_template_says_each_sentence_safely_however_often() -> None:
    """As `jinja2.ext.i18n` does: values are escaped, percent signs are percent signs, and a second time is the same."""
    _ = worded_once(WORDS["en"])
    for _time in range(2):
        assert _("%(n)s personel", n="<4>") == "&lt;4&gt; personnel"
        assert _("100%% & lebih") == "100% & lebih"
        assert isinstance(_("Kirim"), Markup)

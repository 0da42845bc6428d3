"""Mode senyap: whatever a reporter can open, and whatever goes wrong there, names neither us nor the police."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from httpx2 import Response

from console.app import sitemap
from console.pages.plain import PLACED, RULES, plain
from console.pages.words import LOCALES, WORDS
from models.incidents.incident import Incident
from tests.support.town import HASHED, Town, Visitor, ref_of

PO = Path(__file__).parents[2] / "console/locale/en/LC_MESSAGES/siaga.po"
TELLS = re.compile(
    r"\b(siaga|110|polisi|petugas\w*|piket|lapor\w*|melapor\w*|pelapor\w*|polres\w*|polsek|spkt|pengawas|personel|"
    r"police|officers?|reports?|reported|supervisors?)\b",
    re.IGNORECASE,
)
HELD = {"category": "DARURAT_NYAWA", "held": "yes", "idempotency_key": "a press of this phone alone, 32 letters"}
NOT_THEIRS = (
    "/console", "/incidents", "/duty", "/admin", "/agency", "/wall", "/me", "/map", "/handed", "/house", "/strikes", "/ratings",
    "/r/", "/first/", "/evidence", "/static", "/metrics", "/health", "/ready", "/bulletins/new", "/account/export", "/live",
)  # fmt: skip
VOID = {"br", "hr", "img", "input", "link", "meta", "source", "use", "path", "circle", "rect", "line"}
SAID = ("title", "aria-label", "alt", "placeholder", "content")


class Seen(HTMLParser):
    """What may be read or heard: text, names and descriptions, and what scripts say later; not what the mode hides."""

    def __init__(self, page: str):
        super().__init__()
        self.words: list[str] = []
        self._hidden: list[bool] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        off = any(self._hidden) or tag in ("script", "style", "symbol") or "loud" in (given.get("class") or "").split()
        if not off:
            self.words += [value or "" for name, value in attrs if name in SAID or name.startswith("data-")]
        if tag == "use":
            self.words.append("siaga" if "#brand" in (given.get("href") or "") and not off else "")
        if tag not in VOID:
            self._hidden.append(off)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID and self._hidden:
            self._hidden.pop()

    def handle_data(self, data: str) -> None:
        if not any(self._hidden):
            self.words.append(data)


def telling(answer: Response) -> list[str]:
    if "text/html" not in answer.headers.get("content-type", ""):
        return []
    text = "\n".join(Seen(answer.text).words)
    return [text[max(0, found.start() - 40) : found.end() + 20].strip() for found in TELLS.finditer(text)]


def urls(ref: str) -> Iterator[str]:
    for route in sitemap():
        path = getattr(route, "path", "")
        if "GET" in (getattr(route, "methods", None) or ()) and not path.startswith(NOT_THEIRS):
            yield path.replace("{ref}", ref).replace("{id:int}", "1")


@pytest.fixture
def hushed(sqlite_town: Town) -> Town:
    for visitor in (sqlite_town.ann, sqlite_town.bob, sqlite_town.anyone):
        visitor.post("/quiet", data={"quiet": "yes"})
    return sqlite_town


def walked(visitor: Visitor, ref: str) -> dict[str, list[str]]:
    return {url: found for url in urls(ref) if (found := telling(visitor.get(url)))}


def test_no_page_of_a_reporters_or_the_publics_tells(hushed: Town) -> None:
    ref = ref_of(hushed.ann.file(words="Motor saya hilang"))
    assert walked(hushed.ann, ref) == walked(hushed.bob, ref) == walked(hushed.anyone, ref) == {}
    incident: Incident = hushed.incident_of(ref)
    for step, given in (
        ("claim", {}), ("ask", {"words": "Aman?"}), ("resolve", {"outcome": "settled"}),
    ):  # fmt: skip
        hushed.act(ref, step, hushed.hendra, **given)
        assert telling(hushed.ann.get(f"/complaints/{ref}")) == [], step
    hushed.ann.post(f"/complaints/{ref}/reply", data={"words": "Belum"})
    assert telling(hushed.ann.get(f"/complaints/{ref}")) == []
    assert incident.quiet


@pytest.mark.parametrize("at", [{}, {"lat": "3.5796", "lon": "98.6585"}, {"lat": "3.6", "lon": "98.48"}])
def test_a_press_and_its_page_tell_nothing(hushed: Town, at: dict[str, str]) -> None:
    answer = hushed.anyone.post("/complaints", data={**HELD, **at}, headers={"HX-Request": "true"})
    ref = answer.headers["hx-redirect"].removeprefix("/complaints/")
    page = hushed.anyone.get(f"/complaints/{ref}")
    assert page.status_code == 200 and telling(page) == []
    if not at:  # in sight, and not in a fold that looks like her own words
        assert "Tempat belum ada: tulis" in page.text[: page.text.index('id="calm-all"')]


def test_no_error_tells(hushed: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    ann, anyone = hushed.ann, hushed.anyone

    async def fall(*_: object) -> None:
        raise RuntimeError

    answers = [anyone.get("/nosuch"), ann.get("/complaints/0000-0000"), anyone.get("/quiet")]
    answers += [ann.post("/complaints", data={}), ann.post("/complaints", data={"words": "x" * 30_000_000})]
    answers += [ann.post("/complaints", data={}, headers={"HX-Request": "true"})]
    answers += [anyone.post("/sign-in", data={"login": "081265550001", "password": HASHED}) for _ in range(30)]
    answers += [hushed.bob.post("/complaints", data={**HELD})]
    monkeypatch.setattr("console.web.citizen.home.drafts.waits", fall)
    hushed.client._transport.raise_server_exceptions = False  # type: ignore[attr-defined]
    answers += [ann.get("/")]
    assert {404, 405, 413, 422, 429, 500} <= {answer.status_code for answer in answers}
    assert [found for answer in answers for found in telling(answer)] == []


def test_the_offline_page_has_its_other_face_and_a_desk_keeps_its_own(hushed: Town) -> None:
    assert telling(hushed.client.get("/offline?quiet=yes")) == []
    assert telling(hushed.client.get("/offline"))
    hushed.sari.post("/quiet", data={"quiet": "yes"})
    assert "Siaga" in hushed.sari.get("/duty").text


@pytest.mark.parametrize("locale", LOCALES)
def test_no_sentence_of_the_catalogue_tells_once_it_is_plain(locale: str) -> None:
    """Whoever writes a new one need not think of it: what names us is replaced, or this is red."""
    with PO.open("rb") as file:
        told = [(one.id, one.string)[locale == "en"] for one in read_po(file, locale="en") if one.id]
    sentences = [words for one in told for words in ((one,) if isinstance(one, str) else one)]
    assert len(sentences) > 1000
    spoken = [" ".join(PLACED.split(plain(locale, words))[::2]) for words in sentences]
    assert [words for words in spoken if TELLS.search(words)] == []


@pytest.mark.parametrize("locale", LOCALES)
def test_what_is_filled_in_keeps_its_name(locale: str) -> None:
    assert plain(locale, "%(reports)s report: {petugas}, 110")[:11] == "%(reports)s" and "{petugas}" in plain(
        locale, "{petugas}"
    )
    assert RULES.keys() == WORDS.keys()

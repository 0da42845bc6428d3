"""Bulletins: who writes them, when they are shown, in which order, and the feed; and what makes the pages an app."""

import re
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from sqlmodel import select

from console.pages.bundles import SCRIPTS, SHEETS, parts
from console.pages.statics import NOTES, asset
from console.server.program import VERSION
from console.settings import HERE
from models.command.bulletin import Bulletin
from models.record.event import Event
from models.time import now
from tests.support.town import Town, jpeg, ref_of

ATOM = "{http://www.w3.org/2005/Atom}"
PAGES = sorted((HERE / "templates").rglob("*.html"))
SAID = {"title": "Patroli malam", "words": "Sabtu ini\ndi Babura", "kind": "kegiatan"}


def publish(town: Town, picture: bytes = b"", **changed: str) -> str:
    files = {"picture": ("a.jpg", picture, "image/jpeg")} if picture else None
    answer = town.sari.post("/bulletins", data={**SAID, **changed}, files=files)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def titles(page: str) -> list[str]:
    return [part.partition("<b>")[2].partition("</b>")[0] for part in page.split('id="bulletin-')[1:]]


def test_a_bulletin_is_public_and_every_change_is_an_event(town: Town) -> None:
    url = publish(town)
    for who in (town.anyone, town.ann, town.hendra):
        assert "Patroli malam" in who.get("/").text
        assert "di Babura" in who.get(url).text
    assert town.sari.post(f"{url}/edit", data=SAID | {"title": "Patroli <pagi>"}).status_code == 303
    assert "Patroli &lt;pagi&gt;" in town.anyone.get(url).text
    assert town.sari.post(f"{url}/withdraw").status_code == 303
    assert town.anyone.get(url).status_code == 404 and "Patroli" not in town.anyone.get("/").text
    assert "Ditarik" in town.sari.get("/bulletins").text
    assert town.sari.post(f"{url}/edit", data=SAID).status_code == 409
    events = town.read(lambda s: s.exec(select(Event).where(Event.by_id == town.sari.id).order_by(Event.seq)).all())
    assert [event.step for event in events] == ["publish", "rewrite", "withdraw"]
    assert events[1].body["title"] == "Patroli <pagi>" and events[0].body["kind"] == "kegiatan"


def test_only_supervisors_write(sqlite_town: Town) -> None:
    for who in (sqlite_town.ann, sqlite_town.hendra, sqlite_town.dewi):
        assert who.post("/bulletins", data=SAID).status_code == 403
    assert titles(sqlite_town.anyone.get("/bulletins").text) == []


def test_it_is_shown_while_its_time_lasts(town: Town) -> None:
    url = publish(town, since="2099-01-01T08:00", until="2099-01-02T08:00")
    assert town.anyone.get(url).status_code == 404 and "Terjadwal" in town.sari.get(url).text
    assert titles(town.anyone.get("/").text) == titles(town.anyone.get("/bulletins").text) == []
    assert "2099-01-01T08:00" in town.sari.get(f"{url}/edit").text  # in the command's own time
    id = int(url.rpartition("/")[2])
    during, over = now() - timedelta(hours=1), now() - timedelta(minutes=1)

    def move(**moments: Any) -> None:
        town.write(lambda s: [setattr(s.get_one(Bulletin, id), name, at) for name, at in moments.items()] and None)

    move(since=during, until=now() + timedelta(hours=1))
    assert town.anyone.get(url).status_code == 200
    assert titles(town.anyone.get("/").text) == ["Patroli malam"]
    move(until=over)
    assert town.anyone.get(url).status_code == 404 and titles(town.anyone.get("/").text) == []


def test_the_pinned_come_first_then_my_district_then_the_newest(sqlite_town: Town) -> None:
    town = sqlite_town
    publish(town, title="mine", district="Medan Baru")
    publish(town, title="pinned", pinned="yes")
    for n in range(6):
        publish(town, title=f"news {n}")
    assert titles(town.ann.get("/").text) == ["pinned", "news 5", "news 4", "news 3", "news 2"]
    ref_of(town.ann.file())
    assert titles(town.ann.get("/").text) == ["pinned", "mine", "news 5", "news 4", "news 3"]
    assert len(titles(town.anyone.get("/bulletins").text)) == 8


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"title": " "}, "Tulis judulnya."),
        ({"words": ""}, "Tulis isinya."),
        ({"kind": "iklan"}, "Pilih jenis pengumuman."),
        ({"district": "Menteng"}, "Pilih kecamatan."),
        ({"until": "2000-01-01T00:00"}, "Akhirnya harus setelah mulainya."),
        ({"since": "besok"}, "Tanggal ini tidak terbaca."),
        ({"title": "x" * 121}, "Paling banyak 120 huruf."),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(sqlite_town: Town, changed: dict[str, str], says: str) -> None:
    answer = sqlite_town.sari.post("/bulletins", data=SAID | {"alt": "sudah diketik"} | changed)
    assert answer.status_code == 422 and says in answer.text and "sudah diketik" in answer.text
    assert titles(sqlite_town.anyone.get("/bulletins").text) == []


def test_a_picture_needs_its_words_and_loses_its_metadata(sqlite_town: Town) -> None:
    town, file = sqlite_town, {"picture": ("a.jpg", jpeg(), "image/jpeg")}
    wordless = town.sari.post("/bulletins", data=SAID, files=file).text
    assert "terlihat di gambar" in wordless and "Gambarnya belum ikut" in wordless  # no browser puts a file back
    assert "Gambarnya belum ikut" not in town.sari.post("/bulletins", data=SAID | {"title": ""}).text
    bad = {"picture": ("a.jpg", b"no picture", "image/jpeg")}
    assert "tidak terbaca" in town.sari.post("/bulletins", data=SAID | {"alt": "x"}, files=bad).text
    url = publish(town, jpeg(), alt="Mobil patroli")
    shown = town.anyone.get(f"{url}/picture")
    assert (shown.status_code, shown.headers["content-type"]) == (200, "image/webp")
    assert shown.headers["cache-control"].startswith("public")
    assert 'alt="Mobil patroli"' in town.anyone.get(url).text
    town.sari.post(f"{url}/edit", data=SAID | {"alt": "Mobil patroli"})
    assert town.anyone.get(f"{url}/picture").status_code == 200  # left alone, it stays
    town.sari.post(f"{url}/edit", data=SAID | {"without": "yes"})
    assert town.anyone.get(f"{url}/picture").status_code == 404


def test_the_feed_is_valid_and_may_be_kept(sqlite_town: Town) -> None:
    town = sqlite_town
    empty = ElementTree.fromstring(town.anyone.get("/bulletins.atom").text)
    assert empty.find(f"{ATOM}updated") is not None
    publish(town, title="A & B \x01<c>", words=']]> & "kata"')
    publish(town, title="kedua")
    answer = town.anyone.get("/bulletins.atom")
    assert answer.headers["content-type"].startswith("application/atom+xml")
    assert answer.headers["cache-control"] == "public, max-age=300" and "set-cookie" not in answer.headers
    feed = ElementTree.fromstring(answer.text)
    for needed in ("id", "title", "updated", "author"):
        assert feed.find(f"{ATOM}{needed}") is not None
    entries = feed.findall(f"{ATOM}entry")
    assert [entry.findtext(f"{ATOM}title") for entry in entries] == ["kedua", "A & B <c>"]
    assert entries[1].findtext(f"{ATOM}content") == ']]> & "kata"'
    for entry in entries:
        assert entry.findtext(f"{ATOM}id", "").startswith("http") and entry.findtext(f"{ATOM}updated", "").endswith("Z")
    since = {"If-Modified-Since": answer.headers["last-modified"]}
    assert town.anyone.get("/bulletins.atom", headers=since).status_code == 304


# An app on a phone


def test_the_manifest_makes_it_installable(sqlite_town: Town) -> None:
    answer = sqlite_town.anyone.get("/manifest.webmanifest")
    manifest = answer.json()
    assert answer.headers["content-type"] == "application/manifest+json"
    assert (manifest["start_url"], manifest["display"], manifest["short_name"]) == ("/", "standalone", "Siaga")
    assert {(icon["sizes"], icon["purpose"]) for icon in manifest["icons"]} == {
        ("192x192", "any"), ("512x512", "any"), ("512x512", "maskable"),
    }  # fmt: skip
    for icon in manifest["icons"]:
        picture = sqlite_town.anyone.get(icon["src"])
        assert picture.headers["content-type"] == "image/png" and len(picture.content) < 10_000


def test_the_offline_page_holds_nothing_of_anybody(sqlite_town: Town) -> None:
    ref = ref_of(sqlite_town.ann.file())
    page = sqlite_town.ann.get("/offline").text
    assert "Tidak ada sinyal" in page and ref not in page and "Ann" not in page


def test_the_worker_is_a_new_one_for_every_program(sqlite_town: Town) -> None:
    answer = sqlite_town.anyone.get("/service-worker.js")
    assert VERSION in answer.text and answer.headers["cache-control"] == "no-cache"


def test_static_files_are_kept_for_ever_under_their_version_only(sqlite_town: Town) -> None:
    get = sqlite_town.anyone.get
    assert get(asset("js/page.js")).headers["cache-control"] == "public, max-age=31536000, immutable"
    old = get("/static/v-000000000000/js/page.js")
    assert old.status_code == 200 and old.headers["cache-control"] == "public, no-cache"
    plain = get("/static/js/page.js")
    assert plain.headers["cache-control"] == "public, no-cache"
    again = get("/static/js/page.js", headers={"If-None-Match": plain.headers["etag"]})
    assert again.status_code == 304 and again.headers["cache-control"] == "public, no-cache"
    assert get("/static/v-000000000000/../../README.md").status_code == 404
    assert get(f"/static/v-{VERSION}/nothing.js").status_code == 404


def test_a_bundle_is_its_files_packed_or_plain(sqlite_town: Town) -> None:
    url = asset("bundles/guard.css")
    packed = sqlite_town.anyone.get(url)
    plain = sqlite_town.anyone.get(url, headers={"accept-encoding": "identity"})
    assert (packed.headers.get("content-encoding"), plain.headers.get("content-encoding")) == ("gzip", None)
    assert packed.headers["vary"] == plain.headers["vary"] == "Accept-Encoding"
    assert packed.text == plain.text
    sheets = [NOTES.sub("", (HERE / "static" / part).read_text()) for part in parts("bundles/guard.css")]
    assert plain.text.split() == " ".join(sheets).split()


def test_every_bundle_is_asked_for_and_every_file_of_one_exists() -> None:
    asked = {name for page in PAGES for name in re.findall(r"asset\('(bundles/[^']+)'\)", page.read_text())}
    assert asked == {*SHEETS, *SCRIPTS}
    files = {part for bundle in asked for part in parts(bundle)}
    assert [part for part in files if not (HERE / "static" / part).is_file()] == []


def test_no_page_asks_for_many_scripts() -> None:
    """Sixty round trips stood between an officer at the end of a slow line and the first alarm."""
    assert [
        page.name for page in PAGES if len(re.findall(r"<script (?!type=.module)[^>]*src", page.read_text())) > 2
    ] == []


def test_no_page_names_a_static_file_without_its_version() -> None:
    bare = [path.name for path in PAGES if '"/static/' in path.read_text()]
    assert bare == []

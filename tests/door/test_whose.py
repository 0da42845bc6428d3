"""A page made for one account and sent under another does nothing, says so, and gives back what was typed."""

import re
import secrets
from base64 import b64encode
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from httpx2 import Response

from console.door.whose import marked
from models.people.officers import Officer
from models.people.sessions import sign_in
from tests.support.town import PASSWORD, REPORT, Town, Visitor, jpeg, ref_of, town_of

PLAIN = re.compile(r'<form\b(?=[^>]*\smethod="post")(?![^>]*\shx-post=)[^>]*>(.{0,80})', re.S)
SEAL = re.compile(r'data-seal="([0-9a-f]{64})"')
MARK = re.compile(r'data-whose="([0-9a-f]{16})"')


@pytest.fixture
def sqlite_town(tmp_path: Path, sqlite_url: str, redis_url: str) -> Iterator[Town]:
    with town_of(tmp_path / "data", sqlite_url, redis_url) as town:
        yield town


def whose(page: Response) -> str:
    found = MARK.search(page.text)
    return found[1] if found else ""


def written(by: Visitor, **more: str) -> dict[str, str]:
    """As the form sends it: the mark first."""
    mark = whose(by.get("/complaints/new"))
    return ({"whose": mark} if mark else {}) | REPORT | {"idempotency_key": secrets.token_hex(16)} | more


def test_what_one_half_wrote_is_never_filed_as_anothers(town: Town) -> None:
    said = written(town.ann)
    answer = town.zed.post("/complaints", data=said)
    assert answer.status_code == 409 and town.complaints() == []
    assert "Tidak ada yang terkirim" in answer.text and said["description"] in answer.text
    assert ref_of(town.ann.post("/complaints", data=said))


@pytest.mark.parametrize("size", [1, 200_000])
def test_nor_with_photos_whatever_their_size(sqlite_town: Town, size: int) -> None:
    photo = {"photo": ("a.jpg", jpeg() + b"0" * size, "image/jpeg")}
    answer = sqlite_town.zed.post("/complaints", data=written(sqlite_town.ann), files=photo)
    assert answer.status_code == 409 and sqlite_town.complaints() == []
    store = Path(sqlite_town.client.app_state["settings"].data_dir) / "evidence"
    assert [path for path in store.rglob("*") if path.is_file() and path.stat().st_size > size] == []


def test_who_was_signed_out_meanwhile_finds_it_behind_the_door_and_nobody_else_does(sqlite_town: Town) -> None:
    town = sqlite_town
    said, phone = written(town.ann), Visitor(town.client)
    assert phone.post("/complaints", data=said).headers["location"] == "/sign-in"
    assert phone.post("/sign-in", data={"login": "081300005582", "password": PASSWORD}).headers["location"] == "/"
    assert town.complaints() == [] and "belum terkirim" not in phone.get("/").text  # zed, on the same phone
    phone.cookies.pop("siaga")
    answer = phone.post("/sign-in", data={"login": "081200004471", "password": PASSWORD})
    assert town.ann.get(f"/complaints/{ref_of(answer)}").status_code == 200


def test_nobodys_page_and_ones_own_from_another_session_go_on(sqlite_town: Town) -> None:
    town = sqlite_town
    assert ref_of(town.ann.post("/complaints", data=written(town.anyone)))
    said = written(town.hendra)
    assert said["whose"]

    def again(session: object) -> None:
        sign_in(session, session.get_one(Officer, town.hendra.id), "another hash")  # type: ignore[attr-defined, arg-type]

    town.write(again)
    assert town.hendra.post("/complaints", data=said | {"place": ""}).status_code == 303


def test_a_colleagues_open_console_claims_nothing(town: Town) -> None:
    ref = ref_of(town.ann.file())
    id = town.incident_of(ref).id
    mark = whose(town.sari.get("/console"))
    headers = {"hx-request": "true", "siaga-whose": mark}
    answer = town.hendra.post(f"/incidents/{id}/claim", headers=headers)
    assert answer.status_code == 409 and "Tidak ada yang terkirim" in answer.text and "<html" not in answer.text
    assert town.incident_of(ref).status == "new"
    assert town.sari.post(f"/incidents/{id}/claim", headers=headers).status_code == 204


def test_a_form_that_says_nothing_else_is_looked_at_too(sqlite_town: Town) -> None:
    town = sqlite_town
    mark = whose(town.ann.get("/account"))
    assert town.zed.post("/account/devices/0/end", data={"whose": mark}).status_code == 409
    assert town.zed.get("/account").status_code == 200  # still signed in


def test_an_upload_begun_on_anothers_page_is_refused(sqlite_town: Town) -> None:
    ref = ref_of(sqlite_town.zed.file())
    told = {"tus-resumable": "1.0.0", "upload-length": "10", "siaga-whose": whose(sqlite_town.ann.get("/"))}
    told["upload-metadata"] = f"complaint {b64encode(ref.encode()).decode()}"
    assert sqlite_town.zed.post("/uploads", headers=told).status_code == 409


def test_the_door_and_the_language_are_everybodys(sqlite_town: Town) -> None:
    mark = {"siaga-whose": whose(sqlite_town.ann.get("/"))}
    for url, said in (("/language", {"locale": "en"}), ("/quiet", {"quiet": "yes"}), ("/sign-out", {})):
        assert sqlite_town.zed.post(url, data=said, headers=mark).status_code == 303, url


def test_every_plain_form_of_an_account_carries_its_mark(sqlite_town: Town) -> None:
    town = sqlite_town
    ref = ref_of(town.ann.file())
    town.act(ref, "claim", town.hendra)
    id = town.incident_of(ref).id
    pages = [
        (town.ann, ["/", "/complaints/new", f"/complaints/{ref}", "/account", "/account/delete"]),
        (town.bob, ["/appeals"]),
        (town.hendra, ["/me", f"/incidents/{id}", "/complaints/new", "/strikes"]),
        (town.sari, ["/duty/walls", "/bulletins/new"]),
        (town.dewi, ["/admin", "/admin/stations", "/admin/categories", "/admin/keys", "/admin/agencies"]),
    ]
    for by, urls in pages:
        for url in urls:
            page = by.get(url)
            assert page.status_code == 200, url
            field = f'name="whose" value="{whose(page)}"'
            bare = [form[0] for form in PLAIN.finditer(page.text) if field not in unescape(form[1])]
            assert bare == [], url
    assert 'name="whose"' not in town.anyone.get("/complaints/new").text


@pytest.mark.parametrize(
    ("html", "fields"),
    [
        ("<p>no form</p>", 0),
        ('<form method="post">a</form><form action="/x" method="post">b</form>', 2),
        ('<form method="get">a</form><form hx-post="/y" method="post">b</form>', 0),
        ('<formula method="post"><form\n class="x"\n method="post"><i></i></form', 1),
        ("<form", 0),
    ],
)
def test_each_plain_form_has_the_mark_and_nothing_else_changes(html: str, fields: int) -> None:
    page = marked(html, "abc")
    field = '<input type="hidden" name="whose" value="abc">'
    assert (page.count(field), page.replace(field, "")) == (fields, html)
    assert marked(html, "") == html
    assert all(page[: at.start()].endswith('method="post">') for at in re.finditer(field, page))


def test_what_seals_half_written_words_is_an_officers_own(sqlite_town: Town) -> None:
    """The same in all their sessions and on each page that keeps words; nobody else's page has it, nor any of the door."""
    town = sqlite_town
    hendra, again, sari = (SEAL.findall(who.get("/console").text) for who in (town.hendra, town.hendra, town.sari))
    assert len(hendra) == 1 and hendra == again != sari
    assert SEAL.findall(town.sari.get("/duty").text) == SEAL.findall(town.sari.get("/duty/handover").text) == sari
    for who, url in (
        (town.anyone, "/sign-in"),
        (town.ann, "/complaints"),
        (town.hendra, "/me"),
        (town.hendra, "/lock"),
    ):
        assert "data-seal" not in who.get(url).text

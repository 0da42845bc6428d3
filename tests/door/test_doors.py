"""What nobody in particular may send to any URL: a body of any size, an id that cannot be one, a path of any bytes."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.routing import Route

from console.app import sitemap
from console.door.bodies import WORDS_BYTES
from tests.support.town import REPORT, Town, jpeg

PHOTOS = {"/complaints", "/complaints/{ref}/photos", "/bulletins", "/bulletins/{id:int}/edit"}
NO_ID = ["9" * 10, "9" * 5000, "%00", "é", "%ff"]
DEEP = '{"words":' + "[" * 20_000 + "]" * 20_000 + "}"
BOUNDARY = "multipart/form-data; boundary=b"


def routes(*methods: str) -> Iterator[tuple[str, str]]:
    for route in sitemap():
        for method in sorted((isinstance(route, Route) and route.methods) or ()):
            if method in methods:
                yield method, route.path  # type: ignore[attr-defined]


def url_of(path: str, id: str = "1") -> str:
    return re.sub(r"\{[^}]*\}", id, path)


def read_of(town: Town, method: str, url: str, kind: str, announced: bool) -> int:
    """How many bytes of an endless body are read, in pieces of 64 KiB. Asked as a server asks: TestClient reads ahead."""
    read, statuses = 0, []

    async def receive() -> dict[str, Any]:
        nonlocal read
        read += WORDS_BYTES
        return {"type": "http.request", "body": b"x" * WORDS_BYTES, "more_body": read < 39 << 20}

    async def send(message: dict[str, Any]) -> None:
        statuses.append(message.get("status", 0))

    headers = {"content-type": kind} | ({"content-length": str(39 << 20)} if announced else {})
    scope = {
        "type": "http", "method": method, "path": url, "raw_path": url.encode(), "query_string": b"", "root_path": "",
        "scheme": "http", "server": ("127.0.0.1", 8000), "client": ("10.0.0.9", 1), "http_version": "1.1",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        "state": town.client.app_state.copy(),
    }  # fmt: skip
    assert town.client.portal
    town.client.portal.call(town.client.app, scope, receive, send)  # type: ignore[call-arg]
    assert statuses[0] < 500, (method, url, kind)
    return read


@pytest.mark.parametrize("announced", [True, False])
def test_nobody_sends_more_than_words_anywhere_but_photos(sqlite_town: Town, announced: bool) -> None:
    """39 MB to every URL, of every kind: one piece too many is read where the length was not said, none where it was."""
    kinds = ("application/json", "application/x-www-form-urlencoded", BOUNDARY, "text/plain", "")
    read = {
        (path, kind): read_of(sqlite_town, method, url_of(path), kind, announced)
        for method, path in routes("POST", "PATCH", "PUT", "DELETE")
        for kind in kinds
    }
    most = 0 if announced else 2 * WORDS_BYTES
    far = {one for one, bytes_read in read.items() if bytes_read > most}
    assert far <= {(path, BOUNDARY) for path in PHOTOS}


def test_a_body_too_large_is_refused_in_the_house_s_own_words(sqlite_town: Town) -> None:
    answer = sqlite_town.anyone.post("/sign-in", data={"login": "x" * WORDS_BYTES, "password": "y"})
    assert answer.status_code == 413 and "<html" in answer.text and "Terlalu besar." in answer.text


def test_photos_still_come_where_photos_belong(sqlite_town: Town) -> None:
    photo = jpeg() + b"\0" * 2 * WORDS_BYTES
    answer = sqlite_town.ann.post("/complaints", data=REPORT, files={"photo": ("a.jpg", photo, "image/jpeg")})
    assert answer.status_code == 303


@pytest.mark.parametrize(
    "body", [DEEP, '{"a":' * 5000, "[]", "nul", '{"a": NaN}', "\ud800".encode(errors="surrogatepass")]
)
def test_json_that_cannot_be_is_a_wrong_field_and_never_our_fault(sqlite_town: Town, body: str | bytes) -> None:
    for url in ("/complaints", "/sign-in", "/incidents/1/note"):
        answer = sqlite_town.sari.post(url, content=body, headers={"content-type": "application/json"})
        assert answer.status_code in (404, 422), (url, answer.text)


def test_an_id_that_cannot_be_one_is_nowhere(sqlite_town: Town) -> None:
    """Every URL with something in its path, asked by who may come furthest, as a page and as a part of one."""
    town, wrong = sqlite_town, []
    for method, path in routes("GET", "POST", "PATCH", "DELETE"):
        for id in NO_ID if "{" in path else ():
            for visitor in (town.anyone, town.dewi if path.startswith("/admin") else town.sari):
                answer = visitor._ask(
                    method, url_of(path, id), headers={"HX-Request": "true"} if id in ("é", "%ff") else {}
                )
                if answer.status_code >= 500 or answer.status_code in (200, 204):
                    wrong.append((method, path, id[:9], answer.status_code))
    assert wrong == []


def test_a_slash_too_many_leads_back_and_trusts_no_host(sqlite_town: Town) -> None:
    for asked, leads_to in (
        ("/console/", "/console"),
        ("//evil.example/", "/evil.example"),
        ("/sign-in///?next=/x", "/sign-in?next=/x"),
    ):
        answer = sqlite_town.anyone.get(f"http://127.0.0.1:8000{asked}", headers={"host": "evil.example"})
        assert (answer.status_code, answer.headers["location"]) == (307, leads_to)

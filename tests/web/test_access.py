"""Who gets what: docs/access.md, asked of a running server. A URL without a row fails, and so does a wrong number."""

import re
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from httpx2 import Client, Response
from sqlalchemy import bindparam, update
from sqlmodel import col
from starlette.routing import Mount, WebSocketRoute
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from console.app import sitemap
from console.door.viewer import hash_of
from console.evidence.store import Store
from console.live.screens import VIEWS
from models.people.machines import Key
from models.people.sessions import SignIn
from models.time import now
from models.viewer import Viewer
from models.workflow import STEPS
from tests.support.patience import PATIENCE_SECONDS
from tests.support.scenes import Scenes
from tests.support.serving import Cast, browser, cast_of, in_thread, report
from tests.support.town import jpeg

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "access.md").read_text()
# Who they are in the cast; nobody and key have no session.
WHO = {
    "owner": "ann", "other": "zed", "blocked": "bob", "guest": "guest", "holder": "hendra", "officer": "ratna", "supervisor": "sari",
    "admin": "dewi", "liaison": "damkar", "agency": "bnpt", "wall": "wall", "nobody": "", "key": "",
}  # fmt: skip
KEY = "the key of an app"
PROVED = update(SignIn).where(col(SignIn.proved_at).is_not(None)).values(proved_at=bindparam("at"))

SENT: dict[str, dict[str, str]] = {
    "POST /language": {"locale": "id"},
    "POST /quiet": {
        "quiet": "no"
    },  # of the others' rows too: with yes a browser's and an account's pages are plain ones
    "POST /me/keys": {"keys": "alt"},
    "POST /me/sounds": {"volume": "soft", "minor": "False"},
    "POST /bulletins": {"title": "Patroli malam", "words": "Sabtu ini", "kind": "kegiatan"},
    "POST /bulletins/{id:int}/edit": {"title": "Patroli", "words": "Sabtu ini", "kind": "kegiatan", "alt": "Mobil"},
    "POST /sign-in": {"login": "who", "password": "a wrong one"},
    "POST /unlock": {"password": "a wrong one"},
    "POST /me/password": {"old": "a wrong one"},
    "POST /complaints": report(),
    "POST /complaints/{ref}/number": {"phone": "081277770000"},
    "POST /complaints/{ref}/read": {"seq": "1"},
    "POST /complaints/{ref}/reply": {"words": "masih di sini"},
    "POST /complaints/{ref}/locate": {"lat": "3.58", "lon": "98.66"},
    "locate": {"lat": "3.58", "lon": "98.66"},
    "POST /complaints/{ref}/reopen": {"reason": "belum selesai"},
    "POST /complaints/{ref}/rate": {"stars": "4"},
    "rate": {"stars": "4"},
    "POST /account/name": {"name": "Siregar"},
    "POST /appeals": {"words": "Anak saya yang mengirim."},
    "POST /appeals/{id:int}/answer": {"words": "Baik.", "granted": "true"},
    "POST /strikes/{id:int}/acquit": {"reason": "bukan coba-coba"},
    "POST /citizens/{id:int}/lift asked": {"reason": "salah orang"},
    "POST /duty/stations/{id:int}/strength": {"strength": "3", "reason": "apel"},
    "POST /duty/shifts/{id:int}/close": {"reason": "selesai"},
    "POST /duty/shifts/{id:int}/members": {"member": "1"},
    "POST /duty/shifts/{id:int}/lead": {"member": "1"},
    "POST /duty/duties/{id:int}": {"state": "present"},
    "POST /admin/people/{id:int}/reappoint": {"name": "Rina", "role": "officer"},
    "POST /admin/stations/{id:int}/rename": {"name": "Polsek"},
    "POST /admin/stations/{id:int}/move": {"lat": "3.58", "lon": "98.66"},
    "POST /admin/agencies/{id:int}/rename": {"name": "Mitra"},
    "POST /admin/stations/{id:int}/strength": {"strength": "3", "reason": "apel"},
    "assign": {"officer": "{ratna}", "sure": "true"},
    "reassign": {"reason": "beban", "officer": "{ratna}", "sure": "true"},
    "shelve": {"minutes": "15", "note": "Lantas dekat"},
    "dispatch": {"personnel": "2"},
    "reinforce": {"personnel": "1"},
    "clear": {"dispatch": "{dispatch}"},
    "resolve": {"outcome": "handled"},
    "dismiss": {"reason": "empty"},
    "forward": {"command": "{beside}", "reason": "ke sana", "sure": "true"},
    "merge": {"into": "{into}"},
    "refer": {"agency": "{unreferred}", "tier": "summary"},
    "ask": {"words": "Aman?"},
    "reply": {"words": "Aman."},
    "note": {"words": "catatan"},
    "consult": {"words": "sudah sampai?"},
    "respond": {"words": "di jalan"},
    "reprioritise": {"priority": "4", "reason": "reda"},
    "relocate": {"lat": "3.58", "lon": "98.66", "reason": "geser"},
    "recategorise": {"category": "LAKA", "reason": "salah"},
    "undo": {"step": "claim"},
}
POINT = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"  # RFC 8291, 5
TUS = {
    "tus-resumable": "1.0.0", "upload-length": "10", "upload-offset": "0",
    "content-type": "application/offset+octet-stream",
}  # fmt: skip


@dataclass(frozen=True)
class Row:
    kind: str  # URL, Step, Screen
    name: str
    scene: str
    expected: dict[str, str]

    def __str__(self) -> str:
        return f"{self.name} {self.scene}".strip()


def rows() -> Iterator[Row]:
    """The tables of the page. A row with an answer too few or too many is none."""
    kind, who = "", list[str]()
    for line in PAGE.splitlines():
        if not line.startswith("| ") or line.startswith("| --"):
            continue
        name, scene, *said = (cell.strip() for cell in line.strip("| ").split("|"))
        if scene == "when":
            kind, who = name, said
        else:
            yield Row(kind, name.strip("`"), scene, dict(zip(who, said, strict=True)))


def words_of(step: str) -> dict[str, str]:
    """Some, wherever a plain step asks for words."""
    carries = STEPS[step].carries if step in STEPS else ()
    return {asked.name: "sebab" for asked in carries if asked.kind == "words" and asked.needed}


ROWS = list(rows())


@dataclass
class House:
    cast: Cast
    scenes: Scenes
    server: Any
    clients: dict[str, Client]
    made: dict[str, dict[str, Any]] = field(default_factory=dict)  # by row, anew whenever somebody has changed it

    def ask(self, row: Row, who: str) -> str:
        if str(row) not in self.made:
            self.made[str(row)] = self.scenes.make(row.scene)
        scene = self.made[str(row)]
        if row.kind == "Screen":
            return joins(self.server, self.cast.cookies.get(WHO[who], ""), row.name)
        said = SENT.get(str(row)) or SENT.get(row.name) or words_of(row.name)
        sent = {name: value.format_map(scene) for name, value in said.items()}
        if row.kind == "Step":
            url, hx = f"/incidents/{scene['id']}/{row.name}", {"hx-request": "true"}
            answer = self.clients[who].post(url, data=sent, headers=hx)
        else:
            answer = self._visit(row, who, scene, sent)
        if answer.status_code < 400 and (row.kind == "Step" or row.name.startswith("POST")):
            del self.made[str(row)]
        assert answer.status_code < 500, f"{who}: {answer.text}"
        if row.kind == "URL" and answer.headers.get("content-type", "").startswith("text/html"):
            assert "<html" in answer.text, f"{who} gets a part without a page: {answer.text[:200]}"
        return str(answer.status_code)

    def _visit(self, row: Row, who: str, scene: dict[str, Any], sent: dict[str, str]) -> Response:
        method, path = row.name.split()
        if path.startswith(
            ("/duty", "/admin", "/me/factors")
        ):  # the first of each is there; nobody changes one that others need
            scene = scene | {"id": 1 if method == "GET" else 9999}
        if path.startswith("/citizens"):
            scene = scene | {"id": scene.get("citizen", 9999)}
        code = "armed" if path.startswith("/admin/modifiers") else "LAKA"
        url = path.replace(":int", "").format_map(
            scene | {"code": code, "priority": 1, "token": "a-guess", "on": "yesterday"}
        )
        more: dict[str, Any] = {"data": sent} if method == "POST" else {}
        client = self.clients[who]
        match row.name:
            case "GET /static":
                url = "/static/css/tokens.css"
            case "POST /sign-in":
                more["data"] = sent | {"login": who}  # who mistypes too often would have to wait
            case "POST /sign-out" | "POST /lock" if WHO[who]:
                secret = self.cast.sign_in(self.cast.people[WHO[who]], f"the second secret of {who}")
                with browser(self.server, f"siaga={secret}") as leaving:
                    return leaving.post(url)
            case _ if path.startswith("/uploads"):
                url = "/uploads" if path == "/uploads" else f"/uploads/{scene['upload']}"
                complaint = b64encode(scene["ref"].encode()).decode()
                more = {"headers": TUS | ({"upload-metadata": f"complaint {complaint}"} if method == "POST" else {})}
                more |= {"content": b"abc"} if method == "PATCH" else {}
            case "POST /api/complaints":
                more = {"json": report() | {"lat": 3.5796, "lon": 98.6585}}
            case "POST /push/subscriptions":
                keys = {"p256dh": POINT, "auth": "A" * 22}
                more = {"json": {"endpoint": f"https://fcm.googleapis.com/{who}", "keys": keys}}
            case "POST /complaints/{ref}/photos":
                more["files"] = {"photo": ("a.jpg", jpeg(), "image/jpeg")}
        return client.request(method, url, **more)


def joins(server: Any, cookie: str, view: str) -> str:
    """The code a socket is closed with, or that it joins: an old page is then told to fetch itself anew."""
    url = f"{server.ws}/live?view={view}&after=0&epoch=old"
    with connect(url, origin=server.http, additional_headers={"Cookie": cookie}, proxy=None) as line:
        try:
            assert "refetch" in str(line.recv(PATIENCE_SECONDS))
        except ConnectionClosed as end:
            return str(end.rcvd and end.rcvd.code)
        return "joins"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, _sqlite_template: Path, one_redis: str) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("access")
    (folder / "siaga.db").write_bytes(_sqlite_template.read_bytes())
    with cast_of(f"sqlite:///{folder / 'siaga.db'}", one_redis) as cast, in_thread(cast, folder, one_redis) as server:
        cast.run(lambda session: session.add(Key(name="app", hash=hash_of(KEY))))
        clients = {who: browser(server, cast.cookies.get(name, "")) for who, name in WHO.items()}
        clients["key"].headers["authorization"] = f"Bearer {KEY}"
        yield House(cast, Scenes(cast, Store(folder)), server, clients)
        for client in clients.values():
            client.close()


def test_the_table_has_every_url_and_every_step() -> None:
    assert {tuple(row.expected) for row in ROWS} == {tuple(WHO)}
    assert len({(row.kind, str(row)) for row in ROWS}) == len(ROWS)
    named = {row.name for row in ROWS if row.kind == "URL"}
    urls = set()
    for route in sitemap():
        methods = {"GET"} if isinstance(route, Mount) else getattr(route, "methods", None) or set()
        methods = methods - {"HEAD"} if "GET" in methods else methods  # Starlette adds it
        urls |= {f"{method} {route.path}" for method in methods}  # type: ignore[attr-defined]
        assert methods or (isinstance(route, WebSocketRoute) and route.path == "/live"), f"{route} has no row"
    assert urls - {"POST /incidents/{id:int}/{step}"} == named
    assert set(STEPS) | {"dance"} == {row.name for row in ROWS if row.kind == "Step"}
    assert {*VIEWS, "none"} == {row.name for row in ROWS if row.kind == "Screen"}
    assert {row.scene for row in ROWS} - {""} == set(re.findall(r"^- `(\w+)`: ", PAGE, re.MULTILINE))


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_everyone_gets_what_the_table_says(house: House, row: Row) -> None:
    house.cast.run(
        lambda session: session.exec(PROVED, params={"at": now()})
    )  # all rows take longer than a proof lasts
    assert {who: house.ask(row, who) for who in WHO} == row.expected


def test_a_number_names_one_person_only(house: House) -> None:
    """The wall, an officer and a citizen have the same id: it opens nothing of each other's."""
    same: list[Viewer] = [house.cast.ann, house.cast.hendra, house.cast.wall]
    assert len({viewer.id for viewer in same}) == 1


@pytest.mark.parametrize("id", ["0", "3000000000", "99999999999999999999"])
def test_a_number_that_no_incident_can_have_is_not_found(house: House, id: str) -> None:
    assert house.clients["officer"].get(f"/incidents/{id}").status_code == 404
    assert house.clients["officer"].post(f"/incidents/{id}/claim").status_code == 404


def test_a_number_without_its_station_goes_nowhere(house: House) -> None:
    """A field left empty must not send the next number to the wrong place."""
    scene = house.scenes.make("claimed")
    sent = {"station": ["1", "2"], "personnel": ["", "4"]}
    answer = house.clients["holder"].post(
        f"/incidents/{scene['id']}/dispatch", data=sent, headers={"hx-request": "true"}
    )
    assert answer.status_code == 422 and house.cast.incident(scene["id"]).personnel == 0

"""Behind nginx and Caddy, set up as docs/operating.md says: the blocks there are what runs here.

One server and one start of each proxy answer all questions. Where a proxy is not installed its tests are skipped, and
the summary says so (`apt-get install nginx caddy`).
"""

import os
import re
import shutil
import socket
import ssl
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from httpx2 import Client, HTTPTransport
from sqlmodel import col, select
from starlette.types import ASGIApp, Receive, Scope, Send
from websockets.sync.client import connect

from console.app import create_app
from console.operator.certificates import make
from console.settings import HERE, Settings
from models.incidents.complaint import Complaint
from tests.evidence.test_uploads import told
from tests.support.house import running, wait_until
from tests.support.law import KEY
from tests.support.patience import PATIENCE_SECONDS
from tests.support.serving import Cast, cast_of

MIB = 1 << 20
VISITOR = "127.0.0.2"  # another address than the proxy's own
DOCS = (HERE / "docs/operating.md").read_text()
UNPACKED = HERE / ".tools/proxies/usr"  # by .ci/run, where they are not installed
PATH = f"{os.environ.get('PATH', '')}:/usr/sbin:{UNPACKED}/sbin:{UNPACKED}/bin"
TUS = {"tus-resumable": "1.0.0", "content-type": "application/offset+octet-stream", "upload-offset": "0"}
AS_EVERYBODY_WRITES_IT = "server {{ listen 127.0.0.1:{plain}; location / {{ proxy_pass http://127.0.0.1:8000; }} }}"
NGINX = """
daemon off; {user} pid {folder}/pid; error_log {folder}/log;
events {{ }}
http {{
    access_log off;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
    {block}
    {plain}
}}
"""
CADDY = """
{{
    admin off
    auto_https disable_redirects
    storage file_system {folder}/kept
}}
{block}
"""


class Noting:
    """The app, and who it believes to have asked last."""

    def __init__(self, app: ASGIApp):
        self.app, self.asked = app, ("", "")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            self.asked = (scope["client"][0], scope["scheme"])
        await self.app(scope, receive, send)


@dataclass
class Place:
    """A server that knows its public URL and its proxy, and the files that a proxy needs."""

    cast: Cast
    port: int  # the server's own
    public: int  # the proxies'
    plain: int
    noting: list[Noting]
    folder: Path

    @property
    def url(self) -> str:
        return f"https://siaga.example:{self.public}"

    @property
    def tls(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.folder / "siaga.example.authority.crt"))

    def cookie(self, who: str) -> dict[str, str]:
        return {"cookie": f"__Host-{self.cast.cookies[who]}"}

    def ask(self, method: str, path: str, who: str = "hendra", **more: Any) -> Any:
        headers = {"host": f"siaga.example:{self.public}"} | self.cookie(who) | more.pop("headers", {})
        transport = HTTPTransport(verify=self.tls, local_address=VISITOR)
        with Client(transport=transport, timeout=PATIENCE_SECONDS, trust_env=False) as client:
            return client.request(
                method,
                f"https://127.0.0.1:{self.public}{path}",
                headers=headers,
                extensions={"sni_hostname": "siaga.example"},
                **more,
            )


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, _sqlite_template: Path, one_redis: str) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("proxies")
    shutil.copy(_sqlite_template, folder / "siaga.db")
    make("siaga.example", folder)
    public, plain = free_port(), free_port()
    noting: list[Noting] = []
    with cast_of(f"sqlite:///{folder / 'siaga.db'}", one_redis) as cast:
        settings = Settings(
            data_dir=folder, database_url=cast.url, redis_url=one_redis, secret_key=KEY.decode(),
            public_url=f"https://Siaga.example:{public}/", proxy="127.0.0.1",
        )  # fmt: skip

        def app() -> Noting:
            noting.append(Noting(create_app(settings)))
            return noting[-1]

        with running(app, settings) as server:
            yield Place(cast, server.port, public, plain, noting, folder)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def block(place: Place, language: str) -> str:
    """As the docs have it, with this place's ports and certificate."""
    (found,) = re.findall(rf"```{language}\n(.*?)```", DOCS, re.DOTALL)
    return str(found)


def nginx(place: Place) -> list[str]:
    text = (
        NGINX.format(
            user="" if os.getuid() else "user root;",  # else it becomes somebody who may not enter a test's folder
            folder=place.folder,
            block=block(place, "nginx"),
            plain=AS_EVERYBODY_WRITES_IT.format(plain=place.plain),
        )
        .replace("listen 443 ssl", f"listen 127.0.0.1:{place.public} ssl")
        .replace("/etc/ssl/private/", f"{place.folder}/")
        .replace("/etc/ssl/", f"{place.folder}/")
        .replace("127.0.0.1:8000", f"127.0.0.1:{place.port}")
    )
    (file := place.folder / "nginx.conf").write_text(text)
    return ["nginx", "-p", str(place.folder), "-e", f"{place.folder}/log", "-c", str(file)]


def caddy(place: Place) -> list[str]:
    certificate = f"\n    tls {place.folder}/siaga.example.crt {place.folder}/siaga.example.key\n"
    text = (
        CADDY.format(folder=place.folder, block=block(place, "caddy"))
        .replace("siaga.example {", f"https://siaga.example:{place.public} {{{certificate}", 1)
        .replace("127.0.0.1:8000", f"127.0.0.1:{place.port}")
    )
    (file := place.folder / "Caddyfile").write_text(text)
    return ["caddy", "run", "--adapter", "caddyfile", "--config", str(file)]


PROXIES: dict[str, Callable[[Place], list[str]]] = {"nginx": nginx, "caddy": caddy}


@contextmanager
def started(place: Place, name: str) -> Iterator[None]:
    program = shutil.which(name, path=PATH)
    assert program
    _, *arguments = PROXIES[name](place)
    with (place.folder / f"{name}.log").open("wb") as log:
        process = subprocess.Popen(
            [program, *arguments], stdout=log, stderr=log, env=os.environ | {"HOME": str(place.folder)}
        )
        try:
            wait_until(lambda: process.poll() is not None or listens(place.public))
            assert process.poll() is None, (place.folder / f"{name}.log").read_text()
            yield
        finally:
            process.terminate()
            process.wait(PATIENCE_SECONDS)


def listens(port: int) -> bool:
    with socket.socket() as line:
        return line.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture(scope="module", params=PROXIES)
def proxied(request: pytest.FixtureRequest) -> Iterator[Place]:
    if not shutil.which(request.param, path=PATH):
        pytest.skip(f"{request.param} is not installed: apt-get install {request.param}")
    place = request.getfixturevalue("place")
    with started(place, request.param):
        yield place


def test_a_visitor_is_known_by_their_own_address_and_by_no_word_of_theirs(proxied: Place) -> None:
    answer = proxied.ask("GET", "/health", headers={"x-forwarded-for": "203.0.113.9"})
    assert answer.status_code == 200 and answer.headers["strict-transport-security"]
    assert proxied.noting[-1].asked == (VISITOR, "https")


@pytest.mark.parametrize(("origin", "status"), [("{own}", 204), ("https://evil.example", 403)])
def test_a_form_is_taken_from_the_public_url_alone(proxied: Place, origin: str, status: int) -> None:
    incident = proxied.cast.file()
    headers = {"origin": origin.format(own=proxied.url), "hx-request": "true"}
    assert proxied.ask("POST", f"/incidents/{incident.id}/claim", headers=headers).status_code == status


def test_a_screen_hears(proxied: Place) -> None:
    with connect(
        f"wss://siaga.example:{proxied.public}/live?view=console&after=0&epoch=old",
        sock=socket.create_connection(("127.0.0.1", proxied.public)),
        ssl=proxied.tls, origin=proxied.url, additional_headers=proxied.cookie("hendra"), proxy=None,
    ) as line:  # fmt: skip
        assert "refetch" in str(line.recv(PATIENCE_SECONDS))


def announced(place: Place) -> str:
    """The URL of a film of Ann's that is on its way."""
    ref = place.cast.read(
        lambda session: session.exec(select(Complaint.ref).order_by(col(Complaint.id).desc())).first()
    )  # type: ignore[union-attr]
    headers = TUS | {
        "upload-length": str(5 * MIB),
        "upload-metadata": told(complaint=ref, filename="a.mp4", filetype="video/mp4"),
    }
    answer = place.ask("POST", "/uploads", "ann", headers=headers)
    assert answer.status_code == 201, answer.text
    return str(answer.headers["location"])


def test_a_piece_of_a_film_comes_through(proxied: Place) -> None:
    proxied.cast.file()
    answer = proxied.ask("PATCH", announced(proxied), "ann", headers=TUS, content=b"\0" * 4 * MIB)
    assert (answer.status_code, answer.headers["upload-offset"]) == (204, str(4 * MIB))


@pytest.mark.parametrize("proxied", ["nginx"], indirect=True)
@pytest.mark.parametrize(("megabytes", "ours"), [(109, True), (111, False)])
def test_the_largest_report_is_let_through_and_no_more(proxied: Place, megabytes: int, ours: bool) -> None:
    line = socket.create_connection(("127.0.0.1", proxied.public))
    with proxied.tls.wrap_socket(line, server_hostname="siaga.example") as line:
        line.sendall(
            f"PATCH /uploads/none HTTP/1.1\r\nHost: siaga.example\r\nTus-Resumable: 1.0.0\r\n"
            f"Content-Length: {megabytes * MIB}\r\n\r\n".encode()
        )
        head = line.recv(4096).lower()
    assert (b"tus-resumable" in head) is ours and (b" 413 " in head) is not ours


@pytest.mark.parametrize("proxied", ["nginx"], indirect=True)
def test_written_as_everybody_does_it_hosts_a_form_and_refuses_a_piece_as_not_ours(proxied: Place) -> None:
    """`Host` is then the server's own address, and a body ends at 1 MiB: the phone halves its pieces (citizen-tus.js)."""
    incident = proxied.cast.file()
    film, origin = announced(proxied), {"origin": proxied.url}
    with Client(base_url=f"http://127.0.0.1:{proxied.plain}", headers=origin, trust_env=False) as client:
        claim = client.post(
            f"/incidents/{incident.id}/claim", headers=proxied.cookie("hendra") | {"hx-request": "true"}
        )
        assert claim.status_code == 204
        anns = proxied.cookie("ann") | TUS
        large = client.patch(film, headers=anns, content=b"\0" * 2 * MIB)
        assert large.status_code == 413 and "tus-resumable" not in large.headers
        small = client.patch(film, headers=anns, content=b"\0" * MIB)
        assert (small.status_code, small.headers["upload-offset"]) == (204, str(MIB))

"""Evidence on a bad network: what a phone was asked to send arrives, whatever breaks on the way."""

import hashlib
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import select
from starlette.datastructures import Headers
from starlette.responses import HTMLResponse
from starlette.types import Receive, Scope, Send

from console.app import create_app
from console.evidence.store import Store
from models.incidents.evidence import Evidence
from models.record.event import Event, Look
from tests.support import films
from tests.support.house import running, wait_until
from tests.support.patience import PATIENCE_SECONDS
from tests.support.serving import Cast, child, settings_of
from tests.support.town import jpeg

Pages = Callable[..., Page]
CUT_BYTES = 5_000_000
MEGABYTES = 60
CUTS_SECONDS = 3 * PATIENCE_SECONDS  # for 12 broken lines


# On the officer's screen: every percent that the first card showed, from now on.
NOTE_PERCENTS = """() => {
  const board = document.querySelector("#board");
  const note = () => {
    const percent = parseInt(board.querySelector(".card [title^='sedang diunggah']")?.textContent.match(/\\d+/)?.[0]);
    if (!isNaN(percent) && window.percents.at(-1) !== percent) window.percents.push(percent);
  };
  window.percents = [];
  new MutationObserver(note).observe(board, { childList: true, subtree: true, characterData: true });
  note();
}"""

# On the phone: how long it means to wait after each try, whatever the machine makes of it.
WAITS = """(() => {
  const later = window.setTimeout;
  window.waits = [];
  window.setTimeout = (act, ms, ...more) => { if ([250, 500, 1000].includes(ms)) window.waits.push(ms); return later(act, ms, ...more); };
})()"""


class BadNetwork:
    """A proxy before the server that hangs up after every so many bytes of a connection that sends much."""

    def __init__(self) -> None:
        self.target = 0
        self.cuts = self.bytes = 0
        self._open: set[socket.socket] = set()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                threading.Thread(target=self._carry, args=(self._listener.accept()[0],), daemon=True).start()

    def _carry(self, near: socket.socket) -> None:
        with near, suppress(OSError), socket.create_connection(("127.0.0.1", self.target)) as far:
            self._open |= {near, far}
            threading.Thread(target=self._back, args=(far, near), daemon=True).start()
            carried = 0
            while data := near.recv(65536):
                far.sendall(data)
                carried += len(data)
                self.bytes += len(data)
                if carried > CUT_BYTES or self.bytes // CUT_BYTES > self.cuts:
                    self.cuts += 1
                    break
            for end in (near, far):
                with suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)

    def _back(self, far: socket.socket, near: socket.socket) -> None:
        with suppress(OSError):
            while data := far.recv(65536):
                near.sendall(data)
            near.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self._listener.close()
        for one in self._open:
            one.close()


@pytest.fixture
def network() -> Iterator[BadNetwork]:
    network = BadNetwork()
    yield network
    network.close()


def open_as(new_page: Pages, cast: Cast, who: str, url: str, size: str, **options: object) -> Page:
    page = new_page(size, base_url=url, **options)
    name, _, secret = cast.cookies[who].partition("=")
    page.context.add_cookies([{"name": name, "value": secret, "url": url}])
    return page


def fill(page: Page, words: str = "Dua orang naik matic hitam") -> None:
    page.goto("/complaints/new")
    page.locator("[value=CURAS_BEGAL]").check()
    page.fill("#description", words)
    page.fill("#place", "Jl. Iskandar Muda")


def evidence(cast: Cast) -> list[Evidence]:
    return cast.read(lambda session: list(session.exec(select(Evidence).order_by(Evidence.id))))


def percents(cast: Cast) -> list[int | None]:
    rows = select(Event).where(Event.step == "upload").order_by(Event.seq)
    return cast.read(lambda session: [event.body["set"]["uploading"] for event in session.exec(rows)])


@contextmanager
def served(cast: Cast, folder: Path, redis_url: str, network: BadNetwork) -> Iterator[object]:
    with child(cast, folder, redis_url) as server:
        network.target = server.port
        yield server


def test_a_large_film_arrives_over_broken_lines_a_killed_server_and_a_closed_tab(
    cast: Cast, redis_url: str, tmp_path: Path, new_page: Pages, network: BadNetwork, page_errors: list[str]
) -> None:
    content, folder, url = films.noise(MEGABYTES), tmp_path / "data", f"http://127.0.0.1:{network.port}"
    film = tmp_path / "film.mp4"
    film.write_bytes(content)
    phone = open_as(new_page, cast, "ann", url, "phone")
    context = phone.context
    with served(cast, folder, redis_url, network) as server:
        fill(phone)
        phone.set_input_files("#photo", film)
        expect(phone.locator("#ups")).to_have_attribute("data-kept", "yes")
        phone.get_by_role("button", name="Kirim laporan").click()
        expect(phone.locator("#receipt")).to_be_visible()  # the words are there; the film follows
        assert evidence(cast) == []
        expect(phone.locator("#queue .up")).to_be_visible()
        wait_until(lambda: network.cuts >= 1, CUTS_SECONDS)
        server.kill()  # type: ignore[attr-defined]
    path = phone.url
    with served(cast, folder, redis_url, network):
        wait_until(lambda: network.cuts >= 2, CUTS_SECONDS)
        phone.close()
        desk = open_as(new_page, cast, "hendra", f"http://127.0.0.1:{network.target}", "console")
        desk.goto("/console")
        card = desk.locator("#board > .card").first
        expect(card.locator("[title^='sedang diunggah']")).to_contain_text("%")
        desk.evaluate(NOTE_PERCENTS)
        again = context.new_page()
        again.goto("/")  # any of our pages goes on with it
        wait_until(lambda: [one.state for one in evidence(cast)] == ["ready"], CUTS_SECONDS)
        expect(card.locator("[title='1 video']")).to_be_visible()
        expect(card.locator("[title^='sedang diunggah']")).to_have_count(0)
        told = desk.evaluate("window.percents")
        assert told == sorted(set(told)) and len(told) >= 3  # the officer saw it grow
        again.goto(path)
        expect(again.locator(".up img")).to_be_visible()  # its poster
        expect(again.locator("#queue .up")).to_have_count(0)
    (one,) = evidence(cast)
    assert one.sha256 == hashlib.sha256(content).hexdigest() and one.size == len(content)
    assert Store(folder).path(one.sha256).read_bytes() == content
    assert network.cuts >= len(content) // CUT_BYTES - 1
    assert network.bytes < len(content) * 1.3  # nothing but the piece that was under way goes twice
    assert len(percents(cast)) <= 13 and percents(cast)[0] == 0
    page_errors[:] = [
        error for error in page_errors if not error.startswith("htmx: htmx:ws:error")
    ]  # the server was gone


def test_several_files_follow_in_order_and_the_officer_plays_the_film(
    cast: Cast, redis_url: str, tmp_path: Path, new_page: Pages, network: BadNetwork
) -> None:
    with served(cast, tmp_path / "data", redis_url, network) as server:
        url = server.http  # type: ignore[attr-defined]
        phone = open_as(new_page, cast, "ann", url, "phone")
        fill(phone)
        phone.set_input_files("#photo", [
            {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": jpeg("red")},
            {"name": "b.webm", "mimeType": "video/webm", "buffer": films.film("webm", "libvpx-vp9", "libopus")},
            {"name": "c.jpg", "mimeType": "image/jpeg", "buffer": jpeg("blue")},
        ])  # fmt: skip
        expect(phone.locator("#ups .up")).to_have_count(3)
        phone.get_by_role("button", name="Kirim laporan").click()
        expect(phone.locator("#photos .up")).to_have_count(3)
        assert [one.name for one in evidence(cast)] == ["a.jpg", "b.webm", "c.jpg"]
        phone.set_input_files(
            "#add input[type=file]", {"name": "d.mp4", "mimeType": "video/mp4", "buffer": films.turned(films.film())}
        )
        expect(phone.locator("#photos .up")).to_have_count(4)
        expect(phone.locator(".up-film")).to_have_count(2)  # the WEBM once it is rendered
        assert phone.locator(".up-film").first.evaluate("film => film.paused && film.preload === 'none'")
        desk = open_as(new_page, cast, "hendra", url, "console")
        desk.goto("/console")
        desk.locator("#board > .card").first.click()
        desk.locator(".thumb[data-look=video]").first.click()
        player = desk.locator("#viewer video")
        expect(player).to_have_js_property("readyState", 4)
        assert player.evaluate("film => film.paused && film.videoWidth > 0 && film.duration > 1")
        player.evaluate("film => { film.muted = true; return film.play(); }")
        expect(player).to_have_js_property("ended", True)
        phone.get_by_text("Putar").first.click()
        mine = phone.locator(".up-film").first
        mine.evaluate("film => { film.muted = true; return film.play(); }")
        expect(mine).to_have_js_property("ended", True)
        desk.close()
        phone.close()
    looks = cast.read(lambda session: list(session.exec(select(Look).where(Look.what == "evidence"))))
    assert len(looks) == 1


def test_a_file_can_be_called_back(
    cast: Cast, redis_url: str, tmp_path: Path, new_page: Pages, network: BadNetwork
) -> None:
    with served(cast, tmp_path / "data", redis_url, network) as server:
        phone = open_as(new_page, cast, "ann", server.http, "phone")  # type: ignore[attr-defined]
        phone.add_init_script(WAITS)
        phone.route(
            "**/uploads/*", lambda route: route.abort() if route.request.method == "PATCH" else route.continue_()
        )
        fill(phone)
        phone.set_input_files("#photo", {"name": "d.mp4", "mimeType": "video/mp4", "buffer": films.film()})
        phone.get_by_role("button", name="Kirim laporan").click()
        expect(phone.locator("#queue")).to_contain_text("Menunggu sinyal")
        assert percents(cast) == [0]
        # a door that lets nothing in is tried less and less often
        phone.wait_for_function("() => /250,.*500,.*1000/.test(window.waits.join())")
        with phone.expect_response(lambda answer: answer.request.method == "DELETE"):
            phone.get_by_role("button", name="Batalkan Video 1").click()
        expect(phone.locator("#queue .up")).to_have_count(0)
        wait_until(lambda: percents(cast)[-1] is None)
        phone.close()  # before its server does
    assert evidence(cast) == []


def test_pieces_are_halved_until_a_proxy_lets_them_through(
    cast: Cast, redis_url: str, tmp_path: Path, new_page: Pages
) -> None:
    """A 413 that is not ours, as nginx answers by default, is no refusal of the film."""
    content, passes, sizes = films.noise(1), 300_000, []
    settings = settings_of(cast, tmp_path / "data", redis_url)
    app = create_app(settings)

    async def before(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] == "PATCH":
            sizes.append(int(Headers(scope=scope)["content-length"]))
            if sizes[-1] > passes:
                return await HTMLResponse("<h1>413 Request Entity Too Large</h1>", 413)(scope, receive, send)
        await app(scope, receive, send)

    with running(lambda: before, settings) as server:
        phone = open_as(new_page, cast, "ann", server.http, "phone")
        fill(phone)
        phone.set_input_files("#photo", {"name": "d.mp4", "mimeType": "video/mp4", "buffer": content})
        expect(phone.locator("#ups")).to_have_attribute("data-kept", "yes")
        phone.get_by_role("button", name="Kirim laporan").click()
        wait_until(lambda: [one.size for one in evidence(cast)] == [len(content)])
        expect(phone.locator("#queue .up")).to_have_count(0)
        phone.close()  # before its server does
    refused = [size for size in sizes if size > passes]
    assert len(refused) == 2 and refused[1] == refused[0] // 2  # and never asked again

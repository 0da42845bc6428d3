"""/live at the door and on the line, in process and on a real server."""

import asyncio
import os
import signal
import socket as sockets
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import WebSocketDenialResponse
from starlette.websockets import WebSocketDisconnect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from console.live import screens
from console.live.hub import Limits
from console.live.screens import VIEWS, WAITING_LIMIT, Message
from console.live.socket import SPOKEN_LIMIT
from console.server import shared_frames
from console.server.redis_server import Server as Redis
from console.writer import NotStored
from models.errors import NotFound
from models.roles import RIGHTS
from tests.support.house import House, Running, dial, wait_until
from tests.support.patience import PATIENCE_SECONDS
from tests.support.screen import Board, Closed, TestScreen, screen
from tests.support.town import Town


@pytest.fixture
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that lets a line rest for as long as a busy machine takes: neither pings nor the kernel end it first."""
    monkeypatch.setattr("console.server.serving.PING_SECONDS", 10 * PATIENCE_SECONDS)
    monkeypatch.setattr("console.server.serving.UNREAD_SECONDS", int(10 * PATIENCE_SECONDS))
    monkeypatch.setattr("console.live.screens.PAUSED_SECONDS", 10 * PATIENCE_SECONDS)
    monkeypatch.setattr("console.server.shared_frames.FAREWELL_SECONDS", 10 * PATIENCE_SECONDS)


@pytest.fixture
def served(sqlite_house: House) -> Iterator[tuple[House, Running]]:
    with sqlite_house.server() as server:
        yield sqlite_house, server


def code_of(line: Any) -> int:
    """Listen until the server closes."""
    try:
        while True:
            line.recv(PATIENCE_SECONDS)
    except ConnectionClosed as end:
        return end.rcvd.code if end.rcvd else 1006


def sees(listener: TestScreen, house: House, words: str = "sentinel") -> int:
    id = house.file(house.ann, words)
    listener.until(lambda board: f"incident-{id}" in board.cards)
    return id


# At the door


def test_nobody_is_told_to_sign_in(served: tuple[House, Running]) -> None:
    _, server = served
    for cookie in ("", "siaga=of-nobody"):
        with dial(server, cookie) as line:
            assert code_of(line) == 4401


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "http://127.0.0.1:1"},  # a sibling port sends the cookie too
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://127.0.0.1"},
        {"User-Agent": "names no site at all"},
    ],
)
def test_another_site_gets_403(served: tuple[House, Running], headers: dict[str, str]) -> None:
    house, server = served
    with pytest.raises(InvalidStatus) as refused, dial(server, house.cookie_andi, **headers):
        pass
    assert refused.value.response.status_code == 403
    assert not house.hub.screens


def test_our_own_site_comes_in(served: tuple[House, Running]) -> None:
    house, server = served
    for headers in ({"Origin": server.http}, {"Sec-Fetch-Site": "same-origin"}):
        with dial(server, house.cookie_andi, f"/live?view=console&after=0&epoch={house.hub.epoch}", **headers) as line:
            assert "#stations" in line.recv(PATIENCE_SECONDS)


def test_another_site_gets_403_in_process_too(sqlite_house: House) -> None:
    with sqlite_house.client() as client:
        headers = {"origin": "https://evil.example", "cookie": sqlite_house.cookie_andi}
        with pytest.raises(WebSocketDenialResponse) as refused, client.websocket_connect("/live", headers=headers):
            pass
        assert refused.value.status_code == 403


@pytest.mark.parametrize("error", [NotFound(), NotStored("full")])
@pytest.mark.parametrize("where", ["same_site", "shared_protocol"])  # before it is accepted, and after
def test_what_goes_wrong_on_a_line_lets_it_go(
    sqlite_town: Town, monkeypatch: pytest.MonkeyPatch, error: Exception, where: str
) -> None:
    """The browser comes back, and nothing else is thrown over it."""

    def fall(*_: Any, **__: Any) -> None:
        raise error

    monkeypatch.setattr(f"console.live.socket.{where}", fall)
    headers = {"cookie": f"siaga={sqlite_town.hendra.cookies['siaga']}", "sec-fetch-site": "same-origin"}
    with (
        pytest.raises(WebSocketDisconnect) as gone,
        sqlite_town.client.websocket_connect("/live?view=console", headers=headers) as line,
    ):
        line.receive_text()
    assert gone.value.code == 1011


@pytest.mark.parametrize("name", ["andi", "sri", "wall", "ann", "dewi"])
@pytest.mark.parametrize("view", [*VIEWS, "", "admin"])
def test_each_view_is_for_its_roles(sqlite_house: House, name: str, view: str) -> None:
    who = getattr(sqlite_house, name)
    with sqlite_house.client() as client, screen(client, view=view, cookie=sqlite_house.cookie(who)) as listener:
        if view in RIGHTS[who.role].views:
            assert listener.next()  # asked to fetch, for its page is of no epoch
        else:
            with pytest.raises(Closed) as end:
                listener.next()
            assert end.value.code == 1008


@pytest.mark.parametrize("after", ["", "-1", "1e9", "٣", "9" * 400, "0 OR 1=1"])
def test_a_nonsense_position_is_asked_to_fetch_the_page(sqlite_house: House, after: str) -> None:
    house = sqlite_house
    with (
        house.client() as client,
        screen(client, view="console", cookie=house.cookie_andi, after=after, epoch=house.hub.epoch) as andi,
    ):
        andi.until(lambda _: andi.refetches)


def test_the_newest_sockets_of_a_person_stay(served: tuple[House, Running]) -> None:
    house, server = served
    with ExitStack() as stack:
        page = house.page(house.ann)
        own = [
            stack.enter_context(
                screen(server.ws, Board(seq=page.seq, epoch=page.epoch), view="citizen", cookie=house.cookie_ann)
            )
            for _ in range(Limits.citizen + 1)
        ]
        assert own[0].closed() == 1008
        house.file(house.ann, "sesudah")
        for listener in own[1:]:
            listener.until(lambda board: any("sesudah" in card.words for card in board.cards.values()))


def test_a_page_in_a_frenzy_has_to_wait(served: tuple[House, Running]) -> None:
    house, server = served
    for _ in range(Limits.handshakes_a_minute):
        with dial(server, house.cookie_zed, "/live?view=citizen"):
            pass
    with pytest.raises(InvalidStatus) as refused, dial(server, house.cookie_zed, "/live?view=citizen"):
        pass
    assert refused.value.response.status_code == 429 and refused.value.response.headers["Retry-After"]
    with dial(server, house.cookie_ann, "/live?view=citizen") as line:  # nobody else has
        assert line.recv(PATIENCE_SECONDS)


def test_strangers_who_will_not_leave_hold_no_more_than_their_places(
    served: tuple[House, Running], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Each may take seconds to hear that it should sign in: 900 of them come in a tenth of one."""
    house, server = served
    monkeypatch.setattr(house.hub, "_limits", Limits(strangers=2))
    monkeypatch.setattr(shared_frames, "FAREWELL_SECONDS", 600)
    with _deaf(server, "", house), _deaf(server, "", house):
        wait_until(lambda: house.hub._strangers == 2)
        with pytest.raises(InvalidStatus) as refused, dial(server, ""):
            pass
        assert refused.value.response.status_code == 429
        with dial(server, house.cookie_ann, "/live?view=citizen") as line:
            assert line.recv(PATIENCE_SECONDS)
    wait_until(lambda: house.hub._strangers == 0)
    with dial(server, "") as line:
        assert code_of(line) == 4401
    assert [record.getMessage() for record in caplog.records if record.name == "uvicorn.error"] == []


def test_a_screen_that_speaks_is_sent_away(served: tuple[House, Running]) -> None:
    house, server = served
    with dial(server, house.cookie_andi) as line:
        for _ in range(SPOKEN_LIMIT + 1):
            line.send('{"step": "claim"}')
        assert code_of(line) == 1008


def test_a_screen_that_speaks_too_long_is_sent_away(served: tuple[House, Running]) -> None:
    house, server = served
    with dial(server, house.cookie_andi) as line:
        line.send("x" * 70_000)
        assert code_of(line) == 1009


# On the line


def test_a_real_server_shows_what_a_page_loaded_afresh_shows(house: House) -> None:
    before = house.page(house.andi)
    first = house.file(house.ann)
    with house.server() as server, screen(server.ws, before, cookie=house.cookie_andi) as andi:
        house.take("claim", house.budi, first)
        sees(andi, house)
        assert andi.board == house.page(house.andi)


def test_who_left_is_forgotten(served: tuple[House, Running]) -> None:
    house, server = served
    with screen(server.ws, house.page(house.andi), cookie=house.cookie_andi) as andi:
        sees(andi, house)
        assert house.hub.sockets_of(house.andi) == 1
    wait_until(lambda: not house.hub.screens and not house.hub.sockets_of(house.andi))


def test_joining_in_the_middle_of_a_storm_loses_and_doubles_nothing(served: tuple[House, Running]) -> None:
    """Every screen joins while others file and claim; in the end all show the same."""
    house, server = served
    with ExitStack() as stack:
        listeners = []
        for n in range(12):
            page = house.page(house.andi if n % 2 else house.budi)
            futures = [house.writer.submit(_file_one, house, n, i) for i in range(5)]
            cookie = house.cookie_andi if n % 2 else house.cookie_budi
            listeners.append(stack.enter_context(screen(server.ws, page, cookie=cookie)))
            for future in futures:
                future.result(PATIENCE_SECONDS)
        last = house.file(house.ann, "terakhir")
        for listener in listeners:
            listener.until(lambda board: f"incident-{last}" in board.cards)
        afresh = house.page(house.andi)
        assert len(afresh.cards) == 61
        assert all(listener.board == afresh for listener in listeners)
        for listener in listeners:  # a card is pushed once for each of its events, caught up or streamed
            shown = [part for text in listener.heard for part in text.split("<hx-partial") if 'swap="place"' in part]
            assert len(shown) == len(set(shown))


def _file_one(session: Any, house: House, n: int, i: int) -> Any:
    from models.incidents.filing import Filing, file
    from tests.support.house import SITE, THEFT

    return file(session, house.ann, Filing(THEFT, f"{n}.{i}", SITE))


@pytest.mark.usefixtures("unhurried")
def test_a_screen_that_stopped_reading_is_sent_away_and_the_others_lose_nothing(served: tuple[House, Running]) -> None:
    house, server = served
    page = house.page(house.andi)
    big = Message.of("<hx-partial hx-target='#x' hx-swap='innerMorph'>" + "x" * 60_000 + "</hx-partial>")
    with screen(server.ws, page, cookie=house.cookie_budi) as budi:
        sees(budi, house)
        with _deaf(server, house.cookie_andi, house) as deaf:
            wait_until(
                lambda: house.andi.audience in house.hub.screens and len(house.hub.screens[house.andi.audience]) == 2
            )
            (stalled,) = [one for one in house.hub.screens[house.andi.audience] if one.viewer.id == house.andi.id]
            ids = []
            for n in range(10):
                for _ in range(4):  # 2.4 MB in all: more than the kernel and the limit take together
                    house.hub._loop.call_soon_threadsafe(stalled.send, big)  # type: ignore[union-attr]
                ids.append(house.file(house.ann, f"selagi macet {n}"))
            budi.until(lambda board: all(f"incident-{id}" in board.cards for id in ids))
            # Now it reads again: what waited, and at the end why it was sent away.
            assert _last_code(deaf) == 1013
        wait_until(lambda: house.hub.sockets_of(house.andi) == 0)
        sees(budi, house, "tetap hidup")
        assert budi.board == house.page(house.budi)


@pytest.mark.usefixtures("unhurried")
def test_what_may_wait_for_one_screen_is_bounded(served: tuple[House, Running]) -> None:
    house, server = served
    big = Message.of("x" * 60_000)
    with _deaf(server, house.cookie_andi, house):
        wait_until(lambda: house.hub.screens)
        (stalled,) = house.hub._everyone()
        for _ in range(100):
            house.hub._loop.call_soon_threadsafe(stalled.send, big)  # type: ignore[union-attr]
        wait_until(lambda: not stalled._protocol.open)  # type: ignore[attr-defined]
        assert stalled._protocol.waiting < WAITING_LIMIT + 2 * 60_000  # type: ignore[attr-defined]


@pytest.mark.usefixtures("unhurried")
def test_a_pause_that_lasts_is_a_lag_and_a_short_one_is_not(served: tuple[House, Running]) -> None:
    house, server = served
    with _deaf(server, house.cookie_andi, house):
        wait_until(lambda: house.hub.screens)
        (stalled,) = house.hub._everyone()
        for _ in range(14):  # 840 KB: over the high water mark, under the limit
            house.hub._loop.call_soon_threadsafe(stalled.send, Message.of("x" * 60_000))  # type: ignore[union-attr]
        wait_until(lambda: stalled._paused_at is not None)  # type: ignore[attr-defined]
        paused_at = stalled._paused_at  # type: ignore[attr-defined]
        assert not stalled.lags(paused_at + screens.PAUSED_SECONDS - 1)
        assert stalled.lags(paused_at + screens.PAUSED_SECONDS + 1)


def test_a_restart_says_1012_to_every_screen(sqlite_house: House) -> None:
    house = sqlite_house
    with house.server() as server, ExitStack() as stack:
        lines = [
            stack.enter_context(screen(server.ws, house.page(house.andi), cookie=house.cookie_andi)) for _ in range(8)
        ]
        for line in lines:
            sees(line, house)
        server.stop()
        assert [line.closed() for line in lines] == [1012] * 8


def test_a_queued_screen_that_stopped_reading_is_sent_away(sqlite_house: House) -> None:
    """On another ASGI server nothing is shared; the limits hold all the same."""
    from console.live.screens import QueuedScreen

    class Stuck:
        application_state = None
        closed: list[int] = []  # noqa: RUF012

        async def send_text(self, text: str) -> None:
            await asyncio.Event().wait()

    async def lag() -> None:
        queued = QueuedScreen(Stuck(), sqlite_house.andi, sqlite_house.andi.audience, "console")  # type: ignore[arg-type]
        working = asyncio.create_task(queued.work())
        queued.send(Message.of("first"))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        now = asyncio.get_running_loop().time()
        assert not queued.lags(now + 4) and queued.lags(now + 6)
        for _ in range(WAITING_LIMIT // 60_000 + 1):
            queued.send(Message.of("x" * 60_000))
        assert queued._code == 1013 and not queued._queue
        working.cancel()

    asyncio.run(lag())


# Without Redis


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSTOP])
def test_consoles_stay_live_without_redis(sqlite_url: str, tmp_path: Path, number: int) -> None:
    with Redis(tmp_path / "redis") as redis:
        house = House(sqlite_url, redis.url)
        house.heard_by_hub = False  # as if every event came from another process
        try:
            with house.server() as server, screen(server.ws, house.page(house.andi), cookie=house.cookie_andi) as andi:
                sees(andi, house)
                assert redis.pid
                os.kill(redis.pid, number)
                wait_until(lambda: not house.wire.up)
                for n in range(5):
                    sees(andi, house, f"tanpa Redis {n}")
                if number == signal.SIGSTOP:
                    os.kill(redis.pid, signal.SIGCONT)
                redis.ensure()
                wait_until(lambda: house.wire.up)
                sees(andi, house, "lagi")
                assert andi.board == house.page(house.andi)
        finally:
            house.close()


class _deaf:
    """A screen that joins and then reads nothing at all."""

    def __init__(self, server: Running, cookie: str, house: House) -> None:
        self._line = sockets.create_connection(("127.0.0.1", server.port))
        self._line.setsockopt(sockets.SOL_SOCKET, sockets.SO_RCVBUF, 16 * 1024)
        page = house.page(house.andi)
        self._line.sendall(
            f"GET /live?view=console&after={page.seq}&epoch={page.epoch} HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n"
            f"Origin: {server.http}\r\nCookie: {cookie}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n".encode()
        )

    def __enter__(self) -> sockets.socket:
        return self._line

    def __exit__(self, *_: object) -> None:
        self._line.close()


def _last_code(line: sockets.socket) -> int:
    """Read to the end; the code of the close frame that stands there."""
    line.settimeout(PATIENCE_SECONDS)
    everything = bytearray()
    while piece := line.recv(1 << 20):
        everything += piece
    assert everything[-4] == 0x88 and everything[-3] == 2
    return int.from_bytes(everything[-2:], "big")


def test_the_client_of_starlette_hears_why_it_was_closed(sqlite_house: House) -> None:
    with sqlite_house.client() as client:
        headers = {"origin": "http://testserver"}
        with client.websocket_connect("/live", headers=headers) as line, pytest.raises(WebSocketDisconnect) as end:
            line.receive_text()
        assert end.value.code == 4401

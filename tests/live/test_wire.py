"""The wire: whatever Redis does or says, it rings at most, and delays nobody."""

import asyncio
import json
import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, SimpleQueue

import pytest
from redis import Redis

from console.server.redis_server import Server
from console.wire import BELL, CHANNEL, QUEUE_LIMIT, Notice, Ring, Wire
from tests.support.house import wait_until
from tests.support.patience import PATIENCE_SECONDS

FILED: Notice = {"seq": 7, "step": "file", "incident": 3}


class Ear:
    """Listens in a loop of its own, as the hub does."""

    def __init__(self, wire: Wire) -> None:
        self.wire = wire
        self.heard: SimpleQueue[Ring] = SimpleQueue()
        self._loop = asyncio.new_event_loop()
        self._task: asyncio.Task[None] | None = None
        self._thread = threading.Thread(target=self._run)

    def next(self, seconds: float = PATIENCE_SECONDS) -> Ring:
        return self.heard.get(timeout=seconds)

    def until(self, ring: Ring, seconds: float = PATIENCE_SECONDS) -> None:
        end = time.monotonic() + seconds
        while self.next(max(0.01, end - time.monotonic())) != ring:
            pass

    def _run(self) -> None:
        async def listen() -> None:
            self._task = asyncio.current_task()
            async for ring in self.wire.rings():
                self.heard.put(ring)

        try:
            self._loop.run_until_complete(listen())
        except asyncio.CancelledError:
            pass
        finally:
            self._loop.run_until_complete(self._loop.shutdown_asyncgens())
            self._loop.close()

    def __enter__(self) -> "Ear":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._task:
            self._loop.call_soon_threadsafe(self._task.cancel)
        self._thread.join()


@contextmanager
def wire_at(url: str) -> Iterator[Wire]:
    wire = Wire(url)
    yield wire
    wire.close()


def test_what_is_rung_is_heard_in_order(redis_url: str) -> None:
    with wire_at(redis_url) as wire, Ear(wire) as ear:
        assert ear.next() == BELL  # the line came up: look for yourself
        assert wire.up
        wire.ring([FILED, {"seq": 8, "step": "claim", "incident": 3}])
        wire.ring([{"seq": 9, "step": "sign_out", "incident": None}])
        assert [ear.next() for _ in range(3)] == [Ring(7, "file", 3), Ring(8, "claim", 3), Ring(9, "sign_out", None)]


def test_only_number_step_and_incident_are_on_the_channel(redis_url: str) -> None:
    with wire_at(redis_url) as wire, Redis.from_url(redis_url, decode_responses=True) as other, other.pubsub() as line:
        line.subscribe(CHANNEL)
        assert line.get_message(timeout=PATIENCE_SECONDS)["type"] == "subscribe"  # type: ignore[index]
        wire.ring([FILED])
        assert json.loads(line.get_message(timeout=PATIENCE_SECONDS)["data"]) == FILED  # type: ignore[index]


@pytest.mark.parametrize(
    "hostile",
    [
        b"",
        b"\xff\xfe",
        b"42",
        b"null",
        b"[]",
        b"{}",
        b'{"seq": "1", "step": "file", "incident": 1}',
        b'{"seq": true, "step": "file", "incident": 1}',
        b'{"seq": -1, "step": "file", "incident": 1}',
        b'{"seq": 1e400, "step": "file", "incident": 1}',
        b'{"seq": 99999999999999999999, "step": "file", "incident": 1}',
        b'{"seq": 1, "step": ["file"], "incident": 1}',
        b'{"seq": 1, "step": "' + b"x" * 900 + b'", "incident": 1}',
        b'{"seq": 1, "step": "file", "incident": {"$gt": 0}}',
        b"[" * 999,
        b"x" * 100_000,
    ],
)
def test_a_hostile_redis_can_only_ring(redis_url: str, hostile: bytes) -> None:
    with wire_at(redis_url) as wire, Ear(wire) as ear, Redis.from_url(redis_url) as other:
        assert ear.next() == BELL
        other.publish(CHANNEL, hostile)
        assert ear.next() == BELL
        wire.ring([FILED])  # the sentinel: it still listens
        assert ear.next() == Ring(7, "file", 3)


def test_it_survives_the_death_of_redis(tmp_path: Path) -> None:
    with Server(tmp_path) as server, wire_at(server.url) as wire, Ear(wire) as ear:
        assert ear.next() == BELL
        _kill(server, signal.SIGKILL)
        wait_until(lambda: not wire.up)
        wire.ring([FILED])  # nobody hears it, nobody waits for it
        server.ensure()
        ear.until(BELL)  # what was missed is looked for
        assert wire.up
        wire.ring([{"seq": 8, "step": "claim", "incident": 3}])
        ear.until(Ring(8, "claim", 3))


def test_a_frozen_redis_delays_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("console.wire.TIMEOUT_SECONDS", 10 * PATIENCE_SECONDS)  # who waits for it would wait for ever
    with Server(tmp_path) as server, wire_at(server.url) as wire:
        _kill(server, signal.SIGSTOP)
        try:
            ringing = threading.Thread(target=lambda: [wire.ring([FILED]) for _ in range(3 * QUEUE_LIMIT)])
            ringing.start()
            ringing.join(PATIENCE_SECONDS)
            assert not ringing.is_alive()
        finally:
            _kill(server, signal.SIGCONT)


def test_a_frozen_redis_is_noticed_and_heard_again_when_it_thaws(tmp_path: Path) -> None:
    with Server(tmp_path) as server, wire_at(server.url) as wire, Ear(wire) as ear:
        assert ear.next() == BELL
        _kill(server, signal.SIGSTOP)
        try:
            wait_until(lambda: not wire.up)
        finally:
            _kill(server, signal.SIGCONT)
        ear.until(BELL)
        wait_until(lambda: wire.up)
        wait_until(lambda: _hears(wire, ear))


def test_without_redis_it_is_quiet_and_down(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with wire_at(f"unix://{tmp_path}/nobody.sock") as wire, Ear(wire) as ear:
        wire.ring([FILED])
        wait_until(lambda: "1 rings were not heard" in caplog.text)
        assert ear.heard.empty() and not wire.up


def test_a_redis_that_takes_in_and_throws_out_is_said_once_and_once_when_it_is_well(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("console.wire.PULSE_SECONDS", PATIENCE_SECONDS)  # no line lives to its first sign of life
    with Server(tmp_path) as server, wire_at(server.url) as wire, Ear(wire) as ear, Redis.from_url(server.url) as door:
        for _ in range(5):
            ear.until(BELL)
            door.client_kill_filter(_type="pubsub")
        wait_until(lambda: "the wire is down" in caplog.text)
        ear.until(BELL)
        monkeypatch.setattr("console.wire.PULSE_SECONDS", 0.1)
        door.client_kill_filter(_type="pubsub")
        wait_until(lambda: "the wire is up again" in caplog.text)
    said = [record.getMessage().partition(":")[0] for record in caplog.records if "the wire is" in record.getMessage()]
    assert said == ["the wire is down", "the wire is up again"]


def _hears(wire: Wire, ear: Ear) -> bool:
    wire.ring([{"seq": 4711, "step": "file", "incident": 1}])
    try:
        ear.until(Ring(4711, "file", 1), 0.5)
    except Empty:
        return False
    return True


def _kill(server: Server, number: int) -> None:
    assert server.pid
    os.kill(server.pid, number)

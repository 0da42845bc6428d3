"""The bell: whoever waits is woken and looks once; one that was lost comes late; where nothing happens nothing is done."""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from queue import Queue
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import Engine, event
from sqlmodel import Session, select

import console.bell as module
from console import clock
from console.bell import Bell
from console.clock import Clock
from console.live import hub
from console.live.hub import Hub
from console.outbox.sender import Outcome, Sender
from console.server import sweeping
from console.wire import Wire
from console.writer import Writer
from models.record.database import writing_engine
from models.record.event import record
from models.record.outbox import Parcel, put
from models.viewer import CLOCK
from tests.support.house import plain, wait_until
from tests.support.law import KEY, Law
from tests.support.patience import PATIENCE_SECONDS
from tests.support.town import town_of

NOWHERE = "redis://127.0.0.1:9/0"
Ring = Callable[[list[dict[str, Any]]], None]


class Post:
    """A channel that takes everything, but for what `answers` says of the next ones."""

    name = "post"
    kinds: tuple[str, ...] = ("post",)

    def __init__(self, *answers: Outcome):
        self.answers, self.sent = list(answers), Queue[str]()

    def address(self, session: Session, parcel: Parcel) -> str:
        return parcel.to

    def gone(self, session: Session, parcel: Parcel) -> None:
        """Nobody ever is."""

    def ended(self, session: Session, parcel: Parcel, fault: str) -> None:
        """It tells nobody."""

    def send(self, parcel: Parcel, address: str) -> Outcome:
        self.sent.put(address)
        return self.answers.pop(0) if self.answers else Outcome("sent")


def post(session: Session, to: str) -> None:
    """As every step does: what is to be sent, and the event, in one commit."""
    put(session, "post", to, {}, life=timedelta(hours=1))
    record(session, "prove_code", CLOCK)


@contextmanager
def process(law: Law, channel: Post, redis: str = NOWHERE) -> Iterator[Writer]:
    """What of a server process hears, waits and sends. Gives its writer."""
    bell, wire = Bell(), Wire(redis)
    writer = Writer(writing_engine(law.url), KEY, lambda rings: bell.ring(rings[-1]["seq"]))

    async def read(function: Any, *arguments: Any) -> Any:
        return await asyncio.to_thread(law.read, function, *arguments)

    async def work() -> None:
        here = Hub(lambda: Session(law.reading), wire, plain, writer, found=bell.found)
        await here.start()
        running = [asyncio.create_task(here.run()), asyncio.create_task(Sender(read, writer, bell, channel).run())]
        begun.put((asyncio.get_running_loop(), running))
        await asyncio.gather(*running, return_exceptions=True)  # each to its end: it gives its connection back

    begun: Queue[Any] = Queue()
    with ThreadPoolExecutor(1) as thread:
        ended = thread.submit(asyncio.run, work())
        loop, running = begun.get(timeout=PATIENCE_SECONDS)
        try:
            yield writer
        finally:
            for task in running:
                loop.call_soon_threadsafe(task.cancel)
            ended.result(PATIENCE_SECONDS)
            writer.close()
            wire.close()


@contextmanager
def elsewhere(law: Law, ring: Ring) -> Iterator[Writer]:
    """The writer of another process."""
    writer = Writer(writing_engine(law.url), KEY, ring)
    yield writer
    writer.close()


def unheard(rings: list[dict[str, Any]]) -> None:
    """Killed between its commit and its ring."""


def wait_for(channel: Post, to: str) -> None:
    assert channel.sent.get(timeout=PATIENCE_SECONDS) == to


def test_what_this_process_wrote_leaves_by_its_own_bell(law: Law, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FAR_SECONDS", 10 * PATIENCE_SECONDS)  # Redis is away, and the hub would be too late
    with process(law, channel := Post()) as writer:
        for to in ("one", "two"):
            writer.submit(post, to).result(PATIENCE_SECONDS)
            wait_for(channel, to)


def test_a_lost_bell_comes_late(law: Law, redis_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of another process, which rang, or was killed before it could, while Redis was there or away."""
    monkeypatch.setattr(module, "FAR_SECONDS", 0.0)
    monkeypatch.setattr(hub, "LOOK_SECONDS", 0.02)
    far = Wire(redis_url)
    for redis in (redis_url, NOWHERE):
        with process(law, channel := Post(), redis):
            for ring in (far.ring, unheard):
                with elsewhere(law, ring) as writer:
                    writer.submit(post, "far").result(PATIENCE_SECONDS)
                wait_for(channel, "far")
        assert channel.sent.empty()
    far.close()


def test_what_waited_over_a_restart_leaves_at_the_start(law: Law) -> None:
    with elsewhere(law, unheard) as writer:
        writer.submit(post, "before").result(PATIENCE_SECONDS)
    with process(law, channel := Post()):
        wait_for(channel, "before")


def test_what_is_due_later_leaves_when_its_time_comes_and_no_bell_rings(
    law: Law, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "FAR_SECONDS", 10 * PATIENCE_SECONDS)
    channel = Post(Outcome("later", "busy", timedelta(milliseconds=30)), Outcome("later", "busy", timedelta(0)))
    with process(law, channel) as writer:
        writer.submit(post, "again").result(PATIENCE_SECONDS)
        for _ in range(3):
            wait_for(channel, "again")
        states = select(Parcel.state)
        wait_until(lambda: law.read(lambda session: session.exec(states).all()) == ["sent"])


def test_what_a_dead_process_had_taken_leaves_when_its_lease_is_over(law: Law) -> None:
    def taken(session: Session) -> None:
        post(session, "left behind")
        session.flush()
        parcel = session.exec(select(Parcel)).one()
        parcel.attempts, parcel.next_at = 1, parcel.next_at + timedelta(milliseconds=200)

    with elsewhere(law, unheard) as writer:
        writer.submit(taken).result(PATIENCE_SECONDS)
    with process(law, channel := Post()):
        wait_for(channel, "left behind")


def test_an_ear_rests_until_it_is_rung_and_forgets_no_ring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FAR_SECONDS", 0.0)

    async def act() -> list[str]:
        bell, woken = Bell(), list[str]()
        bell.ring(1)  # nobody waits yet
        ear = bell.ear()

        async def rest(name: str) -> None:
            await ear.rest(None)
            woken.append(name)

        first = asyncio.create_task(rest("rung"))
        await asyncio.sleep(0)
        bell.ring(2)
        await first
        bell.found(2)  # which it rang for
        second = asyncio.create_task(rest("found"))
        for _ in range(5):
            await asyncio.sleep(0)
        woken.append("nothing")
        bell.found(3)
        await second
        third = asyncio.create_task(rest("another record"))
        bell.found(1, void=True)
        await third
        return woken

    with ThreadPoolExecutor(1) as thread:
        woken = thread.submit(asyncio.run, asyncio.wait_for(act(), PATIENCE_SECONDS)).result()
    assert woken == ["rung", "nothing", "found", "another record"]


def test_who_waits_for_no_screen_lets_the_screens_go_first() -> None:
    """The hub is woken by the same commit: what it reads and renders is not to share the processor."""

    async def act() -> list[str]:
        ear, order = (bell := Bell()).ear(), list[str]()
        resting = asyncio.create_task(ear.rest(None))
        await asyncio.sleep(0)
        bell.ring(1)
        asyncio.get_running_loop().call_later(module.SCREENS_FIRST_SECONDS / 2, order.append, "screens")
        await resting
        return [*order, "the others"]

    with ThreadPoolExecutor(1) as thread:
        assert thread.submit(asyncio.run, act()).result(PATIENCE_SECONDS) == ["screens", "the others"]


def test_an_idle_server_writes_nothing_and_asks_for_no_parcel(
    tmp_path: Path, sqlite_url: str, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A minute of the clock, in less: each tick is a second to it."""
    monkeypatch.setattr(clock, "TICK_SECONDS", 0.002)
    monkeypatch.setattr(hub, "LOOK_SECONDS", 0.002)
    monkeypatch.setattr(sweeping, "HOURS", range(0))
    ticks: list[int] = []
    commits: list[str] = []
    asked: list[str] = []
    tick = Clock.tick
    # Nearly: one that is behind the wall's clock by a second takes that for set back.
    monkeypatch.setattr(clock, "time", SimpleNamespace(monotonic=lambda: 0.9 * len(ticks)))

    async def counted(self: Clock) -> None:
        await tick(self)
        ticks.append(len(asked))

    def committed(connection: Any) -> None:
        commits.append("commit")

    def executed(connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        asked.append(statement)

    monkeypatch.setattr(Clock, "tick", counted)
    event.listen(Engine, "commit", committed)
    event.listen(Engine, "before_cursor_execute", executed)
    try:
        with town_of(tmp_path / "data", sqlite_url, redis_url) as town:
            town.ann.file()
            begun = len(ticks)
            wait_until(
                lambda: len(ticks) > begun + 60
            )  # the last bell was heard, all that was due at the start is done
            commits.clear()
            asked.clear()
            begun = len(ticks)
            wait_until(lambda: len(ticks) > begun + 60)
            idle, reads = list(commits), " ".join(asked)
            town.ann.file()  # the sentinel
            assert commits and idle == []
            assert "FROM incident" in reads and "FROM outbox" not in reads and "FROM evidence" not in reads
    finally:
        event.remove(Engine, "commit", committed)
        event.remove(Engine, "before_cursor_execute", executed)


def test_the_clock_renews_its_lease_when_half_of_it_is_over(law: Law, monkeypatch: pytest.MonkeyPatch) -> None:
    at, writes = [0.0], list[str]()
    monkeypatch.setattr(clock, "time", SimpleNamespace(monotonic=lambda: at[0]))

    async def read(function: Any, *arguments: Any) -> Any:
        return law.read(function, *arguments)

    class Counting:
        def __init__(self, name: str):
            self.name = name

        async def run(self, function: Any, *arguments: Any) -> Any:
            writes.append(self.name)
            return law.run(function, *arguments)

    async def act() -> list[bool]:
        owner, other = Clock(read, Counting("owner")), Clock(read, Counting("other"))  # type: ignore[arg-type]
        alone = Clock(read, Counting("alone"), alone=True)  # type: ignore[arg-type]
        told = []
        for second in range(60):
            at[0] = float(second)
            told += [await owner.owns(), not await other.owns(), await alone.owns()]
        return told

    with ThreadPoolExecutor(1) as thread:
        assert all(thread.submit(asyncio.run, act()).result(PATIENCE_SECONDS))
    assert writes == ["owner"] * 20

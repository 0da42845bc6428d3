"""The clock: one owner, each thing that is due once, and no bad second stops the next."""

import asyncio
import threading
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, col, select

import console.clock as module
from console.clock import Clock
from models.incidents.incident import Incident
from models.people.officers import note_presence
from models.record.event import Event
from models.record.lease import Lease, hold
from models.time import now
from tests.support.law import Law


def clock_of(law: Law, kind: type[Clock] = Clock) -> Clock:
    async def read(function: Any, *arguments: Any) -> Any:
        return await asyncio.to_thread(law.read, function, *arguments)

    return kind(read, law.writer)


def wait(work: Coroutine[Any, Any, Any]) -> Any:
    """In a thread of its own: the browser's driver keeps a loop in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result(30)


def steps(law: Law, incident: Incident) -> list[str]:
    rows = select(Event.step).where(Event.incident_id == incident.id).order_by(col(Event.seq))
    return list(law.read(lambda session: session.exec(rows).all()))


def make_late(law: Law, incident: Incident) -> None:
    law.run(lambda session: setattr(session.get_one(Incident, incident.id), "due_at", now() - timedelta(seconds=1)))


def test_what_is_late_is_escalated_once(law: Law) -> None:
    late, fine = law.file(), law.file()
    make_late(law, late)
    clock = clock_of(law)
    for _ in range(3):
        wait(clock.tick())
    assert steps(law, late) == ["file", "escalate"] and steps(law, fine) == ["file"]


def test_what_was_answered_in_the_last_moment_is_not_escalated(law: Law) -> None:
    late = law.file()
    make_late(law, late)
    law.take(late, "claim", law.hendra)  # the claim has a later target
    law.run(module._escalate, late.id)
    assert steps(law, late) == ["file", "claim"]


def test_a_silent_console_loses_its_lease_but_not_just_after_a_start(law: Law) -> None:
    incident = law.take(law.file(), "claim", law.hendra)
    clock = clock_of(law)
    wait(clock.tick())
    assert not law.incident(incident.id).stale  # the consoles are still coming back
    clock._started -= 61
    wait(clock.tick())
    wait(clock.tick())
    assert law.incident(incident.id).stale
    law.run(note_presence, [law.hendra.id])
    wait(clock.tick())
    assert steps(law, incident) == ["file", "claim", "lapse", "renew"]


def test_one_owner_at_a_time_and_the_next_when_it_is_gone(law: Law) -> None:
    assert law.run(hold, "clock", "first") and not law.run(hold, "clock", "second")
    assert law.run(hold, "clock", "first")

    def pass_five_seconds(session: Session) -> None:
        session.get_one(Lease, "clock").until -= timedelta(seconds=5)

    law.run(pass_five_seconds)
    assert law.run(hold, "clock", "second") and not law.run(hold, "clock", "first")


def test_of_two_clocks_only_one_ticks(law: Law, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "TICK_SECONDS", 0.005)
    ticks: list[str] = []

    class Counting(Clock):
        async def tick(self) -> None:
            ticks.append(self._name)

    async def both() -> None:
        clocks = [clock_of(law, Counting), clock_of(law, Counting)]
        running = [asyncio.create_task(clock.run()) for clock in clocks]
        while len(ticks) < 10:
            await asyncio.sleep(0.005)
        for task in running:
            task.cancel()

    wait(both())
    assert len(set(ticks)) == 1


def test_a_tick_that_fails_is_loud_and_the_next_one_comes(
    law: Law, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(module, "TICK_SECONDS", 0.005)
    late, came = law.file(), threading.Event()
    make_late(law, late)

    async def bad_twice() -> None:
        clock = clock_of(law)
        tick, failures = clock.tick, [OSError("disk"), ZeroDivisionError("bad row")]

        async def failing() -> None:
            if failures:
                raise failures.pop()
            await tick()
            came.set()

        clock.tick = failing  # type: ignore[method-assign]
        running = asyncio.create_task(clock.run())
        while not came.is_set():
            await asyncio.sleep(0.005)
        running.cancel()

    wait(bad_twice())
    assert steps(law, late) == ["file", "escalate"]
    assert caplog.text.count("a tick failed") == 2

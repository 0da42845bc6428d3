"""The one writer: every change to the database is made by this process's writer thread.

    receipt = await writer.run(file_complaint, form, key)     # def file_complaint(session, form, key)

Whatever waits is written as one group: one transaction, one fsync, one savepoint for each
function. A function builds all it stores from its arguments, returns loaded objects, and does
nothing but database work: while it runs, every other write waits.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from typing import Any, TypeVar, TypeVarTuple

from sqlalchemy import Connection, Engine
from sqlmodel import Session

from console.server.metrics import COMMITS, FAILED, HELD, WRITES
from console.server.trouble import Trouble
from models.record.chain import WrongKey
from models.record.event import Ledger

GROUP_SIZE = 60  # PostgreSQL keeps 64 savepoints of a transaction at hand; more slow every reader
GROUP_SECONDS = 0.020  # a group open this long takes no more: its first callers are waiting
SLOW_SECONDS = 1.0  # a busy machine makes 200 ms of 5; this is somebody doing more than database work
SLOW_AGAIN_SECONDS = 60.0  # of one function so often; how long each of them holds the others up, the metrics count
QUEUE_LIMIT = 2000

log = logging.getLogger(__name__)
T = TypeVar("T")
Ts = TypeVarTuple("Ts")


class NotStored(Exception):
    """Nothing was stored: the database failed before COMMIT, or the writer is full or closed."""


class OutcomeUnknown(Exception):
    """COMMIT failed: stored or not, nobody can tell. Ask again with the same idempotency key."""


@dataclass
class Job:
    function: Callable[..., Any]
    arguments: tuple[Any, ...]
    asked_at: float = field(default_factory=time.monotonic)
    future: Future[Any] = field(default_factory=Future)
    result: Any = None
    refusal: Exception | None = None


class Writer:
    """`ring` is called after each commit with [{"seq", "step", "incident"}, …]; it must not block."""

    def __init__(self, engine: Engine, key: bytes, ring: Callable[[list[dict[str, Any]]], None]):
        self._engine, self._key, self._ring = engine, key, ring
        self._jobs: SimpleQueue[Job | None] = SimpleQueue()  # None marks the end
        self._door = Lock()  # lets no job slip in behind the end mark
        self._closed = False
        self.failing = False  # the last group was not stored
        self._trouble = Trouble(log, "writes are stored again")
        self._said_slow: dict[str, float] = {}
        self._oldest = 0.0  # when the job now being written was asked for; 0: none is
        # A daemon: an exit without close() must not hang, and cuts no transaction in half.
        self._thread = Thread(target=self._work, name="writer", daemon=True)
        self._thread.start()

    async def run(self, function: Callable[[Session, *Ts], T], *arguments: *Ts) -> T:
        """The result of function(session, *arguments), once it is safely on disk."""
        return await asyncio.wrap_future(self.submit(function, *arguments))

    def submit(self, function: Callable[[Session, *Ts], T], *arguments: *Ts) -> "Future[T]":
        """As run, for callers without an event loop."""
        job = Job(function, arguments)
        with self._door:
            if self._closed or self._jobs.qsize() >= QUEUE_LIMIT:
                raise NotStored("the writer is closed" if self._closed else "too many writes wait")
            self._jobs.put(job)
        return job.future

    def waited(self) -> float:
        """Seconds that the oldest unanswered write has waited."""
        return time.monotonic() - self._oldest if self._oldest else 0.0

    def close(self) -> None:
        """Write what was accepted, then stop."""
        with self._door:
            if not self._closed:
                self._closed = True
                self._jobs.put(None)
        self._thread.join()
        self._engine.dispose()

    def _work(self) -> None:
        while job := self._next(block=True):
            self._oldest = job.asked_at
            self._write_group(job)
            self._oldest = 0.0

    def _next(self, block: bool) -> Job | None:
        """The next job whose caller still waits for it; None at the end, or if none is here."""
        try:
            while job := self._jobs.get(block):
                if job.future.set_running_or_notify_cancel():
                    return job
        except Empty:
            return None
        self._jobs.put(None)  # the end stays marked for the next look
        return None

    def _write_group(self, first: Job) -> None:
        group, began = [first], time.monotonic()
        failure: type[Exception] = NotStored
        try:
            with self._engine.begin() as connection:
                ledger = Ledger(connection, self._key)
                deadline = time.monotonic() + GROUP_SECONDS
                for job in group:  # which grows as we go
                    self._attempt(connection, ledger, job)
                    if len(group) < GROUP_SIZE and time.monotonic() < deadline and (another := self._next(block=False)):
                        group.append(another)
                ledger.seal()
                failure = OutcomeUnknown  # for now comes COMMIT
            COMMITS.observe(time.monotonic() - began)
            self.failing = False
            self._trouble.ends()
        except BaseException as error:  # even SystemExit: without this thread nothing is written
            self.failing = True
            FAILED.inc()
            if isinstance(error, WrongKey):  # no fault of any of them, and the same for all to come
                self._trouble.begins(
                    error, "nothing is stored: %s; put the right one back and start again", error, trace=False
                )
            else:
                self._trouble.begins(error, "a group of %d writes failed", len(group))
            for job in group:
                job.future.set_exception(failure(str(error)))
            return
        if ledger.events:
            self._tell(ledger.events)
        # Refusals wait for COMMIT too: one may rest on what an earlier function stored.
        for job in group:
            WRITES.observe(time.monotonic() - job.asked_at)
            if job.refusal:
                job.future.set_exception(job.refusal)
            else:
                job.future.set_result(job.result)

    def _attempt(self, connection: Connection, ledger: Ledger, job: Job) -> None:
        """Run one function in a savepoint, with a session of its own so that nothing of a
        refused function, not even a cached object, reaches the next one."""
        started, mark = time.monotonic(), ledger.mark()
        try:
            with (
                connection.begin_nested() as savepoint,
                Session(
                    connection,
                    join_transaction_mode="rollback_only",  # commit() in a function only flushes
                    expire_on_commit=False,  # the caller reads the objects after the session is gone
                    info={"ledger": ledger},
                ) as session,
            ):
                job.result = job.function(session, *job.arguments)
                session.flush()
                if not savepoint.is_active:
                    raise RuntimeError("a function may refuse, never roll back: its events would stay")
        except Exception as refusal:
            if connection.invalidated:
                raise  # not the function failed but the database, and the whole group with it
            job.refusal = refusal
            ledger.rewind(mark)
        seconds = time.monotonic() - started
        HELD.observe(seconds)
        if seconds > SLOW_SECONDS:
            self._say_slow(getattr(job.function, "__qualname__", repr(job.function)), seconds)

    def _say_slow(self, name: str, seconds: float) -> None:
        at = time.monotonic()
        if at - self._said_slow.get(name, -SLOW_AGAIN_SECONDS) >= SLOW_AGAIN_SECONDS:
            self._said_slow[name] = at
            log.warning("%s held every other write up for %.0f ms", name, seconds * 1000)

    def _tell(self, events: list[dict[str, Any]]) -> None:
        """Only a bell: a listener that misses one finds the gap in the numbers."""
        try:
            self._ring([{"seq": e["seq"], "step": e["step"], "incident": e["incident_id"]} for e in events])
        except Exception:
            log.exception("could not ring for %d events", len(events))

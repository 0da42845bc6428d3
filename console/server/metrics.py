"""What an operator's eyes see: times and counts that each process keeps, and what is counted when somebody asks.

With several processes (SIAGA_WORKERS) each keeps its own in a file of one folder, and whoever is asked adds them up:
the folder has to be named before this is imported (cli.py).
"""

import asyncio
import os
import platform
import time
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest, multiprocess
from prometheus_client.process_collector import ProcessCollector
from starlette.types import ASGIApp, Message, Receive, Scope, Send

FOLDER = "PROMETHEUS_MULTIPROC_DIR"  # the library's own word
NOTE_SECONDS = 5.0
FAST = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5)
SLOW = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30)

OURS = CollectorRegistry()
REQUESTS = Histogram(
    "siaga_request_seconds", "Until an answer begins.", ("method", "route"), buckets=SLOW, registry=OURS
)
ANSWERS = Counter("siaga_answers", "Answers given.", ("route", "status"), registry=OURS)
REFUSALS = Counter("siaga_refusals", "What was refused, or failed, and as what.", ("kind", "status"), registry=OURS)
WRITES = Histogram("siaga_write_seconds", "From asking for a write to its answer.", buckets=SLOW, registry=OURS)
COMMITS = Histogram("siaga_commit_seconds", "A group of writes, to its commit.", buckets=SLOW, registry=OURS)
HELD = Histogram("siaga_write_held_seconds", "One write, while all others wait.", buckets=FAST, registry=OURS)
FAILED = Counter("siaga_commits_failed", "Groups of writes that were not stored.", registry=OURS)
SHOWN = Histogram("siaga_shown_seconds", "From an event to the screens: the hub's lag.", buckets=SLOW, registry=OURS)
SENT_AWAY = Counter("siaga_screens_sent_away", "Screens that were closed, by the code told.", ("code",), registry=OURS)


def _gauge(name: str, words: str, mode: Any, labels: tuple[str, ...] = ()) -> Gauge:
    return Gauge(name, words, labels, multiprocess_mode=mode, registry=OURS)


BUILD = _gauge("siaga_build_info", "The program.", "livemax", ("version", "python", "database"))
SCREENS = _gauge("siaga_screens", "Open screens.", "livesum", ("kind",))
CURSOR = _gauge("siaga_hub_cursor", "Newest event shown to screens, by the process that is farthest behind.", "livemin")
REDIS_UP = _gauge("siaga_redis_up", "Does the wire ring?", "livemin")
WAITS = _gauge("siaga_write_waits_seconds", "Age of the oldest unanswered write.", "livemax")
FAILING = _gauge("siaga_write_failing", "Was the last group of writes not stored?", "livemax")
PROCESS = {  # as the library names them → how we do, for each process
    "process_resident_memory_bytes": _gauge("siaga_process_resident_memory_bytes", "Memory in use.", "liveall"),
    "process_cpu_seconds": _gauge("siaga_process_cpu_seconds", "Processor time spent.", "liveall"),
    "process_open_fds": _gauge("siaga_process_open_fds", "Open files and sockets.", "liveall"),
    "process_max_fds": _gauge("siaga_process_max_fds", "The most there may be.", "liveall"),
    "process_start_time_seconds": _gauge("siaga_process_start_time_seconds", "Since the epoch.", "liveall"),
}
_process = ProcessCollector(registry=CollectorRegistry())


class Measured:
    """The outermost layer: how long an answer takes, and what it is. By route, never by path: that holds references."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        began, told = time.perf_counter(), False

        def note(status: int) -> None:
            nonlocal told
            told, route = True, getattr(scope.get("route"), "path", "") or "none"
            method = scope["method"] if route != "none" else ""  # anything may be one
            REQUESTS.labels(method, route).observe(time.perf_counter() - began)
            ANSWERS.labels(route, status).inc()

        async def measured(message: Message) -> None:
            if message["type"] == "http.response.start":
                note(message["status"])
            await send(message)

        try:
            await self.app(scope, receive, measured)
        except BaseException:
            if not told:
                note(500)
            raise


def refused(kind: str, status: int) -> None:
    REFUSALS.labels(kind, status).inc()


async def noting(state: dict[str, Any]) -> None:
    """Until cancelled: what this process is like now, for whichever process is asked."""
    while True:
        note(**state)
        await asyncio.sleep(NOTE_SECONDS)


def note(hub: Any, wire: Any, writer: Any, version: str, database: str) -> None:
    for kind, count in hub.kinds().items():
        SCREENS.labels(kind).set(count)
    CURSOR.set(hub.cursor)
    REDIS_UP.set(wire.up)
    WAITS.set(writer.waited())
    FAILING.set(writer.failing)
    BUILD.labels(version, platform.python_version(), database).set(1)
    for family in _process.collect():
        if family.name in PROCESS:
            PROCESS[family.name].set(family.samples[0].value)


def text(asked: CollectorRegistry) -> bytes:
    """All there is, of all processes, and what was asked for just now."""
    whole = OURS
    if os.environ.get(FOLDER):
        whole = CollectorRegistry()
        multiprocess.MultiProcessCollector(whole)
    return generate_latest(whole) + generate_latest(asked)


def process_ended(pid: int) -> None:
    """What it counted stays counted; what it was like is no more."""
    if os.environ.get(FOLDER):
        multiprocess.mark_process_dead(pid)

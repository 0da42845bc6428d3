"""What stands beneath dies or freezes: Redis, PostgreSQL. Filing goes on, nothing is lost, screens stay right."""

import os
import signal
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from console.server.redis_server import Server as Redis
from models.record.database import _with_driver
from tests.faults.test_server import Crowd, sentinels
from tests.support.house import wait_until
from tests.support.serving import Cast, Child, audience, browser, cast_of, child, report
from tests.support.town import OPERATOR


@pytest.fixture
def cast(sqlite_url: str) -> Iterator[Cast]:
    with cast_of(sqlite_url) as cast:  # it rings nobody: the server has to look by itself
        yield cast


def redis_of(server: Child) -> int:
    """The embedded server's process id."""
    for task in Path(f"/proc/{server.process.pid}/task").iterdir():
        for pid in (task / "children").read_text().split():
            if b"valkey" in Path(f"/proc/{pid}/cmdline").read_bytes():
                return int(pid)
    raise AssertionError("no embedded Redis")


def rings(server: Child, up: bool) -> None:
    """Wait until the wire is up, or down."""
    with browser(server) as operator:
        wait_until(lambda: f"siaga_redis_up {float(up)}" in operator.get("/metrics", headers=OPERATOR).text)


def a_receipt_comes(cast: Cast, server: Child) -> None:
    """While Redis is as it is. That nobody waits for it, tests/live/test_wire.py asks."""
    with browser(server, cast.cookies["ann"]) as ann:
        assert ann.post("/complaints", data=report()).status_code == 303


def test_the_embedded_redis_is_killed_and_comes_back_by_itself(cast: Cast, tmp_path: Path) -> None:
    with child(cast, tmp_path / "data") as server, audience(cast, server, ("sari", "zed")) as listeners:
        killed = redis_of(server)
        os.kill(killed, signal.SIGKILL)
        a_receipt_comes(cast, server)
        last = sentinels(cast)
        assert listeners["sari"].settles(last["sari"])
        wait_until(lambda: redis_of_or_none(server) not in (None, killed))
        rings(server, up=True)
        assert "has died" in server.said


def redis_of_or_none(server: Child) -> int | None:
    try:
        return redis_of(server)
    except (AssertionError, FileNotFoundError):
        return None


def test_a_frozen_redis_delays_nobody_and_is_heard_again_when_it_thaws(cast: Cast, tmp_path: Path) -> None:
    with ExitStack() as stack:
        redis = stack.enter_context(Redis(tmp_path / "redis"))
        server = stack.enter_context(child(cast, tmp_path / "data", redis.url))
        listeners = stack.enter_context(audience(cast, server, ("sari",)))
        assert redis.pid
        os.kill(redis.pid, signal.SIGSTOP)
        try:
            a_receipt_comes(cast, server)
            assert listeners["sari"].settles(sentinels(cast)["sari"])
            rings(server, up=False)
            a_receipt_comes(cast, server)
            assert listeners["sari"].settles(sentinels(cast)["sari"])
        finally:
            os.kill(redis.pid, signal.SIGCONT)
        rings(server, up=True)


# The driver complains of a connection that the server ended and the pool let go: that it does is the test.
@pytest.mark.filterwarnings("ignore:Exception ignored in. <function BaseConnection")
def test_postgres_ends_every_connection_again_and_again_while_people_file(
    postgres_url: str, redis_url: str, tmp_path: Path
) -> None:
    name = postgres_url.rpartition("/")[2]
    outside = create_engine(_with_driver(postgres_url.rpartition("/")[0] + "/postgres"), isolation_level="AUTOCOMMIT")
    kill = text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name")
    with ExitStack() as stack:
        cast = stack.enter_context(cast_of(postgres_url))
        server = stack.enter_context(child(cast, tmp_path, redis_url))
        listeners = stack.enter_context(audience(cast, server, ("sari", "ann")))
        killer = stack.enter_context(outside.connect())
        with Crowd(cast, [server.http]) as crowd:
            for receipts in (4, 10, 16, 22):
                wait_until(lambda receipts=receipts: len(crowd.receipts) >= receipts)
                killer.execute(kill, {"name": name})
        cast.reading.dispose()
        crowd.check()
        last = sentinels(cast)
        # Whose catching-up fell into such an end is told to fetch its page.
        assert listeners["sari"].settles(last["sari"], refetches=True)
        ref = sorted(crowd.receipts.values())[-1].rpartition("/")[2]
        assert listeners["ann"].settles(f"complaint-{ref}", refetches=True)
    outside.dispose()

"""The server dies, freezes, restarts, gets an older database: nothing acknowledged is lost or doubled, screens mend themselves."""

import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from httpx2 import HTTPError, TimeoutException
from sqlalchemy import text
from sqlmodel import col, select

from console.server.redis_server import Server as Redis
from models.command.audit import verify
from models.incidents.complaint import Complaint
from models.incidents.incident import Incident
from models.record.database import FROZEN_SECONDS, new_epoch, writing_engine
from tests.support.house import wait_until
from tests.support.law import KEY
from tests.support.serving import Cast, audience, browser, cast_of, child, report


@dataclass
class Crowd:
    """People who file until they hold a receipt, through whatever happens; each with one key for one complaint."""

    cast: Cast
    urls: list[str]
    each: int = 8
    receipts: dict[str, str] = field(default_factory=dict)  # key → where the follow page is
    said: set[int] = field(default_factory=set)  # statuses that were no receipt
    stop: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> "Crowd":
        self._threads = ThreadPoolExecutor(4)
        self._work = [self._threads.submit(self._file_all, n) for n in range(4)]
        return self

    def __exit__(self, *error: Any) -> None:
        if error[0]:
            self.stop.set()
        self._threads.shutdown()
        for work in self._work:
            work.result()

    def _file_all(self, person: int) -> None:
        for n in range(self.each):
            key = f"{person}-{n}"
            while key not in self.receipts and not self.stop.is_set():
                self._try(key, person + n)

    def _try(self, key: str, turn: int) -> None:
        try:
            with browser(self.urls[turn % len(self.urls)], self.cast.cookies["ann"]) as ann:
                answer = ann.post("/complaints", data=report(f"laporan {key}", idempotency_key=key))
        except HTTPError:
            self.stop.wait(0.02)  # nobody there just now
            return
        if answer.status_code == 303:
            self.receipts[key] = answer.headers["location"]
        else:
            self.said.add(answer.status_code)
            self.stop.wait(0.02)

    def check(self) -> None:
        """Every receipt has its complaint, every key one, and the chain is whole."""
        rows = self.cast.read(
            lambda s: s.exec(select(Complaint.ref, Complaint.words).order_by(col(Complaint.id))).all()
        )
        wanted = sorted((url.rpartition("/")[2], f"laporan {key}") for key, url in self.receipts.items())
        assert sorted(tuple(row) for row in rows) == wanted and len(wanted) == 4 * self.each
        assert self.said <= {503}
        assert self.cast.read(verify, KEY) is None


def sentinels(cast: Cast) -> dict[str, str]:
    last = cast.file(cast.zed)
    return {name: f"incident-{last.id}" for name in ("sari", "hendra", "wall")}


@pytest.fixture
def cast(database_url: str, redis_url: str) -> Iterator[Cast]:
    with cast_of(database_url, redis_url) as cast:
        yield cast


@pytest.fixture
def sqlite_cast(sqlite_url: str, redis_url: str) -> Iterator[Cast]:
    """For what does not depend on the database."""
    with cast_of(sqlite_url, redis_url) as cast:
        yield cast


def test_kill_nine_while_people_file(cast: Cast, redis_url: str, tmp_path: Path) -> None:
    with ExitStack() as stack:
        first = stack.enter_context(child(cast, tmp_path, redis_url))
        listeners = stack.enter_context(audience(cast, first, ("sari", "wall")))
        with Crowd(cast, [first.http]) as crowd:
            wait_until(lambda: len(crowd.receipts) >= 8)
            first.kill()
            again = stack.enter_context(child(cast, tmp_path, redis_url, port=first.port))
        crowd.check()
        for listener in listeners.values():
            assert listener.screen and listener.screen.closed() == 1006
            listener.come_back()
        last = sentinels(cast)
        assert [name for name, one in listeners.items() if not one.settles(last[name])] == []
        assert again.process.poll() is None


def test_a_restart_says_1012_and_screens_catch_up_on_what_they_missed(
    sqlite_cast: Cast, redis_url: str, tmp_path: Path
) -> None:
    cast = sqlite_cast
    with ExitStack() as stack:
        server = stack.enter_context(child(cast, tmp_path, redis_url))
        listeners = stack.enter_context(audience(cast, server, ("hendra", "sari", "wall")))
        held = cast.take(cast.file(), "claim", cast.hendra)
        for listener in listeners.values():
            assert listener.screen
            listener.screen.until(lambda board: f"incident-{held.id}" in board.cards)
        server.stop()
        assert {one.screen.closed() for one in listeners.values() if one.screen} == {1012}
        server.process.wait(15)
        cast.take(held, "resolve", cast.hendra, outcome="handled")  # while nobody serves
        cast.take(cast.file(), "recategorise", cast.sari, category="OKNUM", reason="anggota")
        stack.enter_context(child(cast, tmp_path, redis_url, port=server.port))
        for listener in listeners.values():
            listener.come_back()
        last = sentinels(cast)
        assert [name for name, one in listeners.items() if not one.settles(last[name])] == []
        assert all(one.screen and not one.screen.refetches for one in listeners.values())


def test_death_between_commit_and_ring_is_noticed_by_the_other_process(postgres_url: str, tmp_path: Path) -> None:
    """Redis is frozen, so the ring of the one that dies is never heard."""
    with ExitStack() as stack:
        redis = stack.enter_context(Redis(tmp_path / "redis"))
        cast = stack.enter_context(cast_of(postgres_url))
        dying, living = (stack.enter_context(child(cast, tmp_path / name, redis.url)) for name in "ab")
        listeners = stack.enter_context(audience(cast, living, ("sari", "ann")))
        assert redis.pid
        os.kill(redis.pid, signal.SIGSTOP)
        try:
            with browser(dying, cast.cookies["ann"]) as ann:
                receipt = ann.post("/complaints", data=report())
            dying.kill()
            ref = receipt.headers["location"].rpartition("/")[2]
            assert listeners["ann"].settles(f"complaint-{ref}")
            id = cast.read(lambda s: s.exec(select(Incident.id)).one())
            assert listeners["sari"].settles(f"incident-{id}")
        finally:
            os.kill(redis.pid, signal.SIGCONT)


def test_a_frozen_process_that_holds_the_head_row_stops_the_others_for_seconds_only(
    postgres_url: str, redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with cast_of(postgres_url) as cast, child(cast, tmp_path, redis_url) as server:
        monkeypatch.setitem(FROZEN_SECONDS, "idle_in_transaction_session_timeout", 3)  # as a server has it
        frozen = writing_engine(postgres_url).connect()
        frozen.execute(text("SELECT seq FROM head WHERE id = 1 FOR UPDATE"))  # and then it says nothing more
        with Crowd(cast, [server.http], each=1) as crowd:
            wait_until(lambda: len(crowd.receipts) == 4)
        crowd.check()
        frozen.invalidate()
        frozen.close()
        frozen.engine.dispose()


def test_a_frozen_server_goes_on_where_it_was(sqlite_cast: Cast, redis_url: str, tmp_path: Path) -> None:
    cast = sqlite_cast
    with child(cast, tmp_path, redis_url) as server, audience(cast, server, ("sari",)) as listeners:
        with Crowd(cast, [server.http], each=4) as crowd:
            wait_until(lambda: len(crowd.receipts) >= 4)
            server.signal(signal.SIGSTOP)
            with browser(server) as client, pytest.raises(TimeoutException):
                client.get("/health", timeout=0.5)
            server.signal(signal.SIGCONT)
        assert len(crowd.receipts) == 16
        assert listeners["sari"].settles(sentinels(cast)["sari"])


def test_an_older_database_under_a_running_server_makes_every_screen_fetch_anew(
    sqlite_cast: Cast, redis_url: str, tmp_path: Path
) -> None:
    cast = sqlite_cast
    kept = cast.file()
    with child(cast, tmp_path, redis_url) as server, audience(cast, server, ("sari", "wall")) as listeners:
        lost = cast.file(cast.zed)
        for listener in listeners.values():
            assert listener.screen
            listener.screen.until(lambda board: f"incident-{lost.id}" in board.cards)
        _restore(cast, kept)
        for name, listener in listeners.items():
            screen = listener.screen
            assert screen
            screen.until(lambda _, screen=screen: screen.refetches)
            screen.board = listener.page()
            assert set(screen.cards) == {f"incident-{kept.id}"}, name
        last = sentinels(cast)  # takes the number that was lost, and is shown all the same
        assert [name for name, one in listeners.items() if not one.settles(last[name])] == []


def _restore(cast: Cast, newest: Incident) -> None:
    """As it was when `newest` was filed: what a backup of then would bring back."""
    engine = writing_engine(cast.url)
    with engine.begin() as connection:
        for statement in (
            f"DELETE FROM complaint WHERE home_id > {newest.id}",
            f"DELETE FROM incident WHERE id > {newest.id}",
            f"DELETE FROM event WHERE seq > {newest.seq}",
            f"UPDATE head SET seq = {newest.seq}, hash = (SELECT hash FROM event WHERE seq = {newest.seq})",
        ):
            connection.execute(text(statement))
        new_epoch(connection)
    engine.dispose()

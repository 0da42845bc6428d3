"""The one writer under attack: what was answered is on disk, what was refused left nothing, and it never stops."""

import logging
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, select

import console.writer as module
from console.writer import NotStored, OutcomeUnknown, Writer
from models.command.audit import verify
from models.errors import WrongMoment
from models.incidents.complaint import Counter
from models.record.database import reading_engine, writing_engine
from models.record.event import Event, Head, record
from models.viewer import CLOCK
from tests.support.house import wait_until

KEY = b"a test's own key"


class Pen:
    """A writer with its engines. `store` is the plainest function there is: one row and one event."""

    def __init__(self, url: str) -> None:
        self.rings: list[dict[str, Any]] = []
        self.engine, self.reading = writing_engine(url), reading_engine(url)
        self.writer = Writer(self.engine, KEY, self.rings.extend)

    def run(self, function: Callable[..., Any], *arguments: Any) -> Any:
        return self.writer.submit(function, *arguments).result(20)

    def read(self, function: Callable[[Session], Any]) -> Any:
        with Session(self.reading) as session:
            return function(session)

    def stored(self) -> set[str]:
        return set(self.read(lambda session: session.exec(select(Counter.month)).all()))

    def numbers(self) -> list[int]:
        return list(self.read(lambda session: session.exec(select(Event.seq).order_by(Event.seq)).all()))  # type: ignore[arg-type]

    @contextmanager
    def held(self) -> Iterator[None]:
        """What is asked for inside waits, and is then written as one group."""
        go, here = threading.Event(), threading.Event()
        self.writer.submit(lambda session: here.set() or go.wait(20))
        assert here.wait(20)
        try:
            yield
        finally:
            go.set()

    def close(self) -> None:
        self.writer.close()
        self.reading.dispose()


@pytest.fixture
def pen(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Pen]:
    monkeypatch.setattr(module, "GROUP_SECONDS", 20)  # a group ends with what waits, not with the clock
    pen = Pen(database_url)
    yield pen
    pen.close()


@pytest.fixture
def sqlite_pen(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Pen]:
    monkeypatch.setattr(module, "GROUP_SECONDS", 20)
    pen = Pen(sqlite_url)
    yield pen
    pen.close()


def store(session: Session, name: str) -> int:
    session.add(Counter(month=name))
    return record(session, "note", CLOCK, words=name)


def refuse(session: Session, name: str) -> None:
    store(session, name)
    session.flush()
    raise WrongMoment("no")


def test_what_waits_is_one_commit_and_is_numbered_in_order(pen: Pen) -> None:
    commits: list[Any] = []
    event.listen(pen.engine, "commit", commits.append)
    with pen.held():
        answers = [pen.writer.submit(store, f"n{n}") for n in range(30)]
    assert [answer.result(20) for answer in answers] == list(range(1, 31))
    assert len(commits) == 1 and pen.numbers() == list(range(1, 31))
    assert [ring["seq"] for ring in pen.rings] == list(range(1, 31))


def test_a_refusal_takes_back_its_own_rows_and_numbers_only(pen: Pen) -> None:
    with pen.held():
        first, no, last = (pen.writer.submit(f, n) for f, n in ((store, "a"), (refuse, "b"), (store, "c")))
    assert (first.result(20), last.result(20)) == (1, 2)
    with pytest.raises(WrongMoment):
        no.result(20)
    assert pen.stored() == {"a", "c"} and pen.numbers() == [1, 2]
    assert pen.read(lambda session: verify(session, KEY)) is None


def test_nothing_of_a_refused_function_reaches_the_next_not_even_what_it_had_read(pen: Pen) -> None:
    pen.run(store, "a")

    def spoil(session: Session) -> None:
        session.connection().execute(text("UPDATE counter SET last = 666"))
        assert session.get_one(Counter, "a").last == 666
        raise WrongMoment("no")

    with pen.held():
        no = pen.writer.submit(spoil)
        seen = pen.writer.submit(lambda session: session.get_one(Counter, "a").last)
    assert no.exception(20) and seen.result(20) == 0


def test_commit_in_a_function_commits_nothing(pen: Pen) -> None:
    def half(session: Session) -> None:
        store(session, "half")
        session.commit()
        raise WrongMoment("no")

    with pytest.raises(WrongMoment):
        pen.run(half)
    assert pen.stored() == set() and pen.numbers() == []


def test_rollback_in_a_function_is_its_own_error_alone(pen: Pen) -> None:
    def undo(session: Session) -> None:
        store(session, "undone")
        session.flush()
        session.rollback()

    with pen.held():
        first, undone, last = pen.writer.submit(store, "a"), pen.writer.submit(undo), pen.writer.submit(store, "c")
    assert first.result(20) and undone.exception(20) and last.result(20)
    assert pen.stored() == {"a", "c"} and pen.numbers() == [1, 2]


def test_who_writes_on_after_a_rollback_makes_nobody_be_told_a_lie(pen: Pen) -> None:
    def go_on(session: Session) -> None:
        store(session, "undone")
        session.flush()
        session.rollback()
        store(session, "after")

    with pen.held():
        first, going_on = pen.writer.submit(store, "a"), pen.writer.submit(go_on)
    assert going_on.exception(20)
    assert pen.stored() == (set() if first.exception(20) else {"a"})
    assert pen.run(store, "b") == len(pen.numbers()) and pen.read(lambda session: verify(session, KEY)) is None


@pytest.mark.parametrize("error", [SystemExit, KeyboardInterrupt])
def test_not_even_the_end_of_the_program_stops_the_writer(pen: Pen, error: type[BaseException]) -> None:
    def end(session: Session) -> None:
        raise error("stop")

    with pen.held():
        first, ending = pen.writer.submit(store, "a"), pen.writer.submit(end)
    for future in (first, ending):
        with pytest.raises(NotStored):
            future.result(20)
    assert pen.run(store, "b") == 1 and pen.stored() == {"b"}


def test_a_commit_that_fails_leaves_everyone_in_doubt_and_the_next_group_in_peace(pen: Pen) -> None:
    def doom(session: Session) -> None:
        """Its foreign key is looked at when it is too late to refuse."""
        run = session.connection().exec_driver_sql
        run("CREATE TABLE doomed (head INTEGER REFERENCES head (id) DEFERRABLE INITIALLY DEFERRED)")
        run("INSERT INTO doomed VALUES (77)")

    with pen.held():
        group = [pen.writer.submit(f, *n) for f, n in ((store, ["a"]), (refuse, ["b"]), (doom, []))]
    for future in group:  # the refused one too: it may rest on what the others stored
        with pytest.raises(OutcomeUnknown):
            future.result(20)
    assert pen.run(store, "c") == 1
    assert pen.stored() == {"c"} and pen.rings == [{"seq": 1, "step": "note", "incident": None}]


def test_a_full_disk_dooms_the_whole_group_even_when_a_function_swallows_the_error(sqlite_pen: Pen) -> None:
    """SQLite then rolls back unasked and would commit each later statement by itself (docs/trust.md#databases)."""
    pen = sqlite_pen

    def fill(session: Session) -> None:
        run = session.connection().exec_driver_sql
        run(f"PRAGMA max_page_count = {run('PRAGMA page_count').scalar_one()}")
        try:
            for n in range(1000):
                session.add(Counter(month=f"{n:0>2000}"))
                session.flush()
        except Exception as error:
            assert "full" in str(error)

    with pen.held():
        jobs = {"before": (store, "before"), "full": (fill,), "after": (store, "after")}
        asked = {name: pen.writer.submit(*job) for name, job in jobs.items()}
    told = {name for name, future in asked.items() if future.exception(20) is None}
    assert told <= {"after"} and pen.stored() == told  # whoever came after found a new connection, and room again
    assert all(isinstance(asked[name].exception(), NotStored) for name in ("before", "full"))
    assert pen.run(store, "later") == len(pen.numbers()) == len(told) + 1


def test_the_death_of_its_connection_stores_nothing_and_the_next_group_finds_another(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "GROUP_SECONDS", 20)
    pen = Pen(postgres_url)

    def die(session: Session) -> None:
        session.connection().execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))

    with pen.held():
        first, dying = pen.writer.submit(store, "a"), pen.writer.submit(die)
    for future in (first, dying):
        with pytest.raises(NotStored):
            future.result(20)
    assert pen.run(store, "b") == 1 and pen.stored() == {"b"}
    pen.close()


def test_who_hangs_up_while_waiting_leaves_nothing(pen: Pen) -> None:
    with pen.held():
        kept, given_up = pen.writer.submit(store, "kept"), pen.writer.submit(store, "given up")
        assert given_up.cancel()
    assert kept.result(20) == 1
    assert pen.run(store, "last") == 2 and pen.stored() == {"kept", "last"}


def test_closing_writes_what_was_accepted_and_takes_no_more(pen: Pen) -> None:
    with pen.held():
        accepted = [pen.writer.submit(store, f"n{n}") for n in range(100)]
        closing = threading.Thread(target=pen.writer.close)
        closing.start()
    closing.join(20)
    assert sorted(future.result(0) for future in accepted) == list(range(1, 101))
    with pytest.raises(NotStored, match="closed"):
        pen.writer.submit(store, "late")


def test_too_many_waiting_writes_are_refused_at_the_door(pen: Pen, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "QUEUE_LIMIT", 5)
    with pen.held():
        waiting = [pen.writer.submit(store, f"n{n}") for n in range(5)]
        with pytest.raises(NotStored, match="too many"):
            pen.writer.submit(store, "one too many")
    assert [future.result(20) for future in waiting] == [1, 2, 3, 4, 5]


def test_a_group_is_sixty_functions_at_most(pen: Pen) -> None:
    sizes = [0]

    def count(session: Session) -> None:
        sizes[-1] += 1

    event.listen(pen.engine, "commit", lambda _: sizes.append(0))
    with pen.held():
        waiting = [pen.writer.submit(count) for _ in range(200)]
    for future in waiting:
        future.result(20)
    assert sizes[:-1] == [59, 60, 60, 21]  # the one that held the door was the sixtieth of the first


def test_a_group_open_for_its_time_takes_no_more(pen: Pen, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "GROUP_SECONDS", 0)
    commits: list[Any] = []
    event.listen(pen.engine, "commit", commits.append)
    with pen.held():
        waiting = [pen.writer.submit(store, f"n{n}") for n in range(5)]
    assert [future.result(20) for future in waiting] == [1, 2, 3, 4, 5] and len(commits) == 6


def test_a_slow_function_is_named_in_the_log_and_not_each_time(
    pen: Pen, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "SLOW_SECONDS", 0.01)

    def dawdle(session: Session) -> None:
        threading.Event().wait(module.SLOW_SECONDS * 1.5)

    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            pen.run(dawdle)
    assert caplog.text.count("dawdle held every other write up") == 1


def test_an_outage_is_two_lines(pen: Pen, caplog: pytest.LogCaptureFixture) -> None:
    def fail(session: Session) -> None:
        session.connection().invalidate()
        raise OperationalError("COMMIT", {}, Exception("gone"))

    for _ in range(3):
        with pytest.raises(NotStored):
            pen.run(fail)
    pen.run(lambda session: None)
    pen.run(lambda session: None)
    assert [record.getMessage() for record in caplog.records] == [
        "a group of 1 writes failed",
        "writes are stored again",
    ]


def test_how_long_the_oldest_has_waited_is_known(pen: Pen) -> None:
    assert pen.writer.waited() == 0
    with pen.held():
        last = pen.writer.submit(store, "a")
        wait_until(lambda: pen.writer.waited() >= 0.02)
    last.result(20)
    pen.run(lambda session: None)
    pen.writer.close()
    assert pen.writer.waited() == 0


def test_a_bell_that_breaks_costs_nothing(pen: Pen, caplog: pytest.LogCaptureFixture) -> None:
    def broken(rings: list[dict[str, Any]]) -> None:
        raise OSError("no wire")

    pen.writer._ring = broken
    assert pen.run(store, "a") == 1 and pen.run(store, "b") == 2
    assert "could not ring for 1 events" in caplog.text


def test_a_bell_rings_after_the_commit_and_never_for_a_refusal(pen: Pen) -> None:
    heard: list[list[int]] = []
    pen.writer._ring = lambda rings: heard.append(pen.numbers())
    pen.run(store, "a")
    with pytest.raises(WrongMoment):
        pen.run(refuse, "b")
    assert heard == [[1]]


def test_two_writers_on_one_database_queue_and_never_lock_each_other_out(database_url: str) -> None:
    pens = [Pen(database_url), Pen(database_url)]
    with ThreadPoolExecutor(8) as crowd:
        answers = list(crowd.map(lambda n: pens[n % 2].run(store, f"n{n}"), range(120)))
    assert sorted(answers) == pens[0].numbers() == list(range(1, 121))
    times = pens[1].read(lambda session: list(session.exec(select(Event.at).order_by(Event.seq))))  # type: ignore[arg-type]
    assert times == sorted(times)
    assert pens[1].read(lambda session: verify(session, KEY)) is None
    for pen in pens:
        pen.close()


def test_without_the_lock_of_the_head_row_two_writers_collide(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The guard turned off: both take the same number, and one of them is told that nothing was stored."""
    from sqlalchemy.sql.selectable import GenerativeSelect

    monkeypatch.setattr(GenerativeSelect, "with_for_update", lambda self, **_: self)
    pens = [Pen(postgres_url), Pen(postgres_url)]
    both = threading.Barrier(2, timeout=20)

    def meet(session: Session, name: str) -> int:
        both.wait()
        return store(session, name)

    answers = [pen.writer.submit(meet, name) for pen, name in zip(pens, "ab", strict=True)]
    assert sum(isinstance(answer.exception(20), NotStored) for answer in answers) == 1
    for pen in pens:
        pen.close()


def test_the_head_row_is_the_end_of_the_chain(pen: Pen) -> None:
    for name in "abc":
        pen.run(store, name)
    head = pen.read(lambda session: session.get_one(Head, 1))
    newest = pen.read(lambda session: session.get_one(Event, 3))
    assert (head.seq, head.hash) == (3, newest.hash)

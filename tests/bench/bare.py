"""The writer's time for one complaint, beside the same rows as bare SQL: what the rules and the ORM cost.

A complaint is filed as the writer does it, timed and rolled back. Then its statements that changed something run again,
by the driver alone and with the values they had, and are committed: that COMMIT counts for both.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from statistics import median
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, Engine, event

from console.ground.places import Places
from console.web.citizen.reports import file_once
from console.writer import Job, Writer
from models.incidents.filing import Filing
from models.record.database import writing_engine
from models.record.event import Ledger
from models.roles import Role
from models.viewer import Viewer
from tests.bench.report import SERVER, on_core, ratio, say, spread, table
from tests.bench.stage import BABURA, CITIZENS, KEY, City

ROUNDS, COMPLAINTS, WARM = 5, 40, 30
IDS = "SELECT setval('{0}_id_seq', (SELECT coalesce(max(id), 0) + 1 FROM {0}), false)"  # no rollback takes them back

Write = tuple[str, Any, bool]


@dataclass(frozen=True)
class Cost:
    """Milliseconds, of the middle one of a round."""

    filed: float
    bare: float
    commit: float


def beside_bare(cities: dict[str, City]) -> None:
    say("the writer's time for one complaint, beside the same rows as bare SQL")
    rows = []
    for database, people in cities.items():
        with on_core(SERVER):
            costs = _measure(writing_engine(people.url))
        filed, bare = [one.filed for one in costs], [one.bare for one in costs]
        whole = ratio([one.filed + one.commit for one in costs], [one.bare + one.commit for one in costs])
        told = (filed, bare, [one.commit for one in costs])
        rows.append([database, *(spread(values, 2) for values in told), whole, "≤ 4", ratio(filed, bare)])
    table(["", "siaga ms", "bare ms", "COMMIT ms", "ours / it, with COMMIT", "goal", "without"], rows)


def _measure(engine: Engine) -> list[Cost]:
    writer, numbers, places = Writer(engine, KEY, lambda _: None), count(), Places()
    for _ in range(WARM):
        _times(engine, writer, _job(places, next(numbers)))
    costs = []
    for _ in range(ROUNDS):
        times = [_times(engine, writer, _job(places, next(numbers))) for _ in range(COMPLAINTS)]
        costs.append(Cost(*(1000 * median(each) for each in zip(*times, strict=True))))
    writer.close()
    return costs


def _times(engine: Engine, writer: Writer, job: Job) -> tuple[float, float, float]:
    with engine.connect() as connection, connection.begin() as transaction, _changing(connection) as writes:
        began = time.perf_counter()
        ledger = Ledger(connection, KEY)
        writer._attempt(connection, ledger, job)
        ledger.seal()
        filed = time.perf_counter() - began
        transaction.rollback()
    if job.refusal:
        raise job.refusal
    with engine.connect() as connection, connection.begin() as transaction:
        if engine.dialect.name == "postgresql":
            for name in ("incident", "complaint"):
                connection.exec_driver_sql(IDS.format(name))
        cursor = connection.connection.cursor()
        began = time.perf_counter()
        for statement, values, many in writes:
            (cursor.executemany if many else cursor.execute)(statement, values)
        written = time.perf_counter()
        cursor.close()
        transaction.commit()
        done = time.perf_counter()
    return filed, written - began, done - written


@contextmanager
def _changing(connection: Connection) -> Iterator[list[Write]]:
    """Each statement of the block that changes rows."""
    writes: list[Write] = []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, _context: Any, many: bool) -> None:
        if statement.startswith(("INSERT", "UPDATE")):
            writes.append((statement, values, many))

    event.listen(connection, "before_cursor_execute", note)
    yield writes


def _job(places: Places, number: int) -> Job:
    where = BABURA[0] + number % 50 * 4e-4, BABURA[1] + number % 70 * 3e-4
    site = places.site(*where, precision="pin", landmark="depan minimarket")
    kind = ("CURAS_BEGAL", "LAKA", "KEBAKARAN", "CURAT")[number % 4]
    filing = Filing(kind, f"Dua orang naik matic hitam, nomor {number}", site, "Jl. Iskandar Muda")
    by = Viewer(Role.CITIZEN, number % CITIZENS + 1)
    return Job(file_once, (by, filing, uuid4().hex, {"number": number}))

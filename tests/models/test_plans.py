"""A long past costs nothing: what people wait for finds its rows by an index, and asks no question for each row."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import Session

from models.command.apel import Planned, muster_rest, open_shift, start_shift
from models.command.shifts import Duty, Shift
from models.reading.finding import search
from models.record.database import is_sqlite, writing_engine
from models.time import now
from tests.bench.history import OFFICER, questions
from tests.bench.past import EACH, copy_past
from tests.support.law import Law, law_of
from tests.support.rosters import enrol
from tests.support.statements import asked_of

PAST = 200 * EACH
SMALL = {
    "category",
    "modifier",
    "officer",
    "presence",
    "station",
    "target",
    "wall",
    "agency",
    "shift",
    "member",
    "unit",
}  # hundreds of rows at most
# The desk asks most: a list each, also of atensi, of what came after closing, of who was told and who acts, and three open
# incidents, so that a question a row is seen.
MOST_QUERIES = 29


@pytest.fixture
def law(database_url: str) -> Iterator[Law]:
    """With open incidents of today and thousands of the past."""
    with law_of(database_url) as law:
        for _ in range(3):
            law.file(category="CURAS_BEGAL")
        served(law)
        law.writer.close()
        engine = writing_engine(database_url)
        with engine.begin() as connection:
            copy_past(connection, PAST)
        engine.dispose()
        yield law


def served(law: Law) -> None:
    """A year of shifts that are over, one on duty, and one whose apel is held."""
    who = enrol(law, law.dewi, "B", tuple((station, "Samapta") for station in range(1, 15)))
    law.run(_a_year, who)
    for regu in "ABC":
        shift = law.run(open_shift, law.sari, Planned(regu, "24", now(), who[0], who))
        law.run(muster_rest, law.sari, shift.id, "station-2")
        if regu == "B":
            law.run(start_shift, law.sari, shift.id)


@pytest.mark.parametrize("name", questions())
def test_a_long_past_is_never_walked_through(law: Law, name: str) -> None:
    with Session(law.reading) as session:
        with asked_of(law.reading) as asked:
            assert questions()[name](session)
        queries = [(words, given) for words, given in asked if words.startswith(("SELECT", "WITH"))]
        assert len(queries) <= MOST_QUERIES
        assert {table for query in queries for table in _walked(session, *query)} <= SMALL


def test_what_is_asked_for_by_its_end_is_found_by_its_end(law: Law) -> None:
    """An index on when it came would do too, and go through 90 days of the whole city."""
    with Session(law.reading) as session:
        with asked_of(law.reading) as asked:
            assert search(session, OFFICER, "0003")
        plans = "".join(line for words, given in asked if "LIKE" in words for line in _plan(session, words, given))
    assert {"ix_incident_ending", "ix_complaint_ending", "ix_citizen_ending"} <= set(re.findall(r"ix_\w+", plans))


def _plan(session: Session, words: str, given: Any) -> list[str]:
    connection = session.connection()
    if is_sqlite(str(connection.engine.url)):
        return [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {words}", given)]
    connection.execute(text("SET LOCAL enable_seqscan = off"))  # then only who has no index walks
    return [row[0] for row in connection.exec_driver_sql(f"EXPLAIN {words}", given)]


def _walked(session: Session, words: str, given: Any) -> set[str]:
    """The tables that this query reads from one end to the other."""
    lines = _plan(session, words, given)
    if is_sqlite(str(session.connection().engine.url)):
        steps = [line.split() for line in lines if line.startswith("SCAN ") and "INDEX" not in line]
        return {step[1].rstrip("_1") for step in steps if not step[1].startswith(("(", "CONSTANT"))}
    return {line.partition("Seq Scan on ")[2].split()[0] for line in lines if "Seq Scan on " in line}


def _a_year(session: Session, who: list[int]) -> None:
    for day in range(365):
        at = now() - timedelta(days=day + 2)
        shift = Shift(
            regu="B", pattern="24", starts=at, ends=at, lead_id=who[0], opened_at=at, opened_by="", began_at=at,
            closed_at=at,
        )  # fmt: skip
        session.add(shift)
        session.flush()
        said = {"shift_id": shift.id, "function": "Samapta", "state": "present", "came_at": at, "left_at": at}
        session.add_all(Duty(member_id=id, station_id=n + 1, **said) for n, id in enumerate(who))

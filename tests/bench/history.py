"""The same questions with 10,000 and with 1,000,000 incidents behind the 500 that are open."""

import time
from collections.abc import Callable
from typing import Any

from sqlmodel import Session

from console.pages.cards import Cards
from console.pages.render import Pages
from console.web.citizen.complaints import own_complaints
from console.web.staff.duty import desk
from console.web.staff.shift import apel
from models.incidents.filing import find_complaint
from models.incidents.incident import Incident
from models.incidents.likeness import liken
from models.incidents.suggesting import suggest
from models.reading.board import board
from models.reading.figures import figures
from models.reading.finding import search
from models.reading.periods import period
from models.record.database import reading_engine, writing_engine
from models.roles import Role
from models.time import now
from models.viewer import Viewer
from tests.bench.past import EACH, FIRST, copy_past
from tests.bench.report import say, table
from tests.bench.stage import city

SMALL, LARGE, OPEN = 10_000, 1_000_000, 500
ROUNDS = 15

Question = Callable[[Session], Any]
OFFICER, SUPERVISOR = Viewer(Role.OFFICER, 1), Viewer(Role.SUPERVISOR, 2)
REPORTER = Viewer(Role.CITIZEN, FIRST + 100)


def questions(cards: Cards | None = None) -> dict[str, Question]:
    shelf = cards or Cards(Pages())
    return {
        "the board": lambda session: board(session, OFFICER.audience),
        "search: a number": lambda session: search(session, OFFICER, "2001-4711"),
        "search: a reference": lambda session: search(session, OFFICER, "PAST-4711"),
        "search: the end of a number": lambda session: search(session, OFFICER, "0003"),
        "search: a phone": lambda session: search(session, OFFICER, f"0888{FIRST + 4711}"),
        "the follow page": lambda session: find_complaint(session, REPORTER, f"PAST-{100 * EACH}"),
        "a reporter's list": lambda session: own_complaints(session, REPORTER, 50),
        "the supervisor's desk": lambda session: desk(session, SUPERVISOR, shelf),
        "the apel": lambda session: apel(session, "", ""),
        "the figures of a day": lambda session: figures(session, SUPERVISOR, period()),
        "whom a report follows": lambda session: [liken(session, session.get_one(Incident, 1), "api besar", now())],
        "the suggestion": lambda session: suggest(session, session.get_one(Incident, 1), []),
    }


def run() -> None:
    small, _ = _ask(SMALL)
    large, seconds = _ask(LARGE)
    rows = [
        [name, f"{small[name]:.2f}", f"{large[name]:.2f}", f"{large[name] / small[name]:.2f}", "≤ 1.5"]
        for name in small
    ]
    table(["", f"ms at {SMALL:,}", f"ms at {LARGE:,}", "ratio", "goal"], rows)
    say(f"(SQLite; the million was made in {seconds:.0f} s)")


def _ask(count: int) -> tuple[dict[str, float], float]:
    """Least milliseconds of each question with so many incidents of the past."""
    with city(incidents=OPEN) as people:
        start = time.perf_counter()
        engine = writing_engine(people.url)
        with engine.begin() as connection:
            copy_past(connection, count)
        engine.dispose()
        seconds = time.perf_counter() - start
        reading = reading_engine(people.url, 1)
        took: dict[str, float] = {}
        for name, question in questions().items():
            ms = []
            for _ in range(ROUNDS):
                with Session(reading) as session:
                    at = time.perf_counter()
                    assert question(session), name
                    ms.append((time.perf_counter() - at) * 1000)
            took[name] = min(ms)
        reading.dispose()
    return took, seconds

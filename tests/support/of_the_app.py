"""What tests of the whole app may ask for: the app without a network, people signed in, a server, an inbox."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser import chromium, firefox
from tests.support.house import Running
from tests.support.inbox import Inbox, listening
from tests.support.serving import Cast, cast_of, in_thread
from tests.support.town import Town, town_of


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for missing in (chromium.MISSING, firefox.MISSING):
        skipped = [report for report in terminalreporter.stats.get("skipped", []) if missing in str(report.longrepr)]
        if skipped:
            terminalreporter.write_line(f"{missing} ({len(skipped)} skipped)", red=True, bold=True)


@pytest.fixture
def town(tmp_path: Path, database_url: str, redis_url: str) -> Iterator[Town]:
    """The whole app, asked without a network: on SQLite, then on PostgreSQL."""
    with town_of(tmp_path / "data", database_url, redis_url) as town:
        yield town


@pytest.fixture
def sqlite_town(tmp_path: Path, sqlite_url: str, redis_url: str) -> Iterator[Town]:
    """The same where the database makes no difference."""
    with town_of(tmp_path / "data", sqlite_url, redis_url) as town:
        yield town


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    """What is sent to phone numbers."""
    with listening() as inbox:
        yield inbox


@pytest.fixture
def cast(sqlite_url: str, redis_url: str) -> Iterator[Cast]:
    """The people of the law, each signed in."""
    with cast_of(sqlite_url, redis_url) as cast:
        yield cast


@pytest.fixture
def server(cast: Cast, tmp_path: Path, redis_url: str) -> Iterator[Running]:
    """A real server for this cast, on a free port."""
    with in_thread(cast, tmp_path, redis_url) as server:
        yield server

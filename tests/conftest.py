"""What every test may ask for: a real Redis, both databases.

All tests are plain functions, never `async def`: the browser's driver keeps a loop running in this thread, so a
second one cannot be started beside it. The app under test runs in TestClient's thread, a server in one of its own.
"""

import os
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis

from console.server.redis_server import embedded
from models.record.database import FROZEN_SECONDS, migrate
from tests.support import compiled
from tests.support.law import Law, law_of
from tests.support.patience import PATIENCE_SECONDS
from tests.support.postgres_server import Reused, cluster

# Beyond what is run before a commit: `--whole` (./run.sh check) runs it too, and whoever names a file gets all of it. Pages in
# a browser but for the main job, both databases where one will do, faults, what starts servers or decodes films by the dozen,
# and every row of access for every person (that each URL has a row is asked always).
LONG = {
    "faults", "test_adding.py", "test_admin_commands.py", "test_checks.py", "test_demo.py", "test_keyring.py", "test_leaks.py",
    "test_large.py", "test_media.py", "test_media_corpus.py", "test_plans.py", "test_proxies.py", "test_server.py", "test_start.py", "test_strikes_web.py",
    "test_crown.py", "test_doors.py", "test_unusual_films.py", "test_upgrading.py", "test_uploads.py", "test_video.py", "test_waiting.py", "test_zone.py",
    "test_everyone_gets_what_the_table_says", "test_no_page_of_another_city_names_medan",
    "test_what_a_killed_server_had_not_written_is_said_anew",
    "test_no_step_of_anybody_leaves_a_case_with_somebody_who_may_not_see_it",
}  # fmt: skip
IN_BROWSER = {"test_story.py", "test_needed.py"}  # the main job, and what stands in its way
LONGEST = {"test_story.py"}  # in a browser, of one test: its server dies six times
ON_BOTH = {"test_databases.py", "test_writer.py"}  # where SQLite and PostgreSQL could differ
# For every save: the law and the words, in files that need no more than the law, so that they begin at once.
FAST = {
    "test_acts.py", "test_bodies.py", "test_breaks.py", "test_diary.py", "test_handing.py",
    "test_law.py", "test_likeness.py", "test_naming.py", "test_rows.py", "test_words.py",
}  # fmt: skip
FAST_ROOMS = {"tests", "models", "pages"}
OURS = {"SIAGA_CHROMIUM", "SIAGA_FIREFOX", "SIAGA_REQUIRE_BROWSER"}


def pytest_configure(config: pytest.Config) -> None:
    compiled.once()
    if not config.getoption("--fast"):  # what the app imports takes longer than the law's own tests
        config.pluginmanager.import_plugin("tests.support.of_the_app")
    if config.args_source is pytest.Config.ArgsSource.ARGS:
        config.option.whole = True  # somebody named a file
    for name in os.environ.keys() - OURS:
        if name.startswith("SIAGA_"):
            del os.environ[name]  # a developer's own database is no place for tests
    for (
        name
    ) in FROZEN_SECONDS:  # this process is slow on a busy machine, never frozen; servers of their own keep theirs
        FROZEN_SECONDS[name] = int(PATIENCE_SECONDS)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--whole", action="store_true", help="every test there is: what CI runs")
    parser.addoption("--fast", action="store_true", help="the law and the words alone: for every save")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """What is left out whole is not even read: with `--fast` that would take longer than running the rest, and some make films."""
    name = collection_path.name
    if config.getoption("--fast"):
        slow = name not in FAST_ROOMS if collection_path.is_dir() else name.startswith("test_") and name not in FAST
    else:
        slow = not config.getoption("--whole") and is_long_file(collection_path)
    return True if slow else None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    of_file = Counter(item.path for item in items)
    # Browser tests last: see above. Of these the long files first, so that no worker is left alone with one in the end.
    long = of_file | {item.path: of_file.total() for item in items if item.path.name in LONGEST}
    items.sort(key=lambda item: 1 + of_file.total() - long[item.path] if "browser" in item.path.parts else 0)
    fast, whole = config.getoption("--fast"), config.getoption("--whole")
    left = [item for item in items if (fast and on_postgres(item)) or ((fast or not whole) and is_long(item))]
    if left:
        config.hook.pytest_deselected(items=left)
        out = set(left)
        items[:] = [item for item in items if item not in out]


def is_long_file(path: Path) -> bool:
    """All of it is left to `--whole`; or all of this folder."""
    if path.parent.name == "browser" and path.name.startswith("test_"):
        return path.name not in IN_BROWSER
    return path.name in LONG


def is_long(item: pytest.Item) -> bool:
    """This one is, of a file that is read."""
    named, on_both = getattr(item, "originalname", "") in LONG, item.path.name in ON_BOTH
    return named or (on_postgres(item) and not on_both)


def on_postgres(item: pytest.Item) -> bool:
    return "postgres" in getattr(getattr(item, "callspec", None), "params", {}).values()


@pytest.fixture
def redis_url(one_redis: str) -> str:
    """One for all, empty for each: what another counted at the door (a wrong password of the same officer) is not counted here."""
    with Redis.from_url(one_redis) as redis:
        redis.flushall()
    return one_redis


@pytest.fixture(scope="session")
def one_redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with embedded(tmp_path_factory.mktemp("redis")) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A migrated database of this test's own, first on SQLite, then on PostgreSQL."""
    return request.getfixturevalue(f"{request.param}_url")


@pytest.fixture
def sqlite_url(_sqlite_template: Path, tmp_path: Path) -> str:
    return f"sqlite:///{shutil.copy(_sqlite_template, tmp_path / 'siaga.db')}"


@pytest.fixture
def postgres_url(_postgres: Reused) -> Iterator[str]:
    yield _postgres.url
    _postgres.clean()


@pytest.fixture(scope="session")
def _sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def _postgres() -> Iterator[Reused]:
    with cluster() as url:
        yield Reused(url, migrate)


@pytest.fixture
def law(database_url: str) -> Iterator[Law]:
    """The law on a database of its own, its people planted: on SQLite, then on PostgreSQL."""
    with law_of(database_url) as law:
        yield law

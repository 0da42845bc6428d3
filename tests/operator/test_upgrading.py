"""An upgrade: the tables are copied before they are changed, and every place says which program it is."""

import subprocess
from pathlib import Path

import pytest
from sqlalchemy import text

from console.server import upgrading
from console.server.keyring import hold
from console.server.program import RELEASE
from console.settings import HERE, Settings
from models.record.database import WrongSchema, behind, migrate, plain_engine, wipe
from tests.operator.test_admin_commands import anywhere, place  # noqa: F401  (fixtures)
from tests.support.postgres_server import PACKAGES, PROGRAMS
from tests.support.town import Town

BEFORE = "0014"


def revision(url: str) -> str:
    engine = plain_engine(url)
    with engine.connect() as connection:
        found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
    engine.dispose()
    return str(found)


@pytest.fixture
def older(anywhere: Settings) -> Settings:  # noqa: F811
    """An installation as the program of some days ago left it."""
    anywhere.data_dir.mkdir(parents=True, mode=0o700)
    if anywhere.database_url:
        wipe(anywhere.database)
    migrate(anywhere.database, BEFORE)
    assert behind(anywhere.database) == BEFORE
    return anywhere


def copies(settings: Settings) -> list[Path]:
    return sorted((settings.data_dir / upgrading.FOLDER).glob("*"))


def test_what_is_about_to_be_changed_is_copied_first_and_once(older: Settings) -> None:
    (folder := older.data_dir / upgrading.FOLDER).mkdir(mode=0o700)
    for day in (1, 2):
        (folder / f"2025010{day}-030000-0009.db").touch()
    hold(older)
    assert behind(older.database) == "" and revision(older.database) != BEFORE
    hold(older)  # the next start changes nothing, and copies nothing
    kept, copy = copies(older)
    assert kept.name.startswith("20250102") and BEFORE in copy.name  # the older ones go
    assert copy.stat().st_mode & 0o777 == 0o600 and folder.stat().st_mode & 0o777 == 0o700
    if older.database_url:
        listed = subprocess.run([PACKAGES / PROGRAMS / "pg_restore", "--list", copy], capture_output=True, text=True)
        assert "TABLE DATA public incident" in listed.stdout
    else:
        assert revision(f"sqlite:///{copy}") == BEFORE  # what the older program starts on


def test_without_room_for_the_copy_nothing_is_changed(older: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(upgrading, "backup", full)
    monkeypatch.setattr(
        subprocess, "run", lambda *_, **__: subprocess.CompletedProcess([], 1, "", "No space left on device")
    )
    with pytest.raises(WrongSchema, match=r"no copy of them could be made in .*: No space left"):
        hold(older)
    assert revision(older.database) == BEFORE and copies(older) == []


def test_a_first_start_copies_nothing(place: Settings) -> None:  # noqa: F811
    hold(place)
    assert not (place.data_dir / upgrading.FOLDER).exists()


def test_every_place_says_which_program_it_is(sqlite_town: Town) -> None:
    said = subprocess.run([HERE / "run.sh", "--version"], capture_output=True, text=True)
    assert said.stdout.strip() == RELEASE and RELEASE.startswith("Siaga 1.")
    assert sqlite_town.anyone.get("/health").text == f"ok, {RELEASE}"
    for page in ("/admin", "/me"):
        assert RELEASE in sqlite_town.dewi.get(page).text

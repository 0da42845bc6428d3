"""Every wrong setting is one clear sentence before anything is served; a running installation is asked the same."""

import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from console.operator.certificates import make
from console.operator.checks import check
from console.operator.inspection import report
from console.server.data_folder import own
from console.settings import HERE, Settings, WrongSettings
from models.record.database import migrate, writing_engine
from tests.server.test_start import RUN, environment
from tests.support.law import law_of

CITY = {"host": "0.0.0.0", "public_url": "https://siaga.example"}
JUNK = HERE / "README.md"  # a file, and none of what is asked for
WRONG: dict[str, tuple[dict[str, Any], str]] = {  # what is set, and what the sentence says
    "a port of words": ({"port": "abc"}, "SIAGA_PORT is 'abc': "),
    "a port that is none": ({"port": 99_999}, "SIAGA_PORT is 99999: ports end at 65535"),
    "a port below all": ({"port": -1}, "SIAGA_PORT is -1"),
    "no workers": ({"workers": 0}, "SIAGA_WORKERS is 0: at least 1"),
    "half a worker": ({"workers": "1.5"}, "SIAGA_WORKERS is '1.5'"),
    "workers on a file": ({"workers": 2}, "SIAGA_WORKERS above 1 needs PostgreSQL"),
    "workers on a file by URL": ({"workers": 2, "database_url": "sqlite:////tmp/a.db"}, "SIAGA_WORKERS above 1 needs PostgreSQL"),
    "a database in no folder": ({"database_url": "sqlite:////gone/a.db"}, "a file in /gone, and there is no such folder"),
    "no messages": ({"messages_a_day": 0}, "SIAGA_MESSAGES_A_DAY is 0"),
    "no days": ({"strike_days": 0}, "SIAGA_STRIKE_DAYS is 0"),
    "a ladder of words": ({"ladder": "soon"}, "SIAGA_LADDER is 'soon': three numbers"),
    "a ladder that goes down": ({"ladder": "60 45 180, 0 0 0, 0 0 0, 0 0 0"}, "SIAGA_LADDER is '60 45 180, "),
    "a flood of nothing": ({"flood_line": 0}, "SIAGA_FLOOD_LINE is 0"),
    "a silence too short to be one": ({"deaf_seconds": 10}, "SIAGA_DEAF_SECONDS is 10"),
    "a duty phone that is none": ({"duty_phone": "110"}, "SIAGA_DUTY_PHONE is '110'"),
    "no connections": ({"connections_per_address": 0}, "SIAGA_CONNECTIONS_PER_ADDRESS is 0"),
    "neither yes nor no": ({"demo": "perhaps"}, "SIAGA_DEMO is 'perhaps'"),
    "a zone of no place": ({"zone": "Asia/Medan"}, "SIAGA_ZONE is 'Asia/Medan'"),
    "a zone that leads elsewhere": ({"zone": "../../etc/passwd"}, "SIAGA_ZONE is"),
    "a folder that is a file": ({"data_dir": JUNK}, "is a file: name a folder"),
    "a folder beneath a file": ({"data_dir": JUNK / "var"}, "is a file: name a folder"),
    "a folder where nobody writes": ({"data_dir": Path("/proc/siaga")}, "nothing can be written in /proc"),
    "a database of words": ({"database_url": "my database"}, "SIAGA_DATABASE_URL is no URL"),
    "another database": ({"database_url": "mysql://root@localhost/siaga"}, "SIAGA_DATABASE_URL begins with mysql://"),
    "a database that forgets": ({"database_url": "sqlite://"}, "memory forgets"),
    "another Redis": ({"redis_url": "http://localhost"}, "SIAGA_REDIS_URL is no URL of a Redis"),
    "a public name alone": ({"public_url": "siaga.example"}, "SIAGA_PUBLIC_URL is 'siaga.example'"),
    "a public port of words": ({"public_url": "https://siaga.example:abc"}, "SIAGA_PUBLIC_URL is"),
    "a public URL with a path": ({"public_url": "https://polri.example/siaga"}, "leave out /siaga"),
    "any proxy": ({"proxy": "all"}, "SIAGA_PROXY is 'all'"),
    "every proxy": ({"proxy": "*"}, "SIAGA_PROXY is '*'"),
    "a network of proxies": ({"proxy": "10.0.0.0/8"}, "SIAGA_PROXY is '10.0.0.0/8'"),
    "half a certificate": ({"tls_cert": str(JUNK)}, "SIAGA_TLS_KEY is not set"),
    "a certificate that is gone": ({"tls_cert": "/gone.pem", "tls_key": str(JUNK)}, "SIAGA_TLS_CERT is /gone.pem"),
    "a certificate of words": ({"tls_cert": str(JUNK), "tls_key": str(JUNK)}, "no certificate with its key"),
    "tiles of one place": ({"map_tiles": "https://tiles.example/1/2/3.png"}, "SIAGA_MAP_TILES needs {z}"),
    "a map that is gone": ({"map_pmtiles": "/gone.pmtiles"}, "SIAGA_MAP_PMTILES is /gone.pmtiles"),
    "a map of words": ({"map_pmtiles": str(JUNK)}, "which is no PMTiles file"),
    "a geocoder without a scheme": ({"geocoder_url": "nominatim"}, "SIAGA_GEOCODER_URL is 'nominatim'"),
    "a channel for nobody": ({"notify": "json://127.0.0.1/sms"}, "SIAGA_NOTIFY needs {phone}"),
    "an unknown channel": ({"notify": "pigeon://post/{phone}"}, "SIAGA_NOTIFY begins with pigeon://"),
    "a key that anybody guesses": ({"secret_key": "fifteenletters1"}, "SIAGA_SECRET_KEY is too short: 16 letters"),
    "a token that anybody guesses": ({"metrics_token": "metrics"}, "SIAGA_METRICS_TOKEN is too short"),
    "a token of two words": ({"metrics_token": "please let me read them"}, "SIAGA_METRICS_TOKEN is too short, or holds a blank"),
    "plain http to the city": ({"host": "0.0.0.0"}, "Plain http is for this machine only"),
    "a demo for the city": ({"demo": True, **CITY}, "The demo has known passwords"),
}  # fmt: skip
RIGHT: dict[str, dict[str, Any]] = {
    "nothing": {},
    "behind a proxy": {**CITY, "proxy": "127.0.0.1"},
    "a slash at the end": {"public_url": "https://siaga.example/"},
    "another port": {"public_url": "https://siaga.example:8443", "proxy": "::1"},
    "PostgreSQL": {"database_url": "postgresql://siaga:word@db.example/siaga", "workers": 4},
    "Redis by socket": {"redis_url": "unix:///run/redis.sock?db=1"},
    "a gateway": {"notify": "jsons://gateway.example/sms?:to={phone}"},
    "tiles": {"map_tiles": "https://tiles.example/{z}/{x}/{y}.png", "geocoder_url": "http://127.0.0.1:8080"},
    "the east": {"zone": "Asia/Jayapura"},
    "any free port": {"port": 0},
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_setting_is_one_sentence(name: str, tmp_path: Path) -> None:
    given, says = WRONG[name]
    with pytest.raises(WrongSettings) as refused:
        check(Settings(**{"data_dir": tmp_path / "var", **given}))
    said = str(refused.value)
    assert says in said and "\n" not in said and said.endswith((".", "…", "}", "png", "writes one."))
    assert not (tmp_path / "var").exists()  # asking changes nothing


@pytest.mark.parametrize("name", RIGHT)
def test_a_right_one_is_none(name: str, tmp_path: Path) -> None:
    check(Settings(**{"data_dir": tmp_path / "var", **RIGHT[name]}))


def test_a_folder_that_others_may_enter_is_shut_where_it_is_ours_and_refused_where_it_is_not(tmp_path: Path) -> None:
    ours, somebodys = tmp_path / "ours", tmp_path / "home"
    for folder, file in ((ours, "secret.key"), (somebodys, "letter.txt")):
        folder.mkdir()
        folder.chmod(0o755)
        (folder / file).touch()
    check(Settings(data_dir=ours))
    assert ours.stat().st_mode & 0o777 == 0o755  # asking changes nothing
    own(ours)
    assert ours.stat().st_mode & 0o777 == 0o700
    for refuse in (lambda: check(Settings(data_dir=somebodys)), lambda: own(somebodys)):
        with pytest.raises(WrongSettings, match="which others may enter: name a folder of its own"):
            refuse()
    assert somebodys.stat().st_mode & 0o777 == 0o755


def test_a_certificate_with_its_key_is_taken(tmp_path: Path) -> None:
    make("siaga.example", tmp_path)
    check(
        Settings(
            data_dir=tmp_path, tls_cert=str(tmp_path / "siaga.example.crt"), tls_key=str(tmp_path / "siaga.example.key")
        )
    )


def test_a_misspelt_setting_is_named_with_what_was_meant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIAGA_PUBLIK_URL", "https://siaga.example")
    with pytest.raises(WrongSettings, match=r"SIAGA_PUBLIK_URL is no setting: is SIAGA_PUBLIC_URL meant\?"):
        check(Settings(data_dir=tmp_path))


@pytest.mark.parametrize("command", [(), ("admin", "create-key", "app"), ("admin", "check"), ("demo",)], ids=" ".join)
def test_whatever_is_started_says_it_in_one_line(command: tuple[str, ...], tmp_path: Path) -> None:
    wrong = environment(tmp_path, SIAGA_PORT="abc")
    said = subprocess.run([RUN, *command], env=wrong, capture_output=True, text=True)
    assert said.returncode == 1 and said.stdout == ""
    assert said.stderr.startswith("./run.sh: SIAGA_PORT is 'abc'") and said.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


# A running installation


def test_what_is_well_is_said(tmp_path: Path, database_url: str, redis_url: str) -> None:
    said, well = report(Settings(data_dir=tmp_path, database_url=database_url, redis_url=redis_url))
    assert well, said
    assert [line.split()[:2] for line in said.splitlines()] == [
        ["ok", f"{part}:"] for part in ("settings", "database", "key", "redis", "disk", "certificate", "messages")
    ]


def test_what_is_not_well_is_said_and_all_of_it(tmp_path: Path) -> None:
    silent = "127.0.0.1:1"  # nobody listens there
    settings = Settings(
        data_dir=tmp_path, database_url=f"postgresql://siaga:geheim@{silent}/siaga", redis_url=f"redis://:geheim@{silent}/0",
        zone="Mars/Olympus", tls_cert=str(JUNK), tls_key=str(JUNK),
    )  # fmt: skip
    said, well = report(settings)
    assert not well and "geheim" not in said
    bad = [line for line in said.splitlines() if line.startswith("BAD")]
    for words in (
        "Mars/Olympus",
        "no certificate with its key",
        "postgresql does not answer",
        "redis: does not answer",
        "cannot be read",
    ):
        assert any(words in line for line in bad), (words, said)


def test_a_database_of_another_program_and_a_clock_that_went_back_are_said(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    migrate(settings.database)
    with law_of(settings.database) as law:
        law.file()
    engine = writing_engine(settings.database)
    with engine.begin() as connection:
        later = datetime.now(UTC) + timedelta(hours=1)
        connection.execute(text("UPDATE event SET at = :at"), {"at": f"{later:%Y-%m-%d %H:%M:%S.%f}"})
    assert "in the future: the clock was set back" in report(settings)[0]
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    said, well = report(settings)
    assert not well and "start the newer program" in said


def test_a_certificate_that_ends_soon_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("console.operator.certificates.SERVER_DAYS", 20)
    make("siaga.example", tmp_path)
    pair = {"tls_cert": str(tmp_path / "siaga.example.crt"), "tls_key": str(tmp_path / "siaga.example.key")}
    said, well = report(Settings(data_dir=tmp_path, **pair))
    assert not well and "BAD  certificate: ends " in said


def test_a_full_disk_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("console.operator.inspection.LEAST_FREE", 10**18)
    assert "BAD  disk: " in report(Settings(data_dir=tmp_path))[0]


def test_a_sqlite_that_may_lose_what_it_stored_is_said_where_it_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a machine for which there is no wheel of a newer one."""
    monkeypatch.setattr("console.operator.inspection.sqlite_version", lambda: (3, 40, 1))
    assert "BAD  database: SQLite 3.40.1 may corrupt its log" in report(Settings(data_dir=tmp_path))[0]
    elsewhere = Settings(data_dir=tmp_path, database_url="postgresql://127.0.0.1:1/siaga")
    assert "SQLite" not in report(elsewhere)[0]

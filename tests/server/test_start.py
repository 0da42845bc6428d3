"""The real command, in a process of its own: it says where it listens, and stops when told to."""

import os
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from urllib.request import urlopen

import pytest
from sqlalchemy import text

from console.cli import main
from console.server.keyring import check_key
from console.settings import Settings
from models.record.database import migrate, writing_engine
from tests.support.house import wait_until
from tests.support.patience import PATIENCE_SECONDS

RUN = Path(__file__).resolve().parents[2] / "run.sh"


def environment(data_dir: Path, **settings: str) -> dict[str, str]:
    return os.environ | {"SIAGA_DATA_DIR": str(data_dir), "PYTHONUNBUFFERED": "1"} | settings


@contextmanager
def serving(data_dir: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The process and its URL, once it listens."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    command = {"args": [RUN], "env": environment(data_dir, SIAGA_PORT=port), "cwd": data_dir}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(**command, **pipes, umask=0o022) as process:
        assert process.stdout is not None
        said = next((line for line in process.stdout if line.startswith("Siaga: http://")), "")
        try:
            yield process, said.removeprefix("Siaga: ").strip()
        finally:
            process.kill()


def test_it_serves_from_any_folder_for_nobody_else_alone_and_stops_gracefully(tmp_path: Path) -> None:
    for stops in ([signal.SIGTERM], [signal.SIGINT, signal.SIGINT]):  # on an empty folder, on what the first start left
        for left in (tmp_path, *tmp_path.glob("siaga.db*")):  # as an older program left it
            left.chmod(0o755)
        with serving(tmp_path) as (process, url):
            with urlopen(f"{url}/health") as answer:
                assert answer.status == 200
            others = {str(path): oct(path.stat().st_mode) for path in (tmp_path, *tmp_path.rglob("*")) if _open(path)}
            assert others == {} and (tmp_path / "siaga.db-wal").exists()
            if len(stops) == 1:
                _refuses_another(tmp_path)
            port = int(url.rpartition(":")[2])
            for stop in stops:
                process.send_signal(stop)
                wait_until(partial(_shut, port))  # the next one comes while it ends
            assert process.stderr and "Traceback" not in process.stderr.read()
            assert process.wait(PATIENCE_SECONDS) in (0, 130, -signal.SIGTERM)


def _refuses_another(data_dir: Path) -> None:
    """With whichever Redis, in one line."""
    other = environment(data_dir, SIAGA_PORT="0", SIAGA_REDIS_URL="redis://127.0.0.1:1")
    refused = subprocess.run([RUN], env=other, capture_output=True, text=True, timeout=PATIENCE_SECONDS)
    assert (refused.returncode, refused.stderr) == (1, f"./run.sh: Siaga works in {data_dir}: stop it first\n")


def _shut(port: int) -> bool:
    with socket.socket() as line:
        return line.connect_ex(("127.0.0.1", port)) != 0


def _open(path: Path) -> bool:
    return bool(path.stat().st_mode & 0o077)


def test_a_start_on_the_database_of_a_newer_program_is_refused_in_one_line(tmp_path: Path) -> None:
    migrate(f"sqlite:///{tmp_path / 'siaga.db'}")
    engine = writing_engine(f"sqlite:///{tmp_path / 'siaga.db'}")
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    refused = subprocess.run([RUN], env=environment(tmp_path), capture_output=True, text=True)
    assert (refused.returncode, refused.stderr.count("\n")) == (1, 1), refused.stderr
    assert "start the newer program" in refused.stderr


def test_a_database_that_does_not_answer_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIAGA_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("SIAGA_DATABASE_URL", "postgresql://siaga:geheim@127.0.0.1:1/siaga")
    monkeypatch.setattr("console.cli.app", lambda **_: check_key(Settings()))
    monkeypatch.setattr("console.cli.signal", SimpleNamespace(signal=lambda *_: None, SIGINT=0, SIG_IGN=0))
    with pytest.raises(SystemExit, match="the database does not answer as it should: connection failed") as said:
        main()
    assert "\n" not in str(said.value) and "geheim" not in str(said.value)


def test_a_start_that_would_expose_people_is_refused_and_names_the_mend(tmp_path: Path) -> None:
    refused = subprocess.run([RUN], env=environment(tmp_path, SIAGA_HOST="0.0.0.0"), capture_output=True, text=True)
    assert refused.returncode == 1
    assert "./run.sh admin make-certificate" in refused.stderr
    assert "Traceback" not in refused.stderr

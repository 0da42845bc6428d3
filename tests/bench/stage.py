"""A city for benches: the real program in a process of its own, with people enough to fill it.

with city(url) as people, serving(people.url, folder) as server:
    people.officers[0], people.citizens[0]      # cookies
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

from sqlalchemy import create_engine, update
from sqlmodel import Session, select

import models.tables  # noqa: F401
from console.door.viewer import hash_of
from console.ground.places import Places
from console.settings import HERE
from console.writer import Writer
from models.city.category import Category, Target
from models.city.seed.plant import plant
from models.incidents.filing import Filing, file
from models.people.citizens import Citizen
from models.people.officers import Officer
from models.people.sessions import sign_in
from models.record.database import migrate, writing_engine
from models.roles import Role
from tests.bench.report import SERVER, on_core
from tests.support.postgres_server import cluster

KEY = b"a key for benches"
OFFICERS, CITIZENS = 220, 400
SOCKETS_EACH = 10  # an officer may have so many (console/live/hub.py, Limits)
BABURA = (3.5796, 98.6585)
A_DAY = 86_400
STOP_SECONDS = 15


@dataclass
class City:
    """Everyone is signed in; `officers` and `citizens` are their cookies."""

    url: str
    officers: list[str] = field(default_factory=list)
    citizens: list[str] = field(default_factory=list)

    def consoles(self, count: int) -> list[str]:
        """Cookies for so many open consoles."""
        return [self.officers[number // SOCKETS_EACH] for number in range(count)]

    def report(self, number: int, more: str = "") -> bytes:
        """The HTTP request of a filing, as a browser's form sends it; each number another citizen and key."""
        body = urlencode(
            {
                "category": ("CURAS_BEGAL", "LAKA", "KEBAKARAN", "CURAT")[number % 4],
                "description": f"Dua orang naik matic hitam, nomor {number}",
                "lat": f"{BABURA[0] + number % 50 * 0.0004:.6f}",
                "lon": f"{BABURA[1] + number % 70 * 0.0003:.6f}",
                "precision": "pin",
                "place": "Jl. Iskandar Muda",
                "landmark": more or "depan minimarket",
                "idempotency_key": uuid4().hex,
            }
        )
        head = (
            "POST /complaints HTTP/1.1\r\nHost: siaga\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            f"Cookie: {self.citizens[number % CITIZENS]}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return (head + body).encode()


@contextmanager
def city(url: str = "", incidents: int = 0) -> Iterator[City]:
    """A new one; in SQLite, unless a URL says otherwise."""
    with tempfile.TemporaryDirectory(prefix="siaga-bench-") as folder:
        people = City(url or f"sqlite:///{folder}/siaga.db")
        migrate(people.url)
        writer = Writer(writing_engine(people.url), KEY, lambda _: None)
        writer.submit(plant).result()
        writer.submit(_people, people).result()
        for start in range(0, incidents, 100):
            writer.submit(_incidents, range(start, min(start + 100, incidents))).result()
        writer.close()
        yield people


@contextmanager
def cities() -> Iterator[dict[str, City]]:
    """One on each database."""
    with cluster() as server, city() as sqlite:
        with create_engine(f"{server}/postgres", isolation_level="AUTOCOMMIT").connect() as connection:
            connection.exec_driver_sql("CREATE DATABASE bench")
        with city(f"{server}/bench") as postgres:
            yield {"SQLite": sqlite, "PostgreSQL": postgres}


@dataclass
class Serving:
    process: "subprocess.Popen[str]"
    port: int
    log: Path

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(STOP_SECONDS)


@contextmanager
def serving(
    url: str, port: int = 0, command: tuple[str, ...] = ("console.cli",), core: int = SERVER
) -> Iterator[Serving]:
    """The program over this database, listening, on a core of its own."""
    folder = Path(tempfile.mkdtemp(prefix="siaga-bench-"))
    settings = {
        "SIAGA_DATA_DIR": str(folder), "SIAGA_PORT": str(port), "SIAGA_DATABASE_URL": url, "SIAGA_REDIS_URL": "",
        "SIAGA_SECRET_KEY": KEY.decode(), "PYTHONUNBUFFERED": "1",
    }  # fmt: skip
    log = folder / "server.log"
    with log.open("wb") as errors, on_core(core):
        process = subprocess.Popen(
            [sys.executable, "-m", *command],
            cwd=HERE, env=os.environ | settings, stdout=subprocess.PIPE, stderr=errors, text=True,
        )  # fmt: skip
    try:
        with process:
            assert process.stdout
            line = next((line for line in process.stdout if line.startswith("Siaga: http")), "")
            if not line:
                raise RuntimeError(f"the server did not start: {log.read_text()[-2000:]}")
            try:
                yield Serving(process, urlsplit(line.removeprefix("Siaga: ").strip()).port or 0, log)
            finally:
                process.kill()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _people(session: Session, people: City) -> None:
    session.execute(update(Target).values(claim_s=A_DAY, arrive_s=A_DAY))  # nothing falls due while we measure
    officers = [
        Officer(login=f"o{n}", name=f"Petugas {n}", rank="Aipda", role=Role.OFFICER, password="-")
        for n in range(OFFICERS)
    ]
    citizens = [Citizen(phone=f"+62812{n:08d}", name=f"Warga {n}", password="-") for n in range(CITIZENS)]
    session.add_all([*officers, *citizens])
    session.flush()
    for rows, cookies in ((officers, people.officers), (citizens, people.citizens)):
        for row in rows:
            secret = uuid4().hex
            sign_in(session, row, hash_of(secret))
            cookies.append(f"siaga={secret}")


PLACES: list[Places] = []  # made once, when it is first needed


def _incidents(session: Session, numbers: range) -> None:
    if not PLACES:
        PLACES.append(Places())
    codes = session.exec(select(Category.code).where(Category.choosable)).all()
    for n in numbers:
        site = PLACES[0].site(BABURA[0] + n % 50 * 4e-4, BABURA[1] + n % 70 * 3e-4, precision="pin", landmark="Pasar")
        by = session.get_one(Citizen, n % CITIZENS + 1).viewer
        file(session, by, Filing(codes[n % len(codes)], f"Laporan nomor {n}", site))

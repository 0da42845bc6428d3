"""./run.sh demo: Medan on an evening, on data of its own, with sign-ins for everyone and a drill that goes on.

The data folder carries a marker; one without it is never touched, so nobody's complaints are wiped by a slip.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

from console.app import create_app
from console.demo.before import BLOCKED
from console.demo.evening import PLAYED, evening
from console.demo.film import FILM, prints
from console.demo.people import SignIn, hashes, settle, sign_ins
from console.demo.player import Player
from console.ground.places import Places
from console.operator.checks import check
from console.operator.offline import office
from console.server.data_folder import LOCK, Taken, alone, own
from console.server.logs import configure
from console.server.serving import Server, address, configuration, listen
from console.server.vitals import Full
from console.settings import HERE, LOG, Settings, WrongSettings
from models.record.database import empty, is_sqlite, wipe
from models.roles import Role
from models.time import now

MARKER, SIGN_INS = "demo.json", "sign-ins.json"
STOP_SECONDS = 3


@dataclass(frozen=True)
class Marker:
    """Whose folder this is. `database`: where its data lie, empty for the SQLite file in the folder itself."""

    seed: int
    database: str = ""


def run(drill: bool, keep: bool, seed: int) -> None:
    """Serve the demo until it is told to stop."""
    # Whoever is made up has no telephone; and whoever closes the one browser that looks at a demo is not missed.
    settings = Settings(data_dir=folder(), demo=True, notify=LOG, deaf_seconds=0)
    configure(settings)
    try:
        check(settings)
        listener = listen(settings.host, settings.port)  # first: a taken port must not cost last time's evening
        rows = prepare(settings, keep, seed)
    except (WrongSettings, Taken, Full) as wrong:
        sys.exit(f"./run.sh: {wrong}")
    url = address(settings, listener)
    print(table(rows, url, settings.data_dir / SIGN_INS), flush=True)
    # Uvicorn stops gracefully and then sends itself the signal once more: as an exit, so that the drill ends with us.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with suppress(KeyboardInterrupt), playing(url, rows, seed, drill):
        Server(configuration(settings, partial(create_app, settings)), url).run(sockets=[listener])


def folder() -> Path:
    return Path(os.environ.get("SIAGA_DATA_DIR") or HERE / "var" / "demo")


def prepare(settings: Settings, keep: bool, seed: int) -> list[SignIn]:
    """The data folder as the demo needs it: last time's with `keep`, else a fresh evening. Returns all sign-ins."""
    marker = read_marker(settings)
    own(settings.data_dir)
    with alone(settings.data_dir):
        if keep and marker and (settings.data_dir / SIGN_INS).exists():
            return sign_ins(marker.seed, settings.key)
        if marker:
            clear(settings)
        (settings.data_dir / MARKER).write_text(json.dumps(asdict(Marker(seed, settings.database_url))))
        return build(settings, seed)


def read_marker(settings: Settings) -> Marker | None:
    """The marker, None for a place that is still empty. Refuses data that no demo has made."""
    path = settings.data_dir / MARKER
    marker = Marker(**json.loads(path.read_text())) if path.exists() else None
    if marker is None and settings.data_dir.exists() and any(settings.data_dir.iterdir()):
        raise WrongSettings(f"{settings.data_dir} is not a demo's: choose an empty folder with SIAGA_DATA_DIR.")
    if (marker is None or marker.database != settings.database_url) and not empty(settings.database):
        raise WrongSettings("The database of SIAGA_DATABASE_URL is not this demo's: choose an empty one.")
    return marker


def clear(settings: Settings) -> None:
    """Last time's evening goes. The film stays: its pictures take a second or two to draw."""
    if not is_sqlite(settings.database):
        wipe(settings.database)
    for path in settings.data_dir.iterdir():
        if path.name in (FILM, MARKER, LOCK):
            continue
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def build(settings: Settings, seed: int) -> list[SignIn]:
    """Everyone, and the evening so far. sign-ins.json is written last: it says that the rest is there."""
    rows = sign_ins(seed, settings.key)
    with ThreadPoolExecutor() as pool:
        hashed, reel = pool.submit(hashes, rows), pool.submit(prints, settings.data_dir)
        places = pool.submit(Places, settings.data_dir)
        with office(settings) as writer:
            people = writer.submit(settle, rows, hashed.result()).result()
            start = now()
            player = Player(people, places.result(), reel.result(), start)
            writer.submit(player.play, evening(seed, start)).result()
    path = settings.data_dir / SIGN_INS
    path.touch(mode=0o600)
    path.write_text(json.dumps([row.line() for row in rows if row.known], indent=1, ensure_ascii=False) + "\n")
    return rows


@contextmanager
def playing(url: str, rows: list[SignIn], seed: int, drill: bool) -> Iterator[None]:
    """The drill beside the server, in a process of its own. It ends when its standard input does: with us, in any case."""
    cast = cast_of(rows, url, seed, drill)
    child = subprocess.Popen(
        [sys.executable, "-m", "console.demo.drill"], stdin=subprocess.PIPE, cwd=HERE, start_new_session=True
    )
    assert child.stdin is not None
    try:
        child.stdin.write(json.dumps(cast).encode() + b"\n")
        child.stdin.flush()
        yield
    finally:
        child.stdin.close()
        try:
            child.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()


def cast_of(rows: list[SignIn], url: str, seed: int, drill: bool) -> dict[str, Any]:
    """Who plays, and where: everybody whose sign-in is not given away, and who may still file."""
    citizens = [row for row in rows if row.role == Role.CITIZEN]
    return {
        "url": url,
        "seed": seed,
        "drill": drill,
        "officers": [row.line() for row in rows if row.login in PLAYED],
        "citizens": [
            row.line() | {"name": row.name} for n, row in enumerate(citizens) if not row.known and n not in BLOCKED
        ],
        "key": next(row.password for row in rows if row.role == Role.INTAKE),
    }


def table(rows: list[SignIn], url: str, path: Path) -> str:
    """The sign-ins a person needs first; all of them stand in the file."""
    shown = [row for row in rows if row.known and row.role not in (Role.INTAKE, Role.LIAISON)]
    shown += [row for row in rows if row.login in ("damkarmat",)]
    lines = [f"  {row.role.value:<11} {row.login:<13} {row.password:<28} {row.name}" for row in shown]
    return "\n".join(
        [
            "",
            "DEMO: everyone and everything in it is made up.",
            "",
            *lines,
            "",
            f"All sign-ins: {path}",
            f"Open {url}",
            "",
        ]
    )

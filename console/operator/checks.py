"""Is this a place to serve from? What every start asks of its settings.

Each fault is one sentence that names the setting and what helps; nothing is served before all of them are mended.
"""

import os
import ssl
from collections.abc import Callable
from difflib import get_close_matches
from ipaddress import ip_address
from pathlib import Path
from tempfile import TemporaryFile
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import redis
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from console.ground.city import fault_of, folder_of
from console.server.data_folder import open_to_others
from console.settings import LEAST_SECRET, LOG, LOOPBACK, MOVED, Settings, WrongSettings
from models.people.phones import as_phone
from models.record.database import is_sqlite

OF_THE_TESTS = ("SIAGA_CHROMIUM", "SIAGA_FIREFOX", "SIAGA_REQUIRE_BROWSER")  # tests/browser, not the server
DATABASES = ("sqlite", "postgresql", "postgres", "postgresql+psycopg")
LEAST_DEAF = 20


def check(settings: Settings) -> None:
    """Raises WrongSettings with the first fault."""
    for ask in FAULTS:
        if fault := ask(settings):
            raise WrongSettings(fault)


def _names(settings: Settings) -> str | None:
    known = {f"SIAGA_{name.upper()}" for name in Settings.model_fields} | {*OF_THE_TESTS}
    for name in sorted(os.environ):
        if name.startswith("SIAGA_") and name not in known:
            like = get_close_matches(name, known, 1)
            return f"{name} is no setting{f': is {like[0]} meant?' if like else '. README.md names them all.'}"
    return None


def _numbers(settings: Settings) -> str | None:
    if not 0 <= settings.port <= 65_535:
        return f"SIAGA_PORT is {settings.port}: ports end at 65535."
    for name in ("workers", "messages_a_day", "strike_days", "flood_line", "connections_per_address"):
        if getattr(settings, name) < 1:
            return f"SIAGA_{name.upper()} is {getattr(settings, name)}: at least 1 is needed."
    return None


def _zone(settings: Settings) -> str | None:
    try:
        ZoneInfo(settings.zone or "UTC")
    except (KeyError, ValueError, OSError):
        return f"SIAGA_ZONE is {settings.zone!r}, which no time zone is called: Asia/Jakarta is one."
    return None


def _folder(settings: Settings) -> str | None:
    folder = settings.data_dir
    there = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    if not there.is_dir():
        return f"SIAGA_DATA_DIR is {folder}, and {there} is a file: name a folder."
    try:
        with TemporaryFile(dir=there):
            pass
    except OSError:
        return f"SIAGA_DATA_DIR is {folder}, and nothing can be written in {there}: give it to whoever runs Siaga."
    return open_to_others(folder)


def _city(settings: Settings) -> str | None:
    folder = folder_of(settings)
    fault = fault_of(folder)
    return (
        fault
        and f"{'SIAGA_SEED is' if settings.seed else 'What was taken over lies in'} {folder}, which is no city to serve: {fault}."
    )


def _database(settings: Settings) -> str | None:
    try:
        url = make_url(settings.database)
    except (ArgumentError, ValueError):
        return "SIAGA_DATABASE_URL is no URL: postgresql://USER:PASSWORD@HOST/NAME is one."
    if url.drivername not in DATABASES:
        return f"SIAGA_DATABASE_URL begins with {url.drivername}://, and Siaga keeps its data in postgresql:// or sqlite:///."
    if url.drivername == "sqlite" and url.database in (None, "", ":memory:"):
        return "SIAGA_DATABASE_URL names no file, and memory forgets: sqlite:////path/to/siaga.db is one."
    if (
        settings.database_url
        and is_sqlite(settings.database)
        and not Path(url.database or "").absolute().parent.is_dir()
    ):
        return f"SIAGA_DATABASE_URL names a file in {Path(url.database or '').parent}, and there is no such folder."
    if settings.workers > 1 and is_sqlite(settings.database):
        return "SIAGA_WORKERS above 1 needs PostgreSQL: set SIAGA_DATABASE_URL."
    return None


def _moved(settings: Settings) -> str | None:
    note = settings.data_dir / MOVED
    if is_sqlite(settings.database) and note.is_file() and os.access(note, os.R_OK):
        return (
            f"What is in {settings.data_dir} was moved to {note.read_text().strip()}: set SIAGA_DATABASE_URL. "
            f"To go on with the old file all the same, and without what came since, remove {note}."
        )
    return None


def _redis(settings: Settings) -> str | None:
    try:
        redis.connection.parse_url(settings.redis_url or "redis://")
    except ValueError:
        return "SIAGA_REDIS_URL is no URL of a Redis: redis://HOST:6379/0, rediss://… and unix:///path are."
    return None


def _urls(settings: Settings) -> str | None:
    for name, bare in (("public_url", True), ("geocoder_url", False)):
        if not (given := getattr(settings, name)):
            continue
        try:
            url = urlsplit(given)
            well = url.scheme in ("http", "https") and url.hostname and url.port != 0
        except ValueError:
            well = False
        if not well:
            return f"SIAGA_{name.upper()} is {given!r}, which is no URL: https://siaga.example is one."
        if bare and (url.path.strip("/") or url.query or url.fragment):
            return f"SIAGA_PUBLIC_URL is {given!r}: Siaga has a host to itself, so leave out {given[given.index(url.netloc) + len(url.netloc) :]}."
    return None


def _proxy(settings: Settings) -> str | None:
    try:
        if settings.proxy:
            ip_address(settings.proxy)
    except ValueError:
        return f"SIAGA_PROXY is {settings.proxy!r}: name the proxy's exact address, such as 127.0.0.1, since whoever it names is believed."
    return None


def _certificate(settings: Settings) -> str | None:
    pair = {"SIAGA_TLS_CERT": settings.tls_cert, "SIAGA_TLS_KEY": settings.tls_key}
    if not any(pair.values()):
        return None
    for name, file in pair.items():
        if not file:
            return f"{name} is not set and its other half is: a certificate needs its key."
        if not Path(file).is_file() or not os.access(file, os.R_OK):
            return (
                f"{name} is {file}, and no file can be read there: `./run.sh admin make-certificate HOST` writes one."
            )
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(settings.tls_cert, settings.tls_key)
    except (ssl.SSLError, OSError):
        return f"SIAGA_TLS_CERT and SIAGA_TLS_KEY are no certificate with its key, both PEM: {settings.tls_cert}, {settings.tls_key}."
    return None


def _map(settings: Settings) -> str | None:
    if settings.map_tiles and not all(part in settings.map_tiles for part in ("{z}", "{x}", "{y}")):
        return "SIAGA_MAP_TILES needs {z}, {x} and {y} where the numbers of a tile go: https://tiles.example/{z}/{x}/{y}.png"
    if file := settings.map_pmtiles:
        try:
            with open(file, "rb") as opened:
                head = opened.read(7)
        except OSError:
            return f"SIAGA_MAP_PMTILES is {file}, and no file can be read there."
        if head != b"PMTiles":
            return f"SIAGA_MAP_PMTILES is {file}, which is no PMTiles file."
    return None


def _channel(settings: Settings) -> str | None:
    if settings.notify == LOG:
        return None
    if "{phone}" not in settings.notify:
        return "SIAGA_NOTIFY needs {phone} where the number goes: twilio://SID:TOKEN@FROM/{phone}"
    from apprise import Apprise  # only who sends pays for it

    if not Apprise().add(settings.notify.replace("{phone}", "6281234567890")):
        return f"SIAGA_NOTIFY begins with {settings.notify.partition('://')[0]}://, which is no channel that apprise knows, or lacks a part of it."
    return None


def _ladder(settings: Settings) -> str | None:
    try:
        assert settings.rungs
    except ValueError:
        return (
            f"SIAGA_LADDER is {settings.ladder!r}: three numbers of seconds are needed for each of P1 to P4, with commas between them, "
            "each more than the one before, or 0."
        )
    if settings.deaf_seconds < 0 or 0 < settings.deaf_seconds < LEAST_DEAF:
        return f"SIAGA_DEAF_SECONDS is {settings.deaf_seconds}: presence is noted every 15 seconds, so 0 or at least {LEAST_DEAF}."
    if settings.duty_phone and as_phone(settings.duty_phone) is None:
        return f"SIAGA_DUTY_PHONE is {settings.duty_phone!r}, which is no telephone number."
    return None


def _secret(settings: Settings) -> str | None:
    if settings.secret_key and len(settings.secret_key) < LEAST_SECRET:
        return f"SIAGA_SECRET_KEY is too short: {LEAST_SECRET} letters at least, and nobody's words."
    return None


def _token(settings: Settings) -> str | None:
    token = settings.metrics_token
    if token and (len(token) < LEAST_SECRET or not token.isascii() or token.split() != [token]):
        return f"SIAGA_METRICS_TOKEN is too short, or holds a blank: {LEAST_SECRET} plain letters at least, and nobody's words."
    return None


def _exposure(settings: Settings) -> str | None:
    if settings.host not in LOOPBACK and not settings.secure:
        return (
            f"Plain http is for this machine only, and SIAGA_HOST is {settings.host}. Either run "
            f"`./run.sh admin make-certificate {settings.host}` and set SIAGA_TLS_CERT and SIAGA_TLS_KEY, "
            "or put a TLS proxy before it and set SIAGA_PUBLIC_URL=https://…"
        )
    if settings.demo and settings.host not in LOOPBACK:
        return "The demo has known passwords and serves this machine only: unset SIAGA_HOST."
    return None


FAULTS: tuple[Callable[[Settings], str | None], ...] = (
    _names, _numbers, _zone, _folder, _city, _database, _moved, _redis, _urls, _proxy, _certificate, _map, _channel, _ladder, _secret, _token,
    _exposure,
)  # fmt: skip

"""Is all well here? What `./run.sh admin check` asks of a running installation: a line for each part."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from platform import machine
from time import time

import redis
from cryptography import x509
from sqlalchemy import func, make_url, select
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from console.ground.city import another_city
from console.operator.checks import FAULTS
from console.server.keyring import key_fault
from console.server.vitals import LEAST_FREE
from console.settings import LOG, Settings
from models.city.seed.facts import WrongSeed
from models.record.chain import WrongKey
from models.record.database import (
    SAFE_SQLITE,
    WrongSchema,
    check_schema,
    empty,
    is_sqlite,
    reading_engine,
    sqlite_version,
)
from models.record.event import Event
from models.record.segments import known_print

CERTIFICATE_DAYS = 21  # long enough to renew one in working hours
DRIFT_SECONDS = 2  # of two clocks; beyond it the diary of two machines is out of order


def report(settings: Settings) -> tuple[str, bool]:
    """A line for each part, and whether all is well."""
    lines = [(well, f"{part}: {said}") for part, ask in PARTS.items() for well, said in ask(settings)]
    return "\n".join(f"{'ok  ' if well else 'BAD '} {line}" for well, line in lines), all(well for well, _ in lines)


Said = Iterator[tuple[bool, str]]


def _settings_said(settings: Settings) -> Said:
    faults = [fault for ask in FAULTS if (fault := ask(settings))]
    yield from ((False, fault) for fault in faults)
    if not faults:
        yield True, "all of them can be served with"


def _database_said(settings: Settings) -> Said:
    kind = make_url(settings.database).get_backend_name()
    if is_sqlite(settings.database) and (here := sqlite_version()) < SAFE_SQLITE:
        safe, found = (".".join(map(str, version)) for version in (SAFE_SQLITE, here))
        yield (
            False,
            f"SQLite {found} may corrupt its log under load, and for this kind of machine ({machine()}) no newer one is "
            f"installed with us: take a Python with SQLite {safe}, or PostgreSQL",
        )
    try:
        check_schema(settings.database)
        if empty(settings.database):
            yield True, f"{kind}, still empty"
            return
        engine = reading_engine(settings.database, 1)
        try:
            with Session(engine) as session:
                newest = session.execute(select(func.max(Event.seq), func.max(Event.at))).one()
        finally:
            engine.dispose()
    except WrongSchema as wrong:
        yield False, str(wrong)
    except SQLAlchemyError as error:
        yield False, f"{kind} does not answer ({type(error).__name__})"
    else:
        yield True, f"{kind}, up to date, {newest[0] or 0} events"
        with suppress(WrongSeed):  # of which the settings' own line tells
            if fault := another_city(settings):
                yield False, fault
        if newest[1] and (ahead := (newest[1] - datetime.now(UTC)).total_seconds()) > DRIFT_SECONDS:
            yield False, f"its newest event is {ahead:.0f} s in the future: the clock was set back"


def _key_said(settings: Settings) -> Said:
    with suppress(SQLAlchemyError):  # of which the database's own line tells
        if empty(settings.database):
            yield True, "the one of SIAGA_SECRET_KEY" if settings.secret_key else "made at the first start"
            return
        engine = reading_engine(settings.database, 1)
        try:
            with Session(engine) as session:
                known = known_print(session)
            fault = key_fault(settings, known)
        except WrongKey as wrong:
            known, fault = "", str(wrong)
        finally:
            engine.dispose()
        yield not fault, fault or ("the one that this database is sealed with" if known else "nothing is sealed yet")


def _redis_said(settings: Settings) -> Said:
    if not settings.redis_url:
        yield True, "the embedded server; it lives and dies with Siaga"
        return
    try:
        with redis.Redis.from_url(settings.redis_url, socket_timeout=3, socket_connect_timeout=3) as there:
            seconds, micros = there.time()
    except redis.RedisError as error:
        yield False, f"does not answer ({type(error).__name__}); filing goes on, screens hear of news a second later"
        return
    drift = abs(seconds + micros / 1e6 - time())
    yield drift < DRIFT_SECONDS, f"answers; its clock and ours are {drift:.1f} s apart"


def _disk_said(settings: Settings) -> Said:
    there = next(path for path in (settings.data_dir, *settings.data_dir.absolute().parents) if path.exists())
    free = shutil.disk_usage(there).free
    yield free >= LEAST_FREE, f"{free / 1024**3:.1f} GiB free in {there}"


def _certificate_said(settings: Settings) -> Said:
    if not settings.tls_cert:
        yield True, "none of ours" + (": TLS is the proxy's" if settings.secure else ", on loopback only")
        return
    try:
        certificate = x509.load_pem_x509_certificate(Path(settings.tls_cert).read_bytes())
    except (OSError, ValueError):
        yield False, f"{settings.tls_cert} cannot be read"
        return
    left = (certificate.not_valid_after_utc - datetime.now(UTC)).days
    yield left >= CERTIFICATE_DAYS, f"ends {certificate.not_valid_after_utc:%Y-%m-%d}, in {left} days"


def _messages_said(settings: Settings) -> Said:
    if settings.mute:
        yield False, "SIAGA_NOTIFY names no channel: no code reaches a phone, and nobody can register"
    elif settings.notify == LOG:
        yield True, "lines of the server's log, for development"
    else:
        yield True, f"leave by {settings.notify.partition('://')[0]}"


PARTS: dict[str, Callable[[Settings], Said]] = {
    "settings": _settings_said,
    "database": _database_said,
    "key": _key_said,
    "redis": _redis_said,
    "disk": _disk_said,
    "certificate": _certificate_said,
    "messages": _messages_said,
}

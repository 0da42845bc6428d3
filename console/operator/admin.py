"""./run.sh admin: accounts, keys, maps and the audit, by whoever has the machine. A function for each command.

All but `restore`, `move` and `rotate-key` work while the server runs. It sees what they change within a second.
"""

import asyncio
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, col, func, select

from console.door.passwords import HASHER, first_password
from console.door.viewer import new_secret
from console.evidence.checking import file_faults
from console.evidence.store import Store
from console.ground.boundaries import import_boundaries as take_boundaries
from console.ground.city import settle, take
from console.ground.files import WrongFile
from console.ground.landmarks import import_places as take_places
from console.operator import backups, certificates, moving, rehearsing, restoring
from console.operator.archive import WrongBackup
from console.operator.offline import office
from console.pages.words import say
from console.server.data_folder import Taken
from console.server.keyring import OPERATOR, Keyring, hold, rotate
from console.server.sweeping import clear_away, sweep_all
from console.settings import Settings
from console.writer import Writer
from models.administration import keys, people
from models.city.agency import Agency
from models.command.audit import audit, seal_of
from models.command.retention import INCIDENTS, periods
from models.command.sweeping.lots import Lot, totals
from models.command.sweeping.sweep import due
from models.errors import NotFound, Refusal, WrongValue
from models.incidents.incident import Incident
from models.people.factors import reset_factors
from models.people.officers import Officer
from models.record.chain import WrongKey
from models.record.database import no_answer, reading_engine
from models.record.event import Head
from models.record.moving import NotMoved
from models.record.segments import segments
from models.roles import STAFF, Role

SHOWN_ONCE = "It is shown once and kept nowhere."
THEIRS = f"{SHOWN_ONCE} Its owner chooses another one at the first sign-in, before anything else opens."


def create_user(role: str, login: str, name: str, agency: str | None = None) -> str:
    if role not in STAFF:
        sys.exit(f"{role} is no role: choose one of {', '.join(STAFF)}")
    password = first_password()
    hashed = HASHER.hash(password)

    def act(session: Session) -> Officer:
        agencies = {row.code: row.id for row in session.exec(select(Agency))}
        if role == Role.LIAISON and agency not in agencies:
            raise WrongValue("agency", "a liaison needs --agency, one of {codes}", codes=", ".join(agencies))
        of = agencies.get(agency or "")
        return people.enlist(session, OPERATOR, login=login, name=name, role=role, password=hashed, agency_id=of)

    with saying(), office(Settings()) as writer:
        made = writer.submit(act).result()
    return f"{made.name} signs in as {made.login} with the password\n\n    {password}\n\n{THEIRS}"


def reset_password(login: str, factors: bool = False) -> str:
    """`factors`: forget the second factors too."""
    password = first_password()
    hashed = HASHER.hash(password)

    def act(session: Session) -> Officer:
        found = session.exec(select(Officer).where(Officer.login == login.casefold())).first()
        if found is None:
            raise NotFound("nobody signs in as {login}", login=login)
        if factors:
            reset_factors(session, OPERATOR, found.id)
        return people.reset_password(session, OPERATOR, found.id, hashed)

    with saying(), office(Settings()) as writer:
        who = writer.submit(act).result()
    return f"{who.name} signs in as {who.login} with the new password\n\n    {password}\n\n{THEIRS}"


def create_key(name: str) -> str:
    secret, hash = new_secret()
    with saying(), office(Settings()) as writer:
        made = writer.submit(keys.make_key, OPERATOR, name, hash).result()
    return f"Intake key of {made.name}, for `Authorization: Bearer …`\n\n    {secret}\n\n{SHOWN_ONCE}"


def make_certificate(host: str) -> str:
    return certificates.make(host, Settings().data_dir / "tls")


def seed(folder: Path) -> str:
    return take(folder, Settings())


def import_boundaries(file: Path) -> str:
    settle(Settings())
    with saying():
        counts = take_boundaries(file, Settings().data_dir)
    named = ", ".join(f"{number} {kind}" for kind, number in counts.items() if number)
    return f"Boundaries of {named} taken over. Restart the server to draw them."


def import_places(file: Path) -> str:
    settle(Settings())
    with saying():
        count = take_places(file, Settings().data_dir)
    return f"{count} places taken over. Restart the server to find them."


def backup(file: Path, evidence: bool = True) -> str:
    with saying():
        return backups.make(Settings(), file, evidence)


def examine_backup(file: Path) -> tuple[str, bool]:
    """(what was found, is all well)."""
    with saying():
        return rehearsing.examine(file)


def restore(file: Path) -> str:
    with saying():
        return restoring.put_back(Settings(), file)


def move(url: str) -> str:
    with saying():
        return moving.to_postgresql(Settings(), url)


def rotate_key(lost: bool = False) -> str:
    with saying():
        return rotate(Settings(), lost)


def sweep(do: bool = False) -> str:
    """What is past its period now, and with `do` what went."""
    settings = Settings()
    with saying():
        hold(settings)
        engine = reading_engine(settings.database, 1)
        try:
            with Session(engine) as session:
                lots, some = due(session), bool(periods(session))
                kept = session.exec(select(func.count()).where(col(Incident.preserved_at).is_not(None))).one()
        finally:
            engine.dispose()
        if do:
            with office(settings) as writer:
                asyncio.run(_sweep_now(Store(settings.data_dir), writer, lots))
    if not some:
        return "No period is set, so nothing is ever swept. An administrator sets them at /admin/retention."
    told = [_told(lot) for lot in totals(lots)]
    stays = f"{kept} preserved stay, whatever the period." if kept else ""
    end = "Swept." if do else "Nothing was changed. --do sweeps it now; else a night does."
    return "\n".join(filter(None, [*(told or ["Nothing is past its period."]), stays, end if told else ""]))


async def _sweep_now(store: Store, writer: Writer, lots: list[Lot]) -> None:
    await sweep_all(writer, OPERATOR, lots)
    await clear_away(store, writer)


def _told(lot: Lot) -> str:
    files = f" with {lot.files} files" if lot.files and lot.kind == INCIDENTS else ""
    return f"{lot.kind:10} {lot.category or '-':16} {lot.count:7}{files}, the oldest of {lot.oldest:%Y-%m-%d}"


def verify_audit(kept: str = "", evidence: bool = False) -> tuple[str, bool]:
    """(what was found, is all well). `kept`: a seal that an earlier run printed; `evidence`: read every file too."""
    settings = Settings()
    with saying():
        ring = hold(settings)
    engine = reading_engine(settings.database, 1)
    try:
        with Session(engine) as session:
            found = audit(session, ring.keys, kept)
            found += file_faults(session, Store(settings.data_dir)) if evidence else []
            session.expunge_all()
            head, seal, lost = session.get_one(Head, 1), seal_of(session, settings.key), _lost(session, ring)
    finally:
        engine.dispose()
    told = found or ["The chain of events and looks is intact, and what stands in the database is what it tells of."]
    ends = f"{head.seq} events, the last one {head.hash or '-'}; {head.look_seq} looks, the last one {head.look_hash or '-'}."
    return "\n".join(
        [*told, *lost, ends, f"Keep this seal elsewhere, and give it to the next check:\n{seal}"]
    ), not found


def _lost(session: Session, ring: Keyring) -> list[str]:
    """What nobody can check any more."""
    seams = segments(session)
    known = [number for number, key in enumerate(ring.keys) if key is None]
    return [f"Events before {seams[known[-1]].seq} could not be checked: their key was lost."] if known else []


@contextmanager
def saying() -> Iterator[None]:
    """What went wrong, as a sentence instead of a traceback."""
    try:
        yield
    except Refusal as refusal:
        sys.exit(say("en", refusal.sentence, refusal.values))
    except (WrongFile, WrongKey, Taken, WrongBackup, NotMoved) as error:
        sys.exit(str(error))
    except SQLAlchemyError as error:
        sys.exit(f"The database does not answer as it should: {no_answer(error)}")
    except OSError as error:
        sys.exit(f"{error.filename}: {error.strerror}" if error.filename else str(error))

"""The server's keys: the one of today, known to the database by its fingerprint, and those before it."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from sqlalchemy import update
from sqlmodel import Session, select

from console.door.factors import app_secret, sealed_secret
from console.door.sealing import mark, seal, unseal
from console.server.data_folder import Taken, alone, own, serving
from console.server.key_file import NEXT, SECRET, new_secret, read_secret, sync_folder, write_once
from console.server.upgrading import upgrade
from console.settings import Settings, WrongSettings
from models.command.erasing import Erasure
from models.command.members import Member
from models.people.codes import CODE, Code
from models.people.erased_numbers import BlockedNumber
from models.people.factors import Factor, FactorKind, forget_factor
from models.record.chain import WrongKey, fingerprint
from models.record.database import writing_engine
from models.record.outbox import expire_kind
from models.record.segments import LOST, claim, known_print, segments, turn
from models.roles import Role
from models.viewer import Viewer

OPERATOR = Viewer(Role.ADMIN, name="./run.sh admin")  # no account: whoever has the machine
BACK = (
    "Put the right one back, from a backup or from the machine that has it. Only if it is lost for good: "
    "`./run.sh admin rotate-key --lost`."
)


@dataclass(frozen=True)
class Keyring:
    """`keys`: of each segment of the record, oldest first, today's last; None: lost."""

    keys: tuple[bytes | None, ...]

    def number_hash(self, phone: str) -> str:
        """What is kept of a blocked number whose account is gone. A turned key wraps what the ones before it made."""
        first, *later = self._since_lost()
        digest = mark(first, "phone", phone)
        for key in later:
            digest = wrapped(key, digest)
        return digest

    def _since_lost(self) -> list[bytes]:
        known: list[bytes] = []
        for key in self.keys:
            known = [*known, key] if key is not None else []
        return known


def wrapped(key: bytes, hash: str) -> str:
    return mark(key, "again", hash)


def keyring(session: Session, key: bytes) -> Keyring:
    """Each old key lies sealed with the one after it."""
    keys: list[bytes | None] = [key]
    for segment in reversed(segments(session)):
        newer = keys[0]
        said = unseal(newer, segment.old, None) if newer is not None and segment.old != LOST else None
        keys.insert(0, bytes.fromhex(said["key"]) if said else None)
    return Keyring(tuple(keys))


def hold(settings: Settings) -> Keyring:
    """The schema up to date, and our key the one that sealed what stands there. Raises WrongKey, in a sentence."""
    own(settings.data_dir)
    upgrade(settings)
    with _writing(settings) as session:
        known = known_print(session)
        _finish_turning(settings, known)
        if fault := key_fault(settings, known):
            raise WrongKey(fault)
        try:
            claim(session, settings.key)
        except WrongKey:  # another machine was faster, or it is from before fingerprints
            raise WrongKey(_not_it(settings)) from None
        return keyring(session, settings.key)


def key_fault(settings: Settings, known: str) -> str | None:
    """What is wrong with our key for a database whose head row knows `known`. Makes none where one is missing."""
    if known and not settings.secret_key and not (settings.data_dir / SECRET).exists():
        return f"{settings.data_dir / SECRET} is missing, and this database is sealed with it. {BACK}"
    return _not_it(settings) if known and fingerprint(settings.key) != known else None


def check_key(settings: Settings) -> None:
    """As hold, before anything is served; neither a restore that is under way nor another server on a SQLite file is disturbed."""
    own(settings.data_dir)
    try:
        with serving(settings.data_dir, settings.database):
            hold(settings)
    except Taken as taken:
        raise WrongSettings(str(taken)) from None


def rotate(settings: Settings, lost: bool = False) -> str:
    """A new key, a new segment of the record, and all that the old key made made anew. The server must be stopped.

    First the new key is on the disk, then the database knows it, then it takes the old one's name: whenever this is
    cut off, `hold` finds both and goes on.
    """
    own(settings.data_dir)
    following = settings.data_dir / NEXT
    with alone(settings.data_dir):
        if lost:
            upgrade(settings)
            with _writing(settings) as session:
                _finish_turning(settings, known_print(session))
        else:
            hold(settings)
        old = None if lost else settings.key
        following.unlink(missing_ok=True)
        write_once(following, new_secret())
        new = read_secret(following)
        with _writing(settings) as session:
            made = _anew(session, old, new)
            turn(session, OPERATOR, old, new, seal(new, {"key": old.hex()}) if old is not None else LOST)
        if not settings.secret_key:
            _finish_turning(settings, fingerprint(new))
    if settings.secret_key:
        where = f"It lies in {following}: put it where SIAGA_SECRET_KEY comes from, then remove that file."
    else:
        where = f"It lies in {settings.data_dir / SECRET}; other machines on the same database need it too."
    return f"A new key seals the record from here on. {where} {made} Make a backup: an older one wants the older key."


def _anew(session: Session, old: bytes | None, new: bytes) -> str:
    """What the old key made; what cannot be made anew runs out. Says so."""
    for code in session.exec(select(Code)):
        session.delete(code)
    expire_kind(session, CODE)
    numbers, erasures = session.exec(select(BlockedNumber)).all(), session.exec(select(Erasure)).all()
    ends = "Codes and half-finished sign-ins have run out: people ask for a code again."
    apps = _apps_anew(session, old, new)
    if old is None:
        for row in numbers:
            session.delete(row)
        session.connection().execute(update(Member).values(phone=""))
        return (
            f"{ends} What the lost key had made is void: {len(numbers)} numbers of erased accounts with strikes are "
            f"known no longer, of {len(erasures)} accounts being erased only the replies will be emptied, no member's "
            f"phone can be read (enter them anew), and {apps} code apps of the staff are gone: whoever had no other "
            "second factor signs in by password alone."
        )
    for number in numbers:
        session.add(BlockedNumber(hash=wrapped(new, number.hash), citizen_id=number.citizen_id, at=number.at))
        session.delete(number)
    for erasure in erasures:
        if said := unseal(old, erasure.sealed, None):
            erasure.sealed = seal(new, said)
    for member in session.exec(select(Member).where(Member.phone != "")):
        if said := unseal(old, member.phone, None):
            member.phone = seal(new, said)
    session.flush()
    return ends


def _apps_anew(session: Session, old: bytes | None, new: bytes) -> int:
    """Code apps count on under the new key. What the lost one had sealed nobody can open: those are gone. How many."""
    apps = session.exec(select(Factor).where(Factor.kind == FactorKind.APP)).all()
    for app in apps:
        if old is not None:
            app.sealed = sealed_secret(new, app_secret(old, app))
        else:
            forget_factor(session, app)
    return len(apps)


def _finish_turning(settings: Settings, known: str) -> None:
    """The new key was written and the database knows it: it takes its place. One that the database never knew goes."""
    following = settings.data_dir / NEXT
    if settings.secret_key or not following.exists():
        return
    with suppress(FileNotFoundError):  # another process was faster
        if fingerprint(following.read_bytes()) == known:
            following.replace(settings.data_dir / SECRET)
            sync_folder(settings.data_dir)


def _not_it(settings: Settings) -> str:
    where = "SIAGA_SECRET_KEY" if settings.secret_key else settings.data_dir / SECRET
    return f"{where} is not the key that this database is sealed with. {BACK}"


@contextmanager
def _writing(settings: Settings) -> Iterator[Session]:
    engine = writing_engine(settings.database)
    try:
        with engine.begin() as connection, Session(connection, join_transaction_mode="rollback_only") as session:
            yield session
            session.flush()
    finally:
        engine.dispose()

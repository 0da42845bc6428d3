"""The second factor of the staff: an app that counts (TOTP), a passkey, and codes on paper for the day both are lost.

What is proved here came after the password. An app's secret lies sealed (console/door/factors.py opens it); of a passkey
only the public half is known; a recovery code is 80 random bits, so that its plain hash tells nobody anything.
"""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from sqlalchemy import String, delete
from sqlmodel import Field, Session, SQLModel, col, func, select

from models.acts import act
from models.errors import N_, NotAllowed, NotFound, Outdated, WrongMoment, WrongValue, need
from models.people.officers import Officer, find_officer
from models.people.sessions import revoke
from models.record.event import record
from models.roles import Role
from models.time import now
from models.viewer import CLOCK, Viewer

MOST = 8  # factors of one person
NAME_MOST = 40  # letters
OVER = N_("Langkah ini sudah lewat. Masuk lagi.")


class FactorKind(StrEnum):
    APP = "app"
    PASSKEY = "passkey"


class Factor(SQLModel, table=True):
    id: int = Field(default=None, primary_key=True)
    officer_id: int = Field(default=None, foreign_key="officer.id", index=True)
    kind: FactorKind = Field(sa_type=String)
    name: str
    sealed: str = ""  # an app's secret, under the server's key
    step: int = 0  # the last half minute whose code was taken: a code counts once (RFC 6238, 5.2)
    credential: str | None = Field(default=None, unique=True)  # a passkey's id, base64url
    public_key: str = ""  # base64url
    count: int = 0  # how often the passkey says it was used; one that counts backwards is a copy
    added_at: datetime = Field(default_factory=now)
    used_at: datetime | None = None


class RecoveryCode(SQLModel, table=True):
    __tablename__ = "recovery_code"
    hash: str = Field(primary_key=True)  # SHA-256 of 80 random bits
    officer_id: int = Field(foreign_key="officer.id", index=True)
    used_at: datetime | None = None


# One's own


@act
def add_factor(session: Session, by: Viewer, factor: Factor, codes: Iterable[str]) -> bool:
    """`factor`: proved just now, without an owner yet. `codes`: hashes, kept
    with the first one. Was it that?"""
    officer = find_officer(session, by.id)
    factor.name = need(factor.name, "name")[:NAME_MOST]
    mine = factors_of(session, officer.id)
    if len(mine) >= MOST:
        raise WrongValue("name", N_("Paling banyak {most} faktor. Hapus satu dahulu."), most=MOST)
    if factor.credential and session.exec(select(Factor.id).where(Factor.credential == factor.credential)).first():
        raise WrongMoment(N_("Passkey ini sudah tersimpan."))
    factor.officer_id = officer.id
    officer.has_factor = True
    session.add(factor)
    session.flush()
    if first := not mine:
        _write_codes(session, officer.id, codes)
    record(session, "add_factor", by, person=officer.id, factor=str(factor.kind), name=factor.name)
    return first


@act
def drop_factor(session: Session, by: Viewer, id: int) -> None:
    officer = find_officer(session, by.id)
    mine = {factor.id: factor for factor in factors_of(session, officer.id)}
    if id not in mine:
        raise NotFound()
    if officer.factor_due and len(mine) == 1:
        raise WrongMoment(N_("Anda wajib punya faktor kedua. Tambah yang baru dahulu."))
    gone = mine[id]
    record(session, "drop_factor", by, person=officer.id, factor=str(gone.kind), name=gone.name)
    forget_factor(session, gone)


@act
def renew_codes(session: Session, by: Viewer, codes: Iterable[str]) -> None:
    """New recovery codes; the old sheet opens nothing any more."""
    officer = find_officer(session, by.id)
    if not factors_of(session, officer.id):
        raise WrongMoment(N_("Tambah faktor kedua dahulu."))
    session.exec(delete(RecoveryCode).where(col(RecoveryCode.officer_id) == officer.id))
    _write_codes(session, officer.id, codes)
    record(session, "renew_codes", by, person=officer.id)


# Others'


@act
def require_factor(session: Session, by: Viewer, id: int, due: bool) -> None:
    """From the next page on nothing opens for them before they have one."""
    officer = _somebody(session, id)
    if officer.factor_due != due:
        officer.factor_due = due
        record(session, "require_factor", by, person=id, due=due)


@act
def reset_factors(session: Session, by: Viewer, id: int) -> None:
    """Phone and paper are lost: the password alone lets in again, and every screen of theirs closes."""
    officer = _lower(session, by, id)
    session.exec(delete(Factor).where(col(Factor.officer_id) == id))
    _forget(session, officer)
    record(session, "reset_factors", by, person=officer.id)
    revoke(session, by, officer=id)


@act
def end_seats(session: Session, by: Viewer, id: int) -> None:
    """Every screen of theirs closes: a phone was lost, a browser was left open."""
    revoke(session, by, officer=_lower(session, by, id).id)


# At the door


def factor_used(
    session: Session, id: int, begun: datetime, *, step: int | None = None, count: int | None = None
) -> None:
    """A right answer, taken once. `begun`: when the password before it was given. Raises Outdated for a second one."""
    factor = session.get(Factor, id)
    if factor is None:
        raise Outdated(OVER)
    _fresh(session, factor.officer_id, begun)
    if step is not None:
        if step <= factor.step:
            raise WrongValue("code", N_("Kode ini sudah dipakai. Tunggu kode berikutnya."))
        factor.step = step
    if count is not None:
        factor.count = count
    factor.used_at = now()


def code_used(session: Session, officer_id: int, hash: str, begun: datetime) -> None:
    """A recovery code, once. Raises WrongValue for one that is none of theirs or was used."""
    code = session.get(RecoveryCode, hash)
    if code is None or code.officer_id != officer_id or code.used_at:
        raise WrongValue("code", N_("Kode salah."))
    _fresh(session, officer_id, begun)
    code.used_at = now()
    record(session, "use_code", session.get_one(Officer, officer_id).viewer, person=officer_id)


def note_wrong_factor(session: Session, officer_id: int) -> None:
    """The password was right and what came after it was not: somebody may know the password. By nobody."""
    record(session, "wrong_factor", CLOCK, person=officer_id)


def factors_of(session: Session, officer_id: int) -> list[Factor]:
    return list(session.exec(select(Factor).where(Factor.officer_id == officer_id).order_by(col(Factor.id))))


def codes_left(session: Session, officer_id: int) -> int:
    unused = select(func.count()).where(RecoveryCode.officer_id == officer_id, col(RecoveryCode.used_at).is_(None))
    return session.exec(unused).one()


def kinds_by_person(session: Session) -> dict[int, list[FactorKind]]:
    """Which factors each has."""
    kinds: dict[int, list[FactorKind]] = {}
    for officer_id, kind in session.exec(select(Factor.officer_id, Factor.kind).order_by(col(Factor.id))):
        kinds.setdefault(officer_id, []).append(FactorKind(kind))
    return kinds


def _fresh(session: Session, officer_id: int, begun: datetime) -> None:
    """One password lets in once: whatever was begun before a factor was last used is over, also for who listened."""
    factors = select(func.max(Factor.used_at)).where(Factor.officer_id == officer_id)
    codes = select(func.max(RecoveryCode.used_at)).where(RecoveryCode.officer_id == officer_id)
    if any(last and last >= begun for last in (session.exec(factors).one(), session.exec(codes).one())):
        raise Outdated(OVER)


def forget_factor(session: Session, factor: Factor) -> None:
    session.delete(factor)
    session.flush()
    if not factors_of(session, factor.officer_id):
        _forget(session, session.get_one(Officer, factor.officer_id))


def _forget(session: Session, officer: Officer) -> None:
    """The last factor is gone, and with it what stood in for one."""
    officer.has_factor = False
    session.exec(delete(RecoveryCode).where(col(RecoveryCode.officer_id) == officer.id))


def _write_codes(session: Session, officer_id: int, codes: Iterable[str]) -> None:
    session.add_all(RecoveryCode(hash=hash, officer_id=officer_id) for hash in codes)


def _somebody(session: Session, id: int) -> Officer:
    officer = session.get(Officer, id)
    if officer is None:
        raise NotFound()
    return officer


def opens_door_of(by: Viewer, officer: Officer) -> bool:
    """Never one's own, and an administrator's only another administrator."""
    return by.id != officer.id and (officer.role != Role.ADMIN or by.role == Role.ADMIN)


def _lower(session: Session, by: Viewer, id: int) -> Officer:
    officer = _somebody(session, id)
    if not opens_door_of(by, officer):
        raise NotAllowed(N_("Akun sendiri: lewat Akun saya. Akun administrator: oleh administrator lain."))
    return officer

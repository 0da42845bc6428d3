"""People: who has an account of the staff, as what, and for how long."""

import re
from typing import Any

from sqlmodel import Session, col, func, select

from models.acts import act
from models.administration.entered import LONGEST, found, named
from models.administration.stations import find_station
from models.city.agency import Agency, Kind
from models.command.deputy import strip
from models.errors import N_, WrongValue
from models.incidents.letting_go import leave_cases
from models.people.officers import Officer
from models.people.sessions import revoke
from models.record.event import record
from models.roles import STAFF, Role
from models.viewer import Viewer

LOGIN = re.compile(r"[a-z][a-z0-9._-]{2,31}")


@act
def enlist(
    session: Session, by: Viewer, *, login: str, name: str, role: str, password: str,
    rank: str = "", station_id: int | None = None, agency_id: int | None = None, own: bool = False,
) -> Officer:  # fmt: skip
    """A new account of the staff. `password`: already hashed; unless it is their `own`, they change it first."""
    login = login.strip().casefold()
    if not LOGIN.fullmatch(login):
        raise WrongValue("login", N_("Nama masuk: 3 sampai 32 huruf kecil, angka, titik atau garis, diawali huruf."))
    if session.exec(select(Officer.id).where(Officer.login == login)).first():
        raise WrongValue("login", N_("Nama masuk ini sudah dipakai."))
    officer = Officer(login=login, name="", role=Role.OFFICER, password=password, must_change=not own)
    _describe(session, officer, name, rank, role, station_id, agency_id)
    session.add(officer)
    session.flush()
    record(session, "enlist", by, person=officer.id, login=login, **_described(officer))
    return officer


@act
def reappoint(
    session: Session, by: Viewer, id: int, *, name: str, role: str, rank: str = "",
    station_id: int | None = None, agency_id: int | None = None, version: int | None = None,
) -> Officer:  # fmt: skip
    """Another name, rank, role, station or agency. A new role or agency ends every session: one signs in anew."""
    officer = find_person(session, id, version)
    before = _described(officer)
    _describe(session, officer, name, rank, role, station_id, agency_id)
    after = _described(officer)
    if before == after:
        return officer
    if before["role"] == Role.ADMIN and after["role"] != Role.ADMIN:
        _keep_an_admin(session, officer)
    record(session, "reappoint", by, person=id, was=before, **after)
    if (before["role"], before["agency"]) != (after["role"], after["agency"]):
        strip(session, by, officer)
        revoke(session, by, officer=id)
        leave_cases(session, by, officer)
    return officer


@act
def retire(session: Session, by: Viewer, id: int) -> None:
    """The account may not sign in any more, and every screen of it closes. What it did stays."""
    officer = find_person(session, id)
    if not officer.active:
        return
    if officer.role == Role.ADMIN:
        _keep_an_admin(session, officer)
    officer.active = False
    record(session, "retire", by, person=id)
    strip(session, by, officer)
    revoke(session, by, officer=id)
    leave_cases(session, by, officer)


@act
def reinstate(session: Session, by: Viewer, id: int) -> None:
    officer = find_person(session, id)
    if officer.active:
        return
    if agency := officer.agency_id and session.get(Agency, officer.agency_id):
        _one_of_a_leader(session, agency, officer)
    officer.active = True
    record(session, "reinstate", by, person=id)


@act
def reset_password(session: Session, by: Viewer, id: int, password: str) -> Officer:
    """`password`: already hashed, of a new first password, to be changed. Every session of the account ends."""
    officer = find_person(session, id)
    officer.password, officer.must_change = password, True
    record(session, "reset_password", by, person=id)
    revoke(session, by, officer=id)
    return officer


def people(session: Session, q: str = "") -> list[Officer]:
    """Everyone of the staff, those who may sign in first; `q` narrows by name or login."""
    rows = select(Officer).order_by(col(Officer.active).desc(), col(Officer.name), col(Officer.id))
    if q := q.strip():
        rows = rows.where(
            col(Officer.name).icontains(q, autoescape=True) | col(Officer.login).icontains(q, autoescape=True)
        )
    return list(session.exec(rows))


def find_person(session: Session, id: int, version: int | None = None) -> Officer:
    return found(session.get(Officer, id), version)


def _describe(
    session: Session, officer: Officer, name: str, rank: str, role: str, station_id: int | None, agency_id: int | None
) -> None:
    if role not in STAFF:
        raise WrongValue("role", N_("Pilih peran."))
    officer.name, officer.rank, officer.role = named(name), rank.strip()[:LONGEST], Role(role)
    was = officer.station_id, officer.agency_id  # which may be closed by now
    officer.station_id = officer.agency_id = None
    if officer.role == Role.LIAISON:
        agency = session.get(Agency, agency_id) if agency_id else None
        if agency is None or not (agency.active or agency.id == was[1]):
            raise WrongValue("agency", N_("Pilih instansi penghubung ini."))
        if officer.active:
            _one_of_a_leader(session, agency, officer)
        officer.agency_id = agency.id
    elif station_id:
        officer.station_id = station_id if station_id == was[0] else find_station(session, station_id).id


def _one_of_a_leader(session: Session, agency: Agency, officer: Officer) -> None:
    """A community leader is a person: another one gets an agency of their own."""
    others = [one for one in liaisons(session, agency.id) if one.active and one is not officer]
    if agency.kind == Kind.LEADER and others:
        raise WrongValue(
            "agency", N_("{agency} adalah seorang tokoh dan sudah punya penghubung: {name}."),
            agency=agency.name, name=others[0].title,
        )  # fmt: skip


def liaisons(session: Session, agency_id: int) -> list[Officer]:
    """Those who may sign in first."""
    rows = select(Officer).where(Officer.agency_id == agency_id, Officer.role == Role.LIAISON)
    return list(session.exec(rows.order_by(col(Officer.active).desc(), col(Officer.name), col(Officer.id))))


def _described(officer: Officer) -> dict[str, Any]:
    return {
        "name": officer.name,
        "rank": officer.rank,
        "role": str(Role(officer.role)),
        "station": officer.station_id,
        "agency": officer.agency_id,
    }


def _keep_an_admin(session: Session, but: Officer) -> None:
    """Somebody must be left who can make accounts."""
    others = select(func.count()).where(Officer.role == Role.ADMIN, Officer.active, Officer.id != but.id)
    if session.exec(others).one() == 0:
        raise WrongValue("role", N_("Harus ada paling sedikit satu administrator."))

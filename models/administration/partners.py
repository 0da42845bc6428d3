"""Partners: who can be passed an incident, where they are reached, and what becomes of it when one closes."""

from sqlmodel import Session, col, select

from models.acts import act
from models.administration.entered import coded, found, named
from models.city.agency import Agency, Kind
from models.city.names import still_unused, unused
from models.errors import N_, WrongMoment, WrongValue
from models.incidents.incident import Incident
from models.incidents.referral import ENDED, Referral
from models.people.officers import Officer
from models.people.phones import e164
from models.people.sessions import revoke
from models.record.event import record
from models.time import now
from models.viewer import Viewer


@act
def add_agency(session: Session, by: Viewer, code: str, name: str, kind: str = Kind.INSTITUTION) -> Agency:
    code = coded(code)
    if session.exec(select(Agency.id).where(Agency.code == code)).first():
        raise WrongValue("code", N_("Kode ini sudah dipakai."))
    if kind not in list(Kind):
        raise WrongValue("kind", N_("Pilih jenis instansi."))
    agency = Agency(code=code, name=unused(named(name), _other_agencies(session)), kind=Kind(kind))
    session.add(agency)
    session.flush()
    record(session, "add_agency", by, agency=agency.id, code=code, name=agency.name, kind=agency.kind)
    return agency


@act
def rename_agency(session: Session, by: Viewer, id: int, name: str, version: int | None = None) -> Agency:
    agency, name = find_agency(session, id, version), named(name)
    if name != agency.name:
        unused(name, _other_agencies(session, id))
        record(session, "rename_agency", by, agency=id, was=agency.name, name=name)
        agency.name = name
    return agency


@act
def number_agency(session: Session, by: Viewer, id: int, phone: str, version: int | None = None) -> Agency:
    """Of a command beside ours: whoever reported what is forwarded there is told this number. Empty: none is known."""
    agency = find_agency(session, id, version)
    if agency.kind != Kind.COMMAND:
        raise WrongMoment(N_("Hanya nomor komando tetangga yang dibaca pelapor."))
    phone = e164(phone) if phone.strip() else ""
    if phone != agency.phone:
        record(session, "number_agency", by, agency=id, name=agency.name, was=agency.phone, phone=phone)
        agency.phone = phone
    return agency


@act
def line_agency(session: Session, by: Viewer, id: int, line: str, to: str, version: int | None = None) -> Agency:
    """Where links to referrals go, while nobody there signs in. `line`: sealed; `to`: as much of it as may be read."""
    agency = find_agency(session, id, version)
    if (line, to) != (agency.line, agency.line_shown):
        record(session, "line_agency", by, agency=id, name=agency.name, was=agency.line_shown, to=to)
        agency.line, agency.line_shown = line, to
    return agency


@act
def close_agency(session: Session, by: Viewer, id: int, words: str = "", version: int | None = None) -> None:
    """It gets nothing new, its liaisons are out. What still runs is ended with `words`, which its incidents keep."""
    agency, words = find_agency(session, id, version), words.strip()
    if not agency.active:
        return
    running = running_referrals(session, id)
    if running and not words:
        raise WrongValue(
            "words", N_("{n} rujukan masih berjalan ({numbers}). Tulis kata penutup untuk mengakhirinya."),
            n=len(running), numbers=", ".join(incident.number for _, incident in running),
        )  # fmt: skip
    for referral, incident in running:
        before = incident.values()
        referral.state, referral.finished_at = ENDED, now()
        incident.note("unrefer", by, before, referral=referral.id, agency=id, name=agency.name, note=words)
    agency.active = False
    record(session, "close_agency", by, agency=id, name=agency.name, ended=len(running), reason=words)
    for liaison in session.exec(select(Officer.id).where(Officer.agency_id == id)):
        revoke(session, by, officer=liaison, told=True)


@act
def reopen_agency(session: Session, by: Viewer, id: int) -> None:
    """Its liaisons may sign in again; what was ended stays ended."""
    agency = find_agency(session, id)
    if not agency.active:
        still_unused(agency.name, _other_agencies(session, id))
        agency.active = True
        record(session, "reopen_agency", by, agency=id, name=agency.name)


def agencies(session: Session) -> list[Agency]:
    """Those that are open first."""
    return list(session.exec(select(Agency).order_by(col(Agency.active).desc(), col(Agency.name), col(Agency.id))))


def _other_agencies(session: Session, id: int | None = None) -> list[str]:
    """Names of the open ones, this one's own aside."""
    return [agency.name for agency in agencies(session) if agency.active and agency.id != id]


def find_agency(session: Session, id: int, version: int | None = None) -> Agency:
    return found(session.get(Agency, id), version)


def running_referrals(session: Session, agency_id: int) -> list[tuple[Referral, Incident]]:
    """What this partner can see now, oldest first: what it was asked, is at work on, or owes its last note for."""
    rows = select(Referral, Incident).join(Incident, col(Incident.id) == Referral.incident_id)
    found = session.exec(rows.where(Referral.agency_id == agency_id, Referral.showing()).order_by(col(Referral.id)))
    return [(referral, incident) for referral, incident in found]

"""An incident is passed to a partner, and the partner answers."""

from typing import Annotated, Any

from sqlmodel import Session, col, exists, not_, select

from models.asked import Asked, Id, OfficerNote, Sure, Which, words
from models.city.agency import Agency
from models.city.category import RESTRICTED
from models.errors import N_, NotAllowed, Unsure, WrongMoment, WrongValue, need
from models.incidents.incident import Incident, session_of
from models.incidents.referral import ACCEPTED, ASKED, CLOSED, DECLINED, DESK, ENDED, FINISHED, FULL, TIERS, Referral
from models.people.officers import Officer
from models.roles import Role
from models.time import now
from models.viewer import CLOCK, Viewer
from models.workflow import effect

SILENT, UNWRITTEN = "silent", "unwritten"  # why the clock ended one
SLIP = "slip"  # or whoever referred it took it back
NO_AGENCY, NO_TIER = N_("Pilih instansi."), N_("Pilih seberapa banyak yang dibagikan.")


@effect
def refer(
    incident: Incident,
    by: Viewer,
    agency: Annotated[Id, Asked("agency", N_("Instansi"), missing=NO_AGENCY)],
    tier: Annotated[str, Asked("tier", N_("Yang boleh dilihat"), missing=NO_TIER)],
    note: Annotated[str, words(N_("Catatan untuk instansi"), needed=False)] = "",
    reason: Annotated[str, words(N_("Alasan merujuk laporan tentang petugas"), restricted=True)] = "",
    sure: Sure = False,
) -> dict[str, Any]:
    """`note`: what the partner reads. `reason`: for the log; a case about officers is not passed on without one.

    Every word and all evidence go to the partner that such a case is usually for; to any other only when asked twice.
    """
    session = session_of(incident)
    if incident.category_code == RESTRICTED:
        if by.role != Role.SUPERVISOR:
            raise NotAllowed()
        need(reason, sentence=N_("Tulis mengapa laporan tentang petugas ini dirujuk."))
    partner = session.exec(select(Agency).where(Agency.id == agency, Agency.active)).first()
    if partner is None:
        raise WrongValue("agency", NO_AGENCY)
    if tier not in TIERS:
        raise WrongValue("tier", NO_TIER)
    if any(row.agency_id == partner.id and row.lasts for row in incident.referrals):
        raise WrongMoment(N_("Sudah dirujuk ke {agency}."), agency=partner.name)
    if tier == FULL and partner.code != incident.category.partner and not sure:
        raise Unsure(
            N_("{name} akan membaca semua kata laporan dan melihat buktinya. Benar ke sana?"), name=partner.name
        )
    incident.handled()
    row = Referral(incident_id=incident.id, agency_id=partner.id, tier=tier, note=note, asked_at=now())
    row.stay()
    incident.referrals.append(row)
    session.flush()
    passed = {"referral": row.id, "agency": partner.id, "name": partner.name}
    return passed | {"tier": tier, "note": note, "reason": reason}


@effect
def accept(incident: Incident, by: Viewer, note: OfficerNote = "") -> dict[str, Any]:
    return _answer(incident, by, (ASKED,), ACCEPTED, note)


@effect
def decline(
    incident: Incident,
    by: Viewer,
    note: Annotated[str, words(N_("Alasan menolak"), missing=N_("Tulis alasan menolak rujukan."))],
) -> dict[str, Any]:
    return _answer(incident, by, (ASKED, ACCEPTED), DECLINED, note)


@effect
def finish(
    incident: Incident,
    by: Viewer,
    note: Annotated[str, words(N_("Apa yang sudah dilakukan"), missing=N_("Tulis apa yang sudah dilakukan."))],
) -> dict[str, Any]:
    return _answer(incident, by, (ACCEPTED, CLOSED), FINISHED, note)


@effect
def extend(incident: Incident, by: Viewer, referral: Which = None) -> dict[str, Any]:
    """Without a number: the first that lasts."""
    row = readable(incident, referral)
    row.stay()
    return {"referral": row.id, "agency": row.agency_id, "name": row.agency.name}


def partners(session: Session, incident: Incident) -> list[Agency]:
    """To whom it may be referred now: the one that such a case is usually for first, the others as they are spoken."""
    lasts = {row.agency_id for row in incident.referrals if row.lasts}
    rows = [row for row in session.exec(select(Agency).where(Agency.active)) if row.id not in lasts]
    return sorted(rows, key=lambda row: (row.code != incident.category.partner, row.spoken.casefold()))


def take_back(incident: Incident, by: Viewer, id: int) -> str:
    """By whoever referred it by a slip, before anybody there answered. What was read meanwhile stays read. Returns to whom."""
    row = next(row for row in incident.referrals if row.id == id)
    if row.state != ASKED:
        raise WrongMoment(N_("{name} sudah menjawab. Rujukan tidak dapat dibatalkan."), name=row.agency.name)
    _end(incident, by, row, SLIP)
    return row.agency.name


def lasting(incident: Incident, id: int | None) -> Referral:
    row = next((row for row in incident.referrals if row.lasts and id in (None, row.id)), None)
    if row is None:
        raise WrongMoment(N_("Rujukan ini sudah berakhir."))
    return row


def readable(incident: Incident, id: int | None) -> Referral:
    """One that lasts, where somebody signs in: anywhere else words reach nobody, and time shows nothing."""
    row = lasting(incident, id)
    if not signs_in(session_of(incident), row.agency):
        raise WrongMoment(N_("Di {agency} tidak ada yang dapat masuk: hubungi lewat telepon."), agency=row.agency.name)
    return row


def signs_in(session: Session, agency: Agency) -> bool:
    """Is there a liaison who could?"""
    theirs = select(Officer.id).where(Officer.agency_id == agency.id, Officer.role == Role.LIAISON, col(Officer.active))
    return agency.active and session.exec(select(exists(theirs))).one()


def unseen_now(session: Session) -> list[int]:
    """Incidents with a referral whose time is over, and no event tells so yet."""
    rows = select(Referral.incident_id).where(col(Referral.state).in_(DESK), not_(Referral.showing()))
    return sorted(session.exec(rows.distinct()))


def end_unseen(session: Session, id: int) -> None:
    """By the clock: open screens let go of what nobody may read any more, and the diary says why."""
    incident = session.get_one(Incident, id)
    for row in incident.referrals:
        if row.state in DESK and not row.shows:
            _end(incident, CLOCK, row, UNWRITTEN if row.state == CLOSED else SILENT)


def _end(incident: Incident, by: Viewer, row: Referral, why: str) -> None:
    row.state, row.finished_at = ENDED, row.finished_at or now()
    noted: dict[str, Any] = {"referral": row.id, "agency": row.agency_id, "name": row.agency.name, "why": why}
    incident.note("unrefer", by, incident.values(), **noted)


def end_referrals(incident: Incident, closing: bool = False) -> list[tuple[int, str]]:
    """A partner sees what was referred while the referral lasts, and no longer than the incident. (id, what it was)

    `closing`: whoever is at work there may still write how it ended.
    """
    restricted = incident.category_code == RESTRICTED
    over = [referral for referral in incident.referrals if (referral.shows if restricted else referral.lasts)]
    ended = [(referral.id, referral.state) for referral in over]
    for referral in over:
        referral.state = CLOSED if closing and not restricted and referral.state == ACCEPTED else ENDED
        referral.finished_at = now()
    return ended


def resume_referrals(incident: Incident, ended: list[tuple[int, str]]) -> None:
    """As they were before they were ended."""
    states = dict(ended)
    for referral in incident.referrals:
        if referral.id in states and referral.state in (ENDED, CLOSED):
            referral.state, referral.finished_at = states[referral.id], None


def ask_again(incident: Incident, ended: list[tuple[int, str]]) -> None:
    """It was not over: who was at work there finds it again, who had not answered is asked anew."""
    if incident.category_code == RESTRICTED:
        return
    resume_referrals(incident, ended)
    for referral in incident.referrals:
        if referral.id in dict(ended):
            referral.stay()
            referral.asked_at = now() if referral.state == ASKED else referral.asked_at


def _answer(incident: Incident, by: Viewer, states: tuple[str, ...], state: str, note: str) -> dict[str, Any]:
    own = (r for r in incident.referrals if r.agency_id == by.agency_id and r.shows)
    row = next((r for r in own if r.state in states), None)
    if row is None:
        raise WrongMoment(N_("Rujukan ini sudah dijawab."))
    row.state, row.answer = state, note
    row.stay()
    row.answered_at = row.answered_at or now()
    row.finished_at = now() if state == FINISHED else None
    return {"referral": row.id, "agency": row.agency_id, "name": row.agency.name, "note": note}

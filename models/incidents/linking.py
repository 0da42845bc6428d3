"""Linking: a referral is answered once by whoever has the link, where nobody of its partner signs in.

The link is a secret of 256 bits, kept as its hash, also once a newer one took its place, so that whoever opens the old one
is told; what is to leave stands sealed in the outbox. Reading changes nothing:
phones fetch what they show a preview of. It opens while the referral waits, and to no more than its level shows; evidence
stays shut, since each look at it has to be somebody's. Who answered is not known, and the diary says so.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlmodel import Field, Session, SQLModel, col, delete, select

from models.asked import Which
from models.city.agency import Agency
from models.city.category import RESTRICTED
from models.errors import N_, NotFound, WrongMoment, WrongValue
from models.incidents.incident import Incident, session_of
from models.incidents.referral import ACCEPTED, ASKED, DECLINED, FINISHED, SIGHT, Referral
from models.incidents.referring import lasting, signs_in
from models.record.outbox import Parcel, put
from models.roles import Role
from models.viewer import CLOCK, Viewer
from models.workflow import effect

LINK = "link"  # a kind of the outbox
ANSWERS = ("accept", "decline")


class Stands(StrEnum):
    OPEN = "open"
    ANSWERED = "answered"
    OVER = "over"
    REPLACED = "replaced"


OVER = {
    Stands.ANSWERED: N_("Rujukan ini sudah dijawab."),
    Stands.OVER: N_("Tautan ini sudah berakhir."),
    Stands.REPLACED: N_("Tautan ini sudah diganti dengan yang lebih baru."),
}


class OldLink(SQLModel, table=True):
    """One that a newer one ended. It opens nothing, and goes with its referral."""

    __tablename__ = "old_link"
    hash: str = Field(primary_key=True)
    referral_id: int = Field(foreign_key="referral.id", index=True)


@dataclass(frozen=True)
class Secret:
    """`sealed`: what the sender writes the link from; the law keeps its hash alone."""

    hash: str
    sealed: str


@effect
def link(incident: Incident, by: Viewer, secret: Callable[[], Secret], referral: Which = None) -> dict[str, Any]:
    """A new one ends the one before."""
    if incident.category_code == RESTRICTED:
        raise WrongMoment(N_("Laporan tentang petugas tidak dikirim lewat tautan."))
    row = lasting(incident, referral)
    if row.state != ASKED:
        raise WrongMoment(N_("Rujukan ini sudah dijawab."))
    if not linkable(session_of(incident), row.agency):
        raise WrongMoment(N_("Tautan hanya untuk instansi tanpa penghubung yang dapat masuk, dengan nomor di /admin."))
    fresh = secret()
    if row.link:
        session_of(incident).add(OldLink(hash=row.link, referral_id=row.id))
    row.link = fresh.hash
    put(
        session_of(incident),
        LINK,
        str(row.id),
        {"sealed": fresh.sealed, "hash": fresh.hash},
        life=SIGHT,
        topic=LINK,
        urgent=True,
    )
    return {"referral": row.id, "agency": row.agency_id, "name": row.agency.name, "to": row.agency.line_shown}


def linkable(session: Session, agency: Agency) -> bool:
    """Has it a number, and nobody who could sign in?"""
    return agency.active and bool(agency.line) and not signs_in(session, agency)


def may_link(session: Session, incident: Incident, row: Referral) -> bool:
    waits = row.state == ASKED and row.lasts and incident.category_code != RESTRICTED
    return waits and linkable(session, row.agency)


def linked(session: Session, hash: str) -> tuple[Stands, Referral, Incident]:
    """What a link opens now. Raises NotFound for one that never was."""
    row = session.exec(select(Referral).where(Referral.link == hash)).first() if hash else None
    old = session.get(OldLink, hash)
    found = row or (session.get(Referral, old.referral_id) if old else None)
    if found is None:
        raise NotFound()
    incident = session.get_one(Incident, found.incident_id)
    if row is None:
        return Stands.REPLACED, found, incident
    if incident.category_code == RESTRICTED or not row.agency.active:
        return Stands.OVER, row, incident
    if row.state in (ACCEPTED, DECLINED, FINISHED):
        return Stands.ANSWERED, row, incident
    waits = row.state == ASKED and row.lasts and incident.open
    return Stands.OPEN if waits else Stands.OVER, row, incident


def answer_by_link(session: Session, hash: str, step: str, note: str) -> None:
    """Once; of two who press at the same time, the second reads that it was answered."""
    stands, row, incident = linked(session, hash)
    if step not in ANSWERS:
        raise WrongValue("answer", N_("Pilih jawabannya."))
    if stands is not Stands.OPEN:
        raise WrongMoment(OVER[stands])
    incident.take(step, Viewer(Role.LIAISON, agency_id=row.agency_id), note=note)


def forget_links(session: Session, incident_ids: Collection[int]) -> None:
    """With their referrals."""
    theirs = select(Referral.id).where(col(Referral.incident_id).in_(incident_ids))
    session.exec(delete(OldLink).where(col(OldLink.referral_id).in_(theirs)))


def line_of(session: Session, parcel: Parcel) -> str | None:
    """The sealed number that a link goes to now; None: it was answered, is over, or a newer one took its place."""
    row = session.get(Referral, int(parcel.to))
    if row is None or row.link != parcel.payload.get("hash") or linked(session, row.link)[0] is not Stands.OPEN:
        return None
    return row.agency.line


def note_link(session: Session, parcel_to: str, fault: str) -> None:
    """A gateway took it; or none ever will, and why. Then the diary says so."""
    row = session.get(Referral, int(parcel_to))
    incident = row and session.get(Incident, row.incident_id)
    if row and incident:
        said = {"referral": row.id, "agency": row.agency_id, "name": row.agency.name, "to": row.agency.line_shown}
        incident.note("linked", CLOCK, incident.values(), None, fault=fault, **said)

"""Uploads: files that follow their complaint piece by piece, however often the line breaks.

The steps are events: `upload` moves the percent on the officers' card, `attach` (filing.py) is the arrival.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlmodel import Session, col, func, or_, select

from models.errors import N_, NotFound, TooMuch, WrongValue
from models.incidents.arrivals import within_the_day
from models.incidents.complaint import Complaint
from models.incidents.evidence import Evidence, Transfer, percent
from models.incidents.filing import MOST_EVIDENCE, Upload, attach, find_complaint
from models.incidents.incident import Incident
from models.people.citizens import Citizen
from models.record.event import record
from models.roles import REPORTERS, Role
from models.time import now
from models.viewer import CLOCK, Viewer

KEPT = timedelta(hours=24)  # since its last byte was told of; the bytes of a silent one go
PHOTO_BYTES, VIDEO_BYTES = 50 * 1024 * 1024, 100 * 1024 * 1024  # 108 and 200 megapixels are 30 to 45 MB
FORM_PHOTO_BYTES = 15 * 1024 * 1024  # of each that a form carries in one piece
TOLD_PERCENT, TOLD_EVERY = 10, timedelta(seconds=2)  # the card moves by at least so much, at most so often


def begin(
    session: Session, by: Viewer, ref: str, size: int, name: str, declared: str, key: str = "", sha256: str = ""
) -> Transfer:
    """Announce a file. The card says at once that something is on its way."""
    complaint = find_complaint(session, by, ref)
    if size <= 0:
        raise WrongValue("size", N_("File ini kosong."))
    again = select(Transfer).where(Transfer.complaint_id == complaint.id, Transfer.key == key, Transfer.size == size)
    if key and (known := session.exec(again).first()):
        return known
    _within_limits(session, by, complaint, size, declared)
    at = now()
    transfer = Transfer(
        complaint_id=complaint.id,
        citizen_id=by.id or 0,
        key=key,
        name=name,
        declared=declared,
        sha256=sha256,
        size=size,
        told_at=at,
        began_at=at,
        expires_at=at + KEPT,
    )
    session.add(transfer)
    _tell(session, by, complaint)
    return transfer


def find_transfer(session: Session, by: Viewer, id: str) -> Transfer:
    """For whoever announced it alone."""
    transfer = session.get(Transfer, id) if by.role in REPORTERS else None
    if transfer is None or not _is_of(transfer, by) or (not transfer.finished_at and transfer.expires_at <= now()):
        raise NotFound()
    return transfer


def _is_of(transfer: Transfer, by: Viewer) -> bool:
    return transfer.citizen_id == by.id and (by.role == Role.CITIZEN or transfer.complaint_id == by.complaint_id)


def worth_telling(transfer: Transfer, offset: int, at: datetime) -> bool:
    """Is the card to move? Every byte would be an event; ten for a whole file are enough."""
    return 100 * (offset - transfer.offset) >= TOLD_PERCENT * transfer.size and at - transfer.told_at >= TOLD_EVERY


def advance(session: Session, by: Viewer, id: str, offset: int) -> None:
    """So much of it has come."""
    transfer = session.get(Transfer, id)
    if transfer is None or transfer.finished_at or offset <= transfer.offset:
        return
    transfer.offset, transfer.told_at, transfer.expires_at = offset, now(), now() + KEPT
    _tell(session, by, session.get_one(Complaint, transfer.complaint_id))


def finish(session: Session, by: Viewer, id: str, upload: Upload) -> None:
    """All of it is in the store: it is evidence now. Done twice, it is done once; the same bytes are one piece."""
    transfer = find_transfer(session, by, id)
    if transfer.finished_at:
        return
    transfer.offset, transfer.finished_at = transfer.size, now()
    session.flush()
    complaint = session.get_one(Complaint, transfer.complaint_id)
    same = select(Evidence.id).where(Evidence.complaint_id == complaint.id, Evidence.sha256 == upload.sha256)
    if session.exec(same).first():
        _tell(session, by, complaint)
    else:
        attach(session, by, complaint, upload)


def end(session: Session, by: Viewer, id: str) -> None:
    """Its sender wants it no more."""
    transfer = find_transfer(session, by, id)
    complaint = session.get_one(Complaint, transfer.complaint_id)
    if not transfer.finished_at:
        session.delete(transfer)
        _tell(session, by, complaint)


def forget_transfers(session: Session) -> list[str]:
    """Those that fell silent, and those of yesterday; their names, so that their bytes can go too."""
    past = or_(
        col(Transfer.finished_at).is_(None) & (col(Transfer.expires_at) <= now()),
        col(Transfer.finished_at) <= now() - KEPT,
    )
    over = list(session.exec(select(Transfer).where(past)))
    for transfer in over:
        session.delete(transfer)
        _tell(session, CLOCK, session.get_one(Complaint, transfer.complaint_id))
    return [transfer.id for transfer in over]


def under_way(session: Session) -> list[tuple[Transfer, Viewer]]:
    """Every upload that is not finished, and whose it is."""
    rows = select(Transfer, Citizen).join(Citizen, col(Citizen.id) == Transfer.citizen_id)
    return [
        (transfer, replace(citizen.viewer, complaint_id=transfer.complaint_id))
        for transfer, citizen in session.exec(rows.where(col(Transfer.finished_at).is_(None)))
    ]


def too_large() -> TooMuch:
    photo, film = PHOTO_BYTES >> 20, VIDEO_BYTES >> 20
    return TooMuch(N_("Terlalu besar: foto paling besar {photo} MB, video {film} MB."), photo=photo, film=film)


def _within_limits(session: Session, by: Viewer, complaint: Complaint, size: int, declared: str) -> None:
    video = declared.startswith("video/")
    if size > (VIDEO_BYTES if video else PHOTO_BYTES):
        raise too_large()
    coming = select(func.count()).where(Transfer.complaint_id == complaint.id, col(Transfer.finished_at).is_(None))
    if len(complaint.evidence) + session.exec(coming).one() >= MOST_EVIDENCE:
        raise TooMuch(N_("Paling banyak {most} file tiap laporan."), most=MOST_EVIDENCE)
    left = func.sum(Transfer.size - Transfer.offset)
    open_ones = (Transfer.citizen_id == by.id, col(Transfer.finished_at).is_(None), Transfer.expires_at > now())
    within_the_day(session, by, (session.exec(select(left).where(*open_ones)).one() or 0) + size)


def _tell(session: Session, by: Viewer, complaint: Complaint) -> None:
    """Move the percent on the card. Past the version column: it is no decision, and whoever is about to claim
    must not be told that the incident has changed under their hand."""
    session.flush()
    own = list(session.exec(select(Complaint.id).where(Complaint.incident_id == complaint.incident_id)))
    incident, here = session.get_one(Incident, complaint.incident_id), percent(session, own)
    if incident.uploading == here:
        return
    seq = record(session, "upload", by, incident_id=incident.id, complaint_id=complaint.id, set={"uploading": here})
    session.exec(update(Incident).where(col(Incident.id) == incident.id).values(uploading=here, seq=seq))

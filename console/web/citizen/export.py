"""All that is kept about one citizen, as one ZIP: written while it is sent, so that its size costs no memory."""

import json
import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlmodel import Session, col, select

from console.evidence.kinds import Kind
from console.evidence.store import Store
from console.web.citizen.followed import load
from models.incidents.closing import told
from models.incidents.complaint import Complaint
from models.incidents.rating import ratings_of
from models.incidents.strikes import Appeal, Strike
from models.incidents.talking import thread
from models.people.account import looks_at
from models.people.browsers import browsers_of
from models.people.citizens import Citizen
from models.people.devices import seats
from models.time import local
from models.viewer import Viewer

CHUNK = 1 << 20

Original = tuple[str, Path]  # its name in the ZIP, where it lies


def gather(session: Session, viewer: Viewer, store: Store) -> tuple[dict[str, Any], list[Original]]:
    """(what data.json says, the originals of one's own evidence)."""
    citizen = session.get_one(Citizen, viewer.id)
    own = select(Complaint).where(Complaint.citizen_id == citizen.id).order_by(col(Complaint.id))
    complaints = list(session.exec(own))
    originals: list[Original] = []
    told = [_complaint(session, complaint, store, originals) for complaint in complaints]
    account = {
        "phone": citizen.phone, "name": citizen.name, "language": citizen.locale, "since": citizen.added_at,
        "password": bool(citizen.password), "strikes": citizen.strikes, "blocked_since": citizen.blocked_at,
    }  # fmt: skip
    devices = [
        {"device": seat.name, "last_seen": seat.seen_at, "signed_in": seat.inside, "remembered_until": seat.until}
        for seat in seats(session, viewer)
    ]
    pushed = [{"device": browser.device, "since": browser.added_at} for browser in browsers_of(session, viewer)]
    return {
        "account": account, "devices": devices, "notified_browsers": pushed, "complaints": told,
        "strikes": _strikes(session, citizen.id, {row.id: row.ref for row in complaints}),
        "appeals": _appeals(session, citizen.id),
    }, originals  # fmt: skip


def stream(data: dict[str, Any], originals: list[Original]) -> Iterator[bytes]:
    """The ZIP, piece by piece."""
    out = _Pipe()
    with zipfile.ZipFile(out, "w") as archive:  # stored as it is: photos and films are small already
        text = json.dumps(data, indent=2, ensure_ascii=False, default=_plain)
        archive.writestr("data.json", text)
        for name, path in originals:
            if path.exists():
                with path.open("rb") as original, archive.open(name, "w", force_zip64=True) as entry:
                    while chunk := original.read(CHUNK):
                        entry.write(chunk)
                        yield from out.taken()
    yield from out.taken()


class _Pipe:
    """What a ZipFile is written into: no way back, and nothing kept that was taken."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, piece: bytes, /) -> int:
        self._pieces.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        """There is nothing behind it."""

    def close(self) -> None:
        """Nor is it a file."""

    def taken(self) -> Iterator[bytes]:
        pieces, self._pieces = self._pieces, []
        yield from pieces


def _complaint(session: Session, complaint: Complaint, store: Store, originals: list[Original]) -> dict[str, Any]:
    incident = load(complaint)
    evidence = []
    for n, thing in enumerate(complaint.evidence, 1):
        name = f"evidence/{complaint.ref}/{n}.{Kind(thing.mime).ending}"
        originals.append((name, store.path(thing.sha256)))
        evidence.append({
            "file": name, "name": thing.name, "kind": thing.kind, "mime": thing.mime, "size": thing.size,
            "sha256": thing.sha256, "added": thing.added_at, "taken": thing.taken_at, "lat": thing.lat, "lon": thing.lon,
        })  # fmt: skip
    return {
        "ref": complaint.ref, "category": complaint.category.label("id"), "words": complaint.words,
        "lat": complaint.lat, "lon": complaint.lon, "accuracy_m": complaint.accuracy_m,
        "place": complaint.place, "landmark": complaint.landmark, "filed": complaint.filed_at,
        "status": str(incident.status), "claimed": incident.claimed_at, "dispatched": incident.dispatched_at,
        "arrived": incident.arrived_at, "closed": incident.closed_at, "outcome": incident.outcome or incident.dismissal,
        "told": told(incident),
        "referred_to": [referral.agency.name for referral in incident.referrals],
        "thread": [
            {"at": line.at, "from": "officers" if line.ours else "you", "words": line.words}
            for line in thread(session, complaint)
        ],
        "evidence": evidence,
        "ratings": [
            {"at": rating.at, "stars": rating.stars, "words": rating.words}
            for rating in ratings_of(session, complaint)
        ],
        "looked_at": [
            {"at": look.at, "what": look.what, "role": look.by_role} for look in looks_at(session, complaint.id)
        ],
    }  # fmt: skip


def _strikes(session: Session, citizen_id: int, refs: dict[int, str]) -> list[dict[str, Any]]:
    rows = session.exec(select(Strike).where(Strike.citizen_id == citizen_id).order_by(col(Strike.id)))
    return [{"at": row.at, "complaint": refs.get(row.complaint_id), "state": row.state} for row in rows]


def _appeals(session: Session, citizen_id: int) -> list[dict[str, Any]]:
    rows = session.exec(select(Appeal).where(Appeal.citizen_id == citizen_id).order_by(col(Appeal.id)))
    return [{"at": row.at, "words": row.words, "state": row.state, "answer": row.answer} for row in rows]


def _plain(value: Any) -> str:
    return local(value).isoformat() if isinstance(value, datetime) else str(value)

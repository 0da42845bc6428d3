"""The diary of an incident in words: every event and every look, as whoever reads it would say it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from console.words import say
from models.errors import N_
from models.event import Event, Look
from models.incident import Incident
from models.people import Officer, Role, Viewer

WORDS: dict[str, str] = {
    "file": N_("Dilaporkan"),
    "attach": N_("Bukti ditambahkan"),
    "develop": N_("Bukti diperiksa"),
    "claim": N_("Diambil"),
    "release": N_("Dilepas: {reason}"),
    "lapse": N_("Konsol pemegang terputus"),
    "renew": N_("Konsol pemegang tersambung lagi"),
    "reclaim": N_("Diambil dari konsol yang terputus"),
    "take_over": N_("Diambil alih: {reason}"),
    "assign": N_("Diberikan ke {officer}: {reason}"),
    "acknowledge": N_("Diketahui penerima"),
    "reassign": N_("Dialihkan ke {officer}: {reason}"),
    "dispatch": N_("{personnel} personel dikirim: {stations}"),
    "reinforce": N_("{personnel} personel menyusul: {stations}"),
    "arrive": N_("{personnel} personel di TKP"),
    "clear": N_("Personel kembali"),
    "recall": N_("Personel ditarik: {reason}"),
    "resolve": N_("Selesai: {note}"),
    "dismiss": N_("Ditolak: {note}"),
    "merge": N_("Digabung: {number}"),
    "unmerge": N_("Dipisahkan: {number}"),
    "refer": N_("Dirujuk ke {name}"),
    "accept": N_("Rujukan diterima {name}"),
    "decline": N_("Rujukan ditolak {name}: {note}"),
    "finish": N_("Selesai oleh {name}: {note}"),
    "ask": N_("Pesan ke pelapor: {words}"),
    "reply": N_("Balasan: {words}"),
    "note": N_("Catatan: {words}"),
    "reprioritise": N_("Prioritas diubah: {reason}"),
    "relocate": N_("Lokasi dipindahkan: {reason}"),
    "recategorise": N_("Jenis diubah: {reason}"),
    "reopen": N_("Dibuka lagi: {reason}"),
    "undo": N_("Langkah dibatalkan"),
    "undo:claim": N_("Pengambilan dibatalkan"),
    "undo:dispatch": N_("Pengiriman {personnel} personel dibatalkan"),
    "undo:reinforce": N_("Tambahan {personnel} personel dibatalkan"),
    "undo:arrive": N_("Kedatangan di TKP dibatalkan"),
    "undo:clear": N_("Kembalinya personel dibatalkan"),
    "undo:resolve": N_("Penyelesaian dibatalkan"),
    "undo:dismiss": N_("Penolakan dibatalkan"),
    "undo:merge": N_("Penggabungan dibatalkan: {number}"),
    "rate": N_("Dinilai {stars} dari 5: {words}"),
    "read": N_("Pesan dibaca pelapor"),
    "escalate": N_("Lewat target, pengawas diberi tahu"),
    "erase": N_("Pelapor menghapus akunnya"),
    "look:identity": N_("Identitas dibuka"),
    "look:evidence": N_("Bukti dibuka"),
}

TO_ALL = N_("Pesan ke {n} pelapor: {words}")
GATHERED = N_("{n} kejadian digabung di sini")


@dataclass(frozen=True)
class Entry:
    at: datetime
    step: str
    who: str
    words: str
    body: dict[str, Any]


def diary(session: Session, incident: Incident, viewer: Viewer) -> list[Entry]:
    """Newest first. What a reporter is called stays with the reporter's own line."""
    # That a file is on its way moves the card ten times; its arrival is the line. Whom it seems like is the board's matter.
    told = select(Event).where(Event.incident_id == incident.id, col(Event.step).not_in(("upload", "like")))
    events = _once_for_all(session.exec(told).all())
    looks = session.exec(select(Look).where(Look.incident_id == incident.id)).all()
    rows: list[Event | Look] = [*events, *looks]
    ids = {row.by_id for row in rows if row.by_role != Role.CITIZEN}
    ids |= {event.body.get("officer") for event in events if event.step in ("assign", "reassign")}
    titles = {row.id: row.title for row in session.exec(select(Officer).where(col(Officer.id).in_(ids - {None})))}

    def who(row: Event | Look) -> str:
        if row.by_role == Role.CITIZEN:
            return say(viewer.locale, N_("Pelapor"))
        if row.by_id == viewer.id and row.by_role == viewer.role:
            return say(viewer.locale, N_("Anda"))
        return titles.get(row.by_id or 0, "") if row.by_role not in (Role.CLOCK, Role.INTAKE) else ""

    entries = [
        Entry(event.at, event.step, who(event), _words(event, titles.get, viewer.locale), event.body)
        for event in events
    ]
    entries += [Entry(look.at, "look", who(look), say(viewer.locale, WORDS[f"look:{look.what}"]), {}) for look in looks]
    return sorted(entries, key=lambda entry: entry.at, reverse=True)


def _once_for_all(events: Sequence[Event]) -> list[Event]:
    """One answer to all stands in each thread, and once here."""
    seen: set[tuple[Any, ...]] = set()
    kept = []
    for event in events:
        same = (
            (event.by_id, event.body.get("words"), event.at.replace(microsecond=0))
            if "everyone" in event.body
            else (event.seq,)
        )
        if same not in seen:
            kept.append(event)
        seen.add(same)
    return kept


def _words(event: Event, title_of: Callable[[Any], str | None], locale: str) -> str:
    body = event.body
    sent = body.get("sent", [])
    if event.step == "ask" and "everyone" in body:
        return say(locale, TO_ALL, {"n": body["everyone"], "words": body.get("words", "")})
    absorbed = body.get("absorbed")
    if isinstance(absorbed, list):
        return say(locale, GATHERED, {"n": len(absorbed)})
    values = {
        "reason": body.get("reason", ""),
        "note": body.get("note", ""),
        "words": body.get("words", ""),
        "stars": body.get("stars", ""),
        "number": body.get("number", ""),
        "name": body.get("name", ""),
        "officer": title_of(body.get("officer")) or "",
        "personnel": sum(row["personnel"] for row in sent) or body.get("personnel", 0),
        "stations": ", ".join(f"{row['station']} {row['personnel']}" for row in sent),
    }
    words = say(locale, WORDS.get(f"{event.step}:{body.get('what')}") or WORDS.get(event.step, event.step), values)
    return words.rstrip(": ")  # a reason left out leaves no colon behind

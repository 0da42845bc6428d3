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
from models.people import DUTY, Officer, Role, Viewer

WORDS: dict[str, str] = {  # a step, or a kind of it
    "file": N_("{who} melaporkan"),
    "file:caller": N_("{who} mencatat laporan penelepon"),
    "file:walk_in": N_("{who} mencatat laporan orang yang datang"),
    "file:intake": N_("Masuk dari aplikasi lain"),
    "attach": N_("{who} menambah bukti"),
    "develop": N_("Bukti diperiksa"),
    "develop:unreadable": N_("Bukti tidak terbaca"),
    "claim": N_("{who} mengambil"),
    "release": N_("{who} melepas: {reason}"),
    "lapse": N_("Konsol pemegang terputus"),
    "lapse:account": N_("Akun pemegang ditutup atau berubah: siapa pun boleh mengambilnya"),
    "renew": N_("Konsol pemegang tersambung lagi"),
    "reclaim": N_("{who} mengambil dari konsol yang terputus"),
    "take_over": N_("{who} mengambil alih: {reason}"),
    "assign": N_("{who} memberikannya ke {officer}: {reason}"),
    "acknowledge": N_("{who} sudah mengetahuinya"),
    "reassign": N_("{who} mengalihkannya ke {officer}: {reason}"),
    "dispatch": N_("{who} mengirim {personnel} personel: {stations}"),
    "reinforce": N_("{who} menambah {personnel} personel: {stations}"),
    "arrive": N_("{who} mencatat {personnel} personel tiba di TKP"),
    "clear": N_("{who} mencatat personel kembali"),
    "recall": N_("{who} menarik personel: {reason}"),
    "resolve": N_("{who} menyelesaikan: {note}"),
    "dismiss": N_("{who} menolak: {note}"),
    "merge": N_("{who} menggabungkannya ke {number}"),
    "merge:absorbed": N_("{who} menggabungkan {number} ke sini"),
    "merge:gathered": N_("{who} menggabungkan {n} kejadian di sini"),
    "merge:claimed": N_("{who} mengambil dan menggabungkan {n} kejadian di sini"),
    "unmerge": N_("{who} memisahkannya dari {number}"),
    "unmerge:released": N_("{who} memisahkan {number} dari sini"),
    "refer": N_("{who} merujuk ke {name}: {reason}"),
    "accept": N_("{name} menerima rujukan"),
    "decline": N_("{name} menolak rujukan: {note}"),
    "finish": N_("{name} menyelesaikan: {note}"),
    "unrefer": N_("{who} mengakhiri rujukan ke {name}: {note}"),
    "ask": N_("{who} menulis ke pelapor: {words}"),
    "ask:everyone": N_("{who} menulis ke {n} pelapor: {words}"),
    "ask:page": N_("{who} menulis ke pelapor, tanpa pemberitahuan: {words}"),
    "ask:call": N_("{who} menulis, tetapi pelapor tanpa akun tidak dapat membacanya: {words}"),
    "reply": N_("{who} membalas: {words}"),
    "note": N_("{who} mencatat: {words}"),
    "reprioritise": N_("{who} mengubah prioritas: {reason}"),
    "relocate": N_("{who} memindahkan lokasi: {reason}"),
    "recategorise": N_("{who} mengubah jenis: {reason}"),
    "recategorise:raised": N_("{who} mengubah jenis: {reason}. Prioritas naik ke P{raised}"),
    "recategorise:away": N_("{who} mengubah jenis: {reason}. Pemegang melepasnya, untuk pengawas"),
    "recategorise:away_raised": N_(
        "{who} mengubah jenis: {reason}. Prioritas naik ke P{raised}. Pemegang melepasnya, untuk pengawas"
    ),
    "reopen": N_("{who} membuka lagi: {reason}"),
    "undo": N_("{who} membatalkan langkahnya"),
    "undo:claim": N_("{who} membatalkan pengambilan"),
    "undo:dispatch": N_("{who} membatalkan pengiriman {personnel} personel"),
    "undo:reinforce": N_("{who} membatalkan tambahan {personnel} personel"),
    "undo:arrive": N_("{who} membatalkan kedatangan di TKP"),
    "undo:clear": N_("{who} membatalkan kembalinya personel"),
    "undo:resolve": N_("{who} membatalkan penyelesaian"),
    "undo:dismiss": N_("{who} membatalkan penolakan"),
    "undo:merge": N_("{who} membatalkan penggabungan: {number}"),
    "preserve": N_("{who} menangguhkan pemusnahan: {reason}"),
    "unpreserve": N_("{who} mencabut penangguhan pemusnahan: {reason}"),
    "sweep": N_("Bukti dimusnahkan: masa simpannya lewat"),
    "rate": N_("{who} memberi nilai {stars} dari 5: {words}"),
    "read": N_("{who} membaca pesan"),
    "escalate": N_("Lewat target"),
    "erase": N_("Pelapor menghapus akunnya"),
    "look:identity": N_("{who} membuka identitas pelapor"),
    "look:evidence": N_("{who} membuka bukti"),
    "look:phone": N_("{who} mencarinya lewat nomor telepon"),
}


@dataclass(frozen=True)
class Entry:
    at: datetime
    step: str
    words: str
    colleague: bool = False  # another officer did it: news for whoever looks


def diary(session: Session, incident: Incident, viewer: Viewer) -> list[Entry]:
    """Newest first. What a reporter is called stays with the reporter's own line."""
    # That a file is on its way moves the card ten times; its arrival is the line. Whom it seems like is the board's matter.
    told = select(Event).where(Event.incident_id == incident.id, col(Event.step).not_in(("upload", "like")))
    events = _once_for_all(session.exec(told).all())
    # Who opened the panel stands on the supervisor's page: here it would be every second line.
    looks = session.exec(select(Look).where(Look.incident_id == incident.id, Look.what != "panel")).all()
    rows: list[Event | Look] = [*events, *looks]
    ids = {row.by_id for row in rows if row.by_role != Role.CITIZEN}
    ids |= {event.body.get("officer") for event in events if event.step in ("assign", "reassign")}
    titles = {row.id: row.title for row in session.exec(select(Officer).where(col(Officer.id).in_(ids - {None})))}

    def who(row: Event | Look) -> str:
        if row.by_role == Role.CITIZEN:
            return N_("pelapor")
        if row.by_role in (Role.CLOCK, Role.INTAKE):
            return N_("sistem")
        return N_("Anda") if row.by_id == viewer.id else titles.get(row.by_id or 0) or N_("petugas")

    entries = [
        Entry(event.at, event.step, _words(event, who(event), titles.get, viewer.locale), _other(event, viewer))
        for event in events
    ]
    for look in looks:
        entries.append(
            Entry(
                look.at, "look", _sentence(viewer.locale, f"look:{look.what}", {"who": who(look)}), _other(look, viewer)
            )
        )
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


def _other(row: Event | Look, viewer: Viewer) -> bool:
    return row.by_role in DUTY and row.by_id != viewer.id


def _words(event: Event, who: str, title_of: Callable[[Any], str | None], locale: str) -> str:
    body = event.body
    sent = body.get("sent", [])
    absorbed = body.get("absorbed")
    values = {
        "who": who,
        "reason": body.get("reason", ""),
        "note": body.get("note", ""),
        "words": body.get("words", ""),
        "stars": body.get("stars", ""),
        "raised": body.get("raised", ""),
        "number": body.get("number", ""),
        "name": body.get("name", ""),
        "officer": title_of(body.get("officer")) or "",
        "personnel": sum(row["personnel"] for row in sent) or body.get("personnel", 0),
        "stations": ", ".join(f"{row['station']} {row['personnel']}" for row in sent),
        "n": len(absorbed) if isinstance(absorbed, list) else body.get("everyone", 1),
    }
    kind = f"{event.step}:{_kind(event)}"
    return _sentence(locale, kind if kind in WORDS else event.step, values)


def _sentence(locale: str, kind: str, values: dict[str, Any]) -> str:
    words = say(locale, WORDS.get(kind, kind), values).rstrip(": ")  # a reason left out leaves no colon behind
    return words[:1].upper() + words[1:]


def _kind(event: Event) -> str:
    """What of its step this one is, where the words differ."""
    body = event.body
    match event.step:
        case "file":
            return str(body.get("source", ""))
        case "develop":
            return str(body.get("state", ""))
        case "lapse":
            return "" if event.by_role == Role.CLOCK else "account"
        case "merge" if isinstance(body.get("absorbed"), list):
            return "claimed" if body.get("claimed") else "gathered"
        case "merge":
            return "absorbed" if "absorbed" in body else ""
        case "unmerge":
            return "released" if "released" in body else ""
        case "ask" if "everyone" in body:
            return "everyone"
        case "ask":
            return "call" if body.get("way") in ("call", "none") else str(body.get("way", ""))
        case "recategorise":
            return "_".join(("away",) * ("was" in body) + ("raised",) * ("raised" in body))
        case "undo":
            return str(body.get("what", ""))
    return ""

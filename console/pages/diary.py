"""The diary of an incident in words: every event and every look, as whoever reads it would say it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from string import Formatter
from typing import Any

from sqlmodel import Session, col, select

from console.pages.words import say
from models.command.calling import WRITTEN
from models.errors import N_
from models.incidents.incident import Incident
from models.people.officers import Officer
from models.record.event import Event, Look
from models.record.outbox import UNKNOWN
from models.roles import DUTY, REPORTERS, Role
from models.viewer import Viewer
from models.workflow import ROWS, STEPS

# Why nobody was told (models/command/calling.py), as the outbox says it in a word.
FAULTS = {
    "nobody": N_("tidak ada nomor yang tercatat"),
    "empty": N_("meja kosong"),
    "mute": N_("saluran pesan belum diatur"),
    "expired": N_("penyedia tidak menjawab"),
    "refused": N_("penyedia menolak"),
    "timeout": N_("penyedia tidak menjawab"),
    "unsendable": N_("tidak dapat dikirim"),
    "void": N_("nomor tidak terbaca"),
    "gone": N_("sudah dijawab atau berakhir"),
    "404": N_("langganan browser itu sudah berakhir"),
    "410": N_("langganan browser itu sudah berakhir"),
    "signed_out": N_("tidak ada lagi yang masuk di browser itu"),
}


def faults(locale: str) -> dict[str, str]:
    return {fault: say(locale, words) for fault, words in FAULTS.items()}


QUOTED, DOTS = ("words", "note", "reason", "told"), "…"
SAID = [row.name for row in ROWS.values() if row.says]


@dataclass(frozen=True)
class Entry:
    at: datetime
    step: str
    words: str
    colleague: bool = False  # another officer did it: news for whoever looks


def diary(session: Session, incident: Incident, viewer: Viewer) -> list[Entry]:
    """Newest first. What a reporter is called stays with the reporter's own line."""
    # That a file is on its way moves the card ten times; its arrival is the line. Whom it seems like is the board's matter.
    told = select(Event).where(Event.incident_id == incident.id, col(Event.step).in_(SAID))
    events = _once_for_all(session.exec(told).all())
    # Who opened the panel stands on the supervisor's page: here it would be every second line.
    looks = session.exec(select(Look).where(Look.incident_id == incident.id, Look.what != "panel")).all()
    rows: list[Event | Look] = [*events, *looks]
    ids = {row.by_id for row in rows if row.by_role not in REPORTERS}
    ids |= {event.body.get("officer") for event in events if _names_officer(event)}
    titles = {row.id: row.title for row in session.exec(select(Officer).where(col(Officer.id).in_(ids - {None})))}

    def who(row: Event | Look) -> str:
        if row.by_role in REPORTERS:
            return N_("pelapor")
        if row.by_role in (Role.CLOCK, Role.INTAKE):
            return N_("sistem")
        return N_("Anda") if row.by_id == viewer.id else titles.get(row.by_id or 0) or N_("petugas")

    entries = [
        Entry(
            event.at, event.step, sentence_of_step(event, who(event), titles.get, viewer.locale), _other(event, viewer)
        )
        for event in events
    ]
    for look in looks:
        entries.append(
            Entry(
                look.at, "look", _sentence(viewer.locale, "look", look.what, {"who": who(look)}), _other(look, viewer)
            )
        )
    return sorted(entries, key=lambda entry: entry.at, reverse=True)


def _once_for_all(events: Sequence[Event]) -> list[Event]:
    """One answer to all stands in each thread, and once here: so many of one commit, whatever second they fall into."""
    kept: list[Event] = []
    rest: dict[tuple[int | None, str], int] = {}  # of the last answer with these words: how many more there are of it
    for event in events:
        same = event.by_id, str(event.body.get("words"))
        if "everyone" in event.body and rest.get(same):
            rest[same] -= 1
            continue
        kept.append(event)
        if "everyone" in event.body:
            rest[same] = event.body["everyone"] - 1
    return kept


def _other(row: Event | Look, viewer: Viewer) -> bool:
    return row.by_role in DUTY and row.by_id != viewer.id


def _from(row: dict[str, Any]) -> str:
    """Babura 2 (PRC 01): from where how many went, and in what."""
    units = row.get("units")
    return f"{row['station']} {row['personnel']}" + (f" ({', '.join(units)})" if units else "")


def _over(row: dict[str, Any]) -> bool:
    """More than were known to be free there."""
    return row.get("free") is not None and row["personnel"] > row["free"]


def sentence_of_step(event: Event, who: str, title_of: Callable[[Any], str | None], locale: str) -> str:
    body = event.body
    sent = body.get("sent", [])
    absorbed = body.get("absorbed")
    values = (
        {name: "" for name in _named(event.step)}
        | body
        | {
            "who": who,
            "officer": title_of(body.get("officer")) or "",
            "personnel": sum(row["personnel"] for row in sent) or body.get("personnel", 0),
            "stations": ", ".join(map(_from, sent)),
            "why": say(locale, FAULTS.get(body.get("fault", ""), "")),
            "n": len(absorbed) if isinstance(absorbed, list) else body.get("everyone", 1),
        }
    )
    return _sentence(locale, event.step, _kind(event), values)


def briefly(session: Session, events: Sequence[Event], locale: str) -> dict[int, str]:
    """The same of many incidents, by number, quoting nobody: where words were, there are dots. Without what the diary leaves out."""
    ids = {event.by_id for event in events if event.by_role not in REPORTERS}
    ids |= {event.body.get("officer") for event in events if _names_officer(event)}
    titles = {row.id: row.title for row in session.exec(select(Officer).where(col(Officer.id).in_(ids - {None})))}

    def who(event: Event) -> str:
        if event.by_role in REPORTERS:
            return N_("pelapor")
        return (
            N_("sistem")
            if event.by_role in (Role.CLOCK, Role.INTAKE)
            else titles.get(event.by_id or 0) or N_("petugas")
        )

    def words(event: Event) -> str:
        if not event.body:
            return say(locale, N_("isinya dihapus"))
        quoting = event.body | {name: DOTS for name in QUOTED if event.body.get(name)}
        return sentence_of_step(Event(**event.model_dump() | {"body": quoting}), who(event), titles.get, locale)

    return {event.seq: words(event) for event in events if not event.body or event.step in SAID}


def _names_officer(event: Event) -> bool:
    """Does it name one to whom it went?"""
    step = STEPS.get(event.step)
    return step is not None and (step.gives or any(field.kind == "officer" for field in step.carries))


@cache
def _named(step: str) -> set[str]:
    """What its sentences name. An event from before a field was asked lacks it."""
    row = ROWS[step]
    return {name for words in (row.says, *row.kinds.values()) for _, name, _, _ in Formatter().parse(words) if name}


def _sentence(locale: str, step: str, kind: str, values: dict[str, Any]) -> str:
    row = ROWS[step]
    words = say(locale, row.kinds.get(kind, row.says), values).rstrip(": ")  # a reason left out leaves no colon behind
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
        case "assign" | "reassign" if body.get("absent"):
            return "absent"
        case "alert":
            failed = "_unknown" if body["fault"] == UNKNOWN else "_failed"
            way = "push" if body.get("way") == "push" else body["rung"]
            return way + (failed if not body["delivered"] else "_written" if body.get("about") == WRITTEN else "")
        case "ask" if "everyone" in body:
            return "everyone"
        case "ask":
            return "call" if body.get("way") in ("call", "none") else str(body.get("way", ""))
        case "locate":
            return body.get("answer") or next((kind for kind in ("kept", "unknown") if body.get(kind)), "")
        case "recategorise":
            return "_".join(("away",) * ("was" in body) + ("raised",) * ("raised" in body))
        case "resolve" | "dismiss" if body.get("told"):
            return "noted_told" if body.get("note") else "told"
        case "linked" if body.get("fault"):
            return "failed"
        case "accept" | "decline" if event.by_id is None:
            return "link"
        case "dispatch" | "reinforce" if body.get("reason") and any(map(_over, body.get("sent", ()))):
            return "over"
        case "unrefer":
            return str(body.get("why", ""))
        case "heed" if event.by_role == Role.LIAISON:
            return "partner"
        case "hush":
            return "" if body["quiet"] else "left"
        case "undo":
            return str(body.get("what", ""))
    return ""

"""Undo: whoever took a step by a slip takes it back within seconds, and everything is again as it stood.

What stood is read from the events: folding those before the step gives the incident at that moment. Beside its own
columns each step changed some rows of others; a function here puts those back.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Annotated, Any

from models.asked import Asked
from models.errors import N_, WrongMoment, WrongValue
from models.incidents.dispatch import call_back, still_coming, still_out
from models.incidents.holding import UNDO_SECONDS
from models.incidents.incident import Incident, session_of
from models.incidents.merging import root_of, take_apart
from models.incidents.pardoning import unforgive, unstrike
from models.incidents.referring import resume_referrals, take_back
from models.incidents.telling import inform
from models.people.officers import Officer
from models.record.event import Event, history
from models.roles import REPORTERS, Role
from models.time import was_lately
from models.viewer import Viewer
from models.workflow import STEPS, Status, effect

COUNTED = {"complaint_count", "photos", "videos", "uploading", "arrived"}  # anew, with what came meanwhile
WHICH = N_("Langkah mana yang dibatalkan?")
APART = N_("Sudah dipisahkan lagi.")
ALREADY = N_("Langkah ini sudah dibatalkan.")
SAID = N_("Yang sudah ditulis tetap tercatat. Tulis ralatnya.")
SHARED = N_("Instansi sudah dapat membacanya. Langkah ini tidak dapat dibatalkan.")
REASONED = N_("Langkah ini diambil dengan alasan. Ambil langkah baliknya, juga dengan alasan.")
NEVER = N_("Langkah ini tidak dapat dibatalkan.")
WHY_NOT = {  # of the rest of the law: what was read cannot be unread
    **dict.fromkeys(("ask", "reply", "note", "rate", "locate", "consult", "respond", "heed"), SAID),
    **dict.fromkeys(("accept", "decline", "finish", "extend", "link"), SHARED),
    "acknowledge": SAID,
    "release": N_("Kejadian ini sudah menunggu lagi. Ambil lagi."),
    "assign": N_("Kejadian ini sudah di tangan penerimanya. Alihkan atau lepas, dengan alasan."),
    "reclaim": N_("Kejadian ini sudah di tangan Anda. Lepas bila perlu."),
    "unmerge": N_("Gabungkan lagi bila perlu."),
    "undo": N_("Pembatalan tidak dapat dibatalkan. Ambil langkahnya sekali lagi."),
}


@effect
def undo(incident: Incident, by: Viewer, step: Annotated[str, Asked("hidden", missing=WHICH)]) -> dict[str, Any]:
    if step not in STEPS:
        raise WrongValue("step", WHICH)
    if step not in ROWS:
        raise WrongMoment(_why_not(step))
    past = history(session_of(incident), incident.id)
    act = _own(incident, by, step, past)
    if newer := next((event for event in _since(past, act) if _touched(act) & _touched(event)), None):
        who = _who(incident, newer)
        raise WrongMoment(N_("Tidak dapat dibatalkan: {who} sudah melangkah lebih jauh."), who=who)
    noted = ROWS[step](incident, by, act)
    incident.put_back(_stood(past, act))
    if STEPS[step].hears:
        inform(session_of(incident), step, by, incident.id, undone=act.at)
    return {"what": step, "of": act.seq} | noted


def _why_not(step: str) -> str:
    """What asked for a reason was no slip of a key."""
    asks = any(asked.name == "reason" and asked.needed for asked in STEPS[step].carries)
    return WHY_NOT.get(step) or (REASONED if asks else NEVER)


def _own(incident: Incident, by: Viewer, step: str, past: list[Event]) -> Event:
    """The last time this step was taken, if it was by this officer and just now."""
    act = next((event for event in reversed(past) if event.step == step), None)
    if act is None:
        raise WrongMoment(N_("Langkah ini belum diambil di kejadian ini."))
    if any(event.step == "undo" and event.body.get("of") == act.seq for event in past):
        raise WrongMoment(ALREADY)
    if (act.by_role, act.by_id) != (by.role, by.id):
        raise WrongMoment(N_("Langkah ini diambil {who}, bukan Anda."), who=_who(incident, act))
    if not was_lately(act.at, timedelta(seconds=UNDO_SECONDS)):
        raise WrongMoment(N_("Sudah lewat {seconds} detik."), seconds=UNDO_SECONDS)
    return act


def _since(past: list[Event], act: Event) -> list[Event]:
    """What came after it and stands."""
    undone = {event.body["of"]: event.seq for event in past if event.step == "undo" and "of" in event.body}
    gone = {*undone, *(undo for of, undo in undone.items() if of > act.seq)}
    return [event for event in past if event.seq > act.seq and event.seq not in gone]


def _stood(past: list[Event], act: Event) -> dict[str, Any]:
    """What the columns were that this step changed, and those that are nothing without them."""
    folded: dict[str, Any] = {}
    for event in past:
        if event.seq < act.seq:
            folded |= event.body.get("set", {})
    columns = set(act.body["set"]) - COUNTED
    if "due_at" in columns:
        columns.add("escalated_for")  # the clock called out a target that was none
    if "officer_id" in columns:
        columns.add("stale")
    if folded.get("status") == Status.NEW:
        columns.add("handled_at")  # nobody handles what nobody has
    return {name: folded[name] for name in columns if name in folded}


def _touched(event: Event) -> set[str]:
    """What of the incident and its personnel this event changed. What the clock does stands in nobody's way."""
    if event.by_role == Role.CLOCK:
        return set()
    body = event.body
    rows = [row["dispatch"] for row in body.get("sent", ())] + body.get("dispatches", []) + body.get("cleared", [])
    return set(body.get("set", ())) - COUNTED | {f"dispatch {id}" for id in rows}


def _who(incident: Incident, event: Event) -> str:
    """Whose event it is, for a sentence."""
    if event.by_role in REPORTERS:
        return N_("pelapor")
    officer = session_of(incident).get(Officer, event.by_id) if event.by_id else None
    return officer.title if officer else N_("petugas lain")


def _claim(incident: Incident, by: Viewer, act: Event) -> dict[str, Any]:
    return {"was": incident.officer_id}


def _send(incident: Incident, by: Viewer, act: Event) -> dict[str, Any]:
    call_back(incident, [row["dispatch"] for row in act.body["sent"]])
    return {"personnel": sum(row["personnel"] for row in act.body["sent"])}


def _arrive(incident: Incident, by: Viewer, act: Event) -> dict[str, Any]:
    still_coming(incident, act.body["dispatches"])
    return {}


def _clear(incident: Incident, by: Viewer, act: Event) -> dict[str, Any]:
    still_out(incident, act.body["cleared"])
    return {}


def _refer(incident: Incident, by: Viewer, act: Event) -> dict[str, Any]:
    return {"name": take_back(incident, by, act.body["referral"])}


def _close(incident: Incident, by: Viewer, act: Event) -> dict[str, Any]:
    still_out(incident, act.body["cleared"])
    resume_referrals(incident, act.body.get("ended", []))
    for forgiven in reversed(act.body.get("forgiven", [])):
        unforgive(session_of(incident), by, forgiven)
    if "strike" in act.body:
        unstrike(session_of(incident), by, act.body["strike"])
    return {}


def _merge(incident: Incident, by: Viewer, act: Event) -> dict[str, Any]:
    """Of the one that was merged; or, on the one it was merged into, of all that came with that step."""
    if "into" in act.body:
        if not root_of(incident).open:
            raise WrongMoment(N_("Kejadian gabungannya sudah ditutup. Pisahkan lagi bila perlu."))
        holder = take_apart(incident, "undo", by, what="merge")
        return {"number": holder.number}
    absorbed = act.body["absorbed"]
    if act.body.get("claimed"):  # taken with the same press: all under it were told so
        inform(session_of(incident), "claim", by, incident.id, undone=act.at)
    apart = [put_apart(incident, by, id) for id in (absorbed if isinstance(absorbed, list) else [absorbed])]
    numbers = [number for number in apart if number]
    if not numbers:
        raise WrongMoment(APART)
    return {"number": ", ".join(numbers)}


def put_apart(holder: Incident, by: Viewer, id: int) -> str | None:
    """One that was merged into it stands by itself again: its number; None when it does so already."""
    merged = session_of(holder).get_one(Incident, id)
    if merged.status != Status.MERGED or merged.into_id != holder.id or not holder.open:
        return None
    before = merged.values()
    take_apart(merged, "undo", by, what="merge")
    merged.due_at = merged.due()
    merged.note("undo", by, before, what="merge", number=holder.number)
    return merged.number


ROWS: dict[str, Callable[[Incident, Viewer, Event], dict[str, Any]]] = {
    "claim": _claim,
    "dispatch": _send,
    "reinforce": _send,
    "arrive": _arrive,
    "clear": _clear,
    "refer": _refer,
    "resolve": _close,
    "dismiss": _close,
    "forward": _close,
    "merge": _merge,
}

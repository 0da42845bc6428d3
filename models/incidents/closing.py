"""How an incident ends: resolve, dismiss, and open again when it was not over."""

from datetime import datetime, timedelta
from typing import Annotated, Any

from sqlmodel import col, func, select

from models.asked import Asked, OfficerNote, Reason, words
from models.errors import N_, Blocked, WrongMoment, WrongValue, need
from models.incidents.dispatch import bring_back
from models.incidents.incident import Incident, session_of
from models.incidents.referring import ask_again, end_referrals
from models.incidents.strikes import forgive, strike
from models.people.citizens import Citizen
from models.record.event import Event
from models.roles import REPORTERS
from models.time import now
from models.viewer import Viewer
from models.workflow import effect

OUTCOMES = ("handled", "arrested", "settled", "investigation", "referred", "nothing_found", "false_alarm", "withdrawn")
DISMISSALS = ("not_police", "out_of_area", "empty", "prank")  # the last one strikes its reporter
REOPEN_HOURS, REOPENINGS = 72, 2
NO_OUTCOME, NO_DISMISSAL = N_("Pilih hasil penanganan."), N_("Pilih alasan menolak.")


@effect
def resolve(
    incident: Incident,
    by: Viewer,
    outcome: Annotated[str, Asked("outcome", N_("Hasil"), missing=NO_OUTCOME)],
    note: OfficerNote = "",
) -> dict[str, Any]:
    if outcome not in OUTCOMES:
        raise WrongValue("outcome", NO_OUTCOME)
    incident.outcome, incident.closed_at = outcome, now()
    session = session_of(incident)
    forgiven = [forgive(session, by, complaint.id) for complaint in incident.complaints]  # it was no prank after all
    return {"outcome": outcome, "note": note} | _wind_up(incident) | {"forgiven": [one for one in forgiven if one]}


@effect
def dismiss(
    incident: Incident,
    by: Viewer,
    reason: Annotated[str, Asked("dismissal", N_("Alasan"), missing=NO_DISMISSAL)],
    note: Annotated[str, words(N_("Catatan"), needed=False)] = "",
) -> dict[str, Any]:
    if reason not in DISMISSALS:
        raise WrongValue("reason", NO_DISMISSAL)
    incident.dismissal, incident.closed_at = reason, now()
    session = session_of(incident)
    struck, forgiven = None, []
    if reason == "prank":
        struck = strike(session, by, incident.id, note)
    else:  # who looks at it last has the last word
        forgiven = [forgive(session, by, complaint.id) for complaint in incident.complaints]
    noted = {"reason": reason, "note": note} | _wind_up(incident) | {"forgiven": [one for one in forgiven if one]}
    return noted | ({"strike": struck.id} if struck else {})


@effect
def reopen(incident: Incident, by: Viewer, reason: Reason = "") -> dict[str, Any]:
    if by.role in REPORTERS:
        _reopenable(incident, by)
    need(reason, sentence=N_("Tulis apa yang belum selesai.") if by.role in REPORTERS else N_("Tulis alasannya."))
    incident.wait_again()
    incident.closed_at = incident.outcome = incident.dismissal = None
    ask_again(incident, _ended_with_it(incident))
    return {"reason": reason}


def _ended_with_it(incident: Incident) -> list[tuple[int, str]]:
    """The referrals that its last closing ended, and what each was."""
    closings = select(Event).where(Event.incident_id == incident.id, col(Event.step).in_(("resolve", "dismiss")))
    last = session_of(incident).exec(closings.order_by(col(Event.seq).desc())).first()
    return [(id, state) for id, state in last.body.get("ended", [])] if last else []


def reopenable_until(incident: Incident, by: Viewer) -> datetime | None:
    """Until when its reporter may open it again; None when they may not, and while it is open."""
    try:
        _reopenable(incident, by)
    except (Blocked, WrongMoment):
        return None
    closed_at = None if incident.open else incident.closed_at
    return closed_at + timedelta(hours=REOPEN_HOURS) if closed_at else None


def _reopenable(incident: Incident, by: Viewer) -> None:
    """By its reporter: within three days, and not again and again. Each time it rings as a new one does."""
    session = session_of(incident)
    if session.get_one(Citizen, by.id).blocked_at:
        raise Blocked(N_("Akun ini diblokir. Dalam bahaya, telepon 110."))
    if now() - (incident.closed_at or now()) > timedelta(hours=REOPEN_HOURS):
        raise WrongMoment(N_("Sudah lewat {hours} jam. Silakan buat laporan baru."), hours=REOPEN_HOURS)
    by_reporter = (Event.incident_id == incident.id, Event.step == "reopen", col(Event.by_role).in_(REPORTERS))
    if session.exec(select(func.count()).where(*by_reporter)).one() >= REOPENINGS:
        raise WrongMoment(N_("Sudah {times} kali dibuka lagi. Silakan buat laporan baru."), times=REOPENINGS)


def _wind_up(incident: Incident) -> dict[str, Any]:
    """Personnel come back, referrals end; what each was is noted, so that a slip can be undone."""
    return {"cleared": bring_back(incident), "ended": end_referrals(incident, closing=True)}

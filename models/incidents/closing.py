"""How an incident ends: resolve, dismiss, forward, and open again when it was not over."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any

from sqlmodel import Session, col, func, select

from models.asked import Asked, Id, OfficerNote, Reason, Sure, Told, words
from models.city.agency import Agency, Kind
from models.city.category import RESTRICTED
from models.city.site import Point
from models.errors import N_, Blocked, Unsure, WrongMoment, WrongValue, need
from models.incidents.dispatch import bring_back
from models.incidents.incident import Incident, session_of
from models.incidents.pardoning import forgive
from models.incidents.referring import ask_again, end_referrals
from models.incidents.strikes import strike
from models.people.citizens import Citizen
from models.record.event import Event, newest
from models.roles import REPORTERS
from models.time import now
from models.viewer import Viewer
from models.workflow import Status, effect

OUTCOMES = ("handled", "arrested", "settled", "investigation", "referred", "nothing_found", "false_alarm", "withdrawn")
DISMISSALS = ("not_police", "out_of_area", "empty", "prank")  # the last one strikes its reporter
# What their reporters may be told at each: offered, changed or left out by whoever closes it. It claims no more than the
# outcome does; a prank gets none, its warning has words of its own.
TOLD = {
    "handled": N_("Laporan Anda sudah kami tangani. Terima kasih sudah melapor."),
    "arrested": N_("Pelaku sudah kami amankan. Terima kasih sudah melapor."),
    "settled": N_("Masalahnya sudah diselesaikan secara damai."),
    "investigation": N_("Kasus ini sekarang ditangani penyidik. Simpan bukti yang Anda punya."),
    "referred": N_("Laporan Anda sudah kami teruskan ke instansi yang berwenang."),
    "nothing_found": N_("Sudah kami periksa dan tidak kami temukan. Kalau terjadi lagi, laporkan lagi."),
    "false_alarm": N_("Sudah kami periksa, keadaannya aman. Terima kasih sudah waspada."),
    "withdrawn": N_("Laporan ini kami tutup karena sudah dicabut."),
    "not_police": N_("Ini bukan urusan polisi, jadi tidak dapat kami tangani."),
    "out_of_area": N_("Tempatnya di luar wilayah kami. Hubungi polisi di sana atau telepon 110."),
    "empty": N_("Laporan ini tidak berisi kejadian. Kalau ada kejadian, ceritakan di laporan baru."),
}
REOPEN_HOURS, REOPENINGS = 72, 2
FAR_M = 2000  # from a command's ground: nearer, it may be a point that was set roughly
Border = Callable[[str, Point], float | None]  # (a command's name, where): metres from its ground; None: nobody knows
CLOSINGS = ("resolve", "dismiss", "forward")
NO_COMMAND = N_("Pilih komando tetangga.")
NO_OUTCOME, NO_DISMISSAL = N_("Pilih hasil penanganan."), N_("Pilih alasan menolak.")


@effect
def resolve(
    incident: Incident,
    by: Viewer,
    outcome: Annotated[str, Asked("outcome", N_("Hasil"), missing=NO_OUTCOME)],
    note: OfficerNote = "",
    told: Told = "",
) -> dict[str, Any]:
    if outcome not in OUTCOMES:
        raise WrongValue("outcome", NO_OUTCOME)
    incident.outcome, incident.closed_at = outcome, now()
    session = session_of(incident)
    forgiven = [forgive(session, by, complaint.id) for complaint in incident.complaints]  # it was no prank after all
    noted = {"outcome": outcome, "note": note, "told": told.strip()}
    return noted | _wind_up(incident) | {"forgiven": [one for one in forgiven if one]}


@effect
def dismiss(
    incident: Incident,
    by: Viewer,
    reason: Annotated[str, Asked("dismissal", N_("Alasan"), missing=NO_DISMISSAL)],
    note: Annotated[str, words(N_("Catatan"), needed=False)] = "",
    told: Told = "",
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
    noted = {"reason": reason, "note": note, "told": told.strip()} | _wind_up(incident)
    noted |= {"forgiven": [one for one in forgiven if one]}
    return noted | ({"strike": struck.id} if struck else {})


@effect
def forward(
    incident: Incident,
    by: Viewer,
    command: Annotated[Id, Asked("command", N_("Kepada"), missing=NO_COMMAND)],
    reason: Annotated[str, words(N_("Alasan"), needed=False)] = "",
    sure: Sure = False,
    border: Border | None = None,
) -> dict[str, Any]:
    """It is theirs from now on: closed here, and no answer of ours. Its place says to whom; any other choice says why,
    and far from their ground it is asked twice: a slip in a list sends nobody."""
    there = next((one for one in commands(session_of(incident)) if one.id == command), None)
    if there is None:
        raise WrongValue("command", NO_COMMAND)
    if incident.category_code == RESTRICTED:
        need(reason, sentence=N_("Tulis mengapa laporan tentang petugas ini dilimpahkan."))
    if there is not ground_of(incident, [there]) and not reason.strip():
        raise WrongValue(
            "reason", N_("Tempatnya tidak tercatat di wilayah {command}. Tulis alasannya."), command=there.name
        )
    away_m = border(there.name, incident.point) if border and incident.point else None
    if away_m and away_m > FAR_M and not sure:
        raise Unsure(
            N_("Tempatnya {km} km dari wilayah {command}. Benar dilimpahkan ke sana?"),
            km=round(away_m / 1000), command=there.name,
        )  # fmt: skip
    incident.closed_at = now()
    noted = {"agency": there.id, "name": there.name, "phone": there.phone, "reason": reason} | _wind_up(incident)
    forgiven = [forgive(session_of(incident), by, complaint.id) for complaint in incident.complaints]
    return noted | {"forgiven": [one for one in forgiven if one]}


def commands(session: Session) -> list[Agency]:
    """Those beside ours, as administrators keep them."""
    rows = select(Agency).where(Agency.active, Agency.kind == Kind.COMMAND)
    return list(session.exec(rows.order_by(col(Agency.name), col(Agency.id))))


def ground_of(incident: Incident, beside: Sequence[Agency]) -> Agency | None:
    """Which of them has the ground that it lies on."""
    return next((one for one in beside if incident.outside and one.name == incident.neighbour), None)


@effect
def reopen(incident: Incident, by: Viewer, reason: Reason = "") -> dict[str, Any]:
    if by.role in REPORTERS:
        _reopenable(incident, by)
    need(reason, sentence=N_("Tulis apa yang belum selesai.") if by.role in REPORTERS else N_("Tulis alasannya."))
    incident.wait_again()
    incident.closed_at = incident.outcome = incident.dismissal = None
    ask_again(incident, _ended_with_it(incident))
    return {"reason": reason}


@dataclass(frozen=True)
class Forwarded:
    """Where its reporters find it now, as it was when it went there."""

    name: str
    phone: str


def forwarded(incident: Incident) -> Forwarded | None:
    last = _closing(incident) if incident.status == Status.FORWARDED else None
    return Forwarded(last.body.get("name", ""), last.body.get("phone", "")) if last else None


def told(incident: Incident) -> str:
    """What its reporters were told when it was closed; "" while it is open, and where nobody wrote anything."""
    last = None if incident.open else _closing(incident)
    return str(last.body.get("told", "")) if last else ""


def _ended_with_it(incident: Incident) -> list[tuple[int, str]]:
    """The referrals that its last closing ended, and what each was."""
    last = _closing(incident)
    return [(id, state) for id, state in last.body.get("ended", [])] if last else []


def _closing(incident: Incident) -> Event | None:
    return newest(session_of(incident), incident.id, CLOSINGS)


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

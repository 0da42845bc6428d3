"""Who holds an incident: claim, release, the lease, and the ways it changes hands."""

from datetime import timedelta
from typing import Annotated, Any

from sqlmodel import Session, col, select

from models.asked import RECEIVER, Reason, Sure, Whom, words
from models.errors import N_, NotYours, Unsure, WrongMoment, WrongValue
from models.incidents.incident import Incident, session_of
from models.incidents.sight import seen_by
from models.people.officers import SILENT_SECONDS, Officer, Presence
from models.record.event import newest
from models.roles import DUTY, Role
from models.time import lately, now, was_lately
from models.viewer import CLOCK, Viewer
from models.workflow import HELD, effect

UNDO_SECONDS = 20  # so long a step may be taken back without a reason


@effect
def claim(incident: Incident, by: Viewer) -> dict[str, Any]:
    incident.claimed_at = now()
    return _held_by(incident, by.id)


@effect
def assign(
    incident: Incident,
    by: Viewer,
    officer: Whom,
    reason: Annotated[str, words(N_("Alasan, bila perlu"), needed=False)] = "",
    sure: Sure = False,
) -> dict[str, Any]:
    """A supervisor gives what waits to somebody: claimed for them, in one step."""
    to, absent = _receiver(incident, officer), _absent(incident, officer, by, sure)
    incident.claimed_at = now()
    return {"by": by.id, "reason": reason} | absent | _held_by(incident, to.id)


@effect
def release(incident: Incident, by: Viewer, reason: Reason = "") -> dict[str, Any]:
    just_now = was_lately(incident.claimed_at or now(), timedelta(seconds=UNDO_SECONDS))
    if not reason and (incident.officer_id != by.id or not just_now):
        raise WrongValue("reason", N_("Tulis alasan melepaskan."))
    incident.wait_again()
    return {"officer": None, "reason": reason}


@effect
def lapse(incident: Incident, by: Viewer) -> dict[str, Any] | None:
    if incident.stale:
        return None
    incident.stale = True
    return {"officer": incident.officer_id}


@effect
def renew(incident: Incident, by: Viewer) -> dict[str, Any] | None:
    if not incident.stale:
        return None
    incident.stale = False
    return {"officer": incident.officer_id}


@effect
def reclaim(incident: Incident, by: Viewer) -> dict[str, Any] | None:
    if incident.officer_id == by.id and not incident.stale:
        return None
    if not incident.stale:
        holder = incident.officer.title if incident.officer else ""
        raise NotYours(N_("Konsol {name} masih tersambung."), name=holder)
    return {"was": incident.officer_id} | _held_by(incident, by.id)


@effect
def take_over(incident: Incident, by: Viewer, reason: Reason) -> dict[str, Any]:
    return {"was": incident.officer_id, "reason": reason} | _held_by(incident, by.id)


@effect
def reassign(
    incident: Incident, by: Viewer, officer: Whom, reason: Reason, sure: Sure = False
) -> dict[str, Any] | None:
    to = _receiver(incident, officer)
    if to.id == incident.officer_id:
        return None
    absent = _absent(incident, officer, by, sure)
    return {"was": incident.officer_id, "by": by.id, "reason": reason} | absent | _held_by(incident, to.id)


@effect
def hand_back(incident: Incident, by: Viewer, reason: Reason) -> dict[str, Any]:
    """Whoever was given it cannot take it on: who gave it has it again, and has to say that they know."""
    given = newest(session_of(incident), incident.id, ("assign", "reassign", "hand_back"))
    if given is None or not incident.given_at or incident.known_at:
        raise WrongMoment(
            N_("Yang sudah Anda tangani tidak dapat dikembalikan. Lepas, atau minta Pawas mengalihkannya.")
        )
    giver = session_of(incident).get_one(Officer, given.by_id)
    if given.step == "hand_back" or not giver.active or giver.power != Role.SUPERVISOR:
        raise WrongMoment(N_("Tidak ada Pawas yang dapat menerimanya kembali. Lepas, atau alihkan."))
    return {"was": by.id, "reason": reason} | _held_by(incident, giver.id)


def unattended(session: Session) -> list[tuple[int, bool]]:
    """Held incidents whose lease no longer matches the holder's presence: (id, is the holder silent)."""
    alive = select(Presence.officer_id).where(lately(Presence.seen_at, timedelta(seconds=SILENT_SECONDS)))
    held = select(Incident.id, Incident.officer_id, Incident.stale).where(col(Incident.status).in_(HELD))
    present = set(session.exec(alive))
    return [(id, holder not in present) for id, holder, stale in session.exec(held) if stale == (holder in present)]


def keep_lease(session: Session, id: int) -> None:
    """Lapse or renew one lease, if it still does not match when the writer comes to it."""
    silent = dict(unattended(session)).get(id)
    if silent is not None:
        session.get_one(Incident, id).take("lapse" if silent else "renew", CLOCK)


def _receiver(incident: Incident, officer: int) -> Officer:
    """Who is to have it: on duty, and may see it."""
    to = session_of(incident).get(Officer, officer)
    if to is None or not to.active or to.role not in DUTY:
        raise WrongValue("officer", RECEIVER)
    if not seen_by(incident, to.viewer.audience):
        raise WrongValue("officer", N_("Laporan tentang petugas hanya untuk pengawas. Pilih pengawas."))
    return to


def _absent(incident: Incident, officer: int, by: Viewer, sure: bool) -> dict[str, Any]:
    """Nobody sits there to hear of it: asked once, and noted. Whoever gives it to themselves is here."""
    here = session_of(incident).get(Presence, officer)
    if officer == by.id or (here and not here.silent):
        return {}
    if not sure:
        to = session_of(incident).get_one(Officer, officer)
        raise Unsure(N_("{name} tidak di meja: tidak ada konsolnya yang terbuka. Tetap berikan?"), name=to.title)
    return {"absent": True}


def _held_by(incident: Incident, officer_id: int | None) -> dict[str, Any]:
    incident.officer = session_of(incident).get(Officer, officer_id) if officer_id else None
    incident.officer_id, incident.stale = officer_id, False
    return {"officer": officer_id}

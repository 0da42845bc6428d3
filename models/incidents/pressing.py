"""Respons Cepat: a press is filed at once, whoever presses, and once, however often it comes; and the number of who
pressed without one, when they prove it.

The key of a press is random, made by the phone and known to nobody else: it stands for the press itself. So the same
press may come again as a guest's, as an account's or after a sign-in, is filed once, and opens its page to the phone
that brings its key.
"""

from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, select, update

from models.errors import N_, NotFound, WrongValue
from models.incidents.complaint import Complaint
from models.incidents.evidence import Transfer
from models.incidents.filing import Filing, file
from models.incidents.hushing import hush
from models.incidents.incident import Incident
from models.incidents.reporters import reporter
from models.incidents.strikes import go_along, inherit
from models.people.browsers import PushSubscription, leave_browser
from models.people.citizens import Citizen, citizen_by, sign_up
from models.people.devices import end_sessions
from models.people.erased_numbers import left_by
from models.people.guests import grant, guest_of
from models.people.sessions import SignIn, sign_out
from models.record.event import record
from models.record.idempotency import once
from models.roles import Role
from models.viewer import CLOCK, Viewer

LEAST_KEY = 32  # letters: one that can be guessed would open what another pressed
PRESSES = Viewer(Role.GUEST)  # whose receipts those of all presses are


@dataclass(frozen=True)
class Browser:
    """Where a guest presses. `device`: hash of its long-lived cookie; `session`: of the one it is given with this."""

    device: str
    session: str
    agent: str = ""
    locale: str = "id"


def press(session: Session, by: Viewer, filing: Filing, key: str, asked: Any) -> dict[str, Any]:
    """{ref, incident, status, complaint} of what was pressed, by whoever it is."""
    if len(key) < LEAST_KEY:
        raise WrongValue("idempotency_key", N_("Nilai ini tidak dapat dipakai."))

    def act() -> dict[str, Any]:
        complaint = file(session, by, filing)
        return {"ref": complaint.ref, "incident": complaint.incident_id, "status": "new", "complaint": complaint.id}

    return once(session, PRESSES, key, asked, act)


def press_as_guest(
    session: Session, before: Viewer | None, browser: Browser, filing: Filing, key: str, asked: Any
) -> dict[str, Any]:
    """Filed, and this browser has a grant to it. `before`: an older guest of this browser, whose grant ends."""
    citizen, device = guest_of(session, browser.device, browser.agent, browser.locale)
    stored = press(session, citizen.viewer, filing, key, asked)
    if before:
        leave_browser(session, before.session)
        sign_out(session, before, before.session)  # one browser, one session
    grant(session, citizen, device, stored["complaint"], browser.session)
    return stored


def account_of(session: Session, phone: str, number_hash: str, locale: str) -> Citizen:
    """The account of a number that was proved just now; a new one where there is none, its name not asked yet.

    A number that may not register anew comes back as what it was: blocked, with its strikes, and free to appeal. Whoever
    pressed with it needs no help the less.
    """
    if known := citizen_by(session, phone):
        return known
    left = left_by(session, number_hash)
    blocked_at = session.get_one(Citizen, left).blocked_at if left is not None else None
    citizen = sign_up(session, phone=phone, name=None, locale=locale)
    citizen.blocked_at = blocked_at
    inherit(session, citizen, number_hash)
    if citizen.blocked_at:
        record(session, "block", CLOCK, citizen=citizen.id)
    return citizen


def prove(session: Session, by: Viewer, citizen: Citizen) -> None:
    """The guest's complaint is this account's from now on, and with it its files, its strike and who is told. The case
    stays as it is, whatever stands against the number; its card says so. One that was too many to ring rings now."""
    complaint = session.get(Complaint, by.complaint_id)
    if complaint is None or complaint.citizen_id != by.id:
        return  # proved before, elsewhere
    incident = session.get_one(Incident, complaint.incident_id)
    before, past, first = incident.values(), reporter(session, citizen.id), incident.complaints[0]
    if complaint.citizen and complaint.citizen.quiet:
        hush(session, citizen.viewer, quiet=True)
    complaint.citizen = citizen
    complaint.citizen_id, complaint.origin = citizen.id, ""
    _bring(session, by, complaint, citizen)
    if first.id == complaint.id:
        incident.standing = "known" if past.record.nth > 1 else "new"
        incident.flagged = incident.flagged or past.flagged or citizen.blocked_at is not None
        incident.strikes, incident.muted = (
            reporter(session, citizen.id).record.strikes,
            False,
        )  # the guest's are theirs now
    incident.note("prove", citizen.viewer, before, complaint_id=complaint.id, guest=by.id, citizen=citizen.id)


def _bring(session: Session, by: Viewer, complaint: Complaint, citizen: Citizen) -> None:
    session.exec(update(Transfer).where(col(Transfer.complaint_id) == complaint.id).values(citizen_id=citizen.id))
    pushed = update(PushSubscription).where(col(PushSubscription.session) == by.session)
    session.exec(pushed.values(citizen_id=citizen.id))
    go_along(session, complaint.id, citizen)
    others = select(SignIn).where(SignIn.complaint_id == complaint.id, SignIn.hash != by.session)
    end_sessions(session, by, list(session.exec(others)))


def is_theirs(session: Session, by: Viewer, complaint_id: int) -> bool:
    """May this reporter open what the same key filed before? On a shared phone it may be another's."""
    complaint = session.get(Complaint, complaint_id)
    if complaint is None:
        raise NotFound()
    return complaint.is_of(by)

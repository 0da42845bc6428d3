"""Guests: who reports before anybody knows their number.

What a browser sends without one hangs on a reporter without a number, one for each browser: so pranks, rates and bytes
are counted as an account's are, and whoever throws the cookie away begins anew with nothing. A session of theirs is a
grant to one complaint and opens nothing else, not even what the same browser sent before.
"""

import secrets

from sqlmodel import Session, col, select

from models.people.citizens import UNPROVED, Citizen
from models.people.devices import Device, note_device
from models.people.sessions import SignIn, sign_in


def guest_of(session: Session, device: str, agent: str, locale: str) -> tuple[Citizen, Device]:
    """The reporter without a number that this browser is, made the first time. `device`: hash of its cookie."""
    known = select(Citizen).join(Device, col(Device.citizen_id) == Citizen.id).where(Device.hash == device)
    citizen = session.exec(known.where(col(Citizen.phone).startswith(UNPROVED))).first()
    if citizen is None:
        citizen = Citizen(phone=f"{UNPROVED}{secrets.token_hex(8)}", name="")
        session.add(citizen)
        session.flush()
    citizen.locale = locale
    return citizen, note_device(session, device, citizen.id, agent)


def grant(session: Session, citizen: Citizen, device: Device, complaint_id: int, hash: str) -> SignIn:
    """A session that opens this complaint alone."""
    return sign_in(session, citizen, hash, device.id, complaint_id=complaint_id)


def blocked_here(session: Session, device: str) -> bool:
    """Do three pranks stand against this browser, whoever held it?"""
    known = select(Citizen.id).join(Device, col(Device.citizen_id) == Citizen.id).where(Device.hash == device)
    shut = known.where(col(Citizen.phone).startswith(UNPROVED), col(Citizen.blocked_at).is_not(None))
    return session.exec(shut.limit(1)).first() is not None

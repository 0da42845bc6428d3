"""What citizens change of their own account, and what they may take away of it."""

from sqlmodel import Session, col, select

from models.acts import act
from models.people.citizens import Citizen, name_of
from models.people.devices import end_others
from models.record.event import Look, record
from models.viewer import Viewer


@act
def rename(session: Session, by: Viewer, name: str) -> None:
    """The event says that, not how: a name in the chain could never be taken back."""
    name = name_of(name)
    citizen = session.get_one(Citizen, by.id)
    if citizen.name != name:
        citizen.name = name
        record(session, "rename", by, citizen=citizen.id)


@act
def change_password(session: Session, by: Viewer, password: str) -> None:
    """`password`: already hashed. Every other device has to prove itself anew."""
    session.get_one(Citizen, by.id).password = password
    record(session, "change_password", by, citizen=by.id)
    end_others(session, by)


def looks_at(session: Session, complaint_id: int) -> list[Look]:
    """Who looked at one's identity or evidence, oldest first."""
    return list(session.exec(select(Look).where(Look.complaint_id == complaint_id).order_by(col(Look.seq))))

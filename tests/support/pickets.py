"""Two pickets for tests, ten minutes before they change: regu B on duty under Sari, regu C called under Surya, each with a
sign-in of their own."""

from datetime import datetime, timedelta

from sqlmodel import Session

from models.command.apel import Planned, muster, open_shift
from models.command.members import Member
from models.command.shifts import Pattern, Shift, State, roll
from models.people.officers import Officer
from models.roles import Role
from models.time import now
from models.viewer import Viewer
from tests.support.law import Law
from tests.support.rosters import enrol

TERM = timedelta(hours=12)


def pickets(law: Law, password: str = "-") -> tuple[Viewer, Shift, Shift]:
    """(Surya, regu B, regu C). Sari and Surya have this password."""
    surya = law.run(_surya, law.sari, password)
    ends = now() + timedelta(minutes=10)
    b, c = (_opened(law, regu, lead, at) for regu, lead, at in (("B", law.sari, ends - TERM), ("C", surya, ends)))
    law.run(muster, surya, law.read(roll, c)[0].id, State.PRESENT)
    return surya, b, c


def _opened(law: Law, regu: str, lead: Viewer, starts: datetime) -> Shift:
    who = enrol(law, law.dewi, regu, ((1, "Samapta"), (2, "Lantas")))
    law.run(lambda session: setattr(session.get_one(Member, who[0]), "officer_id", lead.id))
    planned = Planned(regu, Pattern.OWN, starts, who[0], who, starts + TERM)
    shift: Shift = law.run(open_shift, law.sari, planned)
    return shift


def _surya(session: Session, sari: Viewer, password: str) -> Viewer:
    session.get_one(Officer, sari.id).password = password
    officer = Officer(login="surya", name="Surya Ginting", rank="AKP", role=Role.SUPERVISOR, password=password)
    session.add(officer)
    session.flush()
    return officer.viewer

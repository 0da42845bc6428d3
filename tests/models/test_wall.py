"""What a wall shows, and in which order: what needs somebody comes first."""

from datetime import timedelta

from sqlmodel import Session, select

from models.incidents.incident import Incident
from models.reading.board import BOARD_SIZE, SHORTENED_TO, board
from models.reading.wall import need
from models.roles import Role
from models.time import now
from models.viewer import CLOCK, Audience
from models.workflow import Status
from tests.support.law import Law

WALL = Audience(Role.WALL, "", "id")


def waited(law: Law, incident: Incident, minutes: int, late: bool = False) -> None:
    """It was opened so long ago; the clock has called its lateness out, or it is not due yet."""

    def wait(session: Session) -> None:
        row = session.get_one(Incident, incident.id)
        row.opened_at = now() - timedelta(minutes=minutes)
        row.due_at = row.due()

    law.run(wait)
    if late:
        law.take(incident, "escalate", CLOCK)


def held(law: Law, minutes: int, late: bool = False, silent: bool = False, category: str = "CURAS_BEGAL") -> Incident:
    incident = law.take(law.file(category=category), "claim", law.hendra)
    waited(law, incident, minutes, late)
    if silent:
        law.run(lambda session: setattr(session.get_one(Incident, incident.id), "stale", True))
    return incident


def test_on_a_wall_stands_first_what_needs_somebody(law: Law) -> None:
    """Nobody's and late, nobody's, a silent holder's, held and late, the rest; in each by priority, then the oldest."""
    calm = held(law, 50)
    late_one, later_one = held(law, 9, late=True), held(law, 12, late=True)
    silent = held(law, 2, silent=True, category="CURANMOR")
    fresh, minor = law.file(), law.file(category="KERIBUTAN")
    waited(law, fresh, 1)
    waited(law, minor, 40)
    minor_late, urgent_late = law.file(category="KERIBUTAN"), law.file()
    waited(law, minor_late, 90, late=True)
    waited(law, urgent_late, 3, late=True)
    wanted = [urgent_late, minor_late, fresh, minor, silent, later_one, late_one, calm]
    assert [row.id for row in law.read(board, WALL).rows] == [row.id for row in wanted]
    rows = law.read(lambda session: session.exec(select(Incident)).all())
    assert [row.id for row in sorted(rows, key=need)] == [row.id for row in wanted], "a row's own rank says the same"


def test_what_is_nobodys_again_is_not_late_any_more(law: Law) -> None:
    """Its target counts anew: what was called out was of the one before."""
    again, late = held(law, 9, late=True), held(law, 9, late=True, category="CURANMOR")
    law.take(again, "release", law.hendra, reason="ganti tugas")
    rows = law.read(board, WALL).rows
    assert [row.id for row in rows] == [again.id, late.id]
    assert law.read(lambda session: need(session.get_one(Incident, again.id))) // 10**14 == 1


def test_of_what_a_cut_board_leaves_out_it_says_how_many_wait(law: Law) -> None:
    first = law.file()

    def many(session: Session) -> None:
        row = session.get_one(Incident, first.id)
        same = {name: getattr(row, name) for name in Incident.model_fields if name not in ("id", "number", "status")}
        status = [Status.CLAIMED, Status.NEW]
        session.add_all(Incident(**same, number=f"x{n}", status=status[n < 700]) for n in range(BOARD_SIZE))

    law.run(many)
    found = law.read(board, WALL)
    assert (len(found.rows), found.more, found.more_new) == (SHORTENED_TO, 501, 201)

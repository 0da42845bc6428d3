"""Members for tests: enrolled through the law itself."""

from itertools import count

from sqlmodel import Session

from models.command.members import Enrolled, add_member
from models.viewer import Viewer
from tests.support.law import Law

NUMBERS = count(10_000_000)


def enrol(
    law: Law, by: Viewer, regu: str = "B", posts: tuple[tuple[int, str], ...] = ((2, "Samapta"),), desks: int = 0
) -> list[int]:
    """A member for each of (station, function), called "B 0", "B 1" …; the first so many sit at desks. Their ids."""

    def act(session: Session) -> list[int]:
        said = (
            Enrolled(str(next(NUMBERS)), "Bripka", f"{regu} {n}", station, function, regu, n < desks)
            for n, (station, function) in enumerate(posts)
        )
        return [add_member(session, by, one).id for one in said]

    return law.run(act)

"""The board: what is open now."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlmodel import Session, case, col, func, select

from models.city.category import Category, categories
from models.errors import NotFound
from models.incidents.complaint import Complaint
from models.incidents.evidence import Evidence
from models.incidents.incident import Incident, by_rank
from models.incidents.referral import Referral
from models.incidents.sharing import shared
from models.incidents.sight import visible_to
from models.reading.wall import by_need
from models.record.event import Head
from models.roles import Role
from models.viewer import Audience, Viewer
from models.workflow import OPEN, Status

BOARD_SIZE, SHORTENED_TO = 1000, 500  # above the first, the first 500 by rank and a loud rest (docs/design.md#html)


class Row(NamedTuple):
    """As much of an open incident as its place on the board needs."""

    id: int
    seq: int
    status: str
    category_code: str
    officer_id: int | None
    exercise: bool
    like_id: int | None


@dataclass(frozen=True)
class Board:
    """Open incidents by rank. `more` are not shown, the oldest of them filed at `oldest`; `more_new` of them wait."""

    seq: int
    epoch: str
    rows: list[Row]
    more: int = 0
    oldest: datetime | None = None
    more_new: int = 0

    def true(self, status: Status) -> int:
        """How many stand there and are no exercise; of what waits, what seems to be one thing is one, as on the screens."""
        real = [row for row in self.rows if row.status == status and not row.exercise]
        return len({row.like_id or row.id for row in real} if status == Status.NEW else real)


def board(session: Session, audience: Audience) -> Board:
    """What a screen of this audience starts from, in one snapshot; its socket goes on from `seq`."""
    seq, epoch = position(session)
    shown = select(*(getattr(Incident, name) for name in Row._fields))
    rows = shown.where(col(Incident.status).in_(OPEN), visible_to(audience))
    ranked = rows.order_by(*(by_need() if audience.role is Role.WALL else by_rank()))
    found = [Row(*row) for row in session.exec(ranked.limit(BOARD_SIZE + 1))]
    if len(found) <= BOARD_SIZE:
        return Board(seq, epoch, found)
    hidden = ranked.add_columns(Incident.filed_at).offset(SHORTENED_TO).subquery()
    waits = func.sum(case((hidden.c.status == Status.NEW, 1), else_=0))
    more, oldest, more_new = session.exec(
        select(func.count(), func.min(hidden.c.filed_at), waits).select_from(hidden)
    ).one()
    return Board(seq, epoch, found[:SHORTENED_TO], more, oldest, more_new or 0)


def position(session: Session) -> tuple[int, str]:
    """(seq, epoch) of the head row."""
    return session.exec(select(Head.seq, Head.epoch).where(Head.id == 1)).one()


def find_evidence(session: Session, viewer: Viewer, key: str) -> tuple[Evidence, Complaint]:
    """A piece of evidence, for its reporter, for officers who may see its incident, and for a liaison to
    whom it was referred in full; else NotFound."""
    found = (
        select(Evidence, Complaint)
        .join(Complaint, col(Complaint.id) == Evidence.complaint_id)
        .join(Incident, col(Incident.id) == Complaint.incident_id)
        .where(Evidence.key == key, visible_to(viewer.audience))
    )
    row = session.exec(found).first()
    if row is None or not (viewer.on_duty or row[1].is_of(viewer) or _in_full(session, viewer, row[1])):
        raise NotFound()
    return row[0], row[1]


def _in_full(session: Session, viewer: Viewer, complaint: Complaint) -> bool:
    """Is it referred to this liaison's agency, with words and evidence, until that has finished?"""
    if viewer.role != Role.LIAISON:
        return False
    referred = select(Referral).where(
        Referral.incident_id == complaint.incident_id, Referral.agency_id == viewer.agency_id, Referral.showing()
    )
    incident = session.get_one(Incident, complaint.incident_id)
    return any(shared(incident, referral).words for referral in session.exec(referred))


def kinds_on(session: Session, board: Board) -> list[Category]:
    """What a board is narrowed to: all that may be chosen, and what was closed while incidents of it are open."""
    open_ones = {row.category_code for row in board.rows}
    return [kind for kind in categories(session, choosable=False) if kind.choosable or kind.code in open_ones]

"""Walls: a screen waits with a code, a supervisor types it, and the screen is let in until it is unpaired."""

import math
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, col, delete, func, select
from sqlmodel.sql.expression import SelectOfScalar

from models.acts import act
from models.city.names import read_as, unused
from models.city.station import Station
from models.command.bulletin import districts
from models.errors import N_, NotFound, Outdated, WrongMoment, WrongValue, need
from models.incidents.complaint import CROCKFORD
from models.people.machines import Wall
from models.people.sessions import SignIn, revoke, sign_in
from models.people.views import Part, View
from models.record.event import record
from models.roles import RIGHTS, Role
from models.time import now
from models.viewer import Viewer

CODE_LENGTH = 6  # 30 bits, good for ten minutes, and only a supervisor may try one
CODE_MINUTES = 10
NEAREST_M, FARTHEST_M = 1.0, 30.0
COARSEST, FINEST = 0.3, 12.0  # pixels per mm: a stadium's screen, a phone's
LONGEST_NAME = 40
READ_MINUTES = 16  # of arc: what an eye reads without effort (docs/ux.md#wall)
CAPITAL = 0.7  # height of a capital in parts of the size: the least of the letters that may stand there (DejaVu Sans)


def waiting(session: Session, secret: str) -> Wall | None:
    """The screen that waits with this secret (a hash): it shows a code, or was just paired."""
    return session.exec(select(Wall).where(Wall.secret == secret)).first()


def wait(session: Session, secret: str) -> Wall:
    """Give the screen a code, and a new one when the last is over. Screens that gave up waiting are forgotten."""
    at = now()
    over = col(Wall.paired_by_id).is_(None) & (col(Wall.code_until) < at - timedelta(minutes=CODE_MINUTES))
    session.exec(delete(Wall).where(over, col(Wall.secret) != secret))
    wall = waiting(session, secret) or Wall(secret=secret)
    if wall.paired_at is None and (wall.code_until is None or wall.code_until <= at):
        wall.code, wall.code_until = _new_code(session), at + timedelta(minutes=CODE_MINUTES)
    session.add(wall)
    session.flush()
    return wall


def let_in(session: Session, secret: str, hash: str) -> Wall | None:
    """The session of a screen that was paired while it waited; once, under a new secret (`hash`)."""
    wall = waiting(session, secret)
    if wall is None or wall.paired_at is None:
        return None
    wall.secret = None
    sign_in(session, wall, hash)
    return wall


@act
def pair(
    session: Session, by: Viewer, code: str, name: str, distance_m: float, px_per_mm: float, view: str = "",
    mapless: bool = False,
) -> Wall:  # fmt: skip
    """Let in the screen that shows this code. One that is gone and was called so makes room for it."""
    typed = code.upper().replace(" ", "").replace("-", "").translate(str.maketrans("OIL", "011"))
    wall = session.exec(select(Wall).where(Wall.code == typed, col(Wall.code_until) > now())).first()
    if wall is None:
        raise WrongValue("code", N_("Tidak ada layar yang menunjukkan kode ini sekarang."))
    _hang(session, by, wall, name, distance_m, px_per_mm, view, mapless)
    wall.code = wall.code_until = None
    wall.paired_at, wall.paired_by_id = now(), by.id
    session.flush()
    record(session, "pair", by, **_hung(wall))
    return wall


@act
def adjust(
    session: Session, by: Viewer, id: int, name: str, distance_m: float, px_per_mm: float, version: int | None = None,
    view: str = "", mapless: bool = False,
) -> Wall:  # fmt: skip
    wall = find_wall(session, id)
    if version is not None and version != wall.version:
        raise Outdated(N_("Dinding ini baru saja diubah."))
    _hang(session, by, wall, name, distance_m, px_per_mm, view, mapless)
    record(session, "adjust", by, **_hung(wall))
    return wall


@act
def unpair(session: Session, by: Viewer, id: int) -> None:
    """The screen goes dark at once: its sessions end, and its page asks for a new code."""
    wall = find_wall(session, id)
    _take_down(session, by, wall)
    record(session, "unpair", by, wall=id, name=wall.name)


@act
def put_away(session: Session, by: Viewer, id: int) -> None:
    """One that is gone is no longer listed, and whatever of its session is left ends."""
    wall = find_wall(session, id)
    if wall in walls(session):
        raise WrongMoment(N_("{name} masih tergantung. Lepas dulu."), name=wall.name)
    _put_away(session, by, wall)


def walls(session: Session) -> list[Wall]:
    """Those that hang: paired, and their session still holds, or they are on their way in."""
    inside = col(Wall.id).in_(_inside()) | col(Wall.secret).is_not(None)
    return list(session.exec(_paired().where(inside)))


@dataclass(frozen=True)
class Gone:
    """A wall that was let in, and whose session is over. `seen_at`: when it was last heard of; none: nobody knows."""

    wall: Wall
    seen_at: datetime | None


def gone_walls(session: Session) -> list[Gone]:
    rows = session.exec(_paired().where(col(Wall.id).not_in(_inside()), col(Wall.secret).is_(None))).all()
    seen = select(SignIn.wall_id, func.max(SignIn.seen_at)).where(col(SignIn.wall_id).in_([row.id for row in rows]))
    last = dict(session.exec(seen.group_by(col(SignIn.wall_id))).all())
    return [Gone(row, last.get(row.id)) for row in rows]


def _paired() -> SelectOfScalar[Wall]:
    return select(Wall).where(col(Wall.paired_at).is_not(None)).order_by(col(Wall.name), col(Wall.id))


def _inside() -> Any:
    # "> 0" finds the few sessions of walls by their index; "is not null" would walk through those of all citizens.
    at = now()
    holds = (SignIn.expires_at > at, SignIn.seen_at > at - RIGHTS[Role.WALL].idle)
    return select(SignIn.wall_id).where(col(SignIn.wall_id) > 0, *holds)


@dataclass(frozen=True)
class Choice:
    """A view as it is chosen and named; `name`: of the polsek or the kecamatan."""

    view: View
    name: str = ""


def choices(session: Session) -> list[Choice]:
    own = select(Station).where(Station.active).order_by(Station.name)
    return [
        Choice(View()),
        Choice(View(Part.URGENT)),
        *(Choice(View(Part.STATION, str(row.id)), row.name) for row in session.exec(own)),
        *(Choice(View(Part.DISTRICT, name), name) for name in districts()),
    ]


def choice_of(session: Session, wall: Wall) -> Choice:
    """What it shows, by name; also of a polsek that has been closed since."""
    view = View.read(wall.view)
    return Choice(view, session.get_one(Station, int(view.of)).name if view.part is Part.STATION else view.of)


def find_wall(session: Session, id: int | None) -> Wall:
    wall = session.get(Wall, id) if id is not None else None
    if wall is None or wall.paired_at is None:
        raise NotFound()
    return wall


def wall_of(session: Session, viewer: Viewer) -> Wall:
    """The wall that is looking."""
    if viewer.role != Role.WALL:
        raise NotFound()
    return session.get_one(Wall, viewer.id)


def read_px(wall: Wall) -> float:
    """The smallest size, in pixels, of letters that must be read: capitals of 16 minutes of arc at the eye."""
    capital_mm = wall.distance_m * 1000 * math.tan(math.radians(READ_MINUTES / 60))
    return capital_mm * wall.px_per_mm / CAPITAL


def _hang(
    session: Session, by: Viewer, wall: Wall, name: str, distance_m: float, px_per_mm: float, view: str, mapless: bool
) -> None:
    name = need(name, "name", N_("Beri nama dinding ini."))
    if len(name) > LONGEST_NAME:
        raise WrongValue("name", N_("Paling banyak {most} huruf."), most=LONGEST_NAME)
    unused(name, (other.name for other in walls(session) if other.id != wall.id))
    if not NEAREST_M <= distance_m <= FARTHEST_M:
        raise WrongValue("distance_m", N_("Jarak antara {least} dan {most} meter."), least=1, most=30)
    if not COARSEST <= px_per_mm <= FINEST:
        raise WrongValue("px_per_mm", N_("Titik per mm antara {least} dan {most}."), least=COARSEST, most=FINEST)
    if view != wall.view and view not in (str(choice.view) for choice in choices(session)):
        raise WrongValue("view", N_("Pilih salah satu."))
    for gone in gone_walls(session):
        if gone.wall.id != wall.id and gone.wall.hangs_as == read_as(name):
            _put_away(session, by, gone.wall)
    wall.name, wall.hangs_as, wall.distance_m, wall.px_per_mm = name, read_as(name), distance_m, px_per_mm
    wall.view, wall.mapless = view, mapless


def _put_away(session: Session, by: Viewer, wall: Wall) -> None:
    _take_down(session, by, wall)
    record(session, "put_away", by, wall=wall.id, name=wall.name)


def _take_down(session: Session, by: Viewer, wall: Wall) -> None:
    wall.paired_at = wall.secret = wall.hangs_as = None
    session.flush()  # its name is free before another takes it
    revoke(session, by, wall=wall.id)


def _hung(wall: Wall) -> dict[str, Any]:
    names = ("name", "distance_m", "px_per_mm", "view", "mapless")
    return {"wall": wall.id} | {name: getattr(wall, name) for name in names}


def _new_code(session: Session) -> str:
    while True:
        code = "".join(secrets.choice(CROCKFORD) for _ in range(CODE_LENGTH))
        if session.exec(select(Wall.id).where(Wall.code == code)).first() is None:
            return code

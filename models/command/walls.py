"""Walls: a screen waits with a code, a supervisor types it, and the screen is let in until it is unpaired."""

import math
import secrets
from datetime import timedelta

from sqlmodel import Session, col, delete, select

from models.acts import act
from models.city.names import unused
from models.errors import N_, NotFound, Outdated, WrongValue, need
from models.incidents.complaint import CROCKFORD
from models.people.machines import Wall
from models.people.sessions import SignIn, revoke, sign_in
from models.record.event import record
from models.roles import Role
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
def pair(session: Session, by: Viewer, code: str, name: str, distance_m: float, px_per_mm: float) -> Wall:
    """Let in the screen that shows this code."""
    typed = code.upper().replace(" ", "").replace("-", "").translate(str.maketrans("OIL", "011"))
    wall = session.exec(select(Wall).where(Wall.code == typed, col(Wall.code_until) > now())).first()
    if wall is None:
        raise WrongValue("code", N_("Tidak ada layar yang menunjukkan kode ini sekarang."))
    _measure(session, wall, name, distance_m, px_per_mm)
    wall.code = wall.code_until = None
    wall.paired_at, wall.paired_by_id = now(), by.id
    session.flush()
    record(session, "pair", by, wall=wall.id, name=wall.name, distance_m=distance_m, px_per_mm=px_per_mm)
    return wall


@act
def adjust(
    session: Session, by: Viewer, id: int, name: str, distance_m: float, px_per_mm: float, version: int | None = None
) -> Wall:
    wall = find_wall(session, id)
    if version is not None and version != wall.version:
        raise Outdated(N_("Dinding ini baru saja diubah."))
    _measure(session, wall, name, distance_m, px_per_mm)
    record(session, "adjust", by, wall=id, name=wall.name, distance_m=distance_m, px_per_mm=px_per_mm)
    return wall


@act
def unpair(session: Session, by: Viewer, id: int) -> None:
    """The screen goes dark at once: its sessions end, and its page asks for a new code."""
    wall = find_wall(session, id)
    wall.paired_at = wall.secret = None
    record(session, "unpair", by, wall=id, name=wall.name)
    revoke(session, by, wall=id)


def walls(session: Session) -> list[Wall]:
    """The paired ones whose session still holds, or that are on their way in."""
    # "> 0" finds the few sessions of walls by their index; "is not null" would walk through those of all citizens.
    inside = select(SignIn.wall_id).where(col(SignIn.wall_id) > 0, SignIn.expires_at > now())
    rows = select(Wall).where(
        col(Wall.paired_at).is_not(None), col(Wall.id).in_(inside) | col(Wall.secret).is_not(None)
    )
    return list(session.exec(rows.order_by(col(Wall.name), col(Wall.id))))


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


def _measure(session: Session, wall: Wall, name: str, distance_m: float, px_per_mm: float) -> None:
    name = need(name, "name", N_("Beri nama dinding ini."))
    if len(name) > LONGEST_NAME:
        raise WrongValue("name", N_("Paling banyak {most} huruf."), most=LONGEST_NAME)
    if name != wall.name:
        unused(name, (other.name for other in walls(session) if other.id != wall.id))
    if not NEAREST_M <= distance_m <= FARTHEST_M:
        raise WrongValue("distance_m", N_("Jarak antara {least} dan {most} meter."), least=1, most=30)
    if not COARSEST <= px_per_mm <= FINEST:
        raise WrongValue("px_per_mm", N_("Titik per mm antara {least} dan {most}."), least=COARSEST, most=FINEST)
    wall.name, wall.distance_m, wall.px_per_mm = name, distance_m, px_per_mm


def _new_code(session: Session) -> str:
    while True:
        code = "".join(secrets.choice(CROCKFORD) for _ in range(CODE_LENGTH))
        if session.exec(select(Wall.id).where(Wall.code == code)).first() is None:
            return code

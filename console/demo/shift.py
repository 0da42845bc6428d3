"""The shift of the demo's evening: sixty-five personnel, and who said so when it began."""

from sqlmodel import Session

from models.city.seed.facts import load
from models.command.administration import stations, strengthen
from models.viewer import Viewer

ON_SHIFT = 65
BEGAN = 8 * 3600  # seconds ago
REASON = "Apel regu malam"


def muster(session: Session, by: Viewer) -> None:
    """Every station's strength is stated, the larger share at the headquarters."""
    posts = stations(session)
    each = ON_SHIFT // (len(posts) + 2)
    for post in posts:
        first = post.code == load().headquarters.code
        strengthen(session, by, post.id, ON_SHIFT - each * (len(posts) - 1) if first else each, REASON)

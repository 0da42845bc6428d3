"""A partner's history: what was referred to its agency in the last 30 days, without a word of anybody's."""

from dataclasses import dataclass
from datetime import timedelta

from sqlmodel import Session, col, select

from models.city.category import RESTRICTED
from models.incidents.incident import Incident
from models.incidents.referral import Referral
from models.incidents.sharing import shared
from models.time import now
from models.viewer import Viewer

DAYS, MOST = 30, 500


@dataclass(frozen=True)
class Past:
    """`kind`, `number`: as far as its tier told them; none, and no place, of what is about officers by now."""

    referral: Referral
    state: str
    kind: dict[str, str]
    kelurahan: str = ""
    number: str = ""
    exercise: bool = False


def history_of(session: Session, viewer: Viewer) -> list[Past]:
    """Newest first."""
    rows = select(Referral, Incident).join(Incident, col(Incident.id) == Referral.incident_id)
    own = rows.where(Referral.agency_id == viewer.agency_id, Referral.asked_at > now() - timedelta(days=DAYS))
    return [_past(*row) for row in session.exec(own.order_by(col(Referral.id).desc()).limit(MOST))]


def _past(referral: Referral, incident: Incident) -> Past:
    state = referral.state if referral.shows or referral.state not in ("asked", "accepted", "closed") else "ended"
    if incident.category_code == RESTRICTED:
        return Past(referral, state, {})
    share = shared(incident, referral)
    kind = {locale: incident.category.label(locale) for locale in ("id", "en")} if share.kind else {}
    number = incident.number if share.kind else ""
    return Past(referral, state, kind, incident.kelurahan, number, incident.exercise)
